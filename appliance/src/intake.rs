//! Intake: the one translation from what the terminal says into the clinic's own terms. What cannot be translated becomes a
//! thing on the shelf with its reason, never a loss.

mod bulk;
pub mod card;
pub mod scan;
pub mod slip;

use crate::desk::{Heard, HeardWhat};
use domain::coverage::{Coverage, ElderlyRecipient, LimitInfo, LossReason, PersonalFamily, Sex};
use domain::eligibility::{
    AskedBy, Consent, ConsentTopic, EligibilityResult, EligibilityStatus, OnlineAnswer, PersonFace,
};
use domain::kana::fold_width;
use domain::number::{BranchNumber, InsuredNumber, InsuredSymbol, InsurerNumber};
use domain::text::Text;
use domain::{Date, Timestamp};
use sync::outbox::Failure;
use sync::terminal::codes::reference_classification;
use sync::terminal::message::{self, ConsentTopic as WireTopic, EligibilityRecord};
use sync::terminal::{Answer, Arrival, Content, Expected, Message, Outcome, Pairing, Request, Suffix, Validity};
use web::port::ShelfReason;

/// A request of ours that an arrival may answer.
pub struct OurRequest {
    /// suffix of its name
    pub suffix: Suffix,
    /// as it was handed over
    pub request: Request,
    /// for a fetch: the persons of its bundle, each with the id of its question
    pub people: Vec<message::Search>,
}

/// The suffix an arrival is named after, to look the request up by.
pub fn suffix_of(arrival: &Arrival) -> Option<&str> {
    match &arrival.content {
        Content::Answer { file, .. } | Content::Rejection { file, .. } => Some(&file.suffix),
        Content::Unreadable { file, .. } => file.as_ref().map(|file| file.suffix.as_str()),
        Content::Face { .. } => None,
    }
}

/// Translates an arrival. `None` when it says nothing yet (a request still in progress).
pub fn translate(arrival: &Arrival, ours: Option<&OurRequest>) -> Option<Heard> {
    let what = match &arrival.content {
        Content::Unreadable { unreadable, .. } => {
            let staff = unreadable.staff();
            not_usable(ShelfReason::Unreadable, Text::new(staff.ja, staff.en))
        }
        _ if arrival.conflict => not_usable(ShelfReason::Conflict, conflict_text()),
        Content::Face { file, received } => face(&received.message, Timestamp::parse_compact_in_japan(&file.stamp)),
        Content::Answer { file, received } => answer(arrival, ours, &file.suffix, &received.message)?,
        Content::Rejection { file, .. } => {
            match ours.map(|ours| Expected::of(&ours.suffix, &ours.request).pair(arrival)) {
                Some(Pairing::Paired) => {
                    HeardWhat::Failed { suffix: file.suffix.clone(), failure: Failure::Rejected, code: None }
                }
                _ => not_usable(ShelfReason::Unexpected, stranger_text()),
            }
        }
    };
    Some(Heard { name: arrival.name.clone(), sha256: arrival.sha256.0, what })
}

fn answer(arrival: &Arrival, ours: Option<&OurRequest>, suffix: &str, message: &Message) -> Option<HeardWhat> {
    let Some(ours) = ours else { return Some(not_usable(ShelfReason::Unexpected, stranger_text())) };
    match Expected::of(&ours.suffix, &ours.request).pair(arrival) {
        Pairing::Paired => {}
        Pairing::Conflict(_) => return Some(not_usable(ShelfReason::Conflict, contradiction_text())),
        Pairing::NotOurs => return Some(not_usable(ShelfReason::Unexpected, stranger_text())),
    }
    let suffix = suffix.to_owned();
    match message {
        Message::Eligibility(result) => about_one(suffix, result),
        Message::BulkReceipt(receipt) => Some(bulk::receipt(suffix, receipt)),
        Message::BulkResult(result) => Some(bulk::result(suffix, result, &ours.people)),
        Message::Registration(_) => Some(not_usable(ShelfReason::Unexpected, stranger_text())),
    }
}

