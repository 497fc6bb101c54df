//! The hub's identity, its facilities, their terms, statements and room.

use super::{Change, Sql, StoreFailure, Stored, Value};
use domain::{Date, Timestamp};
use sync::facility::statement::{MAX_STATEMENT, Said, Statement};
use sync::facility::{BoxIdentity, FacilityId, Membership, Role, identity::IdentitySeed};
use sync::feed::Term;
use zeroize::Zeroizing;

/// Statements kept of one facility. More than that nobody says in earnest; beyond it only members are put out.
pub const MAX_STATEMENTS: u64 = 4_096;

/// What a facility may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// bytes of records kept
    pub stored_bytes: u64,
    /// bytes moved in one day, both directions
    pub day_bytes: u64,
    /// connections at once, in each process
    pub connections: u64,
}

impl Default for Quota {
    /// Of a pharmacy with a few boxes, ten times over.
    fn default() -> Quota {
        Quota { stored_bytes: 8 << 30, day_bytes: 2 << 30, connections: 64 }
    }
}

/// A facility, as it stands in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacilityRow {
    /// its id
    pub id: FacilityId,
    /// when it came
    pub enrolled_at: Timestamp,
    /// bytes of its records
    pub stored_bytes: u64,
    /// its quota
    pub quota: Quota,
}

/// 16 random bytes.
pub fn random_term() -> Stored<Term> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| StoreFailure::NoRandomness)?;
    Ok(Term::from_bytes(bytes))
}

/// The hub's identity; made when there is none. It stands in the store, so that all processes and a restored hub are the same one.
pub fn identity(sql: &mut dyn Sql) -> Stored<BoxIdentity> {
    let found = sql.query("SELECT seed FROM hub", &[])?;
    let seed = match found.first() {
        Some(row) => Zeroizing::new(row.array::<80>(0)?),
        None => make_seed(sql)?,
    };
    Ok(BoxIdentity::make(Role::Hub, &IdentitySeed::from_bytes(*seed)))
}

fn make_seed(sql: &mut dyn Sql) -> Stored<Zeroizing<[u8; 80]>> {
    let mut seed = Zeroizing::new([0; 80]);
    getrandom::fill(seed.as_mut()).map_err(|_| StoreFailure::NoRandomness)?;
    sql.execute("INSERT INTO hub (seed, history) VALUES ($1, $2)", &[Value::from(&*seed), Value::from("")])?;
    Ok(seed)
}

/// Begins new terms when this is the course of another database than before.
pub fn continue_history(sql: &mut dyn Sql, history: &str) -> Stored<()> {
    drop(identity(sql)?);
    let known = sql.query("SELECT history FROM hub", &[])?;
    let known = known.first().map(|row| row.text(0)).transpose()?;
    if known != Some(history) {
        sql.execute("UPDATE hub SET history = $1", &[Value::from(history)])?;
        begin_terms(sql)?;
    }
    Ok(())
}

/// A new term for every facility's log.
pub fn begin_terms(sql: &mut dyn Sql) -> Stored<()> {
    for row in sql.query("SELECT id, last FROM facility", &[])? {
        begin_term(sql, FacilityId::from_bytes(row.array(0)?), row.count(1)?)?;
    }
    sql.tell(Change::Everything)
}

fn begin_term(sql: &mut dyn Sql, facility: FacilityId, last: u64) -> Stored<()> {
    // A term in which nothing was written leaves no trace.
    sql.execute("DELETE FROM term WHERE facility = $1 AND first > $2", &[facility.into(), last.into()])?;
    let term = Value::from(random_term()?.as_bytes());
    let values = [facility.into(), Value::from(last + 1), term];
    sql.execute("INSERT INTO term (facility, first, term) VALUES ($1, $2, $3)", &values).map(drop)
}

/// A facility came, with all that is known of its members. One that is here already only learns.
pub fn enrol(sql: &mut dyn Sql, id: FacilityId, statements: &[Statement], quota: Quota, now: Timestamp) -> Stored<()> {
    let values = [id.into(), now.into(), quota.stored_bytes.into(), quota.day_bytes.into(), quota.connections.into()];
    let new = sql.execute(
        "INSERT INTO facility (id, enrolled_at, last, stored, forgotten, quota_stored, quota_day, quota_connections) \
         VALUES ($1, $2, 0, 0, 0, $3, $4, $5) ON CONFLICT (id) DO NOTHING",
        &values,
    )?;
    if new > 0 {
        begin_term(sql, id, 0)?;
    }
    for statement in statements {
        keep_statement(sql, id, statement)?;
    }
    sql.tell(Change::Members(id))
}

