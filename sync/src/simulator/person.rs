//! One invented person: what the card shows, what the patient holds and tells, what the national service knows, and
//! what the truth is.

mod feature;
mod scheme;
mod truth;

pub use feature::Feature;
pub use scheme::Scheme;
pub use truth::{Expectation, Outcome, Truth, Validity};

use domain::Date;
use serde::{Serialize, Serializer};
use std::fmt;

/// One invented person of the population.
#[derive(Clone, Serialize)]
pub struct Person {
    /// Place in the population, from 0.
    pub index: u32,
    /// Name to deal the card by: a word for the cast (`valid-face`), `p00042` for the rest.
    pub key: String,
    /// What is special about this person, for the demonstration panel, in Japanese.
    pub story_ja: String,
    /// The same in English.
    pub story_en: String,
    /// The classes this person was made to cover.
    pub features: Vec<Feature>,
    /// People of one household share this number.
    pub household: u32,
    /// What anybody can read on the front of the My Number Card.
    pub face: CardFace,
    /// The card itself and what its holder can do with it.
    pub card: Card,
    /// Papers and screens the patient can show today, the most useful first. May be empty.
    pub holds: Vec<HeldDocument>,
    /// An invented telephone number nobody can have.
    pub telephone: String,
    /// What the national service knows.
    pub national: National,
    /// What a test may expect.
    pub truth: Truth,
}

/// The front of the My Number Card: the four items, with the reading the patient tells.
#[derive(Clone, Serialize)]
pub struct CardFace {
    /// Family name, full-width space, given name, as written on the card.
    pub name: String,
    /// The reading in full-width katakana, family and given separated by a full-width space. Not printed on the card: the patient tells it.
    pub reading: String,
    /// 生年月日
    #[serde(serialize_with = "iso")]
    pub birth_date: Date,
    /// 性別
    pub sex: Sex,
    /// 住所 of the resident register.
    pub address: String,
}

/// 性別 (OQSCD007).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Code 1.
    Male,
    /// Code 2.
    Female,
}

impl Sex {
    /// The wire's code.
    pub const fn code(self) -> &'static str {
        match self {
            Sex::Male => "1",
            Sex::Female => "2",
        }
    }
}

/// The card and what its holder can do with it.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    /// False when the person has no My Number Card at all.
    pub owned: bool,
    /// Registered for use as insurance card (利用登録).
    pub registered: bool,
    /// False when the card may not serve as insurance card although it is registered (DV protection).
    pub usable: bool,
    /// Last valid day `E` of the user certificate (`checkin-rules §6`).
    #[serde(serialize_with = "iso")]
    pub certificate_expiry: Date,
    /// The window of the certificate on the reference date.
    pub window: CertificateWindow,
    /// Whether the face matches at the reader.
    pub face_matches: bool,
    /// What happens with the four-digit PIN. The PIN itself exists nowhere.
    pub pin: PinState,
    /// The phone that carries the card, if any.
    pub phone: Option<PhoneKind>,
}

/// Certificate windows of `checkin-rules §6`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateWindow {
    /// More than three months left.
    W0,
    /// The last three months.
    W1,
    /// Expired, still answering to the end of the month three months later.
    W2,
    /// Past that: no online answer.
    W3,
}

/// The four-digit PIN of a card, as far as the reader notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PinState {
    /// The patient knows it.
    Known,
    /// Forgotten: the attempt fails.
    Forgotten,
    /// Locked after three failures.
    Locked,
    /// 顔認証マイナンバーカード: the card has no PIN.
    None,
}

/// The phone carrying the card's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneKind {
    /// iPhone のマイナンバーカード
    Iphone,
    /// スマホ用電子証明書
    Android,
}

/// The numbers of one eligibility, as printed or as registered.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// 保険者番号 (or the payer number of medical aid): bare digits, 8 or 6, never padded.
    pub insurer_number: String,
    /// 保険者名称
    pub insurer_name: String,
    /// 記号
    pub symbol: Option<String>,
    /// 番号, leading zeros significant.
    pub number: String,
    /// 枝番, two digits.
    pub branch: Option<String>,
    /// 本人 (true) or 家族 (false); `None` where the scheme does not tell.
    pub self_insured: Option<bool>,
}

/// A paper or screen the patient can show.
#[derive(Clone, Serialize)]
pub struct HeldDocument {
    /// What it is.
    pub kind: DocumentKind,
    /// The numbers on it.
    pub coverage: Coverage,
    /// The printed burden ratio in tenths; `None` when not printed.
    pub share_tenths: Option<u8>,
    /// Printed start of validity.
    #[serde(serialize_with = "iso")]
    pub valid_from: Date,
    /// Printed end of validity; `None` when not printed.
    #[serde(serialize_with = "iso_maybe")]
    pub valid_to: Option<Date>,
}

