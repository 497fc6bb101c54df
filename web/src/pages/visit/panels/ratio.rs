//! The share with all its sources and dates, and the chooser.

use crate::form::fields::*;
use crate::form::{Choice, Input, Offer};
use crate::pages::visit::{Context, Head};
use crate::show;
use domain::decision::{RatioBasis, RatioSource};
use domain::visit::VisitStatus;

/// The share with all its sources, and the chooser.
pub struct RatioPanel {
    pub share: String,
    pub chosen: bool,
    pub mismatch: bool,
    pub ask: String,
    pub sources: Vec<SourceLine>,
    pub head: Head,
    pub choice: Choice,
    pub reason: Input,
    pub open: bool,
    pub can_choose: bool,
}

/// One source of a share.
pub struct SourceLine {
    pub basis: &'static str,
    pub share: String,
    pub period: String,
}

pub fn ratio(context: &Context<'_>) -> RatioPanel {
    let (lang, state, ratio) = (context.lang, &context.view.state, &context.view.decision.ratio);
    let typed = context.typed("ratio");
    let offers = [3, 2, 1, 0].map(|share: u8| Offer::new(share.to_string(), show::tenths(lang, share))).into();
    let source = |source: &RatioSource| SourceLine {
        basis: show::basis(lang, source.basis),
        share: show::tenths(lang, source.tenths),
        period: match (source.basis, source.valid_from, source.valid_to) {
            (RatioBasis::Age, None, None) => context.w.ratio_by_age.to_owned(),
            (_, from, to) => show::period(lang, from, to),
        },
    };
    // the three that are compared always have their line (REQ-32)
    let absent = [RatioBasis::Online, RatioBasis::Document, RatioBasis::Age].into_iter();
    let absent = absent.filter(|basis| ratio.sources.iter().all(|source| source.basis != *basis));
    let no_source = |basis| SourceLine {
        basis: show::basis(lang, basis),
        share: "—".to_owned(),
        period: context.w.ratio_none.to_owned(),
    };
    RatioPanel {
        share: show::tenths_or_unknown(
            lang,
            state.ratio_charged().filter(|_| state.full_charge.is_none()).or(ratio.tenths),
        ),
        chosen: state.ratio_chosen.is_some(),
        mismatch: ratio.mismatch && state.ratio_chosen.is_none(),
        ask: ratio.ask.as_ref().map(|ask| context.words(ask)).unwrap_or_default(),
        sources: ratio.sources.iter().map(source).chain(absent.map(no_source)).collect(),
        head: context.head("ratio", "ratio"),
        choice: Choice::of(&RATIO, "ratio", &typed, lang, offers).compact(),
        reason: Input::of(&REASON, "ratio", &typed, lang),
        open: context.is_refused("ratio") || (ratio.mismatch && state.ratio_chosen.is_none()),
        can_choose: !matches!(context.view.status, VisitStatus::Voided | VisitStatus::Merged),
    }
}