fn about_one(suffix: String, result: &message::EligibilityResult) -> Option<HeardWhat> {
    Some(match result.outcome() {
        Outcome::InProgress => return None,
        Outcome::Rejected(_) => HeardWhat::Failed { suffix, failure: Failure::Rejected, code: None },
        Outcome::RequestFailed(failure) => {
            HeardWhat::Failed { suffix, failure: Failure::RequestFailed, code: failure.code.map(str::to_owned) }
        }
        Outcome::PersonFailed(note) => {
            HeardWhat::Failed { suffix, failure: Failure::PersonFailed, code: note.code.map(str::to_owned) }
        }
        Outcome::Answered(answer) => match online_answer(&result.header, &answer, AskedBy::Number) {
            Some(answer) => HeardWhat::Answered { suffix, answer: Box::new(answer) },
            None => not_usable(ShelfReason::Unreadable, not_understood_text()),
        },
        Outcome::NotUnderstood { .. } => not_usable(ShelfReason::Unreadable, not_understood_text()),
    })
}

fn face(message: &Message, read_at: Option<Timestamp>) -> HeardWhat {
    let Message::Eligibility(result) = message else {
        return not_usable(ShelfReason::Unreadable, not_understood_text());
    };
    let by_card = result.header.reference_classification.as_deref().map(str::trim);
    let asked_by =
        if by_card == Some(reference_classification::INSURANCE_DATA) { AskedBy::Number } else { AskedBy::Card };
    let Outcome::Answered(answer) = result.outcome() else {
        return not_usable(ShelfReason::Unreadable, failed_reading_text());
    };
    match online_answer(&result.header, &answer, asked_by) {
        Some(answer) => HeardWhat::CardRead { answer: Box::new(answer), read_at },
        None => not_usable(ShelfReason::Unreadable, not_understood_text()),
    }
}

/// The business answer in the clinic's own terms. `None` when its validity code or its date is missing or unknown: then nothing
/// is concluded.
fn online_answer(header: &message::Header, answer: &Answer<'_>, asked_by: AskedBy) -> Option<OnlineAnswer> {
    let status = match answer.validity {
        Validity::Valid => EligibilityStatus::Valid,
        Validity::Invalid => EligibilityStatus::Invalid,
        Validity::Superseded => EligibilityStatus::Superseded,
        Validity::NotFound => EligibilityStatus::NotFound,
        Validity::Ambiguous => EligibilityStatus::Ambiguous,
        Validity::ValidTicketMissing => EligibilityStatus::ValidTicketMissing,
        Validity::Absent | Validity::Other => return None,
    };
    // Valid, but several insurances: the field rule is "exactly one" (oqs-interface §2.3); a person sorts it out.
    let insurances = answer.results.iter().filter(|record| !record.is_medical_aid()).count();
    let status =
        if status == EligibilityStatus::Valid && insurances > 1 { EligibilityStatus::Ambiguous } else { status };
    Some(OnlineAnswer {
        status,
        asked_by: Some(asked_by),
        confirmed_for: date(&header.qualification_confirmation_date)?,
        obtained_at: header.process_execution_time.as_deref().and_then(Timestamp::parse_compact_in_japan),
        results: answer.results.iter().map(result_of).collect(),
        consents: answer.results.first().map(consents_of).unwrap_or_default(),
        reference_number: answer.results.first().and_then(|record| trimmed(&record.reference_number)),
        note: answer.note.as_ref().and_then(|note| note.message.map(str::to_owned)),
    })
}

fn result_of(record: &EligibilityRecord) -> EligibilityResult {
    EligibilityResult { person: person_of(record), coverage: coverage_of(record) }
}

fn person_of(record: &EligibilityRecord) -> PersonFace {
    PersonFace {
        name: trimmed(&record.name),
        name_kana: record
            .name_kana
            .as_deref()
            .map(fold_width)
            .map(|kana| kana.trim().to_owned())
            .filter(|k| !k.is_empty()),
        birth_date: date(&record.birthdate),
        sex: record.sex1.as_deref().and_then(|code| Sex::from_code(code.trim())).filter(|sex| *sex != Sex::NotSet),
        address: trimmed(&record.address),
    }
}

