//! The visit page: the ladder, its forms, its outcomes.

use crate::support::browser::{Browser, Page};
use crate::support::memory_desk::{MONDAY, MemoryDesk};
use crate::support::people;
use crate::support::scenes::{card, monday_morning, on_file, open, shown};
use domain::eligibility::{EligibilityStatus, PersonFace};
use domain::evidence::EvidenceKind;
use domain::fact::VisitId;
use domain::link::{Cause, Link};
use domain::visit::{AnswerReceived, QuestionFailed, VisitCommand, VisitStatus};
use std::sync::Arc;
use web::port::{Desk, DeskCommand, JobState, NumberQuery};

struct Room {
    desk: Arc<MemoryDesk>,
    browser: Browser,
    visit: VisitId,
}

/// A new patient with the card, while the line is down.
fn card_without_line() -> Room {
    let desk = MemoryDesk::new();
    desk.set_link(Link::Line, false);
    let visit = open(&desk, None, people::taro(), vec![card()]);
    let browser = Browser::inside(&desk);
    Room { desk, browser, visit }
}

impl Room {
    fn path(&self, form: &str) -> String {
        format!("/visits/{}/{form}", self.visit)
    }

    async fn page(&mut self) -> Page {
        self.browser.open(&format!("/visits/{}", self.visit)).await
    }

    async fn taking(&mut self, kind: &str) -> Page {
        self.browser.open(&format!("/visits/{}?take={kind}", self.visit)).await
    }

    /// A paper whose insurer number has a wrong check digit, handed in; the form it went to and the page that came back.
    async fn refuse_wrong_check_digit(&mut self) -> (String, Page) {
        let page = self.taking("ELIGIBILITY_CERTIFICATE").await;
        let action = self.path("paper");
        let typed = [PAPER, &[("insurer_number", "01130013")]].concat();
        let refused = self.browser.submit(&page, &action, &typed).await;
        (action, refused)
    }

    fn status(&self) -> VisitStatus {
        self.desk.visit(&self.visit).unwrap().expect("the visit").status
    }
}

const PAPER: &[(&str, &str)] = &[
    ("insured_symbol", "見本12"),
    ("insured_number", "7654321"),
    ("branch_number", "1"),
    ("ratio", "3"),
    ("valid_to", "令和8年7月31日"),
];

#[tokio::test]
async fn a_wrong_check_digit_keeps_what_was_typed_and_can_be_insisted_on() {
    let mut room = card_without_line();
    let (action, refused) = room.refuse_wrong_check_digit().await;
    assert!(refused.has("検証番号") && refused.has("まだ保存していません"));
    let form = refused.form(&action);
    for kept in [("insurer_number", "01130013"), ("insured_number", "7654321"), ("valid_to", "令和8年7月31日")] {
        assert!(form.fields.contains(&(kept.0.to_owned(), kept.1.to_owned())), "{kept:?}");
    }
    assert!(refused.has("id=\"paper-insurer_number-error\"") && refused.has("aria-invalid=\"true\""));
    assert_eq!(room.status(), VisitStatus::Open);

    let unexplained = room.browser.submit(&refused, &action, &[("insurer_override", "yes")]).await;
    assert!(unexplained.has("そのまま使う理由を入力してください") && unexplained.has("7654321"));
    let long = "あ".repeat(201);
    let too_long = room.browser.submit(&unexplained, &action, &[("override_reason", &long)]).await;
    assert!(too_long.has("そのまま使う理由は200文字までです") && too_long.has("01130013"));
    assert_eq!(room.status(), VisitStatus::Open);

    let done = room.browser.submit(&unexplained, &action, &[("override_reason", "原本を2人で確認")]).await;
    assert!(done.has("受付できました"));
    assert!(done.has("検証番号が合わない番号を使う理由") && done.has("原本を2人で確認"));
    assert!(done.has("保険者番号を確かめる（検証番号）"), "somebody makes sure before the claim");
    assert_eq!(room.status(), VisitStatus::Provisional);
    let view = room.desk.visit(&room.visit).unwrap().unwrap();
    let coverage = &view.state.presented.last().unwrap().coverage;
    assert_eq!(coverage.override_reason.as_deref(), Some("原本を2人で確認"));
}

#[tokio::test]
async fn a_number_that_fits_needs_no_reason_and_keeps_none() {
    let mut room = card_without_line();
    let (action, refused) = room.refuse_wrong_check_digit().await;
    let corrected = [("insurer_number", "01130012"), ("insurer_override", "yes"), ("override_reason", "見直した")];
    let done = room.browser.submit(&refused, &action, &corrected).await;
    assert!(done.has("受付できました") && !done.has("見直した"));
}

