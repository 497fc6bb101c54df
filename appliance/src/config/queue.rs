//! `[links]` and `[queue]`: how the outside is watched, and how questions wait for it.

use crate::lookout::LookoutSettings;
use anyhow::bail;
use serde::Deserialize;
use std::net::SocketAddr;
use std::time::Duration;
use sync::outbox::bundle::Bundling;
use sync::outbox::{Pace, Patience};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinksFile {
    pub(super) line_probe: Option<SocketAddr>,
    pub(super) probe_every_s: Option<u64>,
    pub(super) deaf_after_s: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QueueFile {
    pub(super) in_flight: Option<usize>,
    pub(super) spacing_ms: Option<i64>,
    pub(super) answer_within_s: Option<i64>,
    pub(super) bulk_from: Option<usize>,
    pub(super) bulk_most: Option<usize>,
}

pub(super) fn lookout(file: &LinksFile) -> LookoutSettings {
    let usual = LookoutSettings::default();
    LookoutSettings {
        deaf_after_ms: file.deaf_after_s.map_or(usual.deaf_after_ms, |s| s.saturating_mul(1000)),
        probe_every: file.probe_every_s.map_or(usual.probe_every, Duration::from_secs),
        probe_limit: usual.probe_limit,
    }
}

pub(super) fn patience(file: &QueueFile) -> anyhow::Result<Patience> {
    let usual = Patience::default();
    let silent_after_ms = file.answer_within_s.map_or(usual.silent_after_ms, |s| s.saturating_mul(1_000));
    if !(5_000..=usual.overdue_after_ms).contains(&silent_after_ms) {
        bail!("queue.answer_within_s: 5 to {} seconds", usual.overdue_after_ms / 1_000);
    }
    Ok(Patience { silent_after_ms, ..usual })
}

pub(super) fn pace(file: &QueueFile) -> anyhow::Result<Pace> {
    let usual = Pace::default();
    let pace = Pace {
        in_flight: file.in_flight.unwrap_or(usual.in_flight),
        spacing_ms: file.spacing_ms.unwrap_or(usual.spacing_ms),
        bundling: Bundling {
            from: file.bulk_from.unwrap_or(usual.bundling.from),
            most: file.bulk_most.unwrap_or(usual.bundling.most),
        },
    };
    if !(1..=64).contains(&pace.in_flight) {
        bail!("queue.in_flight: 1 to 64 questions at a time");
    }
    if !(0..=60_000).contains(&pace.spacing_ms) {
        bail!("queue.spacing_ms: 0 to 60000 milliseconds");
    }
    if pace.bundling.from > 0 && !(pace.bundling.from..=MOST_IN_BULK).contains(&pace.bundling.most) {
        bail!("queue.bulk_most: from bulk_from to {MOST_IN_BULK} persons in a bulk request");
    }
    Ok(pace)
}

/// Persons of one bulk request fit far below the size at which files are refused. The service's own limit is not public.
const MOST_IN_BULK: usize = 1_000;
