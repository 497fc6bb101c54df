//! The other boxes and the hub: how exchange stands, who belongs to the facility, who comes in and who goes out.

mod member;

use super::go_on;
use crate::app::App;
use crate::error::PageError;
use crate::form::{Field, Input, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{DigitsOf, DigitsQuestion, Facility, FacilityView, MemberItem, NotDone, PutOutReason};
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::SyncWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use member::{Former, Member};
use std::sync::Arc;

const ADDRESS: Field = Field::new("address", "アドレスとポート", "Address and port", 80).hint(
    "例：192.168.1.20:8444（相手の同期の画面に出ています）",
    "Such as 192.168.1.20:8444, as the other side shows it",
);
const CODE: Field = Field::new("code", "登録コード", "Code", 20).hint("9桁の数字", "Nine digits");
const BOX_NAME: Field =
    Field::new("name", "この受付機の名前", "Name of this box", 32).hint("例：第2窓口", "Such as: second counter");

const NEW_NAME: Field = Field::new("name", "新しい名前", "New name", 32).hint("例：第2窓口", "Such as: second counter");

#[derive(Template)]
#[template(path = "sync.html")]
struct SyncPage {
    page: Frame,
    w: &'static SyncWords,
    refused: Option<String>,
    flash: Option<&'static str>,
    said: Option<String>,
    stopped: Option<String>,
    alone: bool,
    lag: Option<(u64, String)>,
    members: Vec<Member>,
    namings: Vec<Naming>,
    former: Vec<Former>,
    reasons: Vec<(&'static str, &'static str)>,
    questions: Vec<Question>,
    code: Option<(String, String)>,
    address: Option<String>,
    entering: bool,
    unfinished: bool,
    found: Vec<String>,
    join: [Input; 3],
    join_open: bool,
    hub: [Input; 2],
    hub_open: bool,
    label: String,
}

/// The form by which a member gets another name.
struct Naming {
    id: String,
    name: String,
    input: Input,
    open: bool,
}

/// Digits to compare, in words.
struct Question {
    id: String,
    name: String,
    what: &'static str,
    digits: String,
    confirmed: bool,
}

/// What came of a form of this page.
#[derive(Default)]
struct Outcome {
    form: &'static str,
    typed: Typed,
    refused: Option<String>,
}

/// `GET /sync`
pub async fn sync(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, Outcome::default())
}

/// `POST /sync/now`
pub async fn now(State(app): State<App>, _: Posted) -> Result<Response, PageError> {
    facility(&app)?.sync_now();
    Ok(go_on("/sync?done=now"))
}

/// `POST /sync/code`: a new code, or the one that is open taken back.
pub async fn code(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let facility = facility(&app)?;
    if posted.typed.is_ticked("withdraw") {
        facility.withdraw_code();
        return Ok(go_on("/sync"));
    }
    let made = facility.make_code().await;
    finish(&app, posted, "code", made, "/sync")
}

/// `POST /sync/answer`: somebody compared the digits.
pub async fn answer(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, typed } = posted;
    let same = match typed.value("same") {
        "yes" => true,
        "no" => false,
        _ => return Err(PageError::BadForm),
    };
    if facility(&app)?.answer(typed.value("question"), same) {
        return Ok(go_on("/sync"));
    }
    let refused = Some(SyncWords::of(who.lang).gone.to_owned());
    show_page(&app, &who, Outcome { refused, ..Outcome::default() })
}

/// `POST /sync/join`: this box comes into the facility of another.
pub async fn join(State(app): State<App>, mut posted: Posted) -> Result<Response, PageError> {
    let facility = facility(&app)?;
    let typed = &mut posted.typed;
    let (address, code, name) = (typed.text(&ADDRESS), typed.text(&CODE), typed.text(&BOX_NAME));
    if !typed.is_fine() {
        return show_page(&app, &posted.who, Outcome { form: "join", typed: posted.typed, refused: None });
    }
    let plain = |text: Option<String>| text.unwrap_or_default();
    let begun = facility.join(&plain(address), &plain(code), &plain(name)).await;
    finish(&app, posted, "join", begun, "/sync")
}

/// `POST /sync/hub`: this facility is to use a hub.
pub async fn hub(State(app): State<App>, mut posted: Posted) -> Result<Response, PageError> {
    let facility = facility(&app)?;
    let (address, code) = (posted.typed.required(&ADDRESS), posted.typed.required(&CODE));
    let (Some(address), Some(code)) = (address, code) else {
        return show_page(&app, &posted.who, Outcome { form: "hub", typed: posted.typed, refused: None });
    };
    let begun = facility.enrol_hub(&address, &code).await;
    finish(&app, posted, "hub", begun, "/sync")
}

/// `POST /sync/put-out`: a member is put out, or the hub left. Wants a tick beside it.
pub async fn put_out(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let facility = facility(&app)?;
    let reason = PutOutReason::from_code(posted.typed.value("reason")).ok_or(PageError::BadForm)?;
    if !posted.typed.is_ticked("sure") {
        let refused = Some(SyncWords::of(posted.who.lang).confirm.to_owned());
        return show_page(&app, &posted.who, Outcome { refused, ..Outcome::default() });
    }
    let done = facility.put_out(posted.typed.value("member"), reason).await;
    finish(&app, posted, "put-out", done, "/sync?done=out")
}

