//! Thousands of cases put together by chance (always the same ones): every one of them keeps the promises of [`crate::sound`].

use crate::desk::*;
use crate::sound;
use domain::case::{Attempt, AttemptOutcome, Case, Companion, Flow, Presented, Site, SiteKind, StoredPatient};
use domain::claim::ClaimBasis;
use domain::coverage::{Coverage, Sex};
use domain::decide;
use domain::declaration::{Declaration, DocumentIssued};
use domain::eligibility::{
    AskedBy, Consent, ConsentTopic, EligibilityResult, EligibilityStatus, OnlineAnswer, PersonFace, PersonMatch,
};
use domain::evidence::EvidenceKind;
use domain::link::{Cause, CouldNotAsk, Link, LinkState, LinkStatus};
use domain::lookup::{DisasterConsent, Lookup, SearchedBy};
use domain::rule::RulePack;
use std::collections::BTreeSet;

const CASES: u32 = 8_000;

const DAYS: [&str; 24] = [
    "2023-07-10",
    "2024-02-29",
    "2024-03-01",
    "2024-04-16",
    "2024-09-30",
    "2024-11-30",
    "2024-12-01",
    "2024-12-02",
    "2025-02-11",
    "2025-02-12",
    "2025-03-31",
    "2025-04-01",
    "2025-07-31",
    "2025-08-01",
    "2025-08-04",
    "2025-09-18",
    "2025-09-19",
    "2025-12-01",
    "2025-12-02",
    "2026-04-01",
    "2026-07-31",
    "2026-08-01",
    "2026-11-24",
    "2027-01-04",
];

const BIRTHS: [&str; 10] = [
    "1931-02-28",
    "1950-12-31",
    "1951-03-03",
    "1955-12-01",
    "1956-01-02",
    "1958-07-07",
    "1985-04-12",
    "2019-04-01",
    "2019-04-02",
    "2024-06-30",
];

/// Kinds that settle seldom, because they need a query as well.
const WITH_QUERY: [EvidenceKind; 3] =
    [EvidenceKind::NoticeOnly, EvidenceKind::InsuranceCardExpired, EvidenceKind::PatientCardOnly];

