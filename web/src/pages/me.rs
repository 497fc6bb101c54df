//! One's own account: password, switch code, second factor, this counter's name, all sessions.

use super::go_on;
use super::sign_in::{SHORTEST_PASSWORD, is_common, password_of, too_short, typed_differently};
use super::switch::name_counter;
use crate::app::App;
use crate::cookie;
use crate::error::PageError;
use crate::form::fields::{
    COUNTER_NAME, LOOK, NEW_PASSWORD, PASSKEY_NAME, PASSWORD, PASSWORD_AGAIN, SECOND_FACTOR_CODE, SWITCH_CODE,
};
use crate::form::{Choice, Field, Input, Offer, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::passkeys::{PasskeyForm, Standing, read_made};
use crate::port::{Look, PasskeyItem, StaffChange, StaffMember, StaffRefused, StaffSaid};
use crate::session::{Posted, SignedIn};
use crate::show::{self, QrSymbol};
use crate::words::{FrameWords, PasskeyWords, PeopleWords};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::Date;
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
    pw: &'static PasskeyWords,
    keys: Vec<Key>,
    /// what the browser is asked to make
    making: Option<PasskeyForm>,
    no_passkey: Option<&'static str>,
    key_name: Input,
    key_password: Input,
}

/// One's own passkey.
struct Key {
    at: usize,
    key: String,
    name: String,
    place: Option<String>,
    made: String,
    used: String,
    is_suspended: bool,
    rename: Input,
    password: Input,
}

/// Shortest switch code.
const SHORTEST_SWITCH_CODE: usize = 6;

/// `GET /me`
pub async fn me(State(app): State<App>, standing: Standing, who: SignedIn) -> Result<Response, PageError> {
    let typed = Typed::prefilled([(COUNTER_NAME.name, counter_name(&who))]);
    show(&app, &who, standing, &typed, StaffSaid::Kept).await
}

