//! Bulk answers: a receipt, and the persons of a bundle one by one.

use super::{contradiction_text, not_understood_text, not_usable, online_answer, stranger_text};
use crate::desk::{HeardWhat, PersonHeard};
use domain::eligibility::AskedBy;
use domain::fact::QuestionId;
use domain::text::Text;
use sync::outbox::Failure;
use sync::terminal::message::{BulkReceipt, BulkResult, BulkUnit, Header, Search};
use sync::terminal::outcome::BulkProgress;
use sync::terminal::{ExpectedPerson, Outcome};
use web::port::ShelfReason;

pub(super) fn receipt(suffix: String, receipt: &BulkReceipt) -> HeardWhat {
    match receipt.progress() {
        BulkProgress::Received { reception_number } => {
            HeardWhat::BundleReceived { suffix, reception_number: reception_number.to_owned() }
        }
        BulkProgress::Failed(failure) => {
            HeardWhat::Failed { suffix, failure: Failure::RequestFailed, code: failure.code.map(str::to_owned) }
        }
        _ => not_usable(ShelfReason::Unreadable, not_understood_text()),
    }
}

/// A result that is still in progress may already carry persons.
pub(super) fn result(suffix: String, result: &BulkResult, people: &[Search]) -> HeardWhat {
    let done = match result.progress() {
        BulkProgress::Done => true,
        BulkProgress::InProgress => false,
        BulkProgress::Failed(failure) => {
            let code = failure.code.map(str::to_owned);
            return HeardWhat::Failed { suffix, failure: Failure::RequestFailed, code };
        }
        _ => return not_usable(ShelfReason::Unreadable, not_understood_text()),
    };
    let people = result.units.iter().map(|unit| person(&result.header, unit, people)).collect();
    HeardWhat::BundleAnswered { suffix, people, done }
}

fn person(header: &Header, unit: &BulkUnit, people: &[Search]) -> (Option<QuestionId>, PersonHeard) {
    let echoed = unit.search.as_ref().and_then(|echo| echo.arbitrary_identifier.as_deref()).map(str::trim);
    let asked = people.iter().find(|search| search.identifier.is_some() && search.identifier.as_deref() == echoed);
    let (Some(asked), Some(echo)) = (asked, &unit.search) else {
        return (None, unusable(ShelfReason::Unexpected, stranger_text()));
    };
    let question = asked.identifier.as_deref().map(QuestionId::new);
    if ExpectedPerson::of(asked).contradicts_search(echo) {
        return (question, unusable(ShelfReason::Conflict, contradiction_text()));
    }
    (question, heard(header, unit))
}

fn heard(header: &Header, unit: &BulkUnit) -> PersonHeard {
    match unit.outcome() {
        Outcome::Answered(answer) => match online_answer(header, &answer, AskedBy::Number) {
            Some(mut answer) => {
                let beside = unit.reference_numbers.0.iter().map(|number| number.trim()).find(|n| !n.is_empty());
                answer.reference_number = answer.reference_number.or(beside.map(str::to_owned));
                PersonHeard::Answered(Box::new(answer))
            }
            None => unusable(ShelfReason::Unreadable, not_understood_text()),
        },
        Outcome::PersonFailed(note) => PersonHeard::Failed { code: note.code.map(str::to_owned) },
        _ => unusable(ShelfReason::Unreadable, not_understood_text()),
    }
}

fn unusable(reason: ShelfReason, message: Text) -> PersonHeard {
    PersonHeard::NotUsable { reason, message }
}
