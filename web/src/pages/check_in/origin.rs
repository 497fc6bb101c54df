//! From where a check-in comes: the counter of this screen, a waiting number, a consent given in advance, or the family of a visit.

use crate::app::App;
use crate::counter_here;
use crate::error::PageError;
use crate::form::fields::*;
use crate::form::{Choice, Input, Offer, Typed};
use crate::lang::Lang;
use crate::port::{CheckIn, ConsentItem, CountersView, DeskCommand, LineItem, VisitView};
use crate::session::SignedIn;
use crate::show;
use crate::words::OriginWords;
use askama::Template;
use domain::Date;
use domain::case::{Companion, Flow, Presented};
use domain::counter::CounterKind;
use domain::era::kanji_form;
use domain::evidence::EvidenceKind;
use domain::fact::VisitId;
use domain::remote_consent::{ConsentDevice, ConsentId, IdentityChecked};
use domain::text::Text;
use domain::visit::{CameFrom, CompanionCame, DocumentPresented, FamilyJoined, Placed, VisitCommand};
use domain::waiting::TicketId;
use http::HeaderMap;
use serde::Deserialize;

/// What the address says of it.
#[derive(Default, Deserialize)]
pub struct Begin {
    pub scan: Option<String>,
    ticket: Option<String>,
    consent: Option<String>,
    family: Option<String>,
    flow: Option<String>,
}

impl Begin {
    /// As a form carries it along.
    pub fn carried_by(typed: &Typed) -> Begin {
        let value = |name: &str| Some(typed.value(name).to_owned()).filter(|value| !value.is_empty());
        let (ticket, consent, family) = (value("ticket"), value("consent"), value("family"));
        Begin { ticket, consent, family, scan: None, flow: None }
    }

    /// Whether it says in full who comes.
    pub fn names_somebody(&self) -> bool {
        self.consent.is_some()
    }
}

/// Names of the fields that carry it along.
const CARRIED: [&str; 3] = ["ticket", "consent", "family"];

