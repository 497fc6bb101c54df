//! What the desk in memory keeps, and how commands change it.

use super::cards;
use domain::case::{Site, SiteKind};
use domain::claim::{Month, MonthFact};
use domain::decision::FollowUpKind;
use domain::disaster::DisasterFact;
use domain::eligibility::PersonFace;
use domain::evidence::{Confidence, EvidenceKind};
use domain::fact::{Author, FactId, PatientId, QuestionId, Recorded, VisitId};
use domain::link::Links;
use domain::patient::{
    CardRemembered, CardsForgotten, CareNoted, CoverageLearned, DocumentShown, NameCorrected, PatientFact,
    PatientNumbered, PatientState, PersonKnown, SlipGiven,
};
use domain::rule::RulePack;
use domain::text::Text;
use domain::trouble::Trouble;
use domain::visit::{
    AnswerReceived, Opened, PatientLinked, PersonTaken, QuestionAsked, QuestionPurpose, Refused, Search, VisitCommand,
    VisitFact, VisitState, apply,
};
use domain::{Date, Timestamp};
use std::collections::{BTreeMap, HashMap};
use web::port::*;

pub struct Record {
    pub now: Timestamp,
    pub revision: u64,
    pub links: Links,
    pub patients: BTreeMap<PatientId, Vec<Recorded<PatientFact>>>,
    pub visits: BTreeMap<VisitId, Vec<Recorded<VisitFact>>>,
    pub jobs: Vec<JobItem>,
    pub journal: Vec<JournalEntry>,
    pub clock_history: Vec<DeviceChange>,
    pub shelf: Vec<AnswerOnShelf>,
    pub accounts: Vec<(String, String, Account)>,
    pub api_tokens: Vec<(String, Account)>,
    pub sessions: Vec<Session>,
    /// by whose doing sessions were asked for
    pub activities: Vec<Activity>,
    /// the settings have switched on that cards are recognised
    pub recognises: bool,
    /// readings of cards are forgotten before staff say whose they are
    pub readings_are_gone: bool,
    pub erasures: Vec<Erasure>,
    /// when the disaster function was open
    pub disaster: Vec<Recorded<DisasterFact>>,
    /// what this desk says about counters that disagree: it has only one itself
    pub disputed: Vec<Disputed>,
    pub forgotten: Vec<Forgotten>,
    pub copy_noticed: Option<Timestamp>,
    pub months: BTreeMap<Month, Vec<Recorded<MonthFact>>>,
    pub looks: BTreeMap<(Author, Month), Timestamp>,
    pub insurers: Vec<InsurerContact>,
    pub arrivals: super::counters::Arrivals,
    pub found_cards: super::found_cards::FoundCards,
    pub keys: HashMap<String, (DeskCommand, Saved)>,
    pub people: super::people::MemoryPeople,
    ids: u64,
}

pub(super) type Outcome = Result<Saved, SubmitError>;

impl Record {
    pub fn new(now: Timestamp) -> Record {
        Record {
            now,
            revision: 1,
            links: Links::ALL_UP,
            patients: BTreeMap::new(),
            visits: BTreeMap::new(),
            jobs: Vec::new(),
            journal: Vec::new(),
            clock_history: Vec::new(),
            shelf: Vec::new(),
            accounts: Vec::new(),
            api_tokens: Vec::new(),
            sessions: Vec::new(),
            activities: Vec::new(),
            recognises: false,
            readings_are_gone: false,
            erasures: Vec::new(),
            disaster: Vec::new(),
            disputed: Vec::new(),
            forgotten: Vec::new(),
            copy_noticed: None,
            months: BTreeMap::new(),
            looks: BTreeMap::new(),
            insurers: Vec::new(),
            arrivals: Default::default(),
            found_cards: Default::default(),
            keys: HashMap::new(),
            people: Default::default(),
            ids: 0,
        }
    }