/// `POST /sync/name`: a member gets another name.
pub async fn name(State(app): State<App>, mut posted: Posted) -> Result<Response, PageError> {
    let facility = facility(&app)?;
    let Some(name) = posted.typed.required(&NEW_NAME) else {
        return show_page(&app, &posted.who, Outcome { form: "name", typed: posted.typed, refused: None });
    };
    let done = facility.rename(Some(&posted.who.session.account), posted.typed.value("member"), &name).await;
    finish(&app, posted, "name", done, "/sync?done=named")
}

fn facility(app: &App) -> Result<Arc<dyn Facility>, PageError> {
    app.desk.facility().ok_or(PageError::NotFound)
}

/// Goes on, or shows the form again as it was typed with what is wrong.
fn finish(
    app: &App,
    posted: Posted,
    form: &'static str,
    outcome: Result<(), NotDone>,
    next: &str,
) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let Err(NotDone { at, why }) = outcome else { return Ok(go_on(next)) };
    let has_field =
        matches!((form, at), ("join", "address" | "code" | "name") | ("hub", "address" | "code") | ("name", "name"));
    if has_field {
        typed.refuse(at, why);
        return show_page(app, &who, Outcome { form, typed, refused: None });
    }
    let refused = Some(who.lang.of(&why));
    show_page(app, &who, Outcome { form, typed, refused })
}

fn show_page(app: &App, who: &SignedIn, outcome: Outcome) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, SyncWords::of(who.lang));
    let view = facility(app)?.view();
    let untouched = outcome.refused.is_none() && outcome.form.is_empty();
    let frame = Frame { path: "/sync".to_owned(), ..Frame::of(app, who, "sync", w.title) };
    let frame = if untouched { frame.refreshing() } else { frame.held() };
    let today = frame.today;
    let empty = Typed::default();
    let typed_in = |form: &str| if outcome.form == form { &outcome.typed } else { &empty };
    let input = |field: &'static Field, form: &str| Input::of(field, form, typed_in(form), lang);
    let (lag, since) = view.lag();
    let since = since.map(|at| show::since(lang, at, today)).unwrap_or_default();
    page(&SyncPage {
        w,
        flash: match who.path.split_once("?done=") {
            Some((_, "now")) => Some(w.asked),
            Some((_, "out")) => Some(w.done_out),
            Some((_, "named")) => Some(w.done_named),
            _ => None,
        },
        refused: outcome.refused.clone(),
        said: view.said.as_ref().map(|said| lang.of(said)),
        stopped: view.stopped.as_ref().map(|why| lang.of(why)),
        alone: view.others().next().is_none(),
        lag: (lag > 0).then_some((lag, since)),
        members: view.members.iter().map(|member| Member::of(lang, member, &view, today)).collect(),
        namings: view.members.iter().map(|member| naming(member, &outcome, lang)).collect(),
        former: view.former.iter().map(|former| Former::of(lang, former, today)).collect(),
        reasons: PutOutReason::ALL.into_iter().map(|reason| (reason.code(), member::reason(w, reason))).collect(),
        questions: view.questions.iter().map(|question| in_words(w, question)).collect(),
        code: view.code.as_ref().map(|open| (open.code.clone(), show::time(open.until))),
        address: view.address.clone(),
        entering: view.entering,
        unfinished: view.unfinished,
        found: view.found.clone(),
        join: [input(&ADDRESS, "join"), input(&CODE, "join").digits(), input(&BOX_NAME, "join")],
        join_open: outcome.form == "join" || view.unfinished || !view.found.is_empty(),
        hub: [input(&ADDRESS, "hub"), input(&CODE, "hub").digits()],
        hub_open: outcome.form == "hub",
        label: view.label.clone(),
        page: frame,
    })
}

/// As it was typed, where that was refused; with the name of now everywhere else.
fn naming(member: &MemberItem, outcome: &Outcome, lang: Lang) -> Naming {
    let open = outcome.form == "name" && outcome.typed.value("member") == member.id;
    let now = Typed::new(vec![(NEW_NAME.name.to_owned(), member.name.clone())]).unwrap_or_default();
    let typed = if open { &outcome.typed } else { &now };
    let input = Input::of(&NEW_NAME, &format!("name-{}", member.id), typed, lang);
    Naming { id: member.id.clone(), name: member.name.clone(), input, open }
}

fn in_words(w: &SyncWords, question: &DigitsQuestion) -> Question {
    Question {
        id: question.id.clone(),
        name: question.name.clone(),
        what: match question.of {
            DigitsOf::NewBox => w.compare_box,
            DigitsOf::NewHub => w.compare_hub,
            DigitsOf::OtherFacility => w.compare_enter,
        },
        digits: question.digits.clone(),
        confirmed: question.confirmed,
    }
}

/// What the lamp on every page says; none for a box that is alone.
pub fn lamp_words(lang: Lang, view: &FacilityView, today: domain::Date) -> Option<(show::Chip, String)> {
    use crate::port::DeviceLamp;
    let (lamp, w) = (view.lamp()?, SyncWords::of(lang));
    let word = match lamp {
        _ if view.stopped.is_some() => w.lamp_stopped,
        DeviceLamp::Good => w.lamp_good,
        DeviceLamp::Working => w.lamp_working,
        DeviceLamp::Bad | DeviceLamp::Unknown => w.lamp_unreached,
    };
    let since = view.lag().1.map(|at| show::since(lang, at, today)).unwrap_or_default();
    Some((show::Chip { word: word.to_owned(), ..show::device_lamp(lang, lamp) }, since))
}
