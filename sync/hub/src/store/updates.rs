//! Updates of the program: what was published, for whom, and how it went.

use super::{Row, Sql, StoreFailure, Stored, Value};
use domain::Timestamp;
use serde::Serialize;
use sync::facility::{BoxId, FacilityId};
use sync::update::{Arch, Asking, BundleHash, Ended, Outcome, Slot, Version};

/// Why a bundle is not offered any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// it goes on
    No,
    /// somebody stopped it
    ByHand,
    /// too many boxes returned from it
    ByReturns,
}

/// A bundle that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleRow {
    /// over its file; the name it lies under
    pub hash: BundleHash,
    /// the version in it
    pub version: Version,
    /// for which processor
    pub arch: Arch,
    /// the newest migration of a box's record that it knows
    pub schema: u16,
    /// its length
    pub bytes: u64,
    /// for whom
    pub channel: String,
    /// when it came
    pub published_at: Timestamp,
    /// boxes of lower rings get it, and a share of this one
    pub ring: u8,
    /// percent of the boxes in its ring
    pub share: u8,
    /// boxes that return from it until it stops by itself
    pub stop_after: u32,
    /// whether it is offered
    pub stopped: Stopped,
}

/// What is wanted for a facility, or for one of its boxes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wish {
    /// which bundles
    pub channel: String,
    /// how early: 0 first
    pub ring: u8,
    /// nothing is offered
    pub hold: bool,
    /// only this version is offered
    #[serde(skip)]
    pub pin: Option<Version>,
}

impl Default for Wish {
    /// With most of the others.
    fn default() -> Wish {
        Wish { channel: "stable".to_owned(), ring: 2, hold: false, pin: None }
    }
}

/// What a box said when it asked last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoxVersion {
    /// its facility
    pub facility: FacilityId,
    /// the box
    pub id: BoxId,
    /// when
    pub asked_at: Timestamp,
    /// what runs
    pub running: Version,
    /// from which half of the disk
    pub slot: Option<Slot>,
    /// it has proven itself
    pub is_proven: bool,
}

/// Publishes a bundle; one that is there already keeps its place.
pub fn publish(sql: &mut dyn Sql, row: &BundleRow) -> Stored<bool> {
    let values = [
        Value::from(&row.hash.0),
        Value::Text(row.version.to_string()),
        row.arch.code().into(),
        u64::from(row.schema).into(),
        row.bytes.into(),
        row.channel.as_str().into(),
        row.published_at.into(),
        u64::from(row.ring).into(),
        u64::from(row.share).into(),
        u64::from(row.stop_after).into(),
    ];
    let new = sql.execute(
        "INSERT INTO bundle (hash, version, arch, record_schema, size, channel, published_at, ring, share, stop_after, stopped) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0) ON CONFLICT (hash) DO NOTHING",
        &values,
    )?;
    Ok(new > 0)
}

/// Changes who gets a bundle. True when there is one.
pub fn roll_out(sql: &mut dyn Sql, hash: BundleHash, ring: u8, share: u8, stopped: Stopped) -> Stored<bool> {
    let stopped = match stopped {
        Stopped::No => 0_u64,
        Stopped::ByHand => 1,
        Stopped::ByReturns => 2,
    };
    let values = [Value::from(&hash.0), u64::from(ring).into(), u64::from(share).into(), stopped.into()];
    let changed = sql.execute("UPDATE bundle SET ring = $2, share = $3, stopped = $4 WHERE hash = $1", &values)?;
    Ok(changed > 0)
}

/// Everything that was published, the newest first.
pub fn bundles(sql: &mut dyn Sql) -> Stored<Vec<BundleRow>> {
    let rows = sql.query(
        "SELECT hash, version, arch, record_schema, size, channel, published_at, ring, share, stop_after, stopped \
         FROM bundle ORDER BY published_at DESC, hash",
        &[],
    )?;
    rows.iter().map(bundle).collect()
}

fn bundle(row: &Row) -> Stored<BundleRow> {
    Ok(BundleRow {
        hash: BundleHash(row.array(0)?),
        version: version(row.text(1)?)?,
        arch: Arch::from_code(row.text(2)?).ok_or(StoreFailure::Damaged("a processor"))?,
        schema: u16::try_from(row.count(3)?).unwrap_or(u16::MAX),
        bytes: row.count(4)?,
        channel: row.text(5)?.to_owned(),
        published_at: row.instant(6)?,
        ring: u8::try_from(row.count(7)?).unwrap_or(u8::MAX),
        share: u8::try_from(row.count(8)?).unwrap_or(100),
        stop_after: u32::try_from(row.count(9)?).unwrap_or(u32::MAX),
        stopped: match row.int(10)? {
            0 => Stopped::No,
            1 => Stopped::ByHand,
            _ => Stopped::ByReturns,
        },
    })
}

fn version(text: &str) -> Stored<Version> {
    Version::parse(text).ok_or(StoreFailure::Damaged("a version"))
}

