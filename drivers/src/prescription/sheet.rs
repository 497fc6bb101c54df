//! What a prescription's code says, in the paper's own words, as far as reception needs it (§1.4).
//!
//! Every value is "as printed on the day of issue": a typing aid, never evidence of eligibility. The medicines, the
//! doctor and the institution's own patient code are read past and forgotten.

use std::fmt;

use super::date::{Day, PrintedDate};
use super::notice::Notice;
use super::printed::Printed;

/// The paper prescription as its code tells it. `Debug` shows its shape, never its content.
#[derive(Clone, PartialEq, Eq)]
pub struct Prescription {
    /// The number in the header; it is not a version to reason about.
    pub edition: u8,
    /// Who wrote it (record 1).
    pub institution: Option<Institution>,
    /// For whom (11, 12, 13).
    pub patient: Patient,
    /// Class of co-payment (14): a hint.
    pub burden_class: Option<BurdenClass>,
    /// Insurance (21, 22, 23, 25).
    pub insurance: Insurance,
    /// Ratio (24): a hint; with public payers the two numbers need not add up to 100.
    pub ratio: Option<RatioHint>,
    /// Public payers in printed order (27 to 30).
    pub public_payers: Vec<PublicPayer>,
    /// Kind of claim (31), four digits.
    pub claim_kind: Option<Printed>,
    /// Day of issue (51).
    pub issued_on: Option<Day>,
    /// The last day of use that the doctor set (52).
    pub stated_until: Option<Day>,
    /// Dispensing in parts (63).
    pub part: Option<DispensingPart>,
    /// How many times in all a refill sheet is used (64).
    pub refill_uses: Option<u8>,
    /// Remarks (81) as free text: shown while the sheet is open, not stored. One may mention a proxy.
    pub remarks: Vec<Printed>,
    /// Exchange number (82), up to 16 digits with their zeros.
    pub exchange_number: Option<Printed>,
    /// What was odd.
    pub notices: Vec<Notice>,
}

/// The institution that issued the sheet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Institution {
    /// Ten digits: prefecture, fee table, code.
    pub key: String,
    /// Its name, when printed.
    pub name: Option<Printed>,
}

/// The patient; either name or kana may be missing, not both.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Patient {
    /// Name as printed.
    pub name: Option<Printed>,
    /// Kana as printed, usually half width.
    pub kana: Option<Printed>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Birth date; may lack day or month.
    pub birth: Option<PrintedDate>,
}

/// Sex as the code knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// 1
    Male,
    /// 2
    Female,
}

/// What the sheet says of the insurance.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Insurance {
    /// Kind (21).
    pub kind: Option<KindOfInsurance>,
    /// Insurer number (22); `None` when the item is empty: no insurer.
    pub insurer: Option<Insurer>,
    /// Symbol (23).
    pub symbol: Option<Printed>,
    /// Number (23).
    pub number: Option<Printed>,
    /// Insured or dependant (23).
    pub holder: Option<Holder>,
    /// Branch number (23): two digits, or letters as printed.
    pub branch: Option<Printed>,
    /// Duty (25).
    pub duty: Option<Duty>,
}

/// Kind of insurance (21).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KindOfInsurance {
    /// 1 医保, or a public payer alone or with insurance.
    Employees,
    /// 2 国保.
    National,
    /// 3 労災.
    WorkersCompensation,
    /// 4 自賠責.
    CarLiability,
    /// 5 公害.
    Pollution,
    /// 6 自費.
    SelfPay,
    /// 7 後期高齢者.
    LateElderly,
    /// None of these, as printed.
    Other(Printed),
}

/// The insurer's item (22).
#[derive(Clone, PartialEq, Eq)]
pub enum Insurer {
    /// 4, 6 or 8 digits, as printed, without padding.
    Number(String),
    /// Something else, as printed: not an insurer number.
    Text(Printed),
}

/// Whose insurance it is (23).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// 1 被保険者.
    Insured,
    /// 2 被扶養者.
    Dependant,
}

/// Seamen's duty (25).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// 1 on duty.
    OnDuty,
    /// 2 within three months after leaving ship.
    AfterLeavingShip,
    /// 3 commuting.
    Commuting,
}

/// Class of co-payment (14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BurdenClass {
    /// 1, and 4 which means the same: elderly, general.
    ElderlyGeneral,
    /// 2 elderly 7割: pays 3割.
    ElderlyThirty,
    /// 3 under six.
    UnderSix,
    /// 5 後期高齢者 8割: pays 2割.
    LateElderlyTwenty,
}

/// The printed ratio (24), in per cent. The eligibility answer or the certificate decides, not this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatioHint {
    /// What the patient pays; with public payers the lowest of several.
    pub patient_percent: u8,
    /// What the insurance pays.
    pub insurance_percent: u8,
}

