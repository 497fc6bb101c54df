//! What remains to be done, and what was done.

use crate::form::Input;
use crate::form::fields::NOTE;
use crate::pages::visit::{Context, Head};
use crate::show;

/// One thing to be done for this visit.
pub struct FollowUpLine {
    pub kind: &'static str,
    pub title: &'static str,
    pub due: String,
    pub is_due: bool,
    pub reason: String,
    pub head: Head,
    pub note: Input,
}

pub fn follow_ups(context: &Context<'_>) -> Vec<FollowUpLine> {
    let today = context.app.desk.today();
    let line = |follow_up: &domain::decision::FollowUp| {
        let kind = follow_up.kind.code();
        let typed = context.typed("follow-up");
        let same = typed.value("kind") == kind;
        let note = Input::of(&NOTE, kind, &if same { typed } else { Default::default() }, context.lang);
        FollowUpLine {
            kind,
            title: show::follow_up(context.lang, follow_up.kind),
            due: show::day(context.lang, follow_up.due),
            is_due: follow_up.due <= today,
            reason: context.words(&follow_up.reason),
            head: context.head("follow-up", kind),
            note,
        }
    };
    context.view.follow_ups.iter().map(line).collect()
}

/// One line of the history.
pub struct HistoryLine {
    pub at: String,
    pub by_box: bool,
    pub by: String,
    pub words: String,
}

pub fn history(context: &Context<'_>) -> Vec<HistoryLine> {
    let today = context.app.desk.today();
    let the_box = domain::fact::Author::the_box();
    let line = |recorded: &domain::fact::Recorded<domain::visit::VisitFact>| HistoryLine {
        at: show::moment(context.lang, recorded.at, today),
        by_box: recorded.by == the_box,
        by: context.view.names.get(recorded.by.as_str()).cloned().unwrap_or_else(|| recorded.by.to_string()),
        words: show::fact(context.lang, &recorded.fact),
    };
    context.view.history.iter().rev().map(line).collect()
}
