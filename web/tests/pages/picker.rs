//! Telling papers apart, the law behind each, what a paper lacks, names spelt once, slips handed out once.

use crate::support::browser::Browser;
use crate::support::memory_desk::{MONDAY, MemoryDesk};
use crate::support::people;
use crate::support::scenes::{card, card_read, monday_morning, on_file, open};
use domain::Date;
use domain::decision::FollowUpKind;
use domain::eligibility::{EligibilityStatus, PersonFace};
use domain::visit::{CardSeen, FollowUpClosed, VisitCommand};
use web::port::{Desk, DeskCommand};

#[tokio::test]
async fn each_thing_says_how_to_tell_it_what_it_is_worth_today_and_what_to_ask() {
    let desk = MemoryDesk::new();
    let visit = monday_morning(&desk).nothing;
    let page = Browser::inside(&desk).open(&format!("/visits/{visit}")).await;
    let picker = page.text();
    for words in [
        "資格確認書ではありません",
        "単独では使えません",
        "「マイナンバーカードは一緒にお持ちですか」と、すぐ尋ねます",
        "今日、これだけで確認できます",
        "番号の照会で有効と出たときだけ使えます",
        "厚生労働省告示第349号",
        "2026年7月31日まで",
    ] {
        assert!(picker.contains(words), "{words}: {picker}");
    }
    for key in ["c", "k", "o", "h", "i"] {
        assert!(page.has(&format!("data-key=\"{key}\"")), "{key}");
    }
    assert!(page.has("papers.svg#notice") && page.has("papers.svg#certificate"));
}

#[tokio::test]
async fn after_the_last_day_the_old_card_is_not_for_today() {
    let desk = MemoryDesk::new();
    desk.set_now(domain::Timestamp::in_japan(Date::literal(2026, 8, 1), 9, 0, 0));
    let visit = open(&desk, None, people::hanako(), Vec::new());
    let page = Browser::inside(&desk).open(&format!("/visits/{visit}")).await;
    assert!(page.text().contains("今日は使えません（2026-07-31で終わりました）"));
}

#[tokio::test]
async fn what_the_paper_did_not_say_is_named_with_what_to_do() {
    let desk = MemoryDesk::new();
    let visit = open(&desk, None, people::hanako(), Vec::new());
    let mut browser = Browser::inside(&desk);
    let page = browser.open(&format!("/visits/{visit}?take=ELIGIBILITY_CERTIFICATE")).await;
    let typed = [("insurer_number", "01130012"), ("insured_number", "345")];
    let kept = browser.submit(&page, &format!("/visits/{visit}/paper"), &typed).await;
    let text = kept.text();
    assert!(text.contains("書面から分からなかった項目"), "{text}");
    assert!(text.contains("なくても請求できます") && text.contains("「不明」として扱い"), "{text}");
    assert!(!text.contains("請求に必要です"), "numbers are there: {text}");
}

#[tokio::test]
async fn a_name_with_a_stand_in_is_settled_on_the_visit_and_used_at_the_next() {
    let desk = MemoryDesk::new();
    let known = PersonFace { name: Some("髙橋 花子".to_owned()), ..people::hanako() };
    let patient = on_file(&desk, "2001", known.clone(), people::kenpo("3405"), "2026-02-02", None);
    let visit = open(&desk, Some(patient.clone()), known, vec![card()]);
    let received = PersonFace { name: Some("●橋 花子".to_owned()), ..people::hanako() };
    card_read(&desk, &visit, received.clone(), people::kenpo("3405"), EligibilityStatus::Valid);
    let mut browser = Browser::inside(&desk);
    let page = browser.open(&format!("/visits/{visit}")).await;
    assert!(page.text().contains("氏名の表記を一度だけ決める"));
    let kept = browser.submit(&page, &format!("/patients/{patient}/name"), &[]).await;
    assert!(kept.path.starts_with(&format!("/visits/{visit}")), "{}", kept.path);
    assert!(!kept.text().contains("氏名の表記を一度だけ決める"));
    let next = open(&desk, Some(patient), PersonFace::EMPTY, vec![card()]);
    card_read(&desk, &next, received, people::kenpo("3405"), EligibilityStatus::Valid);
    let page = browser.open(&format!("/visits/{next}")).await;
    assert!(page.text().contains("髙橋 花子") && !page.text().contains("氏名の表記を一度だけ決める"));
}

