//! Papers: the page with all of them, and each as a PDF.

use crate::app::App;
use crate::error::PageError;
use crate::form::{Field, Input, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::pages::key_of;
use crate::port::{NotPrinted, PackView, VisitView};
use crate::prints::{
    SitePrint, VisitPrint, blank_forms as with_numbers, of_visit as papers_of, order, site_paper, visit_paper,
};
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::{LinkWords, PrintWords};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::Date;
use domain::fact::VisitId;
use domain::text::Text;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use paper::{MOST_FORMS, Paper};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "prints.html")]
struct PrintsPage {
    page: Frame,
    w: &'static PrintWords,
    lw: &'static LinkWords,
    problem: Option<&'static str>,
    summary: Summary,
    groups: Vec<(&'static str, Vec<(String, String)>)>,
    count: Input,
    pack: Option<Pack>,
}

/// What lies ready, in words.
struct Pack {
    folder: String,
    files: Vec<String>,
    written: String,
    problem: String,
}

/// What the address of a paper asks for.
#[derive(Deserialize)]
pub struct Wish {
    /// `2026-03`
    month: Option<String>,
}

const COUNT: Field = Field::new("count", "枚数", "How many", 2).hint("1〜50枚", "1 to 50");
/// What is offered first.
const USUAL_COUNT: &str = "10";

/// `GET /prints`
pub async fn prints(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, None, &Typed::prefilled([(COUNT.name, USUAL_COUNT.to_owned())])).await
}

/// `GET /prints/{print}`
pub async fn of_site(
    State(app): State<App>,
    who: SignedIn,
    Path(print): Path<String>,
    Query(wish): Query<Wish>,
) -> Result<Response, PageError> {
    let print = SitePrint::from_code(&print).ok_or(PageError::NotFound)?;
    if !print.right().is_given_to(who.session.role) {
        return Err(PageError::NotAllowed(who.session.role));
    }
    let month = wish.month.as_deref().and_then(|month| Date::parse(&format!("{month}-01")));
    let (settings, staff) = (app.settings.clone(), who.session.account.name.clone());
    let paper = app.read(move |desk| site_paper(desk, &settings, &staff, print, month)).await?;
    set(&app, &who, print.code(), paper).await
}

/// `GET /visits/{visit}/prints/{print}`
pub async fn of_visit(
    State(app): State<App>,
    who: SignedIn,
    Path((visit, print)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let print = VisitPrint::from_code(&print).ok_or(PageError::NotFound)?;
    let visit = VisitId::new(visit);
    let paper = app.read(move |desk| visit_paper(desk, &visit, print)).await?.ok_or(PageError::NotFound)?;
    set(&app, &who, print.code(), paper).await
}

/// `POST /prints/blank-forms`: numbers are taken, then forms with them are set.
pub async fn blank_forms(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let Some(count) = read_count(&mut typed) else { return show_page(&app, &who, None, &typed).await };
    let Some(prints) = app.desk.prints() else {
        return show_page(&app, &who, Some(NotPrinted::Missing), &typed).await;
    };
    match prints.reserve_forms(key_of(&typed), count).await {
        Ok(numbers) => set(&app, &who, "blank-forms", with_numbers(numbers)).await,
        Err(why) => show_page(&app, &who, Some(why), &typed).await,
    }
}

fn read_count(typed: &mut Typed) -> Option<u32> {
    let text = typed.required(&COUNT)?;
    let folded = domain::kana::fold_width(&text);
    let count = folded.parse().ok().filter(|count| (1..=MOST_FORMS as u32).contains(count));
    if count.is_none() {
        typed.refuse(COUNT.name, Text::new("1から50までの枚数を入れてください。", "Enter a number from 1 to 50."));
    }
    count
}

/// Sets a paper; when that fails, the page of papers says why and nothing is lost.
pub(crate) async fn set(app: &App, who: &SignedIn, code: &str, paper: Paper) -> Result<Response, PageError> {
    let order = order(app.desk.as_ref(), &app.settings, paper);
    let outcome = match app.desk.prints() {
        Some(prints) => prints.set(order).await,
        None => Err(NotPrinted::Missing),
    };
    match outcome {
        Ok(pdf) => Ok(as_pdf(code, pdf)),
        Err(why) => show_page(app, who, Some(why), &Typed::prefilled([(COUNT.name, USUAL_COUNT.to_owned())])).await,
    }
}

/// The file name says which paper it is, and nobody's name.
pub(crate) fn as_pdf(code: &str, pdf: Vec<u8>) -> Response {
    let disposition = format!("inline; filename=\"uketsuke-{code}.pdf\"");
    ([(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, disposition)], pdf).into_response()
}

async fn show_page(app: &App, who: &SignedIn, why: Option<NotPrinted>, typed: &Typed) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, PrintWords::of(who.lang));
    let frame = Frame { path: "/prints".to_owned(), ..Frame::of(app, who, "prints", w.title) };
    let today = frame.today;
    let response = page(&PrintsPage {
        problem: why.filter(|why| *why != NotPrinted::Missing).map(|why| words_of(w, why)),
        summary: Summary::of("prints", typed, lang),
        groups: groups(who, w, today),
        count: Input::of(&COUNT, "prints", typed, lang).digits(),
        pack: app.desk.prints().and_then(|prints| prints.pack()).map(|pack| show_pack(lang, w, pack, today)),
        lw: LinkWords::of(lang),
        page: if typed.is_fine() { frame } else { frame.held() },
        w,
    })?;
    Ok(match why {
        Some(NotPrinted::KeyReused) => (StatusCode::CONFLICT, response).into_response(),
        Some(_) => (StatusCode::SERVICE_UNAVAILABLE, response).into_response(),
        None => response,
    })
}

