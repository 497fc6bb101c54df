//! What a check-in may begin from besides the search: a card that was read, a code that was scanned.

use crate::app::App;
use crate::error::PageError;
use crate::form::fields::*;
use crate::form::{Check, PayersForm, Typed, show_payers};
use crate::lang::Lang;
use crate::pages::card::{CardRead, card_birth, forget_card};
use crate::pages::following_key;
use crate::pages::scans::ScanLine;
use crate::port::{DeskCommand, NumberQuery, PatientHit, Saved, ScannedItem};
use crate::session::SignedIn;
use crate::words::{CardWords, ScanWords};
use domain::Date;
use domain::eligibility::PersonFace;
use domain::era::kanji_form;
use domain::fact::PatientId;
use domain::text::Text;

/// The code this check-in begins from.
pub struct ScanPanel {
    pub w: &'static ScanWords,
    pub line: ScanLine,
    pub ask: Option<Check>,
    pub payers: Option<PayersForm>,
}

impl ScanPanel {
    pub fn of(lang: Lang, typed: &Typed, item: &ScannedItem, today: Date) -> ScanPanel {
        let ask = item.coverage.has_numbers().then(|| Check::of(&ASK_BY_PRINTED, "new", typed, lang));
        let rows = item.public_payers.len();
        let payers =
            || PayersForm::of("new", rows, &item.public_payers, typed, lang).awaiting_confirmation("new", typed, lang);
        let payers = (rows > 0).then(payers);
        ScanPanel { w: ScanWords::of(lang), line: ScanLine::of(lang, item, today), ask, payers }
    }
}

/// The card that was read must not go to somebody born on another day.
pub async fn refuse_other_card(app: &App, typed: &mut Typed, patient: PatientId) -> Result<(), PageError> {
    let Some(on_card) = card_birth(typed) else { return Ok(()) };
    let on_file = app.read(move |desk| desk.patient(&patient)).await?.and_then(|view| view.state.person.birth_date);
    if on_file.is_some_and(|birth| birth != on_card) {
        forget_card(typed);
        let (ja, en) = (CardWords::of(Lang::Ja), CardWords::of(Lang::En));
        typed.refuse("", Text::new(ja.other_birth, en.other_birth));
    }
    Ok(())
}

/// Asks by the numbers of the code when staff ticked it. What is said afterwards: asked, or not.
pub async fn ask_by_printed(
    app: &App,
    who: &SignedIn,
    typed: &Typed,
    saved: &Saved,
    item: Option<&ScannedItem>,
) -> &'static str {
    let wanted = item.filter(|item| typed.is_ticked(ASK_BY_PRINTED.name) && item.coverage.has_numbers());
    let (Some(item), Some(visit)) = (wanted, saved.visit.clone()) else { return "1" };
    let query = NumberQuery { coverage: item.coverage.clone() };
    match app
        .desk
        .submit(&who.session.account, following_key(typed, "q"), DeskCommand::AskByNumber { visit, query })
        .await
    {
        Ok(_) => "asked",
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "the check-in was kept, its question was not");
            "unasked"
        }
    }
}

/// Who may be meant by a card: those it was seen with before, then those of that name and birth date. `None` when it said nothing
/// to go by; with it, how many the card itself named.
pub async fn whose(app: &App, card: &CardRead) -> Result<(Option<Vec<PatientHit>>, usize), PageError> {
    let mut hits = match card.reading().cloned() {
        Some(reading) => app.read(move |desk| desk.recognised(&reading)).await?,
        None => Vec::new(),
    };
    let recognised = hits.len();
    let Some(person) = card.person() else { return Ok(((recognised > 0).then_some(hits), recognised)) };
    let others = known(app, None, person).await?;
    hits.extend(
        others.into_iter().filter(|other| hits.iter().all(|hit| hit.patient != other.patient)).collect::<Vec<_>>(),
    );
    Ok((Some(hits), recognised))
}

/// The code is not there any more.
pub fn gone() -> Text {
    Text::new(ScanWords::of(Lang::Ja).gone, ScanWords::of(Lang::En).gone)
}

/// Who may be meant, by the clinic's number, else by birth date and name, else by birth date alone: names have variants.
pub async fn known(app: &App, number: Option<&str>, person: &PersonFace) -> Result<Vec<PatientHit>, PageError> {
    let birth = person.birth_date.map(|birth| birth.to_string());
    let name = person.name_kana.as_ref().or(person.name.as_ref());
    let both = birth.as_ref().zip(name).map(|(birth, name)| format!("{birth} {name}"));
    for words in [number.map(str::to_owned), both, birth].into_iter().flatten() {
        let hits = app.read(move |desk| desk.search_patients(&words)).await?;
        if !hits.is_empty() {
            return Ok(hits);
        }
    }
    Ok(Vec::new())
}

/// Writes what a code says into the form.
pub fn fill_from(item: &ScannedItem, typed: &mut Typed) {
    let person = &item.person;
    let values = [
        ("scan", Some(item.scan.clone())),
        (NAME.name, person.name.clone()),
        (NAME_KANA.name, person.name_kana.clone()),
        (BIRTH_DATE.name, person.birth_date.map(kanji_form)),
        (SEX.name, person.sex.map(|sex| sex.code().to_owned())),
        (ADDRESS.name, person.address.clone()),
        (PATIENT_NUMBER.name, item.patient_number.clone()),
    ];
    for (name, value) in values {
        if let Some(value) = value {
            typed.set(name, value);
        }
    }
    show_payers(&item.public_payers).into_iter().for_each(|(name, value)| typed.set(name, value));
}
