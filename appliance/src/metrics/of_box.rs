//! Figures of the reception: what waits, what is reached, what was received today, how old the backups are.

use super::of_machine;
use super::text::{Exposition, Kind};
use crate::desk::RunningDesk;
use crate::serve::certificate_ends;
use domain::Timestamp;
use domain::link::{Link, LinkStatus};
use domain::visit::VisitStatus;
use std::path::PathBuf;
use sync::outbox::Stage;
use web::port::{BackupsView, Desk, DeviceItem, DeviceLamp, FacilityView};

/// Whose figures are read.
pub struct Watched {
    /// the desk, with everything that hangs on it
    pub desk: RunningDesk,
    /// the data folder
    pub data: PathBuf,
    /// when this process began to serve
    pub since: Timestamp,
}

/// All figures of this moment. What cannot be read is left out, and counted.
pub fn collect(watched: &Watched) -> String {
    let mut page = Exposition::default();
    let desk = &watched.desk;
    build(&mut page, watched);
    desk.figures().write(&mut page);
    let unread =
        [visits(&mut page, desk).is_none(), queue(&mut page, desk).is_none(), follow_ups(&mut page, desk).is_none()];
    links(&mut page, desk);
    devices(&mut page, &desk.devices().map(|devices| devices.view().devices).unwrap_or_default());
    if let Some(facility) = desk.facility() {
        members(&mut page, &facility.view(), desk.clock().now());
    }
    if let Some(backups) = desk.backups() {
        backed_up(&mut page, &backups.view());
    }
    if let Some(ends) = certificate_ends(&watched.data) {
        page.family(
            "uketsuke_certificate_end_timestamp_seconds",
            Kind::Gauge,
            "End of the certificate the pages are served with",
        )
        .figure(&[], seconds(ends));
    }
    page.family(
        "uketsuke_clock_impossible",
        Kind::Gauge,
        "1 when the clock shows a time before this program was written",
    )
    .whole(&[], u64::from(desk.link_report().clock_impossible));
    of_machine::write(&mut page, &watched.data);
    page.family(
        "uketsuke_unread_figures",
        Kind::Gauge,
        "Groups of figures that could not be read from the record this time",
    )
    .whole(&[], unread.into_iter().filter(|unread| *unread).count() as u64);
    page.into_text()
}

fn build(page: &mut Exposition, watched: &Watched) {
    let schema = crate::store::newest_migration().to_string();
    let rules = watched.desk.settings().rules.version().to_owned();
    page.family("uketsuke_build_info", Kind::Gauge, "Version of the program, of its record and of its dated rules")
        .whole(&[("version", env!("CARGO_PKG_VERSION")), ("schema", &schema), ("rules", &rules)], 1);
    page.family("process_start_time_seconds", Kind::Gauge, "When this program began to serve, since 1970")
        .figure(&[], seconds(watched.since));
}

fn visits(page: &mut Exposition, desk: &RunningDesk) -> Option<()> {
    let board = desk.shared_board(desk.today()).ok()?;
    page.family("uketsuke_check_ins_today", Kind::Gauge, "Visits received today, by where they stand");
    for status in VisitStatus::ALL {
        let count = board.rows.iter().filter(|row| row.status == *status).count();
        page.whole(&[("outcome", status.code())], count as u64);
    }
    Some(())
}

fn queue(page: &mut Exposition, desk: &RunningDesk) -> Option<()> {
    let open = desk.readers().read(|reading| reading.open_jobs()).ok()?;
    let now = desk.clock().now();
    let kind = |stage: &Stage| match stage {
        Stage::Elsewhere => "elsewhere",
        Stage::Wedged => "needs_person",
        Stage::Asked => "asked",
        _ => "waiting",
    };
    page.family(
        "uketsuke_queue_jobs",
        Kind::Gauge,
        "Questions to the outside that have no answer yet, by how they stand",
    );
    for of in ["waiting", "asked", "needs_person", "elsewhere"] {
        let count = open.iter().filter(|row| kind(&row.job.stage) == of).count();
        page.whole(&[("state", of)], count as u64);
    }
    let own = open.iter().filter(|row| kind(&row.job.stage) != "elsewhere");
    let oldest = own.map(|row| row.job.created_at).min();
    page.family(
        "uketsuke_queue_oldest_age_seconds",
        Kind::Gauge,
        "Age of the oldest question this box is to ask; 0 without any",
    )
    .figure(&[], oldest.map_or(0.0, |oldest| age(oldest, now)));
    Some(())
}

fn follow_ups(page: &mut Exposition, desk: &RunningDesk) -> Option<()> {
    let open = desk.follow_ups().ok()?.len();
    page.family("uketsuke_follow_ups_open", Kind::Gauge, "Follow-ups somebody has yet to settle")
        .whole(&[], open as u64);
    Some(())
}

