//! The month-end list, the evidence of one claim, files, and the work of follow-ups.

use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use crate::support::scenes::monday_morning;
use domain::decision::FollowUpKind;
use http::StatusCode;
use web::port::{Desk, FollowUpQuery};

#[tokio::test]
async fn the_list_is_filtered_frozen_and_opened_again_with_a_reason() {
    let desk = MemoryDesk::new();
    let morning = monday_morning(&desk);
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/claims?month=2026-03").await;
    let text = page.text();
    for words in ["2026年3月", "① 現資格", "保留", "要対応のみ", "見本 花子", "請求の締切：2026年4月10日"]
    {
        assert!(text.contains(words), "{words}");
    }
    let needs = browser.open("/claims?month=2026-03&show=needs").await;
    assert!(needs.has("無手 一") && !needs.has(&format!("/claims/{}\"", morning.confirmed)));
    let frozen = browser.submit(&page, "/claims/freeze", &[]).await;
    assert!(frozen.has("保存済み") && frozen.has("この月は締められています"));
    let refused = browser.submit(&frozen, "/claims/reopen", &[("reopen_reason", " ")]).await;
    assert!(refused.has("締めを解く理由を入力してください"));
    let opened = browser.submit(&frozen, "/claims/reopen", &[("reopen_reason", "公費の追加")]).await;
    assert!(opened.has("締めを解除：") && opened.has("公費の追加"));
    let seen = browser.submit(&opened, "/claims/seen", &[]).await;
    assert!(seen.has("前回見た時刻："));
    assert!(browser.open("/claims?month=nonsense").await.has("月を読めません"));
}

#[tokio::test]
async fn evidence_leads_to_the_return_and_what_became_of_it() {
    let desk = MemoryDesk::new();
    let visit = monday_morning(&desk).confirmed;
    let mut browser = Browser::inside(&desk);
    let path = format!("/claims/{visit}");
    let page = browser.open(&path).await;
    assert!(page.has("いつ・誰が・どう確認したか") && page.has("01130012"));
    let enter = format!("/claims/{visit}/return");
    let refused = browser.submit(&page, &enter, &[("returned_on", "R8.3.2")]).await;
    assert!(refused.has("返戻の理由を選んでください") && refused.has("R8.3.2"));
    let typed = [("returned_on", "R8.3.2"), ("return_reason", "after_loss"), ("return_note", "資格喪失後")];
    let kept = browser.submit(&page, &enter, &typed).await;
    assert!(kept.has("保存済み") && kept.has("資格喪失後の受診") && kept.has("月が変わったら再確認"));
    assert!(browser.open("/claims?month=2026-03").await.has("対応中"));
    let settle = format!("/claims/{visit}/settle");
    let settled = browser.submit(&kept, &settle, &[("outcome", "sent_again"), ("outcome_note", "番号を訂正")]).await;
    assert!(settled.has("訂正して再請求 — 番号を訂正"));
    let text = browser.get(&format!("/claims/{visit}/text")).await;
    assert_eq!(text.status, StatusCode::OK);
    assert!(text.header("content-disposition").contains("evidence.txt") && text.html.contains("01130012"));
    assert_eq!(browser.get("/claims/none").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_is_put_together_from_its_parts() {
    let desk = MemoryDesk::new();
    monday_morning(&desk);
    let mut browser = Browser::inside(&desk);
    let file = browser.get("/claims/file?month=2026-03&layout=standard&encoding=utf-8").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.html.lines().count(), 8);
    for wrong in
        ["month=2026-03&layout=bad", "month=x&layout=standard", "month=2026-03&layout=standard&encoding=ebcdic"]
    {
        assert_eq!(browser.get(&format!("/claims/file?{wrong}")).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    assert!(browser.open("/claims?month=2026-03").await.has("bad.toml 1行目"));
}

#[tokio::test]
async fn follow_ups_are_taken_and_wait() {
    let desk = MemoryDesk::new();
    monday_morning(&desk);
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/follow-ups").await;
    let taken = browser.submit(&page, "/follow-ups/assign", &[("do", "me")]).await;
    assert!(taken.has("担当：") && browser.open("/follow-ups?mine=1").await.has("受付 一子"));
    let refused = browser.submit(&page, "/follow-ups/snooze", &[("until", "2026-03-09")]).await;
    assert!(refused.has("待つ理由を入力してください"));
    let waits =
        browser.submit(&page, "/follow-ups/snooze", &[("until", "2026-03-09"), ("wait_reason", "連絡待ち")]).await;
    assert!(waits.has("保存済み") && waits.has("連絡待ち"));
    assert!(!page.has_form("/follow-ups/ask"), "whatever could be asked about again is being asked");
    let overdue = browser.open("/follow-ups?due=overdue").await;
    assert!(overdue.has("要対応はありません"));
    let kind = FollowUpKind::Recheck;
    let list = desk.follow_up_list(&FollowUpQuery { kind: Some(kind), limit: 50, ..FollowUpQuery::default() }).unwrap();
    assert!(list.items.iter().all(|item| item.kind() == kind));
}

#[tokio::test]
async fn the_directory_is_read_line_by_line() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/follow-ups/insurers").await;
    let list = "番号,名称,電話\n01130012,架空支部,03-0000-0000\n12,架空,03-0000";
    let refused = browser.submit(&page, "/follow-ups/insurers", &[("insurers", list)]).await;
    assert!(refused.has("3行目") && refused.has("架空支部,03-0000-0000"), "what was typed is still there");
    let list = "01130012,架空支部,03-0000-0000";
    let kept = browser.submit(&page, "/follow-ups/insurers", &[("insurers", list)]).await;
    assert!(kept.has("保存済み") && kept.has("<td lang=\"ja\">架空支部</td>"));
}
