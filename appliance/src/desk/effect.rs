//! What follows from new facts of a visit: questions to ask, and what the patient's record learns.

use super::visit::OpenVisit;
use super::work::{Declined, Work};
use crate::store::{DeclarationContent, DocumentId, JobContent, JobRow};
use domain::Timestamp;
use domain::claim::ClaimBasis;
use domain::coverage::Coverage;
use domain::decision::{Decision, FollowUpKind};
use domain::eligibility::EligibilityStatus;
use domain::evidence::{Confidence, EvidenceKind};
use domain::fact::VisitId;
use domain::follow_up::recheck_plan;
use domain::link::Cause;
use domain::patient::{
    CertificateSeen, CoverageLearned, DocumentShown, InvalidShown, PatientFact, PersonKnown, SlipGiven, SubsidyShown,
};
use domain::text::Text;
use domain::visit::{Asked, QuestionAsked, QuestionPurpose, Search, VisitFact, VisitState};
use sync::outbox::{Job, Stage};

/// Between boxes that planned the same question: longer than a fact takes from one to the other, also over a poor line.
const BETWEEN_BOXES_MS: i64 = 20 * 60_000;

/// What follows.
#[derive(Default)]
pub(super) struct Follow {
    /// questions the box asks by itself
    pub questions: Vec<VisitFact>,
    /// jobs to be written down
    pub jobs: Vec<JobRow>,
    /// what the patient's record learns
    pub learned: Vec<PatientFact>,
}

/// Works out what follows.
pub(super) fn of(
    work: &Work<'_>,
    before: &VisitState,
    visit: &OpenVisit,
    facts: &[VisitFact],
) -> Result<Follow, Declined> {
    let mut follow = Follow::default();
    let Some(decision) = visit.state.decide(&work.settings.rules, work.now, &work.links) else { return Ok(follow) };
    follow.jobs = facts.iter().filter_map(|fact| asked_now(work, visit, fact)).collect();
    if follow.jobs.is_empty()
        && let Some((question, due_at)) = recheck_question(work, visit, &decision)?
    {
        follow.jobs.push(query_job(work, visit, &question, due_at));
        // A question for a later day becomes a fact on that day.
        if due_at == work.now {
            follow.questions.push(VisitFact::QuestionAsked(question));
        }
    }
    follow.jobs.extend(declaration_job(work, &visit.id, &visit.state, facts));
    settle_declaration(work, visit, &mut follow.jobs)?;
    follow.learned = learned(before, visit, facts, &decision);
    Ok(follow)
}

/// Every check-in that the national service did not confirm is asked again as soon as its numbers are known (checkin-rules §4, last
/// line), and when the answer was no help, again on the planned days until the claim closes (REQ-30). A declaration or a card face
/// alone has no numbers to ask by (oqs-interface §7).
fn recheck_question(
    work: &Work<'_>,
    visit: &OpenVisit,
    decision: &Decision,
) -> Result<Option<(QuestionAsked, Timestamp)>, Declined> {
    let state = &visit.state;
    let settled = state.accepted.is_some() || state.full_charge.is_some();
    let sure = decision.accepted.as_ref().is_some_and(|a| a.confidence == Confidence::ConfirmedOnline);
    // a visit that goes on in another one is asked about there
    if !settled || sure || state.merges.merged_into().is_some() {
        return Ok(None);
    }
    let Some(search) = numbers_of(state, decision).and_then(|numbers| search_of(state, numbers)) else {
        return Ok(None);
    };
    if came_to_nothing(state, &search) {
        return Ok(None);
    }
    let under_way = |asked: &Asked| asked.ended.is_none() && same_keys(&asked.search, &search);
    if state.questions.iter().any(under_way) {
        return Ok(None); // also by another counter, or for a visit that goes on in this one
    }
    let asked_before = state.questions.iter().any(|asked| same_keys(&asked.search, &search));
    let due_at = if asked_before { next_planned(visit, work) } else { Some(work.now) };
    let Some(due_at) = due_at else { return Ok(None) };
    if still_out(work, visit)? {
        return Ok(None);
    }
    let question = work.new_question(&visit.id);
    Ok(Some((QuestionAsked { question, purpose: QuestionPurpose::Recheck, search }, due_at)))
}

