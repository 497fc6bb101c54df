//! What somebody should look at, found from figures alone.

use crate::fleet::BoxView;
use crate::store::facilities::Quota;
use domain::Timestamp;
use serde::Serialize;

/// When figures become an alert.
#[derive(Clone, Copy, Debug)]
pub struct Thresholds {
    /// without contact for so long, ms
    pub silent_ms: i64,
    /// with records that are only on the box for so long, ms
    pub behind_ms: i64,
    /// oldest question without an answer, seconds
    pub queue_s: u32,
    /// clock off by so much, ms
    pub clock_ms: u64,
    /// certificate ends within so long, ms. Boxes renew 30 days before the end by themselves
    pub certificate_ms: i64,
    /// room or day's bytes used, percent
    pub quota_percent: u64,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        Thresholds {
            silent_ms: 30 * 60_000,
            behind_ms: 60 * 60_000,
            queue_s: 30 * 60,
            clock_ms: 60_000,
            certificate_ms: 14 * 24 * 3_600_000,
            quota_percent: 90,
        }
    }
}

/// Something to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Alert {
    /// A box is not heard; since when, or never.
    Silent {
        /// last contact, ms since 1970
        since_ms: Option<i64>,
    },
    /// A box has records nobody else has.
    Behind {
        /// since when, ms since 1970
        since_ms: i64,
    },
    /// Questions wait too long.
    QueueOld {
        /// age of the oldest, seconds
        oldest_s: u32,
    },
    /// Card readers do not answer.
    ReaderDead {
        /// how many
        count: u16,
    },
    /// A box's clock is off.
    ClockOff {
        /// by how much, ms, positive when ahead
        offset_ms: i64,
    },
    /// A certificate was not renewed in time.
    CertificateEnding {
        /// when it ends, ms since 1970
        ends_ms: i64,
    },
    /// The facility's room is nearly used up.
    Room {
        /// how much of it, percent
        percent: u64,
    },
    /// The facility's bytes of the day are nearly used up.
    DayBytes {
        /// how much of them, percent
        percent: u64,
    },
}

impl Alert {
    /// All kinds, as metrics name them.
    pub const KINDS: [&'static str; 8] =
        ["silent", "behind", "queue_old", "reader_dead", "clock_off", "certificate_ending", "room", "day_bytes"];

    /// Its kind, as metrics name it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Alert::Silent { .. } => "silent",
            Alert::Behind { .. } => "behind",
            Alert::QueueOld { .. } => "queue_old",
            Alert::ReaderDead { .. } => "reader_dead",
            Alert::ClockOff { .. } => "clock_off",
            Alert::CertificateEnding { .. } => "certificate_ending",
            Alert::Room { .. } => "room",
            Alert::DayBytes { .. } => "day_bytes",
        }
    }

    /// What it means and what to do, in Japanese and in English.
    pub const fn text(&self) -> (&'static str, &'static str) {
        match self {
            Alert::Silent { .. } => (
                "受付機から連絡がありません。施設に電源と回線を確認してください。",
                "The box is not heard. Ask the facility to check power and line.",
            ),
            Alert::Behind { .. } => (
                "まだ中継サーバーに届いていない記録があります。記録は受付機に保存されています。回線を確認してください。",
                "Some records are not here yet. They are safe on the box. Check the line.",
            ),
            Alert::QueueOld { .. } => (
                "資格確認の問い合わせが長く待っています。施設の資格確認端末を確認してください。",
                "Questions to the national service wait too long. Check the facility's terminal.",
            ),
            Alert::ReaderDead { .. } => (
                "応答しないカードリーダーがあります。接続と電源を確認してください。",
                "A card reader does not answer. Check its cable and power.",
            ),
            Alert::ClockOff { .. } => (
                "受付機の時計がずれています。時刻の設定を確認してください。",
                "The box's clock is off. Check its time source.",
            ),
            Alert::CertificateEnding { .. } => (
                "受付機の証明書が更新されていません。期限までに受付機を再起動し、続く場合は保守担当に連絡してください。",
                "The box has not renewed its certificate. Restart it before the end; if that does not help, call support.",
            ),
            Alert::Room { .. } => (
                "この施設の保存容量が残りわずかです。容量を追加してください。",
                "The facility's room is nearly used up. Give it more.",
            ),
            Alert::DayBytes { .. } => (
                "この施設の今日の通信量が上限に近づいています。必要なら上限を上げてください。",
                "The facility's bytes of the day are nearly used up. Raise the limit if needed.",
            ),
        }
    }
}

