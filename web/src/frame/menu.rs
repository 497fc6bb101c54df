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
}

/// The menu of a role.
pub fn of(app: &App, lang: Lang, role: Role) -> Vec<Entry> {
    let w = FrameWords::of(lang);
    let pages = [
        ("/", "board", w.board, Right::Look),
        ("/check-in", "check-in", w.check_in, Right::Receive),
        ("/follow-ups", "follow-ups", w.follow_ups, Right::Settle),
        ("/queue", "queue", w.queue, Right::Settle),
        ("/shelf", "shelf", w.shelf, Right::Settle),
        ("/links", "links", w.links, Right::Equipment),
        ("/devices", "devices", w.devices, Right::Equipment),
        ("/rules", "rules", w.rules, Right::Rules),
        ("/staff", "staff", w.staff, Right::Staff),
        ("/trail", "trail", w.trail, Right::Trail),
        ("/practice", "practice", w.practice, Right::Practice),
    ];
    let has_practice = app.desk.practice().is_some();
    let fits = |right: Right| right.is_given_to(role) && (right != Right::Practice || has_practice);
    let entries = pages.into_iter().filter(|(.., right)| fits(*right));
    entries.map(|(href, here, label, _)| Entry { href, here, label }).collect()
}