/// What staff copy from the official screen.
const SCREEN: &[(&str, &str)] = &[
    ("screen_said", "1"),
    ("insurer_number", "01130012"),
    ("insured_symbol", "見本12"),
    ("insured_number", "7654321"),
    ("ratio", "3"),
    ("searched_by", "four_items"),
];

#[tokio::test]
async fn the_result_of_the_outage_screen_receives_the_patient_and_is_asked_about_later() {
    let desk = MemoryDesk::new();
    desk.set_link(Link::Terminal, false);
    let visit = open(&desk, None, people::taro(), vec![card()]);
    let browser = Browser::inside(&desk);
    let mut room = Room { desk, browser, visit };
    let page = room.page().await;
    assert!(page.has("take=OUTAGE_LOOKUP") && page.has("出た結果を書き写す"));
    let form = room.taking("OUTAGE_LOOKUP").await;
    let action = room.path("lookup");
    let refused = room.browser.submit(&form, &action, SCREEN).await;
    assert!(refused.has("見比べてから、印を付けてください") && refused.has("7654321"));
    assert_eq!(room.status(), VisitStatus::Open);

    let unnamed = [("person_compared", "yes"), ("looked_up_by", "")];
    let refused = room.browser.submit(&refused, &action, &unnamed).await;
    assert!(refused.has("照会した職員を入力してください") && refused.has("7654321"));
    let done = room.browser.submit(&refused, &action, &[("looked_up_by", "受付 一子")]).await;
    assert!(done.has("受付できました") && done.has("書面・画面で確認"));
    assert!(done.has("公式画面の結果（書き写し）") && done.has("受付 一子") && done.has("券面の4項目"));
    assert!(done.has("障害時モードの使用報告を送る") && done.has("資格を照会し直す"));
    assert_eq!(room.status(), VisitStatus::Provisional, "the box did not hear it itself");

    let answer = people::answer(EligibilityStatus::Valid, MONDAY, people::taro(), people::kenpo("7654321"));
    room.desk.answer(&room.visit, AnswerReceived { question: None, answer });
    assert_eq!(room.status(), VisitStatus::Confirmed);
}

#[tokio::test]
async fn a_screen_that_says_invalid_is_kept_and_the_ladder_goes_on() {
    let mut room = card_without_line();
    let form = room.taking("OUTAGE_LOOKUP").await;
    let action = room.path("lookup");
    let mut said = SCREEN.to_vec();
    said.retain(|(name, _)| *name != "screen_said");
    said.extend([("screen_said", "2"), ("person_compared", "yes")]);
    let page = room.browser.submit(&form, &action, &said).await;
    assert!(page.has("公式の画面でも有効と確認できませんでした") && page.has("申立書"));
    assert!(page.has("② 旧資格") || page.has("保留"), "the claim follows");
    assert_eq!(room.status(), VisitStatus::Open);
    assert!(room.desk.visit(&room.visit).unwrap().unwrap().state.lookup.is_some());
}

#[tokio::test]
async fn a_question_that_could_not_be_asked_turns_the_ladder_and_says_why_and_since_when() {
    let desk = MemoryDesk::new();
    let visit = open(&desk, None, people::taro(), vec![card()]);
    let coverage = people::kenpo("0345");
    let asked = desk.keep(DeskCommand::AskByNumber { visit: visit.clone(), query: NumberQuery { coverage } });
    let question = asked.question.unwrap();
    let failed = QuestionFailed { question, cause: Cause::NationalService, code: Some("E-1".to_owned()) };
    desk.keep(DeskCommand::Visit { visit: visit.clone(), commands: vec![VisitCommand::TakeFailure(failed)] });
    let browser = Browser::inside(&desk);
    let mut room = Room { desk, browser, visit };
    let page = room.page().await;
    assert!(page.has("番号の照会ができませんでした：全国システムの障害（8:55から、コード E-1）"));
    assert!(page.has("申立書を開く"), "the way without the card is open");
    assert!(page.has("さきほどの照会は答えが得られませんでした"), "and asking once more is offered");
    assert!(page.has("照会できず：全国システムの障害 [E-1]"));
}

#[tokio::test]
async fn one_digit_of_a_branch_number_and_era_dates_are_understood() {
    let mut room = card_without_line();
    let page = room.taking("ELIGIBILITY_CERTIFICATE").await;
    let mut typed = PAPER.to_vec();
    typed.push(("insurer_number", "０１１３００１２"));
    let action = room.path("paper");
    room.browser.submit(&page, &action, &typed).await;
    let view = room.desk.visit(&room.visit).unwrap().unwrap();
    let coverage = &view.state.presented.last().unwrap().coverage;
    assert_eq!(coverage.branch_number.as_ref().unwrap().as_str(), "01");
    assert_eq!(coverage.insurer_number.as_ref().unwrap().as_str(), "01130012");
    assert_eq!(coverage.valid_to, domain::Date::parse("2026-07-31"));
}

