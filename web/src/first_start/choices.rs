//! The four choices and their forms.

use super::fields::{
    ADDRESS, BACKUP, BOX_NAME, FACE, INSTITUTION_CODE, JOIN_CODE, KIND, PHONE, RECOVERY_KEY, REQ, RES, SITE_NAME,
};
use super::shown::kind_words;
use super::{HOME, Held, Wizard, go_home, posted, reading, refused};
use crate::error::PageError;
use crate::form::fields::{ACCOUNT_NAME, PASSWORD, PASSWORD_AGAIN};
use crate::form::{Choice, Field, Input, Offer, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{FirstChoice, FirstStartView, FirstStep};
use crate::show;
use crate::words::{FirstStartWords, SignInWords};
use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::Date;
use domain::case::SiteKind;
use http::HeaderMap;

/// One way to go on.
struct Way {
    href: &'static str,
    title: &'static str,
    what: &'static str,
}

#[derive(Template)]
#[template(path = "first_start/choose.html")]
struct ChoosePage {
    page: Frame,
    lead: &'static str,
    spare: Option<String>,
    said: Option<String>,
    ways: Vec<Way>,
}

/// The page of the four; a spare box has three left.
pub(super) fn choose(wizard: &Wizard, lang: Lang, view: FirstStartView) -> Result<Response, PageError> {
    let w = FirstStartWords::of(lang);
    let mut ways = vec![
        Way { href: "/first-start/new", title: w.new, what: w.new_what },
        Way { href: "/first-start/join", title: w.join, what: w.join_what },
        Way { href: "/first-start/restore", title: w.restore, what: w.restore_what },
    ];
    if view.spare.is_none() {
        ways.push(Way { href: "/first-start/spare", title: w.spare, what: w.spare_what });
    }
    let title = if view.spare.is_some() { w.spare_title } else { w.title };
    page(&ChoosePage {
        page: wizard.frame(lang, HOME, title),
        lead: if view.spare.is_some() { w.spare_lead } else { w.lead },
        spare: view.spare.map(|spare| format!("{}（{}）", spare.name, kind_words(w, spare.kind))),
        said: view.said.map(|said| lang.of(&said)),
        ways,
    })
}

/// A backup somebody may take.
struct Seen {
    folder: String,
    newest: String,
}

/// A group of fields with a heading.
struct Part {
    title: &'static str,
    hint: &'static str,
    /// shown closed, until something in it is typed or wrong
    closed: Option<bool>,
    fields: Vec<String>,
}

#[derive(Template)]
#[template(path = "first_start/form.html")]
struct FormPage {
    page: Frame,
    w: &'static FirstStartWords,
    action: &'static str,
    lead: &'static str,
    summary: Summary,
    seen: Option<Vec<Seen>>,
    parts: Vec<Part>,
    no_pin: &'static str,
}

const NEW: &str = "/first-start/new";
const JOIN: &str = "/first-start/join";
const RESTORE: &str = "/first-start/restore";
const SPARE: &str = "/first-start/spare";

/// `GET /first-start/new`
pub(super) async fn new_form(State(wizard): State<Wizard>, headers: HeaderMap) -> Result<Response, PageError> {
    form(&wizard, &headers, NEW)
}

/// `POST /first-start/new`
pub(super) async fn new(State(wizard): State<Wizard>, request: Request) -> Result<Response, PageError> {
    take(wizard, request, NEW, reading::new).await
}

/// `GET /first-start/join`
pub(super) async fn join_form(State(wizard): State<Wizard>, headers: HeaderMap) -> Result<Response, PageError> {
    form(&wizard, &headers, JOIN)
}

/// `POST /first-start/join`
pub(super) async fn join(State(wizard): State<Wizard>, request: Request) -> Result<Response, PageError> {
    take(wizard, request, JOIN, reading::join).await
}

/// `GET /first-start/restore`
pub(super) async fn restore_form(State(wizard): State<Wizard>, headers: HeaderMap) -> Result<Response, PageError> {
    form(&wizard, &headers, RESTORE)
}

/// `POST /first-start/restore`
pub(super) async fn restore(State(wizard): State<Wizard>, request: Request) -> Result<Response, PageError> {
    take(wizard, request, RESTORE, |_, typed| reading::restore(typed)).await
}

/// `GET /first-start/spare`
pub(super) async fn spare_form(State(wizard): State<Wizard>, headers: HeaderMap) -> Result<Response, PageError> {
    form(&wizard, &headers, SPARE)
}

/// `POST /first-start/spare`
pub(super) async fn spare(State(wizard): State<Wizard>, request: Request) -> Result<Response, PageError> {
    take(wizard, request, SPARE, |_, typed| reading::spare(typed)).await
}

/// A form with what was typed into it before.
fn form(wizard: &Wizard, headers: &HeaderMap, action: &'static str) -> Result<Response, PageError> {
    if wizard.port.view().step != FirstStep::Choosing {
        return Ok(go_home());
    }
    let typed = typed_before(&wizard.held(), action);
    show_form(wizard, Lang::of_request(headers), action, &typed)
}

/// What was typed before, to be shown again. A backup has settings of its own: what was typed for another choice must not replace them.
fn typed_before(held: &Held, action: &str) -> Typed {
    let is_of_backup = |form: &str| form == RESTORE;
    if is_of_backup(held.form) == is_of_backup(action) { held.typed.clone() } else { Typed::default() }
}

/// Reads and checks a form; what is wrong goes back into it, and what was typed stays.
async fn take(
    wizard: Wizard,
    request: Request,
    action: &'static str,
    read: impl FnOnce(&Wizard, &mut Typed) -> Option<FirstChoice>,
) -> Result<Response, PageError> {
    let (lang, mut typed) = posted(&wizard, request).await?;
    if wizard.port.view().step != FirstStep::Choosing {
        return Ok(go_home());
    }
    if let Some(choice) = read(&wizard, &mut typed) {
        match wizard.port.check(choice.clone()).await {
            Ok(checked) => {
                typed.forget(PASSWORD.name);
                typed.forget(PASSWORD_AGAIN.name);
                let mut held = wizard.held();
                *held = Held { checked: Some((choice, checked)), form: action, typed, password: held.password.take() };
                return Ok(Redirect::to("/first-start/check").into_response());
            }
            Err(complaints) => complaints.into_iter().for_each(|one| typed.refuse(one.at, one.why)),
        }
    }
    refused(show_form(&wizard, lang, action, &typed))
}

/// A form's page.
pub(super) fn show_form(
    wizard: &Wizard,
    lang: Lang,
    action: &'static str,
    typed: &Typed,
) -> Result<Response, PageError> {
    let w = FirstStartWords::of(lang);
    let form = Fields { lang, typed, has_password: wizard.held().password.is_some() };
    let (title, lead, parts) = match action {
        NEW => (w.new, w.new_what, vec![form.site(w, true), form.person(w, w.person_hint), form.terminal(w)]),
        JOIN => (
            w.join,
            w.join_what,
            vec![form.other_box(w), form.site(w, false), form.person(w, w.person_hint_join), form.terminal(w)],
        ),
        RESTORE => (w.restore, w.restore_what, vec![form.backup(w), form.site_of_backup(w)]),
        _ => (w.spare, w.spare_what, vec![form.waiting(w)]),
    };
    let seen = (action == RESTORE).then(|| seen(wizard, lang));
    page(&FormPage {
        page: wizard.frame(lang, action, title).held(),
        action,
        lead,
        summary: Summary::of("first", typed, lang),
        seen,
        parts,
        no_pin: SignInWords::of(lang).no_pin,
        w,
    })
}

fn seen(wizard: &Wizard, lang: Lang) -> Vec<Seen> {
    let long_ago = Date::literal(1900, 1, 1);
    let backups = wizard.port.backups().into_iter();
    backups.map(|one| Seen { folder: one.folder, newest: show::moment(lang, one.made_at, long_ago) }).collect()
}

struct Fields<'a> {
    lang: Lang,
    typed: &'a Typed,
    has_password: bool,
}