/// The panel at the top of the form.
#[derive(Template)]
#[template(path = "part/origin.html")]
pub struct Origin {
    w: &'static OriginWords,
    carried: Vec<(&'static str, String)>,
    title: &'static str,
    who: String,
    detail: String,
    kind: &'static str,
    place: Option<Input>,
    identity: Option<Choice>,
    companion: Option<Choice>,
    brought_by: Option<Input>,
    prescription: Option<Choice>,
    is_family: bool,
}

/// The hidden fields alone, for the form of the search.
pub fn carried(typed: &Typed) -> Vec<(&'static str, String)> {
    let fields = CARRIED.iter().map(|name| (*name, typed.value(name).to_owned()));
    fields.filter(|(_, value)| !value.is_empty()).collect()
}

/// Takes what the address says, and what the counter of this screen is, into a fresh form.
pub async fn begin(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    from: &Begin,
    typed: &mut Typed,
) -> Result<(), PageError> {
    let counter = counter_here::of_screen(headers, who);
    let (counters, today) = (app.read(|desk| desk.counters()).await?, app.desk.today());
    if let Some(name) = counter {
        if let Some(counter) = counters.named(&name) {
            typed.set(FLOW.name, counter.kind.flow().code());
        }
        typed.set(COUNTER.name, name);
    }
    if let Some(flow) = from.flow.as_deref().and_then(Flow::from_code) {
        typed.set(FLOW.name, flow.code());
    }
    let asked = [("ticket", &from.ticket), ("consent", &from.consent), ("family", &from.family)];
    for (name, value) in asked {
        if let Some(value) = value {
            typed.set(name, value.clone());
        }
    }
    let found = look(app, typed).await?;
    let is_there = [found.ticket.is_some(), found.consent.is_some(), found.family.is_some()];
    for ((name, value), is_there) in asked.into_iter().zip(is_there) {
        if value.is_some() && !is_there {
            typed.forget(name);
            typed.refuse("", gone());
        }
    }
    if let Some(name) = found.ticket.and_then(|item| item.state.name) {
        typed.set(SEARCH.name, name.clone());
        typed.set(NAME.name, name);
    }
    if let Some(consent) = found.consent {
        fill_from_consent(&consent, typed);
    }
    if let Some(first) = found.family {
        fill_from_family(&first, today, typed);
    }
    Ok(())
}

fn gone() -> Text {
    Text::new(OriginWords::of(Lang::Ja).gone, OriginWords::of(Lang::En).gone)
}

fn fill_from_consent(item: &ConsentItem, typed: &mut Typed) {
    let entered = &item.state.entered;
    let values = [
        (NAME.name, entered.person.name.clone()),
        (NAME_KANA.name, entered.person.name_kana.clone()),
        (BIRTH_DATE.name, entered.person.birth_date.map(kanji_form)),
        (PLACE.name, entered.place.clone()),
        (SEARCH.name, entered.person.name_kana.clone().or(entered.person.name.clone())),
        (FLOW.name, Some(entered.flow.code().to_owned())),
    ];
    for (name, value) in values {
        if let Some(value) = value {
            typed.set(name, value);
        }
    }
}

/// The address of the household is carried over and stands in its field to be looked at; the insurance is only proposed, on the page
/// of the visit.
fn fill_from_family(first: &VisitView, today: Date, typed: &mut Typed) {
    let person = first.state.person.clone();
    if let Some(address) = person.as_ref().and_then(|person| person.address.clone()) {
        typed.set(ADDRESS.name, address);
    }
    let known = first.state.brought_by.clone();
    let is_adult = person.as_ref().and_then(|person| person.birth_date).is_some_and(|birth| is_adult(birth, today));
    if let Some(name) =
        known.or_else(|| person.and_then(|person| person.name.or(person.name_kana)).filter(|_| is_adult))
    {
        typed.set(BROUGHT_BY.name, name);
        typed.set(COMPANION.name, Companion::Parent.code());
    }
}

/// Eighteen and older.
fn is_adult(birth: Date, today: Date) -> bool {
    birth.plus_years(18) <= today
}

struct Found {
    ticket: Option<LineItem>,
    consent: Option<ConsentItem>,
    family: Option<VisitView>,
}

async fn look(app: &App, typed: &Typed) -> Result<Found, PageError> {
    let value = |name: &str| Some(typed.value(name).to_owned()).filter(|value| !value.is_empty());
    let (ticket, consent, family) = (value("ticket"), value("consent"), value("family"));
    app.read(move |desk| {
        let ticket = match ticket {
            Some(ticket) => desk.line()?.into_iter().find(|item| item.ticket.as_str() == ticket),
            None => None,
        };
        let consent = match consent {
            Some(consent) => desk.consents()?.into_iter().find(|item| item.consent.as_str() == consent),
            None => None,
        };
        let family = match family {
            Some(family) => desk.visit(&VisitId::new(family))?,
            None => None,
        };
        Ok(Found { ticket, consent, family })
    })
    .await
}

/// Whether the form shall look for the patient at once, and by what words.
pub fn words_to_look_for(typed: &Typed) -> Option<String> {
    Some(typed.value(SEARCH.name).to_owned()).filter(|words| !words.is_empty() && typed.is_fine())
}

/// The panel, when there is anything to say.
pub async fn panel(app: &App, lang: Lang, typed: &Typed) -> Result<Origin, PageError> {
    let counters = app.read(|desk| desk.counters()).await?;
    let found = look(app, typed).await?;
    let w = OriginWords::of(lang);
    let kind = kind_here(&counters, typed);
    let (title, who, detail) = match (&found.ticket, &found.consent, &found.family) {
        (Some(item), ..) => (w.from_number, item.state.label.clone(), item.state.name.clone().unwrap_or_default()),
        (_, Some(item), _) => {
            let person = &item.state.entered.person;
            let name = person.name.clone().or_else(|| person.name_kana.clone()).unwrap_or_default();
            (w.from_consent, name, show::evidence(lang, item.state.entered.way).to_owned())
        }
        (.., Some(first)) => {
            let name = first.state.person.as_ref().and_then(|person| person.name.clone().or(person.name_kana.clone()));
            (w.from_family, name.unwrap_or_default(), w.first.to_owned())
        }
        _ => ("", String::new(), String::new()),
    };
    let in_advance = found.consent.as_ref().is_some_and(|item| item.state.entered.device == ConsentDevice::Own);
    let is_family = found.family.is_some();
    let input = |field| Input::of(field, "origin", typed, lang);
    Ok(Origin {
        w,
        carried: carried(typed),
        title,
        who,
        detail,
        kind: kind.map_or("", |kind| show::counter_kind(lang, kind)),
        place: place(kind, typed, lang),
        identity: in_advance.then(|| Choice::of(&IDENTITY, "origin", typed, lang, identities(lang)).compact()),
        companion: is_family.then(|| Choice::of(&COMPANION, "origin", typed, lang, companions(lang)).compact()),
        brought_by: is_family.then(|| input(&BROUGHT_BY)),
        prescription: has_lane(&counters, typed)
            .then(|| Choice::of(&PRESCRIPTION, "origin", typed, lang, prescriptions(lang)).compact()),
        is_family,
    })
}

/// The kind of the counter of this screen; without one, that at which patients are received so.
fn kind_here(counters: &CountersView, typed: &Typed) -> Option<CounterKind> {
    let flow = Flow::from_code(typed.value(FLOW.name)).filter(|flow| *flow != Flow::Window);
    let by_flow = || CounterKind::ALL.iter().copied().find(|kind| Some(kind.flow()) == flow);
    counters.named(typed.value(COUNTER.name)).map(|counter| counter.kind).or_else(by_flow)
}

fn place(kind: Option<CounterKind>, typed: &Typed, lang: Lang) -> Option<Input> {
    let asked = kind.and_then(CounterKind::place_asked).map(|(ja, en)| lang.pick(ja, en));
    let shown = Input::of(&PLACE, "origin", typed, lang);
    match asked {
        Some(label) => Some(Input { label, ..shown }),
        None => (!typed.value(PLACE.name).is_empty()).then_some(shown),
    }
}

/// The drive-through window of a pharmacy takes the prescription first (REQ-59).
fn has_lane(counters: &CountersView, typed: &Typed) -> bool {
    let kind = counters.named(typed.value(COUNTER.name)).map(|counter| counter.kind);
    counters.is_pharmacy && kind == Some(CounterKind::DriveThrough)
}

fn identities(lang: Lang) -> Vec<Offer> {
    IdentityChecked::ALL.iter().map(|how| Offer::new(how.code(), show::identity_checked(lang, *how))).collect()
}

fn companions(lang: Lang) -> Vec<Offer> {
    [Companion::Parent, Companion::NurseryStaff, Companion::Teacher, Companion::Helper]
        .map(|companion| Offer::new(companion.code(), show::companion(lang, companion)))
        .into()
}

fn prescriptions(lang: Lang) -> Vec<Offer> {
    vec![
        Offer::new("paper", lang.pick("紙の処方箋", "on paper")),
        Offer::new("electronic", lang.pick("電子処方箋（引換番号）", "electronic (exchange number)")),
        Offer::new("none", lang.pick("まだ見ていない", "not seen yet")),
    ]
}

/// Adds to a check-in what it keeps of where it comes from. What is missing is said at its field.
pub async fn add(app: &App, typed: &mut Typed, command: DeskCommand) -> Result<DeskCommand, PageError> {
    let DeskCommand::CheckIn(mut check_in) = command else { return Ok(command) };
    let found = look(app, typed).await?;
    let place = typed.text(&PLACE);
    if place.is_some() {
        check_in.commands.push(VisitCommand::Place(Placed { kind: None, place }));
    }
    join_family(typed, found.family.as_ref(), &mut check_in);
    if let Some(kind) = prescription(typed.value(PRESCRIPTION.name)) {
        present(kind, &mut check_in);
    }
    let identity = typed.code(&IDENTITY, IdentityChecked::from_code);
    if let Some(item) = &found.consent {
        let in_advance = item.state.entered.device == ConsentDevice::Own;
        if in_advance && identity.is_none() {
            typed.refuse(IDENTITY.name, Text::new(OriginWords::of(Lang::Ja).photo, OriginWords::of(Lang::En).photo));
        }
        present(item.state.entered.way, &mut check_in);
    }
    let ticket = found.ticket.map(|item| TicketId::new(item.ticket.as_str()));
    let consent = found.consent.map(|item| ConsentId::new(item.consent.as_str()));
    if ticket.is_some() || consent.is_some() {
        let identity = identity.filter(|_| consent.is_some());
        check_in.commands.push(VisitCommand::ComeFrom(CameFrom { ticket, consent, identity }));
    }
    Ok(DeskCommand::CheckIn(check_in))
}

fn join_family(typed: &mut Typed, first: Option<&VisitView>, check_in: &mut CheckIn) {
    let Some(first) = first else { return };
    let (companion, brought_by) = (typed.code(&COMPANION, Companion::from_code), typed.text(&BROUGHT_BY));
    if let Some(companion) = companion {
        let came = CompanionCame { companion, name: brought_by.clone() };
        check_in.commands.push(VisitCommand::NoteCompanion(came));
    }
    let family = first.state.family.clone().unwrap_or_else(|| first.visit.clone());
    check_in.commands.push(VisitCommand::JoinFamily(FamilyJoined { family, brought_by }));
}

fn prescription(code: &str) -> Option<EvidenceKind> {
    match code {
        "paper" => Some(EvidenceKind::PrescriptionPaper),
        "electronic" => Some(EvidenceKind::PrescriptionElectronic),
        _ => None,
    }
}

fn present(kind: EvidenceKind, check_in: &mut CheckIn) {
    check_in.commands.push(VisitCommand::Present(DocumentPresented { presented: Presented::bare(kind) }));
}
