//! Consents that patients gave from afar (居宅同意取得型): received or not, how long they still count, arrived or not (REQ-58,
//! checkin-rules §3.2 and §8). Staff enter them by hand from the terminal's list or from what the patient says.

use crate::case::Flow;
use crate::date::{Date, Timestamp};
use crate::eligibility::PersonFace;
use crate::evidence::EvidenceKind;
use crate::fact::{Recorded, VisitId, in_order};
use crate::text::Text;
use crate::{codes, facts, identifier, record};

/// How long a consent counts for viewing, in milliseconds (checkin-rules §8).
pub const COUNTS_MS: i64 = 24 * 3_600_000;
/// From when on it is said that it runs out soon, in milliseconds before.
pub const SOON_MS: i64 = 2 * 3_600_000;
/// How long one that has run out stays on the board, so that somebody asks for a new one.
pub const SHOWN_AFTER_MS: i64 = 24 * 3_600_000;

identifier! {
    /// Id of one remote consent.
    pub struct ConsentId
}

codes! {
    /// From where staff know of it.
    pub enum ConsentHeard {
        /// the list of the terminal shows it
        TerminalList = "terminal_list",
        /// the patient says so; the list does not show it yet
        PatientSays = "patient_says",
    }
}

codes! {
    /// On whose device it was given.
    pub enum ConsentDevice {
        /// the patient's own, at home or in the car
        Own = "own",
        /// one of the site
        Site = "site",
    }
}

codes! {
    /// How the person was recognised on arrival.
    pub enum IdentityChecked {
        /// by a photo ID
        PhotoId = "photo_id",
        /// clearly known from earlier visits
        KnownPerson = "known_person",
    }
}

codes! {
    /// Why it counts for nothing any more.
    pub enum ConsentEnd {
        /// the patient took it back
        Withdrawn = "withdrawn",
        /// the patient did not come
        NeverCame = "never_came",
        /// it was entered by mistake
        Mistake = "mistake",
    }
}

record! {
    /// A remote consent was entered.
    pub struct ConsentEntered {
        /// who gave it
        pub person: PersonFace,
        /// when it was given, as the list or the patient says
        pub consented_at: Timestamp,
        /// by web or app
        pub way: EvidenceKind,
        /// on whose device
        pub device: ConsentDevice,
        /// where the patient is received
        pub flow: Flow,
        /// from where staff know
        pub heard: ConsentHeard,
        /// the day the visit is planned for
        pub planned_on: Option<Date>,
        /// where the patient waits: number plate, parking place, address
        pub place: Option<String>,
    }
}

record! {
    /// The terminal's list shows it, or still does not.
    pub struct ConsentSeen {
        /// it stands on the list
        pub on_list: bool,
    }
}

record! {
    /// The patient arrived and was checked in.
    pub struct ConsentArrived {
        /// the check-in
        pub visit: VisitId,
        /// how the person was recognised
        pub identity: Option<IdentityChecked>,
    }
}

record! {
    /// It counts for nothing any more.
    pub struct ConsentEnded {
        /// why
        pub why: ConsentEnd,
    }
}

facts! {
    /// Everything that can happen to a remote consent.
    pub enum ConsentFact {
        /// entered
        Entered(ConsentEntered) = "entered",
        /// on the list or not
        Seen(ConsentSeen) = "seen",
        /// arrived
        Arrived(ConsentArrived) = "arrived",
        /// ended
        Ended(ConsentEnded) = "ended",
    }
}

record! {
    /// A remote consent as its facts tell it.
    pub struct ConsentState {
        /// what was entered
        pub entered: ConsentEntered,
        /// when it was entered
        pub entered_at: Timestamp,
        /// the terminal's list shows it
        pub received: bool,
        /// the check-ins that began from it
        pub visits: Vec<VisitId>,
        /// why it counts for nothing any more
        pub ended: Option<ConsentEnd>,
    }
}

/// How a consent stands in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentTime {
    /// continuing care: it counts until it is taken back
    Continues,
    /// so many milliseconds are left
    Left(i64),
    /// few are left
    RunsOut(i64),
    /// it has run out: a new one is needed to see medical data
    Over,
}

