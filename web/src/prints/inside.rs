//! The box itself on paper: the look over it, and the emergency kit.

use super::JA;
use crate::port::{BackupsView, Check, Desk, Finding, KeyOnPaper};
use crate::show;
use crate::words::DoctorWords;
use domain::text::Text;
use paper::{CheckLine, CheckUp, Paper, RecoveryKit};

/// What a look over the box found; empty where nothing is known of it.
pub fn check_up(desk: &dyn Desk) -> CheckUp {
    let Some(inside) = desk.inside() else { return CheckUp::default() };
    let (view, w) = (inside.check_up(), DoctorWords::of(JA));
    let mut wrong: Vec<&Check> = view.checks.iter().filter(|check| check.finding >= Finding::Look).collect();
    wrong.sort_by_key(|check| std::cmp::Reverse(check.finding));
    let well = view.checks.iter().filter(|check| check.finding < Finding::Look);
    let count = |finding| wrong.iter().filter(|check| check.finding == finding).count();
    let summary = match (count(Finding::Bad), count(Finding::Look)) {
        (0, 0) => w.all_well.to_owned(),
        (bad, look) => format!("{}：{bad}　{}：{look}", w.to_mend, w.to_look),
    };
    CheckUp {
        at: format!("{} {}", show::day(JA, view.at.date_in_japan()), show::time(view.at)),
        version: view.version.clone(),
        summary,
        lines: wrong.into_iter().map(line).collect(),
        well: well.map(|check| (JA.of(&check.name), JA.of(&check.seen))).collect(),
    }
}

fn line(check: &Check) -> CheckLine {
    let words = |text: &Option<Text>| text.as_ref().map(|text| JA.of(text)).unwrap_or_default();
    CheckLine {
        code: check.code.to_owned(),
        name: JA.of(&check.name),
        finding: show::finding(JA, check.finding).word,
        is_bad: check.finding == Finding::Bad,
        seen: JA.of(&check.seen),
        cause: words(&check.cause),
        cure: words(&check.cure),
    }
}

/// The emergency kit of a key that was just proven to be the right one.
pub(crate) fn recovery_kit(key: KeyOnPaper, view: &BackupsView) -> Paper {
    Paper::RecoveryKit(RecoveryKit {
        groups: key.groups,
        key_name: key.name,
        folder: view.folder.clone(),
        plan: JA.of(&view.plan),
    })
}
