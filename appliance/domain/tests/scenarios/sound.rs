//! What holds for every case, whatever it is.

use domain::case::{AttemptOutcome, Case};
use domain::certificate::CertificateWindow;
use domain::claim::ClaimBasis;
use domain::decide;
use domain::decision::{Action, Decision, FollowUpKind};
use domain::eligibility::{OnlineAnswer, PersonMatch};
use domain::evidence::{EvidenceKind, Standing};
use domain::lookup::{DisasterConsent, Lookup};
use domain::number::InsurerNumber;
use domain::rule::RulePack;
use domain::text::Text;
use domain::written::{Value, Written};

/// Panics when a decision breaks a promise.
pub fn check(case: &Case, rules: &RulePack, decision: &Decision) {
    nobody_is_sent_away(decision);
    steps_say_why(case, rules, decision);
    refusals_say_why(case, decision);
    never_full_charge_with_the_card(case, decision);
    acceptance_is_honest(case, decision);
    medical_data_need_identity_consent_and_certificate(case, decision);
    another_person_stays_hidden(case, decision);
    claim_is_complete(decision);
    follow_ups_have_dates(case, decision);
    everything_shown_gets_a_word(case, decision);
    assert_eq!(&decide(case, rules), decision, "deciding twice");
    assert_eq!(Case::read(&case.write()).as_ref(), Ok(case), "a case comes back as it was written");
    assert_eq!(Decision::read(&decision.write()).as_ref(), Ok(decision), "a decision comes back as it was written");
}

fn nobody_is_sent_away(decision: &Decision) {
    let ways = decision.ladder.iter().filter(|step| step.action != Action::AskAddOn).count();
    assert!(decision.accepted.is_some() || ways > 0, "no way left");
}

fn both_languages(text: &Text) -> bool {
    !text.ja.trim().is_empty() && !text.en.trim().is_empty()
}

fn steps_say_why(case: &Case, rules: &RulePack, decision: &Decision) {
    for (order, step) in (1..).zip(&decision.ladder) {
        assert_eq!(step.order, order);
        assert!(!step.law.is_empty() && both_languages(&step.reason) && both_languages(&step.say), "{step:?}");
        assert!(step.rule.is_none_or(|rule| rules.in_force(rule, case.visit_date)), "not lawful that day: {step:?}");
    }
    let full_charge = decision.ladder.iter().position(|step| step.action == Action::AskFullCharge);
    assert_eq!(full_charge.is_some(), decision.full_charge.may_be_asked);
    assert!(full_charge.is_none_or(|place| place + 1 == decision.ladder.len()), "10割 stands last");
    assert!(both_languages(&decision.full_charge.reason) && !decision.full_charge.law.is_empty());
    assert!(decision.cautions.iter().all(both_languages));
}

fn refusals_say_why(case: &Case, decision: &Decision) {
    for refusal in &decision.refused {
        assert!(!refusal.law.is_empty() && both_languages(&refusal.reason), "{refusal:?}");
        assert!(
            decision.accepted.as_ref().is_none_or(|a| a.evidence != refusal.evidence),
            "{refusal:?} is accepted too"
        );
    }
    let fired = |rule| decision.rules_fired.contains(&rule);
    assert!(decision.refused.iter().filter_map(|r| r.rule).all(fired), "{:?}", case.visit_date);
}

fn own_card(case: &Case) -> bool {
    case.card_present() && case.attempts.iter().all(|attempt| attempt.outcome != AttemptOutcome::OtherPerson)
}

fn never_full_charge_with_the_card(case: &Case, decision: &Decision) {
    assert!(!(own_card(case) && decision.full_charge.may_be_asked));
    assert!(!(decision.accepted.is_some() && decision.full_charge.may_be_asked));
    assert_eq!(
        decision.full_charge.may_be_asked,
        decision.follow_ups.iter().any(|follow_up| follow_up.kind == FollowUpKind::Refund),
        "a refund item stands ready wherever 10割 may be asked"
    );
}

