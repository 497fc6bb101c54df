//! Accounts of the facility, for managers: making, changing and locking them, vendor access, the emergency envelope, the rules.

use super::go_on;
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::STAFF_NAME;
use crate::form::{Input, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{Policy, Role, StaffChange, StaffMember, StaffRefused, StaffSaid};
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::{PasskeyWords, PeopleWords};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::fact::Author;
use domain::text::Text;
use domain::{Date, Timestamp};

#[derive(Template)]
#[template(path = "staff.html")]
struct StaffPage {
    page: Frame,
    w: &'static PeopleWords,
    pw: &'static PasskeyWords,
    summary: Summary,
    once: Option<(&'static str, String)>,
    members: Vec<Row>,
    roles: Vec<(&'static str, &'static str)>,
    name: Input,
    emergency: String,
    needing: Vec<(&'static str, &'static str, bool)>,
    lock_minutes: String,
    now: String,
}

struct Row {
    at: usize,
    author: String,
    name: String,
    role: &'static str,
    role_code: &'static str,
    state: String,
    has_factor: bool,
    passkeys: u32,
    is_locked: bool,
    is_vendor: bool,
}

/// Longest time a vendor is let in at once, milliseconds.
const LONGEST_VISIT_MS: i64 = 7 * 86_400_000;

/// `GET /staff`
pub async fn staff(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, &Typed::default(), None).await
}

/// `POST /staff`
pub async fn change(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let author = Author::new(typed.value("author"));
    let change = match typed.value("what") {
        "add" => match (typed.required(&STAFF_NAME), Role::from_code(typed.value("role"))) {
            (Some(name), Some(role)) => Some(StaffChange::Add { name, role }),
            (_, None) => return Err(PageError::BadForm),
            (None, _) => None,
        },
        "role" => Some(StaffChange::SetRole(author, Role::from_code(typed.value("role")).ok_or(PageError::BadForm)?)),
        "lock" => Some(StaffChange::SetLocked(author, true)),
        "unlock" => Some(StaffChange::SetLocked(author, false)),
        "reset" => Some(StaffChange::Reset(author)),
        "passkeys" => Some(StaffChange::RemovePasskeysOf(author)),
        "end" => Some(StaffChange::SignOutEverywhere(author)),
        "vendor-end" => Some(StaffChange::AllowVendor(author, None)),
        "vendor" => window(&mut typed, app.desk.now()).map(|window| StaffChange::AllowVendor(author, Some(window))),
        "emergency" => Some(StaffChange::NewEmergencyCode),
        "policy" => policy(&mut typed).map(StaffChange::SetPolicy),
        _ => return Err(PageError::BadForm),
    };
    let Some(change) = change else { return show_page(&app, &who, &typed, None).await };
    let w = PeopleWords::of(who.lang);
    match app.desk.people().change(&who.session, change).await {
        Ok(StaffSaid::Password(password)) => {
            show_page(&app, &who, &Typed::default(), Some((w.password_once, password))).await
        }
        Ok(StaffSaid::EmergencyCode(code)) => {
            show_page(&app, &who, &Typed::default(), Some((w.emergency_once, code))).await
        }
        Ok(_) => Ok(go_on("/staff?saved=1")),
        Err(StaffRefused::At(field, why)) => {
            typed.refuse(field, why);
            show_page(&app, &who, &typed, None).await
        }
        Err(StaffRefused::Unavailable(error)) => {
            tracing::error!(error = &error as &dyn std::error::Error, "an account could not be changed");
            Err(PageError::Unavailable)
        }
    }
}

fn window(typed: &mut Typed, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let (from, until) = (moment(typed.value("from")), moment(typed.value("until")));
    let fine = |(from, until): &(Timestamp, Timestamp)| {
        *until > now && until > from && until.since_ms(*from) <= LONGEST_VISIT_MS
    };
    let window = from.zip(until).filter(fine);
    if window.is_none() {
        typed.refuse(
            "",
            Text::new(
                "立ち入りの開始と終了を入れてください。終了は今より後で、長くて7日間です。",
                "Give the beginning and the end of the access: the end lies ahead, and it lasts at most 7 days.",
            ),
        );
    }
    window
}

/// `2026-11-22T09:30`, in Japan.
fn moment(text: &str) -> Option<Timestamp> {
    let (day, time) = text.split_once('T')?;
    let (hour, minute) = time.split_once(':')?;
    let minute = minute.get(..2)?;
    let (hour, minute): (u8, u8) = (hour.parse().ok()?, minute.parse().ok()?);
    let day = Date::parse(day)?;
    (hour < 24 && minute < 60).then(|| Timestamp::in_japan(day, hour, minute, 0))
}

fn policy(typed: &mut Typed) -> Option<Policy> {
    let must = |role: &Role| typed.is_ticked(&format!("must_{}", role.code()));
    let second_factor = Role::OF_PEOPLE.into_iter().filter(must).collect();
    let lock_minutes = typed.value("lock_minutes").trim().parse().ok().filter(|minutes| *minutes <= 240);
    if lock_minutes.is_none() {
        typed.refuse("lock_minutes", Text::new("0〜240の数字を入れてください。", "A number from 0 to 240, please."));
    }
    Some(Policy { second_factor, lock_minutes: lock_minutes? })
}

/// A role in words.
pub(super) fn role_word(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Reception => lang.pick("受付", "Reception"),
        Role::Claims => lang.pick("請求", "Claims"),
        Role::Manager => lang.pick("責任者", "Manager"),
        Role::Vendor => lang.pick("保守業者", "Vendor"),
        Role::Program => lang.pick("プログラム", "Program"),
    }
}

