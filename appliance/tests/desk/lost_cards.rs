//! Lost and found cards over the real store: one visit closes what another left open, and the ledger of found cards lasts.

use crate::support::counter::{Counter, clock_at};
use crate::support::patients::{card, certificate, check_in, person, shows};
use domain::Date;
use domain::decision::FollowUpKind;
use domain::eligibility::PersonFace;
use domain::evidence::EvidenceKind;
use domain::fact::{PatientId, VisitId};
use domain::found_card::{
    CardFound, CardHandedBack, FoundCardCommand as Step, FoundCardId, FoundPlace, FoundThing, HandedHow, OwnerCalled,
};
use domain::visit::{CardReportedLost, FullChargeAsked, VisitCommand};
use web::port::{Desk, DeskCommand, ForgetPatient, ForgetReason, FoundCardCommand, SubmitError, TrailQuestion};

const DAY: Date = Date::literal(2026, 11, 16);

fn open() -> Counter {
    Counter::first(&clock_at(DAY, 8, 55))
}

impl Counter {
    async fn comes(&self, patient: Option<&PatientId>, commands: Vec<VisitCommand>) -> (VisitId, PatientId) {
        let person =
            if patient.is_some() { PersonFace::EMPTY } else { person("見本　花子", "ミホン ハナコ") };
        let saved = self.submit(check_in(patient, person, commands)).await;
        (saved.visit.unwrap(), saved.patient.unwrap())
    }

    fn is_lost(&self, visit: &VisitId) -> bool {
        let list = self.desk.follow_ups().unwrap();
        list.iter().any(|item| item.visit == *visit && item.kind() == FollowUpKind::CardLost)
    }

    async fn found(&self, command: FoundCardCommand) -> Result<FoundCardId, SubmitError> {
        let saved = self.try_to(DeskCommand::FoundCards(command)).await?;
        Ok(FoundCardId::new(saved.about.unwrap()))
    }
}

fn lost() -> Vec<VisitCommand> {
    let asked = FullChargeAsked { reason: "カードを紛失し、ほかに何もない".to_owned() };
    vec![
        VisitCommand::ReportLostCard(CardReportedLost { is_stopped: Some(false) }),
        shows(EvidenceKind::None),
        VisitCommand::AskFullCharge(asked),
    ]
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
    let clinic = open();
    let (first, patient) = clinic.comes(None, lost()).await;
    assert!(clinic.is_lost(&first), "{:?}", clinic.desk.follow_ups().unwrap());

    clinic.clock.set(clinic.clock.now().plus_ms(9 * 24 * 3_600_000));
    let (second, _) = clinic.comes(Some(&patient), vec![card()]).await;
    assert!(clinic.is_lost(&first), "a card on the desk that nobody has read proves nothing");
    clinic.edit(&second, certificate("3405")).await;
    assert!(!clinic.is_lost(&first), "closed by itself");
    let closed = clinic.view(&first).state.closed;
    assert!(closed[0].note.contains("2026-11-25"), "{closed:?}");
    assert_eq!(clinic.desk.patient(&patient).unwrap().unwrap().state.cards_lost, []);
}

#[tokio::test]
async fn the_next_visit_knows_of_it_and_a_card_that_turns_up_is_not_lost() {
    let clinic = open();
    let (_, patient) = clinic.comes(None, vec![certificate("3405")]).await;
    clinic.clock.set(clinic.clock.now().plus_ms(3_600_000));
    let (again, _) = clinic.comes(Some(&patient), lost()).await;
    assert!(clinic.is_lost(&again));
    let (next, _) = clinic.comes(Some(&patient), Vec::new()).await;
    let cautions = clinic.view(&next).decision.cautions;
    assert!(cautions.iter().any(|caution| caution.ja.contains("2026-11-16の受診で、カードをなくした")), "{cautions:?}");
    clinic.edit(&again, card()).await;
    assert!(!clinic.is_lost(&again), "it was in the bag after all");
}

#[tokio::test]
async fn a_found_card_lasts_is_settled_once_and_goes_with_its_owner() {
    let clinic = open();
    let (_, patient) = clinic.comes(None, vec![certificate("3405")]).await;
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

    let clinic = clinic.rows_made_anew_are_the_same().await;

    let forget = ForgetPatient { patient, reason: ForgetReason::Other, despite_retention: true };
    clinic.submit(DeskCommand::ForgetPatient(forget)).await;
    assert_eq!(clinic.desk.found_cards().unwrap(), [], "nothing of the owner stays");
}
