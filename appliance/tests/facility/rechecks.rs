//! A question that more than one box has planned for a later day is asked by one of them.

use crate::support::counter::{Counter, clock_at};
use crate::support::outside::nobody_is_known;
use crate::support::patients::{certificate, check_in, person};
use domain::Date;
use domain::visit::{StaffDecided, VisitCommand};
use uketsuke::desk::Intended;
use web::port::Desk;

fn decided() -> VisitCommand {
    VisitCommand::Decide(StaffDecided { reason: "常連".to_owned() })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_boxes_planned_for_a_day_is_asked_by_the_first_in_line_alone() {
    let one = Counter::first(&clock_at(Date::literal(2026, 3, 2), 10, 0));
    let two = Counter::joining(&one).await;
    let visit = one
        .submit(check_in(None, person("見本　花子", "ミホン ハナコ"), vec![certificate("3405")]))
        .await
        .visit
        .unwrap();
    let asked = one.own_jobs();
    assert_eq!(one.hands_over(&asked[0].job.question, "U00000000001").await, Intended::Yes);
    one.hears(nobody_is_known("U00000000001", one.desk.today())).await;
    one.edit(&visit, decided()).await;
    two.take(one.records()).await;
    two.edit(&visit, decided()).await;
    one.take(two.records()).await;
    let (here, there) = (one.own_jobs(), two.own_jobs());
    assert_eq!((here.len(), there.len()), (1, 1), "each has a plan for a later day");
    let (here, there) = (here[0].job.clone(), there[0].job.clone());
    assert!(here.due_at > one.clock.now().plus_ms(3_600_000));
    assert_eq!(here.due_at.date_in_japan(), there.due_at.date_in_japan());
    assert_ne!(here.due_at, there.due_at, "one comes first, so that the other can hear of it");

    one.clock.set(here.due_at.max(there.due_at));
    let ((first, its), (second, other)) = match here.due_at < there.due_at {
        true => ((&one, here), (&two, there)),
        false => ((&two, there), (&one, here)),
    };
    assert_eq!(first.hands_over(&its.question, "U00000000002").await, Intended::Yes);
    second.take(first.records()).await;
    assert_eq!(second.hands_over(&other.question, "U00000000003").await, Intended::No);
    assert!(second.own_jobs().is_empty(), "it does not come up again");

    // the answer is no help once more: the plan goes on from there
    first.hears(nobody_is_known("U00000000002", first.desk.today())).await;
    second.take(first.records()).await;
    let questions = second.desk.visit(&visit).unwrap().unwrap().state.questions;
    assert_eq!(questions.len(), 2, "asked once at the desk, and once on the planned day: {questions:?}");
}
