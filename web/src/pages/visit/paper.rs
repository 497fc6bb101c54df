//! Writing down what a paper or a screen says.

use super::{Context, Head};
use crate::error::PageError;
use crate::form::fields::*;
use crate::form::{
    COVERAGE_FIELDS, Check, Choice, CoverageForm, Field, Input, Offer, Summary, Typed, read_coverage, show_coverage,
};
use crate::lang::Lang;
use crate::show;
use crate::words::VisitWords;
use askama::Template;
use domain::case::Presented;
use domain::coverage::{Coverage, ElderlyRecipient, LimitInfo};
use domain::evidence::EvidenceKind;
use domain::visit::{DocumentPresented, VisitCommand};

#[derive(Template)]
#[template(path = "step/paper.html")]
struct PaperForm {
    w: &'static VisitWords,
    head: Head,
    title: &'static str,
    summary: Summary,
    kind: &'static str,
    which: Option<Choice>,
    coverage: Option<CoverageForm>,
    validity_only: Option<(Choice, Input, Input)>,
    limit: Option<Input>,
    copy: Option<Check>,
    copy_of: Option<Choice>,
    prefilled: bool,
    visit: String,
}

const FORM: &str = "paper";
const LIMIT_CLASS: Field =
    Field::new("limit_class", "適用区分", "Ceiling class", 10).hint("例：ウ、A03", "For instance ウ or A03");

/// The paper that was being written down when its form was refused.
pub(super) fn refused_kind(context: &Context<'_>) -> Option<EvidenceKind> {
    let refused = context.refused.filter(|refused| refused.form == FORM)?;
    EvidenceKind::from_code(refused.typed.value(PRESENTED.name))
        .or_else(|| EvidenceKind::from_code(refused.typed.value("kind")))
        .or(Some(EvidenceKind::EligibilityCertificate))
}

/// The form for writing down one kind of paper.
pub(super) fn form(context: &Context<'_>, kind: EvidenceKind) -> Result<String, PageError> {
    let lang = context.lang;
    let (typed, prefilled) = begin_with(context, kind);
    let numbers = kind.is_document();
    let copies = matches!(kind, EvidenceKind::SchoolTripCopy | EvidenceKind::NurseryCopy);
    let content = PaperForm {
        w: context.w,
        head: context.head("paper", FORM),
        title: if is_notice(kind) { notice_name(lang) } else { show::evidence(lang, kind) },
        summary: Summary::of(FORM, &typed, lang),
        kind: kind.code(),
        which: is_notice(kind).then(|| with_card(context, &typed)),
        coverage: numbers.then(|| CoverageForm::of(FORM, &typed, lang)),
        validity_only: (kind == EvidenceKind::ElderlyRecipient).then(|| elderly(&typed, lang)),
        limit: (kind == EvidenceKind::LimitCertificate).then(|| Input::of(&LIMIT_CLASS, FORM, &typed, lang)),
        copy: (numbers && !copies).then(|| Check::of(&IS_COPY, FORM, &typed, lang)),
        copy_of: copies.then(|| Choice::of(&COPY_OF, FORM, &typed, lang, copied(lang))),
        prefilled,
        visit: context.view.visit.to_string(),
    };
    content.render().map_err(|_| PageError::Broken)
}

/// What was typed; else the numbers on file, without their dates: those stand on the paper.
fn begin_with(context: &Context<'_>, kind: EvidenceKind) -> (Typed, bool) {
    if context.is_refused(FORM) {
        return (context.typed(FORM), false);
    }
    let dated = [ISSUED_ON.name, VALID_FROM.name, VALID_TO.name];
    let stored = context.view.state.stored.as_ref().filter(|_| kind.is_document()).map(|s| show_coverage(&s.coverage));
    let mut values = stored.unwrap_or_default();
    values.retain(|(name, _)| !dated.contains(name));
    let prefilled = !values.is_empty();
    if is_notice(kind) && context.view.state.presented.iter().any(|p| p.kind.shows_card()) {
        values.push((PRESENTED.name, EvidenceKind::CardPlusNotice.code().to_owned()));
    }
    (Typed::prefilled(values), prefilled)
}

fn is_notice(kind: EvidenceKind) -> bool {
    matches!(kind, EvidenceKind::CardPlusNotice | EvidenceKind::NoticeOnly)
}

fn notice_name(lang: Lang) -> &'static str {
    lang.pick("資格情報のお知らせ", "Eligibility notice")
}