/// Kinds of papers (`checkin-rules §2`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 資格確認書: enough alone.
    EligibilityCertificate,
    /// 資格情報のお知らせ: only together with the card.
    EligibilityNotice,
    /// 医療券 of medical aid.
    MedicalTicket,
}

/// What the national service knows about a person.
#[derive(Clone, Serialize)]
pub struct National {
    /// Oldest first.
    pub eligibilities: Vec<Eligibility>,
    /// The person whose data the service wrongly gives out for this one (別人), by index.
    pub linked_to: Option<u32>,
    /// The address is withheld (自己情報不開示).
    pub address_withheld: bool,
    /// What the person agrees to at the reader.
    pub consents: Consents,
    /// 特定疾病療養受療証, if any: category code (OQSCD013) and monthly ceiling in yen.
    pub specific_disease: Option<(String, u32)>,
    /// The person asks for electronic prescriptions.
    pub electronic_prescription: bool,
}

/// Consents the person gives at the reader (`oqs-interface §2.5`).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Consents {
    /// 薬剤情報
    pub drugs: bool,
    /// 診療情報
    pub diagnosis: bool,
    /// 特定健診情報
    pub checkup: bool,
    /// 手術情報
    pub operation: bool,
}

/// One registered eligibility.
#[derive(Clone, Serialize)]
pub struct Eligibility {
    /// The scheme it belongs to.
    pub scheme: Scheme,
    /// Its numbers as registered.
    pub coverage: Coverage,
    /// 被保険者証区分 (OQSCD010).
    pub card_class: &'static str,
    /// 氏名 as registered, perhaps with `●` or another spelling.
    pub name: String,
    /// 氏名カナ as registered, half-width.
    pub name_kana: String,
    /// 被保険者氏名(世帯主氏名), which is not the patient's.
    pub insured_name: Option<String>,
    /// Address as registered with the insurer.
    pub address: Option<String>,
    /// `nnn-nnnn`
    pub postal_code: Option<String>,
    /// 資格取得年月日
    #[serde(serialize_with = "iso")]
    pub acquired_on: Date,
    /// 資格喪失年月日: the first day without it.
    #[serde(serialize_with = "iso_maybe")]
    pub lost_on: Option<Date>,
    /// 資格喪失事由 (OQSCD008).
    pub loss_reason: Option<&'static str>,
    /// The day from which the service can find it (registration lag).
    #[serde(serialize_with = "iso")]
    pub registered_from: Date,
    /// 有効開始年月日
    #[serde(serialize_with = "iso")]
    pub valid_from: Date,
    /// 有効終了年月日; `None` when the answer carries none.
    #[serde(serialize_with = "iso_maybe")]
    pub valid_to: Option<Date>,
    /// Share of the late elderly in tenths (後期 only).
    pub late_elderly_tenths: Option<u8>,
    /// Share for 70–74 in tenths, given while the person is of that age.
    pub elderly_tenths: Option<u8>,
    /// 限度額適用認定証関連情報
    pub limit: Option<LimitCertificate>,
    /// 医療券, for medical aid.
    pub ticket: Option<MedicalTicket>,
}

/// 限度額適用認定証関連情報
#[derive(Clone, Debug, Serialize)]
pub struct LimitCertificate {
    /// 証区分 (OQSCD011).
    pub classification: &'static str,
    /// 適用区分 (OQSCD012), `A01`…`B10`.
    pub class: &'static str,
    /// 有効開始
    #[serde(serialize_with = "iso")]
    pub valid_from: Date,
    /// 有効終了
    #[serde(serialize_with = "iso_maybe")]
    pub valid_to: Option<Date>,
}

/// A medical-aid ticket of the current month.
#[derive(Clone, Debug, Serialize)]
pub struct MedicalTicket {
    /// False while the welfare office has not registered it: the answer is then 6 有効(未登録).
    pub registered: bool,
    /// 交付番号
    pub issue_number: String,
    /// 本人支払額, yen.
    pub self_pay_yen: u32,
    /// 単独 (false) or 併用 with an insurance (true).
    pub combined: bool,
}

impl Person {
    /// The eligibility that truly holds on the reference date, whether the service knows it or not.
    pub fn true_eligibility(&self) -> Option<&Eligibility> {
        self.truth.holds.and_then(|index| self.national.eligibilities.get(index))
    }

    /// Whether the person was made to cover this class.
    pub fn has(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person({})", self.key)
    }
}

fn iso<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

fn iso_maybe<S: Serializer>(date: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    match date {
        Some(date) => serializer.collect_str(date),
        None => serializer.serialize_none(),
    }
}
