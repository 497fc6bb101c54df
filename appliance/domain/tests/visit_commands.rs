//! What a visit takes and what it refuses: look-ups, failed questions, overridden numbers, declarations on paper.
#![allow(missing_docs, clippy::unwrap_used)]

use domain::case::{Flow, Presented, Site, SiteKind};
use domain::coverage::Coverage;
use domain::decision::{Decision, FollowUpKind};
use domain::declaration::{Declaration, InsuranceKind, PaperForm, Signer};
use domain::eligibility::{AskedBy, EligibilityResult, EligibilityStatus, OnlineAnswer, PersonFace};
use domain::evidence::{Confidence, EvidenceKind};
use domain::fact::{Author, FactId, QuestionId, Recorded};
use domain::link::{Cause, LinkState, LinkStatus, Links};
use domain::lookup::{DisasterConsent, Lookup, SearchedBy, on_screen};
use domain::number::{InsuredNumber, InsurerNumber, PublicPayerNumber, PublicRecipientNumber};
use domain::public_payer::PublicPayer;
use domain::rule::RulePack;
use domain::visit::{
    AnswerReceived, AnswerWithheld, DeclarationTaken, DisasterModeNoted, DocumentPresented, LookupEntered, Opened,
    PersonTaken, PublicPayersNamed, PublicPayersTaken, QuestionAsked, QuestionFailed, QuestionPurpose,
    QuestionUnanswered, Refused, Search, VisitCommand, VisitFact, VisitState, VisitStatus, Voided, apply,
};
use domain::written::Written;
use domain::{Date, Timestamp};

const DAY: Date = Date::literal(2026, 11, 24);

fn at(minute: u8) -> Timestamp {
    Timestamp::in_japan(DAY, 9, minute, 0)
}

fn person() -> PersonFace {
    PersonFace {
        name_kana: Some("ミホン ハナコ".to_owned()), birth_date: Date::new(1985, 4, 12), ..PersonFace::EMPTY
    }
}

fn coverage(insurer: &str) -> Coverage {
    Coverage {
        insurer_number: InsurerNumber::parse_overridden(insurer).ok().map(|checked| checked.value),
        insured_number: InsuredNumber::parse("3405").ok().map(|checked| checked.value),
        ..Coverage::EMPTY
    }
}

fn card() -> VisitCommand {
    VisitCommand::Present(DocumentPresented { presented: Presented::bare(EvidenceKind::MynaCardFace) })
}

struct Desk {
    facts: Vec<Recorded<VisitFact>>,
    links: Links,
    now: Timestamp,
}

impl Desk {
    fn open(site: Site) -> Desk {
        let mut desk = Desk { facts: Vec::new(), links: Links::ALL_UP, now: at(0) };
        let opened = Opened { visit_date: DAY, site, flow: Flow::Window, counter: None };
        desk.does(vec![VisitCommand::Open(opened), VisitCommand::TakePerson(PersonTaken { person: person() }), card()]);
        desk
    }

    fn clinic() -> Desk {
        Desk::open(Site::of(SiteKind::Clinic))
    }

    fn tries(&mut self, command: VisitCommand) -> Result<(), Refused> {
        let facts = apply(&self.state(), vec![command], &RulePack::built_in(), self.now, &self.links)?;
        for fact in facts {
            let id = FactId::new(format!("{:04}", self.facts.len()));
            self.facts.push(Recorded { id, at: self.now, by: Author::the_box(), fact });
        }
        Ok(())
    }

    fn does(&mut self, commands: Vec<VisitCommand>) {
        for command in commands {
            self.tries(command).unwrap();
        }
    }

    fn refusal(&mut self, command: VisitCommand) -> String {
        match self.tries(command) {
            Err(Refused::At { at, .. }) => at.to_owned(),
            other => panic!("{other:?}"),
        }
    }

    /// As kept: written and read again.
    fn state(&self) -> VisitState {
        let facts = self
            .facts
            .iter()
            .map(|fact| Recorded { fact: VisitFact::read(&fact.fact.write()).unwrap(), ..fact.clone() })
            .collect();
        VisitState::fold(facts)
    }

    fn decision(&self) -> Decision {
        self.state().decide(&RulePack::built_in(), self.now, &self.links).unwrap()
    }

    fn asks(&mut self, id: &str) {
        let search =
            Search { coverage: coverage("06010391"), birth_date: Date::literal(1985, 4, 12), confirm_for: DAY };
        let question = QuestionId::new(id);
        self.does(vec![VisitCommand::Ask(QuestionAsked { question, purpose: QuestionPurpose::Desk, search })]);
    }

