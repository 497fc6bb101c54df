//! The menu: one line for each page in it; what a role may not use is not there.

use crate::app::App;
use crate::lang::Lang;
use crate::port::Role;
use crate::rights::Right;
use crate::words::FrameWords;

/// A page of the menu.
pub struct Entry {
    pub href: &'static str,
    /// as [`Frame::is_here`](super::Frame::is_here) knows it
    pub here: &'static str,
    pub label: &'static str,
    /// needed now and then: it stands behind "more"
    pub is_rare: bool,
}

/// What a reception does not open every day.
const RARE: [&str; 15] = [
    "statistics",
    "links",
    "devices",
    "sync",
    "tablets",
    "rules",
    "counters",
    "round",
    "staff",
    "trail",
    "backups",
    "updates",
    "forgetting",
    "drill",
    "doctor",
];

/// The menu of a role.
pub fn of(app: &App, lang: Lang, role: Role) -> Vec<Entry> {
    let w = FrameWords::of(lang);
    let (practice, facility) = (app.desk.practice().is_some(), app.desk.facility().is_some());
    let (prints, drill) = (app.desk.prints().is_some(), app.desk.drill().is_some());
    // where, how the page is called, what it needs, whether this box has it
    let pages = [
        ("/", "board", w.board, Right::Look, true),
        ("/check-in", "check-in", w.check_in, Right::Receive, true),
        ("/line", "line", w.line, Right::Receive, true),
        ("/arrivals", "arrivals", w.arrivals, Right::Receive, true),
        ("/follow-ups", "follow-ups", w.follow_ups, Right::Settle, true),
        ("/claims", "claims", w.claims, Right::Claims, true),
        ("/statistics", "statistics", w.statistics, Right::Look, true),
        ("/queue", "queue", w.queue, Right::Settle, true),
        ("/shelf", "shelf", w.shelf, Right::Settle, true),
        ("/apart", "apart", w.apart, Right::Receive, true),
        ("/prints", "prints", w.prints, Right::Look, prints),
        ("/links", "links", w.links, Right::Equipment, true),
        ("/devices", "devices", w.devices, Right::Equipment, true),
        ("/doctor", "doctor", w.doctor, Right::Equipment, app.desk.inside().is_some()),
        ("/sync", "sync", w.sync, Right::Equipment, facility),
        ("/tablets", "tablets", w.tablets, Right::Receive, app.desk.tablets().is_some()),
        ("/rules", "rules", w.rules, Right::Rules, true),
        ("/counters", "counters", w.counters, Right::Look, true),
        ("/round", "round", w.round, Right::Receive, true),
        ("/staff", "staff", w.staff, Right::Staff, true),
        ("/trail", "trail", w.trail, Right::Trail, true),
        ("/backups", "backups", w.backups, Right::Backups, true),
        ("/updates", "updates", w.updates, Right::Equipment, app.desk.updates().is_some()),
        ("/forgetting", "forgetting", w.forgetting, Right::Forget, true),
        ("/drill", "drill", w.drill, Right::Practice, drill),
        ("/practice", "practice", w.practice, Right::Practice, practice),
    ];
    let entries = pages.into_iter().filter(|(.., right, is_here)| *is_here && right.is_given_to(role));
    entries.map(|(href, here, label, ..)| Entry { href, here, label, is_rare: RARE.contains(&here) }).collect()
}