/// Keeps what somebody signed about the facility's members. Whether it counts is judged with the whole set. True when it is new.
pub fn keep_statement(sql: &mut dyn Sql, facility: FacilityId, statement: &Statement) -> Stored<bool> {
    let of_this = statement.facility() == facility && statement.as_bytes().len() <= MAX_STATEMENT;
    if !of_this || !statement.is_genuine() {
        return Ok(false);
    }
    let known = sql.query("SELECT count(*) FROM statement WHERE facility = $1", &[facility.into()])?;
    let is_full = known.first().map_or(Ok(0), |row| row.count(0))? >= MAX_STATEMENTS;
    if is_full && !puts_a_member_out(sql, facility, statement)? {
        return Ok(false);
    }
    let values = [facility.into(), Value::from(&statement.hash().0), Value::from(statement.as_bytes())];
    let kept = sql.execute(
        "INSERT INTO statement (facility, hash, bytes) VALUES ($1, $2, $3) ON CONFLICT (facility, hash) DO NOTHING",
        &values,
    )?;
    Ok(kept > 0)
}

/// Whether a box, of now or of before, puts a member out and has not said so yet. That is heard however much was said: a stolen box
/// must not be able to stay in by talking until nothing more is kept, nor by putting the others out first. One of each for each.
fn puts_a_member_out(sql: &mut dyn Sql, facility: FacilityId, statement: &Statement) -> Stored<bool> {
    let Said::Revoked { revoked, .. } = statement.said() else { return Ok(false) };
    let (signer, known) = (statement.signer(), statements(sql, facility)?);
    let puts_out = |said: &Said| matches!(said, Said::Revoked { revoked: other, .. } if other == revoked);
    if known.iter().any(|one| one.signer() == signer && puts_out(one.said())) {
        return Ok(false);
    }
    let membership = Membership::evaluate(facility, &known);
    let former = membership.former().find(|(id, _)| *id == signer).map(|(_, former)| &former.introduction);
    let introduction = membership.member(signer).map(|member| &member.introduction).or(former);
    let is_box = introduction.is_some_and(|introduction| introduction.role() == Role::Box);
    Ok(is_box && membership.member(*revoked).is_some())
}

/// All statements about a facility's members.
pub fn statements(sql: &mut dyn Sql, facility: FacilityId) -> Stored<Vec<Statement>> {
    let rows = sql.query("SELECT bytes FROM statement WHERE facility = $1", &[facility.into()])?;
    rows.iter().map(|row| Statement::decode(row.bytes(0)?).map_err(|_| StoreFailure::Damaged("a statement"))).collect()
}

/// All facilities.
pub fn all(sql: &mut dyn Sql) -> Stored<Vec<FacilityRow>> {
    let rows = sql.query(
        "SELECT id, enrolled_at, stored, quota_stored, quota_day, quota_connections FROM facility ORDER BY enrolled_at, id",
        &[],
    )?;
    let facility = |row: &super::Row| {
        Ok(FacilityRow {
            id: FacilityId::from_bytes(row.array(0)?),
            enrolled_at: row.instant(1)?,
            stored_bytes: row.count(2)?,
            quota: Quota { stored_bytes: row.count(3)?, day_bytes: row.count(4)?, connections: row.count(5)? },
        })
    };
    rows.iter().map(facility).collect()
}

/// Bytes of a facility's records, and how many it may have.
pub fn room(sql: &mut dyn Sql, facility: FacilityId) -> Stored<(u64, u64)> {
    let rows = sql.query("SELECT stored, quota_stored FROM facility WHERE id = $1", &[facility.into()])?;
    let row = rows.first().ok_or(StoreFailure::Damaged("a facility is missing"))?;
    Ok((row.count(0)?, row.count(1)?))
}

/// Changes a facility's quota. False when there is no such facility.
pub fn set_quota(sql: &mut dyn Sql, facility: FacilityId, quota: Quota) -> Stored<bool> {
    let values = [facility.into(), quota.stored_bytes.into(), quota.day_bytes.into(), quota.connections.into()];
    let changed = sql.execute(
        "UPDATE facility SET quota_stored = $2, quota_day = $3, quota_connections = $4 WHERE id = $1",
        &values,
    )?;
    sql.tell(Change::Members(facility))?;
    Ok(changed > 0)
}

/// Adds bytes to what a facility has moved on a day; says how many that makes, all processes together.
pub fn add_use(sql: &mut dyn Sql, facility: FacilityId, day: Date, bytes: u64) -> Stored<u64> {
    let day = i64::from(day.day_number());
    sql.execute("DELETE FROM day_use WHERE facility = $1 AND day < $2", &[facility.into(), Value::Int(day - 31)])?;
    let rows = sql.query(
        "INSERT INTO day_use (facility, day, bytes) VALUES ($1, $2, $3) \
         ON CONFLICT (facility, day) DO UPDATE SET bytes = day_use.bytes + excluded.bytes RETURNING bytes",
        &[facility.into(), Value::Int(day), bytes.into()],
    )?;
    rows.first().map_or(Ok(bytes), |row| row.count(0))
}
