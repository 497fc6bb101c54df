//! From an answer to bytes in a folder or the mailbox, with everything that can spoil them on the way.

use super::{Device, Door, State};
use crate::simulator::dice::Dice;
use crate::simulator::encoding::SimEncoding;
use crate::simulator::faults::{FaultKind, FaultScope, FaultTrigger};
use crate::simulator::folder::{self, Place};
use crate::simulator::node::{Content, Node};
use crate::simulator::requests::{Rejection, result_name};
use crate::simulator::{json, xml};
use domain::Timestamp;
use std::fs;

/// Something on its way into a folder or the mailbox.
pub(super) struct Parcel {
    due: Timestamp,
    door: Door,
    place: Place,
    /// Without extension.
    stem: String,
    extension: &'static str,
    bytes: Vec<u8>,
    how: How,
}

#[derive(Clone, Copy, PartialEq)]
enum How {
    Whole,
    /// Only so many bytes, under the final name.
    Start(usize),
    /// The rest after so many bytes.
    Rest(usize),
}

impl Device {
    pub(super) fn send_result(&self, state: &mut State, door: Door, stem: &str, answer: Node) {
        self.send(state, door, Place::Res, &result_name(stem), answer);
    }

    /// A face file goes to every door there is.
    pub(super) fn send_face(&self, state: &mut State, stem: &str, answer: &dyn Fn(&State, Door) -> Node) {
        if self.setup.folders.is_some() {
            let face = answer(state, Door::Folder);
            self.send(state, Door::Folder, Place::Face, stem, face);
        }
        if self.setup.has_mailbox {
            let face = answer(state, Door::Https);
            self.send(state, Door::Https, Place::Face, stem, face);
        }
    }

    /// The original request and its `.err`, side by side (`oqs-interface §1.5`).
    pub(super) fn reject(&self, state: &mut State, door: Door, stem: &str, original: Vec<u8>, why: Rejection) {
        state.statistics.rejected += 1;
        let line = self.encoding(door).encode(&why.line());
        for (extension, bytes) in [("xml", original), ("err", line)] {
            let due = self.clock.now().plus_ms(i64::from(self.setup.answer_after_ms));
            let (stem, how) = (stem.to_owned(), How::Whole);
            state.parcels.push(Parcel { due, door, place: Place::Res, stem, extension, bytes, how });
        }
    }

    fn send(&self, state: &mut State, door: Door, place: Place, stem: &str, mut answer: Node) {
        let target = if place == Place::Face { FaultScope::Cards } else { FaultScope::Requests };
        let strikes = |kind| self.faults.strikes(kind, target, stem);
        if strikes(FaultKind::WrongIdentifier) {
            mislabel(&mut answer);
        }
        if strikes(FaultKind::WrongInstitution) {
            answer.overwrite("MedicalInstitutionCode", "9999999999");
        }
        let mut bytes = self.encode(door, &mut answer, stem, &strikes);
        if strikes(FaultKind::Garbage) {
            bytes = garbage(self.setup.seed, stem);
        }
        let settings = self.faults.settings();
        let slow = if strikes(FaultKind::Slow) { settings.slow_ms } else { 0 };
        let due = self.clock.now().plus_ms(i64::from(self.setup.answer_after_ms) + i64::from(slow));
        let half = bytes.len() / 2;
        let parcel = |after_ms: u32, bytes: Vec<u8>, how| Parcel {
            due: due.plus_ms(i64::from(after_ms)),
            door,
            place,
            stem: stem.to_owned(),
            extension: "xml",
            bytes,
            how,
        };
        let mut parcels = Vec::new();
        if strikes(FaultKind::Truncated) {
            parcels.push(parcel(0, bytes.clone(), How::Start(half)));
        } else if strikes(FaultKind::HalfWritten) {
            parcels.push(parcel(0, bytes.clone(), How::Start(half)));
            parcels.push(parcel(settings.half_written_ms, bytes.clone(), How::Rest(half)));
        } else {
            parcels.push(parcel(0, bytes.clone(), How::Whole));
        }
        if strikes(FaultKind::DuplicateSame) {
            parcels.push(parcel(settings.duplicate_ms, bytes, How::Whole));
        }
        if strikes(FaultKind::DuplicateChanged) {
            let changed = self.changed(door, answer, stem);
            parcels.push(parcel(settings.duplicate_ms, changed, How::Whole));
        }
        if strikes(FaultKind::Late) { state.held_late.append(&mut parcels) } else { state.parcels.append(&mut parcels) }
    }

    fn encode(&self, door: Door, answer: &mut Node, stem: &str, strikes: &dyn Fn(FaultKind) -> bool) -> Vec<u8> {
        let wrong_encoding = strikes(FaultKind::WrongEncoding);
        if wrong_encoding && let Some(children) = answer.children_mut() {
            // So that there is a character which differs between the codes.
            children.push(Node::text("Sample", "見本"));
        }
        let mut text = self.text(door, answer, stem);
        if strikes(FaultKind::Doctype) {
            text = with_doctype(&text, door);
        }
        if strikes(FaultKind::Oversized) {
            let size = self.faults.settings().oversized_bytes as usize;
            text.push_str(&" ".repeat(size.saturating_sub(text.len())));
        }
        let declared = self.encoding(door);
        if wrong_encoding { declared.other().encode(&text) } else { declared.encode(&text) }
    }

