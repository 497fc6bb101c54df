//! The disaster function: opened and closed for the facility, and for the visits that are at the desk meanwhile.

use super::work::{Declined, Work};
use crate::store::DocumentId;
use domain::case::Site;
use domain::disaster::{DisasterFact, DisasterMode};
use domain::evidence::EvidenceKind;
use domain::fact::{Author, VisitId};
use domain::visit::{DisasterModeNoted, VisitCommand, VisitStatus};

impl Work<'_> {
    /// Opens or closes it from now on. Visits that are not settled hear of it at once.
    pub(super) fn turn_disaster_mode(&mut self, by: &Author, open: bool, reason: &str) -> Result<(), Declined> {
        let (mut document, facts) = self.load::<DisasterFact>(&DocumentId::DisasterMode)?;
        let fact = DisasterMode::fold(facts).turn(open, reason);
        let fact = fact.map_err(|why| Declined::Refused { at: "reason".to_owned(), why })?;
        self.append(&mut document, by, vec![fact])?;
        let open = open || self.settings.site.disaster_mode_open;
        let board = self.writing.reading().board(self.now.date_in_japan())?;
        for row in board.into_iter().filter(|row| row.status == VisitStatus::Open) {
            self.note_disaster_mode(&row.visit, open)?;
        }
        Ok(())
    }

    fn note_disaster_mode(&mut self, visit: &VisitId, open: bool) -> Result<(), Declined> {
        let mut visit = match self.visit(visit) {
            Ok(visit) => visit,
            Err(Declined::Store(error)) => return Err(Declined::Store(error)),
            Err(_) => return Ok(()), // a visit that cannot be read holds up no other
        };
        let noted = VisitCommand::NoteDisasterMode(DisasterModeNoted { open });
        self.command_visit(&mut visit, &Author::the_box(), vec![noted])
    }

    /// The site as it is now.
    pub(super) fn site_now(&self) -> Result<Site, Declined> {
        let site = &self.settings.site;
        let open = site.disaster_mode_open || self.writing.reading().disaster_mode()?.open().is_some();
        Ok(Site { disaster_mode_open: open, ..site.clone() })
    }

    /// Commands of a visit. A result of the disaster function counts when the function was open while somebody looked, also for a
    /// visit that began before.
    pub(super) fn with_disaster_mode(&self, commands: Vec<VisitCommand>) -> Result<Vec<VisitCommand>, Declined> {
        let looked_up_at = commands.iter().find_map(|command| match command {
            VisitCommand::EnterLookup(entered) if entered.lookup.kind == EvidenceKind::DisasterMode => {
                Some(entered.lookup.looked_up_at)
            }
            _ => None,
        });
        let Some(at) = looked_up_at else { return Ok(commands) };
        if !self.writing.reading().disaster_mode()?.was_open_at(at) {
            return Ok(commands);
        }
        let noted = VisitCommand::NoteDisasterMode(DisasterModeNoted { open: true });
        Ok([noted].into_iter().chain(commands).collect())
    }
}
