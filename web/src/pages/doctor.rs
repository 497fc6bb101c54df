//! The look over the whole box: every part with cause and cure.

use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{Check, Finding};
use crate::session::SignedIn;
use crate::show::{self, Chip};
use crate::words::DoctorWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;

#[derive(Template)]
#[template(path = "doctor.html")]
struct DoctorPage {
    page: Frame,
    w: &'static DoctorWords,
    made: String,
    version: String,
    bad: usize,
    look: usize,
    lines: Vec<Line>,
}

struct Line {
    code: &'static str,
    name: String,
    chip: Chip,
    seen: String,
    cause: String,
    cure: String,
}

/// `GET /doctor`
pub async fn doctor(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, DoctorWords::of(who.lang));
    let looked = app.read(|desk| Ok(desk.inside().map(|inside| inside.check_up()))).await?;
    let looked = looked.ok_or(PageError::NotFound)?;
    let frame = Frame::of(&app, &who, "doctor", w.title);
    let count = |finding| looked.checks.iter().filter(|check| check.finding == finding).count();
    let mut checks: Vec<&Check> = looked.checks.iter().collect();
    checks.sort_by_key(|check| std::cmp::Reverse(check.finding));
    page(&DoctorPage {
        made: show::moment(lang, looked.at, frame.today),
        version: looked.version.clone(),
        bad: count(Finding::Bad),
        look: count(Finding::Look),
        lines: checks.into_iter().map(|check| line(lang, check)).collect(),
        page: frame,
        w,
    })
}

fn line(lang: Lang, check: &Check) -> Line {
    Line {
        code: check.code,
        name: lang.of(&check.name),
        chip: show::finding(lang, check.finding),
        seen: lang.of(&check.seen),
        cause: check.cause.as_ref().map(|cause| lang.of(cause)).unwrap_or_default(),
        cure: check.cure.as_ref().map(|cure| lang.of(cure)).unwrap_or_default(),
    }
}
