//! Looking into the doors and taking what waits there.

use super::{Device, Door, State, Taken};
use crate::simulator::encoding::decode;
use crate::simulator::faults::{FaultKind, FaultScope};
use crate::simulator::folder::{self, SimFolders};
use crate::simulator::requests::{self, Rejection};
use crate::simulator::{json, xml};

/// How long an unreadable request must stay the same before it counts as complete, milliseconds.
const SETTLED_MS: i64 = 300;

impl Device {
    /// Counts, once each, the requests that find the program down.
    pub(super) fn meet_down(&self, state: &mut State) {
        let kind =
            [FaultKind::RestartLosing, FaultKind::RestartKeeping].into_iter().find(|k| self.faults.is_always(*k));
        let Some(kind) = kind else { return };
        let folder = self.setup.folders.as_ref().and_then(|folders| folder::waiting(&folders.req).ok());
        let folder = folder.into_iter().flatten().map(|stem| (Door::Folder, stem));
        let mailbox = state.mailbox.waiting_names().into_iter().map(|stem| (Door::Https, stem));
        for key in folder.chain(mailbox) {
            if requests::kind_of(&key.1).is_some() && state.met_down.insert(key) {
                self.faults.count(kind, 1);
            }
        }
    }

    pub(super) fn take_from_folder(&self, state: &mut State) {
        let Some(folders) = &self.setup.folders else { return };
        let Ok(stems) = folder::waiting(&folders.req) else {
            state.statistics.folder_errors += 1;
            return;
        };
        state.unfinished.retain(|stem, _| stems.contains(stem));
        for stem in stems {
            if requests::kind_of(&stem).is_none() || self.stays_lying(state, Door::Folder, &stem) {
                continue;
            }
            let Ok(content) = folder::peek(&folders.req, &stem, self.setup.max_request_bytes) else { continue };
            self.take_file(state, folders, stem, content);
            if state.down_until.is_some() {
                return;
            }
        }
    }

    fn take_file(&self, state: &mut State, folders: &SimFolders, stem: String, content: Option<Vec<u8>>) {
        let Some(original) = content else {
            if folder::take(&folders.req, &stem) {
                self.reject(state, Door::Folder, &stem, b"(too large)".to_vec(), Rejection::TOO_LARGE);
            }
            return;
        };
        let root = match decode(&original).map(|text| xml::read(&text)) {
            Some(Ok(root)) => Some(root),
            Some(Err(xml::Malformed::Doctype)) => None,
            _ if self.may_still_grow(state, &stem, &original) => return,
            _ => None,
        };
        state.unfinished.remove(&stem);
        if folder::take(&folders.req, &stem) {
            self.taken(state, Taken { door: Door::Folder, stem, original, root });
        }
    }

    /// A file that does not parse is rejected only when its content has not changed for [`SETTLED_MS`].
    fn may_still_grow(&self, state: &mut State, stem: &str, content: &[u8]) -> bool {
        let now = self.clock.now();
        match state.unfinished.get(stem) {
            Some((seen, since)) if *seen == content => now.since_ms(*since) < SETTLED_MS,
            _ => {
                state.unfinished.insert(stem.to_owned(), (content.to_vec(), now));
                true
            }
        }
    }

    pub(super) fn take_from_mailbox(&self, state: &mut State) {
        for stem in state.mailbox.waiting_names() {
            if state.down_until.is_some() {
                return;
            }
            if self.stays_lying(state, Door::Https, &stem) {
                continue;
            }
            let Some(original) = state.mailbox.peek(&stem).map(<[u8]>::to_vec) else { continue };
            state.mailbox.take(&stem);
            let root = json::read(&original);
            self.taken(state, Taken { door: Door::Https, stem, original, root });
        }
    }

    fn stays_lying(&self, state: &mut State, door: Door, stem: &str) -> bool {
        let key = (door, stem.to_owned());
        if state.silenced.contains(&key) {
            return true;
        }
        let silent = self.faults.strikes(FaultKind::Silent, FaultScope::Requests, stem);
        if silent {
            state.silenced.insert(key);
        }
        silent
    }
}
