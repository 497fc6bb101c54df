//! Board, follow-ups, queue, links, shelf, patient, practice.

use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use crate::support::people;
use crate::support::scenes::{card, monday_morning, on_file, open};
use domain::Timestamp;
use domain::eligibility::PersonFace;
use domain::link::{Link, LinkStatus};
use domain::text::Text;
use std::sync::Arc;
use web::port::{AnswerOnShelf, Desk, JobState, ShelfReason};

fn morning() -> (Arc<MemoryDesk>, Browser) {
    let desk = MemoryDesk::with_practice();
    monday_morning(&desk);
    let browser = Browser::inside(&desk);
    (desk, browser)
}

#[tokio::test]
async fn the_board_shows_every_visit_and_what_needs_attention() {
    let (_desk, mut browser) = morning();
    let board = browser.open("/").await;
    let text = board.text();
    for words in ["確認済", "受付済・後で確認", "変更あり・要対応", "回線の不通（8:46から）", "見本 花子", "2割"]
    {
        assert!(text.contains(words), "{words}");
    }
    assert!(board.has("人の手が要る照会"));
    let yesterday = browser.open("/?day=2026-03-01").await;
    assert!(yesterday.has("まだ受付がありません") && yesterday.has("2026年3月1日（日）"));
    assert_eq!(browser.open("/?day=nonsense").await.status, http::StatusCode::OK);
}

#[tokio::test]
async fn stuck_questions_are_asked_again_or_withdrawn_with_a_reason() {
    let (desk, mut browser) = morning();
    let page = browser.open("/queue").await;
    assert!(page.has("端末に渡した後、回答が来ませんでした") && page.has("つながるのを待っています：回線"));
    let stuck = desk.queue().unwrap().open.into_iter().find(|job| job.can_ask_again()).unwrap().job;
    let stuck = stuck.as_str();
    let refused = browser.submit(&page, "/queue", &[("job", stuck), ("do", "withdraw")]).await;
    assert!(refused.has("理由を入力してください"));
    let page = browser.submit(&page, "/queue", &[("job", stuck), ("do", "ask-again")]).await;
    assert!(page.has("保存済み"));
    let job = |desk: &MemoryDesk| desk.queue().unwrap().open.into_iter().find(|job| job.job.as_str() == stuck).unwrap();
    assert!(matches!(job(&desk).state, JobState::Asked { .. }));
    let page = browser.open("/queue").await;
    browser.submit(&page, "/queue", &[("do", "send-all")]).await;
    assert!(desk.queue().unwrap().open.iter().all(|job| matches!(job.state, JobState::Asked { .. })));
}

#[tokio::test]
async fn a_history_is_answered_from_memory_or_queued() {
    let (desk, mut browser) = morning();
    let page = browser.open("/queue").await;
    let refused = browser.submit(&page, "/queue/look-up", &[("name_kana", "ミホン")]).await;
    assert!(refused.has("どれかを入れてください"));
    let typed = [("name_kana", "ミホン ハナコ"), ("birth_date", "S39.10.10")];
    let found = browser.submit(&page, "/queue/look-up", &typed).await;
    assert!(found.path.starts_with("/patients/patient-1001") && found.has("記録が見つかりました"));
    let before = desk.queue().unwrap().open.len();
    let page = browser.open("/queue").await;
    let asked = browser.submit(&page, "/queue/look-up", &[("patient_number", "7777")]).await;
    assert!(asked.has("照会を書き留めました"));
    assert_eq!(desk.queue().unwrap().open.len(), before + 1);
}

#[tokio::test]
async fn the_disaster_function_is_opened_and_closed_with_a_reason() {
    let (desk, mut browser) = morning();
    let links = browser.open("/links").await;
    assert!(links.has("href=\"/disaster\""));
    let page = browser.open("/disaster").await;
    assert!(page.has("開始していません") && page.has("災害時の機能を開始する"));
    let refused = browser.submit(&page, "/disaster", &[("do", "open"), ("reason", " ")]).await;
    assert!(refused.has("理由") && refused.has("aria-invalid") && desk.disaster_mode().unwrap().open().is_none());
    let reason = [("do", "open"), ("reason", "厚生労働省の開放の通知")];
    let opened = browser.submit(&refused, "/disaster", &reason).await;
    assert!(opened.has("保存済み") && opened.has("厚生労働省の開放の通知") && opened.has("災害時の機能を終了する"));
    let stale = browser.submit(&page, "/disaster", &[("do", "open"), ("reason", "別の画面から")]).await;
    assert!(stale.has("既に開始しています") && stale.has("別の画面から"), "nothing typed is lost");
    let visit = open(&desk, None, people::hanako(), Vec::new());
    assert!(browser.open(&format!("/visits/{visit}")).await.has("災害時"), "every check-in offers it");
    let page = browser.open("/disaster").await;
    let closed = browser.submit(&page, "/disaster", &[("do", "close"), ("reason", "期間終了の通知")]).await;
    assert!(closed.has("期間終了の通知") && closed.has("開始していません"));
    assert!(desk.disaster_mode().unwrap().open().is_none());
    assert!(browser.submit(&page, "/disaster", &[("do", "turn")]).await.status.is_client_error());
}

