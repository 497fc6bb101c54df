//! The record: what was acknowledged is there again, the read model can be made anew, repeated commands take effect once.

use crate::support::counter::{clock_at, desk_in, make_rows_anew, rows_in, staff};
use crate::support::outside::nobody_is_known;
use crate::support::patients::{born, card, certificate, check_in, person};
use domain::coverage::Coverage;
use domain::decision::FollowUpKind;
use domain::eligibility::PersonFace;
use domain::fact::VisitId;
use domain::link::{Link, LinkState, Links};
use domain::trouble::Trouble;
use domain::visit::{CardSeen, FullChargeAsked, VisitCommand, VisitStatus, Voided};
use domain::{Date, Timestamp};
use std::sync::Arc;
use uketsuke::clock::Clock;
use uketsuke::desk::{HandOver, Input, RunningDesk};
use uketsuke::store::{JournalRow, StoreLocation};
use web::port::{Desk, DeskCommand, HistoryQuery, IdempotencyKey, JobState, Saved, SubmitError};

fn clock() -> Clock {
    clock_at(Date::literal(2026, 11, 16), 8, 55)
}

async fn submit(desk: &RunningDesk, key: Option<&str>, command: DeskCommand) -> Result<Saved, SubmitError> {
    desk.submit(&staff(), key.map(|key| IdempotencyKey(key.to_owned())), command).await
}

async fn cut(desk: &RunningDesk, link: Link, now: Timestamp) {
    let row = JournalRow { link, state: LinkState::down(Some(now)), detail: None };
    desk.inbox().send(|reply| Input::Links(vec![row], reply)).await.unwrap().unwrap();
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let first = desk_in(folder.path(), &clock);
    cut(&first, Link::Line, clock.now()).await;
    let birth = Date::literal(1988, 9, 14);
    let saved =
        submit(&first, None, check_in(None, born("見本　花子", "ミホン ハナコ", birth), vec![certificate("3405")]))
            .await
            .unwrap();
    drop(first);

    let again = desk_in(folder.path(), &clock);
    let view = again.visit(&saved.visit.clone().unwrap()).unwrap().unwrap();
    assert_eq!(view.status, VisitStatus::Provisional);
    assert_eq!(view.jobs.len(), 1);
    assert!(matches!(view.jobs[0].state, JobState::WaitingForLink(Link::Line)), "the outage is remembered");
    assert!(view.follow_ups.iter().any(|f| f.kind == FollowUpKind::Recheck));
    assert_eq!(again.journal(10).unwrap().len(), 1);
    for text in ["ミホン", "みほん 19880914", "S63.9.14", "ハナコ", "3405", "見本"] {
        assert_eq!(again.search_patients(text).unwrap().len(), 1, "{text}");
    }
    assert!(again.search_patients("ミホン 1988-09-15").unwrap().is_empty());
}

#[tokio::test]
async fn the_read_model_made_anew_is_identical() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let running = desk_in(folder.path(), &clock);
    for day in 1..=20u8 {
        clock.set(clock.now().plus_ms(60_000));
        let birth = Date::literal(1940 + i16::from(day) * 4, 2, day);
        let commands = if day % 3 == 0 { Vec::new() } else { vec![certificate("3405")] };
        let saved =
            submit(&running, None, check_in(None, born("見本　花子", "ミホン ハナコ", birth), commands)).await.unwrap();
        if day % 3 == 0 {
            let visit = saved.visit.unwrap();
            let asked = VisitCommand::AskFullCharge(FullChargeAsked { reason: "何もお持ちでない".to_owned() });
            let mistaken = VisitCommand::Void(Voided { reason: "二重の受付".to_owned() });
            let commands = if day == 3 { vec![asked, mistaken] } else { vec![asked] };
            submit(&running, None, DeskCommand::Visit { visit, commands }).await.unwrap();
        }
    }
    let troubles = running.troubles().unwrap();
    let asked = troubles.visits.iter().find(|(trouble, _)| *trouble == Trouble::FullCharge).unwrap();
    assert_eq!((asked.1.by_month[0], asked.1.by_month[1], asked.1.total), (5, 0, 5), "one of six was a mistake");
    assert_eq!(troubles.since, Some(Date::literal(2026, 11, 1)));
    drop(running);

    let location = StoreLocation::in_folder(folder.path()).unwrap();
    let before = rows_in(&location);
    assert!(before.len() > 60, "{}", before.len());
    assert_eq!(make_rows_anew(&location, clock.now()), (40, 0));
    assert_eq!(rows_in(&location), before);
}

