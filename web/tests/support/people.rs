//! Invented people, their insurance and what the national service says of them.

use domain::Date;
use domain::coverage::{Coverage, Sex};
use domain::eligibility::{AskedBy, EligibilityResult, EligibilityStatus, OnlineAnswer, PersonFace};
use domain::number::{BranchNumber, InsuredNumber, InsuredSymbol, InsurerNumber};

pub fn person(name: &str, name_kana: &str, birth: &str, sex: Sex) -> PersonFace {
    PersonFace {
        name: Some(name.to_owned()),
        name_kana: Some(name_kana.to_owned()),
        birth_date: Date::parse(birth),
        sex: Some(sex),
        address: Some("東京都架空区見本町1-2-3".to_owned()),
    }
}

pub fn hanako() -> PersonFace {
    person("見本 花子", "ミホン ハナコ", "1964-10-10", Sex::Female)
}

pub fn taro() -> PersonFace {
    person("架空 太郎", "カクウ タロウ", "1988-02-29", Sex::Male)
}

pub fn ume() -> PersonFace {
    person("例示 ウメ", "レイジ ウメ", "1953-05-05", Sex::Female)
}

pub fn ken() -> PersonFace {
    person("●橋 健", "タカハシ ケン", "1990-07-07", Sex::Male)
}

/// 協会けんぽ, fitting check digit.
pub fn kenpo(number: &str) -> Coverage {
    Coverage {
        insurer_number: Some(InsurerNumber::parse("01130012").expect("a fitting insurer number").value),
        insurer_name: Some("全国健康保険協会 架空支部".to_owned()),
        insured_symbol: Some(InsuredSymbol::parse("見本12").expect("a symbol").value),
        insured_number: Some(InsuredNumber::parse(number).expect("a number").value),
        branch_number: Some(BranchNumber::parse("01").expect("a branch").value),
        ratio_tenths: Some(3),
        acquired_on: Date::parse("2020-04-01"),
        ..Coverage::EMPTY
    }
}

/// 国保 of an invented city.
pub fn kokuho(number: &str, tenths: u8) -> Coverage {
    Coverage {
        insurer_number: Some(InsurerNumber::parse_overridden("138057").expect("an insurer number").value),
        insurer_name: Some("架空市国民健康保険".to_owned()),
        insured_symbol: None,
        insured_number: Some(InsuredNumber::parse(number).expect("a number").value),
        branch_number: Some(BranchNumber::parse("01").expect("a branch").value),
        ratio_tenths: Some(tenths),
        acquired_on: Date::parse("2025-08-01"),
        ..Coverage::EMPTY
    }
}

pub fn answer(status: EligibilityStatus, day: Date, person: PersonFace, coverage: Coverage) -> OnlineAnswer {
    OnlineAnswer {
        status,
        asked_by: Some(AskedBy::Number),
        confirmed_for: day,
        obtained_at: None,
        results: vec![EligibilityResult { person, coverage }],
        consents: Vec::new(),
        reference_number: None,
        note: None,
    }
}