fn valid_answer<'a>(case: &'a Case, decision: &Decision) -> Option<&'a OnlineAnswer> {
    case.online
        .as_ref()
        .filter(|_| lookup_that_counts(case).is_none())
        .filter(|answer| answer.is_valid_on(case.visit_date) && decision.person != PersonMatch::Different)
}

/// A look-up is newer than the answer, and speaks of the day of the visit.
fn lookup_that_counts(case: &Case) -> Option<&Lookup> {
    case.lookup.as_ref().filter(|lookup| lookup.answer.confirmed_for == case.visit_date)
}

fn acceptance_is_honest(case: &Case, decision: &Decision) {
    let Some(accepted) = &decision.accepted else { return };
    if case.settled.is_none() {
        let first = decision.ladder.first().unwrap();
        assert!(first.satisfied && first.evidence == Some(accepted.evidence));
        assert_eq!(decision.ladder.iter().filter(|step| step.satisfied).count(), 1);
    }
    let confirmed_before = case.settled.as_ref().is_some_and(|settled| !settled.provisional);
    let nothing_new = case.online.is_none()
        || lookup_that_counts(case).is_some()
        || decision.person == PersonMatch::Different
        || of_another_day(case);
    if valid_answer(case, decision).is_none() && !(confirmed_before && nothing_new) {
        assert!(accepted.provisional, "not confirmed and yet final");
        let recheck = decision.follow_ups.iter().find(|follow_up| follow_up.kind == FollowUpKind::Recheck);
        assert!(recheck.is_some_and(|recheck| recheck.due > case.visit_date));
    }
    if own_card(case) && !accepted.evidence.is_online() {
        assert!(accepted.why_not_better.is_some(), "why was the card not read?");
    }
}

fn of_another_day(case: &Case) -> bool {
    case.online.as_ref().is_some_and(|answer| answer.confirmed_for != case.visit_date)
}

fn medical_data_need_identity_consent_and_certificate(case: &Case, decision: &Decision) {
    if !decision.medical.allowed {
        assert_eq!(decision.medical.until, None);
        return;
    }
    if decision.accepted.as_ref().is_some_and(|accepted| accepted.evidence == EvidenceKind::DisasterMode)
        && let Some(lookup) = lookup_that_counts(case)
    {
        assert!(matches!(lookup.consent, Some(DisasterConsent::Oral | DisasterConsent::LifeAtRisk)));
        return;
    }
    let answer = valid_answer(case, decision).expect("a valid answer");
    assert!(decision.accepted.as_ref().unwrap().evidence.medical_data_possible() || case.settled.is_some());
    assert!(answer.consents.iter().any(|consent| consent.given));
    let usable = [None, Some(CertificateWindow::W0), Some(CertificateWindow::W1)];
    assert!(usable.contains(&decision.certificate_window));
    assert!(decision.medical.until.is_none_or(|until| case.at.is_none_or(|now| now <= until)));
}

fn another_person_stays_hidden(case: &Case, decision: &Decision) {
    if decision.person != PersonMatch::Different {
        return;
    }
    let written = decision.write();
    let answers = case.online.iter().chain(case.lookup.iter().map(|lookup| &lookup.answer));
    for result in answers.flat_map(|answer| &answer.results).filter(|r| r.person != case.person) {
        let (person, coverage) = (&result.person, &result.coverage);
        let secrets = [
            person.name.clone().filter(|name| case.person.name.as_ref() != Some(name)),
            person.name_kana.clone().filter(|kana| case.person.name_kana.as_ref() != Some(kana)),
            coverage.insurer_name.clone().filter(|name| !known_insurers(case).contains(name)),
        ];
        for secret in secrets.iter().flatten() {
            assert!(!mentions(&written, secret), "another person's data are shown");
        }
        let leaked = decision.claim.coverage.as_ref() == Some(coverage) && !known_coverage(case, coverage);
        assert!(!leaked, "another person's insurance is claimed");
    }
    assert!(!decision.medical.allowed && !decision.cautions.is_empty());
}

