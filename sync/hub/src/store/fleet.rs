//! What boxes said of themselves, and when they were last heard.

use super::{Sql, StoreFailure, Stored, Value};
use domain::{Date, Timestamp};
use std::collections::BTreeMap;
use sync::facility::{BoxId, FacilityId};
use sync::fleet::Heartbeat;

/// What is known of one box.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Heard {
    /// last contact of any kind
    pub seen_at: Option<Timestamp>,
    /// last heartbeat and when it came
    pub heartbeat: Option<(Timestamp, Heartbeat)>,
}

/// Notes that a box was heard.
pub fn note_contact(sql: &mut dyn Sql, facility: FacilityId, id: BoxId, now: Timestamp) -> Stored<()> {
    sql.execute(
        "INSERT INTO contact (facility, box, seen_at) VALUES ($1, $2, $3) \
         ON CONFLICT (facility, box) DO UPDATE SET seen_at = excluded.seen_at",
        &[facility.into(), id.into(), now.into()],
    )
    .map(drop)
}

/// Keeps a box's newest figures.
pub fn keep_heartbeat(
    sql: &mut dyn Sql,
    facility: FacilityId,
    id: BoxId,
    heartbeat: &Heartbeat,
    now: Timestamp,
) -> Stored<()> {
    let figures = serde_json::to_string(heartbeat).map_err(|_| StoreFailure::Damaged("a heartbeat"))?;
    sql.execute(
        "INSERT INTO heartbeat (facility, box, received_at, figures) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (facility, box) DO UPDATE SET received_at = excluded.received_at, figures = excluded.figures",
        &[facility.into(), id.into(), now.into(), Value::Text(figures)],
    )?;
    note_contact(sql, facility, id, now)
}

/// Everything that was heard.
pub fn heard(sql: &mut dyn Sql) -> Stored<BTreeMap<(FacilityId, BoxId), Heard>> {
    let mut heard: BTreeMap<(FacilityId, BoxId), Heard> = BTreeMap::new();
    let name = |row: &super::Row| -> Stored<_> {
        Ok((FacilityId::from_bytes(row.array(0)?), BoxId::from_bytes(row.array(1)?)))
    };
    for row in sql.query("SELECT facility, box, seen_at FROM contact", &[])? {
        heard.entry(name(&row)?).or_default().seen_at = Some(row.instant(2)?);
    }
    for row in sql.query("SELECT facility, box, received_at, figures FROM heartbeat", &[])? {
        // Figures of an older form are not shown; the box sends new ones soon.
        let (received_at, figures) = (row.instant(2)?, serde_json::from_str(row.text(3)?).ok());
        heard.entry(name(&row)?).or_default().heartbeat = figures.map(|figures| (received_at, figures));
    }
    Ok(heard)
}

/// Bytes moved on a day, by facility.
pub fn used_on(sql: &mut dyn Sql, day: Date) -> Stored<BTreeMap<FacilityId, u64>> {
    let rows =
        sql.query("SELECT facility, bytes FROM day_use WHERE day = $1", &[Value::Int(day.day_number().into())])?;
    rows.iter().map(|row| Ok((FacilityId::from_bytes(row.array(0)?), row.count(1)?))).collect()
}
