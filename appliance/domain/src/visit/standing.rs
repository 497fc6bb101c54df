//! Where a visit stands: the case it puts to the rules, what they say of it, and what the board shows.

use super::LateOutcome;
use super::state::VisitState;
use crate::case::Case;
use crate::codes;
use crate::date::{Date, Timestamp};
use crate::decide;
use crate::decision::Decision;
use crate::eligibility::{AskedBy, PersonFace};
use crate::evidence::{Confidence, EvidenceKind};
use crate::follow_up;
use crate::link::{Cause, CouldNotAsk, LinkState, LinkStatus, Links};
use crate::rule::RulePack;

codes! {
    /// Where a visit stands, as the board shows it.
    pub enum VisitStatus {
        /// not settled yet
        Open = "open",
        /// accepted, to be confirmed later
        Provisional = "provisional",
        /// confirmed by the national service
        Confirmed = "confirmed",
        /// a late answer changed something that somebody has to act on
        Changed = "changed",
        /// 10割 was asked
        FullCharge = "full_charge",
        /// left without care
        LeftWithoutCare = "left_without_care",
        /// entered by mistake
        Voided = "voided",
        /// goes on in another check-in of the same patient
        Merged = "merged",
    }
}

impl VisitState {
    /// What stopped the latest question of this visit, as long as no answer came since, no new question is under way and the
    /// link behind it was not seen to work again. One that was handed over and stays without an answer is stopped too. A question
    /// that staff withdrew, or whose answer spoke of another person, was asked.
    pub fn could_not_ask(&self, links: &Links) -> Option<CouldNotAsk> {
        let latest = self.questions.last()?;
        let (stopped, cause) = latest.came_to_nothing()?;
        let works_again =
            |state: &LinkState| state.status == LinkStatus::Up && state.since.is_some_and(|at| at > stopped);
        let over = cause.link().is_some_and(|link| works_again(links.get(link)));
        let answered = self.withheld_asked_by == Some(AskedBy::Number) && cause == Cause::Data;
        if over || answered || matches!(cause, Cause::Patient | Cause::Card | Cause::Certificate) {
            return None;
        }
        let run = self
            .questions
            .iter()
            .rev()
            .take_while(|asked| asked.came_to_nothing().is_some_and(|(_, why)| why == cause));
        let since = run.last().map(|first| first.at);
        let still_out = latest.ended.is_none();
        Some(CouldNotAsk { cause, since, code: latest.failed_code.clone(), still_out })
    }

    /// The day of the visit.
    pub fn visit_date(&self) -> Option<Date> {
        self.opened.as_ref().map(|opened| opened.visit_date)
    }

    /// The case this visit puts to the rules. After acceptance the links count as they stood then.
    pub fn case(&self, now: Timestamp, links: &Links) -> Option<Case> {
        let opened = self.opened.as_ref()?;
        let could_not_ask = self.could_not_ask(links);
        Some(Case {
            at: Some(now),
            flow: opened.flow,
            person: self.person.clone().unwrap_or(PersonFace::EMPTY),
            presented: self.presented.clone(),
            attempts: self.attempts.clone(),
            companion: self.companion,
            links: self.accepted.as_ref().map_or(links, |accepted| &accepted.links).clone(),
            certificate_expiry: self.certificate_expiry,
            card_registered: self.card_registered,
            card_lost: self.card_lost.is_some(),
            online: self.answer.clone(),
            could_not_ask,
            lookup: self.lookup.clone().filter(|_| self.lookup_is_newest),
            answer_withheld: self.answer_withheld,
            withheld_asked_by: self.withheld_asked_by,
            stored: self.stored.clone(),
            unchanged_said: self.unchanged_said,
            declaration: self.declaration.clone(),
            staff_accepts: self.staff_decision.is_some(),
            settled: self.accepted.as_ref().map(|accepted| accepted.acceptance.clone()),
            ..Case::new(opened.visit_date, opened.site.clone())
        })
    }

    /// What the rules say of this visit now.
    pub fn decide(&self, rules: &RulePack, now: Timestamp, links: &Links) -> Option<Decision> {
        let mut decision = decide(&self.case(now, links)?, rules);
        // they change nothing in how eligibility is confirmed; the claim carries them beside its basis
        decision.claim.public_payers.clone_from(&self.public_payers);
        let before = self.lookup.as_ref().filter(|_| !self.lookup_is_newest);
        let report = before.and_then(|lookup| follow_up::report_lookup(lookup, self.visit_date()?, rules));
        decision.follow_ups.extend(report);
        Some(decision)
    }

    /// The share the desk goes by: as staff chose, as accepted, or all of it when 10割 was asked.
    pub fn ratio_charged(&self) -> Option<u8> {
        if self.full_charge.is_some() {
            return Some(10);
        }
        self.ratio_chosen.or_else(|| self.accepted.as_ref().and_then(|accepted| accepted.ratio_tenths))
    }

    /// Where the visit stands.
    pub fn status(&self) -> VisitStatus {
        let confirmed_at_once =
            self.accepted.as_ref().is_some_and(|a| a.acceptance.confidence == Confidence::ConfirmedOnline);
        match () {
            () if self.voided.is_some() => VisitStatus::Voided,
            () if self.merges.merged_into().is_some() => VisitStatus::Merged,
            () if self.left_without_care.is_some() => VisitStatus::LeftWithoutCare,
            () if self.needs_action_after_late_answer() => VisitStatus::Changed,
            () if self.late.contains(&LateOutcome::Confirmed) || confirmed_at_once => VisitStatus::Confirmed,
            () if self.late.last().is_some_and(|outcome| outcome.settles()) => VisitStatus::Confirmed,
            () if self.full_charge.is_some() => VisitStatus::FullCharge,
            () if self.accepted.is_some() => VisitStatus::Provisional,
            () => VisitStatus::Open,
        }
    }

    /// Whether evidence stands for a card that was lost before: a card or phone that was read and found valid, or a certificate.
    pub fn has_evidence_again(&self) -> bool {
        let certificate = self.presented.iter().any(|p| p.kind == EvidenceKind::EligibilityCertificate);
        let shown = self.presented.iter().any(|p| p.kind.is_card_itself() || p.kind.is_phone());
        let read = self
            .answer
            .as_ref()
            .zip(self.visit_date())
            .is_some_and(|(answer, day)| answer.asked_by == Some(AskedBy::Card) && answer.is_valid_on(day));
        certificate || (shown && read && self.card_lost.is_none())
    }

    /// Whether the card, or something that stands for it, is known to have been shown.
    pub fn showed_card_or_certificate(&self) -> bool {
        self.presented.iter().any(|p| p.kind.shows_card() || p.kind == EvidenceKind::EligibilityCertificate)
    }
}