fn words_of(w: &'static PrintWords, why: NotPrinted) -> &'static str {
    match why {
        NotPrinted::Missing => w.missing,
        NotPrinted::Busy => w.busy,
        NotPrinted::Failed => w.failed,
        NotPrinted::NoNumbers => w.no_numbers,
        NotPrinted::KeyReused => w.key_reused,
    }
}

fn groups(who: &SignedIn, w: &'static PrintWords, today: Date) -> Vec<(&'static str, Vec<(String, String)>)> {
    use SitePrint::{
        BlankDay, CallSheet, Certificate, CheckUp, CityOffice, DayList, EquipmentFault, Explanation, FaultReport,
        MonthEnd, Pin,
    };
    let lang = who.lang;
    let link = |print: &SitePrint| (format!("/prints/{}", print.code()), print.name(lang).to_owned());
    let all = |prints: &[SitePrint]| prints.iter().map(link).collect::<Vec<_>>();
    let before = today.plus_months(-1);
    let month = |day: Date, words: &str| {
        let (href, name) = link(&MonthEnd);
        (format!("{href}?month={}-{:02}", day.year(), day.month()), format!("{name}（{words}）"))
    };
    let months = if MonthEnd.right().is_given_to(who.session.role) {
        vec![month(today, w.this_month), month(before, w.last_month)]
    } else {
        Vec::new()
    };
    let groups = [
        (w.for_patients, all(&[EquipmentFault, Explanation, Certificate, Pin, CityOffice])),
        (w.for_staff, all(&[DayList, BlankDay])),
        (w.for_repairs, all(&[CallSheet, FaultReport, CheckUp])),
        (w.month, months),
    ];
    groups.into_iter().filter(|(_, links)| !links.is_empty()).collect()
}

fn show_pack(lang: Lang, w: &'static PrintWords, pack: PackView, today: Date) -> Pack {
    Pack {
        folder: pack.folder,
        files: pack.files,
        written: pack.written_at.map_or_else(|| w.pack_not_yet.to_owned(), |at| show::moment(lang, at, today)),
        problem: pack.problem.map(|problem| lang.of(&problem)).unwrap_or_default(),
    }
}

/// The papers of a visit as links: address and name. None where no papers can be set.
pub fn links_of(app: &App, lang: Lang, view: &VisitView) -> Vec<(String, &'static str)> {
    if app.desk.prints().is_none() {
        return Vec::new();
    }
    let link = |print: VisitPrint| (format!("/visits/{}/prints/{}", view.visit, print.code()), print.name(lang));
    papers_of(view).into_iter().map(link).collect()
}
