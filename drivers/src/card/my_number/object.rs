//! Reading a file that holds one object, as far as the object goes.

use super::readable;
use crate::card::apdu::{MAX_ANSWER_BYTES, Status};
use crate::card::failure::{CardFailure, GarbledPart};
use crate::card::gate::Gate;
use crate::card::sealed::SealedBytes;
use crate::card::tlv::Head;

/// The tag around every certificate.
pub(super) const DER_SEQUENCE: u16 = 0x30;

/// Reads the object at the start of the current file in steps of at most 256 bytes. The length the object gives bounds
/// the reading, the allow-list's limit bounds the length.
pub(super) fn read(gate: &mut Gate<'_>, tag: u16, part: GarbledPart) -> Result<SealedBytes, CardFailure> {
    let limit = gate.readable_bytes();
    let first = readable(gate.read(0, MAX_ANSWER_BYTES)?)?.into_data();
    let total = match Head::parse(&first) {
        Ok(head) if head.tag == tag && head.total() > limit => return Err(CardFailure::Oversized(part)),
        Ok(head) if head.tag == tag => head.total(),
        _ => return Err(CardFailure::Garbled(part)),
    };
    let mut object = SealedBytes::with_capacity(total.max(first.len()));
    object.append(&first);
    while object.len() < total {
        append_more(gate, &mut object, total, part)?;
    }
    object.truncate(total);
    Ok(object)
}

fn append_more(
    gate: &mut Gate<'_>,
    object: &mut SealedBytes,
    total: usize,
    part: GarbledPart,
) -> Result<(), CardFailure> {
    let wanted = MAX_ANSWER_BYTES.min(total - object.len());
    let offset = u16::try_from(object.len()).map_err(|_| CardFailure::Oversized(part))?;
    let answer = gate.read(offset, wanted)?;
    if answer.status() == Status::PastTheEnd {
        return Err(CardFailure::Garbled(part));
    }
    let more = readable(answer)?.into_data();
    if more.is_empty() || more.len() > wanted {
        return Err(CardFailure::Garbled(part));
    }
    object.append(&more);
    Ok(())
}
