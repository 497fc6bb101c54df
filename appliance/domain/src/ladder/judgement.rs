//! Rungs where no source decides and staff do, with their name and reason on record. None of them is ever automatic.

use super::{Finding, Words, accept, offer};
use crate::circumstance::Circumstances;
use crate::decision::Action;
use crate::evidence::{Confidence, EvidenceKind};
use crate::text::Text;

const NOTICE_2023: &str = "保発0710第1号（2023-07-10）4頁";

/// Card present, never registered for insurance use and not to be registered now: whether the declaration may be used is
/// unknown (checkin-rules U8).
pub(super) fn unregistered_card() -> Finding {
    let words = Words {
        reason: Text::new(
            "未登録のカードで申立書を使えるかは明文がありません。資格確認書がなければ、職員が判断して記録します。",
            "No source says whether a declaration may be used with an unregistered card. Without a certificate, staff decide and the decision is recorded.",
        ),
        law: "明文なし（checkin-rules U8）",
        rule: None,
        say: Text::new(
            "資格確認書をお持ちでないか、ご確認いただけますか。",
            "Could you check whether you have an eligibility certificate?",
        ),
    };
    offer(Action::StaffDecides, EvidenceKind::SelfDeclaration, words)
}

/// No card that could be used, but something speaks for the patient: the site's own judgement.
pub(super) fn site_judgement(seen: &Circumstances<'_>) -> Vec<Finding> {
    if seen.identified().is_some() || (seen.card_present() && !seen.is_proxy()) {
        return Vec::new();
    }
    let Some((reason, law)) = what_speaks_for_it(seen) else { return Vec::new() };
    let words = Words {
        reason,
        law,
        rule: None,
        say: Text::new(
            "今回は記録をもとに受け付けます。次回はカードか資格確認書をお持ちください。",
            "We go by our records this time. Please bring your card or certificate next time.",
        ),
    };
    let kind = EvidenceKind::SiteJudgement;
    if !seen.case.staff_accepts {
        return vec![offer(Action::StaffDecides, kind, words)];
    }
    let confirmed = numbers_confirmed(seen);
    let confidence = if confirmed { Confidence::ConfirmedOnline } else { Confidence::StatedByPatient };
    vec![accept(seen, Action::StaffDecides, kind, confidence, words)]
}

/// Whether a query by number called the insurance on file, or the one on a paper that does not count, valid.
fn numbers_confirmed(seen: &Circumstances<'_>) -> bool {
    let shown = seen.case.presented.iter().filter(|p| p.kind.is_document()).map(|paper| &paper.coverage);
    shown.chain(seen.on_file()).any(|coverage| seen.query_confirms(coverage))
}

fn what_speaks_for_it(seen: &Circumstances<'_>) -> Option<(Text, &'static str)> {
    if seen.on_file().is_some() {
        let reason = Text::new(
            "記録のある再診の患者さんです。施設の判断で通常の負担割合とすることができます（判断者と理由を記録）。",
            "A known return patient: the site may charge the usual share at its own judgement; who decided and why is recorded.",
        );
        return Some((reason, NOTICE_2023));
    }
    if numbers_confirmed(seen) {
        let reason = Text::new(
            "書面だけでは確認になりませんが、番号照会は有効でした。施設の判断で通常の負担割合とすることができます（記録）。",
            "The paper alone does not count, but the query by number said valid: the site may decide to charge the usual share; recorded.",
        );
        return Some((reason, NOTICE_2023));
    }
    if seen.case.phone_present() && seen.why_not_online.is_some() {
        let reason = Text::new(
            "スマートフォンだけでマイナポータルの画面が見られる場合の扱いは明文がありません。職員が判断して記録します。",
            "No source says whether the portal screen counts when only the phone is here. Staff decide and it is recorded.",
        );
        return Some((reason, "明文なし（checkin-rules U1）"));
    }
    (seen.is_proxy() && seen.papers().next().is_some()).then(|| {
        let reason = Text::new(
            "代理の方が書面をお持ちです。これだけで足りるかは明文がないため、職員が判断して記録します。",
            "Somebody else brings the papers. No source says whether they are enough; staff decide and it is recorded.",
        );
        (reason, "明文なし（代理による提示）")
    })
}

/// The card is here, the line, system or terminal is not, and the form cannot be filled in now (an unconscious patient, an
/// emergency): write down the four items of the card face and confirm after recovery (checkin-rules §3.4).
pub(super) fn write_down(seen: &Circumstances<'_>) -> Vec<Finding> {
    if seen.identified().is_some() || !seen.card_present() || seen.case.card_registered == Some(false) {
        return Vec::new();
    }
    let words = Words {
        reason: Text::new(
            "申立書も書けないときは、カード表面の4項目（氏名・生年月日・性別・住所）と連絡先を控え、復旧後に確認します。",
            "If the form cannot be filled in either: write down the four items of the card face and a contact, and confirm after recovery.",
        ),
        law: "オンライン資格確認 運用マニュアル 障害時の取扱い",
        rule: None,
        say: Text::new(
            "カードの表面を控えさせてください。後ほど確認いたします。",
            "Let me write down the front of your card; we will confirm later.",
        ),
    };
    let kind = EvidenceKind::SiteJudgement;
    match (seen.case.staff_accepts, seen.why_not_online.is_some()) {
        (true, true) => vec![accept(seen, Action::StaffDecides, kind, Confidence::Unconfirmed, words)],
        (false, true) if seen.links.broken_for_card().is_some() || seen.is_proxy() => {
            vec![offer(Action::StaffDecides, kind, words)]
        }
        _ => Vec::new(),
    }
}
