//! Text for the remarks of a claim (摘要欄) and how it is cut into records (claims-rules §1, §2).

use crate::codes;
use crate::written::{Unreadable, Value, Written};
use std::fmt;

/// Width of one comment record: 38 full-width characters. From the edition of around 2012; see claims-rules §2.
const RECORD_BYTES: usize = 76;

/// How a claim with a former eligibility is marked unless the site sets other words: the exact wording is not known.
pub const FORMER_CLAIM_WORDING: &str = "旧資格";

/// Text for 摘要欄. It holds an address or a telephone number: `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq)]
pub struct Remark(String);

codes! {
    /// What the remark of a 不詳 claim is made of.
    pub enum RemarkItem {
        /// 住所
        Address = "address",
        /// 事業所名
        Workplace = "workplace",
        /// one of the two
        AddressOrWorkplace = "address_or_workplace",
        /// 連絡先
        Contact = "contact",
    }
}

/// What is missing before a 不詳 claim can be written: an address or a workplace, and a contact (form requirement F12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemarkGap {
    /// The missing items, in the order of the remark.
    pub missing: Vec<RemarkItem>,
}

/// The remark of a claim with unknown insurer (不詳): the word, then address, workplace and contact from the
/// declaration. Address or workplace may be missing, not both.
pub fn unknown_claim_remark(
    address: Option<&str>,
    workplace: Option<&str>,
    contact: Option<&str>,
) -> Result<Remark, RemarkGap> {
    let items = [(RemarkItem::Address, address), (RemarkItem::Workplace, workplace), (RemarkItem::Contact, contact)]
        .map(|(item, text)| (item, one_line(text.unwrap_or_default())));
    let empty = |wanted: RemarkItem| items.iter().any(|(item, text)| *item == wanted && text.is_empty());
    let mut missing = Vec::new();
    if empty(RemarkItem::Address) && empty(RemarkItem::Workplace) {
        missing.push(RemarkItem::AddressOrWorkplace);
    }
    if empty(RemarkItem::Contact) {
        missing.push(RemarkItem::Contact);
    }
    if !missing.is_empty() {
        return Err(RemarkGap { missing });
    }
    let given = items.iter().filter(|(_, text)| !text.is_empty());
    let parts = given.map(|(item, text)| format!("　{}：{text}", item.label_ja()));
    Ok(Remark(std::iter::once("不詳".to_owned()).chain(parts).collect()))
}

/// The remark of a claim on a former eligibility (旧資格), in the words the site has set, or in the default ones.
pub fn former_claim_remark(wording: Option<&str>) -> Remark {
    let wording = one_line(wording.unwrap_or_default());
    Remark(if wording.is_empty() { FORMER_CLAIM_WORDING.to_owned() } else { wording })
}

impl Remark {
    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text cut into records of at most 76 bytes (full width 2, half width 1), no character split.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let (mut line, mut width) = (String::new(), 0);
        for c in self.0.chars() {
            let bytes = claim_bytes(c);
            if width + bytes > RECORD_BYTES {
                lines.push(std::mem::take(&mut line));
                width = 0;
            }
            line.push(c);
            width += bytes;
        }
        lines.push(line);
        lines
    }
}

impl RemarkItem {
    /// Name on the claim and for staff.
    pub const fn label_ja(self) -> &'static str {
        match self {
            RemarkItem::Address => "住所",
            RemarkItem::Workplace => "事業所名",
            RemarkItem::AddressOrWorkplace => "住所または事業所名",
            RemarkItem::Contact => "連絡先",
        }
    }

    /// Name for staff, English.
    pub const fn label_en(self) -> &'static str {
        match self {
            RemarkItem::Address => "address",
            RemarkItem::Workplace => "workplace",
            RemarkItem::AddressOrWorkplace => "address or workplace",
            RemarkItem::Contact => "contact",
        }
    }
}

impl RemarkGap {
    /// For staff: what is missing and what to do.
    pub fn ja(&self) -> String {
        let missing: Vec<&str> = self.missing.iter().map(|item| item.label_ja()).collect();
        format!("不詳の請求には{}が必要です。申立書を見るか患者に尋ねて入力してください。", missing.join("と"))
    }

    /// The same in English.
    pub fn en(&self) -> String {
        let missing: Vec<&str> = self.missing.iter().map(|item| item.label_en()).collect();
        format!(
            "A claim with unknown insurer needs the {}. Take it from the declaration or ask the patient.",
            missing.join(" and the ")
        )
    }
}

impl fmt::Display for RemarkGap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for RemarkGap {}

impl fmt::Debug for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Remark(length {})", self.0.chars().count())
    }
}

