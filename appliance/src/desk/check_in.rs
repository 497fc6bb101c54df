//! Commands handed in by people: repeated ones take effect once.

use super::effect;
use super::visit::OpenVisit;
use super::work::{Declined, Work};
use crate::store::{JobContent, JobRow, LookupContent};
use domain::coverage::Coverage;
use domain::eligibility::PersonFace;
use domain::fact::{Author, PatientId, QuestionId, VisitId};
use domain::text::Text;
use domain::visit::{
    CameFrom, Opened, PatientLinked, PersonTaken, QuestionAsked, QuestionPurpose, Search, VisitCommand,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::hash::{Hash, Hasher};
use sync::outbox::{Job, Stage};
use web::port::{CheckIn, DeskCommand, HistoryQuery, IdempotencyKey, NumberQuery, Saved};

/// A reply as it is kept for repetitions.
#[derive(Serialize, Deserialize)]
struct KeptReply {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    visit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    patient: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    question: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    found: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<String>,
    revision: u64,
    at_ms: i64,
}

impl Work<'_> {
    /// Does a command, once per key.
    pub(super) fn command(
        &mut self,
        by: &Author,
        counter: &str,
        key: Option<&IdempotencyKey>,
        command: DeskCommand,
    ) -> Result<Saved, Declined> {
        let Some(key) = key else { return self.do_and_tell(by, counter, command) };
        let key = key_of(by, key);
        let fingerprint = fingerprint_of(&command);
        if let Some((known, reply)) = self.writing.reading().earlier_reply(&key)? {
            return if known == fingerprint.as_slice() { repeated(&reply) } else { Err(Declined::KeyReused) };
        }
        let saved = self.do_and_tell(by, counter, command)?;
        let reply = serde_json::to_string(&KeptReply::of(&saved)).map_err(crate::store::StoreError::from)?;
        self.writing.keep_reply(&key, &fingerprint, &reply, self.now)?;
        Ok(saved)
    }

    /// Does it, and says in the trail who did it where, in the same transaction.
    fn do_and_tell(&mut self, by: &Author, counter: &str, command: DeskCommand) -> Result<Saved, Declined> {
        let what = super::trail::what(&command);
        self.tell_who_writes(by)?;
        let saved = self.do_command(by, command)?;
        self.writing.keep_trail(&super::trail::entry(what, by, counter, &saved), self.now)?;
        Ok(saved)
    }

    fn do_command(&mut self, by: &Author, command: DeskCommand) -> Result<Saved, Declined> {
        let mut saved = self.nothing_saved();
        match command {
            DeskCommand::CheckIn(check_in) => {
                let visit = self.check_in(by, *check_in)?;
                saved.patient = visit.state.patient;
                saved.visit = Some(visit.id);
            }
            DeskCommand::Visit { visit, commands } => {
                let mut open = self.visit(&visit)?;
                let commands = self.with_disaster_mode(commands)?;
                self.command_visit(&mut open, by, commands)?;
                saved.patient = open.state.patient;
                saved.visit = Some(visit);
            }
            DeskCommand::AskByNumber { visit, query } => {
                saved.question = Some(self.ask_by_number(by, &visit, query)?);
                saved.visit = Some(visit);
            }
            DeskCommand::Patient { patient, command } => {
                self.command_patient(&patient, by, command)?;
                saved.patient = Some(patient);
            }
            DeskCommand::LookUpHistory(query) => {
                saved.found = self.find(&query)?;
                if saved.found.is_empty() {
                    saved.question = Some(self.queue_lookup(query)?);
                }
            }
            DeskCommand::Job(command) => saved.question = super::job::command(self, command)?,
            DeskCommand::Claims(command) => self.command_claims(by, command)?,
            DeskCommand::AskAgainAll(visits) => self.ask_again_all(by, &visits)?,
            DeskCommand::ImportInsurers(contacts) => self.writing.keep_insurers(&contacts)?,
            DeskCommand::EraseCardTokens => self.erase_card_tokens(by)?,
            DeskCommand::TurnDisasterMode { open, reason } => self.turn_disaster_mode(by, open, &reason)?,
            DeskCommand::Apart(command) => super::apart::command(self, by, command, &mut saved)?,
            DeskCommand::ForgetPatient(forget) => {
                self.forget_patient(by, &forget)?;
                saved.patient = Some(forget.patient);
            }
            DeskCommand::Counters(command) => saved.about = self.command_counters(by, command)?,
            DeskCommand::Line(command) => saved.about = Some(self.command_line(by, command)?),
            DeskCommand::Consents(command) => saved.about = Some(self.command_consents(by, command)?),
            DeskCommand::FoundCards(command) => self.command_found_cards(by, command, &mut saved)?,
            DeskCommand::ClaimAnswer { answer, visit } => saved.visit = super::answer::claim(self, by, &answer, visit)?,
        }
        Ok(saved)
    }

    fn nothing_saved(&self) -> Saved {
        Saved {
            visit: None,
            patient: None,
            question: None,
            found: Vec::new(),
            about: None,
            revision: self.revision,
            at: self.now,
        }
    }

    /// Opens a visit for a known patient, or makes a new patient known.
    pub(super) fn check_in(&mut self, by: &Author, check_in: CheckIn) -> Result<OpenVisit, Declined> {
        let CheckIn { patient, patient_number, person, flow, counter, commands } = check_in;
        let patient = match patient {
            Some(id) => self.remaining_patient(&id)?,
            None => self.register_patient(by, person.clone(), patient_number, None)?,
        };
        let (site, flow, placed) = self.at_counter(self.site_now()?, flow, counter.as_deref())?;
        let opened = Opened { visit_date: self.now.date_in_japan(), site, flow, counter };
        let mut all = vec![
            VisitCommand::Open(opened),
            VisitCommand::TakePerson(PersonTaken { person: filled_in(person, &patient.state.person) }),
            VisitCommand::LinkPatient(PatientLinked { patient: patient.id.clone(), stored: patient.state.stored() }),
        ];
        if let Some(expiry) = patient.state.certificate_expiry {
            let seen = domain::visit::CardSeen { certificate_expiry: Some(expiry), registered: None };
            all.push(VisitCommand::NoteCard(seen));
        }
        all.extend(placed.map(VisitCommand::Place));
        let commands: Vec<VisitCommand> =
            commands.into_iter().filter(|command| !matches!(command, VisitCommand::Open(_))).collect();
        let came: Vec<CameFrom> = commands.iter().filter_map(came_from).collect();
        all.extend(self.with_first_of_family(commands)?);
        let mut visit = OpenVisit { patient: Some(patient), ..self.new_visit() };
        self.command_visit(&mut visit, by, all)?;
        came.into_iter().try_for_each(|came| self.arrived(by, &visit, came))?;
        Ok(visit)
    }

    pub(super) fn ask_by_number(
        &mut self,
        by: &Author,
        visit: &VisitId,
        query: NumberQuery,
    ) -> Result<QuestionId, Declined> {
        let mut open = self.visit(visit)?;
        let coverage = completed(query.coverage, &open);
        if !coverage.has_numbers() {
            return Err(Declined::refused(
                "insurer_number",
                "保険者番号と番号が必要です。書面を見て入力してください。",
                "Insurer number and insured number are needed. Take them from a paper.",
            ));
        }
        let Some(search) = effect::search_of(&open.state, &coverage) else {
            return Err(Declined::refused("birth_date", "生年月日が必要です。", "The birth date is needed."));
        };
        if let Some(question) = super::job::already_asked(self, visit, &search)? {
            return Ok(question);
        }
        let question = self.new_question(visit);
        let asked = QuestionAsked { question: question.clone(), purpose: QuestionPurpose::Desk, search };
        self.command_visit(&mut open, by, vec![VisitCommand::Ask(asked)])?;
        Ok(question)
    }

    /// A lookup the box's memory cannot answer: by number through the terminal, else through whoever learns of the person.
    fn queue_lookup(&mut self, query: HistoryQuery) -> Result<QuestionId, Declined> {
        let nobody =
            query.person == PersonFace::EMPTY && query.patient_number.is_none() && !query.coverage.has_numbers();
        if nobody {
            return Err(Declined::refused(
                "history",
                "カナと生年月日、患者番号、または保険の番号のどれかを入力してください。",
                "Give kana and birth date, the patient number, or the insured number.",
            ));
        }
        let question = QuestionId::new(self.new_id());
        let (stage, content, problem) = self.lookup_job(query);
        let row = JobRow::new(question.clone(), QuestionPurpose::History, content, self.now);
        self.writing.keep_job(&JobRow { job: Job { stage, ..row.job }, problem, ..row })?;
        Ok(question)
    }

    fn lookup_job(&self, query: HistoryQuery) -> (Stage, JobContent, Option<Text>) {
        let HistoryQuery { person, patient_number, coverage } = query;
        match person.birth_date.filter(|_| coverage.has_numbers()) {
            Some(birth_date) => {
                let confirm_for = self.now.date_in_japan();
                (Stage::Ready, JobContent::Query(Search { coverage, birth_date, confirm_for }), None)
            }
            None => (
                Stage::Elsewhere,
                JobContent::Lookup(LookupContent { person, patient_number, coverage }),
                Some(Text::new(
                    "この受付機に記録がありません。番号がないため端末には聞けません。他の受付機か次の受付で分かり次第お知らせします。",
                    "No record on this box, and no number to ask the terminal by. It is answered once another box or a check-in knows.",
                )),
            ),
        }
    }
}

