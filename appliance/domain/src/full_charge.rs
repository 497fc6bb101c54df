//! When 10割 may and may not be asked (checkin-rules §9).

use crate::circumstance::Circumstances;
use crate::decision::{Acceptance, Action, FullCharge, Step};
use crate::evidence::EvidenceKind;
use crate::ladder::{self, Words};
use crate::text::Text;

/// Whether the base rule applies, and why or why not.
pub(crate) fn full_charge(seen: &Circumstances<'_>, accepted: Option<&Acceptance>) -> FullCharge {
    if let Some(acceptance) = accepted {
        return no(
            format!("{}で受け付けできます。10割を求めてはいけません。", acceptance.evidence.label_ja()),
            format!("Received by: {}. 100 % may not be asked.", acceptance.evidence.label_en()),
        );
    }
    if seen.case.card_present() || seen.case.phone_present() {
        return no(
            "カードをお持ちの方に、機器・回線・システム・証明書・データの不具合を理由に10割を求めてはいけません。",
            "A patient with the card is never asked for 100 % because of reader, line, system, certificate or data.",
        );
    }
    let (ja, en) = if seen.case.stored.is_some() {
        (
            "記録のある再診の患者さんです。施設の判断で通常の負担割合にできます。10割の場合は理由を記録し、確認後に返金します。",
            "A known return patient: the site may charge the usual share. If 100 % is asked, record why and refund once confirmed.",
        )
    } else if school_trip(seen) {
        (
            "学校行事で何も確認できません。いったん10割とし、確認後に返金します。理由を記録してください。",
            "School trip and nothing confirms: 100 % first, refund once confirmed. Record why.",
        )
    } else {
        (
            "カードも確認できる書面もありません。原則として10割を求めることができます。理由を記録し、後日確認できたら返金します。",
            "Neither card nor any paper that counts. By the base rule 100 % may be asked; record why, and refund once confirmed.",
        )
    };
    FullCharge {
        may_be_asked: true, reason: Text::new(ja, en), law: "保発0710第1号（2023-07-10）4頁".to_owned()
    }
}

fn no(ja: impl Into<String>, en: impl Into<String>) -> FullCharge {
    FullCharge {
        may_be_asked: false,
        reason: Text::new(ja, en),
        law: "保発0710第1号（2023-07-10）、資格確認方法フローチャート".to_owned(),
    }
}

fn school_trip(seen: &Circumstances<'_>) -> bool {
    seen.case.presented(EvidenceKind::SchoolTripCopy).is_some()
        || seen.case.companion == Some(crate::case::Companion::Teacher)
}

/// The last step of the ladder, shown only when the base rule applies, and asking for a reason.
pub(crate) fn last_step(charge: &FullCharge) -> Option<Step> {
    charge.may_be_asked.then(|| {
        ladder::step(
            Action::AskFullCharge,
            None,
            Words {
                reason: charge.reason.clone(),
                law: "保発0710第1号（2023-07-10）4頁",
                rule: None,
                say: Text::new(
                    "今日はいったん全額をお預かりし、保険が確認でき次第、差額をお返しします。",
                    "Today we take the full amount for now; the difference is paid back as soon as your insurance is confirmed.",
                ),
            },
        )
    })
}
