//! The tablets beside a visit: handing over, how far it is, what to do with what is half finished.

use crate::app::App;
use crate::error::PageError;
use crate::lang::Lang;
use crate::port::{Tablet, TabletForm};
use crate::tablet::progress;
use crate::words::TabletStaffWords;
use askama::Template;
use domain::fact::VisitId;

/// Somebody at a tablet calls for staff.
pub struct Call {
    pub tablet: String,
    pub name: String,
}

/// What a visit's pages show of tablets; nothing where none is paired and nothing is half finished.
#[derive(Template)]
#[template(path = "part/tablet.html")]
pub struct TabletPanel {
    w: &'static TabletStaffWords,
    visit: String,
    csrf: String,
    /// inside the form of the declaration, whose fields go along
    inside_form: bool,
    prints: bool,
    /// id and name of each tablet nothing is on
    free: Vec<(String, String)>,
    half: Option<HalfHere>,
}

struct HalfHere {
    form_no: String,
    state: String,
    is_on_tablet: bool,
}

impl TabletPanel {
    /// Reads what there is to show for a visit.
    pub async fn read(app: &App, lang: Lang, visit: &VisitId, csrf: &str) -> Result<TabletPanel, PageError> {
        let (tablets, forms) = super::read(app).await?;
        let w = TabletStaffWords::of(lang);
        let half = forms.iter().find(|form| form.visit == *visit);
        let is_free = |tablet: &&Tablet| !forms.iter().any(|form| form.tablet.as_deref() == Some(tablet.id.as_str()));
        Ok(TabletPanel {
            w,
            visit: visit.to_string(),
            csrf: csrf.to_owned(),
            inside_form: false,
            prints: app.desk.prints().is_some(),
            free: tablets.iter().filter(is_free).map(|tablet| (tablet.id.clone(), tablet.name.clone())).collect(),
            half: half.map(|form| HalfHere {
                form_no: form.form_no.clone(),
                state: state_words(w, form, &tablets),
                is_on_tablet: form.tablet.is_some(),
            }),
        })
    }

    /// Inside the form of the declaration.
    pub fn inside_form(self) -> TabletPanel {
        TabletPanel { inside_form: true, ..self }
    }

    /// Nothing to show.
    pub fn is_empty(&self) -> bool {
        self.free.is_empty() && self.half.is_none()
    }
}

/// What was half finished for a visit.
pub async fn half_of(app: &App, visit: &VisitId) -> Result<Option<TabletForm>, PageError> {
    let (_, forms) = super::read(app).await?;
    Ok(forms.into_iter().find(|form| form.visit == *visit))
}

/// The tablets from which somebody calls.
pub fn calls_of(tablets: &[Tablet]) -> Vec<Call> {
    let calling = tablets.iter().filter(|tablet| tablet.called_at.is_some());
    calling.map(|tablet| Call { tablet: tablet.id.clone(), name: tablet.name.clone() }).collect()
}

pub(super) fn progress_words(w: &'static TabletStaffWords, form: &TabletForm) -> String {
    progress(form).map(|(at, all)| format!("{} {at} / {all}", w.page)).unwrap_or_default()
}

pub(super) fn state_words(w: &'static TabletStaffWords, form: &TabletForm, tablets: &[Tablet]) -> String {
    let on = tablets.iter().find(|tablet| form.tablet.as_deref() == Some(tablet.id.as_str()));
    let state = on.map_or_else(|| w.half.to_owned(), |tablet| format!("{} {}", tablet.name, w.writing));
    format!("{state} {}", progress_words(w, form)).trim().to_owned()
}
