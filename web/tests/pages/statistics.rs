//! The figures of the site, their file for outside, and the range they are asked for.

use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use crate::support::people;
use crate::support::scenes::{card, monday_morning, open};
use domain::visit::{FullChargeAsked, LeftWithoutCare, VisitCommand};
use http::StatusCode;
use web::port::DeskCommand;

/// The morning, and two visits that ended as none should.
fn morning_with_ends(desk: &MemoryDesk) {
    monday_morning(desk);
    let left = open(desk, None, people::hanako(), vec![card()]);
    let reason = "待ち時間が長いと言って帰られた".to_owned();
    let command = VisitCommand::Leave(LeftWithoutCare { reason });
    desk.keep(DeskCommand::Visit { visit: left, commands: vec![command] });
    let charged = open(desk, None, people::hanako(), Vec::new());
    let reason = "何もお持ちでなく初診".to_owned();
    let command = VisitCommand::AskFullCharge(FullChargeAsked { reason });
    desk.keep(DeskCommand::Visit { visit: charged, commands: vec![command] });
}

#[tokio::test]
async fn the_thirteen_categories_stand_beside_the_survey() {
    let desk = MemoryDesk::new();
    morning_with_ends(&desk);
    let page = Browser::inside(&desk).open("/statistics").await;
    let text = page.text();
    for words in [
        "氏名・住所の●表示",
        "65.1 %",
        "負担割合の齟齬：国保",
        "2.1 %",
        "負担割合の齟齬：社保",
        "負担割合の齟齬：後期",
        "3.7 %",
        "他人の情報の紐づけ",
        "到着から受付まで（中央値）",
        "待ち時間が長いと言って帰られた",
        "何もお持ちでなく初診",
        "desk",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(page.has("class=\"tile alarming\""), "10割 stands out");
    assert!(!text.contains("花子"), "figures name nobody");
}

#[tokio::test]
async fn a_range_that_makes_no_sense_is_said_and_the_last_weeks_are_shown() {
    let desk = MemoryDesk::new();
    morning_with_ends(&desk);
    let mut browser = Browser::inside(&desk);
    for wrong in ["from=2026-03-09&to=2026-03-02", "from=yesterday", "from=2001-01-01&to=2026-03-02"] {
        let page = browser.open(&format!("/statistics?{wrong}")).await;
        assert!(page.has("期間を読めません") && page.has("value=\"2026-03-08\""), "{wrong}");
        let file = browser.get(&format!("/statistics/file?{wrong}")).await;
        assert_eq!(file.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let before = browser.open("/statistics?from=2026-02-02&to=2026-02-08").await;
    assert!(before.has("この期間に受け付けた方はいません") && !before.has("期間を読めません"));
    let empty = before.text();
    assert!(!empty.contains("何もお持ちでなく初診"));
}

#[tokio::test]
async fn the_file_covers_small_cells_and_holds_no_words_of_anybody() {
    let desk = MemoryDesk::new();
    morning_with_ends(&desk);
    let file = Browser::inside(&desk).get("/statistics/file?from=2026-03-02&to=2026-03-02").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(file.header("content-disposition").contains("statistics-2026-03-02-2026-03-08.csv"));
    assert!(file.html.starts_with("\u{FEFF}section,code,name_ja"));
    assert!(file.html.contains("\r\n"));
    assert!(file.html.contains("trouble,full_charge,"), "{}", file.html);
    assert!(file.html.contains(",<5,small,12.7"), "{}", file.html);
    for word in ["何もお持ちでなく", "待ち時間", "花子", "窓口1"] {
        assert!(!file.html.contains(word), "{word}");
    }
    for line in file.html.lines().skip(1) {
        // names may hold commas; the count is the third cell from the end
        let count = line.rsplit(',').nth(2).expect("a count");
        assert!(!["1", "2", "3", "4"].contains(&count), "a small count left the house: {line}");
    }
}
