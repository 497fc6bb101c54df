//! Domain values in words, for people.

mod code;
mod coverage;
mod fact;
mod job;
mod qr;
mod time;

pub use code::{
    action, attempt, basis, cause, claim_basis, companion, confidence, consent_device, consent_end, consent_heard,
    counter_kind, device_lamp, disaster_consent, document_issued, eligibility, evidence, finding, flow, follow_up,
    found_place, found_thing, given_to, handed_how, identity_checked, insurance_kind, late_outcome, link, link_status,
    park_reason, purpose, searched_by, sex, shelf_reason, signer, status, ticket_status,
};
pub use coverage::{Comparison, CoverageLine, compare, coverage_lines, insured_numbers};
pub use fact::fact;
pub use job::JobLine;
pub use qr::QrSymbol;
pub use time::{birth, day, day_heading, duration, in_force, moment, period, since, time};

use crate::lang::Lang;
use domain::visit::MoneyWay;

/// A share: `3割`, `30 %`.
pub fn tenths(lang: Lang, tenths: u8) -> String {
    match (lang, tenths) {
        (Lang::Ja, tenths) => format!("{tenths}割"),
        (Lang::En, 0) => "0 %".to_owned(),
        (Lang::En, tenths) => format!("{tenths}0 %"),
    }
}

/// A share somebody still has to find out.
pub fn tenths_or_unknown(lang: Lang, share: Option<u8>) -> String {
    share.map_or_else(|| lang.pick("未確定", "not known").to_owned(), |share| tenths(lang, share))
}

/// An amount of money.
pub fn yen(lang: Lang, yen: u32) -> String {
    let digits = yen.to_string();
    let grouped: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|chunk| std::str::from_utf8(chunk).unwrap_or_default()).collect();
    let grouped = grouped.join(",");
    match lang {
        Lang::Ja => format!("{grouped}円"),
        Lang::En => format!("{grouped} yen"),
    }
}

/// How money was settled.
pub fn money_way(lang: Lang, way: MoneyWay) -> &'static str {
    let (ja, en) = match way {
        MoneyWay::Cash => ("現金", "cash"),
        MoneyWay::Transfer => ("振込", "bank transfer"),
        MoneyWay::Cashless => ("キャッシュレス", "cashless"),
        MoneyWay::NextBill => ("次回の会計で精算", "with the next bill"),
    };
    lang.pick(ja, en)
}

/// A status or a kind as the eye takes it in: a colour, a shape and a word.
#[derive(Clone)]
pub struct Chip {
    /// class of the style sheet
    pub tone: &'static str,
    /// id of the icon
    pub icon: &'static str,
    pub word: String,
}

impl Chip {
    pub fn new(tone: &'static str, icon: &'static str, word: impl Into<String>) -> Chip {
        Chip { tone, icon, word: word.into() }
    }
}