/// What is wanted for a facility as a whole, or for one box.
pub fn want(sql: &mut dyn Sql, facility: FacilityId, of_box: Option<BoxId>, wish: &Wish) -> Stored<()> {
    let of_box = of_box.map_or(Value::Bytes(Vec::new()), Value::from);
    let pin = wish.pin.map_or_else(String::new, |pin| pin.to_string());
    let values = [
        facility.into(),
        of_box,
        wish.channel.as_str().into(),
        u64::from(wish.ring).into(),
        u64::from(wish.hold).into(),
        Value::Text(pin),
    ];
    sql.execute(
        "INSERT INTO update_wish (facility, box, channel, ring, hold, pin) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (facility, box) DO UPDATE SET channel = excluded.channel, ring = excluded.ring, \
         hold = excluded.hold, pin = excluded.pin",
        &values,
    )
    .map(drop)
}

/// What counts for a box: its own wish, else its facility's, else the usual.
pub fn wish_for(sql: &mut dyn Sql, facility: FacilityId, of_box: Option<BoxId>) -> Stored<Wish> {
    let places = [of_box.map(Value::from), Some(Value::Bytes(Vec::new()))];
    for place in places.into_iter().flatten() {
        let found = sql.query(
            "SELECT channel, ring, hold, pin FROM update_wish WHERE facility = $1 AND box = $2",
            &[facility.into(), place],
        )?;
        if let Some(row) = found.first() {
            return Ok(Wish {
                channel: row.text(0)?.to_owned(),
                ring: u8::try_from(row.count(1)?).unwrap_or(u8::MAX),
                hold: row.count(2)? > 0,
                pin: Version::parse(row.text(3)?),
            });
        }
    }
    Ok(Wish::default())
}

/// Notes what a box said, and stops a bundle that too many boxes returned from.
pub fn heard(sql: &mut dyn Sql, facility: FacilityId, id: BoxId, asking: &Asking, now: Timestamp) -> Stored<()> {
    let slot = match asking.slot {
        Some(Slot::A) => "A",
        Some(Slot::B) => "B",
        None => "",
    };
    let values = [
        facility.into(),
        id.into(),
        now.into(),
        Value::Text(asking.running.to_string()),
        slot.into(),
        u64::from(asking.is_proven).into(),
    ];
    sql.execute(
        "INSERT INTO box_version (facility, box, asked_at, running, slot, proven) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (facility, box) DO UPDATE SET asked_at = excluded.asked_at, running = excluded.running, \
         slot = excluded.slot, proven = excluded.proven",
        &values,
    )?;
    asking.last.map_or(Ok(()), |last| ended(sql, facility, id, last))
}

fn ended(sql: &mut dyn Sql, facility: FacilityId, id: BoxId, last: Ended) -> Stored<()> {
    let version = last.version.to_string();
    let values = [
        facility.into(),
        id.into(),
        version.as_str().into(),
        last.outcome.code().into(),
        Timestamp::from_ms(last.at_ms).into(),
    ];
    // a box says it again whenever it asks; only what is new may stop an update that somebody let go on
    let news = sql.execute(
        "INSERT INTO update_end (facility, box, version, outcome, ended_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (facility, box, version) DO UPDATE SET outcome = excluded.outcome, ended_at = excluded.ended_at \
         WHERE update_end.ended_at <> excluded.ended_at",
        &values,
    )?;
    if news == 0 || last.outcome != Outcome::Returned {
        return Ok(());
    }
    let returned = count(sql, last.version, Outcome::Returned)?;
    sql.execute(
        "UPDATE bundle SET stopped = 2 WHERE version = $1 AND stopped = 0 AND stop_after <= $2",
        &[version.as_str().into(), returned.into()],
    )
    .map(drop)
}

/// On how many boxes a version ended like this.
pub fn count(sql: &mut dyn Sql, version: Version, outcome: Outcome) -> Stored<u64> {
    let rows = sql.query(
        "SELECT count(*) FROM update_end WHERE version = $1 AND outcome = $2",
        &[Value::Text(version.to_string()), outcome.code().into()],
    )?;
    rows.first().map_or(Ok(0), |row| row.count(0))
}

/// What every box said last.
pub fn box_versions(sql: &mut dyn Sql) -> Stored<Vec<BoxVersion>> {
    let rows = sql
        .query("SELECT facility, box, asked_at, running, slot, proven FROM box_version ORDER BY facility, box", &[])?;
    let of = |row: &Row| -> Stored<BoxVersion> {
        Ok(BoxVersion {
            facility: FacilityId::from_bytes(row.array(0)?),
            id: BoxId::from_bytes(row.array(1)?),
            asked_at: row.instant(2)?,
            running: version(row.text(3)?)?,
            slot: match row.text(4)? {
                "A" => Some(Slot::A),
                "B" => Some(Slot::B),
                _ => None,
            },
            is_proven: row.count(5)? > 0,
        })
    };
    rows.iter().map(of).collect()
}
