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
        ;
        /// The result, standing beside the group.
        processing: RegistrationStatus = RegistrationStatus::read,
        /// What was registered, echoed; also read from a flat body, which one client is known to accept.
        info: Option<RegistrationInfo> = registration_info,
    }
}

wire_struct! {
    /// How the registration went.
    RegistrationStatus {
        /// 処理結果状況, OQSCD004.
        status: "ProcessingResultStatus",
        /// 処理結果コード, opaque.
        code: "ProcessingResultCode",
        /// 処理結果メッセージ.
        message: "ProcessingResultMessage",
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
        ;
        /// The result, standing inside the group: the public description allows both readings.
        processing: RegistrationStatus = RegistrationStatus::read,
    }
}

impl RegistrationBody {
    /// How the registration went, wherever it stands; `None` when the two places disagree.
    pub fn processing(&self) -> Option<&RegistrationStatus> {
        let inside = self.info.as_ref().map(|info| &info.processing).filter(|inside| inside.status.is_some());
        match inside {
            Some(inside) if self.processing.status.is_none() => Some(inside),
            Some(inside) if inside.status != self.processing.status => None,
            _ => Some(&self.processing),
        }
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