#[tokio::test]
async fn the_notice_asks_at_once_whether_the_card_is_here() {
    let desk = MemoryDesk::new();
    let visit = open(&desk, None, people::taro(), Vec::new());
    let browser = Browser::inside(&desk);
    let mut room = Room { desk, browser, visit };
    let page = room.taking("CARD_PLUS_NOTICE").await;
    assert!(page.has("マイナンバーカードは一緒にありますか"));
    let action = room.path("paper");
    let mut typed = PAPER.to_vec();
    typed.push(("insurer_number", "01130012"));
    let refused = room.browser.submit(&page, &action, &typed).await;
    assert!(refused.has("まだ保存していません"), "no default: the question must be answered");
    typed.push(("presented", "NOTICE_ONLY"));
    let page = room.browser.submit(&refused, &action, &typed).await;
    assert!(page.has("保存済み"));
    assert!(
        room.desk
            .visit(&room.visit)
            .unwrap()
            .unwrap()
            .state
            .presented
            .iter()
            .any(|p| p.kind == EvidenceKind::NoticeOnly)
    );
}

#[tokio::test]
async fn with_the_card_nobody_can_ask_for_all_of_it() {
    let mut room = card_without_line();
    let page = room.page().await;
    assert!(page.has("10割を求めることはできません"));
    let action = room.path("full-charge");
    assert!(!page.has_form(&action));
    let csrf = page.form(&room.path("leave")).fields.into_iter().find(|(name, _)| name == "csrf").unwrap().1;
    let refused = room.browser.post(&action, &[("csrf", &csrf), ("reason", "機械が壊れたから")]).await;
    assert!(refused.has("10割を求めてはいけません"));
    assert_eq!(room.status(), VisitStatus::Open);
}

#[tokio::test]
async fn all_of_it_is_the_last_resort_and_asks_for_a_reason() {
    let desk = MemoryDesk::new();
    let visit = open(&desk, None, people::taro(), vec![shown(EvidenceKind::None)]);
    let browser = Browser::inside(&desk);
    let mut room = Room { desk, browser, visit };
    let page = room.page().await;
    assert!(page.has("使える確認方法がまだありません"));
    let action = room.path("full-charge");
    let refused = room.browser.submit(&page, &action, &[]).await;
    assert!(refused.has("理由を入力してください"));
    assert_eq!(room.status(), VisitStatus::Open);
    let done = room.browser.submit(&refused, &action, &[("reason", "カードも書面もお持ちでない")]).await;
    assert!(done.has("10割預り") && done.has("返金する"));
    assert_eq!(room.status(), VisitStatus::FullCharge);
}

#[tokio::test]
async fn ways_that_fail_lead_to_the_next_one() {
    let desk = MemoryDesk::new();
    let visit = open(&desk, None, people::taro(), vec![card()]);
    let browser = Browser::inside(&desk);
    let mut room = Room { desk, browser, visit };
    let page = room.page().await;
    assert!(page.has("読取機の結果を待っています"));
    let action = room.path("attempt");
    let face = room.browser.submit(&page, &action, &[("outcome", "failed")]).await;
    let pin = room.browser.submit(&face, &action, &[("outcome", "locked")]).await;
    assert!(pin.text().contains("マイナ保険証（目視確認）"));
    assert!(pin.has("暗証番号がロック") || pin.has("ロック"));
    room.browser.submit(&pin, &action, &[("outcome", "failed")]).await;
    let view = room.desk.visit(&room.visit).unwrap().unwrap();
    assert_eq!(view.state.attempts.len(), 3);
}

#[tokio::test]
async fn a_query_is_written_down_while_the_line_is_down() {
    let mut room = card_without_line();
    room.desk.set_link(Link::Line, true);
    let paper = room.taking("INSURANCE_CARD_EXPIRED").await;
    let mut typed = PAPER.to_vec();
    typed.retain(|(name, _)| *name != "valid_to");
    typed.extend([("insurer_number", "01130012"), ("valid_to", "2025-12-01")]);
    let action = room.path("paper");
    let page = room.browser.submit(&paper, &action, &typed).await;
    let query = room.path("query");
    let asked = room.browser.submit(&page, &query, &[]).await;
    assert!(asked.has("照会を書き留めました") && asked.has("番号で照会"));
    assert_eq!(room.desk.queue().unwrap().open.len(), 1);
    assert!(matches!(room.desk.queue().unwrap().open[0].state, JobState::Asked { .. }));
}

