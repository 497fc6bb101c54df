//! Arranging a visit in the words of the desk.

pub use crate::look::Look;
pub use crate::people::*;
use crate::sound;
use domain::case::{Attempt, AttemptOutcome, Case, Companion, Flow, Presented, Site, SiteKind, StoredPatient};
use domain::coverage::Coverage;
use domain::decision::Decision;
use domain::declaration::Declaration;
use domain::eligibility::{
    AskedBy, Consent, ConsentTopic, EligibilityResult, EligibilityStatus, OnlineAnswer, PersonFace,
};
use domain::evidence::EvidenceKind;
use domain::link::{Cause, CouldNotAsk, Link, LinkState};
use domain::lookup::{DisasterConsent, Lookup, SearchedBy};
use domain::rule::RulePack;
use domain::{Date, Timestamp, decide};

/// Days on which a scenario of "any" date is run: an ordinary one, one near a rule's end, one after it.
pub const ANY_DAYS: [&str; 4] = ["2025-03-10", "2026-06-01", "2026-08-03", "2026-11-24"];

pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub fn noon(on: Date) -> Timestamp {
    Timestamp::in_japan(on, 12, 0, 0)
}

/// A visit on a day, at noon, of a woman of 39 to 41, at a clinic with a face reader and nothing more.
pub fn at(date: &str) -> Desk {
    let on = day(date);
    let mut case = Case::new(on, Site::of(SiteKind::Clinic));
    case.at = Some(noon(on));
    case.person = hanako();
    Desk { case, rules: RulePack::built_in() }
}

#[derive(Clone)]
pub struct Desk {
    pub case: Case,
    pub rules: RulePack,
}

impl Desk {
    /// What the rules say; whatever must always hold is checked on the way.
    pub fn decide(&self) -> Decision {
        let decision = decide(&self.case, &self.rules);
        sound::check(&self.case, &self.rules, &decision);
        decision
    }

    fn with(mut self, change: impl FnOnce(&mut Case)) -> Desk {
        change(&mut self.case);
        self
    }

    pub fn rules(mut self, rules: RulePack) -> Desk {
        self.rules = rules;
        self
    }

    // what is shown

    pub fn card(self) -> Desk {
        self.shows(EvidenceKind::MynaCardFace)
    }

    pub fn shows(self, kind: EvidenceKind) -> Desk {
        self.with(|case| case.presented.push(Presented::bare(kind)))
    }

    pub fn shows_with(self, kind: EvidenceKind, coverage: Coverage) -> Desk {
        self.with(|case| case.presented.push(Presented { coverage, ..Presented::bare(kind) }))
    }

    pub fn shows_copy(self, kind: EvidenceKind, coverage: Coverage) -> Desk {
        self.with(|case| case.presented.push(Presented { coverage, is_copy: true, ..Presented::bare(kind) }))
    }

    pub fn shows_copy_of(self, kind: EvidenceKind, original: EvidenceKind, coverage: Coverage) -> Desk {
        self.with(|case| {
            case.presented.push(Presented { kind, coverage, is_copy: true, copy_of: Some(original) });
        })
    }

    pub fn certificate_until(self, expiry: &str) -> Desk {
        self.with(|case| case.certificate_expiry = Some(day(expiry)))
    }

    pub fn unregistered(self) -> Desk {
        self.with(|case| case.card_registered = Some(false))
    }

    pub fn lost_card(self) -> Desk {
        self.with(|case| case.card_lost = true)
    }

    // what was tried

    pub fn tried(self, kind: EvidenceKind, outcome: AttemptOutcome) -> Desk {
        self.with(|case| case.attempts.push(Attempt { kind, outcome }))
    }

    pub fn face_fails(self) -> Desk {
        self.tried(EvidenceKind::MynaCardFace, AttemptOutcome::Failed)
    }

    pub fn pin_locked(self) -> Desk {
        self.tried(EvidenceKind::MynaCardPin, AttemptOutcome::Locked)
    }

    pub fn pin_forgotten(self) -> Desk {
        self.tried(EvidenceKind::MynaCardPin, AttemptOutcome::Forgotten)
    }

    pub fn visual_fails(self) -> Desk {
        self.tried(EvidenceKind::MynaCardVisual, AttemptOutcome::Failed)
    }

    // links

    pub fn down(self, link: Link) -> Desk {
        let since = self.case.at.map(|at| at.plus_ms(-600_000));
        self.with(|case| *case.links.get_mut(link) = LinkState::down(since))
    }

    pub fn line_down(self) -> Desk {
        self.down(Link::Line)
    }

    pub fn reader_down(self) -> Desk {
        self.down(Link::Reader)
    }

    pub fn power_cut(self) -> Desk {
        let mut desk = self;
        for link in Link::ALL {
            desk = desk.down(*link).with(|case| case.links.get_mut(*link).cause = Some(Cause::Power));
        }
        desk
    }

    /// A question could not be asked.
    pub fn could_not_ask(self, cause: Cause) -> Desk {
        let since = self.case.at.map(|at| at.plus_ms(-300_000));
        let code = Some("E-1".to_owned());
        self.with(|case| case.could_not_ask = Some(CouldNotAsk { cause, since, code, still_out: false }))
    }

    /// An answer about somebody else came and was not kept.
    pub fn withheld(self, asked_by: AskedBy) -> Desk {
        self.with(|case| {
            case.answer_withheld = true;
            case.withheld_asked_by = Some(asked_by);
        })
    }

