//! The written form of a case, as people and other programs put it to the rules from outside. Nothing said in it is dropped
//! in silence: a field nobody knows, a contradiction and an impossible number are refused with the place where they stand.

use super::{Case, Flow, Site, SiteKind};
use crate::coverage::{Coverage, LONGEST_OVERRIDE_REASON};
use crate::date::Date;
use crate::eligibility::{OnlineAnswer, PersonFace};
use crate::link::Links;
use crate::lookup::Lookup;
use crate::number::{
    BranchNumber, Checked, InsuredNumber, InsuredSymbol, InsurerNumber, NumberError, looks_like_my_number,
};
use crate::written::{Unreadable, Value, Written};

const FIELDS: &[&str] = &[
    "visit_date",
    "at",
    "site",
    "site_kind",
    "flow",
    "person",
    "birth_date",
    "presented",
    "attempts",
    "companion",
    "links",
    "certificate_expiry",
    "card_registered",
    "card_lost",
    "online",
    "stored",
    "unchanged_said",
    "declaration",
    "staff_accepts",
    "could_not_ask",
    "lookup",
    "answer_withheld",
    "withheld_asked_by",
    "settled",
];

/// A signature's hash is no text anybody typed.
const NEVER_TYPED: &str = "content_hash";

/// Longest text anybody may put into a case; a signature's strokes are the longest.
const LONGEST_TEXT: usize = 20_000;

impl Written for Case {
    fn write(&self) -> Value {
        Value::map()
            .with("visit_date", self.visit_date.write())
            .with("at", self.at.write())
            .with("site", self.site.write())
            .with("flow", self.flow.write())
            .with("person", self.person.write())
            .with("presented", self.presented.write())
            .with("attempts", self.attempts.write())
            .with("companion", self.companion.write())
            .with("links", self.links.write())
            .with("certificate_expiry", self.certificate_expiry.write())
            .with("card_registered", self.card_registered.write())
            .with("card_lost", self.card_lost.write())
            .with("online", self.online.write())
            .with("stored", self.stored.write())
            .with("unchanged_said", self.unchanged_said.write())
            .with("declaration", self.declaration.write())
            .with("staff_accepts", self.staff_accepts.write())
            .with("could_not_ask", self.could_not_ask.write())
            .with("lookup", self.lookup.write())
            .with("answer_withheld", self.answer_withheld.write())
            .with("withheld_asked_by", self.withheld_asked_by.write())
            .with("settled", self.settled.write())
    }

    /// Reads a case as people write it: only `visit_date` must stand there. Short forms: `site_kind` for a site with a face
    /// reader and nothing more, `birth_date` beside or instead of `person`, an evidence code for something presented of which
    /// nothing was written down, a status for a link, and an answer without `confirmed_for` speaks of the day of the visit.
    fn read(value: &Value) -> Result<Self, Unreadable> {
        let Value::Map(fields) = value else {
            return Err(Unreadable::expected("an object"));
        };
        if let Some(unknown) = fields.keys().find(|key| !FIELDS.contains(&key.as_str())) {
            return Err(Unreadable::expected(format!("one of the fields {}", FIELDS.join(", "))).within(unknown));
        }
        refuse_texts(value)?;
        let mut case = read_fields(value)?;
        tidy_numbers(&mut case)?;
        refuse_unheard(value, &case.write())?;
        Ok(case)
    }
}

fn read_fields(value: &Value) -> Result<Case, Unreadable> {
    Ok(Case {
        visit_date: value.field("visit_date")?,
        at: value.field("at")?,
        site: read_site(value)?,
        flow: value.field::<Option<Flow>>("flow")?.unwrap_or(Flow::Window),
        person: read_person(value)?,
        presented: value.field("presented")?,
        attempts: value.field("attempts")?,
        companion: value.field("companion")?,
        links: value.field::<Option<Links>>("links")?.unwrap_or(Links::ALL_UP),
        certificate_expiry: value.field("certificate_expiry")?,
        card_registered: value.field("card_registered")?,
        card_lost: value.field("card_lost")?,
        online: read_online(value)?,
        stored: read_stored(value)?,
        unchanged_said: value.field("unchanged_said")?,
        declaration: value.field("declaration")?,
        staff_accepts: value.field("staff_accepts")?,
        could_not_ask: value.field("could_not_ask")?,
        lookup: read_lookup(value)?,
        answer_withheld: value.field("answer_withheld")?,
        withheld_asked_by: value.field("withheld_asked_by")?,
        settled: value.field("settled")?,
    })
}

