//! What staff should notice about a case.

use crate::age::{AgeSchemeIssue, consistency, elderly_from, spoken_age};
use crate::circumstance::{Circumstances, card_of_another};
use crate::coverage::{Coverage, LossReason};
use crate::date::Date;
use crate::decision::{Acceptance, RatioDecision};
use crate::eligibility::{EligibilityStatus, OnlineAnswer, PersonMatch};
use crate::evidence::{Confidence, EvidenceKind};
use crate::kana;
use crate::link::Cause;
use crate::number::InsurerNumber;
use crate::scheme::SchemeGroup;
use crate::text::Text;

pub(super) fn cautions(seen: &Circumstances<'_>, accepted: Option<&Acceptance>, ratio: &RatioDecision) -> Vec<Text> {
    let mut cautions = Vec::new();
    cautions.extend(another_person(seen));
    cautions.extend(answer_does_not_fit(seen));
    cautions.extend(could_not_ask(seen));
    cautions.extend(unmappable_name(seen));
    cautions.extend(slip_given(seen));
    cautions.extend(card_lost(seen));
    cautions.extend(insurance_changed(seen));
    cautions.extend(lost(seen));
    cautions.extend(accepted.into_iter().flat_map(|accepted| about_acceptance(seen, accepted)));
    cautions.extend(accepted.into_iter().flat_map(|accepted| renewal_since(seen, accepted)));
    cautions.extend(protection(seen));
    cautions.extend(wrong_check_digit(seen));
    cautions.extend(odd_insurer_number(seen));
    cautions.extend(age_and_scheme(seen, ratio));
    cautions.extend(notice_needs_card(seen));
    cautions
}

fn another_person(seen: &Circumstances<'_>) -> Option<Text> {
    if seen.person != PersonMatch::Different {
        return None;
    }
    let by_number = seen.case.online.is_none() && seen.case.answer_withheld && seen.asked_by_number();
    Some(if by_number {
        Text::new(
            "入力した番号で別の方が該当しました。番号と生年月日を確かめてください。回答の内容は表示・保存していません。カードがあればカードで確認できます。",
            "The typed numbers belong to another person. Check numbers and birth date; the answer is neither shown nor stored. The card, if there is one, can still confirm.",
        )
    } else if card_of_another(seen.case) {
        Text::new(
            "カードの写真が患者さんと違います。カードの取り違えかもしれません。情報は表示・保存しません。受診は書面等で続けられます。",
            "The photo on the card is not the patient; cards may have been mixed up. Nothing is shown or stored; the visit goes on by papers.",
        )
    } else {
        Text::new(
            "別人の可能性：カナ・生年月日・性別が一致しません。回答の内容は表示・保存しません。受診は書面等で続けられます。",
            "Possibly another person: kana, birth date or sex differ. The answer is neither shown nor stored; the visit goes on by papers.",
        )
    })
}

fn answer_does_not_fit(seen: &Circumstances<'_>) -> Option<Text> {
    if seen.answer_of_another_day() {
        return Some(Text::new(
            "回答は別の日についてのものです。受診日の資格をもう一度照会してください。",
            "The answer speaks of another day. Ask again for the day of the visit.",
        ));
    }
    let says_valid = matches!(seen.status(), Some(EligibilityStatus::Valid | EligibilityStatus::ValidTicketMissing));
    (says_valid && seen.valid_answer().is_none()).then(|| {
        Text::new(
            "回答は有効ですが、資格の期間が受診日を含んでいません。保険者に確認してください。",
            "The answer says valid, but its period does not cover the day of the visit. Ask the insurer.",
        )
    })
}

