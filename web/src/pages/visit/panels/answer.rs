//! What the national service said, and the smaller facts beside the ladder.

use crate::form::payer_warnings;
use crate::pages::visit::Context;
use crate::show::{self, Chip, Comparison, CoverageLine, JobLine};
use domain::declaration::Declaration;
use domain::eligibility::EligibilityStatus;
use domain::lookup::Lookup;
use domain::public_payer::PublicPayer;

/// The answer of the national service beside what was on file.
pub struct ResultPanel {
    pub chip: Chip,
    pub withheld: bool,
    pub lines: Vec<Comparison>,
    pub has_old: bool,
    pub differs: bool,
    pub note: String,
}

pub fn result(context: &Context<'_>) -> Option<ResultPanel> {
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
    pub payers: Vec<PayerLine>,
    pub odd_payers: Vec<String>,
    pub lookup: Vec<CoverageLine>,
    pub declared: Vec<CoverageLine>,
    pub attempts: Vec<(&'static str, &'static str)>,
    pub jobs: Vec<JobLine>,
    pub certificate: String,
}

/// A public payer in words: what it is, its numbers.
pub struct PayerLine {
    pub name: String,
    pub payer: String,
    pub recipient: String,
}

pub fn side(context: &Context<'_>) -> SidePanels {
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
        payers: view.state.public_payers.iter().map(|payer| payer_line(context, payer)).collect(),
        odd_payers: payer_warnings(lang, &view.state.public_payers),
        lookup: view.state.lookup.as_ref().map(|lookup| lookup_lines(context, lookup)).unwrap_or_default(),
        declared: view.state.declaration.as_ref().map(|form| declared_lines(context, form)).unwrap_or_default(),
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

fn payer_line(context: &Context<'_>, payer: &PublicPayer) -> PayerLine {
    PayerLine {
        name: context.words(&payer.name()),
        payer: payer.payer.as_str().to_owned(),
        recipient: payer.recipient.as_ref().map(|number| number.as_str().to_owned()).unwrap_or_default(),
    }
}

/// What was copied from an official screen, and how it was obtained.
fn lookup_lines(context: &Context<'_>, lookup: &Lookup) -> Vec<CoverageLine> {
    let (lang, w) = (context.lang, context.w);
    let at = show::moment(lang, lookup.looked_up_at, context.app.desk.today());
    let consent = lookup.consent.map(|given| show::disaster_consent(lang, given).to_owned());
    let said = format!("{} — {}", show::evidence(lang, lookup.kind), show::eligibility(lang, lookup.answer.status));
    let lines = [
        (w.lookup_said, Some(said)),
        (w.lookup_by, Some(lookup.looked_up_by.clone())),
        (w.lookup_at, Some(at)),
        (w.lookup_searched, Some(show::searched_by(lang, lookup.searched_by).to_owned())),
        (w.lookup_consent, consent),
    ];
    shown(lines)
}

/// Who signed the declaration, and where it is kept.
fn declared_lines(context: &Context<'_>, form: &Declaration) -> Vec<CoverageLine> {
    let (lang, w) = (context.lang, context.w);
    let signed = form.signed_by().map(|(signer, name, relation)| {
        let who = [Some(show::signer(lang, signer)), name, relation];
        let how = if form.paper.is_some() { w.on_paper } else { w.on_screen };
        format!("{}（{how}）", who.into_iter().flatten().collect::<Vec<_>>().join(" "))
    });
    let kept_at = form.paper.as_ref().and_then(|paper| paper.kept_at.clone());
    shown([(w.declared_no, Some(form.form_no.clone())), (w.signed_by, signed), (w.kept_at, kept_at)])
}

fn shown<const N: usize>(lines: [(&'static str, Option<String>); N]) -> Vec<CoverageLine> {
    lines.into_iter().filter_map(|(label, value)| value.map(|value| CoverageLine { label, value })).collect()
}