    fn fails(&mut self, id: &str, cause: Cause) {
        let failed = QuestionFailed { question: QuestionId::new(id), cause, code: Some("E-1".to_owned()) };
        self.does(vec![VisitCommand::TakeFailure(failed)]);
    }
}

fn lookup(kind: EvidenceKind) -> Lookup {
    Lookup {
        kind,
        answer: on_screen(EligibilityStatus::Valid, DAY, at(0), PersonFace::EMPTY, coverage("06010391")),
        searched_by: SearchedBy::FourItems,
        person_compared: true,
        looked_up_by: "受付 一子".to_owned(),
        looked_up_at: at(0),
        consent: None,
    }
}

fn enter(lookup: Lookup) -> VisitCommand {
    VisitCommand::EnterLookup(LookupEntered { lookup })
}

fn answer(person: PersonFace) -> VisitCommand {
    let results = vec![EligibilityResult { person, coverage: coverage("06010391") }];
    VisitCommand::TakeAnswer(AnswerReceived {
        question: None,
        answer: OnlineAnswer {
            status: EligibilityStatus::Valid,
            asked_by: Some(AskedBy::Card),
            confirmed_for: DAY,
            obtained_at: None,
            results,
            consents: Vec::new(),
            reference_number: None,
            note: None,
        },
    })
}

#[test]
fn a_look_up_receives_the_patient_and_the_answer_confirms_later() {
    let mut desk = Desk::clinic();
    desk.links.terminal = LinkState::down(Some(at(0)));
    desk.now = at(5);
    desk.does(vec![enter(lookup(EvidenceKind::OutageLookup))]);
    let state = desk.state();
    let accepted = state.accepted.as_ref().unwrap();
    assert_eq!(accepted.acceptance.evidence, EvidenceKind::OutageLookup);
    assert_eq!(accepted.acceptance.why_not_better.as_ref().unwrap().cause, Cause::Terminal);
    assert_eq!((state.status(), state.lookup.unwrap().looked_up_by.as_str()), (VisitStatus::Provisional, "受付 一子"));
    desk.links = Links::ALL_UP;
    desk.now = at(50);
    desk.does(vec![answer(person())]);
    assert_eq!(desk.state().status(), VisitStatus::Confirmed);
    assert_eq!(desk.decision().accepted.unwrap().confidence, Confidence::ConfirmedOnline);
    let to_do: Vec<FollowUpKind> = desk.decision().follow_ups.iter().map(|follow_up| follow_up.kind).collect();
    assert_eq!(to_do, [FollowUpKind::ReportLookup], "its use is reported all the same");
}

#[test]
fn a_look_up_that_cannot_be_used_is_refused_at_its_field() {
    let mut desk = Desk::clinic();
    desk.now = at(5);
    let good = lookup(EvidenceKind::OutageLookup);
    let screen = |person, coverage| on_screen(EligibilityStatus::Valid, DAY, at(0), person, coverage);
    let somebody_else = PersonFace { birth_date: Date::new(1931, 1, 1), ..PersonFace::EMPTY };
    let another_day =
        on_screen(EligibilityStatus::Valid, DAY.plus_days(-1), at(0), PersonFace::EMPTY, coverage("06010391"));
    for (wrong, at_field) in [
        (Lookup { kind: EvidenceKind::MynaCardFace, ..good.clone() }, "kind"),
        (Lookup { kind: EvidenceKind::DisasterMode, ..good.clone() }, "consent"),
        (Lookup { kind: EvidenceKind::DisasterMode, consent: Some(DisasterConsent::Oral), ..good.clone() }, "kind"),
        (Lookup { person_compared: false, ..good.clone() }, "person_compared"),
        (Lookup { looked_up_by: "  ".to_owned(), ..good.clone() }, "looked_up_by"),
        (Lookup { looked_up_by: "あ".repeat(61), ..good.clone() }, "looked_up_by"),
        (Lookup { looked_up_at: at(6), ..good.clone() }, "looked_up_at"),
        (Lookup { looked_up_at: at(0).plus_ms(-86_400_000), ..good.clone() }, "looked_up_at"),
        (Lookup { answer: another_day, ..good.clone() }, "lookup"),
        (Lookup { answer: screen(PersonFace::EMPTY, Coverage::EMPTY), ..good.clone() }, "insurer_number"),
        (Lookup { answer: screen(somebody_else, coverage("06010391")), ..good.clone() }, "person"),
        (Lookup { answer: screen(PersonFace::EMPTY, coverage("06010392")), ..good.clone() }, "override_reason"),
    ] {
        assert_eq!(desk.refusal(enter(wrong)), at_field);
    }
    assert!(desk.state().lookup.is_none() && desk.state().accepted.is_none());
    desk.does(vec![answer(person())]);
    assert_eq!(desk.refusal(enter(good)), "kind", "the national service has confirmed already");
}