    /// Staff copied what the official screen said, three minutes ago.
    pub fn looked_up(self, kind: EvidenceKind, answer: Answer) -> Desk {
        self.with(|case| {
            let looked_up_at = noon(case.visit_date).plus_ms(-180_000);
            case.lookup = Some(Lookup {
                kind,
                answer: OnlineAnswer { confirmed_for: case.visit_date, ..answer.0 },
                searched_by: SearchedBy::FourItems,
                person_compared: true,
                looked_up_by: "受付 一子".to_owned(),
                looked_up_at,
                consent: None,
            });
        })
    }

    pub fn consents_in_disaster(self, consent: DisasterConsent) -> Desk {
        self.with(|case| case.lookup.iter_mut().for_each(|lookup| lookup.consent = Some(consent)))
    }

    // the site

    pub fn disaster_mode_open(self) -> Desk {
        self.with(|case| case.site.disaster_mode_open = true)
    }

    pub fn pharmacy(self) -> Desk {
        self.with(|case| case.site.kind = SiteKind::Pharmacy)
    }

    pub fn without_reader(self) -> Desk {
        self.with(|case| case.site.without_reader = true)
    }

    pub fn phone_reader(self) -> Desk {
        self.with(|case| case.site.phone_reader = true)
    }

    pub fn consent_app(self) -> Desk {
        self.with(|case| case.site.home_consent_app = true)
    }

    pub fn consent_web(self) -> Desk {
        self.with(|case| case.site.home_consent_web = true)
    }

    pub fn flow(self, flow: Flow) -> Desk {
        self.with(|case| case.flow = flow)
    }

    pub fn now(self, at: Timestamp) -> Desk {
        self.with(|case| case.at = Some(at))
    }

    // the patient

    pub fn born(self, birth: &str) -> Desk {
        self.with(|case| case.person.birth_date = Some(day(birth)))
    }

    pub fn person(self, person: PersonFace) -> Desk {
        self.with(|case| case.person = person)
    }

    pub fn brought_by(self, companion: Companion) -> Desk {
        self.with(|case| case.companion = Some(companion))
    }

    pub fn on_file(self, coverage: Coverage, confirmed_on: Date) -> Desk {
        self.with(|case| {
            case.stored = Some(StoredPatient {
                coverage,
                confirmed_on: Some(confirmed_on),
                confirmed_how: Some(EvidenceKind::MynaCardFace),
                document_shown_on: Some(confirmed_on),
                false_invalid_since: None,
                subsidy_shown_on: None,
                slips_given_on: Vec::new(),
                card_lost_on: None,
            });
        })
    }

    pub fn says_unchanged(self) -> Desk {
        self.with(|case| case.unchanged_said = true)
    }

    pub fn declares(self, declaration: Declaration) -> Desk {
        self.with(|case| case.declaration = Some(declaration))
    }

    pub fn staff_take_in(self) -> Desk {
        self.with(|case| case.staff_accepts = true)
    }

    /// An answer for the day of the visit.
    pub fn answer(self, answer: Answer) -> Desk {
        self.with(|case| {
            case.online = Some(OnlineAnswer { confirmed_for: case.visit_date, ..answer.0 });
        })
    }

    /// The same visit after the check-in was accepted on what is there now.
    pub fn settled(self) -> Desk {
        let accepted = self.decide().accepted;
        assert!(accepted.is_some(), "nothing was accepted");
        self.with(|case| case.settled = accepted)
    }
}

/// An answer of the national service about the person at the desk.
#[derive(Clone)]
pub struct Answer(OnlineAnswer);

fn plain(status: EligibilityStatus, results: Vec<EligibilityResult>) -> Answer {
    Answer(OnlineAnswer {
        status,
        asked_by: Some(AskedBy::Card),
        confirmed_for: day("2000-01-01"),
        obtained_at: None,
        results,
        consents: Vec::new(),
        reference_number: None,
        note: None,
    })
}

fn about(coverage: Coverage) -> Vec<EligibilityResult> {
    vec![EligibilityResult { person: hanako(), coverage }]
}

pub fn valid(coverage: Coverage) -> Answer {
    plain(EligibilityStatus::Valid, about(coverage))
}

/// 有効, to a query by number.
pub fn by_number(coverage: Coverage) -> Answer {
    valid(coverage).by_number()
}

/// 無効: this insurance was lost.
pub fn invalid(coverage: Coverage) -> Answer {
    plain(EligibilityStatus::Invalid, about(coverage))
}

pub fn superseded(coverage: Coverage) -> Answer {
    plain(EligibilityStatus::Superseded, about(coverage))
}

pub fn not_found() -> Answer {
    plain(EligibilityStatus::NotFound, Vec::new())
}

pub fn ambiguous() -> Answer {
    plain(EligibilityStatus::Ambiguous, Vec::new())
}

pub fn ticket_missing() -> Answer {
    plain(EligibilityStatus::ValidTicketMissing, Vec::new())
}

impl Answer {
    pub fn by_number(mut self) -> Answer {
        self.0.asked_by = Some(AskedBy::Number);
        self
    }

    pub fn consented_at(mut self, at: Timestamp) -> Answer {
        self.0.consents = [ConsentTopic::Drug, ConsentTopic::Diagnosis]
            .map(|topic| Consent {
                topic,
                given: true,
                at: Some(at),
                available_until: Some(at.plus_ms(24 * 3_600_000)),
            })
            .to_vec();
        self
    }

    pub fn about_person(mut self, change: impl Fn(&mut PersonFace)) -> Answer {
        self.0.results.iter_mut().for_each(|result| change(&mut result.person));
        self
    }

    pub fn and(mut self, coverage: Coverage) -> Answer {
        self.0.results.extend(about(coverage));
        self
    }

    pub fn born(self, birth: &str) -> Answer {
        let birth = day(birth);
        self.about_person(|person| person.birth_date = Some(birth))
    }
}
