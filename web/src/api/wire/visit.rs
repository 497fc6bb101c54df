//! One visit on the wire.

use super::apart::RecordApart;
use super::board::FollowUpShown;
use super::code::{
    AskedByCode, AttemptOutcomeCode, CauseCode, ClaimBasisCode, CompanionCode, ConfidenceCode, EvidenceKindCode,
    FlowCode, FollowUpKindCode, LateOutcomeCode, QuestionPurposeCode, RatioBasisCode, RuleIdCode, SiteKindCode,
    VisitStatusCode,
};
use super::coverage::CoverageShown;
use super::decision::Decision;
use super::declaration::DeclarationShown;
use super::eligibility::AnswerShown;
use super::link::{LinksShown, WhyShown};
use super::lookup::LookupShown;
use super::patient::Patient;
use super::person::Person;
use super::public_payer::PublicPayerShown;
use super::queue::Job;
use super::stored::StoredShown;
use super::time::{Day, Instant};
use super::written;
use crate::port::VisitView;
use domain::case::{Attempt, Presented};
use domain::decision::Acceptance;
use domain::fact::Recorded;
use domain::visit::{Accepted, Asked, FollowUpClosed, Search, VisitFact, VisitState};
use domain::written::Written;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One visit: what happened, what the rules say now, and what remains to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Visit {
    /// which
    pub visit: String,
    /// where it stands
    pub status: VisitStatusCode,
    /// what is known of it
    pub state: VisitStateShown,
    /// the patient on file
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<Patient>,
    /// what the rules say now
    #[schema(value_type = Decision)]
    pub decision: serde_json::Value,
    /// still to be done
    pub follow_ups: Vec<FollowUpShown>,
    /// jobs of this visit
    pub jobs: Vec<Job>,
    /// what happened, in order
    pub history: Vec<HistoryEntry>,
    /// what counters wrote apart
    pub apart: RecordApart,
}

impl Visit {
    /// A visit with its decision in written form.
    pub fn of(view: &VisitView, decision: serde_json::Value) -> Visit {
        Visit {
            visit: view.visit.to_string(),
            status: VisitStatusCode(view.status),
            state: (&view.state).into(),
            patient: view.patient.as_ref().map(Patient::from),
            decision,
            follow_ups: view.follow_ups.iter().map(FollowUpShown::from).collect(),
            jobs: view.jobs.iter().map(Job::from).collect(),
            history: view.history.iter().map(HistoryEntry::from).collect(),
            apart: (&view.apart).into(),
        }
    }
}

/// One fact of a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HistoryEntry {
    /// unique id
    pub id: String,
    /// when it was recorded
    pub at: Instant,
    /// who did it: an account, or `box`
    pub by: String,
    /// what happened: `opened`, `person_taken`, `document_presented`, `accepted` …; new kinds may come
    pub kind: String,
    /// the kept record of it, as it is; instants inside are milliseconds since 1970
    #[schema(value_type = Object)]
    pub content: serde_json::Value,
}

impl From<&Recorded<VisitFact>> for HistoryEntry {
    fn from(recorded: &Recorded<VisitFact>) -> HistoryEntry {
        let content = recorded.fact.write().get("content").map_or_else(|| serde_json::json!({}), written::json);
        HistoryEntry {
            id: recorded.id.to_string(),
            at: Instant::of(recorded.at),
            by: recorded.by.to_string(),
            kind: recorded.fact.kind().to_owned(),
            content,
        }
    }
}

