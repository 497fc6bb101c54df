//! What staff at another counter made one stands in the trail of this box too: who did it, and where.

use crate::desk::work::{Declined, Work};
use crate::store::{DocumentId, MergedElsewhere};
use domain::patient::PatientFact;
use domain::visit::VisitFact;

/// Notes the merges in a record that came from other boxes. A merge stands in both records; the one that goes on tells of it.
pub(super) fn note_merges(work: &Work<'_>, document: &DocumentId) -> Result<(), Declined> {
    match document {
        DocumentId::Visit(visit) => {
            for recorded in &work.load::<VisitFact>(document)?.1 {
                if let VisitFact::Merged(merged) = &recorded.fact
                    && merged.goes_on
                {
                    let (by, merge) = (&recorded.by, &merged.merge);
                    let line = MergedElsewhere { by, merge, patient: None, visit: Some(visit) };
                    work.writing.keep_merged_elsewhere(&line, work.now)?;
                }
            }
        }
        DocumentId::Patient(patient) => {
            for recorded in &work.load::<PatientFact>(document)?.1 {
                if let PatientFact::Merged(merged) = &recorded.fact
                    && merged.goes_on
                {
                    let (by, merge) = (&recorded.by, &merged.merge);
                    let line = MergedElsewhere { by, merge, patient: Some(patient), visit: None };
                    work.writing.keep_merged_elsewhere(&line, work.now)?;
                }
            }
        }
        _ => {}
    }
    Ok(())
}
