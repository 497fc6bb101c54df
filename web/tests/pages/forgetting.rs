//! Deleting a patient, retention, and backups, as staff see them.

use crate::support::browser::Browser;
use crate::support::memory_desk::MemoryDesk;
use crate::support::scenes::monday_morning;
use http::StatusCode;

const PATIENT: &str = "/patients/patient-1004";
const FORGET: &str = "/patients/patient-1004/forget";

#[tokio::test]
async fn a_patient_is_deleted_with_a_reason_and_a_second_confirmation() {
    let desk = MemoryDesk::new();
    monday_morning(&desk);
    let mut browser = Browser::inside(&desk);
    let record = browser.get(PATIENT).await;
    assert!(record.has(FORGET), "the patient's page leads there");
    let page = browser.open(FORGET).await;
    assert!(page.has("元に戻せません"));
    let unticked = browser.send_form(&page, FORGET, &[("reason", "request")]).await;
    assert!(unticked.has("チェックを入れてください") && unticked.has("value=\"request\" checked"), "the choice stays");
    let without_reason = browser.send_form(&page, FORGET, &[("sure", "yes")]).await;
    assert!(without_reason.has("理由を選んでください"));
    assert_eq!(browser.get(PATIENT).await.status, StatusCode::OK, "nothing was deleted");
    let fields = [("reason", "request"), ("sure", "yes"), ("despite_retention", "yes")];
    let gone = browser.submit(&page, FORGET, &fields).await;
    assert!(gone.has("患者さんの記録を消しました") && gone.has("本人からの請求"), "{}", gone.html);
    assert_eq!(browser.get(PATIENT).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(FORGET).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_must_still_be_kept_is_said_and_wants_a_tick_of_its_own() {
    let desk = MemoryDesk::new();
    let morning = monday_morning(&desk);
    let visit = web::port::Desk::visit(desk.as_ref(), &morning.confirmed).unwrap().unwrap();
    let patient = visit.state.patient.unwrap();
    let path = format!("/patients/{patient}/forget");
    let mut browser = Browser::inside(&desk);
    let page = browser.open(&path).await;
    assert!(page.has("despite_retention") && page.has("法律で保存が必要"));
    let refused = browser.send_form(&page, &path, &[("reason", "other"), ("sure", "yes")]).await;
    assert!(refused.has("保存期間が終わっていません"), "{}", refused.html);
    assert_eq!(browser.get(&format!("/patients/{patient}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn backups_say_where_they_go_when_the_next_is_made_and_show_the_key_once() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let without = browser.get("/backups").await;
    assert!(without.has("バックアップ先が決まっていません"));
    desk.keep_backups();
    let page = browser.open("/backups").await;
    assert!(page.has("毎日 1時00分") && page.has("/media/usb/uketsuke") && !page.has("0 1 * * *"));
    assert!(page.has_form("/backups/key") && !page.has_form("/backups"), "the key comes first");
    let key = browser.send_form(&page, "/backups/key", &[]).await;
    assert!(key.has("ABCD-EFGH-JKMN"));
    assert_eq!(key.header("cache-control"), "no-store");
    let again = browser.get("/backups").await;
    assert!(!again.has("ABCD-EFGH") && again.has_form("/backups"), "shown once");
    let page = browser.open("/backups").await;
    let made = browser.submit(&page, "/backups", &[]).await;
    assert!(made.has("uketsuke-20260301T235500Z.ukb") && made.has("1.2 MB"), "{}", made.html);
    desk.record().copy_noticed = Some(domain::Timestamp::from_ms(1_772_400_000_000));
    let noticed = browser.open("/backups").await;
    assert!(noticed.has("写しが同時に動いています"));
    let dealt_with = browser.submit(&noticed, "/backups/copy", &[]).await;
    assert!(!dealt_with.has("写しが同時に動いています"));
}