/// A site that names no kind is of the `site_kind`, else a clinic.
fn read_site(case: &Value) -> Result<Site, Unreadable> {
    let named: Option<SiteKind> = case.field("site_kind")?;
    let kind = named.unwrap_or(SiteKind::Clinic);
    let site = match case.get("site") {
        Some(site @ Value::Map(fields)) if !fields.contains_key("kind") => {
            Site::read(&site.clone().with("kind", kind.write())).map_err(|e| e.within("site"))?
        }
        _ => case.field::<Option<Site>>("site")?.unwrap_or(Site::of(kind)),
    };
    if named.is_some_and(|named| named != site.kind) {
        return Err(Unreadable::expected("the same kind as in site.kind").within("site_kind"));
    }
    Ok(site)
}

fn read_person(case: &Value) -> Result<PersonFace, Unreadable> {
    let mut person = case.field::<Option<PersonFace>>("person")?.unwrap_or(PersonFace::EMPTY);
    let Some(born) = case.field::<Option<Date>>("birth_date")? else { return Ok(person) };
    if person.birth_date.is_some_and(|other| other != born) {
        return Err(Unreadable::expected("the same day as in person.birth_date").within("birth_date"));
    }
    person.birth_date = Some(born);
    Ok(person)
}

/// An answer that names no day speaks of the day of the visit; results may leave out the person or the insurance.
fn read_online(case: &Value) -> Result<Option<OnlineAnswer>, Unreadable> {
    let Some(answer @ Value::Map(_)) = case.get("online") else { return case.field("online") };
    OnlineAnswer::read(&filled_answer(answer, case)).map(Some).map_err(|e| e.within("online"))
}

/// The answer of a look-up is filled in the same way.
fn read_lookup(case: &Value) -> Result<Option<Lookup>, Unreadable> {
    let Some(lookup @ Value::Map(_)) = case.get("lookup") else { return case.field("lookup") };
    let lookup = match lookup.get("answer") {
        Some(answer @ Value::Map(_)) => lookup.clone().with("answer", filled_answer(answer, case)),
        _ => lookup.clone(),
    };
    Lookup::read(&lookup).map(Some).map_err(|e| e.within("lookup"))
}

fn filled_answer(answer: &Value, case: &Value) -> Value {
    let mut answer = filled(answer, "confirmed_for", case.get("visit_date"));
    if let Value::Map(fields) = &mut answer
        && let Some(Value::List(results)) = fields.get_mut("results")
    {
        for result in results.iter_mut() {
            *result = filled(&filled(result, "person", Some(&Value::map())), "coverage", Some(&Value::map()));
        }
    }
    answer
}

/// A patient of whom no insurance is on file is known all the same.
fn read_stored(case: &Value) -> Result<Option<super::StoredPatient>, Unreadable> {
    let Some(stored @ Value::Map(_)) = case.get("stored") else { return case.field("stored") };
    Written::read(&filled(stored, "coverage", Some(&Value::map()))).map(Some).map_err(|e| e.within("stored"))
}

/// The map with a field it left out.
fn filled(map: &Value, field: &str, value: Option<&Value>) -> Value {
    match (map.get(field), value) {
        (None | Some(Value::Null), Some(value)) => map.clone().with(field, value.clone()),
        _ => map.clone(),
    }
}

/// Refuses texts without measure, and the twelve-digit individual number wherever somebody put it.
fn refuse_texts(value: &Value) -> Result<(), Unreadable> {
    match value {
        Value::Text(text) if text.chars().count() > LONGEST_TEXT => {
            Err(Unreadable::expected(format!("at most {LONGEST_TEXT} characters")))
        }
        Value::Text(text) if looks_like_my_number(text) => {
            Err(Unreadable::expected("no 12-digit My Number; it is never entered, neither here nor anywhere else"))
        }
        Value::List(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| refuse_texts(item).map_err(|e| e.within(&index.to_string()))),
        Value::Map(fields) => fields
            .iter()
            .filter(|(name, _)| *name != NEVER_TYPED)
            .try_for_each(|(name, field)| refuse_texts(field).map_err(|e| e.within(name))),
        _ => Ok(()),
    }
}

