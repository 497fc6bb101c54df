//! Forgetting with real stores: what is past its period, and patients that are deleted; here, at the other box, and in copies.

use crate::support::counter::{Counter, clock_at};
use domain::{Date, Timestamp};
use std::path::Path;
use sync::feed::{Arrival, FeedLog, MemoryDisk, MemoryLog, Outcome, Term};
use sync::seal::{BoxId, RecordKind, SealedRecord};
use uketsuke::desk::Input;
use uketsuke::store::{Reading, StoreLocation};
use web::port::{Desk, DeskCommand, ForgetPatient, ForgetReason, ForgottenWhy, SubmitError};

const DAY_MS: i64 = 24 * 3_600_000;
const MARCH: Date = Date::literal(2026, 3, 2);

impl Counter {
    /// On so many nights in a row, up to this one.
    pub async fn looks_for_what_is_due(&self, last: Date, nights: i32) {
        for back in (0..nights).rev() {
            self.clock.set(Timestamp::in_japan(last.plus_days(-back), 2, 0, 0));
            self.desk.inbox().send(Input::ForgetWhatIsDue).await.unwrap().unwrap();
        }
    }

    fn knows(&self, kana: &str) -> bool {
        !self.desk.search_patients(kana).unwrap().is_empty()
    }
}

async fn meet(one: &Counter, two: &Counter) {
    two.take(one.records()).await;
    one.take(two.records()).await;
    two.take(one.records()).await;
}

