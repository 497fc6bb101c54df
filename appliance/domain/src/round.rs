//! The round of a facility (REQ-54): where its residents live, and whose 資格確認書 runs out.

use crate::date::Date;
use crate::evidence::EvidenceKind;
use crate::patient::PatientState;

/// So many days before its end a certificate is called soon over: the insurer needs weeks to send the next one.
pub const SOON_DAYS: i32 = 31;

/// Facility and room, as staff write them into one field: the facility is the first word.
pub fn facility_and_room(place: &str) -> (&str, &str) {
    let place = place.trim();
    place.split_once(char::is_whitespace).map_or((place, ""), |(facility, room)| (facility, room.trim_start()))
}

/// How a certificate stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateStanding {
    /// good for longer than [`SOON_DAYS`]
    Good,
    /// still good, and over within [`SOON_DAYS`]
    EndsSoon,
    /// over
    Ended,
}

impl CertificateStanding {
    /// Of a certificate that is good up to and including a day.
    pub fn on(today: Date, until: Date) -> CertificateStanding {
        match () {
            () if until < today => CertificateStanding::Ended,
            () if until <= today.plus_days(SOON_DAYS) => CertificateStanding::EndsSoon,
            () => CertificateStanding::Good,
        }
    }
}

impl PatientState {
    /// The last day of the 資格確認書 that was shown last; none when none was, or when it bore no such day.
    pub fn certificate_until(&self) -> Option<Date> {
        let certificates =
            self.coverages.iter().filter(|learned| learned.evidence == EvidenceKind::EligibilityCertificate);
        certificates.max_by_key(|learned| learned.on).and_then(|learned| learned.coverage.valid_to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::Coverage;
    use crate::evidence::Confidence;
    use crate::patient::CoverageLearned;

    #[test]
    fn the_first_word_is_the_facility() {
        assert_eq!(facility_and_room("ひまわり苑 203"), ("ひまわり苑", "203"));
        assert_eq!(facility_and_room(" ひまわり苑\u{3000}本館 203 "), ("ひまわり苑", "本館 203"));
        assert_eq!(facility_and_room("ひまわり苑"), ("ひまわり苑", ""));
        assert_eq!(facility_and_room(""), ("", ""));
    }

    #[test]
    fn a_certificate_counts_through_its_last_day() {
        let until = Date::literal(2026, 7, 31);
        assert_eq!(CertificateStanding::on(Date::literal(2026, 6, 29), until), CertificateStanding::Good);
        assert_eq!(CertificateStanding::on(Date::literal(2026, 6, 30), until), CertificateStanding::EndsSoon);
        assert_eq!(CertificateStanding::on(until, until), CertificateStanding::EndsSoon);
        assert_eq!(CertificateStanding::on(Date::literal(2026, 8, 1), until), CertificateStanding::Ended);
    }

    #[test]
    fn the_certificate_shown_last_counts_and_nothing_else() {
        let learned = |evidence, on, valid_to| CoverageLearned {
            coverage: Coverage { valid_to, ..Coverage::EMPTY },
            evidence,
            confidence: Confidence::ConfirmedByDocument,
            on,
            visit: None,
        };
        let (spring, summer) = (Date::literal(2026, 4, 1), Date::literal(2026, 8, 1));
        let until = |year| Some(Date::literal(year, 7, 31));
        let mut state = PatientState::default();
        assert_eq!(state.certificate_until(), None);
        state.coverages.push(learned(EvidenceKind::EligibilityCertificate, summer, until(2027)));
        state.coverages.push(learned(EvidenceKind::EligibilityCertificate, spring, until(2026)));
        state.coverages.push(learned(EvidenceKind::MynaCardVisual, summer.plus_days(1), until(2030)));
        assert_eq!(state.certificate_until(), until(2027));
    }
}
