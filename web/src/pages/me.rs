//! One's own account: password, switch code, second factor, this counter's name, all sessions.

use super::go_on;
use super::sign_in::{is_common, password_of};
use super::switch::name_counter;
use crate::app::App;
use crate::cookie;
use crate::error::PageError;
use crate::form::fields::{
    COUNTER_NAME, LOOK, NEW_PASSWORD, PASSWORD, PASSWORD_AGAIN, SECOND_FACTOR_CODE, SWITCH_CODE,
};
use crate::form::{Choice, Field, Input, Offer, Summary, Typed};
use crate::frame::{Frame, page};
use crate::port::{Look, StaffChange, StaffMember, StaffRefused, StaffSaid};
use crate::session::{Posted, SignedIn};
use crate::show::QrSymbol;
use crate::words::PeopleWords;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::text::Text;
use http::header::SET_COOKIE;

#[derive(Template)]
#[template(path = "me.html")]
struct MePage {
    page: Frame,
    w: &'static PeopleWords,
    leads: Vec<&'static str>,
    done: &'static str,
    summary: Summary,
    recovery: Vec<String>,
    fresh: Option<(String, Option<QrSymbol>)>,
    code: Input,
    old: Input,
    new: Input,
    again: Input,
    first: bool,
    recovery_left: Option<u32>,
    factor_password: Input,
    has_switch_code: bool,
    switch_password: Input,
    switch_code: Input,
    counter: Input,
    look: Choice,
}

/// Shortest password somebody chooses.
const SHORTEST_PASSWORD: usize = 12;
/// Shortest switch code.
const SHORTEST_SWITCH_CODE: usize = 6;

/// `GET /me`
pub async fn me(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    let typed = Typed::prefilled([(COUNTER_NAME.name, counter_name(&who))]);
    show(&app, &who, &typed, StaffSaid::Kept).await
}

/// `POST /me`
pub async fn change(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let change = match typed.value("what") {
        "password" => new_password(&mut typed, &who),
        "switch-code" => switch_code(&mut typed),
        "begin" => password_of(&mut typed).map(|password| StaffChange::BeginSecondFactor { password }),
        "confirm" => typed.required(&SECOND_FACTOR_CODE).map(|code| StaffChange::ConfirmSecondFactor { code }),
        "everywhere" => Some(StaffChange::SignOutEverywhere(who.session.account.author.clone())),
        "look" => Some(StaffChange::SetLook(Look::from_code(typed.value(LOOK.name)).ok_or(PageError::BadForm)?)),
        "counter" => {
            if let Some(cookie) = name_counter(&app, &mut typed) {
                return Ok(([(SET_COOKIE, cookie)], go_on("/me?saved=1")).into_response());
            }
            None
        }
        _ => return Err(PageError::BadForm),
    };
    let Some(change) = change else { return show(&app, &who, &typed, StaffSaid::Kept).await };
    let ends_here = matches!(change, StaffChange::SignOutEverywhere(_));
    match app.desk.people().change(&who.session, change).await {
        Ok(StaffSaid::Kept) if ends_here => {
            let gone = cookie::forget(&app.settings, cookie::session_name(&app.settings));
            Ok(([(SET_COOKIE, gone)], go_on("/sign-in")).into_response())
        }
        Ok(StaffSaid::Kept) => Ok(go_on("/me?saved=1")),
        Ok(said) => show(&app, &who, &Typed::default(), said).await,
        Err(StaffRefused::At(field, why)) => {
            typed.refuse(field, why);
            show(&app, &who, &typed, StaffSaid::Kept).await
        }
        Err(StaffRefused::Unavailable(error)) => {
            tracing::error!(error = &error as &dyn std::error::Error, "an account could not be changed");
            Err(PageError::Unavailable)
        }
    }
}

fn counter_name(who: &SignedIn) -> String {
    who.session.account.counter.clone()
}

fn new_password(typed: &mut Typed, who: &SignedIn) -> Option<StaffChange> {
    let old = password_of(typed);
    let new = typed.value(NEW_PASSWORD.name).to_owned();
    let length = new.chars().count();
    if length < SHORTEST_PASSWORD {
        let text = Text::new("パスワードは12文字以上にしてください。", "The password needs at least 12 characters.");
        typed.refuse(NEW_PASSWORD.name, text);
    } else if length > NEW_PASSWORD.max {
        typed.refuse(NEW_PASSWORD.name, NEW_PASSWORD.too_long());
    } else if is_common(&new) || new.contains(&who.session.account.name) {
        let text = Text::new(
            "推測されやすいパスワードです。別の長い言葉の組み合わせにしてください。",
            "This password is easily guessed. Please take several words of your own.",
        );
        typed.refuse(NEW_PASSWORD.name, text);
    }
    if new != typed.value(PASSWORD_AGAIN.name) {
        typed.refuse(PASSWORD_AGAIN.name, Text::new("2回のパスワードが違います。", "The two passwords differ."));
    }
    let old = old?;
    typed.is_fine().then_some(StaffChange::ChangePassword { old, new })
}

