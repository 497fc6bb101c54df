//! The record: what was acknowledged is there again, the read model can be made anew, repeated commands take effect once.
#![allow(clippy::unwrap_used, missing_docs)]

use domain::case::{Flow, Presented, Site, SiteKind};
use domain::coverage::Coverage;
use domain::decision::FollowUpKind;
use domain::eligibility::PersonFace;
use domain::evidence::EvidenceKind;
use domain::fact::{Author, VisitId};
use domain::link::{Link, LinkState, Links};
use domain::number::{InsuredNumber, InsurerNumber};
use domain::rule::RulePack;
use domain::trouble::Trouble;
use domain::visit::{CardSeen, DocumentPresented, FullChargeAsked, VisitCommand, VisitStatus, Voided};
use domain::{Date, Timestamp};
use std::path::Path;
use std::sync::Arc;
use sync::outbox::Patience;
use uketsuke::clock::Clock;
use uketsuke::desk::{DeskSettings, Input, RunningDesk};
use uketsuke::store::{JournalRow, StoreLocation, Writing, rebuild};
use web::port::{Account, CheckIn, Desk, DeskCommand, HistoryQuery, IdempotencyKey, JobState, Saved, SubmitError};

fn desk(folder: &Path, clock: &Clock) -> RunningDesk {
    let location = StoreLocation::in_folder(folder).unwrap();
    let settings =
        DeskSettings { site: Site::of(SiteKind::Clinic), rules: RulePack::built_in(), patience: Patience::default() };
    RunningDesk::start(&location, settings, clock.clone()).unwrap()
}

fn clock() -> Clock {
    Clock::by_hand(Timestamp::in_japan(Date::literal(2026, 11, 16), 8, 55, 0))
}

fn staff() -> Account {
    Account::new(Author::new("staff-1"), "受付")
}

fn person(kana: &str, birth: Date) -> PersonFace {
    PersonFace {
        name: Some("見本　花子".to_owned()),
        name_kana: Some(kana.to_owned()),
        birth_date: Some(birth),
        ..PersonFace::EMPTY
    }
}

fn certificate() -> VisitCommand {
    certificate_with("3405")
}

fn certificate_with(insured_number: &str) -> VisitCommand {
    let coverage = Coverage {
        insurer_number: Some(InsurerNumber::parse("06010391").unwrap().value),
        insured_number: Some(InsuredNumber::parse(insured_number).unwrap().value),
        ..Coverage::EMPTY
    };
    let presented = Presented { coverage, ..Presented::bare(EvidenceKind::EligibilityCertificate) };
    VisitCommand::Present(DocumentPresented { presented })
}

fn check_in(person: PersonFace, commands: Vec<VisitCommand>) -> DeskCommand {
    DeskCommand::CheckIn(Box::new(CheckIn {
        patient: None,
        patient_number: None,
        person,
        flow: Flow::Window,
        counter: None,
        commands,
    }))
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
    let first = desk(folder.path(), &clock);
    cut(&first, Link::Line, clock.now()).await;
    let birth = Date::literal(1988, 9, 14);
    let saved = submit(&first, None, check_in(person("ミホン ハナコ", birth), vec![certificate()])).await.unwrap();
    drop(first);

    let again = desk(folder.path(), &clock);
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
    let running = desk(folder.path(), &clock);
    for day in 1..=20u8 {
        clock.set(clock.now().plus_ms(60_000));
        let birth = Date::literal(1940 + i16::from(day) * 4, 2, day);
        let commands = if day % 3 == 0 { Vec::new() } else { vec![certificate()] };
        let saved = submit(&running, None, check_in(person("ミホン ハナコ", birth), commands)).await.unwrap();
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
    let mut connection = location.open_writer().unwrap();
    let before = uketsuke::store::Reading::over(&connection, location.vault()).dump_read_model().unwrap();
    assert!(before.len() > 60, "{}", before.len());
    let transaction = connection.transaction().unwrap();
    let writer = sync::replica::Writer::from_random([7; 16]);
    let (documents, quarantined) =
        rebuild(&Writing::inside(&transaction, location.vault()), &RulePack::built_in(), &writer, clock.now()).unwrap();
    transaction.commit().unwrap();
    assert_eq!((documents, quarantined), (40, 0));
    let after = uketsuke::store::Reading::over(&connection, location.vault()).dump_read_model().unwrap();
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_repeated_command_takes_effect_once() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path(), &clock());
    let command = check_in(person("ミホン ハナコ", Date::literal(1988, 9, 14)), vec![certificate()]);
    let first = submit(&desk, Some("k1"), command.clone()).await.unwrap();
    let second = submit(&desk, Some("k1"), command).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(desk.board(desk.today()).unwrap().rows.len(), 1);
    let other = check_in(person("ベツ ジン", Date::literal(1990, 1, 1)), Vec::new());
    assert!(matches!(submit(&desk, Some("k1"), other).await, Err(SubmitError::KeyReused)));
    let other_number = check_in(person("ミホン ハナコ", Date::literal(1988, 9, 14)), vec![certificate_with("3406")]);
    assert!(matches!(submit(&desk, Some("k1"), other_number).await, Err(SubmitError::KeyReused)), "one digit differs");
}

