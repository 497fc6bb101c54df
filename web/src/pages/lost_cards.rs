//! Cards that were found at the site: who found them where, whose they are, and what became of them.

use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::*;
use crate::form::{Choice, Input, Offer, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{DeskCommand, FoundCardCommand, FoundCardItem};
use crate::session::{Posted, SignedIn};
use crate::show;
use crate::words::LostCardWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::Date;
use domain::fact::PatientId;
use domain::found_card::{
    CardFound, CardGivenAway, CardHandedBack, FoundByMistake, FoundCardCommand as Step, FoundCardId, FoundPlace,
    FoundThing, GivenTo, HandedHow, OwnerCalled,
};
use domain::text::Text;

#[derive(Template)]
#[template(path = "lost_cards.html")]
struct LostCardsPage {
    page: Frame,
    w: &'static LostCardWords,
    summary: Summary,
    held: Vec<Held>,
    settled: Vec<Settled>,
    entering: bool,
    thing: Choice,
    place: Choice,
    detail: Input,
    day: Input,
    found_by: Input,
    owner: Input,
}

struct Held {
    card: String,
    what: &'static str,
    found: String,
    found_by: String,
    owner: Option<Owner>,
    calls: u32,
    last_call: String,
    is_told: bool,
    open: &'static str,
    name_owner: Input,
    to: Input,
    how: Choice,
    office: Choice,
    on: Input,
    receipt: Input,
    reason: Input,
}

struct Owner {
    patient: String,
    name: String,
    kana: String,
    number: String,
}

struct Settled {
    what: &'static str,
    found: String,
    at: String,
    how: String,
    owner: Option<Owner>,
}

/// `GET /lost-cards`
pub async fn lost_cards(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, None).await
}

/// `POST /lost-cards`: `do` says what.
pub async fn change(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let card = FoundCardId::new(typed.value("card"));
    let (by, today) = (who.session.account.name.clone(), app.desk.today());
    let step = match typed.value("do") {
        "enter" => None,
        "owner" => {
            typed.required(&FOUND_OWNER);
            find_owner(&app, &mut typed).await?.map(Step::NameOwner)
        }
        "reached" => Some(Step::Call(OwnerCalled { is_reached: true })),
        "not-reached" => Some(Step::Call(OwnerCalled { is_reached: false })),
        "back" => read_back(&mut typed, by),
        "give" => read_given(&mut typed, by, today),
        "mistake" => typed.required(&REASON).map(|reason| Step::Mistake(FoundByMistake { reason })),
        _ => return Err(PageError::BadForm),
    };
    let command = match (step, typed.value("do")) {
        (Some(command), _) => Some(FoundCardCommand::Change { card, command }),
        (None, "enter") => {
            let owner = find_owner(&app, &mut typed).await?;
            read_found(&mut typed, today, owner).map(|found| FoundCardCommand::Enter(Box::new(found)))
        }
        (None, _) => None,
    };
    if let Some(command) = command.filter(|_| typed.is_fine())
        && hand_in(&app, &who, &mut typed, DeskCommand::FoundCards(command), field_of).await?.is_some()
    {
        return Ok(go_on("/lost-cards?saved=1"));
    }
    show_page(&app, &who, Some(&typed)).await
}

fn field_of(at: &str) -> String {
    match at {
        "day" => FOUND_DAY.name,
        "detail" => FOUND_DETAIL.name,
        "found_by" => FOUND_BY.name,
        "to" => HANDED_TO.name,
        "on" => GIVEN_ON.name,
        "receipt" => RECEIPT.name,
        "reason" => REASON.name,
        _ => "",
    }
    .to_owned()
}