/// "Could not ask" is an answer, with its cause and its beginning.
fn could_not_ask(seen: &Circumstances<'_>) -> Option<Text> {
    let failed = seen.case.could_not_ask.as_ref().filter(|_| seen.answer.is_none())?;
    let code = failed.code.as_deref();
    let (cause_ja, cause_en) = match failed.cause {
        Cause::Data => (
            "この番号・生年月日のままでは受け付けられません",
            "these numbers or this birth date are not taken as they are",
        ),
        cause => (cause.label_ja(), cause.label_en()),
    };
    let since = failed.since.map(|at| at.time_in_japan()).map(|(hour, minute, _)| format!("{hour}:{minute:02}"));
    let ja = [since.as_deref().map(|at| format!("{at}から")), code.map(|code| format!("コード {code}"))];
    let en = [since.as_deref().map(|at| format!("since {at}")), code.map(|code| format!("code {code}"))];
    let bracketed =
        |parts: [Option<String>; 2], comma: &str| parts.into_iter().flatten().collect::<Vec<_>>().join(comma);
    let (ja, en) = (bracketed(ja, "、"), bracketed(en, ", "));
    if failed.still_out {
        return Some(Text::new(
            format!(
                "番号の照会に回答がまだありません：{}{}。待たずに次の方法へ進めます。後から届けば自動で反映します。",
                cause_ja,
                wrap(&ja, "（", "）")
            ),
            format!(
                "The question by number has no answer yet: {}{}. Go on with the next way; a late answer counts by itself.",
                cause_en,
                wrap(&en, " (", ")")
            ),
        ));
    }
    Some(Text::new(
        format!("番号の照会ができませんでした：{}{}。患者さんのせいではありません。", cause_ja, wrap(&ja, "（", "）")),
        format!(
            "The question by number could not be asked: {}{}. It is not the patient's fault.",
            cause_en,
            wrap(&en, " (", ")")
        ),
    ))
}

fn wrap(text: &str, open: &str, close: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{open}{text}{close}") }
}

fn unmappable_name(seen: &Circumstances<'_>) -> Option<Text> {
    let returned = seen.answer.and_then(OnlineAnswer::main_result)?;
    returned.person.name.as_deref().filter(|name| kana::has_unmappable(name)).map(|_| {
        Text::new(
            "氏名に●があります。カナと生年月日が一致していれば受け付けて構いません。請求も返戻されません。",
            "The name holds ●. If kana and birth date agree, go on; the claim is not returned for it.",
        )
    })
}

/// REQ-43: that the slip was handed out before, when, and how often.
fn slip_given(seen: &Circumstances<'_>) -> Option<Text> {
    seen.window.and_then(|window| window.facts().advice)?;
    let given = &seen.case.stored.as_ref()?.slips_given_on;
    let (last, times) = (given.last()?, given.len());
    Some(Text::new(
        format!("電子証明書の更新の案内は{last}にお渡ししています（{times}回）。まだ更新されていないようです。"),
        format!(
            "The renewal slip was handed out on {last} ({times} in all). The certificate does not seem to be renewed yet."
        ),
    ))
}

/// A lost card: what to say now, or what was said at an earlier visit.
fn card_lost(seen: &Circumstances<'_>) -> Option<Text> {
    if seen.case.card_lost {
        return Some(Text::new(
            "カード紛失：「今日の受診はできます。カードの停止は、マイナンバー総合フリーダイヤル 0120-95-0178（24時間）にお電話ください。再発行は早くて5日ほどです。」今日は下に出ている方法で確認します。",
            "The card is lost. Say: \"You can be seen today. To stop the card, phone 0120-95-0178 at any hour. A new card takes 5 days at the least.\" Go on with the ways shown below.",
        ));
    }
    let lost_on = seen.case.stored.as_ref()?.card_lost_on.filter(|_| !seen.card_present())?;
    seen.case.presented(EvidenceKind::EligibilityCertificate).is_none().then(|| {
        Text::new(
            format!(
                "{lost_on}の受診で、カードをなくしたと伺っています。新しいカードか資格確認書が届いたか尋ねてください。"
            ),
            format!(
                "On {lost_on} the patient said that the card is lost. Ask whether a new card or a certificate has come."
            ),
        )
    })
}

/// Code 1: compare with what is on file (checkin-rules §5).
fn insurance_changed(seen: &Circumstances<'_>) -> Option<Text> {
    let answered = seen.valid_answer().and_then(OnlineAnswer::insurance).map(|result| &result.coverage)?;
    let changed = seen.on_file().is_some_and(|on_file| answered.has_numbers() && !answered.same_insured(on_file));
    changed.then(|| {
        Text::new(
            "前回と保険（番号）が変わっています。カルテ・レセコンの保険情報を直してください。",
            "The insurance differs from the last visit's. Correct chart and receipt computer.",
        )
    })
}

