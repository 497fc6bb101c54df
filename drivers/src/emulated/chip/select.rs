//! Selecting applications and files.

use super::command::{Command, Status};
use super::{Chip, Opened};

impl Chip {
    pub(super) fn select(&mut self, command: &Command<'_>) -> Result<Vec<u8>, Status> {
        match (command.p1, command.p2) {
            (0x04, 0x0C) => self.select_application(command.body).map(|_| Vec::new()),
            (0x04, 0x00) => self.select_application(command.body).map(control_information),
            (0x02, 0x0C) => self.select_file(command.body),
            (0x00, 0x00) if command.body.is_empty() => {
                if self.current.is_some() {
                    Ok(Vec::new())
                } else {
                    Err(Status::WRONG_PARAMETERS)
                }
            }
            (0x00, _) => Err(Status::NOT_FOUND),
            _ => Err(Status::WRONG_PARAMETERS),
        }
    }

    /// By its name or the beginning of it: the first that fits (`my-number-card §3`).
    fn select_application(&mut self, name: &[u8]) -> Result<&'static [u8], Status> {
        let fits = |full: &[u8]| !name.is_empty() && full.starts_with(name);
        let place = self.applications.iter().position(|application| fits(application.name)).ok_or(Status::NOT_FOUND)?;
        if self.opened.application != Some(place) {
            self.opened = Opened { application: Some(place), ..Opened::default() };
        }
        (self.current, self.current_file) = (Some(place), None);
        let application = &self.applications[place];
        let full = application.name;
        if let Some(object) = application.sensitive {
            self.log.touch(object);
        }
        Ok(full)
    }

    fn select_file(&mut self, id: &[u8]) -> Result<Vec<u8>, Status> {
        let id = u16::from_be_bytes(id.try_into().map_err(|_| Status::WRONG_PARAMETERS)?);
        if self.file(id).is_none() {
            return Err(Status::NOT_FOUND);
        }
        self.note(id, 0);
        self.current_file = Some(id);
        Ok(Vec::new())
    }
}

fn control_information(name: &'static [u8]) -> Vec<u8> {
    // names have 7 or 10 bytes
    let length = u8::try_from(name.len()).unwrap_or(0);
    [&[0x6F, length + 2, 0x84, length], name].concat()
}