#[test]
fn the_disaster_screen_where_it_is_open() {
    let mut desk = Desk::open(Site { disaster_mode_open: true, ..Site::of(SiteKind::Clinic) });
    desk.links.line = LinkState::down(None);
    desk.does(vec![enter(Lookup { consent: Some(DisasterConsent::Oral), ..lookup(EvidenceKind::DisasterMode) })]);
    let said = desk.decision();
    assert_eq!(said.accepted.unwrap().evidence, EvidenceKind::DisasterMode);
    assert!(said.medical.allowed);
}

#[test]
fn four_items_noted_first_may_be_looked_up_days_later() {
    let mut desk = Desk::clinic();
    desk.now = Timestamp::in_japan(DAY.plus_days(3), 10, 0, 0);
    let looked_up_at = Timestamp::in_japan(DAY.plus_days(3), 9, 55, 0);
    desk.does(vec![enter(Lookup { looked_up_at, ..lookup(EvidenceKind::OutageLookup) })]);
    assert!(desk.state().accepted.is_some());
}

#[test]
fn a_failed_question_counts_for_its_visit_until_something_newer_is_known() {
    let mut desk = Desk::clinic();
    desk.now = at(1);
    desk.asks("q1");
    assert_eq!(desk.state().could_not_ask(&desk.links), None, "still out");
    desk.now = at(4);
    desk.fails("q1", Cause::NationalService);
    let failed = desk.state().could_not_ask(&desk.links).unwrap();
    assert_eq!(
        (failed.cause, failed.since, failed.code.as_deref()),
        (Cause::NationalService, Some(at(1)), Some("E-1"))
    );
    assert!(desk.decision().ladder.iter().all(|step| step.evidence != Some(EvidenceKind::MynaCardFace)));

    desk.now = at(6);
    desk.asks("q2");
    assert_eq!(desk.state().could_not_ask(&desk.links), None, "a new question is under way");
    desk.fails("q2", Cause::NationalService);
    assert_eq!(desk.state().could_not_ask(&desk.links).unwrap().since, Some(at(1)), "since the first that failed");

    desk.links.national_service = LinkState { status: LinkStatus::Up, since: Some(at(9)), cause: None };
    assert_eq!(desk.state().could_not_ask(&desk.links), None, "the link was seen to work since");
    assert_eq!(desk.decision().ladder[0].evidence, Some(EvidenceKind::MynaCardFace));
}

#[test]
fn a_question_without_an_answer_turns_the_ladder_and_its_late_answer_still_counts() {
    let mut desk = Desk::clinic();
    desk.now = at(1);
    desk.asks("q1");
    desk.now = at(2);
    let silent = || {
        let (question, cause) = (QuestionId::new("q1"), Cause::NationalService);
        VisitCommand::TakeSilence(QuestionUnanswered { question, cause })
    };
    desk.does(vec![silent(), silent()]);
    let told = desk.facts.iter().filter(|known| matches!(known.fact, VisitFact::QuestionUnanswered(_))).count();
    assert_eq!(told, 1, "said once");
    let state = desk.state();
    assert!(state.questions[0].ended.is_none(), "it is still out");
    let stopped = state.could_not_ask(&desk.links).unwrap();
    assert!(stopped.still_out && stopped.code.is_none());
    assert_eq!((stopped.cause, stopped.since), (Cause::NationalService, Some(at(1))));
    assert!(desk.decision().ladder.iter().all(|step| step.evidence != Some(EvidenceKind::MynaCardFace)));

    desk.now = at(9);
    let VisitCommand::TakeAnswer(received) = answer(person()) else { unreachable!("an answer") };
    desk.does(vec![VisitCommand::TakeAnswer(AnswerReceived { question: Some(QuestionId::new("q1")), ..received })]);
    assert_eq!(desk.state().could_not_ask(&desk.links), None);
    assert_eq!(desk.decision().accepted.unwrap().confidence, Confidence::ConfirmedOnline);
    desk.does(vec![silent()]);
    assert_eq!(desk.state().could_not_ask(&desk.links), None, "nothing is missing any more");
}

