//! What remains to be done for all visits, the most urgent first: who does it, until when it may wait, what money it is about.

use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::{ASSIGN_TO, MONEY_WAY, NOTE, UNTIL, WAIT_REASON, YEN};
use crate::form::{Choice, Input, Offer, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{DeskCommand, DueFilter, FollowUpItem, FollowUpList, FollowUpQuery};
use crate::prints::VisitPrint;
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::{FollowUpWords, LostCardWords};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::decision::FollowUpKind;
use domain::fact::VisitId;
use domain::visit::{FollowUpAssigned, FollowUpClosed, FollowUpSnoozed, MoneyNoted, MoneyWay, VisitCommand};
use serde::Deserialize;

/// Follow-ups on one page.
const LINES: u32 = 50;

#[derive(Template)]
#[template(path = "follow_ups.html")]
struct FollowUpsPage {
    page: Frame,
    w: &'static FollowUpWords,
    summary: Summary,
    dues: Vec<Filter>,
    kinds: Vec<Filter>,
    owners: Vec<Filter>,
    groups: Vec<(&'static str, Vec<Line>)>,
    /// cards the site holds for their owners
    cards_held: u32,
    lw: &'static LostCardWords,
    /// visits of this page that can be asked about again
    askable: String,
    next: Option<String>,
    first: Option<String>,
}

struct Filter {
    href: String,
    name: String,
    count: String,
    is_chosen: bool,
}

struct Line {
    visit: String,
    visit_day: String,
    name: String,
    kind: &'static str,
    title: &'static str,
    due: String,
    reason: String,
    assigned: Option<String>,
    waits: Option<String>,
    yen: Option<String>,
    call: Option<(String, Option<(String, String)>)>,
    is_asked: bool,
    key: String,
    note: Input,
    paper: Option<(String, &'static str)>,
    assign: Input,
    until: Input,
    wait_reason: Input,
    money: Option<(Input, Choice)>,
}

/// What the address asks for.
#[derive(Default, Deserialize)]
pub struct Wish {
    due: Option<String>,
    kind: Option<String>,
    mine: Option<String>,
    skip: Option<u32>,
}

/// `GET /follow-ups`
pub async fn follow_ups(State(app): State<App>, who: SignedIn, wish: Query<Wish>) -> Result<Response, PageError> {
    show_page(&app, &who, &Typed::default(), wish.0).await
}

/// `POST /follow-ups`: one of them is done.
pub async fn close(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    change(app, posted, |typed, kind, _| {
        let note = typed.text(&NOTE).unwrap_or_else(|| "—".to_owned());
        Some(VisitCommand::CloseFollowUp(FollowUpClosed { kind, note }))
    })
    .await
}

/// `POST /follow-ups/assign`: who does it.
pub async fn assign(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    change(app, posted, |typed, kind, me| {
        let named = typed.text(&ASSIGN_TO);
        let to = if typed.value("do") == "me" { Some(me.to_owned()) } else { named };
        Some(VisitCommand::AssignFollowUp(FollowUpAssigned { kind, to }))
    })
    .await
}

/// `POST /follow-ups/snooze`: it can wait.
pub async fn snooze(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    change(app, posted, |typed, kind, _| {
        let until = typed.date(&UNTIL);
        if until.is_none() && typed.problem(UNTIL.name).is_none() {
            typed.refuse(UNTIL.name, UNTIL.empty());
        }
        let reason = typed.required(&WAIT_REASON);
        Some(VisitCommand::SnoozeFollowUp(FollowUpSnoozed { kind, until: until?, reason: reason? }))
    })
    .await
}

/// `POST /follow-ups/money`: what is to be paid, or was.
pub async fn money(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    change(app, posted, |typed, kind, _| {
        let text = typed.required(&YEN);
        let yen = text.map(|text| text.replace([',', '円', ' '], "").parse::<u32>());
        if matches!(yen, Some(Err(_))) {
            typed.refuse(
                YEN.name,
                domain::text::Text::new("金額は数字で入力してください。", "Enter the amount in digits."),
            );
        }
        let way = typed.code(&MONEY_WAY, MoneyWay::from_code);
        Some(VisitCommand::NoteMoney(MoneyNoted { kind, yen: yen?.ok()?, way }))
    })
    .await
}

/// `POST /follow-ups/ask`: ask once more for many visits.
pub async fn ask_again(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let visits = typed.value("visits").split(' ').filter(|id| !id.is_empty()).map(VisitId::new).collect();
    if hand_in(&app, &who, &mut typed, DeskCommand::AskAgainAll(visits), |_| String::new()).await?.is_some() {
        return Ok(go_on("/follow-ups?saved=asked"));
    }
    show_page(&app, &who, &typed, Wish::default()).await
}

async fn change(
    app: App,
    posted: Posted,
    read: impl FnOnce(&mut Typed, FollowUpKind, &str) -> Option<VisitCommand>,
) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let kind = FollowUpKind::from_code(typed.value("kind")).ok_or(PageError::BadForm)?;
    let command = read(&mut typed, kind, &who.session.account.name);
    if let Some(command) = command.filter(|_| typed.is_fine()) {
        let command = DeskCommand::Visit { visit: VisitId::new(typed.value("visit")), commands: vec![command] };
        let field = |at: &str| match at {
            "until" => UNTIL.name.to_owned(),
            "reason" => WAIT_REASON.name.to_owned(),
            "yen" => YEN.name.to_owned(),
            _ => String::new(),
        };
        if hand_in(&app, &who, &mut typed, command, field).await?.is_some() {
            return Ok(go_on("/follow-ups?saved=1"));
        }
    }
    show_page(&app, &who, &typed, Wish::default()).await
}

async fn show_page(app: &App, who: &SignedIn, typed: &Typed, wish: Wish) -> Result<Response, PageError> {
    let query = query(who, &wish);
    let asked = query.clone();
    let (FollowUpList { items, more, counts }, cards_held) =
        app.read(move |desk| Ok((desk.follow_up_list(&asked)?, desk.cards_held()?))).await?;
    let w = FollowUpWords::of(who.lang);
    let frame = Frame::of(app, who, "follow-ups", w.title);
    let (due, later): (Vec<_>, Vec<_>) = items.iter().enumerate().partition(|(_, item)| item.is_due);
    let lines = |items: Vec<(usize, &FollowUpItem)>| {
        items
            .into_iter()
            .map(|(at, item)| Line {
                paper: paper_of(who.lang, frame.prints, item),
                ..line(who.lang, w, item, at, &frame.key, typed)
            })
            .collect::<Vec<_>>()
    };
    let groups = [(w.due_now, lines(due)), (w.later, lines(later))];
    let kinds = FollowUpKind::ALL.iter().filter_map(|kind| counts.iter().find(|count| count.kind == *kind));
    let filter = |name: &str, changed: FollowUpQuery, count: String| Filter {
        is_chosen: changed == FollowUpQuery { skip: 0, ..query.clone() },
        href: address(&changed),
        name: name.to_owned(),
        count,
    };
    let fresh = FollowUpQuery { skip: 0, ..query.clone() };
    page(&FollowUpsPage {
        summary: Summary::of("follow-ups", typed, who.lang),
        dues: DueFilter::ALL
            .into_iter()
            .map(|due| filter(due_words(w, due), FollowUpQuery { due, ..fresh.clone() }, String::new()))
            .collect(),
        kinds: std::iter::once(filter(w.all, FollowUpQuery { kind: None, ..fresh.clone() }, String::new()))
            .chain(kinds.map(|count| {
                let yen = u32::try_from(count.yen).unwrap_or(u32::MAX);
                let yen = if yen > 0 { format!(" {}", show::yen(who.lang, yen)) } else { String::new() };
                let kind = Some(count.kind);
                let changed = FollowUpQuery { kind, ..fresh.clone() };
                filter(show::follow_up(who.lang, count.kind), changed, format!("{}{yen}", count.open))
            }))
            .collect(),
        owners: vec![
            filter(w.everybody, FollowUpQuery { assigned: None, ..fresh.clone() }, String::new()),
            filter(
                w.mine,
                FollowUpQuery { assigned: Some(who.session.account.name.clone()), ..fresh.clone() },
                String::new(),
            ),
        ],
        cards_held,
        lw: LostCardWords::of(who.lang),
        askable: askable(&items),
        next: more.then(|| address(&FollowUpQuery { skip: query.skip + LINES, ..query.clone() })),
        first: (query.skip > 0).then(|| address(&fresh)),
        groups: groups.into_iter().filter(|(_, lines)| !lines.is_empty()).collect(),
        page: if typed.is_fine() { frame.refreshing() } else { frame.held() },
        w,
    })
}

fn query(who: &SignedIn, wish: &Wish) -> FollowUpQuery {
    FollowUpQuery {
        kind: wish.kind.as_deref().and_then(FollowUpKind::from_code),
        due: wish.due.as_deref().and_then(DueFilter::from_code).unwrap_or_default(),
        assigned: wish.mine.is_some().then(|| who.session.account.name.clone()),
        limit: LINES,
        skip: wish.skip.unwrap_or(0),
    }
}

/// The address of a query: codes only, never a name.
fn address(query: &FollowUpQuery) -> String {
    let mut parts = Vec::new();
    if query.due != DueFilter::All {
        parts.push(format!("due={}", query.due.code()));
    }
    parts.extend(query.kind.map(|kind| format!("kind={}", kind.code())));
    parts.extend(query.assigned.as_ref().map(|_| "mine=1".to_owned()));
    if query.skip > 0 {
        parts.push(format!("skip={}", query.skip));
    }
    if parts.is_empty() { "/follow-ups".to_owned() } else { format!("/follow-ups?{}", parts.join("&")) }
}

fn due_words(w: &'static FollowUpWords, due: DueFilter) -> &'static str {
    match due {
        DueFilter::All => w.all,
        DueFilter::Due => w.due_now,
        DueFilter::Overdue => w.overdue,
        DueFilter::Week => w.week,
    }
}

/// Visits whose eligibility a further answer could settle, and of which no question is out.
fn askable(items: &[FollowUpItem]) -> String {
    let again = |kind: FollowUpKind| {
        matches!(kind, FollowUpKind::Recheck | FollowUpKind::FormerClaim | FollowUpKind::UnknownClaim)
    };
    let mut visits: Vec<&str> =
        items.iter().filter(|item| again(item.kind()) && !item.is_asked).map(|item| item.visit.as_str()).collect();
    visits.sort_unstable();
    visits.dedup();
    visits.join(" ")
}

fn line(lang: Lang, w: &'static FollowUpWords, item: &FollowUpItem, at: usize, key: &str, typed: &Typed) -> Line {
    let kind = item.kind().code();
    let mine = typed.value("visit") == item.visit.as_str() && typed.value("kind") == kind;
    let nothing = Typed::default();
    let typed = if mine { typed } else { &nothing };
    let form = format!("f{at}");
    let ways = || {
        let open = Offer::new("", w.open_amount);
        let ways = MoneyWay::ALL.iter().map(|way| Offer::new(way.code(), show::money_way(lang, *way)));
        std::iter::once(open).chain(ways).collect()
    };
    let is_money = matches!(item.kind(), FollowUpKind::Refund | FollowUpKind::Collect);
    let is_call =
        matches!(item.kind(), FollowUpKind::CallInsurer | FollowUpKind::SettleRatio | FollowUpKind::CheckInsurerNumber);
    Line {
        visit: item.visit.to_string(),
        visit_day: show::day(lang, item.visit_date),
        name: item.name.clone().unwrap_or_else(|| w.nameless.to_owned()),
        kind,
        title: show::follow_up(lang, item.kind()),
        due: show::day(lang, item.follow_up.due),
        reason: lang.of(&item.follow_up.reason),
        assigned: item.assigned.clone(),
        waits: item.snoozed.as_ref().map(|(until, why)| format!("{} — {why}", show::day(lang, *until))),
        yen: item.yen.map(|yen| show::yen(lang, yen)),
        call: item.insurer.clone().filter(|_| is_call).map(|number| (number, item.phone.clone())),
        is_asked: item.is_asked,
        key: format!("{key}-{at}"),
        note: Input::of(&NOTE, &form, typed, lang),
        assign: Input::of(&ASSIGN_TO, &form, typed, lang),
        paper: None,
        until: Input::of(&UNTIL, &form, typed, lang),
        wait_reason: Input::of(&WAIT_REASON, &form, typed, lang),
        money: is_money.then(|| {
            (Input::of(&YEN, &form, typed, lang).digits(), Choice::of(&MONEY_WAY, &form, typed, lang, ways()).compact())
        }),
    }
}

/// The paper that goes with what is to be done, where papers can be set.
fn paper_of(lang: Lang, can_print: bool, item: &FollowUpItem) -> Option<(String, &'static str)> {
    let print = match item.kind() {
        FollowUpKind::Refund => VisitPrint::Refund,
        FollowUpKind::CertificateSlip => VisitPrint::Certificate,
        FollowUpKind::DeclarationOpen => VisitPrint::Declaration,
        FollowUpKind::ReportNumber | FollowUpKind::BringCard | FollowUpKind::CardLost => VisitPrint::TakeHome,
        FollowUpKind::UnknownClaim | FollowUpKind::FormerClaim => VisitPrint::Remark,
        _ => return None,
    };
    can_print.then(|| (format!("/visits/{}/prints/{}", item.visit, print.code()), print.name(lang)))
}