/// Refuses a field below the first level that no part of a case knows: it would be lost without a word.
fn refuse_unheard(said: &Value, kept: &Value) -> Result<(), Unreadable> {
    match (said, kept) {
        (Value::Map(said), Value::Map(kept)) => said.iter().try_for_each(|(name, value)| match kept.get(name) {
            Some(kept) => refuse_unheard(value, kept).map_err(|e| e.within(name)),
            None if is_nothing(value) || matches!(name.as_str(), "site_kind" | "birth_date") => Ok(()),
            None => Err(Unreadable::expected("nothing: no field has this name here").within(name)),
        }),
        (Value::List(said), Value::List(kept)) => {
            said.iter().zip(kept).enumerate().try_for_each(|(index, (said, kept))| {
                refuse_unheard(said, kept).map_err(|e| e.within(&index.to_string()))
            })
        }
        _ => Ok(()),
    }
}

fn is_nothing(value: &Value) -> bool {
    matches!(value, Value::Null) || matches!(value, Value::List(items) if items.is_empty())
}

/// Folds width and padding out of every number, and refuses what cannot be one. A check digit that does not fit is kept: the
/// certificate may be real (claims-rules §3.4), and the decision says so.
fn tidy_numbers(case: &mut Case) -> Result<(), Unreadable> {
    for (index, presented) in case.presented.iter_mut().enumerate() {
        tidy(&mut presented.coverage)
            .map_err(|e| e.within("coverage").within(&index.to_string()).within("presented"))?;
    }
    for (index, result) in case.online.iter_mut().flat_map(|answer| &mut answer.results).enumerate() {
        let here = |e: Unreadable| e.within("coverage").within(&index.to_string()).within("results").within("online");
        tidy(&mut result.coverage).map_err(here)?;
    }
    for (index, result) in case.lookup.iter_mut().flat_map(|lookup| &mut lookup.answer.results).enumerate() {
        let here = |e: Unreadable| e.within("coverage").within(&index.to_string()).within("results");
        tidy(&mut result.coverage).map_err(|e| here(e).within("answer").within("lookup"))?;
    }
    match &mut case.stored {
        Some(stored) => tidy(&mut stored.coverage).map_err(|e| e.within("coverage").within("stored")),
        None => Ok(()),
    }
}

fn tidy(coverage: &mut Coverage) -> Result<(), Unreadable> {
    parsed(&mut coverage.insurer_number, "insurer_number", |n| InsurerNumber::parse_overridden(n.as_str()))?;
    parsed(&mut coverage.insured_symbol, "insured_symbol", |n| InsuredSymbol::parse(n.as_str()))?;
    parsed(&mut coverage.insured_number, "insured_number", |n| InsuredNumber::parse(n.as_str()))?;
    parsed(&mut coverage.branch_number, "branch_number", |n| BranchNumber::parse(n.as_str()))?;
    let reason = coverage.override_reason.as_ref().map_or(0, |reason| reason.chars().count());
    if reason > LONGEST_OVERRIDE_REASON {
        let most = format!("at most {LONGEST_OVERRIDE_REASON} characters");
        return Err(Unreadable::expected(most).within("override_reason"));
    }
    let ratios = [coverage.ratio_tenths, coverage.elderly.as_ref().and_then(|e| e.ratio_tenths)];
    if ratios.iter().flatten().any(|tenths| *tenths > 10) {
        return Err(Unreadable::expected("the patient's share in tenths, 0 to 10").within("ratio_tenths"));
    }
    Ok(())
}

fn parsed<T>(
    number: &mut Option<T>,
    field: &str,
    parse: impl Fn(&T) -> Result<Checked<T>, NumberError>,
) -> Result<(), Unreadable> {
    if let Some(written) = number {
        let checked = parse(written)
            .map_err(|problem| Unreadable::expected(format!("a possible number. {}", problem.en())).within(field))?;
        *written = checked.value;
    }
    Ok(())
}