fn came_from(command: &VisitCommand) -> Option<CameFrom> {
    match command {
        VisitCommand::ComeFrom(came) => Some(came.clone()),
        _ => None,
    }
}

/// The key as it is kept. Other people's equal keys are other keys.
pub(super) fn key_of(by: &Author, key: &IdempotencyKey) -> [u8; 16] {
    let hash: [u8; 32] = Sha256::digest(format!("{by}\n{}", key.0)).into();
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    half
}

/// What a command says, every number of it included; only compared with that of a command under the same key.
fn fingerprint_of(command: &DeskCommand) -> [u8; 32] {
    struct Fingerprint(Sha256);
    impl Hasher for Fingerprint {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0 // the whole digest is taken below
        }
    }
    let mut fingerprint = Fingerprint(Sha256::new());
    command.hash(&mut fingerprint);
    fingerprint.0.finalize().into()
}

/// What was shown today, completed by what is on file.
fn filled_in(shown: PersonFace, on_file: &PersonFace) -> PersonFace {
    PersonFace {
        name: shown.name.or_else(|| on_file.name.clone()),
        name_kana: shown.name_kana.or_else(|| on_file.name_kana.clone()),
        birth_date: shown.birth_date.or(on_file.birth_date),
        sex: shown.sex.or(on_file.sex),
        address: shown.address.or_else(|| on_file.address.clone()),
    }
}

