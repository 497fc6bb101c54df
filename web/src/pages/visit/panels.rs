//! The panels of the visit page: who, how it stands, share, claim, answer, what remains, what happened.

use super::steps::reason_form;
use super::{Context, Head};
use crate::form::fields::*;
use crate::form::{Choice, Input, Offer};
use crate::pages::check_in::sexes;
use crate::port::VisitView;
use crate::show::{self, Chip, Comparison, CoverageLine, JobLine};
use domain::case::Companion;
use domain::decision::RatioSource;
use domain::eligibility::EligibilityStatus;
use domain::link::WhyNotBetter;
use domain::visit::VisitStatus;

/// The patient's line.
pub struct Who {
    pub name: String,
    pub kana: String,
    pub birth: String,
    pub sex: &'static str,
    pub number: String,
    pub care: String,
    pub patient: Option<String>,
    pub companion: &'static str,
    pub opened: String,
    pub flow: &'static str,
}

/// The name to print.
pub(super) fn name_of(view: &VisitView) -> Option<String> {
    let on_file = view.patient.as_ref().and_then(|patient| patient.state.display_name());
    let shown = view.state.person.as_ref().and_then(|person| person.name.as_deref());
    on_file.or(shown).map(str::to_owned)
}

pub(super) fn who(context: &Context<'_>) -> Who {
    let (view, lang) = (context.view, context.lang);
    let person = view.state.person.as_ref();
    let name = name_of(view);
    let patient = view.patient.as_ref();
    let opened = view.state.opened.as_ref();
    Who {
        name: name.unwrap_or_else(|| context.w.unknown_name.to_owned()),
        kana: person.and_then(|p| p.name_kana.clone()).unwrap_or_default(),
        birth: person
            .and_then(|p| p.birth_date)
            .map_or_else(|| context.w.no_birth.to_owned(), |birth| show::birth(lang, birth, context.day)),
        sex: person.and_then(|p| p.sex).map_or("", |sex| show::sex(lang, sex)),
        number: patient.and_then(|p| p.state.patient_number.clone()).unwrap_or_default(),
        care: patient.and_then(|p| p.state.care_note.clone()).unwrap_or_default(),
        patient: view.state.patient.as_ref().map(ToString::to_string),
        companion: view.state.companion.map_or("", |companion| show::companion(lang, companion)),
        opened: show::moment(lang, view.state.opened_at, context.app.desk.today()),
        flow: opened.map_or("", |opened| show::flow(lang, opened.flow)),
    }
}

