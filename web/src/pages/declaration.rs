//! The self-declaration: prefilled, plain questions, the share worked out, signed on screen or on paper.

pub(crate) mod reading;

use super::card::{self, CardRead, CardStep, ReadFor, card_seen, forget_card};
use super::check_in::sexes;
use super::tablets::{TabletPanel, half_of, overlay};
use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::*;
use crate::form::{Check, Choice, Input, Offer, Summary, Typed, has_surface_code};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{DeskCommand, TabletChange, VisitView};
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::{CardWords, DeclarationWords};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::Date;
use domain::age::{AgeRatio, age_ratio, spoken_age};
use domain::declaration::{DocumentIssued, InsuranceKind, Signer};
use domain::eligibility::{PersonFace, PersonMatch, match_person};
use domain::fact::VisitId;
use domain::text::Text;
use domain::visit::{DeclarationTaken, VisitCommand};
use reading::TextSeen;

#[derive(Template)]
#[template(path = "declaration.html")]
struct DeclarationPage {
    page: Frame,
    w: &'static DeclarationWords,
    visit: String,
    form_no: String,
    rendered_ms: i64,
    already: bool,
    /// handing over to a patient's tablet, and what is half written there
    tablet: String,
    cw: &'static CardWords,
    card: Option<CardStep>,
    card_open: bool,
    card_filled: bool,
    summary: Summary,
    name: Input,
    kana: Input,
    birth: Input,
    sex: Choice,
    kind: Choice,
    workplace: Input,
    insurer: Input,
    issued: Choice,
    issued_when: Input,
    symbol: Input,
    number: Input,
    address: Input,
    postal: Input,
    phone: Input,
    other: Input,
    computed: String,
    ratio: Choice,
    consent_contact: Check,
    consent_requery: Check,
    signer: Choice,
    signer_name: Input,
    relation: Input,
    strokes: String,
    strokes_error: String,
    on_paper: Check,
    paper_form_no: Input,
    kept_at: Input,
}

const FORM: &str = "declaration";

/// `GET /visits/{visit}/declaration`
pub async fn form(State(app): State<App>, who: SignedIn, Path(visit): Path<String>) -> Result<Response, PageError> {
    let view = read_visit(&app, &VisitId::new(visit)).await?;
    let mut typed = begin_with(&view, app.desk.today());
    if let Some(half) = half_of(&app, &view.visit).await? {
        overlay(&mut typed, &half);
    }
    show_page(&app, &who, &view, &typed, None).await
}

/// `POST /visits/{visit}/declaration/card`: the person filled in from the card; everything typed is kept.
pub async fn read_card(
    State(app): State<App>,
    Path(visit): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let view = read_visit(&app, &VisitId::new(visit)).await?;
    forget_card(&mut typed);
    let card = card::read(&app, &mut typed, ReadFor::Declaration).await?;
    match card.as_ref().and_then(|card| other_person(&view, card)) {
        Some(why) => typed.refuse("", why),
        None => {
            if let Some(card) = &card {
                card.fill(&mut typed);
            }
        }
    }
    show_page(&app, &who, &view, &typed, card.as_ref()).await
}

/// Another person's card fills in nobody's declaration: both names are said.
fn other_person(view: &VisitView, card: &CardRead) -> Option<Text> {
    let (visit, said) = (view.state.person.as_ref()?, card.person()?);
    let differs = match_person(visit, said) == PersonMatch::Different;
    let name = |person: &PersonFace| person.name.clone().or_else(|| person.name_kana.clone()).unwrap_or_default();
    let (ours, theirs) = (name(visit), name(said));
    differs.then(|| {
        Text::new(
            format!("この受付は{ours}さん、カードは{theirs}さんです。別の方のようなので、書き写していません。"),
            format!("This visit is {ours}, the card is {theirs}: another person, it seems. Nothing was filled in."),
        )
    })
}

