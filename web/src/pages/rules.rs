//! The dated rules with their periods and sources.

use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::session::SignedIn;
use crate::show::{self, Chip};
use crate::words::RuleWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::Date;
use domain::rule::Rule;

#[derive(Template)]
#[template(path = "rules.html")]
struct RulesPage {
    page: Frame,
    w: &'static RuleWords,
    version: String,
    rules: Vec<Line>,
}

struct Line {
    code: &'static str,
    words: &'static str,
    from: String,
    to: String,
    day_unknown: bool,
    source: &'static str,
    chip: Chip,
}

/// `GET /rules`
pub async fn rules(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    let (lang, w) = (who.lang, RuleWords::of(who.lang));
    let pack = &app.settings.rules;
    let frame = Frame::of(&app, &who, "rules", w.title);
    let today = frame.today;
    let day = |date: Option<Date>, none: &str| date.map_or_else(|| none.to_owned(), |date| show::day(lang, date));
    let line = |rule: &Rule| Line {
        code: rule.id.code(),
        words: lang.pick(rule.ja, rule.en),
        from: day(rule.from, w.open_start),
        to: day(rule.to, w.open_end),
        day_unknown: rule.day_unknown,
        source: rule.source,
        chip: chip(w, rule, today),
    };
    page(&RulesPage {
        version: pack.version().to_owned(),
        rules: pack.rules().iter().map(line).collect(),
        page: frame,
        w,
    })
}

fn chip(w: &'static RuleWords, rule: &Rule, today: Date) -> Chip {
    if rule.to.is_some_and(|to| to < today) {
        Chip::new("quiet", "cross", w.over)
    } else if rule.from.is_some_and(|from| from > today) {
        Chip::new("open", "clock", w.not_yet)
    } else {
        Chip::new("confirmed", "check", w.in_force)
    }
}
