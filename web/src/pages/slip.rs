//! The slip of a visit (受付票), to be printed for the patient: number, date, the code that finds the visit again, and what is still
//! open between patient and clinic. It names nobody, no insurance and no illness: a lost slip tells its finder nothing.

use crate::app::App;
use crate::error::PageError;
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::VisitView;
use crate::session::SignedIn;
use crate::show::{self, QrSymbol};
use crate::words::SlipWords;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::decision::FollowUpKind;
use domain::fact::VisitId;
use domain::text::Text;

#[derive(Template)]
#[template(path = "slip.html")]
struct SlipPage {
    page: Frame,
    w: &'static SlipWords,
    ja: &'static SlipWords,
    visit: String,
    number: Option<u32>,
    day: String,
    time: String,
    code: Option<(String, QrSymbol)>,
    open: Vec<Text>,
}

/// `GET /visits/{visit}/slip`
pub async fn slip(State(app): State<App>, who: SignedIn, Path(visit): Path<String>) -> Result<Response, PageError> {
    let visit = VisitId::new(visit);
    let id = visit.clone();
    let view = app.read(move |desk| desk.visit(&id)).await?.ok_or(PageError::NotFound)?;
    let number = number_of(&app, &view).await?;
    let w = SlipWords::of(who.lang);
    let frame = Frame { path: format!("/visits/{visit}/slip"), ..Frame::of(&app, &who, "board", w.title) };
    let day = view.state.visit_date().unwrap_or(frame.today);
    page(&SlipPage {
        ja: SlipWords::of(Lang::Ja),
        number,
        day: show::day(Lang::Ja, day),
        time: show::time(view.state.opened_at),
        code: view.slip.as_ref().and_then(|code| Some((code.clone(), QrSymbol::of(code)?))),
        open: view.follow_ups.iter().filter_map(|follow_up| for_patient(follow_up.kind)).collect(),
        visit: visit.to_string(),
        page: frame,
        w,
    })
}

/// The running number of its day.
async fn number_of(app: &App, view: &VisitView) -> Result<Option<u32>, PageError> {
    let Some(day) = view.state.visit_date() else { return Ok(None) };
    let board = app.read(move |desk| desk.board(day)).await?;
    Ok(board.rows.iter().find(|row| row.visit == view.visit).map(|row| row.number))
}

/// What a patient should know of something that is open; most is the clinic's own business.
pub fn for_patient(kind: FollowUpKind) -> Option<Text> {
    let (ja, en) = match kind {
        FollowUpKind::BringCard => (
            "次回は、マイナンバーカードまたは資格確認書をお持ちください。",
            "Please bring your My Number card or eligibility certificate next time.",
        ),
        FollowUpKind::CardLost => (
            "カードの停止は マイナンバー総合フリーダイヤル 0120-95-0178（24時間）へ。次回は、新しいカードまたは資格確認書をお持ちください。",
            "To stop a lost card phone 0120-95-0178 at any hour. Please bring your new card or an eligibility certificate next time.",
        ),
        FollowUpKind::ReportNumber => (
            "保険の記号・番号が分かりましたら、受付にお知らせください。",
            "Please tell us your insured number once you know it.",
        ),
        FollowUpKind::CertificateSlip => (
            "マイナンバーカードの電子証明書の更新を、お住まいの市区町村の窓口でお願いします。",
            "Please have the certificate of your My Number card renewed at your municipality.",
        ),
        FollowUpKind::AskElderlyCertificate => {
            ("次回は、高齢受給者証をお持ちください。", "Please bring your elderly recipient certificate next time.")
        }
        FollowUpKind::Refund => (
            "お預かりした金額の精算があります。次回、この票を受付でお見せください。",
            "There is money to be paid back to you. Please show this slip next time.",
        ),
        FollowUpKind::Collect => (
            "窓口でのお支払いに精算があります。次回、この票を受付でお見せください。",
            "Your payment has to be settled. Please show this slip next time.",
        ),
        _ => return None,
    };
    Some(Text::new(ja, en))
}
