//! Decisions of staff about what counters wrote apart: which value is right, which check-ins and which patients are one.

mod carry;
mod noted;
mod patients;
mod visits;

pub(super) use carry::{carry_over, carry_what_is_due};

use super::work::{Declined, Work};
use crate::store::DocumentId;
use domain::apart::{Disagreement, Matter, MergeId, Says, disagreements};
use domain::fact::{Author, FactId};
use domain::text::Text;
use domain::written::Written;
use web::port::{ApartCommand, Saved, Thing};

/// Longest reason, characters.
const LONGEST_REASON: usize = 200;

/// Does what staff decided.
pub(super) fn command(
    work: &mut Work<'_>,
    by: &Author,
    command: ApartCommand,
    saved: &mut Saved,
) -> Result<(), Declined> {
    check_reason(&command)?;
    match command {
        ApartCommand::Settle { thing: Thing::Visit(visit), matter, right, reason } => {
            visits::settle(work, by, &visit, &Choice { matter, right, reason })?;
            saved.visit = Some(visit);
        }
        ApartCommand::Settle { thing: Thing::Patient(patient), matter, right, reason } => {
            patients::settle(work, by, &patient, &Choice { matter, right, reason })?;
            saved.patient = Some(patient);
        }
        ApartCommand::MergeVisits { goes_on, other, reason } => {
            visits::merge(work, by, &goes_on, &other, &reason)?;
            saved.visit = Some(goes_on);
        }
        ApartCommand::MergePatients { goes_on, other, reason } => {
            patients::merge(work, by, &goes_on, &other, &reason)?;
            saved.patient = Some(goes_on);
        }
        ApartCommand::UndoMerge { thing: Thing::Visit(visit), merge, reason } => {
            visits::undo(work, by, &visit, &merge, &reason)?;
            saved.visit = Some(visit);
        }
        ApartCommand::UndoMerge { thing: Thing::Patient(patient), merge, reason } => {
            patients::undo(work, by, &patient, &merge, &reason)?;
            saved.patient = Some(patient);
        }
        ApartCommand::KeepApart { one: Thing::Visit(one), other: Thing::Visit(other), reason } => {
            visits::keep_apart(work, by, &one, &other, &reason)?;
            saved.visit = Some(one);
        }
        ApartCommand::KeepApart { one: Thing::Patient(one), other: Thing::Patient(other), reason } => {
            patients::keep_apart(work, by, &one, &other, &reason)?;
            saved.patient = Some(one);
        }
        ApartCommand::KeepApart { .. } => return Err(not_alike()),
    }
    Ok(())
}

/// One side that staff chose.
struct Choice {
    matter: Matter,
    right: FactId,
    reason: String,
}

fn check_reason(command: &ApartCommand) -> Result<(), Declined> {
    let (ApartCommand::Settle { reason, .. }
    | ApartCommand::MergeVisits { reason, .. }
    | ApartCommand::MergePatients { reason, .. }
    | ApartCommand::UndoMerge { reason, .. }
    | ApartCommand::KeepApart { reason, .. }) = command;
    if reason.trim().is_empty() {
        return Err(Declined::refused("reason", "理由を入力してください。", "Please give a reason."));
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(Declined::refused("reason", "理由は200文字までです。", "A reason of at most 200 characters."));
    }
    Ok(())
}

/// The disagreement a choice is about, as it stands now.
fn disagreement<F: Written + Says>(
    work: &Work<'_>,
    document: &DocumentId,
    choice: &Choice,
) -> Result<Disagreement, Declined> {
    let told = work.writing.reading().told::<F>(document)?;
    let of_matter = disagreements(&told).into_iter().find(|disagreement| disagreement.matter == choice.matter);
    let fits = |disagreement: &Disagreement| disagreement.sides.iter().any(|side| side.fact == choice.right);
    of_matter.filter(fits).ok_or_else(settled_already)
}

fn settled_already() -> Declined {
    Declined::StateChanged(Text::new(
        "この食い違いはもう解消しています。画面を更新してください。",
        "This disagreement has been settled already. Reload the page.",
    ))
}

fn not_alike() -> Declined {
    Declined::refused(
        "other",
        "同じ種類の記録（受付どうし、患者どうし）を選んでください。",
        "Choose two records of one kind: two visits or two patients.",
    )
}

fn same_record() -> Declined {
    Declined::refused("other", "同じ記録です。別の記録を選んでください。", "This is one record. Choose another one.")
}

fn other_person() -> Declined {
    Declined::refused(
        "other",
        "氏名・生年月日・性別が違うため、まとめられません。別の方の記録です。同じ方なら、先に氏名や生年月日を直してください。",
        "Name, birth date or sex differ: these are two persons. If it is one, correct name or birth date first.",
    )
}

fn merged_already() -> Declined {
    Declined::StateChanged(Text::new(
        "この記録はもうまとめられているか、取り消されています。画面を更新してください。",
        "This record was merged or voided already. Reload the page.",
    ))
}

fn no_such_merge() -> Declined {
    Declined::StateChanged(Text::new(
        "この「まとめ」はもう元に戻されています。画面を更新してください。",
        "This merge has been undone already. Reload the page.",
    ))
}

fn new_merge(work: &Work<'_>) -> MergeId {
    MergeId::new(work.new_id())
}