/// Asking by these keys once more would come to nothing: they were rejected, or belong to another person.
fn came_to_nothing(state: &VisitState, search: &Search) -> bool {
    state.questions.iter().any(|asked| asked.failed == Some(Cause::Data) && same_keys(&asked.search, search))
}

fn still_out(work: &Work<'_>, visit: &OpenVisit) -> Result<bool, Declined> {
    if visit.document.latest.is_none() {
        return Ok(false); // nobody has asked anything for a visit that is only now being written
    }
    let jobs = work.writing.reading().jobs_of_visit(&visit.id)?;
    Ok(jobs.iter().any(|row| row.job.stage != Stage::Done && matches!(row.content, JobContent::Query(_))))
}

/// Six in the morning of the next planned day, or as much later as this box stands behind others in the line for the visit: every box
/// that touches the visit plans, and the fact of the first to ask keeps the others from it.
fn next_planned(visit: &OpenVisit, work: &Work<'_>) -> Option<Timestamp> {
    let today = work.now.date_in_japan();
    let plan = recheck_plan(visit.state.visit_date()?, &work.settings.rules);
    let day = plan.into_iter().find(|day| *day > today)?;
    let place = work.writing.place_among_boxes(&DocumentId::Visit(visit.id.clone()));
    let later = i64::try_from(place).unwrap_or(0) * BETWEEN_BOXES_MS;
    Some(Timestamp::in_japan(day, 6, 0, 0).plus_ms(later))
}

fn numbers_of<'a>(state: &'a VisitState, decision: &'a Decision) -> Option<&'a Coverage> {
    let claimed = decision.coverage().filter(|coverage| coverage.has_numbers());
    let on_file = state.stored.as_ref().map(|stored| &stored.coverage).filter(|coverage| coverage.has_numbers());
    claimed.or(on_file)
}

pub(super) fn search_of(state: &VisitState, coverage: &Coverage) -> Option<Search> {
    Some(Search {
        coverage: coverage.clone(),
        birth_date: state.person.as_ref()?.birth_date?,
        confirm_for: state.visit_date()?,
    })
}

pub(super) fn same_keys(one: &Search, two: &Search) -> bool {
    one.coverage.same_insured(&two.coverage)
        && one.coverage.branch_number == two.coverage.branch_number
        && one.birth_date == two.birth_date
        && one.confirm_for == two.confirm_for
}

fn asked_now(work: &Work<'_>, visit: &OpenVisit, fact: &VisitFact) -> Option<JobRow> {
    match fact {
        VisitFact::QuestionAsked(asked) => Some(query_job(work, visit, asked, work.now)),
        _ => None,
    }
}

fn query_job(work: &Work<'_>, visit: &OpenVisit, asked: &QuestionAsked, due_at: Timestamp) -> JobRow {
    let content = JobContent::Query(asked.search.clone());
    let row = JobRow::new(asked.question.clone(), asked.purpose, content, work.now);
    let job = Job { due_at, ..row.job };
    JobRow { job, visit: Some(visit.id.clone()), patient: visit.state.patient.clone(), ..row }
}

/// A declaration without numbers waits for the patient's report: shown in the queue with that reason.
fn declaration_job(work: &Work<'_>, visit: &VisitId, state: &VisitState, facts: &[VisitFact]) -> Option<JobRow> {
    let declaration = facts.iter().find_map(|fact| match fact {
        VisitFact::DeclarationTaken(taken) => Some(&taken.declaration),
        _ => None,
    })?;
    let content = JobContent::Declaration(DeclarationContent { form_no: declaration.form_no.clone() });
    let row = JobRow::new(work.new_question(visit), QuestionPurpose::Recheck, content, work.now);
    Some(JobRow {
        job: Job { stage: Stage::Elsewhere, ..row.job },
        visit: Some(visit.clone()),
        patient: state.patient.clone(),
        problem: Some(Text::new(
            "申立書には番号がないため照会できません。患者さんから番号の連絡（写し・写真）があるか、次にカードを読むと自動で確認します。",
            "A declaration has no number to ask by. It settles itself once the patient reports the number or the card is read.",
        )),
        ..row
    })
}