/// `POST /visits/{visit}/declaration`. Numbers of the card face that were not used yet ask for the card first.
pub async fn take(state: State<App>, path: Path<String>, posted: Posted) -> Result<Response, PageError> {
    if has_surface_code(&posted.typed) {
        return read_card(state, path, posted).await;
    }
    let (State(app), Path(visit)) = (state, path);
    let Posted { who, mut typed } = posted;
    let visit = VisitId::new(visit);
    let declaration = reading::read(&mut typed, app.desk.now(), &TextSeen::at_desk(who.lang));
    if let Some(declaration) = declaration.filter(|_| typed.is_fine()) {
        let taken = VisitCommand::TakeDeclaration(DeclarationTaken { declaration });
        let command = DeskCommand::Visit {
            visit: visit.clone(),
            commands: card_seen(&typed).into_iter().chain([taken]).collect(),
        };
        if let Some(saved) = hand_in(&app, &who, &mut typed, command, |_| String::new()).await? {
            end_on_tablet(&app, &who, &visit).await;
            let card = card::remember_card(&app, &who, &typed, saved.patient.as_ref()).await;
            return Ok(go_on(&format!("/visits/{visit}?saved=1{card}")));
        }
    }
    let view = read_visit(&app, &visit).await?;
    show_page(&app, &who, &view, &typed, None).await
}

/// What was half written on a tablet is finished here. The declaration is kept already: should this fail, the row only stays in the list.
async fn end_on_tablet(app: &App, who: &SignedIn, visit: &VisitId) {
    let Some(tablets) = app.desk.tablets() else { return };
    if tablets.change(&who.session.account, TabletChange::Drop(visit.clone())).await.is_err() {
        tracing::warn!("a finished declaration stays in the list of half-finished ones");
    }
}

pub(crate) async fn read_visit(app: &App, visit: &VisitId) -> Result<VisitView, PageError> {
    let visit = visit.clone();
    app.read(move |desk| desk.visit(&visit)).await?.ok_or(PageError::NotFound)
}

/// What is known already: the person, the insurer on file, who has to sign.
pub(crate) fn begin_with(view: &VisitView, today: Date) -> Typed {
    let person = view.state.person.clone().unwrap_or(PersonFace::EMPTY);
    let birth = person.birth_date;
    let child = birth.is_some_and(|birth| spoken_age(birth, today) < 15);
    let signer = if child { Signer::Guardian } else { Signer::Patient };
    let known = [
        (NAME.name, person.name),
        (NAME_KANA.name, person.name_kana),
        (BIRTH_DATE.name, birth.map(domain::era::kanji_form)),
        (SEX.name, person.sex.map(|sex| sex.code().to_owned())),
        (ADDRESS.name, person.address),
        (SIGNER.name, Some(signer.code().to_owned())),
        (RATIO.name, birth.and_then(|birth| known_ratio(birth, view)).map(|tenths| tenths.to_string())),
        (CONSENT_CONTACT.name, Some("yes".to_owned())),
        (CONSENT_REQUERY.name, Some("yes".to_owned())),
    ];
    Typed::prefilled(known.into_iter().filter_map(|(name, value)| Some((name, value?))))
}

fn known_ratio(birth: Date, view: &VisitView) -> Option<u8> {
    match age_ratio(birth, view.state.visit_date()?) {
        AgeRatio::Known(tenths) => Some(tenths),
        AgeRatio::NeedsDocument { .. } => None,
    }
}