/// A linear congruence, read from its upper half and stirred: plain congruences walk in lattices and miss whole kinds of cases.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let stirred = (self.0 ^ (self.0 >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (stirred >> 33) as usize % limit
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    fn sometimes<T>(&mut self, n: usize, make: impl FnOnce(&mut Chance) -> T) -> Option<T> {
        if self.one_in(n) { Some(make(self)) } else { None }
    }

    fn coverage(&mut self) -> Coverage {
        let plain = self.of(&[company(), new_company(), kokuho(), kumiai(), late_elderly(), Coverage::EMPTY]).clone();
        let dated = match self.below(5) {
            0 => until(plain, "2025-12-01"),
            1 => until(plain, "2026-07-31"),
            2 => from(until(plain, "2027-07-31"), "2024-08-01"),
            _ => plain,
        };
        match self.below(4) {
            0 => with_ratio(dated, 1 + self.below(3) as u8),
            1 => with_elderly(dated, 2 + self.below(2) as u8, "2024-08-01", "2026-07-31"),
            _ => dated,
        }
    }

    fn site(&mut self) -> Site {
        Site {
            without_reader: self.one_in(6),
            phone_reader: self.one_in(2),
            home_consent_app: self.one_in(3),
            home_consent_web: self.one_in(3),
            limited_check_exempt: self.one_in(8),
            disaster_mode_open: self.one_in(12),
            ..Site::of(*self.of(SiteKind::ALL))
        }
    }

    fn presented(&mut self) -> Vec<Presented> {
        let mut shown: Vec<Presented> = Vec::new();
        if self.one_in(2) {
            shown.push(Presented::bare(EvidenceKind::MynaCardFace));
        }
        for _ in 0..self.below(3) {
            let kind = if self.one_in(3) { *self.of(&WITH_QUERY) } else { *self.of(EvidenceKind::ALL) };
            if shown.iter().all(|p| p.kind != kind) {
                let copy_of = self.sometimes(3, |_| EvidenceKind::EligibilityCertificate);
                shown.push(Presented { kind, coverage: self.coverage(), is_copy: self.one_in(3), copy_of });
            }
        }
        shown
    }

    fn attempts(&mut self) -> Vec<Attempt> {
        let ways = [
            EvidenceKind::MynaCardFace,
            EvidenceKind::MynaCardPin,
            EvidenceKind::MynaCardVisual,
            EvidenceKind::MynaPhoneIphone,
            EvidenceKind::HomeConsentApp,
        ];
        (0..self.below(3)).map(|_| Attempt { kind: *self.of(&ways), outcome: *self.of(AttemptOutcome::ALL) }).collect()
    }

    fn person(&mut self) -> PersonFace {
        let birth = day(self.of::<&str>(&BIRTHS));
        PersonFace { birth_date: self.sometimes(1, |_| birth).filter(|_| !self.one_in(10)), ..hanako() }
    }

    /// The person at the desk, mostly with an insurance that is shown or on file; or somebody else whose data must never
    /// come through.
    fn returned(&mut self, case: &Case) -> (PersonFace, Coverage) {
        if !self.one_in(4) {
            let shown = case.presented.iter().map(|presented| &presented.coverage);
            let known: Vec<&Coverage> = shown.chain(case.stored.iter().map(|stored| &stored.coverage)).collect();
            let coverage =
                if known.is_empty() || self.one_in(3) { self.coverage() } else { (*self.of(&known)).clone() };
            return (case.person.clone(), Coverage { valid_to: None, ..coverage });
        }
        let stranger = PersonFace {
            name: Some("余所　太郎".to_owned()),
            name_kana: Some("ヨソ　タロウ".to_owned()),
            birth_date: Some(day("1970-01-01")),
            sex: Some(Sex::Male),
            address: None,
        };
        (stranger, Coverage { insurer_name: Some("よその健保".to_owned()), ..new_company() })
    }

    fn answer(&mut self, case: &Case) -> OnlineAnswer {
        let now = noon(case.visit_date);
        let results = (0..self.below(3)).map(|_| {
            let (person, coverage) = self.returned(case);
            let coverage = if self.one_in(6) { assistance() } else { coverage };
            EligibilityResult { person, coverage }
        });
        let results = results.collect();
        let given_at = now.plus_ms(-(self.below(30) as i64) * 3_600_000);
        let lasts = self.sometimes(2, |_| given_at.plus_ms(24 * 3_600_000));
        let consent = |given| Consent { topic: ConsentTopic::Drug, given, at: Some(given_at), available_until: lasts };
        OnlineAnswer {
            status: if self.one_in(2) { EligibilityStatus::Valid } else { *self.of(EligibilityStatus::ALL) },
            asked_by: *self.of(&[None, Some(AskedBy::Card), Some(AskedBy::Number), Some(AskedBy::Number)]),
            confirmed_for: if self.one_in(9) { case.visit_date.plus_days(-1) } else { case.visit_date },
            obtained_at: Some(now),
            results,
            consents: (0..self.below(3)).map(|_| consent(self.one_in(2))).collect(),
            reference_number: None,
            note: None,
        }
    }

    fn stored(&mut self, visit: domain::Date) -> StoredPatient {
        StoredPatient {
            coverage: self.coverage(),
            confirmed_on: self.sometimes(2, |c| visit.plus_days(-(c.below(400) as i32))),
            confirmed_how: None,
            document_shown_on: self.sometimes(2, |c| visit.plus_days(-(c.below(20) as i32))),
            false_invalid_since: self.sometimes(4, |_| day("2025-01-01")),
            subsidy_shown_on: None,
            slips_given_on: Vec::new(),
            card_lost_on: None,
        }
    }

    fn lookup(&mut self, case: &Case) -> Lookup {
        let kind = *self.of(&[EvidenceKind::OutageLookup, EvidenceKind::DisasterMode]);
        let answer = OnlineAnswer { asked_by: Some(AskedBy::Number), consents: Vec::new(), ..self.answer(case) };
        Lookup {
            kind,
            answer,
            searched_by: *self.of(SearchedBy::ALL),
            person_compared: !self.one_in(5),
            looked_up_by: "受付 一子".to_owned(),
            looked_up_at: noon(case.visit_date),
            consent: self.sometimes(2, |c| *c.of(DisasterConsent::ALL)),
        }
    }

    fn declaration(&mut self) -> Declaration {
        Declaration {
            address: self.sometimes(2, |_| "東京都見本区架空1-2-3".to_owned()),
            phone: self.sometimes(2, |_| "03-0000-0000".to_owned()),
            ratio_tenths: self.sometimes(2, |c| 1 + c.below(3) as u8),
            document_issued: self.sometimes(2, |c| *c.of(DocumentIssued::ALL)),
            ..declaration()
        }
    }

    fn case(&mut self) -> Case {
        let visit = day(self.of::<&str>(&DAYS));
        let mut case = Case::new(visit, self.site());
        case.at = self.sometimes(1, |_| noon(visit)).filter(|_| !self.one_in(5));
        case.flow =
            *self.of(&[Flow::Window, Flow::Window, Flow::FeverClinic, Flow::Ward, Flow::DriveThrough, Flow::HomeVisit]);
        case.person = self.person();
        case.presented = self.presented();
        case.attempts = self.attempts();
        case.companion = self.sometimes(3, |c| *c.of(Companion::ALL));
        for link in Link::ALL {
            *case.links.get_mut(*link) = LinkState {
                status: *self.of(&[
                    LinkStatus::Up,
                    LinkStatus::Up,
                    LinkStatus::Up,
                    LinkStatus::Down,
                    LinkStatus::Unknown,
                ]),
                since: self.sometimes(2, |_| noon(visit).plus_ms(-60_000)),
                cause: self.sometimes(5, |_| Cause::Power),
            };
        }
        case.certificate_expiry = self.sometimes(2, |c| visit.plus_days(c.below(400) as i32 - 200));
        case.card_registered = *self.of(&[None, None, Some(true), Some(false)]);
        case.card_lost = self.one_in(8);
        case.stored = self.sometimes(2, |c| c.stored(visit));
        case.online = self.sometimes(2, |c| c.answer(&case));
        case.unchanged_said = self.one_in(3);
        case.declaration = self.sometimes(3, Chance::declaration);
        case.staff_accepts = self.one_in(4);
        case.answer_withheld = self.one_in(15);
        case.withheld_asked_by = self.sometimes(2, |c| *c.of(AskedBy::ALL));
        case.could_not_ask = self.sometimes(6, |c| CouldNotAsk {
            cause: *c.of(&[Cause::Terminal, Cause::Line, Cause::NationalService, Cause::Power, Cause::Data]),
            since: Some(noon(visit)),
            code: None,
            still_out: c.one_in(3),
        });
        case.lookup = self.sometimes(8, |c| c.lookup(&case));
        case
    }
}

