//! The answer about one person: by insurance data, or unsolicited from the card reader.

use super::header::Header;
use super::reading::{Reading, wire_struct};
use super::record::{EligibilityRecord, within_list};
use super::search_info::SearchInfo;
use crate::terminal::element::Element;

wire_struct! {
    /// `OQSsiquc01res` and face files (oqs-interface §2.3, §2.6).
    EligibilityResult {
        ;
        /// Header.
        header: Header = super::read_header,
        /// Body; absent in some abnormal ends.
        body: Option<EligibilityBody> = |reading: &mut Reading, element: &mut Element| {
            reading.group(element, "MessageBody", EligibilityBody::read)
        },
    }
}

wire_struct! {
    /// `MessageBody` of an eligibility result.
    EligibilityBody {
        /// 処方箋発行形態, OQSCD017 (face).
        prescription_issue_select: "PrescriptionIssueSelect",
        /// 処理結果状況, OQSCD004.
        processing_result_status: "ProcessingResultStatus",
        /// 処理結果コード, opaque. With status 1 it is additional information.
        processing_result_code: "ProcessingResultCode",
        /// 処理結果メッセージ.
        processing_result_message: "ProcessingResultMessage",
        /// 資格有効性, OQSCD006.
        qualification_validity: "QualificationValidity",
        ;
        /// What was asked, echoed.
        search: Option<SearchInfo> = |reading: &mut Reading, element: &mut Element| {
            reading.group(element, "QualificationConfirmSearchInfo", SearchInfo::read)
        },
        /// 資格確認結果, none to several.
        results: Vec<EligibilityRecord> = |reading: &mut Reading, element: &mut Element| {
            within_list(reading, element, "ResultList", "ResultOfQualificationConfirmation", EligibilityRecord::read)
        },
    }
}
