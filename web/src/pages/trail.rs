//! The trail: who looked at or changed which patient, when, and at which counter.

use crate::app::App;
use crate::error::{PageError, encode};
use crate::form::fields::{TRAIL_DAY, TRAIL_PATIENT};
use crate::form::{Input, Summary, Typed};
use crate::frame::{Frame, page};
use crate::lang::Lang;
use crate::port::{TrailLine, TrailQuestion};
use crate::session::SignedIn;
use crate::show;
use crate::words::PeopleWords;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::fact::PatientId;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "trail.html")]
struct TrailPage {
    page: Frame,
    w: &'static PeopleWords,
    summary: Summary,
    authors: Vec<(String, String, bool)>,
    patient: Input,
    day: Input,
    lines: Vec<Line>,
    older: Option<String>,
}

struct Line {
    at: String,
    who: String,
    what: String,
    detail: String,
    counter: String,
    patient: Option<String>,
    visit: Option<String>,
}

/// Lines on one page.
const ON_A_PAGE: usize = 200;

/// `GET /trail`
pub async fn trail(
    State(app): State<App>,
    who: SignedIn,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, PageError> {
    let asked = |name: &str| query.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
    let known = [(TRAIL_PATIENT.name, asked("patient")), (TRAIL_DAY.name, asked("day"))];
    let mut typed = Typed::prefilled(known.map(|(name, value)| (name, value.unwrap_or_default().to_owned())));
    let question = TrailQuestion {
        patient: typed.text(&TRAIL_PATIENT).map(PatientId::new),
        author: asked("author").map(str::to_owned),
        day: typed.date(&TRAIL_DAY),
        before: asked("before").and_then(|before| before.parse().ok()),
    };
    let wanted = question.clone();
    let is_fine = typed.is_fine();
    let (lines, staff) = app
        .read(move |desk| {
            let lines = if is_fine { desk.people().trail(&wanted)? } else { Vec::new() };
            Ok((lines, desk.people().staff()?))
        })
        .await?;
    let (lang, w) = (who.lang, PeopleWords::of(who.lang));
    let older = lines.last().filter(|_| lines.len() == ON_A_PAGE).map(|last| older(&question, last));
    let is_chosen = |author: &str| question.author.as_deref() == Some(author);
    let frame = Frame::of(&app, &who, "trail", w.trail_title).held();
    let today = frame.today;
    page(&TrailPage {
        summary: Summary::of("trail", &typed, lang),
        authors: staff
            .into_iter()
            .map(|member| (member.author.to_string(), member.name, is_chosen(member.author.as_str())))
            .collect(),
        patient: Input::of(&TRAIL_PATIENT, "trail", &typed, lang),
        day: Input::of(&TRAIL_DAY, "trail", &typed, lang),
        lines: lines
            .into_iter()
            .map(|line| Line {
                at: show::moment(lang, line.at, today),
                who: line.name.unwrap_or(line.author),
                what: what(lang, &line.what).to_owned(),
                detail: if line.what == "merged-elsewhere" { String::new() } else { line.detail },
                counter: line.counter,
                patient: line.patient.map(|patient| patient.to_string()),
                visit: line.visit.map(|visit| visit.to_string()),
            })
            .collect(),
        older,
        page: frame,
        w,
    })
}

fn older(question: &TrailQuestion, last: &TrailLine) -> String {
    let part = |name: &str, value: Option<String>| value.map(|value| format!("{name}={}&", encode(&value)));
    let parts = [
        part("patient", question.patient.as_ref().map(ToString::to_string)),
        part("author", question.author.clone()),
        part("day", question.day.map(|day| day.to_string())),
    ];
    format!("/trail?{}before={}", parts.into_iter().flatten().collect::<String>(), last.seq)
}

/// What was done, in words; the code itself where a newer box wrote it.
fn what(lang: Lang, code: &str) -> &str {
    let (ja, en) = match code {
        "viewed-board" => ("一覧を見た", "saw the board"),
        "viewed-visit" => ("受付を見た", "saw a visit"),
        "viewed-patient" => ("患者を見た", "saw a patient"),
        "viewed-list" => ("名前のある一覧を見た", "saw a list with names"),
        "took-file" => ("名前のあるファイルか紙を出した", "took a file or paper with names"),
        "took-bundle" => ("サポート用の束を出した", "took the support bundle"),
        "viewed-trail" => ("操作の記録を見た", "saw the trail"),
        "searched" => ("患者を探した", "searched for patients"),
        "check-in" => ("受付をした", "checked somebody in"),
        "visit" => ("受付を変えた", "changed a visit"),
        "ask" => ("資格を照会した", "asked for eligibility"),
        "patient" => ("患者の情報を変えた", "changed a patient"),
        "history" => ("受診歴を照会した", "looked up a visit history"),
        "job" => ("照会の列を変えた", "changed the queue"),
        "claim-answer" => ("届いた回答を割り当てた", "assigned an answer"),
        "erase-cards" => ("カードの目印を消した", "erased the card tokens"),
        "disaster-mode" => ("災害時の機能を変えた", "turned the disaster function"),
        "apart" => ("見比べて決めた", "decided between counters"),
        "merged-elsewhere" => ("ほかの機器で記録を1つにまとめた", "merged two records at another box"),
        "forget-patient" => ("患者を削除した", "deleted a patient"),
        "claims" => ("月の請求を扱った", "handled the month's claims"),
        "counters" => ("窓口の一覧を変えた", "changed the counters"),
        "number-taken" => ("整理番号を発行した", "handed out a number"),
        "number-called" => ("整理番号を呼んだ", "called a number"),
        "number-parked" => ("整理番号を保留にした", "let a number wait aside"),
        "number-back" => ("整理番号を列に戻した", "took a number back into the line"),
        "number-served" => ("整理番号を対応済みにした", "served a number"),
        "number-missed" => ("整理番号を不在にした", "noted that a number did not come"),
        "number-left" => ("整理番号の方が帰った", "noted that a number left"),
        "consent-entered" => ("事前の同意を記録した", "entered a remote consent"),
        "consent-seen" => ("事前の同意を一覧で確かめた", "compared a remote consent with the list"),
        "consent-ended" => ("事前の同意を終えた", "ended a remote consent"),
        "card-found" => ("見つけたカードを記録した", "entered a card that was found"),
        "card-owner" => ("見つけたカードの持ち主を記録した", "noted the owner of a found card"),
        "card-called" => ("カードの持ち主に連絡した", "called the owner of a card"),
        "card-back" => ("カードを持ち主に返した", "handed a card back"),
        "card-given" => ("カードを届け出た", "gave a card to an office"),
        "card-mistake" => ("カードの記録を取り消した", "took an entry of a card back"),
        "insurers" => ("保険者の電話帳を取り込んだ", "imported the insurer directory"),
        "sign-in" => ("サインイン", "signed in"),
        "sign-in-failed" => ("サインインの失敗", "failed to sign in"),
        "code-failed" => ("2段階目の失敗", "failed the second factor"),
        "recovery-code-used" => ("復旧コードを使った", "used a recovery code"),
        "switched" => ("交代", "took a counter over"),
        "locked" => ("ロック", "locked the counter"),
        "unlocked" => ("ロック解除", "unlocked the counter"),
        "signed-out" => ("サインアウト", "signed out"),
        "signed-out-everywhere" => ("すべてのサインインを終えた", "ended all sessions"),
        "staff-added" => ("アカウントを作った", "made an account"),
        "staff-role" => ("役割を変えた", "changed a role"),
        "staff-locked" => ("アカウントを停止した", "locked an account"),
        "staff-unlocked" => ("アカウントを再開した", "unlocked an account"),
        "staff-reset" => ("パスワードを作り直した", "made a new first password"),
        "vendor-allowed" => ("保守業者の立ち入りを許可した", "allowed a vendor in"),
        "vendor-ended" => ("保守業者の立ち入りを終えた", "ended a vendor's access"),
        "policy" => ("決まりを変えた", "changed the rules"),
        "emergency-made" => ("緊急用の封筒を作った", "made an emergency envelope"),
        "emergency-used" => ("緊急用の封筒を使った", "used the emergency envelope"),
        "emergency-failed" => ("緊急用のコードの失敗", "wrong emergency code"),
        "password-changed" => ("パスワードを変えた", "changed the password"),
        "switch-code-set" => ("交代コードを決めた", "set the switch code"),
        "second-factor-set" => ("2段階目の確認を登録した", "set up the second factor"),
        "passkey-made" => ("パスキーを登録した", "made a passkey"),
        "passkey-renamed" => ("パスキーの呼び名を変えた", "renamed a passkey"),
        "passkey-removed" => ("パスキーを外した", "removed a passkey"),
        "passkeys-removed" => ("職員のパスキーをすべて外した", "removed all passkeys of an account"),
        "passkey-failed" => ("パスキーの失敗", "failed to use a passkey"),
        "passkey-copied" => ("複製のおそれのあるパスキーを止めた", "stopped a passkey that may be copied"),
        "tablet-paired" => ("タブレットを登録した", "paired a tablet"),
        "tablet-unpaired" => ("タブレットの登録を外した", "unpaired a tablet"),
        "tablet-handed" => ("申立書をタブレットに渡した", "handed a declaration to a tablet"),
        "tablet-put-away" => ("書きかけの申立書を預かった", "put a half-finished declaration away"),
        "tablet-ended" => ("タブレットの申立書を終えた", "ended a declaration on a tablet"),
        "drill-begun" => ("停止訓練を始めた", "began a drill"),
        "update-asked" => ("更新をすぐ取り付けるよう指示した", "asked for an update now"),
        "update-postponed" => ("更新を延期した", "put an update off"),
        "update-as-planned" => ("更新を予定どおりに戻した", "let an update come as planned"),
        "box-renamed" => ("機器の名前を変えた", "renamed a box"),
        "drill-ended" => ("停止訓練を終えた", "ended a drill"),
        "exported" => ("操作の記録を書き出した", "exported the trail"),
        other => return other,
    };
    lang.pick(ja, en)
}
