//! Signing with a key on the chip.

use rsa::Pkcs1v15Sign;

use super::Chip;
use super::command::{Command, Status};
use crate::emulated::memory::Body;

/// The most that fits into one RSA-2048 signature with its padding.
const MOST: usize = 245;

impl Chip {
    /// The form every library uses: pad what is given (`my-number-card §6`). The forms in which the card does the hashing
    /// are not emulated.
    pub(super) fn sign(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        if command.p1 != 0 || command.p2 & 0x80 == 0 {
            return Err(Status::WRONG_PARAMETERS);
        }
        if command.body.is_empty() || command.body.len() > MOST {
            return Err(Status::WRONG_LENGTH);
        }
        let name = Some(command.p2 & 0x1F).filter(|name| *name != 0);
        let id = self.addressed(name)?;
        self.note(id, 0);
        match self.file(id).map(|file| &file.body) {
            Some(Body::Key { opened_by, .. }) if !self.is_open(*opened_by) => Err(Status::NEEDS_A_SECRET),
            Some(Body::Key { key, .. }) => {
                key.sign(Pkcs1v15Sign::new_unprefixed(), command.body).map_err(|_| Status::CARD_FAULT)
            }
            _ => Err(Status::WRONG_KIND_OF_FILE),
        }
    }
}
