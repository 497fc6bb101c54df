//! The clock: possible, not behind what the box has already seen, and kept right by the system.

use super::Patient;
use super::say::{Part, Said, moment};
use crate::schedule::is_impossible;
use domain::Timestamp;
use std::path::Path;
use std::time::UNIX_EPOCH;
use web::port::Desk;

const CLOCK: Part = Part::new("clock", "時計", "Clock");

/// Less than this is no fall.
const FALL_MS: i64 = 120_000;
/// Further apart than this, two boxes disagree about the day before long.
const APART_MS: i64 = 60_000;

pub(super) fn clock(patient: &Patient<'_>) -> Said {
    let (now, shown) = (patient.now, moment(patient.now));
    if is_impossible(now) {
        return CLOCK
            .bad(format!("ありえない日時です（{shown}）。"), format!("It shows an impossible time ({shown})."))
            .because("時計の電池が切れています。", "The battery of the clock is empty.")
            .cure(
                "時計を合わせ、電池を交換してください。受付はできますが、受診日を必ず確かめてください。",
                "Set the clock and replace the battery. Check-in goes on: check every visit's date.",
            );
    }
    if let Some(floor) = floor(patient).filter(|floor| floor.since_ms(now) > FALL_MS) {
        return CLOCK
            .bad(
                format!("{shown}：この箱が最後に書いた時刻（{}）より前です。", moment(floor)),
                format!("{shown}: before this box last wrote ({}).", moment(floor)),
            )
            .because("時計が戻されたか、電池が切れています。", "The clock was set back, or its battery is empty.")
            .cure(
                "時計を合わせ、この間の受付の受診日を確かめてください。",
                "Set the clock, and check the dates of the visits since.",
            );
    }
    if let Some((name, ahead_ms)) = apart(patient) {
        let minutes = ahead_ms.abs() / 60_000;
        return CLOCK
            .look(
                format!("{shown}：{name} と{minutes}分ほど違います。"),
                format!("{shown}: about {minutes} min apart from {name}."),
            )
            .because("どちらかの時計がずれています。", "One of the two clocks is wrong.")
            .cure(
                "両方の時計を電波時計などと比べて合わせてください。",
                "Compare both with a clock you trust and set them.",
            );
    }
    match (
        patient.system("/run/systemd/timesync/synchronized").exists(),
        patient.system("/run/systemd/system").exists(),
    ) {
        (true, _) => CLOCK
            .good(format!("{shown}。時刻サーバーと合っています。"), format!("{shown}, in step with a time server.")),
        (false, true) => CLOCK
            .look(
                format!("{shown}。時刻サーバーとまだ合っていません。"),
                format!("{shown}, not in step with a time server."),
            )
            .because("回線がないか、時刻の同期が止まっています。", "There is no line, or synchronisation does not run.")
            .cure(
                "回線を確かめてください。回線がない間は、受付の前に時刻を目で確かめれば足ります。",
                "Check the line. While there is none, compare the time by eye before opening.",
            ),
        (false, false) => CLOCK.aside(
            format!("{shown}。この機器の時刻の同期は調べられません。"),
            format!("{shown}. How this machine keeps its time cannot be looked at."),
        ),
    }
}

/// The latest moment this box has certainly seen.
fn floor(patient: &Patient<'_>) -> Option<Timestamp> {
    let data = ["record.db", "record.db-wal"].map(|name| patient.data.join(name));
    let system = patient.system("/var/lib/systemd/timesync/clock");
    data.iter().chain([&system]).filter_map(|path| changed(path)).max()
}

fn changed(path: &Path) -> Option<Timestamp> {
    let since = std::fs::metadata(path).ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(Timestamp::from_ms)
}

/// The member whose clock is furthest from ours.
fn apart(patient: &Patient<'_>) -> Option<(String, i64)> {
    let view = patient.desk?.facility()?.view();
    let reached = view.others().filter_map(|member| Some((member, member.exchange.as_ref()?)));
    let reached = reached.filter(|(_, peer)| peer.heard_at.is_some());
    let furthest = reached.max_by_key(|(_, peer)| peer.clock_ahead_ms.abs())?;
    let (member, peer) = furthest;
    (peer.clock_ahead_ms.abs() > APART_MS).then(|| (member.name.clone(), peer.clock_ahead_ms))
}
