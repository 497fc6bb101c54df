//! One contract for every door: the same scenarios against folders and against HTTPS.
#![allow(clippy::unwrap_used)]

mod folder_side;
mod https_side;
mod other_side;
mod scenarios;
mod trust;

use folder_side::FolderSide;
use https_side::HttpsSide;

/// Every scenario once per door.
macro_rules! contract {
    ($($scenario:ident,)*) => {
        mod folder {
            $(#[tokio::test]
            async fn $scenario() {
                super::scenarios::$scenario(&mut super::FolderSide::new()).await;
            })*
        }
        mod https {
            $(#[tokio::test]
            async fn $scenario() {
                super::scenarios::$scenario(&mut super::HttpsSide::new().await).await;
            })*
        }
    };
}

contract! {
    a_request_is_published_once,
    a_staged_request_is_not_seen_until_it_is_published,
    other_content_is_never_overwritten,
    an_answered_request_is_not_published_again,
    an_answer_is_delivered_once_and_paired,
    a_late_answer_is_delivered_long_after,
    a_duplicate_answer_is_no_second_arrival,
    the_same_name_with_other_content_is_a_conflict,
    a_rejection_comes_with_both_halves,
    half_a_rejection_is_reported_after_a_time,
    an_unreadable_answer_is_reported_once,
    an_unexpected_answer_is_delivered_and_not_ours,
    a_face_result_is_delivered,
    foreign_results_are_counted_and_left_alone,
    waiting_requests_grow_old,
    a_restart_delivers_everything_again,
    forgetting_delivers_everything_again,
    an_unreachable_door_says_so_and_comes_back,
    a_request_not_published_is_published_after_the_outage,
    a_scan_dropped_half_way_loses_nothing,
}
