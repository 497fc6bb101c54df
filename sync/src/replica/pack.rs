//! All changes of a document in one piece, compressed together: what a snapshot carries.
//!
//! The changes stay what they are, byte for byte, so that a box which starts from a snapshot and one which took every change by itself
//! hold the same document and go on writing it together. Form: `version 1 | zstd of (author | u32 length | change)*`.

use super::{Corrupt, fenced};
use crate::seal::BoxId;
use automerge::{Change, ChangeHash};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use zstd::stream::{Decoder, Encoder};

const VERSION: u8 = 1;
/// Made once and sent often.
const LEVEL: i32 = 12;
/// Most bytes of the changes together, packed or not.
const MAX_BYTES: usize = 8 << 20;

/// Packs changes, each with the box that wrote it. None when they are too many bytes together for one piece.
pub fn pack<'a>(changes: impl IntoIterator<Item = (BoxId, &'a [u8])>) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    for (author, change) in changes {
        plain.extend_from_slice(author.as_bytes());
        plain.extend_from_slice(&u32::try_from(change.len()).ok()?.to_be_bytes());
        plain.extend_from_slice(change);
    }
    if plain.len() > MAX_BYTES {
        return None;
    }
    let mut encoder = Encoder::new(vec![VERSION], LEVEL).ok()?;
    encoder.set_pledged_src_size(Some(plain.len() as u64)).ok()?;
    encoder.write_all(&plain).ok()?;
    encoder.finish().ok()
}

/// The changes in a piece, each as it was written, with the box that wrote it as whoever packed them says.
///
/// # Errors
/// [`Corrupt::Damaged`] for what is no piece, and for one that grows beyond what [`pack`] makes.
pub fn unpack(piece: &[u8]) -> Result<Vec<(BoxId, Vec<u8>)>, Corrupt> {
    let (VERSION, packed) = piece.split_first().map(|(version, rest)| (*version, rest)).ok_or(Corrupt::Damaged)? else {
        return Err(Corrupt::Damaged);
    };
    let mut plain = Vec::new();
    let decoder = Decoder::new(packed).map_err(|_| Corrupt::Damaged)?;
    decoder.take(MAX_BYTES as u64 + 1).read_to_end(&mut plain).map_err(|_| Corrupt::Damaged)?;
    if plain.len() > MAX_BYTES {
        return Err(Corrupt::Damaged);
    }
    let (mut changes, mut rest) = (Vec::new(), plain.as_slice());
    while let Some((author, after)) = rest.split_first_chunk() {
        let (length, after) = after.split_first_chunk().ok_or(Corrupt::Damaged)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Corrupt::Damaged)?;
        let (change, after) = after.split_at_checked(length).ok_or(Corrupt::Damaged)?;
        changes.push((BoxId::from_bytes(*author), change.to_vec()));
        rest = after;
    }
    if rest.is_empty() { Ok(changes) } else { Err(Corrupt::Damaged) }
}

/// Whether everything that these changes follow from is among them: nothing in the middle was left out.
///
/// # Errors
/// A change that is none.
pub fn is_closed<'a>(changes: impl IntoIterator<Item = &'a [u8]>) -> Result<bool, Corrupt> {
    fenced(|| {
        let (mut here, mut needed) = (BTreeSet::<ChangeHash>::new(), BTreeSet::<ChangeHash>::new());
        for bytes in changes {
            let change = Change::try_from(bytes).map_err(|_| Corrupt::Damaged)?;
            here.insert(change.hash());
            needed.extend(change.deps());
        }
        Ok(needed.is_subset(&here))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replica::{Document, Kept, Writer};

    fn three() -> Vec<Vec<u8>> {
        let mut document = Document::new(&Writer::from_random([1; 16]));
        let mut add = |id: &str| document.append(id, format!("[{{\"名\":\"{id}\"}}]"), 1).expect("append");
        ["a", "b", "c"]
            .map(|id| {
                let Kept { change, .. } = add(id);
                change
            })
            .to_vec()
    }

    fn slices(changes: &[Vec<u8>]) -> impl Iterator<Item = &[u8]> {
        changes.iter().map(Vec::as_slice)
    }

    fn written(changes: &[Vec<u8>]) -> impl Iterator<Item = (BoxId, &[u8])> {
        slices(changes).enumerate().map(|(nth, change)| (BoxId::from_bytes([nth as u8; 16]), change))
    }

    #[test]
    fn what_was_packed_comes_out_as_it_was() {
        let changes = three();
        let piece = pack(written(&changes)).expect("fits");
        let packed: Vec<(BoxId, Vec<u8>)> =
            written(&changes).map(|(author, change)| (author, change.to_vec())).collect();
        assert_eq!(unpack(&piece).expect("a piece"), packed);
        assert_eq!(unpack(&pack([]).expect("fits")).expect("a piece"), []);
    }

    #[test]
    fn what_is_no_piece_is_refused_and_never_grows_beyond_measure() {
        let piece = pack(written(&three())).expect("fits");
        for cut in 0..piece.len() {
            assert!(unpack(&piece[..cut]).is_err(), "cut at {cut}");
        }
        for index in 0..piece.len() {
            let mut damaged = piece.clone();
            damaged[index] ^= 0x41;
            let _ = unpack(&damaged);
        }
        assert!(pack(written(&[vec![0; MAX_BYTES]])).is_none());
        let mut bomb = Encoder::new(vec![VERSION], 3).expect("an encoder");
        bomb.write_all(&vec![0; 2 * MAX_BYTES]).expect("writes");
        assert!(unpack(&bomb.finish().expect("ends")).is_err());
    }

    #[test]
    fn a_change_left_out_in_the_middle_is_noticed() {
        let changes = three();
        assert!(is_closed(slices(&changes)).expect("changes"));
        assert!(is_closed(slices(&changes[..2])).expect("changes"), "the newest is missed by nobody");
        assert!(!is_closed([changes[0].as_slice(), changes[2].as_slice()]).expect("changes"));
        assert!(is_closed([b"none".as_slice()]).is_err());
    }
}