/// `POST /me`
pub async fn change(State(app): State<App>, standing: Standing, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let change = match typed.value("what") {
        "password" => new_password(&mut typed, &who),
        "switch-code" => switch_code(&mut typed),
        "begin" => password_of(&mut typed).map(|password| StaffChange::BeginSecondFactor { password }),
        "confirm" => typed.required(&SECOND_FACTOR_CODE).map(|code| StaffChange::ConfirmSecondFactor { code }),
        what @ ("passkey-begin" | "passkey-finish" | "passkey-rename" | "passkey-remove") => {
            let what = what.to_owned();
            passkey_change(&mut typed, &what, standing.clone())
        }
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
    let Some(change) = change else { return show(&app, &who, standing, &typed, StaffSaid::Kept).await };
    let ends_here = matches!(change, StaffChange::SignOutEverywhere(_));
    match app.desk.people().change(&who.session, change).await {
        Ok(StaffSaid::Kept) if ends_here => {
            let gone = cookie::forget(&app.settings, cookie::session_name(&app.settings));
            Ok(([(SET_COOKIE, gone)], go_on("/sign-in")).into_response())
        }
        Ok(StaffSaid::Kept) => Ok(go_on("/me?saved=1")),
        Ok(StaffSaid::PasskeyQuestion(question)) => {
            show(&app, &who, standing, &typed, StaffSaid::PasskeyQuestion(question)).await
        }
        Ok(said) => show(&app, &who, standing, &Typed::default(), said).await,
        Err(StaffRefused::At(field, why)) => {
            typed.refuse(if field == "passkey" { "" } else { field }, why);
            show(&app, &who, standing, &typed, StaffSaid::Kept).await
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
        typed.refuse(NEW_PASSWORD.name, too_short());
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
        typed.refuse(PASSWORD_AGAIN.name, typed_differently());
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

fn passkey_change(typed: &mut Typed, what: &str, standing: Standing) -> Option<StaffChange> {
    let key = typed.value("key").to_owned();
    if what == "passkey-remove" {
        return password_of(typed).map(|password| StaffChange::RemovePasskey { key, password });
    }
    let name = typed.required(&PASSKEY_NAME);
    if what == "passkey-rename" {
        return Some(StaffChange::RenamePasskey { key, name: name? });
    }
    let Some(place) = standing.clone().place() else {
        let words = |lang| standing.why_not(lang).unwrap_or_default();
        typed.refuse("", Text::new(words(Lang::Ja), words(Lang::En)));
        return None;
    };
    if what == "passkey-begin" {
        let password = password_of(typed);
        return name.and(password).map(|password| StaffChange::BeginPasskey { password, place });
    }
    let made = read_made(typed, name?)?;
    Some(StaffChange::FinishPasskey { made, place })
}

/// Their owner's passkeys, each with its forms.
fn show_keys(who: &SignedIn, keys: Vec<PasskeyItem>, standing: &Standing, typed: &Typed, today: Date) -> Vec<Key> {
    let (lang, w) = (who.lang, PasskeyWords::of(who.lang));
    let here = standing.clone().place().map(|place| place.name);
    let nothing = Typed::default();
    let key = |(at, item): (usize, PasskeyItem)| {
        let (rename, remove) = (format!("rename-{at}"), format!("remove-{at}"));
        let mine = typed.value("key") == item.key;
        let is = |what: &str| if mine && typed.value("what") == what { typed } else { &nothing };
        let password = Input::of(&PASSWORD, &remove, is("passkey-remove"), lang).unechoed();
        let named = Typed::prefilled([(PASSKEY_NAME.name, item.name.clone())]);
        let named = if mine && typed.value("what") == "passkey-rename" { typed } else { &named };
        Key {
            at,
            made: show::moment(lang, item.made_at, today),
            used: item.used_at.map_or_else(|| w.never.to_owned(), |at| show::moment(lang, at, today)),
            place: Some(item.place).filter(|place| here.as_ref() != Some(place)),
            is_suspended: item.is_suspended,
            rename: Input::of(&PASSKEY_NAME, &rename, named, lang),
            password: Input { kind: "password", complete: "current-password", ..password },
            name: item.name,
            key: item.key,
        }
    };
    keys.into_iter().enumerate().map(key).collect()
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

async fn show(
    app: &App,
    who: &SignedIn,
    standing: Standing,
    typed: &Typed,
    said: StaffSaid,
) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, PeopleWords::of(who.lang));
    let author = who.session.account.author.clone();
    let of = author.clone();
    let (staff, keys) = app.read(move |desk| Ok((desk.people().staff()?, desk.people().passkeys(&of)?))).await?;
    let me: Option<StaffMember> = staff.into_iter().find(|member| member.author == author);
    let is_first = me.as_ref().is_some_and(|me| me.has_first_password);
    let misses_factor = who.session.stage == crate::port::Stage::Incomplete && !is_first;
    let what = typed.value("what").to_owned();
    let secret = |field: &'static Field, form: &str, complete: &'static str, mine: bool| {
        let nothing = Typed::default();
        let input = Input::of(field, form, if mine { typed } else { &nothing }, lang).unechoed();
        Input { kind: "password", complete, ..input }
    };
    let making = match &said {
        StaffSaid::PasskeyQuestion(question) => Some(question.clone()),
        _ => None,
    };
    let (recovery, fresh) = match said {
        StaffSaid::RecoveryCodes(codes) => (codes, None),
        StaffSaid::Secret { secret, uri } => (Vec::new(), Some((secret, QrSymbol::of(&uri)))),
        _ => (Vec::new(), None),
    };
    let leads = [(is_first, w.me_first), (misses_factor, w.me_factor)];
    let old = Input { label: w.password_old, ..secret(&PASSWORD, "password", "current-password", what == "password") };
    let frame = Frame::of(app, who, "me", w.me_title).held();
    let pw = PasskeyWords::of(lang);
    let name = typed.value(PASSKEY_NAME.name).trim().to_owned();
    let making = making.map(|question| PasskeyForm {
        w: pw,
        action: "/me",
        csrf: frame.csrf.clone(),
        hidden: [("what", "passkey-finish".to_owned()), (PASSKEY_NAME.name, name)]
            .map(|(name, value)| (name.to_owned(), value))
            .to_vec(),
        question,
        site: format!("{} {}", FrameWords::of(lang).product, app.settings.site_name).trim().to_owned(),
        account: who.session.account.name.clone(),
        go: pw.make_go,
        is_first: true,
    });
    let begins = what == "passkey-begin";
    let nothing = Typed::default();
    page(&MePage {
        pw,
        keys: show_keys(who, keys, &standing, typed, frame.today),
        no_passkey: standing.why_not(lang),
        key_name: Input::of(&PASSKEY_NAME, "passkey-begin", if begins { typed } else { &nothing }, lang),
        key_password: secret(&PASSWORD, "passkey-begin", "current-password", begins),
        making,
        page: frame,
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
