//! How forgetting stands, for pages and API.

use super::RunningDesk;
use super::forgetting::STEADY_NIGHTS;
use crate::store::DocumentId;
use domain::fact::PatientId;
use domain::patient::{PatientFact, PatientState};
use domain::retention::{KeptKind, Retention};
use web::port::{Desk, ForgetPreview, ForgettingView, KeptMonth, Reading};

/// Months that are shown to go next.
const SHOWN_NEXT: usize = 12;

impl RunningDesk {
    fn retention(&self) -> &Retention {
        &self.settings.rules.choices().retention
    }

    pub(super) fn forgetting_view(&self) -> Reading<ForgettingView> {
        let (today, site) = (self.today(), self.settings.site.kind);
        self.read(|reading| {
            let kept = reading.held_months().into_iter().map(|held| KeptMonth {
                kind: held.kind,
                month: held.month,
                until: self.retention().kept_until(held.kind, site, held.month.end_of_month()),
            });
            let mut next: Vec<KeptMonth> = kept.collect();
            next.sort_by_key(|month| (month.until, month.month));
            next.truncate(SHOWN_NEXT);
            let look = reading.steady_nights()?;
            Ok(ForgettingView {
                periods: KeptKind::ALL.iter().map(|kind| self.retention().period(*kind, site, today)).collect(),
                next,
                done: reading.forgotten()?,
                looked_on: look.map(|(day, _)| day),
                steady_nights: (look.map_or(0, |(_, steady)| steady), STEADY_NIGHTS),
                left_over: reading.visits_without_patient()?,
            })
        })
    }

    pub(super) fn preview_forgetting(&self, patient: &PatientId) -> Reading<Option<ForgetPreview>> {
        let (today, site) = (self.today(), self.settings.site.kind);
        self.read(|reading| {
            let facts = reading.facts::<PatientFact>(&DocumentId::Patient(patient.clone()))?;
            let visits = reading.visits_of_person(&reading.records_of_person(patient)?)?;
            if facts.is_empty() && visits.is_empty() {
                return Ok(None);
            }
            let state = PatientState::fold(facts);
            let until = |day| self.retention().kept_until(KeptKind::Visit, site, day);
            let visits: Vec<_> = visits.into_iter().map(|(visit, day)| (visit, day, until(day))).collect();
            Ok(Some(ForgetPreview {
                patient: patient.clone(),
                name: state.display_name().map(str::to_owned),
                name_kana: state.person.name_kana.clone(),
                kept_until: visits.iter().map(|(_, _, until)| *until).filter(|until| *until >= today).max(),
                visits,
            }))
        })
    }
}