/// A public payer (27 to 30).
#[derive(Clone, PartialEq, Eq)]
pub struct PublicPayer {
    /// The place it is printed in, which is its order on the claim.
    pub place: PayerPlace,
    /// Payer number: eight digits, or any text in the special place.
    pub payer: Printed,
    /// Recipient number; when it is missing, ask.
    pub recipient: Option<Printed>,
}

/// Where a public payer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PayerPlace {
    /// 27
    First,
    /// 28
    Second,
    /// 29
    Third,
    /// 30, for numbers that are longer or not digits
    Special,
}

/// Dispensing in parts (63).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DispensingPart {
    /// How many parts.
    pub parts: u8,
    /// Which one this sheet is, from 1.
    pub this: u8,
}

/// Who pays according to the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaidBy {
    /// An insurer, with or without public payers: ask the eligibility service.
    Insurance,
    /// Public payers alone.
    PublicPayersOnly,
    /// 労災, 自賠責, 公害 or 自費: the eligibility service is not asked.
    WithoutInsurance,
    /// The sheet does not tell.
    NotSaid,
}

/// Until when the sheet can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsableUntil {
    /// The last day.
    pub day: Day,
    /// Whether the doctor set it; otherwise it is four days with the day of issue (§1.4).
    pub stated: bool,
}

impl Prescription {
    /// Who pays, from the kind, the insurer and the payers together.
    pub fn paid_by(&self) -> PaidBy {
        match (&self.insurance.kind, &self.insurance.insurer) {
            (Some(kind), _) if kind.is_without_insurance() => PaidBy::WithoutInsurance,
            (_, Some(Insurer::Number(_))) => PaidBy::Insurance,
            (_, None) if !self.public_payers.is_empty() => PaidBy::PublicPayersOnly,
            _ => PaidBy::NotSaid,
        }
    }

    /// The last day of use; `None` for a refill or a part without a stated day, which follow other rules: shown, not
    /// judged.
    pub fn usable_until(&self) -> Option<UsableUntil> {
        let stated = self.stated_until.map(|day| UsableUntil { day, stated: true });
        let ordinary = self.refill_uses.is_none() && self.part.is_none();
        let by_rule = || self.issued_on.map(|day| UsableUntil { day: day.plus_days(3), stated: false });
        stated.or_else(|| by_rule().filter(|_| ordinary))
    }

    /// What today makes of the sheet's dates. Staff decide; nothing is refused.
    pub fn notices_on(&self, today: Day) -> Vec<Notice> {
        let expired = self.usable_until().is_some_and(|until| today > until.day);
        let future = self.issued_on.is_some_and(|issued| issued > today);
        [(expired, Notice::Expired), (future, Notice::IssuedInFuture)]
            .into_iter()
            .filter_map(|(true_today, notice)| true_today.then_some(notice))
            .collect()
    }

    /// Whether a remark mentions that somebody else may come for the medicine. Nothing in the code says who presents
    /// it; without a remark the answer is not "no" but "ask".
    pub fn mentions_another_presenter(&self) -> bool {
        const WORDS: [&str; 5] = ["家族", "代理", "代人", "付き添い", "受け取りに来る"];
        self.remarks.iter().any(|remark| WORDS.iter().any(|word| remark.as_printed().contains(word)))
    }
}

impl Patient {
    /// Whether both sheets can be of one person: whatever both say must agree. Different persons are never merged.
    pub fn can_be(&self, other: &Self) -> bool {
        let names = agree(self.name.as_ref(), other.name.as_ref(), Printed::reads_like);
        let kana = agree(self.kana.as_ref(), other.kana.as_ref(), Printed::reads_like);
        let sex = agree(self.sex.as_ref(), other.sex.as_ref(), Sex::eq);
        let birth = agree(self.birth.as_ref(), other.birth.as_ref(), PrintedDate::eq);
        names && kana && sex && birth
    }
}

fn agree<T>(ours: Option<&T>, theirs: Option<&T>, same: impl Fn(&T, &T) -> bool) -> bool {
    ours.zip(theirs).is_none_or(|(ours, theirs)| same(ours, theirs))
}

impl KindOfInsurance {
    fn is_without_insurance(&self) -> bool {
        matches!(self, Self::WorkersCompensation | Self::CarLiability | Self::Pollution | Self::SelfPay)
    }
}

impl fmt::Debug for Prescription {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Prescription")
            .field("edition", &self.edition)
            .field("public_payers", &self.public_payers.len())
            .field("notices", &self.notices)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Patient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Patient(hidden)")
    }
}

impl fmt::Debug for Insurance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Insurance(hidden)")
    }
}

impl fmt::Debug for Insurer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Insurer(hidden)")
    }
}

impl fmt::Debug for PublicPayer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicPayer({:?}, hidden)", self.place)
    }
}
