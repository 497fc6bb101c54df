//! Lost and found cards over the real store: one visit closes what another left open, and the ledger of found cards lasts.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::case::{Flow, Presented, Site, SiteKind};
use domain::coverage::Coverage;
use domain::decision::FollowUpKind;
use domain::eligibility::PersonFace;
use domain::evidence::EvidenceKind;
use domain::fact::{Author, PatientId, VisitId};
use domain::found_card::{
    CardFound, CardHandedBack, FoundCardCommand as Step, FoundCardId, FoundPlace, FoundThing, HandedHow, OwnerCalled,
};
use domain::number::{InsuredNumber, InsurerNumber};
use domain::rule::RulePack;
use domain::visit::{CardReportedLost, DocumentPresented, FullChargeAsked, VisitCommand};
use domain::{Date, Timestamp};
use sync::outbox::Patience;
use tempfile::TempDir;
use uketsuke::clock::Clock;
use uketsuke::desk::{DeskSettings, RunningDesk};
use uketsuke::store::{Reading, StoreLocation, Writing, rebuild};
use web::port::{
    Account, CheckIn, Desk, DeskCommand, ForgetPatient, ForgetReason, FoundCardCommand, Saved, SubmitError,
    TrailQuestion,
};

const DAY: Date = Date::literal(2026, 11, 16);

struct Clinic {
    folder: TempDir,
    clock: Clock,
    desk: RunningDesk,
}

fn start(folder: &TempDir, clock: &Clock) -> RunningDesk {
    let location = StoreLocation::in_folder(folder.path()).unwrap();
    let site = Site::of(SiteKind::Clinic);
    let settings = DeskSettings { site, rules: RulePack::built_in(), patience: Patience::default() };
    RunningDesk::start(&location, settings, clock.clone()).unwrap()
}

impl Clinic {
    fn open() -> Clinic {
        let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::by_hand(Timestamp::in_japan(DAY, 8, 55, 0)));
        let desk = start(&folder, &clock);
        Clinic { folder, clock, desk }
    }

    async fn try_to(&self, command: DeskCommand) -> Result<Saved, SubmitError> {
        self.desk.submit(&Account::new(Author::new("staff-1"), "受付"), None, command).await
    }

    async fn check_in(&self, patient: Option<PatientId>, commands: Vec<VisitCommand>) -> (VisitId, PatientId) {
        let person = match patient {
            Some(_) => PersonFace::EMPTY,
            None => PersonFace {
                name: Some("見本　花子".to_owned()),
                name_kana: Some("ミホン ハナコ".to_owned()),
                birth_date: Some(Date::literal(1988, 9, 14)),
                ..PersonFace::EMPTY
            },
        };
        let (flow, counter) = (Flow::Window, None);
        let check_in = CheckIn { patient, patient_number: None, person, flow, counter, commands };
        let saved = self.try_to(DeskCommand::CheckIn(Box::new(check_in))).await.unwrap();
        (saved.visit.unwrap(), saved.patient.unwrap())
    }

    fn is_open(&self, visit: &VisitId) -> bool {
        let list = self.desk.follow_ups().unwrap();
        list.iter().any(|item| item.visit == *visit && item.kind() == FollowUpKind::CardLost)
    }

    async fn found(&self, command: FoundCardCommand) -> Result<FoundCardId, SubmitError> {
        let saved = self.try_to(DeskCommand::FoundCards(command)).await?;
        Ok(FoundCardId::new(saved.about.unwrap()))
    }

    /// Makes the read model anew, with the desk stopped; what it was and what it is.
    async fn made_anew(self) -> (Clinic, [Vec<String>; 2]) {
        let before = self.desk.readers().read(|reading| reading.dump_read_model()).unwrap();
        let Clinic { folder, clock, desk } = self;
        desk.stop().await;
        drop(desk);
        let location = StoreLocation::in_folder(folder.path()).unwrap();
        let mut connection = location.open_writer().unwrap();
        let transaction = connection.transaction().unwrap();
        let writing = Writing::inside(&transaction, location.vault());
        let writer = sync::replica::Writer::from_random([7; 16]);
        assert_eq!(rebuild(&writing, &RulePack::built_in(), &writer, clock.now()).unwrap().1, 0);
        transaction.commit().unwrap();
        let after = Reading::over(&connection, location.vault()).dump_read_model().unwrap();
        drop(connection);
        let desk = start(&folder, &clock);
        (Clinic { folder, clock, desk }, [before, after])
    }
}

fn lost() -> Vec<VisitCommand> {
    let asked = FullChargeAsked { reason: "カードを紛失し、ほかに何もない".to_owned() };
    vec![
        VisitCommand::ReportLostCard(CardReportedLost { is_stopped: Some(false) }),
        VisitCommand::Present(DocumentPresented { presented: Presented::bare(EvidenceKind::None) }),
        VisitCommand::AskFullCharge(asked),
    ]
}

