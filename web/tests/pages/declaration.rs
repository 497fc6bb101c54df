//! The self-declaration.

use crate::support::browser::{Browser, Page};
use crate::support::memory_desk::MemoryDesk;
use crate::support::people;
use crate::support::scenes::{card, open};
use domain::declaration::{Declaration, InsuranceKind, Signer};
use domain::fact::VisitId;
use domain::link::Link;
use std::sync::Arc;
use web::port::Desk;

struct Room {
    desk: Arc<MemoryDesk>,
    browser: Browser,
    visit: VisitId,
    path: String,
}

fn room() -> Room {
    let desk = MemoryDesk::new();
    desk.set_link(Link::Line, false);
    let visit = open(&desk, None, people::taro(), vec![card()]);
    let browser = Browser::inside(&desk);
    let path = format!("/visits/{visit}/declaration");
    Room { desk, browser, visit, path }
}

impl Room {
    async fn send(&mut self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let path = self.path.clone();
        self.browser.submit(page, &path, fields).await
    }

    fn kept(&self) -> Option<Declaration> {
        self.desk.visit(&self.visit).unwrap().unwrap().state.declaration
    }
}

const ANSWERS: &[(&str, &str)] = &[
    ("insurance_kind", "employee"),
    ("workplace", "架空商事"),
    ("phone", "090-0000-1234"),
    ("strokes", "M10 20L30 40M50 60L70 80"),
];

#[tokio::test]
async fn it_is_prefilled_signed_and_settles_the_check_in() {
    let mut room = room();
    let page = room.browser.open(&room.path.clone()).await;
    let fields = page.form(&room.path).fields;
    for (name, value) in
        [("name", "架空 太郎"), ("birth_date", "昭和63年2月29日"), ("ratio", "3"), ("signer", "patient")]
    {
        assert!(fields.contains(&(name.to_owned(), value.to_owned())), "{name}");
    }
    let done = room.send(&page, ANSWERS).await;
    assert!(done.has("受付できました") && done.has("被保険者資格申立書"));
    let kept = room.kept().expect("kept");
    assert_eq!(kept.insurance_kind, InsuranceKind::Employee);
    assert_eq!(kept.ratio_tenths, Some(3));
    let signature = kept.signature.expect("signed");
    assert_eq!(signature.content_hash.len(), 64);
    assert_eq!(signature.strokes, "M10 20L30 40M50 60L70 80");
    assert!(kept.form_no.starts_with("20260302-"));
}

#[tokio::test]
async fn the_hash_binds_the_answers() {
    let mut hashes = Vec::new();
    for phone in ["090-0000-1234", "090-0000-1234", "090-0000-9999"] {
        let mut room = room();
        let page = room.browser.open(&room.path.clone()).await;
        let mut answers = ANSWERS.to_vec();
        answers.retain(|(name, _)| *name != "phone");
        answers.extend([("phone", phone), ("form_no", "20260302-AAAAA")]);
        room.send(&page, &answers).await;
        hashes.push(room.kept().unwrap().signature.unwrap().content_hash);
    }
    assert_eq!(hashes[0], hashes[1]);
    assert_ne!(hashes[0], hashes[2]);
}

#[tokio::test]
async fn without_a_signature_it_is_refused_unless_it_is_on_paper() {
    let mut room = room();
    let page = room.browser.open(&room.path.clone()).await;
    let refused = room.send(&page, &[("insurance_kind", "unknown"), ("phone", "03-0000-0000")]).await;
    assert!(refused.has("署名がありません") && refused.has("03-0000-0000"));
    assert!(room.kept().is_none());
    let done = room.send(&refused, &[("on_paper", "yes")]).await;
    assert!(done.has("受付できました"));
    let kept = room.kept().unwrap();
    assert!(kept.signature.is_none() && kept.paper.is_some());
    assert!(!done.has("署名がありません"), "the paper is the signature");
}

#[tokio::test]
async fn a_paper_says_who_signed_it_and_where_it_lies() {
    let mut room = room();
    let page = room.browser.open(&room.path.clone()).await;
    let paper = [
        ("insurance_kind", "kokuho"),
        ("on_paper", "yes"),
        ("paper_form_no", "紙-017"),
        ("kept_at", "申立書ファイル"),
        ("signer", "companion"),
        ("signer_name", "架空 花"),
    ];
    let refused = room.send(&page, &paper).await;
    assert!(refused.has("続柄（母、施設職員など）が必要です"));
    for kept in ["紙-017", "申立書ファイル", "架空 花"] {
        assert!(refused.has(kept), "{kept} is still there");
    }
    let done = room.send(&refused, &[("relation", "施設職員")]).await;
    assert!(done.has("受付できました"));
    for shown in ["紙-017", "付き添いの方（代筆） 架空 花 施設職員（紙（保管済み））", "申立書ファイル"]
    {
        assert!(done.has(shown), "{shown}");
    }
    let kept = room.kept().unwrap();
    let paper = kept.paper.unwrap();
    assert_eq!((kept.form_no.as_str(), paper.signer), ("紙-017", Signer::Companion));
    assert_eq!((paper.signer_name.as_deref(), paper.relation.as_deref()), (Some("架空 花"), Some("施設職員")));
    assert_eq!(paper.kept_at.as_deref(), Some("申立書ファイル"));
}

#[tokio::test]
async fn missing_contact_warns_and_never_blocks() {
    let mut room = room();
    let page = room.browser.open(&room.path.clone()).await;
    let done = room.send(&page, &[("insurance_kind", "unknown"), ("address", ""), ("strokes", "M1 1L9 9")]).await;
    assert!(done.has("受付できました"));
    assert!(done.has("住所か事業所名のどちらかが必要です") && done.has("連絡先（電話など）が必要です"));
}

#[tokio::test]
async fn somebody_else_signs_with_a_name() {
    let mut room = room();
    let page = room.browser.open(&room.path.clone()).await;
    let mut answers = ANSWERS.to_vec();
    answers.push(("signer", "guardian"));
    let refused = room.send(&page, &answers).await;
    assert!(refused.has("その方のお名前が必要です") && refused.has("href=\"#declaration-signer_name\""));
    let done = room.send(&refused, &[("signer_name", "架空 花"), ("relation", "母")]).await;
    assert!(done.has("受付できました"));
    let signature = room.kept().unwrap().signature.unwrap();
    assert_eq!((signature.signer, signature.signer_name.as_deref()), (Signer::Guardian, Some("架空 花")));
}

#[tokio::test]
async fn strokes_that_are_no_drawing_are_refused() {
    let mut room = room();
    let page = room.browser.open(&room.path.clone()).await;
    for strokes in ["M1 1L<script>alert(1)</script>", "M9999 1", "url(http://evil)"] {
        let mut answers = ANSWERS.to_vec();
        answers.push(("strokes", strokes));
        let refused = room.send(&page, &answers).await;
        assert!(refused.has("署名がありません") && !refused.has("evil") && !refused.has("alert(1)"));
    }
    assert!(room.kept().is_none());
}

#[tokio::test]
async fn sent_twice_it_counts_once() {
    let mut room = room();
    let page = room.browser.open(&room.path.clone()).await;
    let first = room.send(&page, ANSWERS).await;
    let again = room.send(&page, ANSWERS).await;
    assert_eq!(first.path, again.path);
    let facts = room.desk.visit(&room.visit).unwrap().unwrap().history;
    assert_eq!(facts.iter().filter(|fact| fact.fact.kind() == "declaration_taken").count(), 1);
}