#[tokio::test]
async fn a_repeated_command_takes_effect_once() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk_in(folder.path(), &clock());
    let command = check_in(None, person("見本　花子", "ミホン ハナコ"), vec![certificate("3405")]);
    let first = submit(&desk, Some("k1"), command.clone()).await.unwrap();
    let second = submit(&desk, Some("k1"), command).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(desk.board(desk.today()).unwrap().rows.len(), 1);
    let other = check_in(None, born("見本　花子", "ベツ ジン", Date::literal(1990, 1, 1)), Vec::new());
    assert!(matches!(submit(&desk, Some("k1"), other).await, Err(SubmitError::KeyReused)));
    let other_number = check_in(None, person("見本　花子", "ミホン ハナコ"), vec![certificate("3406")]);
    assert!(matches!(submit(&desk, Some("k1"), other_number).await, Err(SubmitError::KeyReused)), "one digit differs");
}

#[tokio::test]
async fn the_board_is_read_once_for_all_counters_and_never_lacks_what_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let desk = desk_in(folder.path(), &clock);
    let today = desk.today();
    let empty = desk.shared_board(today).unwrap();
    assert!(empty.rows.is_empty() && Arc::ptr_eq(&empty, &desk.shared_board(today).unwrap()));
    for count in 1..=20u8 {
        let birth = Date::literal(1940, 2, count);
        let comes = born("見本　花子", "ミホン ハナコ", birth);
        let saved = submit(&desk, None, check_in(None, comes, vec![certificate("3405")])).await.unwrap();
        // nobody waits for the revision: whoever was told "saved" sees it in what they ask for next
        let board = desk.shared_board(today).unwrap();
        assert_eq!(board.rows.len(), usize::from(count));
        assert_eq!(board.rows.first().map(|row| &row.visit), saved.visit.as_ref());
        assert_eq!(*board, desk.board(today).unwrap());
        assert!(Arc::ptr_eq(&board, &desk.shared_board(today).unwrap()));
        clock.set(clock.now().plus_ms(60_000));
    }
    assert_eq!(desk.shared_board(today.plus_days(-1)).unwrap().rows.len(), 0, "another day is another board");
    clock.set(clock.now().plus_ms(24 * 3_600_000));
    let next = desk.shared_board(desk.today()).unwrap();
    assert_eq!((next.day, next.rows.len()), (today.plus_days(1), 0), "a new day begins empty");
    assert_eq!(
        next.due_follow_ups,
        desk.board(desk.today()).unwrap().due_follow_ups,
        "what is due is due by the new day"
    );
}

#[tokio::test]
async fn a_refused_command_leaves_nothing_and_the_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk_in(folder.path(), &clock());
    let full_charge = VisitCommand::AskFullCharge(FullChargeAsked { reason: "読み取れない".to_owned() });
    let refused = check_in(None, person("見本　花子", "ミホン ハナコ"), vec![card(), full_charge]);
    let good =
        check_in(None, born("見本　花子", "ミホン タロウ", Date::literal(1980, 1, 2)), vec![certificate("3405")]);
    let (one, two) = tokio::join!(submit(&desk, None, refused), submit(&desk, None, good));
    let Err(SubmitError::Refused { at, why }) = one else { panic!("10割 with the card shown must be refused") };
    assert_eq!(at, "full_charge");
    assert!(why.ja.contains("カード"), "{}", why.ja);
    assert!(two.is_ok());
    assert_eq!(desk.board(desk.today()).unwrap().rows.len(), 1);
    assert!(
        desk.search_patients("ハナコ").unwrap().is_empty(),
        "the patient of the refused check-in is not registered"
    );
}