impl ConsentEntered {
    /// What is wrong with it, at which field.
    pub fn check(&self, now: Timestamp) -> Result<(), (&'static str, Text)> {
        if self.person.name.is_none() && self.person.name_kana.is_none() {
            return Err(("name", Text::new("氏名かカナのどちらかを入力してください。", "Enter the name or its kana.")));
        }
        if !matches!(self.way, EvidenceKind::HomeConsentWeb | EvidenceKind::HomeConsentApp) {
            return Err(("way", Text::new("同意の方法を選んでください。", "Choose how consent was given.")));
        }
        if self.flow == Flow::Window {
            return Err((
                "flow",
                Text::new(
                    "受付の場所を選んでください。居宅同意取得型の事前の同意は、窓口以外の動線のためのものです。",
                    "Choose where the patient is received. Consent from afar is for other flows than the window.",
                ),
            ));
        }
        if self.consented_at > now.plus_ms(5 * 60_000) {
            return Err((
                "consented_at",
                Text::new("同意の時刻が未来です。", "The time of consent lies in the future."),
            ));
        }
        if now.since_ms(self.consented_at) > COUNTS_MS + SHOWN_AFTER_MS && !self.continues() {
            return Err((
                "consented_at",
                Text::new(
                    "同意から2日以上たっています。24時間で切れているので、もう一度同意をお願いしてください。",
                    "It is more than two days old and ran out after 24 hours. Ask for a new consent.",
                ),
            ));
        }
        Ok(())
    }

    /// Home visits: the first consent continues until it is taken back (checkin-rules §8).
    pub fn continues(&self) -> bool {
        matches!(self.flow, Flow::HomeVisit | Flow::Facility)
    }
}

impl ConsentState {
    /// Folds facts, in whatever order they are handed over; none before it was entered.
    pub fn fold(mut facts: Vec<Recorded<ConsentFact>>) -> Option<ConsentState> {
        in_order(&mut facts);
        let entered = facts.iter().find_map(|recorded| match &recorded.fact {
            ConsentFact::Entered(entered) => Some((recorded.at, entered.clone())),
            _ => None,
        });
        let (entered_at, entered) = entered?;
        let received = entered.heard == ConsentHeard::TerminalList;
        let mut state = ConsentState { entered, entered_at, received, visits: Vec::new(), ended: None };
        facts.into_iter().for_each(|recorded| state.take(recorded.fact));
        Some(state)
    }

    /// Takes one more fact that is later than all the others.
    pub fn take(&mut self, fact: ConsentFact) {
        match fact {
            ConsentFact::Seen(seen) => self.received = seen.on_list,
            ConsentFact::Arrived(arrived) => {
                self.visits.extend(Some(arrived.visit).filter(|visit| !self.visits.contains(visit)));
            }
            ConsentFact::Ended(ended) => self.ended = Some(ended.why),
            ConsentFact::Entered(_) | ConsentFact::Unknown(..) => {}
        }
    }

    /// Whether somebody still waits for the patient. A consent that continues waits for every visit anew.
    pub fn is_open(&self) -> bool {
        self.ended.is_none() && (self.visits.is_empty() || self.entered.continues())
    }

    /// How it stands in time.
    pub fn time(&self, now: Timestamp) -> ConsentTime {
        if self.entered.continues() {
            return ConsentTime::Continues;
        }
        match COUNTS_MS - now.since_ms(self.entered.consented_at) {
            left if left <= 0 => ConsentTime::Over,
            left if left <= SOON_MS => ConsentTime::RunsOut(left),
            left => ConsentTime::Left(left),
        }
    }

    /// Whether it belongs on the board: open, and not run out long ago.
    pub fn is_shown(&self, now: Timestamp) -> bool {
        self.is_open()
            && (self.entered.continues() || now.since_ms(self.entered.consented_at) < COUNTS_MS + SHOWN_AFTER_MS)
    }

    /// The fact that ends it, or why it cannot be.
    pub fn end(&self, why: ConsentEnd) -> Result<ConsentFact, Text> {
        if !self.is_open() {
            return Err(done());
        }
        Ok(ConsentFact::Ended(ConsentEnded { why }))
    }

    /// The fact that the patient arrived, or why it cannot be.
    pub fn arrive(
        &self,
        visit: VisitId,
        identity: Option<IdentityChecked>,
    ) -> Result<ConsentFact, (&'static str, Text)> {
        if !self.is_open() {
            return Err(("consent", done()));
        }
        if self.entered.device == ConsentDevice::Own && identity.is_none() {
            return Err((
                "identity",
                Text::new(
                    "来院前に同意した方です。写真付きの本人確認書類か、以前から面識のある方かを確かめてください。",
                    "The consent was given in advance. Check a photo ID, or say that the person is clearly known.",
                ),
            ));
        }
        Ok(ConsentFact::Arrived(ConsentArrived { visit, identity }))
    }
}

