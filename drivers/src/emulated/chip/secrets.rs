//! Presenting secrets and counting the tries.

use super::Chip;
use super::command::{Command, Status};
use crate::emulated::memory::Body;

const CURRENT: u8 = 0x80;
/// The longest secret (`my-number-card §5`).
const LONGEST: usize = 16;

impl Chip {
    pub(super) fn verify(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        if command.p1 != 0 || command.p2 & CURRENT == 0 {
            return Err(Status::WRONG_PARAMETERS);
        }
        let name = Some(command.p2 & 0x1F).filter(|name| *name != 0);
        let id = self.addressed(name)?;
        self.note(id, 0);
        if command.body.len() > LONGEST {
            return Err(Status::WRONG_LENGTH);
        }
        let (opened, answer) = self.present(id, command.body)?;
        if opened {
            self.opened.application = self.current;
            self.opened.secrets.insert(id);
        }
        answer.map_or(Ok(Vec::new()), Err)
    }

    /// Whether the secret is open now, and what to say; nothing when all is well.
    fn present(&mut self, id: u16, presented: &[u8]) -> Result<(bool, Option<Status>), Status> {
        let application = self.current.and_then(|place| self.applications.get_mut(place));
        let file = application.and_then(|application| application.file_mut(id)).ok_or(Status::NOT_FOUND)?;
        let Body::Secret(secret) = &mut file.body else {
            return Err(Status::WRONG_KIND_OF_FILE);
        };
        if presented.is_empty() {
            return Ok((false, Some(Status::tries_left(secret.tries_left))));
        }
        self.log.secrets_presented += 1;
        if secret.tries_left == 0 {
            return Ok((false, Some(Status::BLOCKED)));
        }
        if secret.value.as_deref() == Some(presented) {
            secret.tries_left = secret.tries;
            return Ok((true, None));
        }
        secret.tries_left -= 1;
        Ok((false, Some(Status::tries_left(secret.tries_left))))
    }
}
