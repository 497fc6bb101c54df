//! The figures of a site against figures counted by hand; and the same after the rows were made again.

use crate::support::counter::{Counter, clock_at, make_rows_anew};
use crate::support::patients::{born, certificate_as_printed};
use domain::case::{Attempt, AttemptOutcome, Flow};
use domain::evidence::EvidenceKind;
use domain::fact::VisitId;
use domain::tally::Waiting;
use domain::trouble::Trouble;
use domain::visit::{AttemptFailed, FullChargeAsked, LeftWithoutCare, VisitCommand, Voided};
use domain::{Date, Timestamp};
use uketsuke::store::StoreLocation;
use web::port::*;

/// A Monday.
const FIRST: Date = Date::literal(2026, 11, 9);
const SECOND: Date = Date::literal(2026, 11, 16);

fn open() -> Counter {
    Counter::first(&clock_at(FIRST, 8, 55))
}

impl Counter {
    /// Somebody new comes to a counter at a time of a day.
    async fn comes_at(&self, day: Date, time: (u8, u8), counter: &str, commands: Vec<VisitCommand>) -> VisitId {
        self.clock.set(Timestamp::in_japan(day, time.0, time.1, 0));
        let person = born("見本 花子", "ミホン ハナコ", Date::literal(1980, 5, 5));
        let counter = Some(counter.to_owned()).filter(|name| !name.is_empty());
        let flow = Flow::Window;
        let check_in = CheckIn { patient: None, patient_number: None, person, flow, counter, commands };
        self.submit(DeskCommand::CheckIn(Box::new(check_in))).await.visit.unwrap()
    }

    /// Something happens to a visit so many seconds after the last thing.
    async fn later(&self, visit: &VisitId, seconds: i64, command: VisitCommand) {
        self.clock.set(self.clock.now().plus_ms(seconds * 1_000));
        self.edit(visit, command).await;
    }

    fn statistics(&self, from: Date, to: Date) -> Statistics {
        self.desk.statistics(&StatisticsQuery { from, to }).unwrap()
    }
}

fn failed_at_the_reader() -> VisitCommand {
    let attempt = Attempt { kind: EvidenceKind::MynaCardFace, outcome: AttemptOutcome::Failed };
    VisitCommand::ReportAttempt(AttemptFailed { attempt })
}

/// Two weeks: five visits in the first, two in the second, and one that was a mistake.
async fn two_weeks(clinic: &Counter) {
    let a = clinic.comes_at(FIRST, (9, 0), "1番", vec![]).await;
    clinic.later(&a, 12, certificate_as_printed("06010391", "3405")).await; // 15 s
    let b = clinic.comes_at(FIRST, (9, 30), "1番", vec![failed_at_the_reader()]).await;
    clinic.later(&b, 47, certificate_as_printed("06010391", "3405")).await; // 50 s
    let mistake = clinic
        .comes_at(FIRST, (9, 45), "1番", vec![failed_at_the_reader(), certificate_as_printed("06010391", "3405")])
        .await;
    clinic.later(&mistake, 1, VisitCommand::Void(Voided { reason: "二重".to_owned() })).await;
    let c = clinic.comes_at(FIRST.plus_days(1), (10, 0), "2番", vec![failed_at_the_reader()]).await;
    clinic.later(&c, 400, certificate_as_printed("06010391", "3405")).await; // 420 s
    let left = clinic.comes_at(FIRST.plus_days(6), (10, 5), "2番", vec![]).await;
    clinic.later(&left, 5, VisitCommand::Leave(LeftWithoutCare { reason: "急用".to_owned() })).await;
    let charged = clinic.comes_at(FIRST.plus_days(6), (11, 0), "", vec![]).await;
    clinic.later(&charged, 5, VisitCommand::AskFullCharge(FullChargeAsked { reason: "何もない".to_owned() })).await;
    clinic.comes_at(SECOND, (9, 0), "1番", vec![certificate_as_printed("06010391", "3405")]).await; // 0 s
    clinic.comes_at(SECOND, (16, 0), "1番", vec![failed_at_the_reader()]).await; // not received
}

#[tokio::test]
async fn the_figures_are_those_counted_by_hand() {
    let clinic = open();
    two_weeks(&clinic).await;
    let view = clinic.statistics(FIRST, SECOND);
    let figures = &view.figures;
    assert_eq!(figures.weeks, [FIRST, SECOND]);
    assert_eq!((figures.visits.total, &figures.visits.by_week), (7, &vec![5, 2]));
    assert_eq!(figures.counters(), ["", "1番", "2番"]);
    assert_eq!(figures.visits.by_counter.values().copied().collect::<Vec<_>>(), [1, 4, 2]);
    assert_eq!(figures.hours(), [9, 10, 11, 16]);
    assert_eq!(figures.visits.by_hour.values().copied().collect::<Vec<_>>(), [3, 2, 1, 1]);

    let (_, reader) = figures.met.iter().find(|(row, _)| row.trouble == Trouble::Reader).unwrap();
    assert_eq!((reader.total, &reader.by_week), (3, &vec![2, 1]));
    assert_eq!((reader.by_counter["1番"], reader.by_counter["2番"]), (2, 1));
    assert_eq!((reader.by_hour[&9], reader.by_hour[&10], reader.by_hour[&16]), (1, 1, 1));
    assert_eq!((figures.of(Trouble::FullCharge), figures.of(Trouble::LeftWithoutCare)), (1, 1));

    assert_eq!(figures.received(), 4);
    assert_eq!(figures.evidence[&EvidenceKind::EligibilityCertificate], 4);
    // 0, 15, 50 and 420 seconds: half within 15, nine tenths within 420
    assert_eq!(figures.waiting(), Some(Waiting { visits: 4, median_s: 15, p90_s: 420 }));

    let named = |visits: &[EndedVisit]| visits.iter().map(|v| (v.day, v.reason.clone())).collect::<Vec<_>>();
    assert_eq!(named(&view.in_full), [(FIRST.plus_days(6), "何もない".to_owned())]);
    assert_eq!(named(&view.left), [(FIRST.plus_days(6), "急用".to_owned())]);

    let second = clinic.statistics(SECOND, SECOND.plus_days(3));
    assert_eq!((second.figures.visits.total, second.in_full.len()), (2, 0));
}

#[tokio::test]
async fn made_again_from_the_record_they_are_the_same() {
    let clinic = open();
    two_weeks(&clinic).await;
    let before = clinic.statistics(FIRST, SECOND);
    let (folder, clock, _) = clinic.stopped().await;
    let location = StoreLocation::in_folder(folder.path()).unwrap();
    for _ in 0..2 {
        make_rows_anew(&location, clock.now());
    }
    // as a box that was installed before there were figures
    let connection = location.open_writer().unwrap();
    connection.execute_batch("DELETE FROM tally_count; UPDATE visit_row SET tally = NULL;").unwrap();
    drop(connection);
    let clinic = Counter::in_folder(folder, &clock);
    assert_eq!(clinic.statistics(FIRST, SECOND), before);
}
