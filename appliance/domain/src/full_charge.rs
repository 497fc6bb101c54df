//! When 10割 may and may not be asked (checkin-rules §9).

use crate::case::Companion;
use crate::circumstance::Circumstances;
use crate::decision::{Acceptance, Action, FullCharge, Step};
use crate::evidence::EvidenceKind;
use crate::ladder::{self, Words};
use crate::text::Text;

const LAW: &str = "保発0710第1号（2023-07-10）4頁";

/// Whether the base rule applies, and why or why not.
pub(crate) fn full_charge(seen: &Circumstances<'_>, accepted: Option<&Acceptance>, steps: &[Step]) -> FullCharge {
    match why_not(seen, accepted, steps) {
        Some(reason) => FullCharge {
            may_be_asked: false,
            reason,
            law: "保発0710第1号（2023-07-10）、資格確認方法フローチャート".to_owned(),
        },
        None => FullCharge { may_be_asked: true, reason: base_rule(seen), law: LAW.to_owned() },
    }
}

fn why_not(seen: &Circumstances<'_>, accepted: Option<&Acceptance>, steps: &[Step]) -> Option<Text> {
    if let Some(acceptance) = accepted {
        return Some(Text::new(
            format!("{}で受け付けできます。10割を求めてはいけません。", acceptance.evidence.label_ja()),
            format!("Received by: {}. 100 % may not be asked.", acceptance.evidence.label_en()),
        ));
    }
    let by_web = seen.case.presented(EvidenceKind::HomeConsentWeb).is_some();
    if seen.card_present() || seen.case.phone_present() || by_web {
        return Some(Text::new(
            "カードをお持ちの方に、機器・回線・システム・証明書・データの不具合を理由に10割を求めてはいけません。",
            "A patient with the card is never asked for 100 % because of reader, line, system, certificate or data.",
        ));
    }
    open_query(seen, steps).then(|| {
        Text::new(
            "まだ照会が済んでいません。先に照会してください。有効なら通常の負担割合です。",
            "The query has not been made yet. Ask first: if the answer is valid, the usual share applies.",
        )
    })
}

/// Something was presented that counts once the national service has been asked, and it can be asked now.
fn open_query(seen: &Circumstances<'_>, steps: &[Step]) -> bool {
    let tried = seen.case.could_not_ask.is_some();
    let asks = |step: &Step| match step.action {
        Action::QueryByNumber => !tried,
        Action::UseDisasterMode => true,
        _ => false,
    };
    seen.case.online.is_none() && seen.looked_up.is_none() && steps.iter().any(asks)
}

fn base_rule(seen: &Circumstances<'_>) -> Text {
    if seen.case.stored.is_some() {
        return Text::new(
            "記録のある再診の患者さんです。施設の判断で通常の負担割合にできます。10割の場合は理由を記録し、確認後に返金します。",
            "A known return patient: the site may charge the usual share. If 100 % is asked, record why and refund once confirmed.",
        );
    }
    if school_trip(seen) {
        return Text::new(
            "学校行事で何も確認できません。いったん10割とし、確認後に返金します。理由を記録してください。",
            "School trip and nothing confirms: 100 % first, refund once confirmed. Record why.",
        );
    }
    Text::new(
        "カードも確認できる書面もありません。原則として10割を求めることができます。理由を記録し、後日確認できたら返金します。",
        "Neither card nor any paper that counts. By the base rule 100 % may be asked; record why, and refund once confirmed.",
    )
}

fn school_trip(seen: &Circumstances<'_>) -> bool {
    seen.case.presented(EvidenceKind::SchoolTripCopy).is_some() || seen.case.companion == Some(Companion::Teacher)
}

/// The last step of the ladder, shown only when the base rule applies, and asking for a reason.
pub(crate) fn last_step(charge: &FullCharge) -> Option<Step> {
    charge.may_be_asked.then(|| {
        ladder::step(
            Action::AskFullCharge,
            None,
            Words {
                reason: charge.reason.clone(),
                law: LAW,
                rule: None,
                say: Text::new(
                    "今日はいったん全額をお預かりし、保険が確認でき次第、差額をお返しします。",
                    "Today we take the full amount for now; the difference is paid back as soon as your insurance is confirmed.",
                ),
            },
        )
    })
}