#[tokio::test]
async fn a_renewal_slip_is_handed_out_once_and_the_next_visit_knows_when() {
    let desk = MemoryDesk::new();
    let patient = on_file(&desk, "2002", people::hanako(), people::kenpo("3405"), "2026-02-02", None);
    let seen = || {
        let expiry = Some(Date::literal(2026, 4, 10));
        VisitCommand::NoteCard(CardSeen { certificate_expiry: expiry, registered: Some(true) })
    };
    let slips = |visit: &domain::fact::VisitId| {
        let view = desk.visit(visit).unwrap().unwrap();
        view.decision.follow_ups.iter().filter(|item| item.kind == FollowUpKind::CertificateSlip).count()
    };
    let first = open(&desk, Some(patient.clone()), PersonFace::EMPTY, vec![card(), seen()]);
    card_read(&desk, &first, people::hanako(), people::kenpo("3405"), EligibilityStatus::Valid);
    assert_eq!(slips(&first), 1);
    let closed = FollowUpClosed { kind: FollowUpKind::CertificateSlip, note: String::new() };
    let command = VisitCommand::CloseFollowUp(closed);
    desk.keep(DeskCommand::Visit { visit: first, commands: vec![command] });
    let second = open(&desk, Some(patient.clone()), PersonFace::EMPTY, vec![card(), seen()]);
    assert_eq!(slips(&second), 0);
    let page = Browser::inside(&desk).open(&format!("/visits/{second}")).await;
    assert!(page.text().contains(&format!("電子証明書の更新の案内は{MONDAY}にお渡ししています（1回）")));

    // expired meanwhile: something else is true, and they are told that
    desk.set_now(domain::Timestamp::in_japan(Date::literal(2026, 4, 20), 9, 0, 0));
    let third = open(&desk, Some(patient), PersonFace::EMPTY, vec![card(), seen()]);
    assert_eq!(slips(&third), 1);
}

#[tokio::test]
async fn the_share_stands_with_its_three_sources() {
    let desk = MemoryDesk::new();
    let visit = open(&desk, None, people::hanako(), vec![card()]);
    let page = Browser::inside(&desk).open(&format!("/visits/{visit}")).await;
    let sources =
        page.html.split("id=\"ratio\"").nth(1).expect("the panel").split("</section>").next().expect("its end");
    for words in ["オンラインの回答", "書面", "年齢", "受診日の年齢から", "まだありません"] {
        assert!(sources.contains(words), "{words}: {sources}");
    }
}

#[tokio::test]
async fn a_return_visit_is_received_by_one_choice_and_a_new_patient_is_told_why_not() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let page = browser.open("/check-in").await;
    let typed = [("presented", "unchanged"), ("name_kana", "ミホン ジロウ"), ("patient", "")];
    let refused = browser.submit(&page, "/check-in", &typed).await;
    assert!(refused.has("前に来た方だけに使えます") && refused.has("ミホン ジロウ"));
}

#[tokio::test]
async fn the_sheet_for_patients_goes_by_the_day() {
    let desk = MemoryDesk::new();
    let mut browser = Browser::inside(&desk);
    let sheet = browser.open("/papers").await.text();
    assert!(sheet.contains("マイナンバーカードと一緒にお見せください") && sheet.contains("番号を照会します"));
    desk.set_now(domain::Timestamp::in_japan(Date::literal(2026, 8, 1), 9, 0, 0));
    let sheet = Browser::inside(&desk).open("/papers").await.text();
    assert!(sheet.contains("使えなくなりました"));
}