/// The typed keys; without a number, those of the presented paper, else those on file.
fn completed(typed: Coverage, visit: &OpenVisit) -> Coverage {
    if typed.insured_number.is_some() || typed.insurer_number.is_some() {
        return typed;
    }
    let presented = visit.state.presented.iter().map(|p| &p.coverage).find(|c| c.has_numbers());
    let on_file = visit.state.stored.as_ref().map(|stored| &stored.coverage);
    presented.or(on_file).cloned().unwrap_or(typed)
}

fn repeated(reply: &str) -> Result<Saved, Declined> {
    let kept: KeptReply = serde_json::from_str(reply).map_err(crate::store::StoreError::from)?;
    Ok(kept.into_saved())
}

impl KeptReply {
    fn of(saved: &Saved) -> KeptReply {
        KeptReply {
            visit: saved.visit.as_ref().map(ToString::to_string),
            patient: saved.patient.as_ref().map(ToString::to_string),
            question: saved.question.as_ref().map(ToString::to_string),
            found: saved.found.iter().map(ToString::to_string).collect(),
            about: saved.about.clone(),
            revision: saved.revision,
            at_ms: saved.at.as_ms(),
        }
    }

    fn into_saved(self) -> Saved {
        Saved {
            visit: self.visit.map(VisitId::new),
            patient: self.patient.map(PatientId::new),
            question: self.question.map(QuestionId::new),
            found: self.found.into_iter().map(PatientId::new).collect(),
            about: self.about,
            revision: self.revision,
            at: domain::Timestamp::from_ms(self.at_ms),
        }
    }
}
