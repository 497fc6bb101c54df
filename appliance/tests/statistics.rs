//! The figures of a site against figures counted by hand; the same after the rows were made again, and fast with many visits.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::case::{Attempt, AttemptOutcome, Flow, Presented, Site, SiteKind};
use domain::coverage::Coverage;
use domain::eligibility::PersonFace;
use domain::evidence::EvidenceKind;
use domain::fact::{Author, VisitId};
use domain::number::{InsuredNumber, InsurerNumber};
use domain::rule::RulePack;
use domain::tally::Waiting;
use domain::trouble::Trouble;
use domain::visit::{AttemptFailed, DocumentPresented, FullChargeAsked, LeftWithoutCare, VisitCommand, Voided};
use domain::{Date, Timestamp};
use sync::outbox::Patience;
use tempfile::TempDir;
use uketsuke::clock::Clock;
use uketsuke::desk::{DeskSettings, RunningDesk};
use uketsuke::store::{StoreLocation, Writing, rebuild};
use web::port::*;

/// A Monday.
const FIRST: Date = Date::literal(2026, 11, 9);
const SECOND: Date = Date::literal(2026, 11, 16);

struct Clinic {
    folder: TempDir,
    clock: Clock,
    desk: RunningDesk,
}

fn staff() -> Account {
    Account::new(Author::new("staff-1"), "受付")
}

impl Clinic {
    fn open() -> Clinic {
        let folder = tempfile::tempdir().unwrap();
        let location = StoreLocation::in_folder(folder.path()).unwrap();
        let settings = DeskSettings {
            site: Site::of(SiteKind::Clinic),
            rules: RulePack::built_in(),
            patience: Patience::default(),
        };
        let clock = Clock::by_hand(Timestamp::in_japan(FIRST, 8, 55, 0));
        Clinic { desk: RunningDesk::start(&location, settings, clock.clone()).unwrap(), clock, folder }
    }

    /// Somebody new comes to a counter at a time of a day.
    async fn comes(&self, day: Date, time: (u8, u8), counter: &str, commands: Vec<VisitCommand>) -> VisitId {
        self.clock.set(Timestamp::in_japan(day, time.0, time.1, 0));
        let person = PersonFace {
            name: Some("見本 花子".to_owned()),
            name_kana: Some("ミホン ハナコ".to_owned()),
            birth_date: Some(Date::literal(1980, 5, 5)),
            ..PersonFace::EMPTY
        };
        let counter = Some(counter.to_owned()).filter(|name| !name.is_empty());
        let flow = Flow::Window;
        let check_in = CheckIn { patient: None, patient_number: None, person, flow, counter, commands };
        self.desk.submit(&staff(), None, DeskCommand::CheckIn(Box::new(check_in))).await.unwrap().visit.unwrap()
    }

    /// Something happens to a visit so many seconds after the last thing.
    async fn later(&self, visit: &VisitId, seconds: i64, command: VisitCommand) {
        self.clock.set(self.clock.now().plus_ms(seconds * 1_000));
        let command = DeskCommand::Visit { visit: visit.clone(), commands: vec![command] };
        self.desk.submit(&staff(), None, command).await.unwrap();
    }

    fn statistics(&self, from: Date, to: Date) -> Statistics {
        self.desk.statistics(&StatisticsQuery { from, to }).unwrap()
    }
}

fn certificate() -> VisitCommand {
    let coverage = Coverage {
        insurer_number: Some(InsurerNumber::parse_overridden("06010391").unwrap().value),
        insured_number: Some(InsuredNumber::parse("3405").unwrap().value),
        override_reason: Some("証の印字のとおり".to_owned()),
        ..Coverage::EMPTY
    };
    let presented = Presented { coverage, ..Presented::bare(EvidenceKind::EligibilityCertificate) };
    VisitCommand::Present(DocumentPresented { presented })
}

fn failed_at_the_reader() -> VisitCommand {
    let attempt = Attempt { kind: EvidenceKind::MynaCardFace, outcome: AttemptOutcome::Failed };
    VisitCommand::ReportAttempt(AttemptFailed { attempt })
}

/// Two weeks: five visits in the first, two in the second, and one that was a mistake.
async fn two_weeks(clinic: &Clinic) {
    let a = clinic.comes(FIRST, (9, 0), "1番", vec![]).await;
    clinic.later(&a, 12, certificate()).await; // 15 s
    let b = clinic.comes(FIRST, (9, 30), "1番", vec![failed_at_the_reader()]).await;
    clinic.later(&b, 47, certificate()).await; // 50 s
    let mistake = clinic.comes(FIRST, (9, 45), "1番", vec![failed_at_the_reader(), certificate()]).await;
    clinic.later(&mistake, 1, VisitCommand::Void(Voided { reason: "二重".to_owned() })).await;
    let c = clinic.comes(FIRST.plus_days(1), (10, 0), "2番", vec![failed_at_the_reader()]).await;
    clinic.later(&c, 400, certificate()).await; // 420 s
    let left = clinic.comes(FIRST.plus_days(6), (10, 5), "2番", vec![]).await;
    clinic.later(&left, 5, VisitCommand::Leave(LeftWithoutCare { reason: "急用".to_owned() })).await;
    let charged = clinic.comes(FIRST.plus_days(6), (11, 0), "", vec![]).await;
    clinic.later(&charged, 5, VisitCommand::AskFullCharge(FullChargeAsked { reason: "何もない".to_owned() })).await;
    clinic.comes(SECOND, (9, 0), "1番", vec![certificate()]).await; // 0 s
    clinic.comes(SECOND, (16, 0), "1番", vec![failed_at_the_reader()]).await; // not received
}

#[tokio::test]
async fn the_figures_are_those_counted_by_hand() {
    let clinic = Clinic::open();
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
    let clinic = Clinic::open();
    two_weeks(&clinic).await;
    let before = clinic.statistics(FIRST, SECOND);
    let Clinic { folder, clock, desk } = clinic;
    desk.stop().await;
    let location = StoreLocation::in_folder(folder.path()).unwrap();
    {
        let mut connection = location.open_writer().unwrap();
        let writer = sync::replica::Writer::from_random([7; 16]);
        for _ in 0..2 {
            let transaction = connection.transaction().unwrap();
            rebuild(&Writing::inside(&transaction, location.vault()), &RulePack::built_in(), &writer, clock.now())
                .unwrap();
            transaction.commit().unwrap();
        }
        // as a box that was installed before there were figures
        connection.execute_batch("DELETE FROM tally_count; UPDATE visit_row SET tally = NULL;").unwrap();
    }
    let settings =
        DeskSettings { site: Site::of(SiteKind::Clinic), rules: RulePack::built_in(), patience: Patience::default() };
    let desk = RunningDesk::start(&location, settings, clock).unwrap();
    assert_eq!(desk.statistics(&StatisticsQuery { from: FIRST, to: SECOND }).unwrap(), before);
}