async fn show_page(
    app: &App,
    who: &SignedIn,
    typed: &Typed,
    once: Option<(&'static str, String)>,
) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, PeopleWords::of(who.lang));
    let (staff, policy) = app.read(|desk| Ok((desk.people().staff()?, desk.people().policy()?))).await?;
    let notices = app.desk.people().notices();
    let frame = Frame::of(app, who, "staff", w.staff_title).held();
    let (today, now) = (frame.today, frame.now);
    let emergency = match &notices.emergency {
        Some(used) => format!("{} {} {}", w.emergency_open, show::moment(lang, used.at, today), used.who),
        None if notices.emergency_is_sealed => w.emergency_sealed.to_owned(),
        None => w.emergency_none.to_owned(),
    };
    let word = |role: Role| (role.code(), role_word(lang, role));
    let row = |(at, member): (usize, StaffMember)| Row {
        at,
        state: state(lang, w, &member, today, now),
        role: role_word(lang, member.role),
        role_code: member.role.code(),
        has_factor: member.has_second_factor || member.passkeys > 0,
        passkeys: member.passkeys,
        is_locked: member.is_locked,
        is_vendor: member.role == Role::Vendor,
        author: member.author.to_string(),
        name: member.name,
    };
    let typed_minutes = typed.value("lock_minutes");
    page(&StaffPage {
        summary: Summary::of("add", typed, lang),
        once,
        members: staff.into_iter().enumerate().map(row).collect(),
        roles: Role::OF_PEOPLE.into_iter().map(word).collect(),
        name: Input::of(&STAFF_NAME, "add", typed, lang),
        emergency,
        needing: Role::OF_PEOPLE
            .into_iter()
            .map(|role| (role.code(), role_word(lang, role), policy.second_factor.contains(&role)))
            .collect(),
        lock_minutes: match typed_minutes {
            "" => policy.lock_minutes.to_string(),
            typed => typed.to_owned(),
        },
        now: now.to_string().get(..16).unwrap_or_default().to_owned(),
        page: frame,
        pw: PasskeyWords::of(lang),
        w,
    })
}

fn state(lang: Lang, w: &PeopleWords, member: &StaffMember, today: Date, now: Timestamp) -> String {
    if member.is_locked {
        return w.is_locked.to_owned();
    }
    let open = member.window.filter(|(_, until)| *until > now);
    let mut words = match (member.role, open) {
        (Role::Vendor, Some((from, until))) => {
            format!("{} – {}", show::moment(lang, from, today), show::moment(lang, until, today))
        }
        (Role::Vendor, None) => w.is_locked.to_owned(),
        _ => w.is_fine.to_owned(),
    };
    if member.has_first_password {
        words.push_str(lang.pick("・", ", "));
        words.push_str(w.is_first);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_of_a_form_is_read_in_japan() {
        let day = Date::literal(2026, 11, 22);
        assert_eq!(moment("2026-11-22T09:30"), Some(Timestamp::in_japan(day, 9, 30, 0)));
        assert_eq!(moment("2026-11-22T09:30:15"), Some(Timestamp::in_japan(day, 9, 30, 0)));
        for wrong in ["", "2026-11-22", "2026-13-22T09:30", "2026-11-22T24:00", "2026-11-22T09:6"] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }
}