#[tokio::test]
async fn the_board_is_read_once_for_all_counters_and_never_lacks_what_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let desk = desk(folder.path(), &clock);
    let today = desk.today();
    let empty = desk.shared_board(today).unwrap();
    assert!(empty.rows.is_empty() && Arc::ptr_eq(&empty, &desk.shared_board(today).unwrap()));
    for count in 1..=20u8 {
        let birth = Date::literal(1940, 2, count);
        let saved = submit(&desk, None, check_in(person("ミホン ハナコ", birth), vec![certificate()])).await.unwrap();
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
    let desk = desk(folder.path(), &clock());
    let card = VisitCommand::Present(DocumentPresented { presented: Presented::bare(EvidenceKind::MynaCardFace) });
    let full_charge = VisitCommand::AskFullCharge(FullChargeAsked { reason: "読み取れない".to_owned() });
    let refused = check_in(person("ミホン ハナコ", Date::literal(1988, 9, 14)), vec![card, full_charge]);
    let good = check_in(person("ミホン タロウ", Date::literal(1980, 1, 2)), vec![certificate()]);
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
    let desk = desk(folder.path(), &clock());
    let birth = Date::literal(1988, 9, 14);
    let saved = submit(&desk, None, check_in(person("ミホン ハナコ", birth), vec![certificate()])).await.unwrap();
    let query = |kana: &str, coverage: Coverage| {
        DeskCommand::LookUpHistory(HistoryQuery { person: person(kana, birth), patient_number: None, coverage })
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
    let known = DeskCommand::CheckIn(Box::new(CheckIn {
        patient: None,
        patient_number: None,
        person: PersonFace { name: None, ..person("ダレカ", birth) },
        flow: Flow::Window,
        counter: None,
        commands: Vec::new(),
    }));
    submit(&desk, None, known).await.unwrap();
    assert_eq!(waiting(&desk), 0, "the lookup is answered once this box knows");
}

#[tokio::test]
async fn a_clock_that_jumps_back_keeps_the_order_of_what_happened() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let desk = desk(folder.path(), &clock);
    let saved =
        submit(&desk, None, check_in(person("ミホン ハナコ", Date::literal(1988, 9, 14)), Vec::new())).await.unwrap();
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
    use domain::eligibility::{AskedBy, EligibilityStatus, OnlineAnswer};
    use uketsuke::desk::{HandOver, Heard, HeardWhat};
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let desk = desk(folder.path(), &clock);
    let saved = submit(&desk, None, check_in(person("ミホン ハナコ", Date::literal(1988, 9, 14)), vec![certificate()]))
        .await
        .unwrap();
    let first = desk.queue().unwrap().open.remove(0);
    let hand_over = HandOver::one(first.job, "U00000000001", "i", desk.now());
    desk.inbox().send(|reply| Input::Intend(hand_over, reply)).await.unwrap().unwrap();
    let answer = OnlineAnswer {
        status: EligibilityStatus::NotFound,
        asked_by: Some(AskedBy::Number),
        confirmed_for: desk.today(),
        obtained_at: None,
        results: Vec::new(),
        consents: Vec::new(),
        reference_number: None,
        note: None,
    };
    let what = HeardWhat::Answered { suffix: "U00000000001".to_owned(), answer: Box::new(answer) };
    let heard = Heard { name: "OQSsiquc01res_U00000000001.xml".to_owned(), sha256: [1; 32], what };
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