/// What is to be looked at in one box.
pub fn of_box(seen: &BoxView, now: Timestamp, limits: &Thresholds) -> Vec<Alert> {
    let since_ms = seen.seen_at_ms;
    let silent = since_ms.is_none_or(|at| now.as_ms() - at > limits.silent_ms);
    let mut alerts: Vec<Alert> = silent.then_some(Alert::Silent { since_ms }).into_iter().collect();
    let Some(figures) = &seen.figures else { return alerts };
    let mut look = |when: bool, alert: Alert| alerts.extend(when.then_some(alert));
    if let Some(since_ms) = figures.uploaded.behind_since_ms {
        look(now.as_ms() - since_ms > limits.behind_ms, Alert::Behind { since_ms });
    }
    let oldest_s = figures.queue.oldest_s;
    look(oldest_s > limits.queue_s, Alert::QueueOld { oldest_s });
    look(figures.readers.dead > 0, Alert::ReaderDead { count: figures.readers.dead });
    let offset_ms = seen.clock_offset_ms.unwrap_or(0);
    look(offset_ms.unsigned_abs() > limits.clock_ms, Alert::ClockOff { offset_ms });
    let ends_ms = figures.certificate_ends_ms;
    look(ends_ms - now.as_ms() < limits.certificate_ms, Alert::CertificateEnding { ends_ms });
    alerts
}

/// What is to be looked at in what a facility uses.
pub fn of_use(stored_bytes: u64, day_bytes: u64, quota: Quota, limits: &Thresholds) -> Vec<Alert> {
    let percent = |used: u64, of: u64| used.saturating_mul(100) / of.max(1);
    let (room, day) = (percent(stored_bytes, quota.stored_bytes), percent(day_bytes, quota.day_bytes));
    let room = (room >= limits.quota_percent).then_some(Alert::Room { percent: room });
    let day = (day >= limits.quota_percent).then_some(Alert::DayBytes { percent: day });
    room.into_iter().chain(day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync::fleet::{Heartbeat, Readers, Uploaded, Waiting};

    const NOW: Timestamp = Timestamp::from_ms(1_795_000_000_000);
    const HOUR: i64 = 3_600_000;

    fn healthy() -> BoxView {
        let figures = Heartbeat {
            sent_at_ms: NOW.as_ms(),
            version: [0, 1, 0],
            uptime_s: 60,
            queue: Waiting { count: 1, oldest_s: 20 },
            readers: Readers { working: 2, failing: 0, dead: 0 },
            clock_offset_ms: Some(15),
            uploaded: Uploaded { end: 5, up_to: 5, behind_since_ms: None },
            certificate_ends_ms: NOW.as_ms() + 60 * 24 * HOUR,
        };
        BoxView {
            seen_at_ms: Some(NOW.as_ms()),
            figures: Some(figures),
            clock_offset_ms: Some(15),
            ..BoxView::default()
        }
    }

    fn found(change: impl FnOnce(&mut BoxView, &mut Heartbeat)) -> Vec<&'static str> {
        let mut seen = healthy();
        if let Some(mut figures) = seen.figures {
            change(&mut seen, &mut figures);
            seen.figures = Some(figures);
        }
        of_box(&seen, NOW, &Thresholds::default()).iter().map(Alert::kind).collect()
    }

    #[test]
    fn a_healthy_box_is_left_alone_and_each_trouble_has_its_alert() {
        assert!(found(|_, _| {}).is_empty());
        assert_eq!(found(|seen, _| seen.seen_at_ms = Some(NOW.as_ms() - HOUR)), ["silent"]);
        assert_eq!(found(|seen, _| seen.seen_at_ms = None), ["silent"]);
        assert_eq!(found(|_, it| it.uploaded.behind_since_ms = Some(NOW.as_ms() - 2 * HOUR)), ["behind"]);
        assert!(found(|_, it| it.uploaded.behind_since_ms = Some(NOW.as_ms() - 1_000)).is_empty());
        assert_eq!(found(|_, it| it.queue.oldest_s = 4_000), ["queue_old"]);
        assert_eq!(found(|_, it| it.readers.dead = 1), ["reader_dead"]);
        assert_eq!(found(|seen, _| seen.clock_offset_ms = Some(-HOUR)), ["clock_off"]);
        assert_eq!(found(|_, it| it.certificate_ends_ms = NOW.as_ms() + HOUR), ["certificate_ending"]);
    }

    #[test]
    fn quotas_are_told_before_they_end() {
        let quota = Quota { stored_bytes: 100, day_bytes: 1_000, connections: 1 };
        let kinds = |stored, day| {
            of_use(stored, day, quota, &Thresholds::default()).iter().map(Alert::kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds(89, 899), Vec::<&str>::new());
        assert_eq!(kinds(90, 899), ["room"]);
        assert_eq!(kinds(10, 5_000), ["day_bytes"]);
    }
}
