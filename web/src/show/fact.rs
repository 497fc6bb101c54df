//! The facts of a visit in words, for its history.

use super::*;
use domain::visit::VisitFact;

/// One fact as a sentence. It names what happened, not the numbers: those stand in their own panel.
pub fn fact(lang: Lang, fact: &VisitFact) -> String {
    let words = |ja: &str, en: &str| lang.pick(ja, en).to_owned();
    let with = |ja: &str, en: &str, detail: &str| format!("{}{detail}", lang.pick(ja, en));
    match fact {
        VisitFact::Opened(opened) => with("受付を開始：", "Opened: ", flow(lang, opened.flow)),
        VisitFact::Placed(placed) => {
            let kind = placed.kind.map(|kind| counter_kind(lang, kind)).unwrap_or_default();
            with("受付の場所：", "Place: ", [kind, placed.place.as_deref().unwrap_or_default()].join(" ").trim())
        }
        VisitFact::FamilyJoined(joined) => {
            with("家族で受付：", "Came with the family: ", joined.brought_by.as_deref().unwrap_or_default())
        }
        VisitFact::CameFrom(came) => match (&came.ticket, came.identity) {
            (Some(_), _) => words("整理番号から受付", "Began from a waiting number"),
            (None, Some(identity)) => with(
                "事前の同意から受付：",
                "Began from a consent given in advance: ",
                identity_checked(lang, identity),
            ),
            (None, None) => words("事前の同意から受付", "Began from a consent given in advance"),
        },
        VisitFact::PersonTaken(_) => words("氏名等を記入", "Person written down"),
        VisitFact::PatientLinked(_) => words("患者の記録と結び付け", "Linked to the patient's record"),
        VisitFact::DocumentPresented(document) => with("提示：", "Shown: ", evidence(lang, document.presented.kind)),
        VisitFact::AttemptFailed(failed) => {
            format!("{} — {}", evidence(lang, failed.attempt.kind), attempt(lang, failed.attempt.outcome))
        }
        VisitFact::CompanionCame(came) => companion(lang, came.companion).to_owned(),
        VisitFact::CardSeen(_) => words("カードの期限・登録を確認", "Card's expiry or registration noted"),
        VisitFact::CardLost(lost) if lost.is_stopped == Some(true) => {
            words("カード紛失の申し出（停止済み）", "The card is lost, and stopped already")
        }
        VisitFact::CardLost(_) => {
            words("カード紛失の申し出（0120-95-0178 を案内）", "The card is lost; told to phone 0120-95-0178")
        }
        VisitFact::UnchangedSaid(_) => words("患者さん「変わりありません」", "The patient said that nothing changed"),
        VisitFact::StaffDecided(decided) => with("職員の判断：", "Decision of staff: ", &decided.reason),
        VisitFact::DeclarationTaken(_) => words("申立書を受け取り", "Self-declaration taken"),
        VisitFact::QuestionAsked(asked) => {
            with("照会を記録：", "Question written down: ", purpose(lang, asked.purpose))
        }
        VisitFact::AnswerReceived(received) => {
            with("全国システムの回答：", "Answer: ", eligibility(lang, received.answer.status))
        }
        VisitFact::QuestionFailed(failed) => {
            let code = failed.code.as_ref().map(|code| format!(" [{code}]")).unwrap_or_default();
            with("照会できず：", "Could not ask: ", &format!("{}{code}", cause(lang, failed.cause)))
        }
        VisitFact::QuestionUnanswered(silent) => with(
            "回答が来ないため次の方法を案内（後から届けば反映）：",
            "No answer yet, so the next way was offered (a late one still counts): ",
            cause(lang, silent.cause),
        ),
        VisitFact::LookupEntered(entered) => {
            let lookup = &entered.lookup;
            let (kind, said) = (evidence(lang, lookup.kind), eligibility(lang, lookup.answer.status));
            let at = time(lookup.looked_up_at);
            format!("{kind}: {said} — {} {at}", lookup.looked_up_by)
        }
        VisitFact::AnswerWithheld(_) => {
            words("別の方の回答のため表示・保存せず", "The answer spoke of another person: neither shown nor kept")
        }
        VisitFact::PublicPayersTaken(taken) if taken.payers.is_empty() => {
            words("公費なし（受給者証を確認）", "No public payer, as compared with the certificate")
        }
        VisitFact::PublicPayersTaken(taken) => {
            let names: Vec<String> = taken.payers.iter().map(|payer| lang.of(&payer.name())).collect();
            with("公費を記録：", "Public payers kept: ", &names.join(lang.pick("、", ", ")))
        }
        VisitFact::PublicPayersNamed(_) => words(
            "公費を処方箋から控え（受給者証とは未確認）",
            "Public payers noted from the prescription, not compared yet",
        ),
        VisitFact::DisasterModeNoted(noted) if noted.open => words("災害時の機能を開始", "Disaster function opened"),
        VisitFact::DisasterModeNoted(_) => words("災害時の機能を終了", "Disaster function closed"),
        VisitFact::Accepted(accepted) => {
            with("受付を確定：", "Received on: ", evidence(lang, accepted.acceptance.evidence))
        }
        VisitFact::RatioChosen(chosen) => {
            format!(
                "{}{} — {}",
                lang.pick("負担割合を選択：", "Share chosen: "),
                tenths(lang, chosen.tenths),
                chosen.reason
            )
        }
        VisitFact::FullChargeAsked(asked) => with("10割をお預かり：", "100 % taken: ", &asked.reason),
        VisitFact::LeftWithoutCare(left) => with("受診せず帰宅：", "Left without care: ", &left.reason),
        VisitFact::Reconciled(reconciled) => {
            with("後日の回答：", "Late answer: ", late_outcome(lang, reconciled.outcome))
        }
        VisitFact::FollowUpClosed(closed) => {
            format!("{}{} — {}", lang.pick("対応済：", "Done: "), follow_up(lang, closed.kind), closed.note)
        }
        VisitFact::FollowUpAssigned(assigned) => {
            let to = assigned.to.as_deref().unwrap_or(lang.pick("担当なし", "nobody in particular"));
            format!("{}{} — {to}", lang.pick("担当：", "To be done by: "), follow_up(lang, assigned.kind))
        }
        VisitFact::FollowUpSnoozed(snoozed) => format!(
            "{}{} — {} {}",
            lang.pick("保留：", "Waits: "),
            follow_up(lang, snoozed.kind),
            day(lang, snoozed.until),
            snoozed.reason
        ),
        VisitFact::MoneyNoted(noted) => {
            let way = noted.way.map(|way| format!(" — {}", money_way(lang, way))).unwrap_or_default();
            format!("{}：{}{way}", follow_up(lang, noted.kind), yen(lang, noted.yen))
        }
        VisitFact::Voided(voided) => with("取消：", "Voided: ", &voided.reason),
        VisitFact::Reopened(reopened) => with("受付を続ける：", "Goes on after all: ", &reopened.reason),
        VisitFact::Settled(settled) => {
            let right = lang.of(&settled.value);
            format!("{}{right} — {}", lang.pick("見比べて決定：", "Compared and decided: "), settled.reason)
        }
        VisitFact::Merged(merged) if merged.goes_on => {
            with("別の窓口の受付をここにまとめ：", "Another check-in merged into this one: ", &merged.reason)
        }
        VisitFact::Merged(merged) => {
            with("この受付を別の受付にまとめ：", "Merged into another check-in: ", &merged.reason)
        }
        VisitFact::MergeUndone(undone) => with("まとめを取り消し：", "Merge undone: ", &undone.reason),
        VisitFact::KeptApart(kept) => with("別々の受付と確認：", "Two visits, as compared: ", &kept.reason),
        VisitFact::Carried(carried) => {
            with("まとめた受付から：", "From the merged check-in: ", &self::fact(lang, &carried.what))
        }
        VisitFact::Unknown(..) => words("新しい版で記録された内容", "Recorded by a newer version"),
    }
}
