//! What every door does, told as a terminal and a desk would see it.

use crate::other_side::{OtherSide, look, look_until_quiet};
use domain::Date;
use std::future::poll_fn;
use std::task::Poll;
use sync::terminal::message::{Search, SingleRequest};
use sync::terminal::{
    Arrival, ConflictReason, Content, DoorFailure, Expected, Outcome, OutgoingRequest, Pairing, Published, Request,
    Suffix, TerminalDoor, Trouble, UnreadableKind,
};

const SUFFIX: &str = "UK1000000001";
const IDENTIFIER: &str = "A20260401-0001-7f3c";

fn request(number: &str) -> (OutgoingRequest, Expected) {
    let request = Request::Single(SingleRequest {
        confirmation_date: Date::literal(2026, 4, 1),
        institution_code: "1319999990".into(),
        file_identifier: IDENTIFIER.into(),
        search: Search {
            insurer_number: "06139990".into(),
            symbol: Some("見本１２".into()),
            number: number.into(),
            branch_number: Some("02".into()),
            birth_date: Date::literal(1988, 9, 14),
            limit_consent: Some(true),
            identifier: Some("P000417".into()),
        },
    });
    let suffix = Suffix::parse(SUFFIX).unwrap();
    (OutgoingRequest::new(&suffix, &request).unwrap(), Expected::of(&suffix, &request))
}

fn request_name(side: &impl OtherSide) -> String {
    format!("OQSsiquc01req_{SUFFIX}{}", side.ending())
}

fn result_name(side: &impl OtherSide) -> String {
    format!("OQSsiquc01res_{SUFFIX}{}", side.ending())
}

fn is_valid_answer(arrival: &Arrival) -> bool {
    let Content::Answer { received, .. } = &arrival.content else { return false };
    let sync::terminal::Message::Eligibility(result) = &received.message else { return false };
    matches!(result.outcome(), Outcome::Answered(answer) if answer.confirmed().is_some())
}

pub async fn a_request_is_published_once(side: &mut impl OtherSide) {
    let door = side.door();
    let (request, _) = request("3405");
    assert_eq!(door.publish(&request).await, Ok(Published::New));
    let lying = side.requests();
    assert_eq!(lying.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), [request_name(side)]);
    assert_eq!(door.publish(&request).await, Ok(Published::AlreadyThere));
    assert_eq!(side.door().publish(&request).await, Ok(Published::AlreadyThere), "also after a restart");
    assert_eq!(side.requests(), lying);
    side.pick_up(&request_name(side));
    assert_eq!(door.publish(&request).await, Ok(Published::AlreadyThere));
    assert!(side.requests().is_empty(), "picked up is not asked again");
}

pub async fn a_staged_request_is_not_seen_until_it_is_published(side: &mut impl OtherSide) {
    let door = side.door();
    let (request, _) = request("3405");
    assert_eq!(door.stage(&request).await, Ok(()));
    assert!(!is_seen(side), "nothing under the name the terminal looks for");
    let restarted = side.door();
    assert_eq!(restarted.certainly_unseen(&request).await, Ok(true), "a crash before publishing: it may go out");
    assert_eq!(restarted.publish(&request).await, Ok(Published::New));
    assert!(is_seen(side));
}

fn is_seen(side: &impl OtherSide) -> bool {
    side.requests().into_iter().any(|(name, _)| name == request_name(side))
}

pub async fn other_content_is_never_overwritten(side: &mut impl OtherSide) {
    let door = side.door();
    side.lay_request(&request_name(side), b"somebody else's");
    let (ours, _) = request("3405");
    assert_eq!(door.publish(&ours).await, Err(DoorFailure::Refused(Trouble::NameInUse)));
    assert_eq!(side.requests(), [(request_name(side), b"somebody else's".to_vec())]);
    side.pick_up(&request_name(side));
    assert_eq!(door.publish(&ours).await, Ok(Published::New));
    let (changed, _) = request("3406");
    assert_eq!(door.publish(&changed).await, Err(DoorFailure::Refused(Trouble::NameInUse)));
    assert_eq!(side.requests().len(), 1);
}