#[tokio::test]
async fn a_history_is_found_in_memory_or_queued() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk_in(folder.path(), &clock());
    let birth = Date::literal(1988, 9, 14);
    let saved =
        submit(&desk, None, check_in(None, born("見本　花子", "ミホン ハナコ", birth), vec![certificate("3405")]))
            .await
            .unwrap();
    let query = |kana: &str, coverage: Coverage| {
        DeskCommand::LookUpHistory(HistoryQuery {
            person: born("見本　花子", kana, birth),
            patient_number: None,
            coverage,
        })
    };
    let found = submit(&desk, None, query("ﾐﾎﾝ ﾊﾅｺ", Coverage::EMPTY)).await.unwrap();
    assert_eq!(found.found, [saved.patient.unwrap()]);
    assert!(found.question.is_none());

    let queued = submit(&desk, None, query("ダレカ", Coverage::EMPTY)).await.unwrap();
    assert!(queued.found.is_empty());
    let waiting = |desk: &RunningDesk| {
        let open = desk.queue().unwrap().open;
        open.iter().filter(|job| matches!(job.state, JobState::WaitingForOthers(_))).count()
    };
    assert_eq!(waiting(&desk), 1);
    let known = check_in(None, PersonFace { name: None, ..born("見本　花子", "ダレカ", birth) }, Vec::new());
    submit(&desk, None, known).await.unwrap();
    assert_eq!(waiting(&desk), 0, "the lookup is answered once this box knows");
}

#[tokio::test]
async fn a_clock_that_jumps_back_keeps_the_order_of_what_happened() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let desk = desk_in(folder.path(), &clock);
    let saved = submit(&desk, None, check_in(None, person("見本　花子", "ミホン ハナコ"), Vec::new())).await.unwrap();
    let visit: VisitId = saved.visit.unwrap();
    clock.set(clock.now().plus_ms(-3_600_000));
    let seen = |day| {
        VisitCommand::NoteCard(CardSeen { certificate_expiry: Some(Date::literal(2030, 1, day)), registered: None })
    };
    for day in [5, 9] {
        let command = DeskCommand::Visit { visit: visit.clone(), commands: vec![seen(day)] };
        submit(&desk, None, command).await.unwrap();
    }
    let view = desk.visit(&visit).unwrap().unwrap();
    assert_eq!(view.state.certificate_expiry, Some(Date::literal(2030, 1, 9)));
    assert_eq!(view.history[0].fact.kind(), "opened");
    assert_eq!(desk.links().links, Links::UNKNOWN);
}

#[test]
fn the_file_is_encrypted_and_the_key_is_for_the_service_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let location = StoreLocation::in_folder(folder.path()).unwrap();
    drop(location.open_writer().unwrap());
    let database = std::fs::read(folder.path().join("record.db")).unwrap();
    assert!(!database.starts_with(b"SQLite format 3"));
    let key = folder.path().join("record.key");
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);

    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(StoreLocation::in_folder(folder.path()).is_err(), "a key that others may read is refused");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&key, [9u8; 32]).unwrap();
    let wrong = StoreLocation::in_folder(folder.path()).unwrap();
    assert!(wrong.open_writer().is_err(), "a wrong key opens nothing");
}

#[tokio::test]
async fn an_answer_that_is_no_help_is_asked_for_again_on_the_planned_days() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let desk = desk_in(folder.path(), &clock);
    let saved = submit(&desk, None, check_in(None, person("見本　花子", "ミホン ハナコ"), vec![certificate("3405")]))
        .await
        .unwrap();
    let first = desk.queue().unwrap().open.remove(0);
    let hand_over = HandOver::one(first.job, "U00000000001", "i", desk.now());
    desk.inbox().send(|reply| Input::Intend(hand_over, reply)).await.unwrap().unwrap();
    let heard = nobody_is_known("U00000000001", desk.today());
    for _again in 0..2 {
        let heard = heard.clone();
        desk.inbox().send(|reply| Input::Heard(Box::new(heard), reply)).await.unwrap().unwrap();
    }
    let open = desk.queue().unwrap().open;
    assert_eq!(open.len(), 1, "the same file again asks nothing more");
    let tuesday = Timestamp::in_japan(Date::literal(2026, 11, 17), 6, 0, 0);
    assert!(matches!(open[0].state, JobState::WaitingUntil(at) if at == tuesday), "{:?}", open[0].state);
    let view = desk.visit(&saved.visit.unwrap()).unwrap().unwrap();
    assert!(view.follow_ups.iter().any(|f| f.kind == FollowUpKind::CallInsurer), "{:?}", view.follow_ups);
    assert!(!view.follow_ups.is_empty());
}