#[test]
fn a_silence_is_over_when_the_link_is_seen_to_work_again() {
    let mut desk = Desk::clinic();
    desk.asks("q1");
    desk.now = at(2);
    let (question, cause) = (QuestionId::new("q1"), Cause::NationalService);
    desk.does(vec![VisitCommand::TakeSilence(QuestionUnanswered { question, cause })]);
    assert!(desk.state().could_not_ask(&desk.links).is_some());
    desk.links.national_service = LinkState { status: LinkStatus::Up, since: Some(at(3)), cause: None };
    assert_eq!(desk.state().could_not_ask(&desk.links), None);
}

#[test]
fn the_disaster_function_opens_and_closes_while_the_patient_stands_at_the_desk() {
    let mut desk = Desk::clinic();
    desk.links.line = LinkState::down(None);
    let enters = || enter(Lookup { consent: Some(DisasterConsent::Oral), ..lookup(EvidenceKind::DisasterMode) });
    let note = |open| VisitCommand::NoteDisasterMode(DisasterModeNoted { open });
    let offered =
        |desk: &Desk| desk.decision().ladder.iter().any(|step| step.evidence == Some(EvidenceKind::DisasterMode));
    assert_eq!(desk.refusal(enters()), "kind");
    desk.does(vec![note(true), note(true)]);
    assert!(offered(&desk));
    desk.does(vec![note(false)]);
    assert!(!offered(&desk));
    assert_eq!(desk.refusal(enters()), "kind");
    desk.does(vec![note(true), enters()]);
    assert_eq!(desk.state().accepted.unwrap().acceptance.evidence, EvidenceKind::DisasterMode);
    let noted = desk.facts.iter().filter(|known| matches!(known.fact, VisitFact::DisasterModeNoted(_))).count();
    assert_eq!(noted, 3, "what is so already is not said again");
}

#[test]
fn payers_of_a_prescription_are_kept_until_somebody_compares_them() {
    let mut desk = Desk::clinic();
    let payer = |number: &str| PublicPayer {
        payer: PublicPayerNumber::parse_overridden(number).unwrap().value,
        recipient: None,
    };
    let named = |payers| VisitCommand::NamePublicPayers(PublicPayersNamed { payers });
    let taken = |payers| VisitCommand::TakePublicPayers(PublicPayersTaken { payers });
    desk.does(vec![named(vec![payer("12130015")])]);
    let state = desk.state();
    assert_eq!((state.payers_named.len(), state.public_payers.len()), (1, 0));
    assert!(desk.decision().claim.public_payers.is_empty(), "they count for nothing yet");
    desk.does(vec![taken(vec![payer("12130015")]), named(vec![payer("12130015")])]);
    let state = desk.state();
    assert_eq!((state.payers_named.len(), state.public_payers.len()), (0, 1), "compared once");
    desk.does(vec![named(vec![payer("21130014")]), taken(Vec::new())]);
    let state = desk.state();
    assert!(state.payers_named.is_empty() && state.public_payers.is_empty(), "none after all");
    assert_eq!(desk.refusal(named(vec![payer("12130015"); 5])), "public_payers");
}

#[test]
fn a_withdrawn_question_blames_nothing() {
    let mut desk = Desk::clinic();
    desk.asks("q1");
    desk.fails("q1", Cause::Patient);
    assert_eq!(desk.state().could_not_ask(&desk.links), None);
}

#[test]
fn a_withheld_answer_says_how_it_was_asked_for() {
    let stranger = PersonFace { birth_date: Date::new(1931, 1, 1), ..person() };
    let mut desk = Desk::clinic();
    desk.does(vec![answer(stranger)]);
    assert_eq!(desk.state().withheld_asked_by, Some(AskedBy::Card));
    // as an earlier version wrote it
    let old = |question| AnswerWithheld { question, asked_by: None }.asked_by();
    assert_eq!((old(Some(QuestionId::new("q"))), old(None)), (AskedBy::Number, AskedBy::Card));
}

#[test]
fn nobody_goes_by_a_wrong_check_digit_without_a_reason() {
    let mut desk = Desk::clinic();
    let paper = |override_reason: Option<&str>| {
        let coverage = Coverage { override_reason: override_reason.map(str::to_owned), ..coverage("06010392") };
        let presented = Presented { coverage, ..Presented::bare(EvidenceKind::EligibilityCertificate) };
        VisitCommand::Present(DocumentPresented { presented })
    };
    for reason in [None, Some("  "), Some("あ".repeat(201).as_str())] {
        assert_eq!(desk.refusal(paper(reason)), "override_reason");
    }
    desk.does(vec![paper(Some("原本を2人で確認"))]);
    let kept = desk.state().presented.last().unwrap().coverage.override_reason.clone();
    assert_eq!(kept.as_deref(), Some("原本を2人で確認"));
}