/// REQ-28, REQ-29: what exactly was lost, and whether this patient was called invalid wrongly before.
fn lost(seen: &Circumstances<'_>) -> Vec<Text> {
    if seen.status() != Some(EligibilityStatus::Invalid) {
        return Vec::new();
    }
    let returned = seen.answer.and_then(OnlineAnswer::main_result).map(|result| lost_words(&result.coverage));
    let before = seen.case.stored.as_ref().and_then(|stored| stored.false_invalid_since).map(|since| {
        Text::new(
            format!("この方は{since}から誤って無効と表示されています。保険者への連絡は毎回は不要です。"),
            format!(
                "This patient has wrongly been shown as invalid since {since}. No need to call the insurer each time."
            ),
        )
    });
    returned.into_iter().chain(before).collect()
}

fn lost_words(coverage: &Coverage) -> Text {
    let insurer = coverage.insurer_name.as_deref();
    let day = coverage.lost_on.map(|day| day.to_string());
    let (why_ja, why_en) = loss_words(coverage.loss_reason);
    Text::new(
        format!(
            "無効：{}の資格を{}に喪失した登録です（理由：{why_ja}）。転職・引っ越し等の後の登録遅れかもしれません。10割にしないでください。",
            insurer.unwrap_or("保険者名不明"),
            day.as_deref().unwrap_or("不明な日"),
        ),
        format!(
            "Invalid: eligibility with {} was lost on {} (reason: {why_en}). The new one may lag behind. Do not charge 100 %.",
            insurer.unwrap_or("an insurer not named"),
            day.as_deref().unwrap_or("an unknown day"),
        ),
    )
}

const fn loss_words(reason: Option<LossReason>) -> (&'static str, &'static str) {
    match reason {
        Some(LossReason::Death) => ("死亡と登録", "registered as deceased"),
        Some(LossReason::PublicAssistance) => ("生活保護の開始", "public assistance began"),
        Some(LossReason::OtherInsurance) => ("他の医療保険に加入", "other insurance acquired"),
        Some(LossReason::Other) => ("その他", "other"),
        None => ("不明", "unknown"),
    }
}

fn about_acceptance(seen: &Circumstances<'_>, accepted: &Acceptance) -> Option<Text> {
    let confirmed_on = seen.case.stored.as_ref().and_then(|stored| stored.confirmed_on);
    match accepted.evidence {
        EvidenceKind::HomeConsentWeb => Some(Text::new(
            "遠隔での同意です。到着時に写真付きの本人確認書類を見てください（再診で明らかな方を除く）。",
            "Consent was given remotely. Look at a photo ID on arrival, unless the patient is clearly known.",
        )),
        // a result that was copied has a follow-up of its own
        EvidenceKind::OutageLookup if seen.looked_up.is_none() => Some(Text::new(
            "資格情報照会（システム障害時モード）を使いました。使用報告を送ってください。",
            "The outage look-up was used. Send the report of its use.",
        )),
        EvidenceKind::ReturnVisitOral if confirmed_on.is_none_or(|day| !day.same_month(seen.day())) => Some(Text::new(
            "記録の資格は今月になってから確認していません。復旧後の再照会を忘れないでください。",
            "The insurance on file has not been confirmed this month. Do not forget to ask again after recovery.",
        )),
        _ => None,
    }
}

/// REQ-30: insurance changes with jobs on 1 April, and the shares of people of 70 and more are judged anew on 1 August.
fn renewal_since(seen: &Circumstances<'_>, accepted: &Acceptance) -> Vec<Text> {
    let unsure = accepted.confidence != Confidence::ConfirmedOnline && rests_on_memory(accepted.evidence);
    let confirmed_on = seen.case.stored.as_ref().and_then(|stored| stored.confirmed_on).filter(|_| unsure);
    let Some(confirmed_on) = confirmed_on else { return Vec::new() };
    let passed = |month: u8| {
        let renewal = Date::new(seen.day().year(), month, 1).filter(|first| *first <= seen.day());
        renewal.is_some_and(|first| confirmed_on < first)
    };
    let elderly = seen.birth_date().is_some_and(|birth| seen.day() >= elderly_from(birth));
    let mut texts = Vec::new();
    if passed(4) && !elderly {
        texts.push(Text::new(
            "最後の確認が4月1日より前です。就職・異動・扶養の変更がないか、具体的に尋ねてください。",
            "Last confirmed before 1 April. Ask plainly about a new job, a move or a change of dependants.",
        ));
    }
    if passed(8) && elderly {
        texts.push(Text::new(
            "最後の確認が8月1日より前です。70歳以上の方は負担割合が変わっていることがあります。",
            "Last confirmed before 1 August. The share of people of 70 and more may have changed.",
        ));
    }
    texts
}

