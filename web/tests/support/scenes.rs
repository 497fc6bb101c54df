//! A Monday morning: patients on file and visits in every state.

use super::memory_desk::{MONDAY, MemoryDesk};
use super::people;
use domain::case::{Flow, Presented};
use domain::coverage::Coverage;
use domain::eligibility::{AskedBy, EligibilityStatus, PersonFace};
use domain::evidence::{Confidence, EvidenceKind};
use domain::fact::{Author, PatientId, VisitId};
use domain::link::Link;
use domain::patient::{CareNoted, CoverageLearned, DocumentShown, PatientFact, PatientNumbered, PersonKnown};
use domain::visit::{AnswerReceived, DocumentPresented, VisitCommand};
use domain::{Date, Timestamp};
use web::port::{CheckIn, DeskCommand, JobState, NumberQuery};

/// Puts a patient on file, confirmed online on a day.
pub fn on_file(
    desk: &MemoryDesk,
    id: &str,
    person: PersonFace,
    coverage: Coverage,
    on: &str,
    care: Option<&str>,
) -> PatientId {
    let patient = PatientId::new(format!("patient-{id}"));
    let on = Date::parse(on).expect("a day");
    let mut record = desk.record();
    let mut learn = |fact| record.learn(&Author::the_box(), &patient, fact);
    learn(PatientFact::PersonKnown(PersonKnown { person }));
    learn(PatientFact::PatientNumbered(PatientNumbered { patient_number: id.to_owned() }));
    learn(PatientFact::CoverageLearned(Box::new(CoverageLearned {
        coverage,
        evidence: EvidenceKind::MynaCardFace,
        confidence: Confidence::ConfirmedOnline,
        on,
        visit: None,
    })));
    learn(PatientFact::DocumentShown(DocumentShown { on }));
    if let Some(note) = care {
        learn(PatientFact::CareNoted(CareNoted { note: note.to_owned() }));
    }
    drop(record);
    patient
}

/// Opens a visit.
pub fn open(desk: &MemoryDesk, patient: Option<PatientId>, person: PersonFace, commands: Vec<VisitCommand>) -> VisitId {
    let check_in = CheckIn { patient, patient_number: None, person, flow: Flow::Window, counter: None, commands };
    desk.keep(DeskCommand::CheckIn(Box::new(check_in))).visit.expect("a visit")
}

pub fn shown(kind: EvidenceKind) -> VisitCommand {
    VisitCommand::Present(DocumentPresented { presented: Presented::bare(kind) })
}

pub fn card() -> VisitCommand {
    shown(EvidenceKind::MynaCardFace)
}

/// Lets the card be read: an answer about the person comes.
pub fn card_read(
    desk: &MemoryDesk,
    visit: &VisitId,
    person: PersonFace,
    coverage: Coverage,
    status: EligibilityStatus,
) {
    let mut answer = people::answer(status, MONDAY, person, coverage);
    answer.asked_by = Some(AskedBy::Card);
    desk.answer(visit, AnswerReceived { question: None, answer });
}

/// The whole morning: names of the visits in the order they were opened.
pub struct Morning {
    pub confirmed: VisitId,
    pub open_card: VisitId,
    pub changed: VisitId,
    pub oral: VisitId,
    pub outage_new: VisitId,
    pub invalid: VisitId,
    pub nothing: VisitId,
    pub mismatch: VisitId,
}

pub fn monday_morning(desk: &MemoryDesk) -> Morning {
    let hanako =
        on_file(desk, "1001", people::hanako(), people::kenpo("1234567"), "2026-02-10", Some("目視確認を希望"));
    let taro = on_file(desk, "1002", people::taro(), people::kokuho("7654321", 3), "2026-01-19", None);
    let ume =
        on_file(desk, "1003", people::ume(), people::kokuho("1112223", 2), "2026-02-02", Some("車いす・耳が遠い"));
    let ken = on_file(desk, "1004", people::ken(), people::kenpo("2223334"), "2025-12-12", None);
    let at = |minute: u8| desk.set_now(Timestamp::in_japan(MONDAY, 8, minute, 0));

    at(31);
    let confirmed = open(desk, Some(hanako.clone()), PersonFace::EMPTY, vec![card()]);
    card_read(desk, &confirmed, people::hanako(), people::kenpo("1234567"), EligibilityStatus::Valid);
    at(34);
    let changed = open(desk, Some(taro.clone()), PersonFace::EMPTY, vec![card()]);
    card_read(desk, &changed, people::taro(), people::kenpo("9998887"), EligibilityStatus::Valid);
    at(38);
    let paper = Presented {
        coverage: Coverage { valid_to: Date::parse("2026-07-31"), ..people::kokuho("1112223", 2) },
        ..Presented::bare(EvidenceKind::EligibilityCertificate)
    };
    let paper = VisitCommand::Present(DocumentPresented { presented: paper });
    let mismatch = open(desk, Some(ume.clone()), PersonFace::EMPTY, vec![card(), paper]);
    card_read(desk, &mismatch, people::ume(), people::kokuho("1112223", 3), EligibilityStatus::Valid);
    at(40);
    let invalid_person = people::person("試験 次郎", "シケン ジロウ", "1979-03-31", domain::coverage::Sex::Male);
    let invalid = open(desk, None, invalid_person.clone(), vec![card()]);
    let lost = Coverage { lost_on: Date::parse("2026-02-28"), ..people::kenpo("5556667") };
    card_read(desk, &invalid, invalid_person, lost, EligibilityStatus::Invalid);
    at(43);
    let open_card = open(desk, Some(ken), PersonFace::EMPTY, vec![card()]);
    at(46);
    desk.set_link(Link::Line, false);
    at(48);
    let oral = open(desk, Some(hanako), PersonFace::EMPTY, vec![card(), VisitCommand::SayUnchanged]);
    at(51);
    let new = people::person("初見 愛", "ハツミ アイ", "2021-06-15", domain::coverage::Sex::Female);
    let outage_new = open(desk, None, new, vec![card()]);
    at(53);
    let nobody = people::person("無手 一", "ムテ ハジメ", "1995-11-30", domain::coverage::Sex::Male);
    let nothing = open(desk, None, nobody, vec![shown(EvidenceKind::None)]);
    at(55);
    let query = NumberQuery { coverage: people::kenpo("1234567") };
    desk.keep(DeskCommand::AskByNumber { visit: oral.clone(), query });
    stuck_job(desk, &oral);
    Morning { confirmed, open_card, changed, oral, outage_new, invalid, nothing, mismatch }
}

fn stuck_job(desk: &MemoryDesk, visit: &VisitId) {
    let query = NumberQuery { coverage: people::kenpo("1234567") };
    let saved = desk.keep(DeskCommand::AskByNumber { visit: visit.clone(), query });
    let mut record = desk.record();
    let stuck = record.jobs.iter_mut().find(|job| Some(&job.job) == saved.question.as_ref()).expect("the job");
    let why = domain::text::Text::new(
        "端末に渡した後、回答が来ませんでした。二重に聞かないよう止めています。",
        "Handed to the terminal, no answer came. Held so that nothing is asked twice.",
    );
    stuck.state = JobState::NeedsPerson(why);
}