    pub fn submit(&mut self, by: &Author, command: DeskCommand, rules: &RulePack) -> Outcome {
        match command {
            DeskCommand::CheckIn(check_in) => self.check_in(by, *check_in, rules),
            DeskCommand::Visit { visit, commands } => self.add_to_visit(by, &visit, commands, rules),
            DeskCommand::AskByNumber { visit, query } => self.ask(by, &visit, query, rules),
            DeskCommand::Patient { patient, command } => self.change_patient(by, patient, command),
            DeskCommand::LookUpHistory(query) => Ok(self.look_up(query)),
            DeskCommand::Job(command) => self.change_job(command),
            DeskCommand::ClaimAnswer { answer, visit } => self.claim_answer(&answer, visit),
            DeskCommand::TurnDisasterMode { open, reason } => self.turn_disaster_mode(by, open, &reason, rules),
            DeskCommand::Claims(command) => self.change_claims(by, command, rules),
            DeskCommand::AskAgainAll(visits) => Ok(self.ask_again_all(by, &visits, rules)),
            DeskCommand::ImportInsurers(contacts) => {
                self.insurers = contacts;
                Ok(self.saved())
            }
            DeskCommand::Counters(command) => self.change_counters(command),
            DeskCommand::Line(command) => self.change_line(command),
            DeskCommand::Consents(command) => self.change_consents(command),
            DeskCommand::FoundCards(command) => self.change_found_cards(by, command),
            DeskCommand::EraseCardTokens => Ok(self.erase_cards(by)),
            DeskCommand::Apart(command) => self.decide_apart(by, command, rules),
            DeskCommand::ForgetPatient(forget) => self.forget_patient(by, &forget),
        }
    }

    pub fn patient_state(&self, patient: &PatientId) -> Option<PatientState> {
        self.patients.get(patient).cloned().map(PatientState::fold)
    }

    pub fn visit_state(&self, visit: &VisitId) -> Option<VisitState> {
        self.visits.get(visit).cloned().map(VisitState::fold)
    }

    /// Lets an answer arrive for a visit, as the terminal would bring it.
    pub fn take_answer(&mut self, visit: &VisitId, received: AnswerReceived, rules: &RulePack) -> Outcome {
        let question = received.question.clone();
        for job in self.jobs.iter_mut().filter(|job| Some(&job.job) == question.as_ref()) {
            job.state = JobState::Done { at: self.now, how: Text::new("回答あり", "answered") };
        }
        self.add_to_visit(&Author::the_box(), visit, vec![VisitCommand::TakeAnswer(received)], rules)
    }

    /// Troubles of this month, which is the only one this desk knows.
    pub fn troubles(&self) -> TroubleReport {
        let today = self.now.date_in_japan();
        let met = |trouble: &Trouble| {
            let visits = self.visits.values().cloned().map(VisitState::fold);
            visits.filter(|visit| visit.troubles.contains(trouble)).count() as u64
        };
        let counts = |count: u64| TroubleCounts { by_month: vec![count], total: count };
        TroubleReport {
            months: vec![today.plus_days(1 - i32::from(today.day()))],
            visits: Trouble::ALL.iter().map(|trouble| (*trouble, counts(met(trouble)))).collect(),
            readers: counts(14),
            since: Some(Date::literal(2026, 1, 1)),
        }
    }

    pub fn open_session(&mut self, account: Account) -> Session {
        let number = self.next_id("session");
        let session = Session {
            account,
            token: SessionToken(format!("token-of-{number}")),
            csrf: format!("csrf-of-{number}"),
            role: Role::Manager,
            stage: Stage::Open,
            second_factor_by: None,
            look: Look::default(),
        };
        self.sessions.push(session.clone());
        session
    }

    pub(super) fn next_id(&mut self, kind: &str) -> String {
        self.ids += 1;
        format!("{kind}-{:05}", self.ids)
    }

    pub(super) fn saved(&self) -> Saved {
        Saved {
            visit: None,
            patient: None,
            question: None,
            found: Vec::new(),
            about: None,
            revision: self.revision + 1,
            at: self.now,
        }
    }

    fn check_in(&mut self, by: &Author, check_in: CheckIn, rules: &RulePack) -> Outcome {
        let patient = match check_in.patient.clone() {
            Some(patient) if self.patients.contains_key(&patient) => patient,
            Some(_) => return Err(SubmitError::NotFound("patient")),
            None => self.register(by, &check_in),
        };
        let state = self.patient_state(&patient).expect("the patient is known");
        let person = if check_in.person == PersonFace::EMPTY { state.person.clone() } else { check_in.person };
        let visit = VisitId::new(self.next_id("visit"));
        let site = Site { disaster_mode_open: self.disaster_is_open(), ..Site::of(SiteKind::Clinic) };
        let (site, flow, placed) = self.at_counter(site, check_in.flow, check_in.counter.as_deref());
        let opened = Opened { visit_date: self.now.date_in_japan(), site, flow, counter: check_in.counter };
        let mut commands = vec![
            VisitCommand::Open(opened),
            VisitCommand::TakePerson(PersonTaken { person }),
            VisitCommand::LinkPatient(PatientLinked { patient: patient.clone(), stored: state.stored() }),
        ];
        commands.extend(placed.map(VisitCommand::Place));
        let came = check_in.commands.iter().find_map(|command| match command {
            VisitCommand::ComeFrom(came) => Some(came.clone()),
            _ => None,
        });
        commands.extend(check_in.commands.into_iter().map(|command| self.with_first_of_family(command)));
        self.visits.insert(visit.clone(), Vec::new());
        let outcome = self.add_to_visit(by, &visit, commands, rules);
        if outcome.is_err() {
            self.visits.remove(&visit);
        } else if let Some(came) = came {
            self.arrived(&visit, came)?;
        }
        outcome.map(|saved| Saved { patient: Some(patient), ..saved })
    }