#[test]
fn every_case_keeps_the_promises() {
    let rules = RulePack::built_in();
    let mut chance = Chance(2026);
    let (mut accepted, mut refused, mut bases) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut full_charge, mut strangers) = (0, 0);
    for _ in 0..CASES {
        let case = chance.case();
        let decision = decide(&case, &rules);
        sound::check(&case, &rules, &decision);
        late_answers_keep_them_too(&mut chance, &case, &rules);
        accepted.extend(decision.evidence());
        refused.extend(decision.refused.iter().map(|refusal| refusal.evidence));
        bases.insert(decision.claim.basis);
        full_charge += usize::from(decision.full_charge.may_be_asked);
        strangers += usize::from(decision.person == PersonMatch::Different);
    }
    // the grid reaches what it is there to prove
    let never: Vec<_> =
        EvidenceKind::ALL.iter().filter(|kind| may_settle(**kind) && !accepted.contains(kind)).collect();
    assert!(never.is_empty(), "never accepted: {never:?}");
    assert!(refused.len() >= 15 && bases.len() == ClaimBasis::ALL.len());
    assert!(full_charge > 200 && strangers > 500, "{full_charge} {strangers}");
}

fn may_settle(kind: EvidenceKind) -> bool {
    use EvidenceKind::*;
    !matches!(kind, ElderlyRecipient | LimitCertificate | SubsidyCertificate | None)
}

/// The same visit after its acceptance, with whatever answer comes later.
fn late_answers_keep_them_too(chance: &mut Chance, case: &Case, rules: &RulePack) {
    let Some(acceptance) = decide(case, rules).accepted else { return };
    let mut later = case.clone();
    later.settled = Some(acceptance.clone());
    later.online = chance.sometimes(2, |c| c.answer(&later));
    let decision = decide(&later, rules);
    sound::check(&later, rules, &decision);
    let kept = decision.accepted.clone().unwrap();
    assert_eq!(kept.evidence, acceptance.evidence, "the evidence stays what it was");
    assert!(!decision.full_charge.may_be_asked && decision.refused.is_empty());
}
