//! Finding the order of parts that came without their positions.

use super::super::fields;
use super::super::letters::{decode, split_at_end_mark};
use super::super::order::{Look, look_at};
use super::super::recognise::header_number;

/// What the parts give.
pub(super) enum Joined {
    /// The message as far as anybody can tell.
    Whole(Vec<u8>),
    /// Nothing that reads as a whole: a part is missing.
    NotYet,
    /// More than one order reads as a whole.
    Unclear,
}

/// With more middle parts staff are asked to scan in order at once: 120 orders are soon looked through, 720 are not.
const MOST_MIDDLES_TRIED: usize = 5;

/// Joins the parts, of which the first has the header. The last is the one with the end mark.
pub(super) fn join(parts: &[Vec<u8>], in_scan_order: bool) -> Joined {
    let Some((first, others)) = parts.split_first() else { return Joined::NotYet };
    let (ends, middles): (Vec<_>, Vec<_>) =
        others.iter().map(Vec::as_slice).partition(|part| split_at_end_mark(part).1.is_some());
    match ends.as_slice() {
        // the scanner may have cut the end mark
        [] => in_given_order(first, &middles, &[]).map_or(Joined::NotYet, Joined::Whole),
        [end] if in_scan_order || middles.len() < 2 => {
            in_given_order(first, &middles, end).map_or(Joined::NotYet, Joined::Whole)
        }
        [end] if middles.len() <= MOST_MIDDLES_TRIED => only_order(first, &middles, end),
        _ => Joined::Unclear,
    }
}

/// One way to put them only, or the way that staff were asked for: the seams must read, ascending is not needed.
fn in_given_order(first: &[u8], middles: &[&[u8]], end: &[u8]) -> Option<Vec<u8>> {
    let wholes = readings(&sequence(first, middles, end));
    wholes.into_iter().find(|whole| look(whole).is_some_and(|look| look.is_complete()))
}

/// The one order in which everything reads and ascends; unclear when there are several, or when something reads that
/// does not ascend.
fn only_order(first: &[u8], middles: &[&[u8]], end: &[u8]) -> Joined {
    let (mut fitting, mut readable) = (Vec::new(), false);
    for order in orders(middles) {
        let looks =
            readings(&sequence(first, &order, end)).into_iter().filter_map(|whole| Some((look(&whole)?, whole)));
        let Some((look, whole)) = looks.into_iter().find(|(look, _)| look.is_complete()) else { continue };
        readable = true;
        if look.is_in_order() && !fitting.contains(&whole) {
            fitting.push(whole);
        }
    }
    match (fitting.pop(), fitting.is_empty()) {
        (Some(whole), true) => Joined::Whole(whole),
        (None, _) if !readable => Joined::NotYet,
        _ => Joined::Unclear,
    }
}

fn sequence<'a>(first: &'a [u8], middles: &[&'a [u8]], end: &'a [u8]) -> Vec<&'a [u8]> {
    [&[first], middles, &[end]].concat()
}

/// The parts joined as they are, and joined without the line end that a scanner may put behind every symbol: one that
/// stood in the data is told from one that the scanner added by what reads.
fn readings(parts: &[&[u8]]) -> Vec<Vec<u8>> {
    let bare: Vec<&[u8]> = parts.iter().map(|part| without_line_end(part)).collect();
    let mut readings = vec![parts.concat(), bare.concat()];
    readings.dedup();
    readings
}

fn without_line_end(part: &[u8]) -> &[u8] {
    let line_ends: [&[u8]; 3] = [b"\r\n", b"\r", b"\n"];
    line_ends.into_iter().find_map(|end| part.strip_suffix(end)).unwrap_or(part)
}

/// The joined parts that have this parity. An even number of added line ends does not change it, so what reads as a whole
/// goes first.
pub(super) fn with_parity(parts: &[&[u8]], expected: u8) -> Option<Vec<u8>> {
    let fitting: Vec<_> = readings(parts).into_iter().filter(|whole| parity(whole) == expected).collect();
    let complete = fitting.iter().find(|whole| look(whole).is_some_and(|look| look.is_complete()));
    complete.or(fitting.first()).cloned()
}

/// XOR of all bytes up to the end mark, as structured append counts it.
fn parity(whole: &[u8]) -> u8 {
    let end = split_at_end_mark(whole).0.len();
    whole.iter().take(end + 1).fold(0, |xor, byte| xor ^ byte)
}

fn look(joined: &[u8]) -> Option<Look> {
    let letters = decode(joined);
    let edition = header_number(letters.lines.first()?.as_deref()?)?;
    Some(look_at(&letters, &fields::read(edition, &letters)))
}

/// Every order of the parts.
fn orders<'a>(parts: &[&'a [u8]]) -> Vec<Vec<&'a [u8]>> {
    let Some((last, before)) = parts.split_last() else { return vec![Vec::new()] };
    let shorter = orders(before);
    let with_last_at = |order: &Vec<&'a [u8]>, place: usize| {
        let mut order = order.clone();
        order.insert(place, last);
        order
    };
    shorter.iter().flat_map(|order| (0..=order.len()).map(move |place| with_last_at(order, place))).collect()
}
