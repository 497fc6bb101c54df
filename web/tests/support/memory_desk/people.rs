//! People over plain collections: enough to show every page of theirs.

use super::{MemoryDesk, Record, ready};
use domain::Timestamp;
use domain::fact::{Author, PatientId, VisitId};
use domain::text::Text;
use web::port::*;

/// The code of every second factor here.
pub const CODE: &str = "123456";
/// The signature of every passkey here.
pub const SIGNED: &[u8] = b"signed";
/// The code in every envelope here.
pub const ENVELOPE: &str = "envelope-envelope";

/// What the desk in memory knows of people.
#[derive(Default)]
pub struct MemoryPeople {
    pub policy: Policy,
    pub members: Vec<StaffMember>,
    pub notices: Notices,
    pub viewed: Vec<(Author, Viewed)>,
    pub changes: Vec<StaffChange>,
    pub trail: Vec<TrailLine>,
    pub passkeys: Vec<PasskeyItem>,
}

/// A plain account.
pub fn member(author: &str, name: &str, role: Role) -> StaffMember {
    StaffMember {
        author: Author::new(author),
        name: name.to_owned(),
        role,
        is_locked: false,
        has_first_password: false,
        has_second_factor: false,
        passkeys: 0,
        has_switch_code: true,
        recovery_codes: 0,
        window: None,
        second_factor_by: None,
    }
}

impl MemoryDesk {
    /// An open session of an account with this role.
    pub fn add_session_as(&self, role: Role) -> Session {
        let session = self.add_session();
        let mut record = self.record();
        let kept = record.sessions.iter_mut().find(|kept| kept.token == session.token).expect("just opened");
        kept.role = role;
        kept.clone()
    }

    /// Lets every session come to a stage.
    pub fn bring_sessions_to(&self, stage: Stage) {
        self.record().sessions.iter_mut().for_each(|session| session.stage = stage);
    }

    /// A line in the trail.
    pub fn add_trail(&self, what: &str, patient: Option<&str>, visit: Option<&str>) {
        let mut record = self.record();
        let at = record.now;
        let seq = record.people.trail.len() as u64 + 1;
        record.people.trail.push(TrailLine {
            seq,
            at,
            what: what.to_owned(),
            author: "staff-1".to_owned(),
            name: Some("受付 一子".to_owned()),
            counter: "第1窓口".to_owned(),
            patient: patient.map(PatientId::new),
            visit: visit.map(VisitId::new),
            detail: String::new(),
        });
    }
}

fn question(place: PasskeyPlace, known: Vec<String>) -> PasskeyQuestion {
    PasskeyQuestion { challenge: "Y2hhbGxlbmdl".to_owned(), place, user: "c3RhZmYtMQ".to_owned(), known }
}

fn wrong() -> SignInRefused {
    SignInRefused { why: Text::new("コードが違います。", "That code is wrong.") }
}

fn anew(record: &mut Record, session: &Session, account: Account, role: Role) -> Session {
    record.sessions.retain(|kept| kept.token != session.token);
    let opened = record.open_session(account);
    let kept = record.sessions.last_mut().expect("just opened");
    kept.role = role;
    Session { role, ..opened }
}

impl People for MemoryDesk {
    fn staff(&self) -> Reading<Vec<StaffMember>> {
        Ok(self.record().people.members.clone())
    }

    fn policy(&self) -> Reading<Policy> {
        Ok(self.record().people.policy.clone())
    }