fn switch_code(typed: &mut Typed) -> Option<StaffChange> {
    let password = password_of(typed);
    let code = typed.value(SWITCH_CODE.name).to_owned();
    let length = code.chars().count();
    if !(SHORTEST_SWITCH_CODE..=SWITCH_CODE.max).contains(&length) || is_common(&code) {
        let text = Text::new(
            "交代コードは6〜20文字で、同じ文字の繰り返しや連番は避けてください。",
            "A switch code has 6 to 20 characters, and is neither a run nor a repetition.",
        );
        typed.refuse(SWITCH_CODE.name, text);
    }
    let password = password?;
    typed.is_fine().then_some(StaffChange::SetSwitchCode { password, code })
}

fn looks(who: &SignedIn) -> Choice {
    let w = PeopleWords::of(who.lang);
    let words = |look: Look| match look {
        Look::Machine => w.look_machine,
        Look::Light => w.look_light,
        Look::Dark => w.look_dark,
    };
    let offers = Look::ALL.into_iter().map(|look| Offer::new(look.code(), words(look))).collect();
    let chosen = Typed::prefilled([(LOOK.name, who.session.look.code().to_owned())]);
    Choice::of(&LOOK, "look", &chosen, who.lang, offers).compact()
}

async fn show(app: &App, who: &SignedIn, typed: &Typed, said: StaffSaid) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, PeopleWords::of(who.lang));
    let author = who.session.account.author.clone();
    let staff = app.read(|desk| desk.people().staff()).await?;
    let me: Option<StaffMember> = staff.into_iter().find(|member| member.author == author);
    let is_first = me.as_ref().is_some_and(|me| me.has_first_password);
    let misses_factor = who.session.stage == crate::port::Stage::Incomplete && !is_first;
    let what = typed.value("what").to_owned();
    let secret = |field: &'static Field, form: &str, complete: &'static str, mine: bool| {
        let nothing = Typed::default();
        let input = Input::of(field, form, if mine { typed } else { &nothing }, lang).unechoed();
        Input { kind: "password", complete, ..input }
    };
    let (recovery, fresh) = match said {
        StaffSaid::RecoveryCodes(codes) => (codes, None),
        StaffSaid::Secret { secret, uri } => (Vec::new(), Some((secret, QrSymbol::of(&uri)))),
        _ => (Vec::new(), None),
    };
    let leads = [(is_first, w.me_first), (misses_factor, w.me_factor)];
    let old = Input { label: w.password_old, ..secret(&PASSWORD, "password", "current-password", what == "password") };
    page(&MePage {
        page: Frame::of(app, who, "me", w.me_title).held(),
        w,
        leads: leads.into_iter().filter(|(yes, _)| *yes).map(|(_, lead)| lead).collect(),
        done: if recovery.is_empty() { "" } else { w.saved },
        summary: Summary::of(&what, typed, lang),
        recovery,
        fresh,
        code: Input {
            complete: "one-time-code",
            ..Input::of(&SECOND_FACTOR_CODE, "confirm", typed, lang).unechoed().focus(what == "begin")
        },
        old,
        new: secret(&NEW_PASSWORD, "password", "new-password", what == "password"),
        again: secret(&PASSWORD_AGAIN, "password", "new-password", what == "password"),
        first: is_first,
        recovery_left: me.as_ref().filter(|me| me.has_second_factor).map(|me| me.recovery_codes),
        factor_password: secret(&PASSWORD, "begin", "current-password", what == "begin"),
        has_switch_code: me.as_ref().is_some_and(|me| me.has_switch_code),
        switch_password: secret(&PASSWORD, "switch-code", "current-password", what == "switch-code"),
        switch_code: secret(&SWITCH_CODE, "switch-code", "new-password", what == "switch-code"),
        counter: Input::of(&COUNTER_NAME, "counter", typed, lang),
        look: looks(who),
    })
}
