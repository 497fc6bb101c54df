//! How the visit stands, what does not count, and how it can end.

use crate::pages::visit::Context;
use crate::pages::visit::steps::reason_form;
use crate::show::{self, Chip};
use domain::link::WhyNotBetter;
use domain::visit::VisitStatus;

/// What staff should notice: what the rules say, and what the declaration still lacks for the claim (REQ-65).
pub fn cautions(context: &Context<'_>) -> Vec<String> {
    let gaps = context.view.state.declaration.as_ref().map(domain::declaration::Declaration::gaps);
    let all = context.view.decision.cautions.iter().cloned().chain(gaps.into_iter().flatten());
    all.map(|text| context.words(&text)).collect()
}

/// How the visit stands, big.
pub struct Outcome {
    pub chip: Chip,
    pub received: bool,
    pub ended: Option<String>,
    pub share: String,
    pub evidence: &'static str,
    pub confidence: &'static str,
    pub provisional: bool,
    pub why: Option<String>,
    pub late: Vec<&'static str>,
}

pub fn outcome(context: &Context<'_>) -> Outcome {
    let (view, lang) = (context.view, context.lang);
    let accepted = view.decision.accepted.as_ref().filter(|_| view.state.accepted.is_some());
    let reasons = [&view.state.voided, &view.state.left_without_care];
    Outcome {
        chip: show::status(lang, view.status),
        received: accepted.is_some() || view.state.full_charge.is_some(),
        ended: matches!(view.status, VisitStatus::Voided | VisitStatus::Merged | VisitStatus::LeftWithoutCare)
            .then(|| reasons.into_iter().flatten().next().cloned().unwrap_or_default()),
        share: show::tenths_or_unknown(lang, view.state.ratio_charged().or(view.decision.ratio.tenths)),
        evidence: accepted.map_or("", |a| show::evidence(lang, a.evidence)),
        confidence: accepted.map_or("", |a| show::confidence(lang, a.confidence)),
        provisional: view.status == VisitStatus::Provisional,
        why: accepted.and_then(|a| a.why_not_better.as_ref()).map(|why| show_why(context, why)),
        late: view.state.late.iter().map(|outcome| show::late_outcome(lang, *outcome)).collect(),
    }
}

fn show_why(context: &Context<'_>, why: &WhyNotBetter) -> String {
    let cause = show::cause(context.lang, why.cause);
    match why.since.map(|at| show::moment(context.lang, at, context.app.desk.today())) {
        Some(since) => context.lang.pick(format!("{cause}（{since}から）"), format!("{cause} (since {since})")),
        None => cause.to_owned(),
    }
}

/// What does not count, and why.
pub struct RefusedLine {
    pub evidence: &'static str,
    pub reason: String,
    pub law: String,
    pub rule: Option<(String, String)>,
}

pub fn refused(context: &Context<'_>) -> Vec<RefusedLine> {
    let lang = context.lang;
    let line = |refusal: &domain::decision::Refusal| {
        let rule = refusal.rule.map(|id| context.app.settings.rules.rule(id));
        RefusedLine {
            evidence: show::evidence(lang, refusal.evidence),
            reason: context.words(&refusal.reason),
            law: refusal.law.clone(),
            rule: rule.map(|rule| (lang.pick(rule.ja, rule.en).to_owned(), show::in_force(lang, rule.from, rule.to))),
        }
    };
    context.view.decision.refused.iter().map(line).collect()
}

/// Ways a visit ends without the usual outcome.
pub struct Ends {
    pub possible: bool,
    pub open: bool,
    pub full_charge: Option<String>,
    pub full_charge_reason: String,
    pub full_charge_law: String,
    pub may_be_asked: bool,
    pub leave: String,
    pub void: String,
}

pub fn ends(context: &Context<'_>) -> Ends {
    let charge = &context.view.decision.full_charge;
    let form = |name, go, danger| reason_form(context, name, name, go, danger).unwrap_or_default();
    let w = context.w;
    Ends {
        possible: !matches!(context.view.status, VisitStatus::Voided | VisitStatus::Merged),
        open: ["leave", "void"].into_iter().any(|form| context.is_refused(form)),
        full_charge: context.view.state.full_charge.clone(),
        full_charge_reason: context.words(&charge.reason),
        full_charge_law: charge.law.clone(),
        may_be_asked: charge.may_be_asked,
        leave: form("leave", w.leave_go, true),
        void: form("void", w.void_go, true),
    }
}