/// What staff should notice: what the rules say, and what the declaration still lacks for the claim (REQ-65).
pub(super) fn cautions(context: &Context<'_>) -> Vec<String> {
    let gaps = context.view.state.declaration.as_ref().map(|declaration| {
        let on_paper = usize::from(declaration.signature.is_none());
        let mut gaps = declaration.gaps();
        gaps.truncate(gaps.len().saturating_sub(on_paper));
        gaps
    });
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

pub(super) fn outcome(context: &Context<'_>) -> Outcome {
    let (view, lang) = (context.view, context.lang);
    let accepted = view.decision.accepted.as_ref().filter(|_| view.state.accepted.is_some());
    let reasons = [&view.state.voided, &view.state.left_without_care];
    Outcome {
        chip: show::status(lang, view.status),
        received: accepted.is_some() || view.state.full_charge.is_some(),
        ended: matches!(view.status, VisitStatus::Voided | VisitStatus::LeftWithoutCare)
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

pub(super) fn refused(context: &Context<'_>) -> Vec<RefusedLine> {
    let lang = context.lang;
    let line = |refusal: &domain::decision::Refusal| {
        let rule = refusal.rule.map(|id| context.app.settings.rules.rule(id));
        RefusedLine {
            evidence: show::evidence(lang, refusal.evidence),
            reason: context.words(&refusal.reason),
            law: refusal.law.clone(),
            rule: rule.map(|rule| (lang.pick(rule.ja, rule.en).to_owned(), show::period(lang, rule.from, rule.to))),
        }
    };
    context.view.decision.refused.iter().map(line).collect()
}

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

pub(super) fn ratio(context: &Context<'_>) -> RatioPanel {
    let (lang, state, ratio) = (context.lang, &context.view.state, &context.view.decision.ratio);
    let typed = context.typed("ratio");
    let offers = [3, 2, 1, 0].map(|share: u8| Offer::new(share.to_string(), show::tenths(lang, share))).into();
    let source = |source: &RatioSource| SourceLine {
        basis: show::basis(lang, source.basis),
        share: show::tenths(lang, source.tenths),
        period: if source.valid_from.is_some() || source.valid_to.is_some() {
            show::period(lang, source.valid_from, source.valid_to)
        } else {
            String::new()
        },
    };
    RatioPanel {
        share: show::tenths_or_unknown(
            lang,
            state.ratio_charged().filter(|_| state.full_charge.is_none()).or(ratio.tenths),
        ),
        chosen: state.ratio_chosen.is_some(),
        mismatch: ratio.mismatch && state.ratio_chosen.is_none(),
        ask: ratio.ask.as_ref().map(|ask| context.words(ask)).unwrap_or_default(),
        sources: ratio.sources.iter().map(source).collect(),
        head: context.head("ratio", "ratio"),
        choice: Choice::of(&RATIO, "ratio", &typed, lang, offers).compact(),
        reason: Input::of(&REASON, "ratio", &typed, lang),
        open: context.is_refused("ratio") || (ratio.mismatch && state.ratio_chosen.is_none()),
        can_choose: context.view.status != VisitStatus::Voided,
    }
}

/// The answer of the national service beside what was on file.
pub struct ResultPanel {
    pub chip: Chip,
    pub withheld: bool,
    pub lines: Vec<Comparison>,
    pub has_old: bool,
    pub differs: bool,
    pub note: String,
}

pub(super) fn result(context: &Context<'_>) -> Option<ResultPanel> {
    let (state, lang) = (&context.view.state, context.lang);
    let Some(answer) = &state.answer else {
        return state.answer_withheld.then(|| ResultPanel {
            chip: Chip::new("changed", "flag", context.w.withheld),
            withheld: true,
            lines: Vec::new(),
            has_old: false,
            differs: false,
            note: String::new(),
        });
    };
    let old = state.stored.as_ref().map(|stored| &stored.coverage).filter(|coverage| coverage.has_numbers());
    let empty = domain::coverage::Coverage::EMPTY;
    let new = answer.main_result().map_or(&empty, |result| &result.coverage);
    let lines = show::compare(lang, old.unwrap_or(&empty), new);
    let fine = matches!(answer.status, EligibilityStatus::Valid | EligibilityStatus::ValidTicketMissing);
    let (tone, icon) = if fine { ("confirmed", "check") } else { ("changed", "flag") };
    Some(ResultPanel {
        chip: Chip::new(tone, icon, show::eligibility(lang, answer.status)),
        withheld: state.answer_withheld,
        has_old: old.is_some(),
        differs: lines.iter().any(|line| line.differs),
        lines,
        note: answer.note.clone().unwrap_or_default(),
    })
}

/// Smaller facts beside the ladder.
pub struct SidePanels {
    pub medical: bool,
    pub medical_reason: String,
    pub medical_until: String,
    pub claim: &'static str,
    pub claim_provisional: bool,
    pub claim_reason: String,
    pub remarks: Vec<String>,
    pub insurance: Vec<CoverageLine>,
    pub attempts: Vec<(&'static str, &'static str)>,
    pub jobs: Vec<JobLine>,
    pub certificate: String,
}

pub(super) fn side(context: &Context<'_>) -> SidePanels {
    let (view, lang) = (context.view, context.lang);
    let (claim, medical) = (&view.decision.claim, &view.decision.medical);
    let today = context.app.desk.today();
    let expiry = view.state.certificate_expiry.map(|expiry| show::day(lang, expiry)).unwrap_or_default();
    let window = view.decision.certificate_window.map(|window| format!(" ({})", window.code())).unwrap_or_default();
    SidePanels {
        medical: medical.allowed,
        medical_reason: context.words(&medical.reason),
        medical_until: medical.until.map(|until| show::moment(lang, until, today)).unwrap_or_default(),
        claim: show::claim_basis(lang, claim.basis),
        claim_provisional: claim.provisional,
        claim_reason: context.words(&claim.reason),
        remarks: claim.remark_lines.clone(),
        insurance: view.decision.coverage().map(|c| show::coverage_lines(lang, c)).unwrap_or_default(),
        attempts: view
            .state
            .attempts
            .iter()
            .map(|attempt| (show::evidence(lang, attempt.kind), show::attempt(lang, attempt.outcome)))
            .collect(),
        jobs: view.jobs.iter().map(|job| JobLine::of(lang, job, context.app.desk.now())).collect(),
        certificate: if expiry.is_empty() { expiry } else { expiry + &window },
    }
}

/// One thing to be done for this visit.
pub struct FollowUpLine {
    pub kind: &'static str,
    pub title: &'static str,
    pub due: String,
    pub is_due: bool,
    pub reason: String,
    pub head: Head,
    pub note: Input,
}

pub(super) fn follow_ups(context: &Context<'_>) -> Vec<FollowUpLine> {
    let today = context.app.desk.today();
    let line = |follow_up: &domain::decision::FollowUp| {
        let kind = follow_up.kind.code();
        let typed = context.typed("follow-up");
        let same = typed.value("kind") == kind;
        let note = Input::of(&NOTE, kind, &if same { typed } else { Default::default() }, context.lang);
        FollowUpLine {
            kind,
            title: show::follow_up(context.lang, follow_up.kind),
            due: show::day(context.lang, follow_up.due),
            is_due: follow_up.due <= today,
            reason: context.words(&follow_up.reason),
            head: context.head("follow-up", kind),
            note,
        }
    };
    context.view.follow_ups.iter().map(line).collect()
}

/// Forms for what else can be noted.
pub struct Notes {
    pub possible: bool,
    pub open: bool,
    pub person_head: Head,
    pub person: Vec<Input>,
    pub sex: Choice,
    pub companion_head: Head,
    pub companion: Choice,
    pub companion_name: Input,
    pub card_head: Head,
    pub expiry: Input,
    pub registered: Choice,
}

pub(super) fn notes(context: &Context<'_>) -> Notes {
    let (lang, w) = (context.lang, context.w);
    let typed = |form| context.typed(form);
    let person = person_typed(context);
    let companions =
        Companion::ALL.iter().map(|who| Offer::new(who.code(), show::companion(lang, *who))).collect::<Vec<_>>();
    let registered =
        vec![Offer::new("yes", w.registered), Offer::new("no", w.not_registered), Offer::new("", w.not_known)];
    let fields = [&NAME, &NAME_KANA, &BIRTH_DATE, &ADDRESS];
    Notes {
        possible: context.view.status != VisitStatus::Voided,
        open: ["person", "companion", "card"].into_iter().any(|form| context.is_refused(form)),
        person_head: context.head("person", "person"),
        person: fields.into_iter().map(|field| Input::of(field, "person", &person, lang)).collect(),
        sex: Choice::of(&SEX, "person", &person, lang, sexes(lang)).compact(),
        companion_head: context.head("companion", "companion"),
        companion: Choice::of(&COMPANION, "companion", &typed("companion"), lang, companions).compact(),
        companion_name: Input::of(&COMPANION_NAME, "companion", &typed("companion"), lang),
        card_head: context.head("card", "card"),
        expiry: Input::of(&CERTIFICATE_EXPIRY, "card", &typed("card"), lang),
        registered: Choice::of(&CARD_REGISTERED, "card", &typed("card"), lang, registered).compact(),
    }
}

fn person_typed(context: &Context<'_>) -> crate::form::Typed {
    if context.is_refused("person") {
        return context.typed("person");
    }
    let person = context.view.state.person.clone();
    let values = person.map(|person| {
        [
            (NAME.name, person.name),
            (NAME_KANA.name, person.name_kana),
            (BIRTH_DATE.name, person.birth_date.map(|birth| birth.to_string())),
            (SEX.name, person.sex.map(|sex| sex.code().to_owned())),
            (ADDRESS.name, person.address),
        ]
    });
    let known = values.into_iter().flatten().filter_map(|(name, value)| Some((name, value?)));
    crate::form::Typed::prefilled(known)
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

pub(super) fn ends(context: &Context<'_>) -> Ends {
    let charge = &context.view.decision.full_charge;
    let form = |name, go, danger| reason_form(context, name, name, go, danger).unwrap_or_default();
    let w = context.w;
    Ends {
        possible: context.view.status != VisitStatus::Voided,
        open: ["leave", "void"].into_iter().any(|form| context.is_refused(form)),
        full_charge: context.view.state.full_charge.clone(),
        full_charge_reason: context.words(&charge.reason),
        full_charge_law: charge.law.clone(),
        may_be_asked: charge.may_be_asked,
        leave: form("leave", w.leave_go, true),
        void: form("void", w.void_go, true),
    }
}

/// One line of the history.
pub struct HistoryLine {
    pub at: String,
    pub by_box: bool,
    pub by: String,
    pub words: String,
}

pub(super) fn history(context: &Context<'_>) -> Vec<HistoryLine> {
    let today = context.app.desk.today();
    let the_box = domain::fact::Author::the_box();
    let line = |recorded: &domain::fact::Recorded<domain::visit::VisitFact>| HistoryLine {
        at: show::moment(context.lang, recorded.at, today),
        by_box: recorded.by == the_box,
        by: recorded.by.to_string(),
        words: show::fact(context.lang, &recorded.fact),
    };
    context.view.history.iter().rev().map(line).collect()
}