fn certificate() -> VisitCommand {
    let coverage = Coverage {
        insurer_number: Some(InsurerNumber::parse("06010391").unwrap().value),
        insured_number: Some(InsuredNumber::parse("3405").unwrap().value),
        ..Coverage::EMPTY
    };
    let presented = Presented { coverage, ..Presented::bare(EvidenceKind::EligibilityCertificate) };
    VisitCommand::Present(DocumentPresented { presented })
}

fn card() -> VisitCommand {
    VisitCommand::Present(DocumentPresented { presented: Presented::bare(EvidenceKind::MynaCardFace) })
}

fn left_in_reader(owner: Option<PatientId>) -> FoundCardCommand {
    FoundCardCommand::Enter(Box::new(CardFound {
        day: DAY,
        thing: FoundThing::MyNumberCard,
        place: FoundPlace::Reader,
        detail: None,
        found_by: "受付".to_owned(),
        owner,
    }))
}

#[tokio::test]
async fn a_certificate_at_a_later_visit_closes_what_the_lost_card_left_open() {
    let clinic = Clinic::open();
    let (first, patient) = clinic.check_in(None, lost()).await;
    assert!(clinic.is_open(&first), "{:?}", clinic.desk.follow_ups().unwrap());

    clinic.clock.set(clinic.clock.now().plus_ms(9 * 24 * 3_600_000));
    let (second, _) = clinic.check_in(Some(patient.clone()), vec![card()]).await;
    assert!(clinic.is_open(&first), "a card on the desk that nobody has read proves nothing");
    clinic.try_to(DeskCommand::Visit { visit: second, commands: vec![certificate()] }).await.unwrap();
    assert!(!clinic.is_open(&first), "closed by itself");
    let closed = clinic.desk.visit(&first).unwrap().unwrap().state.closed;
    assert!(closed[0].note.contains("2026-11-25"), "{closed:?}");
    assert_eq!(clinic.desk.patient(&patient).unwrap().unwrap().state.cards_lost, []);
}

#[tokio::test]
async fn the_next_visit_knows_of_it_and_a_card_that_turns_up_is_not_lost() {
    let clinic = Clinic::open();
    let (_, patient) = clinic.check_in(None, vec![certificate()]).await;
    clinic.clock.set(clinic.clock.now().plus_ms(3_600_000));
    let (again, _) = clinic.check_in(Some(patient.clone()), lost()).await;
    assert!(clinic.is_open(&again));
    let (next, _) = clinic.check_in(Some(patient), Vec::new()).await;
    let cautions = clinic.desk.visit(&next).unwrap().unwrap().decision.cautions;
    assert!(cautions.iter().any(|caution| caution.ja.contains("2026-11-16の受診で、カードをなくした")), "{cautions:?}");
    clinic.try_to(DeskCommand::Visit { visit: again.clone(), commands: vec![card()] }).await.unwrap();
    assert!(!clinic.is_open(&again), "it was in the bag after all");
}

#[tokio::test]
async fn a_found_card_lasts_is_settled_once_and_goes_with_its_owner() {
    let clinic = Clinic::open();
    let (_, patient) = clinic.check_in(None, vec![certificate()]).await;
    let unknown = clinic.found(left_in_reader(Some(PatientId::new("nobody")))).await;
    assert!(matches!(unknown, Err(SubmitError::NotFound("patient"))));
    let card = clinic.found(left_in_reader(None)).await.unwrap();
    let step = |command| FoundCardCommand::Change { card: card.clone(), command };
    clinic.found(step(Step::NameOwner(patient.clone()))).await.unwrap();
    clinic.found(step(Step::Call(OwnerCalled { is_reached: true }))).await.unwrap();
    assert_eq!(clinic.desk.cards_held().unwrap(), 1);
    let back = CardHandedBack { to: "ご本人".to_owned(), how: HandedHow::Photo, by: "受付".to_owned() };
    clinic.found(step(Step::HandBack(back.clone()))).await.unwrap();
    let again = clinic.found(step(Step::HandBack(back))).await;
    assert!(matches!(again, Err(SubmitError::StateChanged(_))));
    assert_eq!(clinic.desk.cards_held().unwrap(), 0);
    let item = clinic.desk.found_cards().unwrap().remove(0);
    assert_eq!(item.owner.unwrap().person.name.as_deref(), Some("見本　花子"));

    let trail = clinic.desk.people().trail(&TrailQuestion::default()).unwrap();
    let said: Vec<&str> =
        trail.iter().map(|line| line.what.as_str()).filter(|what| what.starts_with("card-")).collect();
    assert_eq!(said, ["card-back", "card-called", "card-owner", "card-found"], "newest first");

    let (clinic, [before, after]) = clinic.made_anew().await;
    assert_eq!(before, after);

    let forget = ForgetPatient { patient, reason: ForgetReason::Other, despite_retention: true };
    clinic.try_to(DeskCommand::ForgetPatient(forget)).await.unwrap();
    assert_eq!(clinic.desk.found_cards().unwrap(), [], "nothing of the owner stays");
}