fn links(page: &mut Exposition, desk: &RunningDesk) {
    let (report, now) = (desk.link_report(), desk.clock().now());
    page.family(
        "uketsuke_link_state",
        Kind::Gauge,
        "Links to the national service: 1 works, 0 is down, -1 nothing heard yet",
    );
    for link in Link::ALL {
        let state = match report.links.get(*link).status {
            LinkStatus::Up => 1.0,
            LinkStatus::Down => 0.0,
            LinkStatus::Unknown => -1.0,
        };
        page.figure(&[("link", link.code())], state);
    }
    page.family("uketsuke_link_down_seconds", Kind::Gauge, "For how long a link has been down; 0 when it is not");
    for link in Link::ALL {
        let state = report.links.get(*link);
        let since = state.since.filter(|_| state.is_down());
        page.figure(&[("link", link.code())], since.map_or(0.0, |since| age(since, now)));
    }
    let (unpicked, oldest_ms) = report.unpicked;
    page.family("uketsuke_terminal_unpicked_requests", Kind::Gauge, "Requests the terminal has not fetched")
        .whole(&[], unpicked.into());
    page.family(
        "uketsuke_terminal_unpicked_age_seconds",
        Kind::Gauge,
        "Age of the oldest request the terminal has not fetched",
    )
    .figure(&[], if unpicked == 0 { 0.0 } else { oldest_ms as f64 / 1e3 });
}

/// By kind and state only: a name was given by people, and may say anything.
fn devices(page: &mut Exposition, devices: &[DeviceItem]) {
    const STATES: [(&str, DeviceLamp); 4] = [
        ("working", DeviceLamp::Good),
        ("healing", DeviceLamp::Working),
        ("unknown", DeviceLamp::Unknown),
        ("faulted", DeviceLamp::Bad),
    ];
    page.family("uketsuke_devices", Kind::Gauge, "Devices the box watches, by what they do and how they stand");
    let kind = |item: &DeviceItem| match item {
        DeviceItem { reads_cards: true, .. } => "card_reader",
        DeviceItem { scans_codes: true, .. } => "scanner",
        _ => "other",
    };
    for of in ["card_reader", "scanner", "other"] {
        for (state, lamp) in STATES {
            let count = devices.iter().filter(|item| kind(item) == of && item.lamp == lamp).count();
            page.whole(&[("kind", of), ("state", state)], count as u64);
        }
    }
}

fn members(page: &mut Exposition, view: &FacilityView, now: Timestamp) {
    let exchanges = || {
        let others = view.others();
        others.filter_map(|member| {
            let role = if member.is_hub { "hub" } else { "box" };
            Some((member.id.as_str(), role, member.exchange.as_ref()?))
        })
    };
    page.family("uketsuke_peer_connected", Kind::Gauge, "1 while another box or the hub is reached");
    for (id, role, peer) in exchanges() {
        page.whole(&[("peer", id), ("role", role)], u64::from(peer.connected));
    }
    page.family("uketsuke_feed_lag_records", Kind::Gauge, "Records of this box that another is not known to have");
    for (id, role, peer) in exchanges() {
        page.whole(&[("peer", id), ("role", role)], peer.lag);
    }
    page.family(
        "uketsuke_feed_behind_seconds",
        Kind::Gauge,
        "For how long another has not had everything; 0 when it has",
    );
    for (id, role, peer) in exchanges() {
        page.figure(&[("peer", id), ("role", role)], peer.behind_since.map_or(0.0, |since| age(since, now)));
    }
    page.family("uketsuke_peer_clock_ahead_seconds", Kind::Gauge, "How far the clock of another is ahead of this one");
    for (id, role, peer) in exchanges() {
        page.figure(&[("peer", id), ("role", role)], peer.clock_ahead_ms as f64 / 1e3);
    }
}

fn backed_up(page: &mut Exposition, view: &BackupsView) {
    if let Some(newest) = view.kept.first() {
        page.family(
            "uketsuke_backup_last_timestamp_seconds",
            Kind::Gauge,
            "When the newest backup that is there was made",
        )
        .figure(&[], seconds(newest.made_at));
        page.family("uketsuke_backup_last_size_bytes", Kind::Gauge, "Size of the newest backup")
            .whole(&[], newest.bytes);
    }
    page.family("uketsuke_backup_generations", Kind::Gauge, "Backups that are there")
        .whole(&[], view.kept.len() as u64);
    page.family("uketsuke_backup_failing", Kind::Gauge, "1 when the last attempt at a backup failed")
        .whole(&[], u64::from(view.failure.is_some()));
    page.family(
        "uketsuke_backup_has_key",
        Kind::Gauge,
        "1 when there is a recovery key; without one no backup is made",
    )
    .whole(&[], u64::from(view.key_name.is_some()));
}

fn age(since: Timestamp, now: Timestamp) -> f64 {
    now.since_ms(since).max(0) as f64 / 1e3
}

fn seconds(at: Timestamp) -> f64 {
    at.as_ms() as f64 / 1e3
}