    fn register(&mut self, by: &Author, check_in: &CheckIn) -> PatientId {
        let patient = PatientId::new(self.next_id("patient"));
        self.learn(by, &patient, PatientFact::PersonKnown(PersonKnown { person: check_in.person.clone() }));
        if let Some(patient_number) = check_in.patient_number.clone() {
            self.learn(by, &patient, PatientFact::PatientNumbered(PatientNumbered { patient_number }));
        }
        patient
    }

    pub fn learn(&mut self, by: &Author, patient: &PatientId, fact: PatientFact) {
        let id = FactId::new(self.next_id("fact"));
        let recorded = Recorded { id, at: self.now, by: by.clone(), fact };
        self.patients.entry(patient.clone()).or_default().push(recorded);
    }

    pub(super) fn add_to_visit(
        &mut self,
        by: &Author,
        visit: &VisitId,
        commands: Vec<VisitCommand>,
        rules: &RulePack,
    ) -> Outcome {
        let state = self.visit_state(visit).ok_or(SubmitError::NotFound("visit"))?;
        let facts = apply(&state, commands, rules, self.now, &self.links).map_err(|refused| match refused {
            Refused::StateChanged(why) => SubmitError::StateChanged(why),
            Refused::At { at, why } => SubmitError::Refused { at: at.to_owned(), why },
        })?;
        for fact in facts {
            let id = FactId::new(self.next_id("fact"));
            let recorded = Recorded { id, at: self.now, by: by.clone(), fact: fact.clone() };
            self.visits.get_mut(visit).expect("the visit is known").push(recorded);
            self.learn_from(by, visit, &fact);
        }
        let patient = self.visit_state(visit).and_then(|state| state.patient);
        Ok(Saved { visit: Some(visit.clone()), patient, ..self.saved() })
    }

    fn learn_from(&mut self, by: &Author, visit: &VisitId, fact: &VisitFact) {
        let Some(patient) = self.visit_state(visit).and_then(|state| state.patient) else { return };
        let on = self.now.date_in_japan();
        let (coverage, evidence, confidence) = match fact {
            VisitFact::DocumentPresented(document) => {
                if document.presented.kind.shows_card() {
                    self.learn(by, &patient, PatientFact::DocumentShown(DocumentShown { on }));
                }
                (document.presented.coverage.clone(), document.presented.kind, Confidence::ConfirmedByDocument)
            }
            VisitFact::AnswerReceived(received) if received.answer.is_valid_on(on) => {
                let Some(result) = received.answer.main_result() else { return };
                (result.coverage.clone(), EvidenceKind::MynaCardFace, Confidence::ConfirmedOnline)
            }
            VisitFact::FollowUpClosed(closed) if closed.kind == FollowUpKind::CertificateSlip => {
                self.learn(by, &patient, PatientFact::SlipGiven(SlipGiven { on }));
                return;
            }
            _ => return,
        };
        if coverage.has_numbers() {
            let learned = CoverageLearned { coverage, evidence, confidence, on, visit: Some(visit.clone()) };
            self.learn(by, &patient, PatientFact::CoverageLearned(Box::new(learned)));
        }
    }

    pub(super) fn ask(&mut self, by: &Author, visit: &VisitId, query: NumberQuery, rules: &RulePack) -> Outcome {
        let state = self.visit_state(visit).ok_or(SubmitError::NotFound("visit"))?;
        let Some(birth_date) = state.person.as_ref().and_then(|person| person.birth_date) else {
            let why = Text::new("生年月日を入力してください。", "The birth date is needed.");
            return Err(SubmitError::Refused { at: "birth_date".to_owned(), why });
        };
        let question = QuestionId::new(self.next_id("question"));
        let search = Search { coverage: query.coverage, birth_date, confirm_for: self.now.date_in_japan() };
        let asked = QuestionAsked { question: question.clone(), purpose: QuestionPurpose::Desk, search };
        let saved = self.add_to_visit(by, visit, vec![VisitCommand::Ask(asked)], rules)?;
        let title = Text::new("番号で照会", "Query by number");
        self.queue_job(question.clone(), QuestionPurpose::Desk, Some(visit.clone()), title);
        Ok(Saved { question: Some(question), ..saved })
    }

