//! What staff read on the two pages that matter most.

use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use crate::support::scenes::monday_morning;

#[tokio::test]
async fn the_board_of_a_monday_morning() {
    let desk = MemoryDesk::new();
    monday_morning(&desk);
    let board = Browser::inside(&desk).open("/").await;
    insta::assert_snapshot!(board.text());
}

#[tokio::test]
async fn a_known_patient_with_the_card_while_the_line_is_down() {
    let desk = MemoryDesk::new();
    let visit = monday_morning(&desk).open_card;
    let page = Browser::inside(&desk).open(&format!("/visits/{visit}")).await;
    let text = page.text();
    let ladder = text.split("医療証・受給者証（公費等）").next().expect("the ladder");
    insta::assert_snapshot!(ladder);
}