pub async fn an_answered_request_is_not_published_again(side: &mut impl OtherSide) {
    let (request, _) = request("3405");
    side.lay_result(&result_name(side), &side.answer(IDENTIFIER, 1));
    assert_eq!(side.door().publish(&request).await, Ok(Published::AlreadyAnswered));
    assert!(side.requests().is_empty());
}

pub async fn an_answer_is_delivered_once_and_paired(side: &mut impl OtherSide) {
    let door = side.door();
    let (request, expected) = request("3405");
    door.publish(&request).await.unwrap();
    assert!(look(side, &*door).await.arrivals.is_empty());
    side.pick_up(&request_name(side));
    side.lay_result(&result_name(side), &side.answer(IDENTIFIER, 1));
    let arrivals = look_until_quiet(side, &*door).await;
    let [arrival] = &arrivals[..] else { panic!("{arrivals:?}") };
    assert!(is_valid_answer(arrival) && !arrival.conflict);
    assert_eq!(arrival.raw.0, side.answer(IDENTIFIER, 1));
    assert_eq!(expected.pair(arrival), Pairing::Paired);
}

pub async fn a_late_answer_is_delivered_long_after(side: &mut impl OtherSide) {
    let (request, expected) = request("3405");
    side.door().publish(&request).await.unwrap();
    side.pick_up(&request_name(side));
    let weeks_ms = 21 * 86_400_000;
    side.clock().advance(weeks_ms);
    let door = side.door();
    assert!(look_until_quiet(side, &*door).await.is_empty());
    side.lay_result(&result_name(side), &side.answer(IDENTIFIER, 2));
    let arrivals = look_until_quiet(side, &*door).await;
    assert_eq!(arrivals.iter().map(|arrival| expected.pair(arrival)).collect::<Vec<_>>(), [Pairing::Paired]);
}

pub async fn a_duplicate_answer_is_no_second_arrival(side: &mut impl OtherSide) {
    let door = side.door();
    let answer = side.answer(IDENTIFIER, 1);
    side.lay_result(&result_name(side), &answer);
    assert_eq!(look_until_quiet(side, &*door).await.len(), 1);
    side.lay_result(&result_name(side), &answer);
    assert!(look_until_quiet(side, &*door).await.is_empty());
}

pub async fn the_same_name_with_other_content_is_a_conflict(side: &mut impl OtherSide) {
    let door = side.door();
    let (_, expected) = request("3405");
    side.lay_result(&result_name(side), &side.answer(IDENTIFIER, 1));
    assert_eq!(look_until_quiet(side, &*door).await.len(), 1);
    side.lay_result(&result_name(side), &side.answer(IDENTIFIER, 2));
    let arrivals = look_until_quiet(side, &*door).await;
    let [arrival] = &arrivals[..] else { panic!("{arrivals:?}") };
    assert!(arrival.conflict);
    assert_eq!(expected.pair(arrival), Pairing::Conflict(ConflictReason::ContentChanged));
}

pub async fn a_rejection_comes_with_both_halves(side: &mut impl OtherSide) {
    let door = side.door();
    let (request, expected) = request("3405");
    door.publish(&request).await.unwrap();
    let (name, bytes) = side.requests().remove(0);
    side.pick_up(&name);
    let err_name = format!("OQSsiquc01req_{SUFFIX}.err");
    side.lay_result(&err_name, b"\x8D\xE8 opaque");
    side.lay_result(&name, &bytes);
    let arrivals = look_until_quiet(side, &*door).await;
    let [arrival] = &arrivals[..] else { panic!("{arrivals:?}") };
    let Content::Rejection { rejection, .. } = &arrival.content else { panic!("a rejection") };
    assert_eq!(rejection.err.as_ref().unwrap().0, b"\x8D\xE8 opaque");
    assert_eq!(rejection.request.as_ref().unwrap().file_identifier.as_deref(), Some(IDENTIFIER));
    assert_eq!((arrival.name.as_str(), expected.pair(arrival)), (err_name.as_str(), Pairing::Paired));
}

