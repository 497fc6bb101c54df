//! The answer to a reference number registration (照会番号登録).

use super::header::Header;
use super::reading::{Reading, wire_struct};
use crate::terminal::element::Element;
use crate::terminal::unreadable::Unreadable;

wire_struct! {
    /// `OQSsiimm01res` (oqs-interface §2.7).
    RegistrationResult {
        ;
        /// Header.
        header: Header = super::read_header,
        /// Body; absent in some abnormal ends.
        body: Option<RegistrationBody> = |reading: &mut Reading, element: &mut Element| {
            reading.group(element, "MessageBody", RegistrationBody::read)
        },
    }
}

wire_struct! {
    /// `MessageBody` of a [`RegistrationResult`].
    RegistrationBody {
        /// 処理結果状況, OQSCD004.
        processing_result_status: "ProcessingResultStatus",
        /// 処理結果コード, opaque.
        processing_result_code: "ProcessingResultCode",
        /// 処理結果メッセージ.
        processing_result_message: "ProcessingResultMessage",
        ;
        /// What was registered, echoed; also read from a flat body, which one client is known to accept.
        info: Option<RegistrationInfo> = registration_info,
    }
}

wire_struct! {
    /// `ReferenceNumberRegistrationInfo`, echoed.
    RegistrationInfo {
        /// 照会番号, ≤ 50 characters.
        reference_number: "ReferenceNumber",
        /// 保険者番号, padded on the left.
        insurer_number: "InsurerNumber",
        /// 記号.
        insured_card_symbol: "InsuredCardSymbol",
        /// 番号.
        insured_identification_number: "InsuredIdentificationNumber",
        /// 枝番.
        insured_branch_number: "InsuredBranchNumber",
    }
}

fn registration_info(reading: &mut Reading, body: &mut Element) -> Result<Option<RegistrationInfo>, Unreadable> {
    let nested = reading.group(body, "ReferenceNumberRegistrationInfo", RegistrationInfo::read)?;
    if nested.is_some() {
        return Ok(nested);
    }
    let flat = RegistrationInfo::read(reading, body)?;
    Ok(Some(flat).filter(|info| *info != RegistrationInfo::default()))
}
