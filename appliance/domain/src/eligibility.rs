//! Answers of the national service, and the gate that keeps another person's data out.

use crate::coverage::{Coverage, Sex};
use crate::date::{Date, Timestamp};
use crate::kana::{self, NameMatch};
use crate::{codes, record};

codes! {
    /// 資格有効性 (`QualificationValidity`, checkin-rules §5): a business answer, never an error.
    pub enum EligibilityStatus {
        /// 有効
        Valid = "1",
        /// 無効: found, lost, no newer one registered
        Invalid = "2",
        /// 無効（新しい資格あり）
        Superseded = "3",
        /// 該当資格なし: not proof of being uninsured
        NotFound = "4",
        /// 複数該当
        Ambiguous = "5",
        /// 有効（未登録）: entitled to medical assistance, ticket not registered yet
        ValidTicketMissing = "6",
    }
}

codes! {
    /// How the national service was asked.
    pub enum AskedBy {
        /// by card or phone: the person was identified
        Card = "card",
        /// by insurer, symbol, number and birth date
        Number = "number",
    }
}

codes! {
    /// Kinds of medical data with a consent of their own.
    pub enum ConsentTopic {
        /// 特定健診情報
        Checkup = "checkup_info",
        /// 薬剤情報
        Drug = "drug_info",
        /// 診療情報
        Diagnosis = "diagnosis_info",
        /// 手術情報
        Operation = "operation_info",
    }
}

record! {
    /// A patient's consent for one kind of medical data.
    pub struct Consent {
        /// which kind
        pub topic: ConsentTopic,
        /// given or refused
        pub given: bool,
        /// when it was given
        pub at: Option<Timestamp>,
        /// until when data may be viewed
        pub available_until: Option<Timestamp>,
    }
}

record! {
    /// What the face of a card or a paper says of a person.
    pub struct PersonFace {
        /// 氏名
        pub name: Option<String>,
        /// カナ氏名
        pub name_kana: Option<String>,
        /// 生年月日
        pub birth_date: Option<Date>,
        /// 性別
        pub sex: Option<Sex>,
        /// 住所
        pub address: Option<String>,
    }
}

impl PersonFace {
    /// Nothing known.
    pub const EMPTY: PersonFace =
        PersonFace { name: None, name_kana: None, birth_date: None, sex: None, address: None };
}

record! {
    /// One 資格確認結果: a person and an insurance.
    pub struct EligibilityResult {
        /// who the national service says this is
        pub person: PersonFace,
        /// the insurance; for 医療扶助 the ticket's payer and recipient numbers
        pub coverage: Coverage,
    }
}

record! {
    /// One answer of the national service about one person.
    pub struct OnlineAnswer {
        /// the business answer
        pub status: EligibilityStatus,
        /// how it was asked; absent = by card where a card, a phone or a consent was shown, else by number
        pub asked_by: Option<AskedBy>,
        /// the day whose eligibility was asked
        pub confirmed_for: Date,
        /// when the national service worked it out
        pub obtained_at: Option<Timestamp>,
        /// zero, one or several results (insurance and medical assistance together, for instance)
        pub results: Vec<EligibilityResult>,
        /// consents for medical data
        pub consents: Vec<Consent>,
        /// 照会番号, if one was registered
        pub reference_number: Option<String>,
        /// message of the service beside a normal end, as received
        pub note: Option<String>,
    }
}

impl OnlineAnswer {
    /// The insurance result; medical assistance stands beside it and is not this one.
    pub fn insurance(&self) -> Option<&EligibilityResult> {
        self.results.iter().find(|result| !result.coverage.is_medical_assistance())
    }

    /// The medical-assistance result.
    pub fn medical_assistance(&self) -> Option<&EligibilityResult> {
        self.results.iter().find(|result| result.coverage.is_medical_assistance())
    }

    /// The result this answer is mainly about.
    pub fn main_result(&self) -> Option<&EligibilityResult> {
        self.insurance().or_else(|| self.medical_assistance())
    }

    /// Whether it says "eligible" and speaks of the day of the visit.
    pub fn is_valid_on(&self, visit_date: Date) -> bool {
        matches!(self.status, EligibilityStatus::Valid | EligibilityStatus::ValidTicketMissing)
            && self.confirmed_for == visit_date
            && self.main_result().is_none_or(|result| result.coverage.covers(visit_date))
    }
}

codes! {
    /// Outcome of comparing the person at the desk with the person in the answer (checkin-rules §7.3, §7.4).
    pub enum PersonMatch {
        /// kana and birth date agree
        Same = "same",
        /// kana and birth date agree, the written name differs by ● or a variant
        SameOtherSpelling = "same_other_spelling",
        /// not enough to compare
        CannotTell = "cannot_tell",
        /// another person: stop
        Different = "different",
    }
}

/// The gate before anything of an answer is stored or shown: compares the card face (or the patient's record) with the
/// answer. Kana and birth date decide; ● and spelling variants never make two people of one; sex is a contradiction only
/// when both sides state it (checkin-rules §7.1–7.4).
pub fn match_person(known: &PersonFace, returned: &PersonFace) -> PersonMatch {
    let (Some(known_birth), Some(returned_birth)) = (known.birth_date, returned.birth_date) else {
        return PersonMatch::CannotTell;
    };
    if known_birth != returned_birth || sexes_contradict(known.sex, returned.sex) {
        return PersonMatch::Different;
    }
    let names = compare(&known.name, &returned.name, kana::name_match);
    let kana_agrees =
        compare(&known.name_kana, &returned.name_kana, |one, two| kana::kana_key(one) == kana::kana_key(two));
    match (kana_agrees, names) {
        (Some(true), None | Some(NameMatch::Same)) => PersonMatch::Same,
        (Some(true), Some(_)) => PersonMatch::SameOtherSpelling,
        (Some(false), _) => PersonMatch::Different,
        (None, Some(NameMatch::Same)) => PersonMatch::Same,
        (None, Some(NameMatch::SameWithUnmappable | NameMatch::Variant)) => PersonMatch::SameOtherSpelling,
        (None, Some(NameMatch::Different)) => PersonMatch::Different,
        (None, None) => PersonMatch::CannotTell,
    }
}

fn sexes_contradict(one: Option<Sex>, two: Option<Sex>) -> bool {
    matches!((one, two), (Some(Sex::Male), Some(Sex::Female)) | (Some(Sex::Female), Some(Sex::Male)))
}

fn compare<T>(one: &Option<String>, two: &Option<String>, how: impl Fn(&str, &str) -> T) -> Option<T> {
    match (one, two) {
        (Some(one), Some(two)) if !one.trim().is_empty() && !two.trim().is_empty() => Some(how(one, two)),
        _ => None,
    }
}
