//! Which machine this is, well enough to notice that a disk image was started on another one.
//!
//! Only salted hashes are kept. Rule, strongest first: the mainboard's number decides when it is known on both sides and is not one
//! of those that makers forget to fill in; else the network cards decide (one in common is enough, cards are added and swapped); else
//! the system's machine id, which a copied image would share, so that it can only prove a difference.

use super::wire::{Malformed, Reader};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// Numbers that boards of many makers carry in common.
const NOT_FILLED_IN: [&str; 5] = [
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "03000200-0400-0500-0006-000700080009",
    "00020003-0004-0005-0006-000700080009",
    "12345678-1234-5678-90ab-cddeefaabbcc",
];
/// More network cards than this are not remembered.
const CARDS: usize = 8;

/// What a machine tells about itself, in the clear. Never stored, never printed.
#[derive(Clone, Default)]
pub struct Machine {
    board: Option<String>,
    cards: Vec<String>,
    system: Option<String>,
}

/// The salted hashes of a [`Machine`], for the identity file.
#[derive(Clone, PartialEq, Eq)]
pub struct MachineMark {
    salt: [u8; 16],
    board: Option<[u8; 16]>,
    cards: Vec<[u8; 16]>,
    system: Option<[u8; 16]>,
}

/// Whether the mark was made on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness {
    /// The same machine.
    Same,
    /// Another machine: the disk was moved or copied.
    Other,
    /// The machine tells nothing that could be compared (some containers).
    CannotTell,
}

impl Machine {
    /// This machine. `root` is `/`, or a folder with the same layout.
    pub fn read(root: &Path) -> Machine {
        let line = |path: &str| fs::read_to_string(root.join(path)).ok().map(|text| text.trim().to_lowercase());
        let told = |text: &String| !text.is_empty();
        Machine {
            board: line("sys/class/dmi/id/product_uuid")
                .filter(told)
                .filter(|id| !NOT_FILLED_IN.contains(&id.as_str())),
            cards: cards(&root.join("sys/class/net")),
            system: line("etc/machine-id").filter(told),
        }
    }

    /// The mark to remember this machine by.
    pub fn mark(&self, salt: [u8; 16]) -> MachineMark {
        MachineMark {
            salt,
            board: self.board.as_deref().map(|value| hashed(&salt, "board", value)),
            cards: self.cards.iter().map(|value| hashed(&salt, "card", value)).collect(),
            system: self.system.as_deref().map(|value| hashed(&salt, "system", value)),
        }
    }
}

impl MachineMark {
    /// Whether `now` is the machine of this mark.
    pub fn compare(&self, now: &Machine) -> Sameness {
        let now = now.mark(self.salt);
        let verdict = |same| if same { Sameness::Same } else { Sameness::Other };
        if let (Some(then), Some(now)) = (self.board, now.board) {
            return verdict(then == now);
        }
        if !self.cards.is_empty() && !now.cards.is_empty() {
            return verdict(self.cards.iter().any(|card| now.cards.contains(card)));
        }
        match (self.system, now.system) {
            (Some(then), Some(now)) if then != now => Sameness::Other,
            _ => Sameness::CannotTell,
        }
    }

    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        out.extend(self.salt);
        put_optional(out, self.board);
        out.push(self.cards.len() as u8);
        self.cards.iter().for_each(|card| out.extend(card));
        put_optional(out, self.system);
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<MachineMark, Malformed> {
        let salt = from.array()?;
        let board = optional(from)?;
        let count = usize::from(from.u8()?);
        if count > CARDS {
            return Err(Malformed::TooLong);
        }
        let cards = (0..count).map(|_| from.array()).collect::<Result<_, _>>()?;
        Ok(MachineMark { salt, board, cards, system: optional(from)? })
    }
}

fn optional(from: &mut Reader<'_>) -> Result<Option<[u8; 16]>, Malformed> {
    match from.u8()? {
        0 => Ok(None),
        1 => from.array().map(Some),
        _ => Err(Malformed::UnknownKind),
    }
}

fn put_optional(out: &mut Vec<u8>, hash: Option<[u8; 16]>) {
    out.push(u8::from(hash.is_some()));
    out.extend(hash.iter().flatten());
}

fn hashed(salt: &[u8; 16], part: &str, value: &str) -> [u8; 16] {
    let hash =
        Sha256::new().chain_update(b"uketsuke machine 1").chain_update(salt).chain_update(part).chain_update(value);
    let mut short = [0; 16];
    short.copy_from_slice(&hash.finalize()[..16]);
    short
}

/// Addresses burnt into real cards: those with a device behind them, not given by software (`addr_assign_type` 0).
fn cards(net: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(net) else { return Vec::new() };
    let line = |path: &Path| fs::read_to_string(path).map(|text| text.trim().to_lowercase()).unwrap_or_default();
    let mut found: Vec<String> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|card| card.join("device").exists() && line(&card.join("addr_assign_type")) == "0")
        .map(|card| line(&card.join("address")))
        .filter(|address| !address.is_empty() && address != "00:00:00:00:00:00")
        .collect();
    found.sort();
    found.dedup();
    found.truncate(CARDS);
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn machine(board: &str, cards: &[&str], system: &str) -> Machine {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("{text}\n")).unwrap();
        };
        write("sys/class/dmi/id/product_uuid", board);
        write("etc/machine-id", system);
        write("sys/class/net/lo/address", "00:00:00:00:00:00");
        for (index, card) in cards.iter().enumerate() {
            write(&format!("sys/class/net/eth{index}/address"), card);
            write(&format!("sys/class/net/eth{index}/addr_assign_type"), "0");
            write(&format!("sys/class/net/eth{index}/device/vendor"), "x");
        }
        Machine::read(root.path())
    }

    #[test]
    fn a_copied_disk_is_noticed_and_a_swapped_card_is_not() {
        let mark = machine("A1", &["02:aa", "02:bb"], "image").mark([7; 16]);
        assert_eq!(mark.compare(&machine("a1", &["02:cc"], "other")), Sameness::Same);
        assert_eq!(mark.compare(&machine("a2", &["02:aa"], "image")), Sameness::Other);
        assert_eq!(mark.compare(&machine("", &["02:bb"], "image")), Sameness::Same);
        assert_eq!(mark.compare(&machine("", &["02:cc"], "image")), Sameness::Other);
        assert_eq!(mark.compare(&machine("", &[], "image")), Sameness::CannotTell);
        assert_eq!(mark.compare(&machine("", &[], "other")), Sameness::Other);
    }

    #[test]
    fn a_number_the_maker_forgot_decides_nothing() {
        let forgotten = "03000200-0400-0500-0006-000700080009";
        let mark = machine(forgotten, &["02:aa"], "image").mark([7; 16]);
        assert_eq!(mark.compare(&machine(forgotten, &["02:bb"], "image")), Sameness::Other);
    }

    #[test]
    fn a_mark_survives_being_written() {
        let mark = machine("A1", &["02:aa", "02:bb"], "image").mark([7; 16]);
        let mut bytes = Vec::new();
        mark.encode(&mut bytes);
        let mut reader = Reader::new(&bytes);
        assert!(MachineMark::read(&mut reader).unwrap() == mark);
        assert_eq!(reader.end(), Ok(()));
    }
}
