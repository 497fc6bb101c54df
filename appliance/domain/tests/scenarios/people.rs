//! Invented people, insurances and forms.

use crate::desk::day;
use domain::coverage::{Coverage, ElderlyRecipient, LossReason, Sex};
use domain::declaration::{Declaration, InsuranceKind};
use domain::eligibility::PersonFace;
use domain::number::{BranchNumber, InsuredNumber, InsuredSymbol, InsurerNumber};

pub fn hanako() -> PersonFace {
    PersonFace {
        name: Some("見本　花子".to_owned()),
        name_kana: Some("ミホン　ハナコ".to_owned()),
        birth_date: Some(day("1985-04-12")),
        sex: Some(Sex::Female),
        address: Some("東京都見本区架空１－２－３".to_owned()),
    }
}

fn insurance(insurer: &str, name: &str, symbol: Option<&str>, number: &str) -> Coverage {
    Coverage {
        insurer_number: Some(InsurerNumber::parse(insurer).unwrap().value),
        insurer_name: Some(name.to_owned()),
        insured_symbol: symbol.map(|symbol| InsuredSymbol::parse(symbol).unwrap().value),
        insured_number: Some(InsuredNumber::parse(number).unwrap().value),
        branch_number: Some(BranchNumber::parse("01").unwrap().value),
        ..Coverage::EMPTY
    }
}

/// 協会けんぽ.
pub fn company() -> Coverage {
    insurance("01040013", "全国健康保険協会見本支部", Some("21700023"), "1001")
}

/// Another employer's society.
pub fn new_company() -> Coverage {
    insurance("06010391", "見本健康保険組合", Some("12"), "345")
}

/// 国民健康保険 of an invented municipality.
pub fn kokuho() -> Coverage {
    insurance("138008", "見本区", Some("見12"), "56789")
}

/// 国民健康保険組合.
pub fn kumiai() -> Coverage {
    insurance("133009", "見本国民健康保険組合", Some("1"), "77")
}

/// 後期高齢者医療.
pub fn late_elderly() -> Coverage {
    insurance("39130000", "見本後期高齢者医療広域連合", None, "12345674")
}

/// 医療扶助.
pub fn assistance() -> Coverage {
    Coverage {
        card_classification: Some("A1".to_owned()), ..insurance("12130001", "見本福祉事務所", None, "1234566")
    }
}

pub fn until(coverage: Coverage, last: &str) -> Coverage {
    Coverage { valid_to: Some(day(last)), ..coverage }
}

pub fn from(coverage: Coverage, first: &str) -> Coverage {
    Coverage { valid_from: Some(day(first)), ..coverage }
}

pub fn lost(coverage: Coverage, on: &str) -> Coverage {
    Coverage { lost_on: Some(day(on)), loss_reason: Some(LossReason::OtherInsurance), ..coverage }
}

pub fn with_ratio(coverage: Coverage, tenths: u8) -> Coverage {
    Coverage { ratio_tenths: Some(tenths), ..coverage }
}

pub fn with_elderly(coverage: Coverage, tenths: u8, from: &str, to: &str) -> Coverage {
    let elderly = ElderlyRecipient { ratio_tenths: Some(tenths), valid_from: Some(day(from)), valid_to: Some(day(to)) };
    Coverage { elderly: Some(elderly), ..coverage }
}

/// A form filled as far as the claim needs it.
pub fn declaration() -> Declaration {
    Declaration {
        form_no: "D-0001".to_owned(),
        text_version: "2024-12".to_owned(),
        document_issued: None,
        insurance_kind: InsuranceKind::Employee,
        insurer_name: None,
        workplace: Some("架空製作所".to_owned()),
        issued_when: None,
        ratio_tenths: Some(3),
        name: "見本　花子".to_owned(),
        name_kana: Some("ミホン　ハナコ".to_owned()),
        birth_date: day("1985-04-12"),
        sex: Some(Sex::Female),
        address: Some("東京都見本区架空1-2-3".to_owned()),
        postal_code: None,
        phone: Some("03-0000-0000".to_owned()),
        other_contact: None,
        remembered_symbol: None,
        remembered_number: None,
        consent_contact: true,
        consent_requery: true,
        signature: None,
        paper: None,
    }
}
