//! The result staff read on the official terminal's own outage or disaster screen (checkin-rules §3.4): another way to the
//! national service while the usual one is broken. The box did not hear it, so it counts like a screen that was shown, and is
//! asked about again as soon as that is possible.

use crate::coverage::Coverage;
use crate::date::{Date, Timestamp};
use crate::eligibility::{AskedBy, EligibilityResult, EligibilityStatus, OnlineAnswer, PersonFace};
use crate::evidence::EvidenceKind;
use crate::text::Text;
use crate::{codes, record};

codes! {
    /// What the official screen was searched by. Which keys the outage look-up takes is not published (checkin-rules §13 U6), so
    /// this only says what staff used.
    pub enum SearchedBy {
        /// insurer, symbol, number and birth date
        Number = "number",
        /// name, birth date, sex and address, as on the card face
        FourItems = "four_items",
        /// some other way the call centre or the screen asked for
        Other = "other",
    }
}

codes! {
    /// Consent to look at medical data in the disaster function (checkin-rules §3.4).
    pub enum DisasterConsent {
        /// given by word of mouth
        Oral = "oral",
        /// the patient cannot express a will, and life or body is at risk
        LifeAtRisk = "life_at_risk",
        /// refused or not asked: eligibility only
        NotGiven = "not_given",
    }
}

record! {
    /// What was read on the official outage or disaster screen, and how it was obtained.
    pub struct Lookup {
        /// `OUTAGE_LOOKUP` or `DISASTER_MODE`
        pub kind: EvidenceKind,
        /// what the screen said, for the day of the visit; asked by number, without consents of its own
        pub answer: OnlineAnswer,
        /// what the screen was searched by
        pub searched_by: SearchedBy,
        /// staff compared name, birth date and sex on the screen with the patient
        pub person_compared: bool,
        /// who looked, as told to the call centre; at most 60 characters
        pub looked_up_by: String,
        /// when it was on the screen: on the day of the visit, or later when the four items of the card face were noted first
        pub looked_up_at: Timestamp,
        /// disaster function: consent to look at medical data
        pub consent: Option<DisasterConsent>,
    }
}

/// Longest name of somebody who looked, in characters.
pub const LONGEST_NAME: usize = 60;

/// What is wrong with a look-up as it was handed in: the field, and what to do.
pub type Fault = (&'static str, Text);

impl Lookup {
    /// Whether a kind of evidence is obtained on an official outage or disaster screen.
    pub const fn is_way(kind: EvidenceKind) -> bool {
        matches!(kind, EvidenceKind::OutageLookup | EvidenceKind::DisasterMode)
    }

    /// What makes the look-up unusable, at `now`. A valid answer without numbers could be neither claimed nor asked about again.
    pub fn fault(&self, now: Timestamp) -> Option<Fault> {
        let fault = |at, ja: &str, en: &str| Some((at, Text::new(ja, en)));
        let name = self.looked_up_by.trim().chars().count();
        let numbers = || self.answer.main_result().is_some_and(|result| result.coverage.has_numbers());
        match () {
            () if !Lookup::is_way(self.kind) => fault(
                "kind",
                "システム障害時モードか災害時の機能の結果だけを入力できます。",
                "Only a result of the outage look-up or the disaster function can be entered here.",
            ),
            () if !self.person_compared => fault(
                "person_compared",
                "画面の氏名・生年月日・性別が患者さんと同じか見比べてから、印を付けてください。",
                "Compare name, birth date and sex on the screen with the patient first, then tick it.",
            ),
            () if name == 0 || name > LONGEST_NAME => fault(
                "looked_up_by",
                "照会した職員の名前を入力してください（60文字まで）。",
                "Give the name of who looked it up (at most 60 characters).",
            ),
            () if self.looked_up_at > now => {
                fault("looked_up_at", "照会した時刻が今より後です。", "The time of the look-up is in the future.")
            }
            () if self.looked_up_at.date_in_japan() < self.answer.confirmed_for => fault(
                "looked_up_at",
                "受診日より前に照会した結果は使えません。",
                "A look-up made before the day of the visit cannot be used.",
            ),
            () if self.kind == EvidenceKind::DisasterMode && self.consent.is_none() => fault(
                "consent",
                "災害時の機能では、口頭での同意の有無を記録してください。",
                "With the disaster function, record whether consent was given by word of mouth.",
            ),
            () if self.answer.status == EligibilityStatus::Valid && !numbers() => fault(
                "insurer_number",
                "画面の保険者番号と番号を書き写してください。後日の確認と請求に使います。",
                "Copy insurer number and insured number from the screen; the later check and the claim need them.",
            ),
            () => None,
        }
    }
}

/// What a screen said, as an answer. Nothing found means no result.
pub fn on_screen(
    status: EligibilityStatus,
    confirmed_for: Date,
    obtained_at: Timestamp,
    person: PersonFace,
    coverage: Coverage,
) -> OnlineAnswer {
    let empty = person == PersonFace::EMPTY && coverage == Coverage::EMPTY;
    OnlineAnswer {
        status,
        asked_by: Some(AskedBy::Number),
        confirmed_for,
        obtained_at: Some(obtained_at),
        results: if empty { Vec::new() } else { vec![EligibilityResult { person, coverage }] },
        consents: Vec::new(),
        reference_number: None,
        note: None,
    }
}