fn known_coverage(case: &Case, coverage: &domain::coverage::Coverage) -> bool {
    let shown = case.presented.iter().map(|presented| &presented.coverage);
    shown.chain(case.stored.iter().map(|stored| &stored.coverage)).any(|known| known == coverage)
}

fn known_insurers(case: &Case) -> Vec<String> {
    let shown = case.presented.iter().map(|presented| &presented.coverage);
    shown.chain(case.stored.iter().map(|stored| &stored.coverage)).filter_map(|c| c.insurer_name.clone()).collect()
}

fn mentions(value: &Value, secret: &str) -> bool {
    match value {
        Value::Text(text) => text.contains(secret),
        Value::List(items) => items.iter().any(|item| mentions(item, secret)),
        Value::Map(fields) => fields.values().any(|field| mentions(field, secret)),
        Value::Null | Value::Bool(_) | Value::Int(_) => false,
    }
}

fn claim_is_complete(decision: &Decision) {
    let claim = &decision.claim;
    assert!(both_languages(&claim.reason));
    let bytes = |line: &String| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    assert!(claim.remark_lines.iter().all(|line| bytes(line) <= 76));
    match claim.basis {
        ClaimBasis::Current => {
            assert!(
                claim.coverage.as_ref().is_some_and(|c| c.insurer_number.is_some()) && claim.remark_lines.is_empty()
            );
        }
        ClaimBasis::Former => assert!(claim.coverage.as_ref().is_some_and(|c| c.has_numbers()) && claim.provisional),
        ClaimBasis::Unknown => {
            assert_eq!(claim.coverage.as_ref().and_then(|c| c.insurer_number.clone()), Some(InsurerNumber::UNKNOWN));
            assert!(claim.remark_lines[0].starts_with("不詳") && claim.provisional);
        }
        ClaimBasis::Hold => assert!(claim.coverage.is_none() && claim.remark_lines.is_empty() && claim.provisional),
    }
}

fn follow_ups_have_dates(case: &Case, decision: &Decision) {
    for follow_up in &decision.follow_ups {
        assert_eq!(follow_up.plan.first(), Some(&follow_up.due), "{follow_up:?}");
        assert!(follow_up.plan.is_sorted() && follow_up.due >= case.visit_date, "{follow_up:?}");
        assert!(both_languages(&follow_up.reason));
    }
}

/// Whatever can stand for an eligibility is accepted, refused with a reason, or part of a step; additions are not, and what
/// goes through the reader speaks by its answer.
fn everything_shown_gets_a_word(case: &Case, decision: &Decision) {
    if decision.accepted.is_some() {
        return;
    }
    let weighed = |kind: EvidenceKind| {
        let silent = matches!(kind, EvidenceKind::PatientCardOnly | EvidenceKind::SiteJudgement) || kind.is_online();
        !silent && !matches!(kind.standing(), Standing::AddOn | Standing::Nothing)
    };
    for kind in case.presented.iter().map(|presented| presented.kind).filter(|kind| weighed(*kind)) {
        let related = |one: EvidenceKind| one == kind || related_names(kind).contains(&one);
        let refused = decision.refused.iter().any(|refusal| related(refusal.evidence));
        let offered = decision.ladder.iter().any(|step| step.evidence.is_some_and(related));
        assert!(refused || offered, "nothing is said about {kind:?}");
    }
}

/// The same thing under another name: dates and companions decide which it is.
const fn related_names(kind: EvidenceKind) -> &'static [EvidenceKind] {
    use EvidenceKind::*;
    match kind {
        NoticeOnly => &[CardPlusNotice, SchoolTripCopy, NurseryCopy],
        EligibilityCertificate => &[SchoolTripCopy, NurseryCopy],
        InsuranceCardValid => &[InsuranceCardExpired],
        _ => &[],
    }
}