/// Once the national service has answered for the visit, or its numbers are being asked, the waiting declaration is done.
fn settle_declaration(work: &Work<'_>, visit: &OpenVisit, jobs: &mut Vec<JobRow>) -> Result<(), Declined> {
    let confirmed = visit.state.answer.as_ref().is_some_and(|a| a.status == EligibilityStatus::Valid);
    if !confirmed {
        return Ok(());
    }
    let waiting = work.writing.reading().jobs_of_visit(&visit.id)?;
    let declarations = waiting
        .into_iter()
        .filter(|row| row.job.stage == Stage::Elsewhere && matches!(row.content, JobContent::Declaration(_)));
    jobs.extend(declarations.map(|row| JobRow {
        job: Job { stage: Stage::Done, ..row.job },
        ended_at: Some(work.now),
        problem: Some(Text::new("資格を確認できました。", "The eligibility was confirmed.")),
        ..row
    }));
    Ok(())
}

fn learned(before: &VisitState, visit: &OpenVisit, facts: &[VisitFact], decision: &Decision) -> Vec<PatientFact> {
    let state = &visit.state;
    let Some(day) = state.visit_date() else { return Vec::new() };
    let mut learned = Vec::new();
    if let Some(person) = state.person.clone().filter(|_| before.person != state.person) {
        learned.push(PatientFact::PersonKnown(PersonKnown { person }));
    }
    for fact in facts {
        match fact {
            VisitFact::AnswerReceived(received) => match received.answer.status {
                EligibilityStatus::Valid | EligibilityStatus::ValidTicketMissing => {
                    learned.extend(confirmed_coverage(visit, decision, day));
                }
                EligibilityStatus::Invalid => learned.push(PatientFact::InvalidShown(InvalidShown { on: day })),
                _ => {}
            },
            VisitFact::Accepted(accepted) if accepted.acceptance.confidence == Confidence::ConfirmedByDocument => {
                learned.extend(document_coverage(visit, decision, accepted.acceptance.evidence, day));
            }
            VisitFact::PublicPayersTaken(taken) if !taken.payers.is_empty() => {
                learned.push(PatientFact::SubsidyShown(SubsidyShown { on: day }));
            }
            VisitFact::FollowUpClosed(closed) if closed.kind == FollowUpKind::CertificateSlip => {
                learned.push(PatientFact::SlipGiven(SlipGiven { on: day }));
            }
            VisitFact::CardSeen(seen) => {
                learned.extend(
                    seen.certificate_expiry.map(|expiry| PatientFact::CertificateSeen(CertificateSeen { expiry })),
                );
            }
            _ => {}
        }
    }
    learned.extend(super::lost_cards::learned(before, visit));
    if state.showed_card_or_certificate() && !before.showed_card_or_certificate() {
        learned.push(PatientFact::DocumentShown(DocumentShown { on: day }));
    }
    learned
}

fn confirmed_coverage(visit: &OpenVisit, decision: &Decision, day: domain::Date) -> Option<PatientFact> {
    let coverage = decision.coverage().filter(|_| decision.claim.basis == ClaimBasis::Current)?;
    let evidence = decision.accepted.as_ref().map_or(EvidenceKind::MynaCardFace, |a| a.evidence);
    Some(PatientFact::CoverageLearned(Box::new(CoverageLearned {
        coverage: coverage.clone(),
        evidence,
        confidence: Confidence::ConfirmedOnline,
        on: day,
        visit: Some(visit.id.clone()),
    })))
}

fn document_coverage(
    visit: &OpenVisit,
    decision: &Decision,
    evidence: EvidenceKind,
    day: domain::Date,
) -> Option<PatientFact> {
    let coverage = decision.coverage().filter(|coverage| coverage.has_numbers())?;
    Some(PatientFact::CoverageLearned(Box::new(CoverageLearned {
        coverage: coverage.clone(),
        evidence,
        confidence: Confidence::ConfirmedByDocument,
        on: day,
        visit: Some(visit.id.clone()),
    })))
}
