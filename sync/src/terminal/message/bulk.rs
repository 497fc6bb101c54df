//! Bulk answers: the receipt of an upload and the downloaded results (oqs-interface §4).

use super::header::Header;
use super::reading::{Reading, wire_struct};
use super::record::{EligibilityRecord, within_list};
use super::search_info::SearchInfo;
use crate::terminal::element::Element;
use crate::terminal::unreadable::Unreadable;

wire_struct! {
    /// `OQSmuquc01res`: the upload was received. Success is known only from the [`BulkResult`].
    BulkReceipt {
        ;
        /// Header.
        header: Header = super::read_header,
        /// Body.
        body: Option<BulkReceiptBody> = |reading: &mut Reading, element: &mut Element| {
            reading.group(element, "MessageBody", BulkReceiptBody::read)
        },
    }
}

wire_struct! {
    /// `MessageBody` of a [`BulkReceipt`].
    BulkReceiptBody {
        /// 受付番号: the key of everything that follows.
        reception_number: "ReceptionNumber",
        /// 受付日時, `yyyyMMddHHmmss`.
        reception_date_time: "ReceptionDateTime",
    }
}

wire_struct! {
    /// `OQSmuquc02res`. With `SegmentOfResult` 2 it may already carry some units.
    BulkResult {
        ;
        /// Header; carries the reception number.
        header: Header = super::read_header,
        /// Persons, in the order received.
        units: Vec<BulkUnit> = |reading: &mut Reading, element: &mut Element| {
            let units = reading.group(element, "MessageBody", |reading, body| {
                reading.list(body, "BulkConfirmUnit", BulkUnit::read)
            })?;
            Ok::<_, Unreadable>(units.unwrap_or_default())
        },
    }
}

wire_struct! {
    /// `BulkConfirmUnit`: the answer about one person of a bulk request.
    BulkUnit {
        /// 処理結果状況, OQSCD004.
        processing_result_status: "ProcessingResultStatus",
        /// 処理結果コード, opaque.
        processing_result_code: "ProcessingResultCode",
        /// 処理結果メッセージ.
        processing_result_message: "ProcessingResultMessage",
        /// 資格有効性, OQSCD006.
        qualification_validity: "QualificationValidity",
        ;
        /// What was asked, echoed with the person's identifier.
        search: Option<SearchInfo> = |reading: &mut Reading, element: &mut Element| {
            reading.group(element, "QualificationConfirmSearchInfo", SearchInfo::read)
        },
        /// Results, directly in the unit or in a `ResultList`.
        results: Vec<EligibilityRecord> = unit_results,
        /// 照会番号, one or several, beside the results.
        reference_numbers: ReferenceNumbers = |reading: &mut Reading, element: &mut Element| {
            Ok::<_, Unreadable>(ReferenceNumbers(reading.texts(element, "ReferenceNumber")))
        },
    }
}

fn unit_results(reading: &mut Reading, unit: &mut Element) -> Result<Vec<EligibilityRecord>, Unreadable> {
    let mut results = reading.list(unit, "ResultOfQualificationConfirmation", EligibilityRecord::read)?;
    let item = "ResultOfQualificationConfirmation";
    results.extend(within_list(reading, unit, "ResultList", item, EligibilityRecord::read)?);
    Ok(results)
}

/// Reference numbers of one unit, as received.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ReferenceNumbers(pub Vec<String>);

impl std::fmt::Debug for ReferenceNumbers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} numbers", self.0.len())
    }
}