    fn change(&self, by: &Session, change: StaffChange) -> Pending<'_, Result<StaffSaid, StaffRefused>> {
        let mut record = self.record();
        record.people.changes.push(change.clone());
        let said = match change {
            StaffChange::Add { name, .. } if name == "断る" => {
                return ready(Err(StaffRefused::At("name", Text::new("使われています。", "Taken."))));
            }
            StaffChange::Add { .. } | StaffChange::Reset(_) => StaffSaid::Password("first-password".to_owned()),
            StaffChange::NewEmergencyCode => StaffSaid::EmergencyCode(ENVELOPE.to_owned()),
            StaffChange::BeginSecondFactor { .. } => {
                StaffSaid::Secret { secret: "ABCD EFGH".to_owned(), uri: "otpauth://totp/x?secret=ABCD".to_owned() }
            }
            StaffChange::BeginPasskey { place, .. } => StaffSaid::PasskeyQuestion(question(place, Vec::new())),
            StaffChange::ConfirmSecondFactor { .. } => StaffSaid::RecoveryCodes(vec!["aaaaa-bbbbb".to_owned()]),
            StaffChange::SetPolicy(policy) => {
                record.people.policy = policy;
                StaffSaid::Kept
            }
            StaffChange::SetLook(look) => {
                record.sessions.iter_mut().filter(|kept| kept.token == by.token).for_each(|kept| kept.look = look);
                StaffSaid::Kept
            }
            _ => StaffSaid::Kept,
        };
        ready(Ok(said))
    }

    fn enter_code(
        &self,
        session: &Session,
        code: String,
        _client: Client,
    ) -> Pending<'_, Result<Session, SignInRefused>> {
        if code != CODE {
            return ready(Err(wrong()));
        }
        let mut record = self.record();
        ready(Ok(anew(&mut record, session, session.account.clone(), session.role)))
    }

    fn passkeys(&self, _of: &Author) -> Reading<Vec<PasskeyItem>> {
        Ok(self.record().people.passkeys.clone())
    }

    fn ask_for_passkey(&self, by: &PasskeyBy, place: PasskeyPlace) -> Result<PasskeyQuestion, SignInRefused> {
        let known = match by {
            PasskeyBy::Form(_) => Vec::new(),
            PasskeyBy::Session(_) => self.record().people.passkeys.iter().map(|key| key.key.clone()).collect(),
        };
        Ok(question(place, known))
    }

    fn sign_in_by_passkey(
        &self,
        by: PasskeyBy,
        shown: PasskeyShown,
        _place: PasskeyPlace,
        _client: Client,
    ) -> Pending<'_, Result<Session, SignInRefused>> {
        if shown.signature != SIGNED {
            return ready(Err(wrong()));
        }
        let mut record = self.record();
        ready(Ok(match by {
            PasskeyBy::Form(_) => record.open_session(Account::new(Author::new("staff-1"), "受付 一子")),
            PasskeyBy::Session(session) => anew(&mut record, &session, session.account.clone(), session.role),
        }))
    }

    fn unlock(
        &self,
        session: &Session,
        secret: String,
        _client: Client,
    ) -> Pending<'_, Result<Session, SignInRefused>> {
        if secret != "practice-password" {
            return ready(Err(wrong()));
        }
        let mut record = self.record();
        ready(Ok(anew(&mut record, session, session.account.clone(), session.role)))
    }

    fn switch(
        &self,
        session: &Session,
        to: Author,
        secret: String,
        _client: Client,
    ) -> Pending<'_, Result<Session, SignInRefused>> {
        let mut record = self.record();
        let member = record.people.members.iter().find(|member| member.author == to).cloned();
        match member {
            Some(member) if secret == "practice-password" => {
                let account = Account::new(to, member.name);
                ready(Ok(anew(&mut record, session, account, member.role)))
            }
            _ => ready(Err(wrong())),
        }
    }

    fn lock(&self, session: &Session) -> Pending<'_, ()> {
        let mut record = self.record();
        let kept = record.sessions.iter_mut().find(|kept| kept.token == session.token);
        kept.expect("a session").stage = Stage::Locked;
        ready(())
    }

    fn use_emergency(
        &self,
        code: String,
        who: String,
        _reason: String,
        _client: Client,
    ) -> Pending<'_, Result<Session, SignInRefused>> {
        let mut record = self.record();
        if code != ENVELOPE || record.people.notices.emergency.is_some() {
            return ready(Err(wrong()));
        }
        let at: Timestamp = record.now;
        record.people.notices.emergency = Some(EmergencyUse { at, who, counter: "第1窓口".to_owned() });
        let session = record.open_session(Account::new(Author::new("emergency"), "緊急用"));
        record.sessions.last_mut().expect("just opened").role = Role::Reception;
        ready(Ok(Session { role: Role::Reception, ..session }))
    }

    fn notices(&self) -> Notices {
        self.record().people.notices.clone()
    }

    fn viewed(&self, by: &Account, what: Viewed) {
        self.record().people.viewed.push((by.author.clone(), what));
    }

    fn trail(&self, question: &TrailQuestion) -> Reading<Vec<TrailLine>> {
        let record = self.record();
        let fits = |line: &&TrailLine| {
            question.patient.as_ref().is_none_or(|patient| line.patient.as_ref() == Some(patient))
                && question.author.as_ref().is_none_or(|author| *author == line.author)
        };
        Ok(record.people.trail.iter().rev().filter(fits).cloned().collect())
    }
}