pub async fn half_a_rejection_is_reported_after_a_time(side: &mut impl OtherSide) {
    let door = side.door();
    side.lay_result(&format!("OQSsiquc01req_{SUFFIX}.err"), b"opaque");
    for _ in 0..3 {
        assert!(look(side, &*door).await.arrivals.is_empty());
    }
    let arrivals = look_until_quiet(side, &*door).await;
    assert!(matches!(&arrivals[..], [Arrival { content: Content::Rejection { rejection, .. }, .. }]
        if rejection.request.is_none() && rejection.err.is_some()));
}

pub async fn an_unreadable_answer_is_reported_once(side: &mut impl OtherSide) {
    let door = side.door();
    let (_, expected) = request("3405");
    let answer = side.answer(IDENTIFIER, 1);
    side.lay_result(&result_name(side), &answer[..answer.len() / 2]);
    let arrivals = look_until_quiet(side, &*door).await;
    let [arrival] = &arrivals[..] else { panic!("{arrivals:?}") };
    let Content::Unreadable { unreadable, .. } = &arrival.content else { panic!("unreadable") };
    assert_eq!(unreadable.kind, UnreadableKind::NotWellFormed);
    assert_eq!(expected.pair(arrival), Pairing::Conflict(ConflictReason::Unreadable));
    assert!(look_until_quiet(side, &*door).await.is_empty());
}

pub async fn an_unexpected_answer_is_delivered_and_not_ours(side: &mut impl OtherSide) {
    let door = side.door();
    let (_, expected) = request("3405");
    let name = format!("OQSsiquc01res_UK1000000777{}", side.ending());
    side.lay_result(&name, &side.answer("nobody-asked", 1));
    let arrivals = look_until_quiet(side, &*door).await;
    let [arrival] = &arrivals[..] else { panic!("{arrivals:?}") };
    assert!(is_valid_answer(arrival));
    assert_eq!(expected.pair(arrival), Pairing::NotOurs);
}

pub async fn a_face_result_is_delivered(side: &mut impl OtherSide) {
    let door = side.door();
    let (_, expected) = request("3405");
    side.lay_face(&format!("OQSsiquc01res_face_20260401091007{}", side.ending()), &side.answer("Qk9HVVNGQUNFMDE", 1));
    let arrivals = look_until_quiet(side, &*door).await;
    let [arrival] = &arrivals[..] else { panic!("{arrivals:?}") };
    let Content::Face { file, .. } = &arrival.content else { panic!("a face result") };
    assert_eq!((file.date(), expected.pair(arrival)), (Some(Date::literal(2026, 4, 1)), Pairing::NotOurs));
}

pub async fn foreign_results_are_counted_and_left_alone(side: &mut impl OtherSide) {
    let door = side.door();
    let names =
        ["OQSsiquc01res_202604010001", "YZKsiquc01res_012604010900"].map(|stem| format!("{stem}{}", side.ending()));
    for name in &names {
        side.lay_result(name, b"theirs");
    }
    let scan = look(side, &*door).await;
    assert_eq!((scan.foreign_results, scan.not_yet), (2, 0));
    assert!(look_until_quiet(side, &*door).await.is_empty());
    assert_eq!(side.results(), names);
}

pub async fn waiting_requests_grow_old(side: &mut impl OtherSide) {
    let door = side.door();
    let (request, _) = request("3405");
    door.publish(&request).await.unwrap();
    let foreign = format!("OQSsiquc01req_202604010001{}", side.ending());
    side.lay_request(&foreign, b"theirs");
    look(side, &*door).await;
    side.clock().advance(89_000);
    let mut waiting = look(side, &*door).await.waiting;
    waiting.sort_by(|a, b| a.name.cmp(&b.name));
    let seen: Vec<(&str, bool)> = waiting.iter().map(|request| (request.name.as_str(), request.ours)).collect();
    assert_eq!(seen, [(foreign.as_str(), false), (request_name(side).as_str(), true)]);
    assert!(waiting.iter().all(|request| request.age_ms >= 90_000), "{waiting:?}");
    side.pick_up(&request_name(side));
    side.pick_up(&foreign);
    assert!(look(side, &*door).await.waiting.is_empty());
}