fn done() -> Text {
    Text::new("この同意は受付済みか、終わっています。", "This consent was used or has ended.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::fact::{Author, FactId};

    const NOON: Timestamp = Timestamp::in_japan(Date::literal(2026, 3, 2), 12, 0, 0);

    fn entered(flow: Flow) -> ConsentEntered {
        ConsentEntered {
            person: PersonFace { name_kana: Some("ヤマダ タロウ".to_owned()), ..PersonFace::EMPTY },
            consented_at: NOON,
            way: EvidenceKind::HomeConsentWeb,
            device: ConsentDevice::Own,
            flow,
            heard: ConsentHeard::PatientSays,
            planned_on: None,
            place: None,
        }
    }

    fn state(facts: Vec<ConsentFact>) -> ConsentState {
        let recorded = facts.into_iter().enumerate().map(|(nth, fact)| Recorded {
            id: FactId::new(format!("f{nth}")),
            at: NOON.plus_ms(i64::try_from(nth).unwrap()),
            by: Author::new("staff-1"),
            fact,
        });
        ConsentState::fold(recorded.collect()).unwrap()
    }

    #[test]
    fn it_counts_for_24_hours_and_says_when_it_runs_out() {
        let consent = state(vec![ConsentFact::Entered(entered(Flow::DriveThrough))]);
        let after = |minutes: i64| consent.time(NOON.plus_ms(minutes * 60_000));
        assert_eq!(after(0), ConsentTime::Left(COUNTS_MS));
        assert_eq!(after(22 * 60 - 1), ConsentTime::Left(121 * 60_000));
        assert_eq!(after(22 * 60), ConsentTime::RunsOut(SOON_MS));
        assert_eq!(after(24 * 60), ConsentTime::Over);
        assert!(consent.is_shown(NOON.plus_ms(47 * 3_600_000)), "somebody must ask for a new one");
        assert!(!consent.is_shown(NOON.plus_ms(48 * 3_600_000)));
        assert!(!consent.received, "the patient says so, the list does not");
    }

    #[test]
    fn at_home_the_first_consent_continues_until_it_is_taken_back() {
        let first = vec![ConsentFact::Entered(entered(Flow::HomeVisit))];
        let consent = state(first.clone());
        assert_eq!(consent.time(NOON.plus_ms(90 * 24 * 3_600_000)), ConsentTime::Continues);
        let arrived = consent.arrive(VisitId::new("v1"), Some(IdentityChecked::KnownPerson)).unwrap();
        let again = state(first.into_iter().chain([arrived]).collect());
        assert!(again.is_open());
        assert!(again.end(ConsentEnd::Withdrawn).is_ok());
    }

    #[test]
    fn given_in_advance_it_needs_a_look_at_the_person_on_arrival() {
        let consent = state(vec![ConsentFact::Entered(entered(Flow::Car))]);
        assert_eq!(consent.arrive(VisitId::new("v1"), None).unwrap_err().0, "identity");
        let arrived = consent.arrive(VisitId::new("v1"), Some(IdentityChecked::PhotoId)).unwrap();
        let used = state(vec![ConsentFact::Entered(entered(Flow::Car)), arrived]);
        assert!(!used.is_open());
        assert!(used.arrive(VisitId::new("v2"), Some(IdentityChecked::PhotoId)).is_err());
        let on_site = ConsentEntered { device: ConsentDevice::Site, ..entered(Flow::Car) };
        assert!(state(vec![ConsentFact::Entered(on_site)]).arrive(VisitId::new("v1"), None).is_ok());
    }

    #[test]
    fn what_cannot_be_is_refused_at_its_field() {
        let fault = |entered: ConsentEntered| entered.check(NOON).unwrap_err().0;
        assert!(entered(Flow::Car).check(NOON).is_ok());
        assert_eq!(fault(ConsentEntered { person: PersonFace::EMPTY, ..entered(Flow::Car) }), "name");
        assert_eq!(fault(entered(Flow::Window)), "flow");
        assert_eq!(fault(ConsentEntered { way: EvidenceKind::MynaCardFace, ..entered(Flow::Car) }), "way");
        let then = |hours: i64| ConsentEntered { consented_at: NOON.plus_ms(hours * 3_600_000), ..entered(Flow::Car) };
        assert_eq!((fault(then(1)), fault(then(-49))), ("consented_at", "consented_at"));
        assert!(then(-30).check(NOON).is_ok(), "run out, and worth saying");
    }
}