    fn queue_job(&mut self, job: QuestionId, purpose: QuestionPurpose, visit: Option<VisitId>, title: Text) {
        let state = match self.links.broken_for_query() {
            Some(_) => JobState::WaitingForLink(domain::link::Link::Line),
            None => JobState::Asked { since: self.now, bundle: None },
        };
        let name = visit.as_ref().and_then(|v| self.visit_state(v)).and_then(|s| s.person).and_then(|p| p.name);
        let item =
            JobItem { job, purpose, visit, name, title, created_at: self.now, attempts: 0, state, last_problem: None };
        self.jobs.push(item);
    }

    fn change_patient(&mut self, by: &Author, patient: PatientId, command: PatientCommand) -> Outcome {
        if !self.patients.contains_key(&patient) {
            return Err(SubmitError::NotFound("patient"));
        }
        let fact = match command {
            PatientCommand::CorrectName { as_received, corrected } => {
                PatientFact::NameCorrected(NameCorrected { as_received, corrected })
            }
            PatientCommand::NoteCare(note) => PatientFact::CareNoted(CareNoted { note }),
            PatientCommand::SetNumber(patient_number) => {
                PatientFact::PatientNumbered(PatientNumbered { patient_number })
            }
            PatientCommand::LearnCoverage(coverage) => PatientFact::CoverageLearned(Box::new(CoverageLearned {
                coverage: *coverage,
                evidence: EvidenceKind::EligibilityCertificate,
                confidence: Confidence::ConfirmedByDocument,
                on: self.now.date_in_japan(),
                visit: None,
            })),
            PatientCommand::RememberCard(_) if self.readings_are_gone => {
                let why = Text::new("読み取りはもうありません。", "That reading is gone.");
                return Err(SubmitError::Refused { at: "reading".to_owned(), why });
            }
            PatientCommand::RememberCard(reading) => {
                let token = cards::token_of(&reading);
                PatientFact::CardRemembered(CardRemembered { token, reader: "reader-1".to_owned() })
            }
            PatientCommand::ForgetCards => PatientFact::CardsForgotten(CardsForgotten { everywhere: false }),
        };
        self.learn(by, &patient, fact);
        Ok(Saved { patient: Some(patient), ..self.saved() })
    }

    fn look_up(&mut self, query: HistoryQuery) -> Saved {
        let words = [query.person.name_kana, query.person.birth_date.map(|d| d.to_string()), query.patient_number];
        let text = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let found: Vec<PatientId> = self.search(&text).into_iter().map(|hit| hit.patient).collect();
        let question = found.is_empty().then(|| QuestionId::new(self.next_id("question")));
        if let Some(question) = question.clone() {
            let title = Text::new("受診歴の照会", "Visit-history lookup");
            self.queue_job(question, QuestionPurpose::History, None, title);
        }
        Saved { found, question, ..self.saved() }
    }

    fn change_job(&mut self, command: JobCommand) -> Outcome {
        let now = self.now;
        let asked = |job: &mut JobItem| {
            job.attempts += 1;
            job.state = JobState::Asked { since: now, bundle: None };
        };
        match command {
            JobCommand::SendAllNow => self.jobs.iter_mut().filter(|job| job.can_send_now()).for_each(asked),
            JobCommand::SendNow(id) | JobCommand::AskAgain(id) => asked(self.job(&id)?),
            JobCommand::Withdraw { job, reason } => {
                let how = Text::new(format!("取り下げ：{reason}"), format!("withdrawn: {reason}"));
                self.job(&job)?.state = JobState::Done { at: now, how };
            }
        }
        Ok(self.saved())
    }

    fn job(&mut self, id: &QuestionId) -> Result<&mut JobItem, SubmitError> {
        self.jobs.iter_mut().find(|job| job.job == *id).ok_or(SubmitError::NotFound("job"))
    }

    fn claim_answer(&mut self, answer: &str, visit: Option<VisitId>) -> Outcome {
        let at = self.shelf.iter().position(|a| a.answer == answer).ok_or(SubmitError::NotFound("answer"))?;
        self.shelf.remove(at);
        Ok(Saved { visit, ..self.saved() })
    }
}