    fn text(&self, door: Door, answer: &Node, stem: &str) -> String {
        match door {
            Door::Folder => {
                let declared: SimEncoding = self.setup.encoding;
                xml::write_scrambled(answer, declared.declared(), &mut Dice::keyed(self.setup.seed, &["order", stem]))
            }
            Door::Https => json::write(answer),
        }
    }

    /// The same answer with another content: later, and saying something else.
    fn changed(&self, door: Door, mut answer: Node, stem: &str) -> Vec<u8> {
        answer.overwrite("ProcessExecutionTime", "20991231235959");
        answer.overwrite("QualificationValidity", "4");
        self.encoding(door).encode(&self.text(door, &answer, stem))
    }

    pub(super) fn release_late(&self, state: &mut State, by_hand: bool) {
        let off = self.faults.trigger(FaultKind::Late) == FaultTrigger::Off;
        let full = state.held_late.len() >= self.faults.settings().late_hold as usize;
        if by_hand || full || off {
            let now = self.clock.now();
            let mut released = std::mem::take(&mut state.held_late);
            for parcel in &mut released {
                parcel.due = parcel.due.max(now);
            }
            state.parcels.append(&mut released);
        }
    }

    pub(super) fn deliver(&self, state: &mut State, now: Timestamp) {
        let (mut due, later): (Vec<Parcel>, Vec<Parcel>) =
            std::mem::take(&mut state.parcels).into_iter().partition(|parcel| parcel.due <= now);
        state.parcels = later;
        due.sort_by_key(|parcel| parcel.due);
        for parcel in due {
            match parcel.door {
                Door::Folder => self.put_into_folder(state, parcel, now),
                Door::Https => put_into_mailbox(state, parcel, now),
            }
        }
    }

    fn put_into_folder(&self, state: &mut State, parcel: Parcel, now: Timestamp) {
        let Some(folders) = &self.setup.folders else { return };
        let folder = folders.folder(parcel.place);
        let name = format!("{}.{}", parcel.stem, parcel.extension);
        let done = match parcel.how {
            How::Whole if self.setup.atomic_writes => folder::publish(folder, &name, &parcel.bytes),
            How::Whole => folder::write_start(folder, &name, &parcel.bytes),
            How::Start(length) => folder::write_start(folder, &name, &parcel.bytes[..length]),
            How::Rest(start) => folder::write_rest(folder, &name, start, &parcel.bytes),
        };
        if done.is_err() {
            // The share may come back: try again at the next look.
            state.statistics.folder_errors += 1;
            state.parcels.push(parcel);
            return;
        }
        count(state, &parcel);
        if self.setup.result_stay_ms.is_some() {
            state.published.push((parcel.place, name, now));
        }
    }

    /// Forgotten results are cleaned up after `ResponseFileStayTime` (`oqs-interface §1.1`).
    pub(super) fn clean_up(&self, state: &mut State, now: Timestamp) {
        let Some(stay_ms) = self.setup.result_stay_ms else { return };
        let limit = now.plus_ms(-stay_ms);
        state.statistics.cleaned_up += state.mailbox.forget_before(limit) as u64;
        let (old, kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut state.published).into_iter().partition(|(_, _, at)| *at < limit);
        state.published = kept;
        for (place, name, _) in old {
            let folders = self.setup.folders.as_ref();
            let removed = folders.is_some_and(|f| fs::remove_file(f.folder(place).join(&name)).is_ok());
            state.statistics.cleaned_up += u64::from(removed);
        }
    }
}

fn put_into_mailbox(state: &mut State, parcel: Parcel, now: Timestamp) {
    let name = match parcel.extension {
        "err" => format!("{}.err", parcel.stem),
        _ => parcel.stem.clone(),
    };
    let shown = match parcel.how {
        How::Start(length) => length,
        How::Whole | How::Rest(_) => parcel.bytes.len(),
    };
    count(state, &parcel);
    state.mailbox.publish(&name, parcel.bytes[..shown].to_vec(), now);
}

fn count(state: &mut State, parcel: &Parcel) {
    // A rejected request goes back under its own name: that is no result.
    let result = parcel.place == Place::Res && parcel.stem.contains("res_");
    if result && !matches!(parcel.how, How::Rest(_)) {
        state.statistics.delivered += 1;
    }
}

fn mislabel(answer: &mut Node) {
    if answer.overwrite("ArbitraryFileIdentifier", "X-OTHER") == 0
        && let Some(header) = answer.children_mut().and_then(|children| children.first_mut())
        && let Content::Group(children) = &mut header.content
    {
        children.push(Node::text("ArbitraryFileIdentifier", "X-OTHER"));
    }
}

/// A document type with an external entity, used in the text: a reader that resolves it leaks a file.
fn with_doctype(text: &str, door: Door) -> String {
    let doctype = "<!DOCTYPE XmlMsg [<!ENTITY sample SYSTEM \"file:///etc/hostname\">]>";
    match door {
        Door::Folder => text.replacen("?>\n", &format!("?>\n{doctype}\n"), 1).replacen(
            "</XmlMsg>",
            "  <Sample>&sample;</Sample>\n</XmlMsg>",
            1,
        ),
        Door::Https => format!("{doctype}<XmlMsg>&sample;</XmlMsg>"),
    }
}

fn garbage(seed: u64, stem: &str) -> Vec<u8> {
    let mut dice = Dice::keyed(seed, &["garbage", stem]);
    let mut bytes = vec![0xff, 0x00, b'<'];
    bytes.extend((0..700).map(|_| dice.below(256) as u8));
    bytes
}