/// The patient somebody names by the clinic number, or so that only one fits.
async fn find_owner(app: &App, typed: &mut Typed) -> Result<Option<PatientId>, PageError> {
    let Some(text) = typed.text(&FOUND_OWNER) else { return Ok(None) };
    let wanted = text.clone();
    let found = app.read(move |desk| desk.search_patients(&wanted)).await?;
    let by_number = found.iter().find(|hit| hit.patient_number.as_deref() == Some(text.as_str()));
    let words = |of: fn(&LostCardWords) -> &'static str| {
        Text::new(of(LostCardWords::of(Lang::Ja)), of(LostCardWords::of(Lang::En)))
    };
    match (by_number, found.as_slice()) {
        (Some(hit), _) | (None, [hit]) => return Ok(Some(hit.patient.clone())),
        (None, []) => typed.refuse(FOUND_OWNER.name, words(|w| w.nobody_found)),
        (None, _) => typed.refuse(FOUND_OWNER.name, words(|w| w.several_found)),
    }
    Ok(None)
}

fn read_found(typed: &mut Typed, today: Date, owner: Option<PatientId>) -> Option<CardFound> {
    let thing = typed.required_code(&FOUND_THING, FoundThing::from_code);
    let place = typed.required_code(&FOUND_PLACE, FoundPlace::from_code);
    let (detail, day) = (typed.text(&FOUND_DETAIL), typed.date(&FOUND_DAY).unwrap_or(today));
    let found_by = typed.required(&FOUND_BY);
    Some(CardFound { day, thing: thing?, place: place?, detail, found_by: found_by?, owner })
}

fn read_back(typed: &mut Typed, by: String) -> Option<Step> {
    let (to, how) = (typed.required(&HANDED_TO), typed.required_code(&HANDED_HOW, HandedHow::from_code));
    Some(Step::HandBack(CardHandedBack { to: to?, how: how?, by }))
}

fn read_given(typed: &mut Typed, by: String, today: Date) -> Option<Step> {
    let to = typed.required_code(&GIVEN_TO, GivenTo::from_code);
    let (on, receipt) = (typed.date(&GIVEN_ON).unwrap_or(today), typed.text(&RECEIPT));
    Some(Step::GiveAway(CardGivenAway { to: to?, on, by, receipt }))
}

async fn show_page(app: &App, who: &SignedIn, typed: Option<&Typed>) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, LostCardWords::of(who.lang));
    let items = app.read(|desk| desk.found_cards()).await?;
    let frame = Frame { path: "/lost-cards".to_owned(), ..Frame::of(app, who, "follow-ups", w.title) };
    let today = frame.today;
    let fresh = Typed::prefilled([
        (FOUND_DAY.name, today.to_string()),
        (FOUND_BY.name, who.session.account.name.clone()),
        (FOUND_THING.name, FoundThing::MyNumberCard.code().to_owned()),
    ]);
    let entering = typed.is_some_and(|typed| typed.value("do") == "enter");
    let entry = typed.filter(|_| entering).unwrap_or(&fresh);
    let (held, settled): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| item.state.is_open());
    let form_of = |typed: &Typed| match held.iter().position(|item| item.card.as_str() == typed.value("card")) {
        Some(nth) if !entering => format!("card-{}", nth + 1),
        _ => "found".to_owned(),
    };
    let nothing = Typed::default();
    let of_form = |choice: Choice| choice.compact();
    page(&LostCardsPage {
        summary: typed
            .map_or_else(|| Summary::of("found", &nothing, lang), |typed| Summary::of(&form_of(typed), typed, lang)),
        entering: entering || held.is_empty(),
        thing: of_form(Choice::of(&FOUND_THING, "found", entry, lang, things(lang))),
        place: of_form(Choice::of(&FOUND_PLACE, "found", entry, lang, places(lang))),
        detail: Input::of(&FOUND_DETAIL, "found", entry, lang),
        day: Input::of(&FOUND_DAY, "found", entry, lang),
        found_by: Input::of(&FOUND_BY, "found", entry, lang),
        owner: Input::of(&FOUND_OWNER, "found", entry, lang),
        held: held
            .iter()
            .enumerate()
            .map(|(nth, item)| {
                let is_this = |typed: &&Typed| !entering && typed.value("card") == item.card.as_str();
                show_held(lang, today, item, nth + 1, typed.filter(is_this))
            })
            .collect(),
        settled: settled.iter().map(|item| show_settled(lang, w, today, item)).collect(),
        page: if typed.is_none() { frame.refreshing() } else { frame.held() },
        w,
    })
}

