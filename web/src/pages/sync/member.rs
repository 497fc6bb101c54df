//! A member of the facility in words.

use crate::lang::Lang;
use crate::port::{FacilityView, FormerItem, MemberItem, PeerItem, PutOutReason, PutOutWords};
use crate::show::{self, Chip};
use crate::words::SyncWords;
use domain::Date;

/// Clocks closer than this are not worth a word.
const CLOCK_MS: i64 = 2_000;

/// A member of the list.
pub struct Member {
    pub id: String,
    pub name: String,
    pub kind: &'static str,
    pub is_own: bool,
    pub is_hub: bool,
    pub chip: Option<Chip>,
    pub address: String,
    pub heard: String,
    pub lag: String,
    pub clock: String,
    pub bytes: String,
    pub failure: String,
    pub certificate: String,
}

/// One who was put out.
pub struct Former {
    pub name: String,
    pub kind: &'static str,
    pub lines: Vec<String>,
}

impl Member {
    /// As it stands now.
    pub fn of(lang: Lang, member: &MemberItem, view: &FacilityView, today: Date) -> Member {
        let w = SyncWords::of(lang);
        let peer = member.exchange.as_ref();
        Member {
            id: member.id.clone(),
            name: member.name.clone(),
            kind: match (member.is_own, member.is_hub) {
                (true, _) => w.this_box,
                (_, true) => w.a_hub,
                _ => w.a_box,
            },
            is_own: member.is_own,
            is_hub: member.is_hub,
            chip: peer.map(|peer| chip(w, peer)),
            address: peer.and_then(|peer| peer.address.clone()).unwrap_or_default(),
            heard: match peer {
                None => String::new(),
                Some(peer) => peer.heard_at.map_or_else(|| w.never.to_owned(), |at| show::moment(lang, at, today)),
            },
            lag: peer.map(|peer| lag(lang, peer, today)).unwrap_or_default(),
            clock: peer.map(|peer| clock(w, peer.clock_ahead_ms)).unwrap_or_default(),
            bytes: peer.map(|peer| bytes(w, peer.bytes_today, view.budget_per_day)).unwrap_or_default(),
            failure: peer.and_then(|peer| peer.failure.as_ref()).map(|why| lang.of(why)).unwrap_or_default(),
            certificate: member.certificate_ends.map(|at| show::day(lang, at.date_in_japan())).unwrap_or_default(),
        }
    }
}

impl Former {
    /// Who, why, by whom and when.
    pub fn of(lang: Lang, former: &FormerItem, today: Date) -> Former {
        let w = SyncWords::of(lang);
        let line = |(why, by, at): &(PutOutWords, String, domain::Timestamp)| {
            let why = match why {
                PutOutWords::Known(known) => reason(w, *known),
                PutOutWords::Other => w.other_reason,
            };
            format!("{why} {} {} {by}", show::moment(lang, *at, today), w.by)
        };
        Former {
            name: former.name.clone(),
            kind: if former.is_hub { w.a_hub } else { w.a_box },
            lines: former.put_out.iter().map(line).collect(),
        }
    }
}

/// Why a member is put out.
pub const fn reason(w: &SyncWords, reason: PutOutReason) -> &'static str {
    match reason {
        PutOutReason::Lost => w.lost,
        PutOutReason::Replaced => w.replaced,
        PutOutReason::Copied => w.copied,
        PutOutReason::Retired => w.retired,
    }
}

fn chip(w: &SyncWords, peer: &PeerItem) -> Chip {
    match peer.connected {
        true => Chip::new("confirmed", "check", w.connected),
        false => Chip::new("changed", "plug", w.not_connected),
    }
}

fn lag(lang: Lang, peer: &PeerItem, today: Date) -> String {
    let since = peer.behind_since.map(|at| show::since(lang, at, today)).unwrap_or_default();
    format!("{} {} {since}", peer.lag, SyncWords::of(lang).records).trim().to_owned()
}

fn clock(w: &SyncWords, ahead_ms: i64) -> String {
    match (ahead_ms.abs() >= CLOCK_MS, ahead_ms > 0) {
        (false, _) => String::new(),
        (true, true) => format!("{} {}", ahead_ms / 1000, w.seconds_ahead),
        (true, false) => format!("{} {}", -ahead_ms / 1000, w.seconds_behind),
    }
}

fn bytes(w: &SyncWords, used: u64, budget: Option<u64>) -> String {
    match budget {
        Some(most) => format!("{} / {} {}", size(used), w.of_budget, size(most)),
        None => size(used),
    }
}

/// `812 B`, `12 kB`, `3.4 MB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