/// The page with what was typed, and what is wrong with it.
pub(crate) async fn show_page(
    app: &App,
    who: &SignedIn,
    view: &VisitView,
    typed: &Typed,
    read: Option<&CardRead>,
) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, DeclarationWords::of(who.lang));
    let path = format!("/visits/{}/declaration", view.visit);
    let frame = Frame { path, ..Frame::of(app, who, "board", w.title) };
    let frame = if typed.is_fine() && read.is_none() { frame } else { frame.held() };
    let card = CardStep::of(&frame.devices, FORM, typed, lang, frame.today, read);
    let card = card.map(|card| card.to(format!("/visits/{}/declaration/card", view.visit)));
    let tablet = TabletPanel::read(app, lang, &view.visit, &frame.csrf).await?.inside_form();
    let input = |field| Input::of(field, FORM, typed, lang);
    let choice = |field, offers| Choice::of(field, FORM, typed, lang, offers);
    let rendered = Some(typed.value("rendered_ms")).and_then(|ms| ms.parse().ok()).unwrap_or(frame.now.as_ms());
    page(&DeclarationPage {
        visit: view.visit.to_string(),
        form_no: reading::form_no(typed.value("form_no"), frame.today, &frame.key),
        rendered_ms: rendered,
        already: view.state.declaration.is_some(),
        tablet: tablet.render().map_err(|_| PageError::Broken)?,
        cw: CardWords::of(lang),
        card_open: card.as_ref().is_some_and(CardStep::is_open),
        card,
        card_filled: typed.is_fine() && read.is_some_and(|read| read.person().is_some()),
        summary: Summary::of(FORM, typed, lang),
        name: input(&NAME),
        kana: input(&NAME_KANA),
        birth: input(&BIRTH_DATE),
        sex: choice(&SEX, sexes(lang)).compact(),
        kind: choice(&INSURANCE_KIND, kinds(lang)),
        workplace: Input { hint: w.company_question, ..input(&WORKPLACE) },
        insurer: Input { hint: w.insurer_hint, ..input(&INSURER_NAME) },
        issued: choice(&DOCUMENT_ISSUED, issued(lang)).compact(),
        issued_when: input(&ISSUED_WHEN),
        symbol: input(&REMEMBERED_SYMBOL),
        number: input(&REMEMBERED_NUMBER),
        address: input(&ADDRESS).wide(),
        postal: input(&POSTAL_CODE).digits(),
        phone: input(&PHONE).phone(),
        other: input(&OTHER_CONTACT),
        computed: computed(lang, view),
        ratio: choice(&RATIO, ratios(lang, w)).compact(),
        consent_contact: Check::of(&CONSENT_CONTACT, FORM, typed, lang),
        consent_requery: Check::of(&CONSENT_REQUERY, FORM, typed, lang),
        signer: choice(&SIGNER, signers(lang)).compact(),
        signer_name: input(&SIGNER_NAME),
        relation: input(&RELATION),
        strokes: reading::clean_strokes(typed.value(STROKES.name)).unwrap_or_default(),
        strokes_error: typed.problem(STROKES.name).map(|text| lang.of(text)).unwrap_or_default(),
        on_paper: Check { hint: w.paper_hint, ..Check::of(&ON_PAPER, FORM, typed, lang) },
        paper_form_no: input(&PAPER_FORM_NO),
        kept_at: input(&KEPT_AT),
        page: frame,
        w,
    })
}

/// The share as age alone tells it, in words.
fn computed(lang: Lang, view: &VisitView) -> String {
    let birth = view.state.person.as_ref().and_then(|person| person.birth_date);
    match birth.zip(view.state.visit_date()).map(|(birth, day)| age_ratio(birth, day)) {
        Some(AgeRatio::Known(tenths)) => show::tenths(lang, tenths),
        Some(AgeRatio::NeedsDocument { choices }) => {
            choices.iter().map(|tenths| show::tenths(lang, *tenths)).collect::<Vec<_>>().join(lang.pick("・", ", "))
        }
        None => String::new(),
    }
}

fn kinds(lang: Lang) -> Vec<Offer> {
    InsuranceKind::ALL.iter().map(|kind| Offer::new(kind.code(), show::insurance_kind(lang, *kind))).collect()
}

fn issued(lang: Lang) -> Vec<Offer> {
    DocumentIssued::ALL.iter().map(|issued| Offer::new(issued.code(), show::document_issued(lang, *issued))).collect()
}

fn signers(lang: Lang) -> Vec<Offer> {
    Signer::ALL.iter().map(|signer| Offer::new(signer.code(), show::signer(lang, *signer))).collect()
}

fn ratios(lang: Lang, w: &'static DeclarationWords) -> Vec<Offer> {
    let known = [3, 2, 1].map(|tenths: u8| Offer::new(tenths.to_string(), show::tenths(lang, tenths)));
    known.into_iter().chain([Offer::new("", w.ratio_unknown)]).collect()
}