const fn rests_on_memory(kind: EvidenceKind) -> bool {
    matches!(kind, EvidenceKind::ReturnVisitOral | EvidenceKind::SiteJudgement | EvidenceKind::SelfDeclaration)
}

/// A card that cannot be used beside a certificate that can may mean protection against violence (checkin-rules §3.9).
fn protection(seen: &Circumstances<'_>) -> Option<Text> {
    let unusable = seen.person != PersonMatch::Different && seen.card_answered_in_vain();
    let certificate = seen.case.presented(EvidenceKind::EligibilityCertificate).is_some();
    (unusable && certificate).then(|| {
        Text::new(
            "カードが使えず資格確認書をお持ちの方は、保護のための措置かもしれません。住所や事情を声に出して尋ねず、家族に電話しないでください。",
            "A card that cannot be used beside a certificate may mean protection. Do not ask aloud about address or reasons, and do not phone relatives.",
        )
    })
}

fn wrong_check_digit(seen: &Circumstances<'_>) -> Option<Text> {
    let wrong = seen.papers().map(|paper| &paper.coverage).find(|coverage| coverage.has_wrong_check_digit())?;
    let (ja, en) = match wrong.override_reason.as_deref() {
        Some(reason) => (format!("（使う理由：{reason}）"), format!(" (used because: {reason})")),
        None => (String::new(), String::new()),
    };
    Some(Text::new(
        format!("保険者番号の検証番号が合いません{ja}。書面をもう一度見て、違っていれば入力し直してください。"),
        format!(
            "The check digit of the insurer number does not fit{en}. Look at the paper again and correct it if it differs."
        ),
    ))
}

/// A number that is possible and yet looks odd for an insurer (claims-rules §3.4): a public subsidy's, or of a scheme nobody knows.
fn odd_insurer_number(seen: &Circumstances<'_>) -> Vec<Text> {
    let insurers = seen.papers().filter(|paper| paper.kind != EvidenceKind::MedicalAssistanceTicket);
    let numbers = insurers.filter_map(|paper| paper.coverage.insurer_number.as_ref());
    let warnings = numbers.filter_map(|number| InsurerNumber::parse(number.as_str()).ok()).flat_map(|c| c.warnings);
    let mut texts: Vec<Text> = warnings.map(|warning| Text::new(warning.ja(), warning.en())).collect();
    texts.dedup();
    texts
}

fn age_and_scheme(seen: &Circumstances<'_>, ratio: &RatioDecision) -> Vec<Text> {
    let Some(birth) = seen.birth_date() else { return Vec::new() };
    let ratio_known = |issue: &AgeSchemeIssue| *issue == AgeSchemeIssue::RatioDocumentNeeded && ratio.tenths.is_some();
    consistency(birth, seen.day(), seen.scheme())
        .into_iter()
        .filter(|issue| !ratio_known(issue))
        .map(|issue| Text::new(issue.ja(), issue.en()))
        .collect()
}

/// REQ-53: people of 65 to 74 in 国保 mostly hold the notice, which counts together with the card alone.
fn notice_needs_card(seen: &Circumstances<'_>) -> Option<Text> {
    let birth = seen.birth_date()?;
    let national = seen.scheme().group() == SchemeGroup::National;
    let notice = seen.case.presented(EvidenceKind::NoticeOnly).is_some();
    let needed = seen.identified().is_none() && !seen.card_present();
    let early_elderly = (65..75).contains(&spoken_age(birth, seen.day()));
    (early_elderly && (national || notice) && needed).then(|| {
        Text::new(
            "65〜74歳の国保の方に届くのは「資格情報のお知らせ」が多く、カードと一緒でないと使えません。",
            "People of 65 to 74 in 国保 mostly hold the notice only, which counts together with the card alone.",
        )
    })
}