impl Written for Remark {
    fn write(&self) -> Value {
        self.0.write()
    }
    fn read(value: &Value) -> Result<Self, Unreadable> {
        String::read(value).map(Remark)
    }
}

/// Trimmed, with line breaks and other control characters as spaces.
fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.trim().to_owned()
}

/// Bytes of a character in a claim record: ASCII and half-width kana 1, everything else 2. A mark that only chooses
/// the shape of the kanji before it has no width of its own and stays with it.
const fn claim_bytes(c: char) -> usize {
    match c {
        '\u{20}'..='\u{7E}' | '\u{FF61}'..='\u{FF9F}' => 1,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => 0,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remark(text: &str) -> Remark {
        former_claim_remark(Some(text))
    }

    fn bytes(line: &str) -> usize {
        line.chars().map(claim_bytes).sum()
    }

    #[test]
    fn an_unknown_claim_begins_with_the_word_and_names_what_is_known() {
        let full = unknown_claim_remark(Some("東京都見本区架空1-2-3"), Some("架空製作所"), Some("03-0000-0000"));
        let full = full.expect("complete");
        assert_eq!(full.as_str(), "不詳　住所：東京都見本区架空1-2-3　事業所名：架空製作所　連絡先：03-0000-0000");
        let without =
            unknown_claim_remark(Some("東京都"), Some("　"), Some("03")).expect("the workplace may be missing");
        assert_eq!(without.as_str(), "不詳　住所：東京都　連絡先：03");
    }

    #[test]
    fn an_address_or_a_workplace_and_a_contact_must_be_there() {
        assert!(unknown_claim_remark(None, Some("a"), Some("b")).is_ok());
        let cases = [
            (None, None, Some("b"), vec![RemarkItem::AddressOrWorkplace]),
            (Some("a"), None, None, vec![RemarkItem::Contact]),
            (Some(" \n"), None, Some("　"), vec![RemarkItem::AddressOrWorkplace, RemarkItem::Contact]),
        ];
        for (address, workplace, contact, missing) in cases {
            let gap = unknown_claim_remark(address, workplace, contact).expect_err("a gap");
            assert_eq!(gap.missing, missing);
            assert!(
                missing.iter().all(|item| gap.ja().contains(item.label_ja()) && gap.en().contains(item.label_en()))
            );
        }
    }

    #[test]
    fn records_hold_thirty_eight_full_width_characters() {
        assert_eq!(remark(&"京".repeat(38)).lines(), ["京".repeat(38)]);
        assert_eq!(remark(&"京".repeat(39)).lines(), ["京".repeat(38), "京".to_owned()]);
        assert_eq!(remark(&"a".repeat(77)).lines(), ["a".repeat(76), "a".to_owned()]);
        assert_eq!(remark(&"ｶ".repeat(76)).lines().len(), 1);
        // one half-width character leaves 75 bytes: 37 full-width ones fit, the 38th is not split
        let mixed = remark(&format!("1{}", "京".repeat(38))).lines();
        assert_eq!(mixed, [format!("1{}", "京".repeat(37)), "京".to_owned()]);
    }

    #[test]
    fn cuts_lose_nothing_and_never_exceed_a_record() {
        let mut seed = 7u32;
        for length in 1..300 {
            let text: String = (0..length)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    ['a', '京', 'ｶ', '－', '𠮷', '7'][(seed >> 16) as usize % 6]
                })
                .collect();
            let lines = remark(&text).lines();
            assert_eq!(lines.concat(), text);
            assert!(lines.iter().all(|line| bytes(line) <= RECORD_BYTES));
            assert!(lines.iter().rev().skip(1).all(|line| bytes(line) >= RECORD_BYTES - 1), "no record cut too early");
        }
    }

    #[test]
    fn a_shape_mark_stays_with_its_kanji() {
        let text = format!("{}葛\u{E0100}城", "京".repeat(37));
        assert_eq!(remark(&text).lines(), [format!("{}葛\u{E0100}", "京".repeat(37)), "城".to_owned()]);
    }

    #[test]
    fn the_former_wording_is_a_setting() {
        assert_eq!(former_claim_remark(None).as_str(), "旧資格");
        assert_eq!(former_claim_remark(Some("  ")).as_str(), "旧資格");
        assert_eq!(former_claim_remark(Some("旧資格\n喪失後")).lines(), ["旧資格 喪失後"]);
    }

    #[test]
    fn remarks_are_kept_and_do_not_leak() {
        let kept = remark("見本区架空町");
        assert_eq!(Remark::read(&kept.write()), Ok(kept.clone()));
        assert_eq!(format!("{kept:?}"), "Remark(length 6)");
    }
}