/// What a hub keeps: it cannot open anything, and obeys.
fn hub_of(counter: &Counter, before: MemoryDisk) -> MemoryLog {
    let hub = MemoryLog::open(BoxId::from_bytes([9; 16]), before, Term::from_bytes([7; 16]));
    let gate = counter.desk.vault().gate();
    let arrival = |record: SealedRecord| Arrival { standing: gate.admit(&record).unwrap(), record };
    hub.append(&counter.records().into_iter().map(arrival).collect::<Vec<_>>(), None).unwrap();
    hub
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.metadata().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_past_its_period_goes_everywhere_and_copies_open_nothing_of_it() {
    let clock = clock_at(MARCH, 10, 0);
    let one = Counter::first(&clock);
    let two = Counter::joining(&one).await;
    one.receive(None, "ミホン ハナコ").await;
    let returning = one.receive(None, "ミホン タロウ").await.1;
    meet(&one, &two).await;
    assert_eq!(one.rows(), two.rows());
    let hub_then = hub_of(&one, MemoryDisk::default());
    let copied: Vec<SealedRecord> = one.records();
    let two = two.restarted().await;
    let old_disk = tempfile::tempdir().unwrap();
    two.desk.stop().await;
    copy_folder(two.folder.path(), old_disk.path());
    let two = two.restarted().await;

    // five years and a bit later; one patient has just come again
    let today = Date::literal(2031, 4, 10);
    clock.set(Timestamp::in_japan(today.plus_days(-20), 10, 0, 0));
    one.receive(Some(&returning), "").await;
    one.looks_for_what_is_due(today.plus_days(-1), 6).await;
    assert!(one.knows("ミホン ハナコ"), "six steady nights are not enough");
    one.looks_for_what_is_due(today, 1).await;
    assert!(!one.knows("ミホン ハナコ"));
    assert!(one.knows("ミホン タロウ"), "whoever came again lives on");
    assert!(one.desk.board(MARCH).unwrap().rows.is_empty());
    assert_eq!(one.desk.board(today.plus_days(-20)).unwrap().rows.len(), 1);

    let done = one.desk.forgetting().unwrap().done;
    assert!(
        done.iter()
            .all(|gone| matches!(gone.why, ForgottenWhy::Retention { month, .. } if month == MARCH.first_of_month()))
    );
    assert!(!format!("{done:?}").contains("ミホン"));
    assert_eq!(done.len(), 2, "visits and patients of one month");

    meet(&one, &two).await;
    assert_eq!(one.rows(), two.rows());
    assert!(!two.knows("ミホン ハナコ"), "what went on one box goes on the other");
    assert!(one.knows("ミホン タロウ"), "the box that sealed anew still knows");
    assert!(two.knows("ミホン タロウ"), "and so does the other");
    assert!(two.desk.vault().destroyed_keys() >= 2);

    // the hub obeys; what somebody copied from it before, and a disk as it was before, open nothing with the keys as they are now
    let hub = hub_of(&one, hub_then.disk());
    let left: Vec<_> = hub.disk().hashes().collect();
    let of_march: Vec<&SealedRecord> =
        copied.iter().filter(|record| record.header().kind == RecordKind::CHANGE).collect();
    assert!(!of_march.is_empty() && of_march.iter().all(|record| !left.contains(&record.hash())));
    for file in ["facility.key", "identity.key"] {
        std::fs::copy(two.folder.path().join(file), old_disk.path().join(file)).unwrap();
    }
    let location = StoreLocation::in_folder(old_disk.path()).unwrap();
    assert_eq!(location.vault().id(), two.desk.vault().id());
    let connection = location.open_reader().unwrap();
    let reading = Reading::over(&connection, location.vault());
    assert!(reading.documents().unwrap().is_empty(), "no document of that time opens");

    // nor do the rows, as soon as the box was started once more: the database has another key by then
    drop(connection);
    let two = two.restarted().await;
    assert!(two.knows("ミホン タロウ"), "the box itself reads on");
    std::fs::copy(two.folder.path().join("record.key"), old_disk.path().join("record.key")).unwrap();
    assert!(StoreLocation::in_folder(old_disk.path()).unwrap().open_reader().is_err());

    // what comes late is refused, also after a restart
    let one = one.restarted().await;
    let late = one.take(copied.clone()).await;
    assert!(late.iter().filter(|outcome| **outcome == Outcome::Forgotten).count() >= of_march.len());
    assert!(!one.knows("ミホン ハナコ"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_was_away_keeps_what_only_it_knows_of_a_patient_who_came_again() {
    let clock = clock_at(MARCH, 10, 0);
    let one = Counter::first(&clock);
    let two = Counter::joining(&one).await;
    let patient = one.receive(None, "ミホン ハナコ").await.1;
    meet(&one, &two).await;
    let today = Date::literal(2031, 4, 10);
    clock.set(Timestamp::in_japan(today.plus_days(-90), 10, 0, 0));
    two.receive(Some(&patient), "").await;
    one.looks_for_what_is_due(today, 7).await;
    assert!(!one.knows("ミホン ハナコ"), "this box has not heard that the patient came again");
    meet(&one, &two).await;
    meet(&one, &two).await;
    assert_eq!(one.rows(), two.rows());
    assert!(
        one.knows("ミホン ハナコ") && two.knows("ミホン ハナコ"),
        "name and numbers were sealed anew where they were known"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_years_ahead_by_mistake_destroys_nothing() {
    let clock = clock_at(MARCH, 10, 0);
    let one = Counter::first(&clock);
    one.receive(None, "ミホン ハナコ").await;
    one.looks_for_what_is_due(MARCH.plus_days(30), 30).await;
    one.looks_for_what_is_due(Date::literal(2046, 1, 3), 3).await;
    assert!(one.knows("ミホン ハナコ"));
    one.looks_for_what_is_due(MARCH.plus_days(40), 9).await;
    assert!(one.knows("ミホン ハナコ"), "the clock was set right again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_whose_clock_was_years_ahead_for_weeks_costs_the_others_nothing() {
    let at = || clock_at(MARCH, 10, 0);
    let (right, wrong) = (at(), at());
    let one = Counter::first(&right);
    let two = Counter::joining_by(&one, &wrong).await;
    one.receive(None, "ミホン ハナコ").await;
    meet(&one, &two).await;
    assert!(two.knows("ミホン ハナコ"));
    two.looks_for_what_is_due(Date::literal(2046, 2, 1), 30).await;
    assert!(!two.knows("ミホン ハナコ"), "it believes its clock");
    one.take(two.records()).await;
    assert!(one.knows("ミホン ハナコ"), "the others believe theirs");
    assert_eq!(one.desk.board(MARCH).unwrap().rows.len(), 1);
    let one = one.restarted().await;
    assert!(one.knows("ミホン ハナコ") && one.desk.vault().destroyed_keys() < two.desk.vault().destroyed_keys());

    // When the time has really come, it goes here too.
    one.looks_for_what_is_due(Date::literal(2031, 4, 10), 7).await;
    assert!(!one.knows("ミホン ハナコ"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_patient_is_gone_everywhere_and_only_the_fact_stays() {
    let clock = clock_at(MARCH, 10, 0);
    let one = Counter::first(&clock);
    let two = Counter::joining(&one).await;
    let (visit, patient) = one.receive(None, "ミホン ハナコ").await;
    one.receive(None, "ミホン タロウ").await;
    meet(&one, &two).await;
    let hub_then = hub_of(&one, MemoryDisk::default());
    let before = one.records();

    let preview = one.desk.forget_preview(&patient).unwrap().unwrap();
    assert_eq!((preview.visits.len(), preview.kept_until), (1, Some(Date::literal(2031, 3, 31))));
    let forget = |despite_retention| {
        let reason = ForgetReason::Request;
        DeskCommand::ForgetPatient(ForgetPatient { patient: patient.clone(), reason, despite_retention })
    };
    let refused = one.try_to(forget(false)).await;
    assert!(matches!(refused, Err(SubmitError::Refused { at, .. }) if at == "despite_retention"));
    assert!(one.knows("ミホン ハナコ"), "nothing was deleted");
    one.submit(forget(true)).await;
    assert!(!one.knows("ミホン ハナコ") && one.knows("ミホン タロウ"));
    assert!(one.desk.patient(&patient).unwrap().is_none() && one.desk.visit(&visit).unwrap().is_none());
    assert_eq!(one.desk.board(MARCH).unwrap().rows.len(), 1);
    assert!(one.desk.queue().unwrap().open.iter().all(|job| job.visit.as_ref() != Some(&visit)));
    let again = one.try_to(forget(true)).await;
    assert!(matches!(again, Err(SubmitError::NotFound("patient"))));

    // the other box was away for 90 days
    clock.set(clock.now().plus_ms(90 * DAY_MS));
    two.receive(None, "ミホン ジロウ").await;
    meet(&one, &two).await;
    assert_eq!(one.rows(), two.rows());
    assert!(!two.knows("ミホン ハナコ") && one.knows("ミホン ジロウ"));
    let hub = hub_of(&one, hub_then.disk());
    let left: Vec<_> = hub.disk().hashes().collect();
    assert!(before.iter().any(|record| !left.contains(&record.hash())));
    for counter in [&one, &two] {
        assert!(counter.take(before.clone()).await.contains(&Outcome::Forgotten), "late records are refused");
        assert!(!counter.knows("ミホン ハナコ"));
        let notes = counter.desk.forgetting().unwrap().done;
        assert_eq!((notes.len(), notes[0].documents), (1, 2), "{notes:?}");
        assert!(!format!("{notes:?}").contains("ミホン") && !format!("{notes:?}").contains(patient.as_str()));
    }
    assert_eq!(one.desk.forgetting().unwrap().done[0].why, ForgottenWhy::Patient(ForgetReason::Request));
    assert_eq!(two.desk.forgetting().unwrap().done[0].why, ForgottenWhy::OtherBox);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_received_elsewhere_meanwhile_is_kept_for_the_claim_and_said() {
    let clock = clock_at(MARCH, 10, 0);
    let one = Counter::first(&clock);
    let two = Counter::joining(&one).await;
    let patient = one.receive(None, "ミホン ハナコ").await.1;
    meet(&one, &two).await;
    let meanwhile = two.receive(Some(&patient), "").await.0;
    let reason = ForgetReason::Double;
    let forget = ForgetPatient { patient: patient.clone(), reason, despite_retention: true };
    one.submit(DeskCommand::ForgetPatient(forget.clone())).await;
    meet(&one, &two).await;
    assert_eq!(one.rows(), two.rows());
    for counter in [&one, &two] {
        assert_eq!(counter.desk.forgetting().unwrap().left_over, [(meanwhile.clone(), patient.clone())]);
    }
    two.submit(DeskCommand::ForgetPatient(forget)).await;
    meet(&one, &two).await;
    assert!(one.desk.forgetting().unwrap().left_over.is_empty() && one.desk.visit(&meanwhile).unwrap().is_none());
}
