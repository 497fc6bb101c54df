//! One page for patients, with pictures: which paper works alone, and which needs the card beside it (REQ-50).

use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::session::SignedIn;
use crate::show;
use crate::words::VisitWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::document::{Reach, guide};
use domain::evidence::EvidenceKind;

#[derive(Template)]
#[template(path = "papers.html")]
struct PapersPage {
    page: Frame,
    papers: Vec<Paper>,
    day: String,
}

/// A thing patients hold, and what it is good for today.
struct Paper {
    picture: &'static str,
    ja: &'static str,
    en: &'static str,
    worth_ja: &'static str,
    worth_en: &'static str,
    works: bool,
}

/// `GET /papers`: to be printed and laid on the counter; made for the day it is opened.
pub async fn papers(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    let frame = Frame::of(&app, &who, "board", VisitWords::of(who.lang).papers_sheet);
    let (rules, today) = (&app.settings.rules, frame.today);
    let paper = |kind, picture, ja, en| {
        let reach = guide(kind, rules, today).reach;
        let (worth_ja, worth_en) = worth(reach);
        Paper { picture, ja, en, worth_ja, worth_en, works: matches!(reach, Reach::Enough) }
    };
    let papers = vec![
        paper(EvidenceKind::MynaCardFace, "card", "マイナンバーカード", "My Number card"),
        paper(EvidenceKind::EligibilityCertificate, "certificate", "資格確認書", "Eligibility certificate"),
        paper(EvidenceKind::CardPlusNotice, "notice", "資格情報のお知らせ", "Eligibility notice"),
        paper(EvidenceKind::InsuranceCardExpired, "old-card", "これまでの健康保険証", "The insurance card of before"),
    ];
    page(&PapersPage { day: show::day(crate::lang::Lang::Ja, today), papers, page: frame })
}

const fn worth(reach: Reach) -> (&'static str, &'static str) {
    match reach {
        Reach::Enough => ("これだけで受診できます。", "This alone is enough."),
        Reach::WithCard => (
            "これだけでは使えません。マイナンバーカードと一緒にお見せください。",
            "Not enough alone. Please show it together with your My Number card.",
        ),
        Reach::WithQuery => (
            "期限が切れたものは、受付で番号を照会します。次回はカードか資格確認書をお持ちください。",
            "If it has expired we look it up by its numbers. Please bring the card or a certificate next time.",
        ),
        Reach::Beside | Reach::NotToday => (
            "使えなくなりました。カードか資格確認書をお持ちください。",
            "No longer accepted. Please bring the card or an eligibility certificate.",
        ),
    }
}
