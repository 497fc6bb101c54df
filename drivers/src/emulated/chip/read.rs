//! Reading files and records.

use super::Chip;
use super::command::{Command, Status};
use crate::emulated::memory::{Access, Body};

/// Set in the first parameter: the rest of it is the file's short name.
const BY_SHORT_NAME: u8 = 0x80;

impl Chip {
    pub(super) fn read(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        let wanted = command.wanted.filter(|_| command.body.is_empty()).ok_or(Status::WRONG_LENGTH)?;
        let by_short_name = command.p1 & BY_SHORT_NAME != 0;
        let (name, offset) = if by_short_name {
            (Some(command.p1 & 0x1F), usize::from(command.p2))
        } else {
            (None, usize::from(u16::from_be_bytes([command.p1, command.p2])))
        };
        let id = self.addressed(name)?;
        self.note(id, offset + wanted - 1);
        self.read_part(id, offset, wanted)
    }

    fn read_part(&self, id: u16, offset: usize, wanted: usize) -> Result<Vec<u8>, Status> {
        let Body::Data { bytes, access } = &self.file(id).ok_or(Status::NOT_FOUND)?.body else {
            return Err(Status::WRONG_KIND_OF_FILE);
        };
        let allowed = match access {
            Access::Free => true,
            Access::OneOf(secrets) => secrets.iter().any(|secret| self.is_open(*secret)),
        };
        if !allowed {
            return Err(Status::NEEDS_A_SECRET);
        }
        let rest = bytes.get(offset..).filter(|rest| !rest.is_empty()).ok_or(Status::PAST_THE_END)?;
        Ok(rest[..wanted.min(rest.len())].to_vec())
    }

    pub(super) fn read_record(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        if command.p2 & 0x07 != 0x04 {
            return Err(Status::WRONG_PARAMETERS);
        }
        let name = Some(command.p2 >> 3).filter(|name| *name != 0);
        let id = self.addressed(name)?;
        self.note(id, 0);
        let Some(Body::Records(records)) = self.file(id).map(|file| &file.body) else {
            return Err(Status::WRONG_KIND_OF_FILE);
        };
        let place = usize::from(command.p1).checked_sub(1).ok_or(Status::NO_SUCH_RECORD)?;
        records.get(place).cloned().ok_or(Status::NO_SUCH_RECORD)
    }
}