fn coverage_of(record: &EligibilityRecord) -> Coverage {
    let insurer = record.insurer_number.as_deref();
    Coverage {
        // The national service is the authority on its own numbers: a check digit that does not fit is kept, not refused.
        insurer_number: insurer.and_then(|n| InsurerNumber::parse_overridden(n).ok()).map(|checked| checked.value),
        override_reason: None,
        insurer_name: trimmed(&record.insurer_name),
        insured_symbol: record
            .insured_card_symbol
            .as_deref()
            .and_then(|s| InsuredSymbol::parse(s).ok())
            .map(|c| c.value),
        insured_number: record
            .insured_identification_number
            .as_deref()
            .and_then(|n| InsuredNumber::parse(n).ok())
            .map(|c| c.value),
        branch_number: record
            .insured_branch_number
            .as_deref()
            .and_then(|b| BranchNumber::parse(b).ok())
            .map(|c| c.value),
        personal_family: record
            .personal_family_classification
            .as_deref()
            .and_then(|code| PersonalFamily::from_code(code.trim())),
        card_classification: trimmed(&record.insured_card_classification),
        ratio_tenths: tenths(&record.insured_partial_contribution_ratio),
        elderly: record.elderly_recipient_certificate.as_ref().map(|elderly| ElderlyRecipient {
            ratio_tenths: tenths(&elderly.contribution_ratio),
            valid_from: date(&elderly.valid_from),
            valid_to: date(&elderly.valid_to),
        }),
        limit: record.limit_certificate.as_ref().and_then(|limit| {
            Some(LimitInfo {
                limit_class: trimmed(&limit.classification_flag)?,
                valid_from: date(&limit.valid_from),
                valid_to: date(&limit.valid_to),
            })
        }),
        acquired_on: date(&record.qualification_date),
        lost_on: date(&record.disqualification_date),
        loss_reason: record.reason_of_loss.as_deref().and_then(|code| LossReason::from_code(code.trim())),
        issued_on: date(&record.insured_certificate_issuance_date),
        valid_from: date(&record.insured_card_valid_date),
        valid_to: date(&record.insured_card_expiration_date),
    }
}

fn consents_of(record: &EligibilityRecord) -> Vec<Consent> {
    let topic = |topic: WireTopic| match topic {
        WireTopic::Checkup => Some(ConsentTopic::Checkup),
        WireTopic::Drug => Some(ConsentTopic::Drug),
        WireTopic::Diagnosis => Some(ConsentTopic::Diagnosis),
        WireTopic::Operation => Some(ConsentTopic::Operation),
        _ => None,
    };
    let instant = |text: &Option<String>| text.as_deref().and_then(|t| Timestamp::parse_compact_in_japan(t.trim()));
    let consents = record.consents.0.iter().filter_map(|consent| {
        Some(Consent {
            topic: topic(consent.topic)?,
            given: consent.flag.as_deref().map(str::trim) == Some("1"),
            at: instant(&consent.time),
            available_until: instant(&consent.available_until),
        })
    });
    consents.collect()
}

/// Three-digit percent to tenths: `020` is 2.
fn tenths(percent: &Option<String>) -> Option<u8> {
    let percent: u8 = percent.as_deref()?.trim().parse().ok()?;
    (percent.is_multiple_of(10) && percent <= 100).then_some(percent / 10)
}

fn date(text: &Option<String>) -> Option<Date> {
    text.as_deref().and_then(|text| Date::parse(text.trim()))
}

fn trimmed(text: &Option<String>) -> Option<String> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn not_usable(reason: ShelfReason, message: Text) -> HeardWhat {
    HeardWhat::NotUsable { reason, message }
}

fn conflict_text() -> Text {
    Text::new(
        "同じ名前のファイルが別の内容で届きました。最初の内容を使い、こちらは反映しません。",
        "A file came again under the same name with other content. The first one counts; this one is not applied.",
    )
}

fn contradiction_text() -> Text {
    Text::new(
        "名前は依頼と合っていますが、中身（医療機関コード・識別子・本人）が依頼と違う回答です。反映しません。",
        "The name fits a request, but its content (institution, identifier or person) does not. It is not applied.",
    )
}

fn stranger_text() -> Text {
    Text::new(
        "この受付機が出していない依頼への回答です。反映しません。",
        "An answer to a request this box did not make. It is not applied.",
    )
}

fn not_understood_text() -> Text {
    Text::new(
        "回答の中に知らないコードがあるか、必要な項目がありません。何も反映していません。端末の画面で確認してください。",
        "The answer holds an unknown code or lacks something. Nothing was concluded; look at the terminal's own screen.",
    )
}

fn failed_reading_text() -> Text {
    Text::new(
        "カードの読み取りは届きましたが、資格確認は正常に終わっていません。もう一度読み取るか、別の方法で確認してください。",
        "A card reading came, but the check did not end normally. Read again, or confirm another way.",
    )
}