/// What is known of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = VisitState)]
pub struct VisitStateShown {
    /// day of the visit; decides which rules are in force
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit_date: Option<Day>,
    /// kind of site
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_kind: Option<SiteKindCode>,
    /// where the patient was received
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowCode>,
    /// which counter
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counter: Option<String>,
    /// when it began
    pub opened_at: Instant,
    /// the person as shown at the desk
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// the patient on file
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// what was on file at check-in
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored: Option<StoredShown>,
    /// everything presented, the latest of a kind
    pub presented: Vec<PresentedShown>,
    /// everything that failed
    pub attempts: Vec<AttemptShown>,
    /// companion
    #[serde(skip_serializing_if = "Option::is_none")]
    pub companion: Option<CompanionCode>,
    /// expiry of the user certificate
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_expiry: Option<Day>,
    /// the card is registered for insurance use; absent = not known
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_registered: Option<bool>,
    /// the patient said that the card is lost
    pub card_lost: bool,
    /// the patient said that nothing changed since the last visit
    pub unchanged_said: bool,
    /// reason of the staff's own decision
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff_decision: Option<String>,
    /// the declaration
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declaration: Option<DeclarationShown>,
    /// questions asked
    pub questions: Vec<AskedShown>,
    /// the latest answer about this person
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerShown>,
    /// the latest result copied from an official outage or disaster screen
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lookup: Option<LookupShown>,
    /// an answer about another person came and was not kept
    pub answer_withheld: bool,
    /// how the withheld answer was asked for
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld_asked_by: Option<AskedByCode>,
    /// 公費, in the order of the claim, as staff compared them with the certificate
    pub public_payers: Vec<PublicPayerShown>,
    /// 公費 a prescription named and nobody has compared with the certificate yet; they count for nothing
    pub public_payers_to_compare: Vec<PublicPayerShown>,
    /// how the check-in was accepted
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<AcceptedShown>,
    /// when it was accepted
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Instant>,
    /// ratio set by staff, tenths
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio_chosen_tenths: Option<u8>,
    /// reason of 10割
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_charge: Option<String>,
    /// reason of leaving
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_without_care: Option<String>,
    /// what late answers did, in order
    pub late: Vec<LateOutcomeCode>,
    /// follow-ups somebody did
    pub closed: Vec<ClosedShown>,
    /// reason of the mistake
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voided: Option<String>,
}

impl From<&VisitState> for VisitStateShown {
    fn from(state: &VisitState) -> VisitStateShown {
        let opened = state.opened.as_ref();
        VisitStateShown {
            visit_date: opened.map(|opened| Day::of(opened.visit_date)),
            site_kind: opened.map(|opened| SiteKindCode(opened.site.kind)),
            flow: opened.map(|opened| FlowCode(opened.flow)),
            counter: opened.and_then(|opened| opened.counter.clone()),
            opened_at: Instant::of(state.opened_at),
            person: state.person.as_ref().map(Person::from),
            patient: state.patient.as_ref().map(ToString::to_string),
            stored: state.stored.as_ref().map(StoredShown::from),
            presented: state.presented.iter().map(PresentedShown::from).collect(),
            attempts: state.attempts.iter().map(AttemptShown::from).collect(),
            companion: state.companion.map(CompanionCode),
            certificate_expiry: state.certificate_expiry.map(Day::of),
            card_registered: state.card_registered,
            card_lost: state.card_lost.is_some(),
            unchanged_said: state.unchanged_said,
            staff_decision: state.staff_decision.clone(),
            declaration: state.declaration.as_ref().map(DeclarationShown::from),
            questions: state.questions.iter().map(AskedShown::from).collect(),
            answer: state.answer.as_ref().map(AnswerShown::from),
            lookup: state.lookup.as_ref().map(LookupShown::from),
            answer_withheld: state.answer_withheld,
            withheld_asked_by: state.withheld_asked_by.map(AskedByCode),
            public_payers: state.public_payers.iter().map(PublicPayerShown::from).collect(),
            public_payers_to_compare: state.payers_named.iter().map(PublicPayerShown::from).collect(),
            accepted: state.accepted.as_ref().map(AcceptedShown::from),
            accepted_at: state.accepted_at.map(Instant::of),
            ratio_chosen_tenths: state.ratio_chosen,
            full_charge: state.full_charge.clone(),
            left_without_care: state.left_without_care.clone(),
            late: state.late.iter().copied().map(LateOutcomeCode).collect(),
            closed: state.closed.iter().map(ClosedShown::from).collect(),
            voided: state.voided.clone(),
        }
    }
}

/// A paper, screen, card or word that was presented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Presented)]
pub struct PresentedShown {
    /// what it is
    pub kind: EvidenceKindCode,
    /// what it says
    pub coverage: CoverageShown,
    /// a copy rather than the original
    pub is_copy: bool,
    /// which paper this is a copy of
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<EvidenceKindCode>,
}

impl From<&Presented> for PresentedShown {
    fn from(presented: &Presented) -> PresentedShown {
        PresentedShown {
            kind: EvidenceKindCode(presented.kind),
            coverage: (&presented.coverage).into(),
            is_copy: presented.is_copy,
            copy_of: presented.copy_of.map(EvidenceKindCode),
        }
    }
}

