//! Visits of facility rounds, in the store.

use super::{DocumentId, Reading, Stored};
use domain::Date;
use domain::fact::{PatientId, VisitId};
use domain::visit::VisitStatus;

/// A visit of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundVisit {
    /// which
    pub visit: VisitId,
    /// whose, under the record that goes on
    pub patient: PatientId,
    /// of which day
    pub day: Date,
    /// facility and room
    pub place: String,
    /// where it stands
    pub status: VisitStatus,
}

impl Reading<'_> {
    /// Visits of facility rounds since a day, the newest first; without those entered by mistake or merged.
    pub fn round_visits(&self, since: Date) -> Stored<Vec<RoundVisit>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT visit, patient, visit_date, coalesce(place, ''), status FROM visit_row \
             WHERE flow = 'facility' AND visit_date >= ?1 AND patient IS NOT NULL \
             ORDER BY visit_date DESC, opened_at_ms DESC, visit",
        )?;
        let rows = statement.query_map([since.to_string()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get(3)?, row.get(4)?))
        })?;
        let mut visits = Vec::new();
        for row in rows {
            let (visit, patient, day, place, status): (String, String, String, String, String) = row?;
            let (Some(day), Some(status)) = (Date::parse(&day), VisitStatus::from_code(&status)) else { continue };
            if matches!(status, VisitStatus::Voided | VisitStatus::Merged) {
                continue;
            }
            if let DocumentId::Patient(patient) = self.goes_on_in(&DocumentId::Patient(PatientId::new(patient)))? {
                visits.push(RoundVisit { visit: VisitId::new(visit), patient, day, place, status });
            }
        }
        Ok(visits)
    }
}
