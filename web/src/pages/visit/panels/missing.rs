//! What the paper did not say, and whether the claim goes without it (REQ-49).

use crate::pages::visit::Context;
use domain::age::elderly_from;
use domain::document::missing;

/// One field: its name, whether the claim goes without it, what to do.
pub type MissingLine = (String, bool, String);

/// The fields that the latest paper lacks, as long as the visit goes by papers.
pub fn missing_fields(context: &Context<'_>) -> Vec<MissingLine> {
    let (state, lang) = (&context.view.state, context.lang);
    let by_answer = state.answer.as_ref().is_some_and(|answer| answer.is_valid_on(context.day));
    let Some(paper) = state.presented.iter().rfind(|paper| paper.kind.is_document()).filter(|_| !by_answer) else {
        return Vec::new();
    };
    let birth = state.person.as_ref().and_then(|person| person.birth_date);
    let elderly = birth.is_some_and(|birth| context.day >= elderly_from(birth));
    let line = |one: domain::document::Missing| (lang.of(&one.field), one.claim_goes, lang.of(&one.what_to_do));
    missing(&paper.coverage, elderly).into_iter().map(line).collect()
}
