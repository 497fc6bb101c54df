//! Readings of cards at the face reader: which check-in they belong to.

use super::answer::shelve;
use super::visit::OpenVisit;
use super::work::{Declined, Work};
use domain::Timestamp;
use domain::case::{Flow, Presented};
use domain::eligibility::{OnlineAnswer, PersonFace, PersonMatch, match_person};
use domain::evidence::EvidenceKind;
use domain::fact::Author;
use domain::text::Text;
use domain::visit::{AnswerReceived, DocumentPresented, VisitCommand, VisitStatus};
use web::port::{CheckIn, ShelfReason};

/// A card was read. One fitting open check-in takes it; without one, the reading itself opens the check-in; several are for a
/// person to sort out. Readings that are not of today are never acted on.
pub(super) fn read(
    work: &mut Work<'_>,
    name: &str,
    answer: OnlineAnswer,
    read_at: Option<Timestamp>,
) -> Result<(), Declined> {
    let today = work.now.date_in_japan();
    if answer.confirmed_for != today || read_at.is_some_and(|at| at.date_in_japan() != today) {
        let message = Text::new(
            "今日の日付ではないカード読み取りです。自動では反映しません。",
            "This card reading is not of today. Nothing is done with it by itself.",
        );
        return shelve(work, name, ShelfReason::Unexpected, Some(answer), message);
    }
    let mut fitting = fitting_visits(work, &answer)?;
    match fitting.len() {
        0 => open_by_card(work, name, answer),
        1 => take_card(work, &mut fitting.remove(0), answer),
        _ => {
            let message = Text::new(
                "カードの読み取りに合う受付が複数あります。どの受付か選んでください。",
                "Several check-ins fit this card reading. Choose one.",
            );
            shelve(work, name, ShelfReason::CardFitsSeveral, Some(answer), message)
        }
    }
}

/// Check-ins of today that are not settled online yet and speak of the same person.
fn fitting_visits(work: &Work<'_>, answer: &OnlineAnswer) -> Result<Vec<OpenVisit>, Declined> {
    let Some(result) = answer.main_result() else { return Ok(Vec::new()) };
    let day = work.now.date_in_japan();
    let open = work.writing.reading().open_visits(day)?;
    let waiting = open.into_iter().filter(|row| {
        matches!(row.status, VisitStatus::Open | VisitStatus::Provisional | VisitStatus::FullCharge)
            && row.birth_date == result.person.birth_date
    });
    let mut fitting = Vec::new();
    for row in waiting {
        let visit = work.visit(&row.visit)?;
        let person = visit.state.person.clone().unwrap_or(PersonFace::EMPTY);
        if matches!(match_person(&person, &result.person), PersonMatch::Same | PersonMatch::SameOtherSpelling) {
            fitting.push(visit);
        }
    }
    Ok(fitting)
}

fn take_card(work: &mut Work<'_>, visit: &mut OpenVisit, answer: OnlineAnswer) -> Result<(), Declined> {
    let received = AnswerReceived { question: None, answer };
    let mut commands = card_shown(visit);
    commands.push(VisitCommand::TakeAnswer(received));
    work.command_visit(visit, &Author::the_box(), commands)
}

fn card_shown(visit: &OpenVisit) -> Vec<VisitCommand> {
    let known = visit.state.presented.iter().any(|p| p.kind.is_online());
    let presented = Presented::bare(EvidenceKind::MynaCardFace);
    if known { Vec::new() } else { vec![VisitCommand::Present(DocumentPresented { presented })] }
}

/// Nobody was waiting: the patient came to the reader first, and the reading opens the check-in.
fn open_by_card(work: &mut Work<'_>, name: &str, answer: OnlineAnswer) -> Result<(), Declined> {
    let unsettled = |work: &mut Work<'_>, answer| {
        let message = Text::new(
            "カードが読み取られましたが、合う受付がありません。受付を選ぶか、新しく受け付けてください。",
            "A card was read and no check-in fits. Choose one, or open a new check-in.",
        );
        shelve(work, name, ShelfReason::CardWithoutVisit, Some(answer), message)
    };
    let Some(result) = answer.main_result().cloned() else { return unsettled(work, answer) };
    let known = work.writing.reading().same_person(&result.person)?;
    if known.len() > 1 || result.person.birth_date.is_none() {
        return unsettled(work, answer);
    }
    let check_in = CheckIn {
        patient: known.into_iter().next().map(|hit| hit.patient),
        patient_number: None,
        person: result.person,
        flow: Flow::Window,
        counter: None,
        commands: vec![
            VisitCommand::Present(DocumentPresented { presented: Presented::bare(EvidenceKind::MynaCardFace) }),
            VisitCommand::TakeAnswer(AnswerReceived { question: None, answer }),
        ],
    };
    work.check_in(&Author::the_box(), check_in).map(|_| ())
}
