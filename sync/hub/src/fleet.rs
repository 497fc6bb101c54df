//! How the boxes are, for the page, the API and the metrics.

use crate::alert::{Alert, Thresholds, of_box, of_use};
use crate::registry::Registry;
use crate::store::facilities::FacilityRow;
use crate::store::fleet::{Heard, heard, used_on};
use crate::store::{Stored, facilities};
use domain::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use sync::facility::{BoxId, FacilityId, Role};
use sync::fleet::Heartbeat;

/// One box.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BoxView {
    /// its id, as hex
    pub id: String,
    /// what its people call it
    pub name: String,
    /// last contact, ms since 1970
    pub seen_at_ms: Option<i64>,
    /// what it said last
    pub figures: Option<Heartbeat>,
    /// its clock against its time source, or against the hub's when it has none, ms
    pub clock_offset_ms: Option<i64>,
    /// what to look at
    pub alerts: Vec<Alert>,
}

/// One facility.
#[derive(Clone, Debug, Serialize)]
pub struct FacilityView {
    /// its id, as hex
    pub id: String,
    /// bytes of its records
    pub stored_bytes: u64,
    /// how many they may be
    pub quota_stored_bytes: u64,
    /// bytes it moved today
    pub day_bytes: u64,
    /// how many they may be
    pub quota_day_bytes: u64,
    /// connections to this process now
    pub connections: u64,
    /// how many they may be, in each process
    pub quota_connections: u64,
    /// records refused by this process since it started
    pub refused_records: u64,
    /// its boxes
    pub boxes: Vec<BoxView>,
    /// what to look at, besides its boxes
    pub alerts: Vec<Alert>,
}

/// Looks at everything. Blocks.
///
/// # Errors
/// The store's.
pub fn look(registry: &Registry, limits: &Thresholds) -> Stored<Vec<FacilityView>> {
    let now = registry.clock();
    let (rows, heard, used) = registry
        .store()
        .read_still(|sql| Ok((facilities::all(sql)?, heard(sql)?, used_on(sql, now.date_in_japan())?)))?;
    let view = |row: &FacilityRow| {
        let day_bytes = used.get(&row.id).copied().unwrap_or(0);
        facility(registry, row, &heard, day_bytes, now, limits)
    };
    Ok(rows.iter().map(view).collect())
}

fn facility(
    registry: &Registry,
    row: &FacilityRow,
    heard: &BTreeMap<(FacilityId, BoxId), Heard>,
    day_bytes: u64,
    now: Timestamp,
    limits: &Thresholds,
) -> FacilityView {
    let known = registry.facility(row.id);
    let membership = known.as_ref().and_then(|facility| facility.membership());
    let members = membership.iter().flat_map(|membership| membership.members());
    let boxes = members.filter(|(_, member)| member.introduction.role() == Role::Box).map(|(id, member)| {
        let heard = heard.get(&(row.id, id)).copied().unwrap_or_default();
        one_box(id, &member.name, heard, now, limits)
    });
    FacilityView {
        id: row.id.to_string(),
        stored_bytes: row.stored_bytes,
        quota_stored_bytes: row.quota.stored_bytes,
        day_bytes,
        quota_day_bytes: row.quota.day_bytes,
        connections: known.as_ref().map_or(0, |facility| facility.meter().connections()),
        quota_connections: row.quota.connections,
        refused_records: known.as_ref().map_or(0, |facility| facility.refused()),
        boxes: boxes.collect(),
        alerts: of_use(row.stored_bytes, day_bytes, row.quota, limits),
    }
}

fn one_box(id: BoxId, name: &str, heard: Heard, now: Timestamp, limits: &Thresholds) -> BoxView {
    let figures = heard.heartbeat.map(|(_, figures)| figures);
    let against_us = heard.heartbeat.map(|(received_at, figures)| figures.sent_at_ms - received_at.as_ms());
    let mut view = BoxView {
        id: id.to_string(),
        name: name.to_owned(),
        seen_at_ms: heard.seen_at.map(Timestamp::as_ms),
        figures,
        clock_offset_ms: figures.and_then(|figures| figures.clock_offset_ms).or(against_us),
        alerts: Vec::new(),
    };
    view.alerts = of_box(&view, now, limits);
    view
}