fn things(lang: Lang) -> Vec<Offer> {
    FoundThing::ALL.iter().map(|thing| Offer::new(thing.code(), show::found_thing(lang, *thing))).collect()
}

fn places(lang: Lang) -> Vec<Offer> {
    FoundPlace::ALL.iter().map(|place| Offer::new(place.code(), show::found_place(lang, *place))).collect()
}

fn show_held(lang: Lang, today: Date, item: &FoundCardItem, nth: usize, typed: Option<&Typed>) -> Held {
    let state = &item.state;
    let form = format!("card-{nth}");
    let nothing = Typed::prefilled([(GIVEN_ON.name, today.to_string())]);
    let shown = typed.unwrap_or(&nothing);
    let input = |field| Input::of(field, &form, shown, lang);
    let hows = HandedHow::ALL.iter().map(|how| Offer::new(how.code(), show::handed_how(lang, *how))).collect();
    let offices = GivenTo::ALL.iter().map(|to| Offer::new(to.code(), show::given_to(lang, *to))).collect();
    Held {
        card: item.card.to_string(),
        what: show::found_thing(lang, state.found.thing),
        found: found_words(lang, item),
        found_by: state.found.found_by.clone(),
        owner: owner(item),
        calls: state.calls,
        last_call: state.last_call.map(|at| show::moment(lang, at, today)).unwrap_or_default(),
        is_told: state.is_owner_told,
        open: match typed.map(|typed| typed.value("do")) {
            Some("back") => "back",
            Some("give") => "give",
            Some("owner") => "owner",
            Some("mistake") => "mistake",
            _ => "",
        },
        name_owner: input(&FOUND_OWNER),
        to: input(&HANDED_TO),
        how: Choice::of(&HANDED_HOW, &form, shown, lang, hows).compact(),
        office: Choice::of(&GIVEN_TO, &form, shown, lang, offices).compact(),
        on: input(&GIVEN_ON),
        receipt: input(&RECEIPT),
        reason: input(&REASON),
    }
}

fn found_words(lang: Lang, item: &FoundCardItem) -> String {
    let found = &item.state.found;
    let place = show::found_place(lang, found.place);
    let detail = found.detail.as_deref().unwrap_or_default();
    format!("{} {place} {detail}", show::day(lang, found.day)).trim_end().to_owned()
}

fn owner(item: &FoundCardItem) -> Option<Owner> {
    let patient = item.state.owner.as_ref()?;
    let hit = item.owner.as_ref();
    Some(Owner {
        patient: patient.to_string(),
        name: hit.and_then(|hit| hit.person.name.clone()).unwrap_or_default(),
        kana: hit.and_then(|hit| hit.person.name_kana.clone()).unwrap_or_default(),
        number: hit.and_then(|hit| hit.patient_number.clone()).unwrap_or_default(),
    })
}

fn show_settled(lang: Lang, w: &LostCardWords, today: Date, item: &FoundCardItem) -> Settled {
    let state = &item.state;
    let back = state
        .handed_back
        .as_ref()
        .map(|back| format!("{}{}（{}） {}{}", w.handed_to, back.to, show::handed_how(lang, back.how), w.by, back.by));
    let given = state.given_away.as_ref().map(|given| {
        let receipt = given.receipt.as_deref().map(|number| format!(" {number}")).unwrap_or_default();
        let day = show::day(lang, given.on);
        format!("{}{}{receipt} {day} {}{}", w.given_to, show::given_to(lang, given.to), w.by, given.by)
    });
    let mistake = state.mistake.as_ref().map(|reason| format!("{}{reason}", w.taken_back));
    Settled {
        what: show::found_thing(lang, state.found.thing),
        found: found_words(lang, item),
        at: state.settled_at.map(|at| show::moment(lang, at, today)).unwrap_or_default(),
        how: [back, given, mistake].into_iter().flatten().collect::<Vec<_>>().join(" / "),
        owner: owner(item),
    }
}
