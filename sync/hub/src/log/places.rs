//! How places in other logs stand in a row: `term 16 | sequence 8`, one after the other.

use crate::store::{StoreFailure, Stored};
use sync::feed::{Acknowledged, Cursor, Mark, Term};

const MARK_BYTES: usize = 24;
const ACKNOWLEDGED_BYTES: usize = 1 + MARK_BYTES + 8;

pub fn write_cursor(cursor: &Cursor) -> Vec<u8> {
    cursor.marks().iter().flat_map(write_mark).collect()
}

pub fn read_cursor(bytes: &[u8]) -> Stored<Cursor> {
    let (marks, rest) = bytes.as_chunks::<MARK_BYTES>();
    whole(rest)?;
    Ok(Cursor::new(marks.iter().map(read_mark).collect()))
}

/// `has a place 1 | place 24 | own 8` each.
pub fn write_acknowledged(acknowledged: &[Acknowledged]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for one in acknowledged {
        bytes.push(u8::from(one.at.is_some()));
        bytes.extend(one.at.as_ref().map_or([0; MARK_BYTES], write_mark));
        bytes.extend(one.own.to_be_bytes());
    }
    bytes
}

pub fn read_acknowledged(bytes: &[u8]) -> Stored<Vec<Acknowledged>> {
    let (all, rest) = bytes.as_chunks::<ACKNOWLEDGED_BYTES>();
    whole(rest)?;
    Ok(all.iter().map(read_one).collect())
}

fn read_one(bytes: &[u8; ACKNOWLEDGED_BYTES]) -> Acknowledged {
    let mut mark = [0; MARK_BYTES];
    mark.copy_from_slice(&bytes[1..=MARK_BYTES]);
    let mut own = [0; 8];
    own.copy_from_slice(&bytes[1 + MARK_BYTES..]);
    Acknowledged { at: (bytes[0] == 1).then(|| read_mark(&mark)), own: u64::from_be_bytes(own) }
}

fn write_mark(mark: &Mark) -> [u8; MARK_BYTES] {
    let mut bytes = [0; MARK_BYTES];
    bytes[..16].copy_from_slice(mark.term.as_bytes());
    bytes[16..].copy_from_slice(&mark.sequence.to_be_bytes());
    bytes
}

fn read_mark(bytes: &[u8; MARK_BYTES]) -> Mark {
    let (mut term, mut sequence) = ([0; 16], [0; 8]);
    term.copy_from_slice(&bytes[..16]);
    sequence.copy_from_slice(&bytes[16..]);
    Mark { term: Term::from_bytes(term), sequence: u64::from_be_bytes(sequence) }
}

fn whole(rest: &[u8]) -> Stored<()> {
    if rest.is_empty() { Ok(()) } else { Err(StoreFailure::Damaged("a place in a log")) }
}
