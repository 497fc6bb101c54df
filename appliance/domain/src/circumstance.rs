//! What follows from a case before any step is weighed: the questions every rung of the ladder asks.

use crate::case::{AttemptOutcome, Case, Companion, Presented};
use crate::certificate::{self, CertificateWindow};
use crate::coverage::Coverage;
use crate::date::Date;
use crate::eligibility::{AskedBy, EligibilityStatus, OnlineAnswer, PersonMatch, match_person};
use crate::evidence::EvidenceKind;
use crate::link::{Cause, WhyNotBetter};
use crate::rule::{RuleId, RulePack};
use crate::scheme::{Scheme, SchemeGroup};

/// A case with what follows from it.
pub struct Circumstances<'a> {
    /// the case
    pub case: &'a Case,
    /// the rules in force
    pub rules: &'a RulePack,
    /// certificate window on the visit date
    pub window: Option<CertificateWindow>,
    /// whether the answer speaks of the person at the desk
    pub person: PersonMatch,
    /// the answer, unless it speaks of another person
    pub answer: Option<&'a OnlineAnswer>,
    /// why the card cannot confirm online; absent while it still may, or when no card is there
    pub why_not_online: Option<WhyNotBetter>,
}

impl<'a> Circumstances<'a> {
    /// Looks at a case.
    pub fn of(case: &'a Case, rules: &'a RulePack) -> Circumstances<'a> {
        let window = case.certificate_expiry.map(|expiry| certificate::window(expiry, case.visit_date));
        let person = person_of(case);
        let answer = case.online.as_ref().filter(|_| person != PersonMatch::Different);
        let mut seen = Circumstances { case, rules, window, person, answer, why_not_online: None };
        seen.why_not_online = seen.find_why_not_online();
        seen
    }

    /// The day of the visit.
    pub fn day(&self) -> Date {
        self.case.visit_date
    }

    /// Whether a dated rule is in force on the day of the visit.
    pub fn in_force(&self, id: RuleId) -> bool {
        self.rules.in_force(id, self.day())
    }

    /// Whether somebody came instead of the patient, who may not use the patient's card.
    pub fn is_proxy(&self) -> bool {
        self.case.companion == Some(Companion::Proxy)
    }

    /// The answer if it says "eligible" for the day of the visit.
    pub fn valid_answer(&self) -> Option<&'a OnlineAnswer> {
        self.answer.filter(|answer| answer.is_valid_on(self.day()))
    }

    /// The valid answer to a query by number.
    pub fn valid_query(&self) -> Option<&'a OnlineAnswer> {
        self.valid_answer().filter(|answer| answer.asked_by == Some(AskedBy::Number))
    }

    /// The business answer, valid or not.
    pub fn status(&self) -> Option<EligibilityStatus> {
        self.answer.map(|answer| answer.status)
    }

    /// Whether the last answer settles nothing: 無効, superseded, not found, ambiguous, or another person's.
    pub fn answer_unusable(&self) -> bool {
        self.case.online.is_some() && self.valid_answer().is_none()
    }

    /// Whether the card with its certificate is past its last usable day.
    pub fn certificate_over(&self) -> bool {
        self.window == Some(CertificateWindow::W3)
    }

    /// Whether the PIN is known to be unusable.
    pub fn pin_unusable(&self) -> bool {
        self.case.attempt(EvidenceKind::MynaCardPin).is_some()
    }

    /// Whether every way of identifying at the reader has been tried in vain.
    pub fn identification_exhausted(&self) -> bool {
        self.case.attempt(EvidenceKind::MynaCardVisual) == Some(AttemptOutcome::Failed)
    }

    /// The first presented document that carries numbers.
    pub fn presented_numbers(&self) -> Option<&'a Coverage> {
        self.case.presented.iter().filter(|p| p.kind.is_document()).map(|p| &p.coverage).find(|c| c.has_numbers())
    }

    /// The scheme of a presented paper, for rules that differ by insurer.
    pub fn scheme_of(&self, presented: &Presented) -> Scheme {
        match presented.coverage.scheme() {
            Scheme::Unknown => self.case.stored.as_ref().map_or(Scheme::Unknown, |s| s.coverage.scheme()),
            scheme => scheme,
        }
    }

    /// The transitional rule for expired papers that applies to a scheme, in force or not (checkin-rules §4 step 7).
    pub fn transitional_rule(&self, scheme: Scheme) -> RuleId {
        let everyone = RuleId::TransitionalExpiredAll;
        let special = match scheme.group() {
            SchemeGroup::National => RuleId::TransitionalExpiredKokuho,
            SchemeGroup::LateElderly => RuleId::TransitionalExpired75,
            _ => everyone,
        };
        if self.in_force(everyone) { everyone } else { special }
    }

    /// Whether numbers can be put to the national service right now.
    pub fn query_possible(&self) -> bool {
        self.case.links.broken_for_query().is_none()
    }

    fn find_why_not_online(&self) -> Option<WhyNotBetter> {
        let because = |cause| Some(WhyNotBetter { cause, since: None });
        if self.valid_answer().is_some() {
            return None;
        }
        if self.person == PersonMatch::Different || self.answer_unusable() {
            return because(Cause::Data);
        }
        if !self.case.card_present() && !self.case.phone_present() {
            return None;
        }
        if self.certificate_over() {
            return because(Cause::Certificate);
        }
        if let Some(broken) = self.case.links.broken_for_card() {
            return Some(broken);
        }
        if self.case.site.without_reader {
            return because(Cause::Reader);
        }
        if self.case.card_registered == Some(false) && self.pin_unusable() {
            return because(Cause::Card);
        }
        if self.is_proxy() || self.identification_exhausted() {
            return because(Cause::Patient);
        }
        None
    }
}

fn person_of(case: &Case) -> PersonMatch {
    if case.answer_withheld && case.online.is_none() {
        return PersonMatch::Different;
    }
    let Some(returned) = case.online.as_ref().and_then(OnlineAnswer::main_result) else {
        return PersonMatch::CannotTell;
    };
    match_person(&case.person, &returned.person)
}