/// The notice looks like a certificate and never works alone: so its form asks for the card at once (REQ-47).
fn with_card(context: &Context<'_>, typed: &Typed) -> Choice {
    let lang = context.lang;
    let offers = vec![
        Offer::new(EvidenceKind::CardPlusNotice.code(), lang.pick("カードも一緒にある", "The card is here, too"))
            .picture("card"),
        Offer::new(EvidenceKind::NoticeOnly.code(), lang.pick("お知らせだけ", "The notice alone")).picture("notice"),
    ];
    let label = lang.pick("マイナンバーカードは一緒にありますか？", "Is the My Number card here, too?");
    Choice { label, ..Choice::of(&PRESENTED, FORM, typed, lang, offers) }
}

fn elderly(typed: &Typed, lang: Lang) -> (Choice, Input, Input) {
    let offers = [("2", "2割", "20 %"), ("3", "3割", "30 %"), ("1", "1割", "10 %")];
    let offers = offers.map(|(value, ja, en)| Offer::new(value, lang.pick(ja, en))).into();
    (
        Choice::of(&RATIO, FORM, typed, lang, offers).compact(),
        Input::of(&VALID_FROM, FORM, typed, lang),
        Input::of(&VALID_TO, FORM, typed, lang),
    )
}

fn copied(lang: Lang) -> Vec<Offer> {
    vec![
        Offer::new(EvidenceKind::EligibilityCertificate.code(), lang.pick("資格確認書", "Eligibility certificate")),
        Offer::new(EvidenceKind::NoticeOnly.code(), notice_name(lang)),
        Offer::new(EvidenceKind::CardPlusPortalPdf.code(), lang.pick("資格情報PDF", "Eligibility PDF")),
    ]
}

/// Reads the form into the commands.
pub(super) fn read(typed: &mut Typed) -> Vec<VisitCommand> {
    let Some(kind) = read_kind(typed) else { return Vec::new() };
    let coverage = match kind {
        EvidenceKind::ElderlyRecipient => read_elderly(typed),
        EvidenceKind::LimitCertificate => read_limit(typed),
        kind if kind.is_document() => read_coverage(typed),
        _ => Coverage::EMPTY,
    };
    let copy_of = typed.code(&COPY_OF, EvidenceKind::from_code);
    let presented = Presented { kind, coverage, is_copy: typed.is_ticked(IS_COPY.name), copy_of };
    vec![VisitCommand::Present(DocumentPresented { presented })]
}

fn read_kind(typed: &mut Typed) -> Option<EvidenceKind> {
    let kind = EvidenceKind::from_code(typed.value("kind"));
    match kind {
        Some(kind) if is_notice(kind) => {
            typed.required_code(&PRESENTED, |code| EvidenceKind::from_code(code).filter(|kind| is_notice(*kind)))
        }
        Some(kind) => Some(kind),
        None => {
            typed.refuse("", PRESENTED.not_a_choice());
            None
        }
    }
}

fn read_elderly(typed: &mut Typed) -> Coverage {
    let ratio_tenths = typed.tenths(&RATIO);
    if ratio_tenths.is_none() && typed.is_fine() {
        typed.refuse(RATIO.name, RATIO.not_a_choice());
    }
    let (valid_from, valid_to) = (typed.date(&VALID_FROM), typed.date(&VALID_TO));
    Coverage { elderly: Some(ElderlyRecipient { ratio_tenths, valid_from, valid_to }), ..Coverage::EMPTY }
}

fn read_limit(typed: &mut Typed) -> Coverage {
    let limit =
        typed.required(&LIMIT_CLASS).map(|limit_class| LimitInfo { limit_class, valid_from: None, valid_to: None });
    Coverage { limit, ..Coverage::EMPTY }
}

/// The numbers a query begins with: shown today, else answered, else on file.
pub(super) fn query_begins_with(context: &Context<'_>) -> Typed {
    if context.is_refused("query") {
        return context.typed("query");
    }
    let state = &context.view.state;
    let shown = state.presented.iter().map(|p| &p.coverage).find(|c| c.has_numbers());
    let asked = state.questions.last().map(|question| &question.search.coverage).filter(|c| c.has_numbers());
    let stored = state.stored.as_ref().map(|stored| &stored.coverage);
    let known = shown.or(asked).or(stored).map(show_coverage).unwrap_or_default();
    let keys = COVERAGE_FIELDS.iter().take(5).map(|field| field.name).collect::<Vec<_>>();
    Typed::prefilled(known.into_iter().filter(|(name, _)| keys.contains(name)))
}