pub async fn a_restart_delivers_everything_again(side: &mut impl OtherSide) {
    side.lay_result(&result_name(side), &side.answer(IDENTIFIER, 1));
    let first = look_until_quiet(side, &*side.door()).await;
    let again = look_until_quiet(side, &*side.door()).await;
    assert_eq!(first.len(), 1);
    assert_eq!(first, again, "same name, same hash, same content");
}

pub async fn forgetting_delivers_everything_again(side: &mut impl OtherSide) {
    let door = side.door();
    side.lay_result(&result_name(side), &side.answer(IDENTIFIER, 1));
    let first = look_until_quiet(side, &*door).await;
    door.forget_deliveries();
    assert_eq!(look_until_quiet(side, &*door).await, first);
}

pub async fn an_unreachable_door_says_so_and_comes_back(side: &mut impl OtherSide) {
    let door = side.door();
    side.lay_result(&result_name(side), &side.answer(IDENTIFIER, 1));
    assert_eq!(look_until_quiet(side, &*door).await.len(), 1);
    side.cut(true).await;
    assert!(matches!(door.scan().await, Err(DoorFailure::Unreachable(_))));
    side.cut(false).await;
    let other = format!("OQSsiquc01res_UK1000000002{}", side.ending());
    side.lay_result(&other, &side.answer("later", 1));
    let arrivals = look_until_quiet(side, &*door).await;
    let names: Vec<&str> = arrivals.iter().map(|arrival| arrival.name.as_str()).collect();
    assert_eq!(names, [other.as_str()], "the outage is no restart");
}

pub async fn a_request_not_published_is_published_after_the_outage(side: &mut impl OtherSide) {
    let door = side.door();
    let (request, _) = request("3405");
    side.cut(true).await;
    let failure = door.publish(&request).await.unwrap_err();
    assert!(matches!(failure, DoorFailure::Unreachable(_)), "{failure}");
    assert!(failure.staff().ja.contains("保存"));
    side.cut(false).await;
    assert!(side.requests().is_empty());
    assert_eq!(door.publish(&request).await, Ok(Published::New));
    assert_eq!(side.requests().len(), 1);
}

pub async fn a_scan_dropped_half_way_loses_nothing(side: &mut impl OtherSide) {
    let door = side.door();
    let mut arrived = Vec::new();
    let mut laid = Vec::new();
    // A mailbox believes at the first look, a folder at the second: both are dropped at every point of theirs.
    for (wakes, looks_before) in (0..24).flat_map(|wakes| [(wakes, 0), (wakes, 1)]) {
        let name = format!("OQSsiquc01res_UK100000{looks_before}1{wakes:02}{}", side.ending());
        side.lay_result(&name, &side.answer(&name, 1));
        laid.push(name);
        for _ in 0..looks_before {
            arrived.extend(poll_a_few_times(side, &*door, usize::MAX).await);
        }
        arrived.extend(poll_a_few_times(side, &*door, wakes).await);
    }
    laid.sort();
    arrived.extend(look_until_quiet(side, &*door).await);
    let mut names: Vec<String> = arrived.into_iter().map(|arrival| arrival.name).collect();
    names.sort();
    assert_eq!(names, laid);
}

/// Polls a scan until it has been woken so often, and drops it then, whatever it was doing.
async fn poll_a_few_times(side: &impl OtherSide, door: &dyn TerminalDoor, wakes: usize) -> Vec<Arrival> {
    side.clock().advance(1_000);
    let mut scan = door.scan();
    let mut left = wakes;
    poll_fn(|context| match scan.as_mut().poll(context) {
        Poll::Ready(scan) => Poll::Ready(scan.unwrap().arrivals),
        Poll::Pending if left == 0 => Poll::Ready(Vec::new()),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}