#[test]
fn somebody_who_signs_for_the_patient_leaves_name_and_relation() {
    let form = |signer, name: Option<&str>, relation: Option<&str>| {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let paper = PaperForm { signer, signer_name: text(name), relation: text(relation), kept_at: None };
        VisitCommand::TakeDeclaration(DeclarationTaken { declaration: declaration(Some(paper)) })
    };
    let mut desk = Desk::clinic();
    assert_eq!(desk.refusal(form(Signer::Guardian, None, Some("母"))), "signer_name");
    assert_eq!(desk.refusal(form(Signer::Companion, Some("見本 一郎"), None)), "relation");
    desk.does(vec![form(Signer::Guardian, Some("見本 一郎"), Some("父"))]);
    let kept = desk.state().declaration.unwrap();
    assert_eq!(kept.signed_by(), Some((Signer::Guardian, Some("見本 一郎"), Some("父"))));
    assert!(kept.gaps().is_empty(), "the paper is the signature");
    assert_eq!(declaration(None).gaps().len(), 1, "nobody signed");
    desk.does(vec![form(Signer::Patient, None, None)]);
}

fn declaration(paper: Option<PaperForm>) -> Declaration {
    Declaration {
        form_no: "紙-017".to_owned(),
        text_version: "1".to_owned(),
        document_issued: None,
        insurance_kind: InsuranceKind::Employee,
        insurer_name: None,
        workplace: Some("架空製作所".to_owned()),
        issued_when: None,
        ratio_tenths: Some(3),
        name: "見本　花子".to_owned(),
        name_kana: None,
        birth_date: Date::literal(1985, 4, 12),
        sex: None,
        address: None,
        postal_code: None,
        phone: Some("03-0000-0000".to_owned()),
        other_contact: None,
        remembered_symbol: None,
        remembered_number: None,
        consent_contact: true,
        consent_requery: true,
        signature: None,
        paper: paper.map(Box::new),
    }
}

#[test]
fn a_changed_state_is_a_refusal_of_its_own_kind() {
    let mut desk = Desk::clinic();
    desk.does(vec![VisitCommand::Void(Voided { reason: "二重".to_owned() })]);
    assert!(matches!(desk.tries(VisitCommand::SayUnchanged), Err(Refused::StateChanged(_))));
    assert!(matches!(desk.tries(enter(lookup(EvidenceKind::OutageLookup))), Err(Refused::StateChanged(_))));
}

#[test]
fn the_dated_rules_that_took_part_are_kept() {
    let mut desk = Desk::clinic();
    desk.does(vec![answer(person())]);
    assert!(!desk.state().accepted.unwrap().rules_fired.is_empty());
}

fn payer(payer: &str, recipient: Option<&str>) -> PublicPayer {
    PublicPayer {
        payer: PublicPayerNumber::parse_overridden(payer).unwrap().value,
        recipient: recipient.map(|number| PublicRecipientNumber::parse_overridden(number).unwrap().value),
    }
}

fn payers(payers: Vec<PublicPayer>) -> VisitCommand {
    VisitCommand::TakePublicPayers(PublicPayersTaken { payers })
}

#[test]
fn public_payers_are_kept_in_their_order_and_carried_by_the_claim() {
    let mut desk = Desk::clinic();
    let before = desk.decision();
    let both = vec![payer("21136247", Some("1234566")), payer("81136244", None)];
    desk.does(vec![payers(both.clone())]);
    assert_eq!((desk.state().public_payers, &desk.decision().claim.public_payers), (both.clone(), &both));
    let after = desk.decision();
    assert_eq!((after.accepted, after.ratio, after.claim.basis), (before.accepted, before.ratio, before.claim.basis));

    let facts = desk.facts.len();
    desk.does(vec![payers(both)]);
    assert_eq!(desk.facts.len(), facts, "said twice it is one fact");
    desk.does(vec![payers(vec![payer("81136240", None)])]);
    assert_eq!(desk.state().public_payers.len(), 1, "the newest list counts, check digit or not");
    desk.does(vec![payers(Vec::new())]);
    assert!(desk.decision().claim.public_payers.is_empty());
}

#[test]
fn a_claim_has_places_for_four_public_payers() {
    let mut desk = Desk::clinic();
    assert_eq!(desk.refusal(payers(vec![payer("81136244", None); 5])), "public_payers");
    desk.does(vec![payers(vec![payer("81136244", None); 4])]);
    desk.does(vec![VisitCommand::Void(Voided { reason: "誤入力".to_owned() })]);
    assert!(matches!(desk.tries(payers(Vec::new())), Err(Refused::StateChanged(_))));
}