/// Something that was tried and did not work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Attempt)]
pub struct AttemptShown {
    /// what was tried
    pub kind: EvidenceKindCode,
    /// how it went wrong
    pub outcome: AttemptOutcomeCode,
}

impl From<&Attempt> for AttemptShown {
    fn from(attempt: &Attempt) -> AttemptShown {
        AttemptShown { kind: EvidenceKindCode(attempt.kind), outcome: AttemptOutcomeCode(attempt.outcome) }
    }
}

/// The keys of a question by number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Search)]
pub struct SearchShown {
    /// insurer, symbol, number, branch
    pub coverage: CoverageShown,
    /// birth date
    pub birth_date: Day,
    /// the day whose eligibility is asked
    pub confirm_for: Day,
}

impl From<&Search> for SearchShown {
    fn from(search: &Search) -> SearchShown {
        SearchShown {
            coverage: (&search.coverage).into(),
            birth_date: Day::of(search.birth_date),
            confirm_for: Day::of(search.confirm_for),
        }
    }
}

/// A question of this visit and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Asked)]
pub struct AskedShown {
    /// its id
    pub question: String,
    /// what for
    pub purpose: QuestionPurposeCode,
    /// the keys
    pub search: SearchShown,
    /// when it was written down
    pub at: Instant,
    /// when it was answered, failed or was withheld; absent while nobody knows
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<Instant>,
    /// why it failed, if it did
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<CauseCode>,
    /// code the other side gave with the failure, opaque
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_code: Option<String>,
    /// since when nobody at the desk waits for the answer any longer; it may still come
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unanswered_since: Option<Instant>,
}

impl From<&Asked> for AskedShown {
    fn from(asked: &Asked) -> AskedShown {
        AskedShown {
            question: asked.question.to_string(),
            purpose: QuestionPurposeCode(asked.purpose),
            search: (&asked.search).into(),
            at: Instant::of(asked.at),
            ended: asked.ended.map(Instant::of),
            failed: asked.failed.map(CauseCode),
            failed_code: asked.failed_code.clone(),
            unanswered_since: asked.unanswered.filter(|_| asked.ended.is_none()).map(|(since, _)| Instant::of(since)),
        }
    }
}

/// How a check-in was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Accepted)]
pub struct AcceptedShown {
    /// how eligibility was confirmed
    pub evidence: EvidenceKindCode,
    /// how sure that is
    pub confidence: ConfidenceCode,
    /// a later answer of the national service must still confirm it
    pub provisional: bool,
    /// why a better way was not available; absent when there was no better way
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not_better: Option<WhyShown>,
    /// patient's share in tenths that the desk goes by
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio_tenths: Option<u8>,
    /// where it comes from
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio_basis: Option<RatioBasisCode>,
    /// claim basis at that moment
    pub claim_basis: ClaimBasisCode,
    /// the links as they stood
    pub links: LinksShown,
    /// the rule list that decided
    pub rules_version: String,
    /// the dated rules that took part
    pub rules_fired: Vec<RuleIdCode>,
}

impl From<&Accepted> for AcceptedShown {
    fn from(accepted: &Accepted) -> AcceptedShown {
        let Acceptance { evidence, confidence, provisional, why_not_better } = &accepted.acceptance;
        AcceptedShown {
            evidence: EvidenceKindCode(*evidence),
            confidence: ConfidenceCode(*confidence),
            provisional: *provisional,
            why_not_better: why_not_better.as_ref().map(WhyShown::from),
            ratio_tenths: accepted.ratio_tenths,
            ratio_basis: accepted.ratio_basis.map(RatioBasisCode),
            claim_basis: ClaimBasisCode(accepted.claim_basis),
            links: (&accepted.links).into(),
            rules_version: accepted.rules_version.clone(),
            rules_fired: accepted.rules_fired.iter().copied().map(RuleIdCode).collect(),
        }
    }
}

/// A follow-up somebody did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FollowUpClosed)]
pub struct ClosedShown {
    /// which kind
    pub kind: FollowUpKindCode,
    /// how
    pub note: String,
}

impl From<&FollowUpClosed> for ClosedShown {
    fn from(closed: &FollowUpClosed) -> ClosedShown {
        ClosedShown { kind: FollowUpKindCode(closed.kind), note: closed.note.clone() }
    }
}