#[tokio::test]
async fn follow_ups_of_all_visits_are_done_from_one_list() {
    let (desk, mut browser) = morning();
    let page = browser.open("/follow-ups").await;
    let before = desk.follow_ups().unwrap().len();
    assert!(before > 0);
    let done = browser.submit(&page, "/follow-ups", &[("note", "済ませた")]).await;
    assert!(done.has("保存済み"));
    assert_eq!(desk.follow_ups().unwrap().len(), before - 1);
}

#[tokio::test]
async fn links_show_their_state_since_when_and_what_happened() {
    let (_desk, mut browser) = morning();
    let page = browser.open("/links").await;
    let text = page.text();
    assert!(text.contains("使えません") && text.contains("8:46から") && text.contains("続いています"));
    let sheet = browser.open("/links/sheet").await;
    assert!(sheet.has("患者さんのカードや手続きのせいではありません") && sheet.has("いつもの負担割合"));
}

#[tokio::test]
async fn an_answer_on_the_shelf_is_given_to_its_visit_or_put_away() {
    let desk = MemoryDesk::new();
    let visit = open(&desk, None, people::taro(), vec![card()]);
    let at = Timestamp::in_japan(desk.today(), 8, 50, 0);
    for id in ["a1", "a2"] {
        desk.record().shelf.push(AnswerOnShelf {
            answer: id.to_owned(),
            at,
            reason: ShelfReason::CardFitsSeveral,
            file_name: format!("OQSsiface_{id}.xml"),
            person: people::taro(),
            coverage: Some(people::kenpo("3334445")),
            message: Text::new("読み取りがありました。", "A card was read."),
            candidates: vec![visit.clone()],
        });
    }
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/shelf").await;
    assert!(page.has("合う受付が複数ある") && page.has("架空 太郎") && page.has("3334445"));
    let given = browser.submit(&page, "/shelf", &[("visit", visit.as_str())]).await;
    assert!(given.path.starts_with(&format!("/visits/{visit}")));
    let page = browser.open("/shelf").await;
    let empty = browser.submit(&page, "/shelf", &[("visit", "")]).await;
    assert!(empty.has("ここには何もありません"));
}

#[tokio::test]
async fn a_name_with_a_dot_is_corrected_once() {
    let desk = MemoryDesk::new();
    let ken = on_file(&desk, "1004", people::ken(), people::kenpo("2223334"), "2026-01-12", None);
    open(&desk, Some(ken), PersonFace::EMPTY, vec![card()]);
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/patients/patient-1004").await;
    let refused = browser.submit(&page, "/patients/patient-1004/name", &[]).await;
    assert!(refused.has("まだ保存していません"));
    let page = browser.submit(&page, "/patients/patient-1004/name", &[("corrected", "髙橋 健")]).await;
    assert!(page.has("髙橋 健") && page.has("●橋 健"), "the received form is kept beside it");
    assert!(browser.open("/").await.has("髙橋 健"));
    let page = browser.submit(&page, "/patients/patient-1004/care", &[("care_note", "耳が遠い")]).await;
    assert!(page.has("耳が遠い"));
    let typed = [("insurer_number", "01130012"), ("insured_number", "42")];
    let page = browser.submit(&page, "/patients/patient-1004/insurance", &typed).await;
    assert!(page.has("保存済み") && page.text().contains("資格確認書"));
}

#[tokio::test]
async fn practice_cuts_links_and_deals_cards() {
    let (desk, mut browser) = morning();
    let page = browser.open("/practice").await;
    assert!(page.has("見本 花子"));
    browser.submit(&page, "/practice", &[("what", "link"), ("code", "reader"), ("on", "no")]).await;
    assert_eq!(desk.links().links.reader.status, LinkStatus::Down);
    let refused = browser.submit(&page, "/practice", &[("what", "card"), ("code", "hanako"), ("method", "face")]).await;
    assert!(refused.has("画面が消えています"));
    browser.submit(&page, "/practice", &[("what", "link"), ("code", "reader"), ("on", "yes")]).await;
    let dealt = browser.submit(&page, "/practice", &[("what", "card"), ("code", "hanako"), ("method", "visual")]).await;
    assert!(dealt.has("カードを置きました"));
    assert!(!desk.links().links.get(Link::Reader).is_down());
    let wrong = browser.submit(&page, "/practice", &[("what", "link"), ("code", "moon")]).await;
    assert_eq!(wrong.status, http::StatusCode::BAD_REQUEST);
}