#[tokio::test]
async fn an_answer_that_differs_is_shown_beside_what_was_on_file() {
    let desk = MemoryDesk::new();
    let morning = monday_morning(&desk);
    let mut browser = Browser::inside(&desk);
    let page = browser.open(&format!("/visits/{}", morning.changed)).await;
    let text = page.text();
    assert!(text.contains("前回の記録") && text.contains("7654321") && text.contains("9998887"));
    assert!(page.has("class=\"differs\""));
}

#[tokio::test]
async fn a_contradicting_share_is_chosen_with_a_reason() {
    let desk = MemoryDesk::new();
    let visit = monday_morning(&desk).mismatch;
    let browser = Browser::inside(&desk);
    let mut room = Room { desk, browser, visit };
    let page = room.page().await;
    assert!(page.has("オンラインの回答") && page.has("書面"));
    let action = room.path("ratio");
    let refused = room.browser.submit(&page, &action, &[("ratio", "3")]).await;
    assert!(refused.has("理由を入力してください"));
    assert!(refused.form(&action).fields.contains(&("ratio".to_owned(), "3".to_owned())));
    let done = room.browser.submit(&refused, &action, &[("reason", "オンラインの回答が新しい")]).await;
    assert!(done.has("職員が選択"));
}

#[tokio::test]
async fn another_persons_answer_is_neither_shown_nor_kept() {
    let desk = MemoryDesk::new();
    let visit = open(&desk, None, people::taro(), vec![card()]);
    let answer = people::answer(EligibilityStatus::Valid, MONDAY, people::ume(), people::kokuho("4443332", 1));
    desk.answer(&visit, AnswerReceived { question: None, answer });
    let mut browser = Browser::inside(&desk);
    let page = browser.open(&format!("/visits/{visit}")).await;
    assert!(page.has("別の方の情報") && !page.has("4443332") && !page.has("例示 ウメ"));
}

#[tokio::test]
async fn leaving_and_voiding_need_a_reason_and_end_the_visit() {
    for (form, status, words) in
        [("leave", VisitStatus::LeftWithoutCare, "受診せず帰宅"), ("void", VisitStatus::Voided, "取消")]
    {
        let mut room = card_without_line();
        let page = room.page().await;
        let action = room.path(form);
        let refused = room.browser.submit(&page, &action, &[("reason", "　 ")]).await;
        assert!(refused.has("理由を入力してください"), "{form}");
        let done = room.browser.submit(&refused, &action, &[("reason", "ご都合が悪くなった")]).await;
        assert!(done.has(words) && done.has("ご都合が悪くなった"));
        assert_eq!(room.status(), status);
    }
}

#[tokio::test]
async fn person_companion_and_card_can_be_noted() {
    let mut room = card_without_line();
    let page = room.page().await;
    let person = room.path("person");
    let page = room.browser.submit(&page, &person, &[("name_kana", "カクウ タロー")]).await;
    let companion = room.path("companion");
    let page = room.browser.submit(&page, &companion, &[("companion", "helper"), ("companion_name", "架空 花")]).await;
    let noted = room.path("card");
    let page =
        room.browser.submit(&page, &noted, &[("certificate_expiry", "2026-03-31"), ("card_registered", "yes")]).await;
    assert!(page.has("カクウ タロー") && page.has("家族・介助者"));
    let state = room.desk.visit(&room.visit).unwrap().unwrap().state;
    assert_eq!(state.person.unwrap().birth_date, people::taro().birth_date, "what was not typed stays");
    assert_eq!(state.card_registered, Some(true));
    let refused = room.browser.submit(&page, &companion, &[("companion", "")]).await;
    assert!(refused.has("まだ保存していません"));
}

#[tokio::test]
async fn staff_decide_for_a_known_patient_without_papers() {
    let desk = MemoryDesk::new();
    let patient = on_file(&desk, "1001", people::hanako(), people::kenpo("1234567"), "2026-02-10", None);
    let visit = open(&desk, Some(patient), PersonFace::EMPTY, vec![shown(EvidenceKind::None)]);
    let browser = Browser::inside(&desk);
    let mut room = Room { desk, browser, visit };
    let page = room.page().await;
    let action = room.path("decide");
    let done = room.browser.submit(&page, &action, &[("reason", "毎週来院、顔なじみ")]).await;
    assert!(done.has("受付できました") && done.has("毎週来院"));
}

#[tokio::test]
async fn a_follow_up_is_done_from_the_visit() {
    let desk = MemoryDesk::new();
    let visit = monday_morning(&desk).oral;
    let browser = Browser::inside(&desk);
    let mut room = Room { desk, browser, visit };
    let page = room.page().await;
    assert!(page.has("資格を照会し直す"));
    let action = room.path("follow-up");
    let done = room.browser.submit(&page, &action, &[("note", "電話で確認")]).await;
    assert!(!done.has_form(&action) && done.has("電話で確認"));
}