impl Fields<'_> {
    fn input(&self, field: &'static Field) -> Input {
        Input::of(field, "first", self.typed, self.lang)
    }

    fn kind(&self, w: &FirstStartWords) -> Choice {
        let offers = SiteKind::ALL.iter().map(|kind| Offer::new(kind.code(), kind_words(w, *kind))).collect();
        Choice::of(&KIND, "first", self.typed, self.lang, offers).compact()
    }

    fn site(&self, w: &'static FirstStartWords, is_first: bool) -> Part {
        let begins = is_first && self.typed.is_fine();
        let fields = vec![
            self.input(&SITE_NAME).focus(begins).to_string(),
            self.kind(w).to_string(),
            self.input(&INSTITUTION_CODE).digits().to_string(),
            self.input(&PHONE).phone().to_string(),
        ];
        Part { title: w.site, hint: "", closed: None, fields }
    }

    fn person(&self, w: &'static FirstStartWords, hint: &'static str) -> Part {
        let secret =
            |field, hint| Input { kind: "password", complete: "new-password", hint, ..self.input(field).unechoed() };
        let kept = self.has_password && self.typed.problem(PASSWORD.name).is_none();
        let password_hint = if kept { w.password_kept } else { SignInWords::of(self.lang).password_hint };
        let fields = vec![
            Input { complete: "username", ..self.input(&ACCOUNT_NAME) }.to_string(),
            secret(&PASSWORD, password_hint).to_string(),
            secret(&PASSWORD_AGAIN, "").to_string(),
        ];
        Part { title: w.person, hint, closed: None, fields }
    }

    fn terminal(&self, w: &'static FirstStartWords) -> Part {
        let fields = [&REQ, &RES, &FACE];
        let open = self.is_touched(&fields);
        let fields = fields.iter().map(|field| self.input(field).to_string()).collect();
        Part { title: w.terminal, hint: w.terminal_hint, closed: Some(!open), fields }
    }

    fn other_box(&self, w: &'static FirstStartWords) -> Part {
        let fields = vec![
            self.input(&ADDRESS).focus(self.typed.is_fine()).to_string(),
            self.input(&JOIN_CODE).digits().to_string(),
            self.input(&BOX_NAME).to_string(),
        ];
        Part { title: w.address, hint: "", closed: None, fields }
    }

    fn backup(&self, w: &'static FirstStartWords) -> Part {
        let fields =
            vec![self.input(&BACKUP).focus(self.typed.is_fine()).to_string(), self.input(&RECOVERY_KEY).to_string()];
        Part { title: w.backup, hint: w.backup_long, closed: None, fields }
    }

    fn site_of_backup(&self, w: &'static FirstStartWords) -> Part {
        let open = self.is_touched(&[&SITE_NAME, &KIND, &INSTITUTION_CODE, &PHONE]);
        Part { title: w.backup_site, hint: w.backup_site_hint, closed: Some(!open), ..self.site(w, false) }
    }

    fn waiting(&self, w: &'static FirstStartWords) -> Part {
        let fields = vec![self.input(&BOX_NAME).focus(self.typed.is_fine()).to_string(), self.kind(w).to_string()];
        Part { title: w.spare, hint: "", closed: None, fields }
    }

    fn is_touched(&self, fields: &[&Field]) -> bool {
        fields.iter().any(|field| !self.typed.value(field.name).is_empty() || self.typed.problem(field.name).is_some())
    }
}
