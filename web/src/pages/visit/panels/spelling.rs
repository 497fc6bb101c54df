//! The name as it came back beside the name as it is written: settled once, used at every later visit (REQ-36, REQ-37).

use crate::form::Input;
use crate::form::fields::CORRECTED_NAME;
use crate::pages::visit::Context;
use domain::kana::{NameMatch, has_unmappable, name_match};

/// Two spellings, and the one to go by.
pub struct Spelling {
    pub patient: String,
    pub visit: String,
    pub key: String,
    pub received: String,
    pub known: String,
    pub corrected: Input,
    /// what to use already stands in the field: one press settles it
    pub is_ready: bool,
}

/// The panel, when the answer spells the name otherwise and nobody has settled it yet.
pub fn spelling(context: &Context<'_>) -> Option<Spelling> {
    let (view, lang) = (context.view, context.lang);
    let patient = view.patient.as_ref()?;
    let answered = view.state.answer.as_ref()?.main_result()?.person.name.clone();
    let received = answered.filter(|name| !name.trim().is_empty())?;
    if patient.state.corrected.as_ref().is_some_and(|corrected| corrected.as_received == received) {
        return None;
    }
    let shown = view.state.person.as_ref().and_then(|person| person.name.as_deref());
    let known = shown.or(patient.state.display_name()).filter(|name| !has_unmappable(name)).unwrap_or_default();
    let is_variant = !known.is_empty() && name_match(&received, known) == NameMatch::Variant;
    if !has_unmappable(&received) && !is_variant {
        return None;
    }
    let typed = context.typed("spelling");
    let corrected = Input { value: known.to_owned(), ..Input::of(&CORRECTED_NAME, "spelling", &typed, lang) };
    Some(Spelling {
        patient: patient.patient.to_string(),
        visit: view.visit.to_string(),
        key: format!("{}-spelling", context.key),
        received,
        known: known.to_owned(),
        is_ready: !known.is_empty(),
        corrected,
    })
}
