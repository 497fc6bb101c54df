//! Rungs of the official outage and disaster screens (checkin-rules §3.4): reaching the national service past the broken part, and
//! what staff read there.

use super::{Finding, Words, accept, offer, refuse};
use crate::circumstance::Circumstances;
use crate::decision::Action;
use crate::evidence::{Confidence, EvidenceKind};
use crate::link::Cause;
use crate::lookup::Lookup;
use crate::text::Text;

const OUTAGE_LAW: &str = "保発0710第1号（2023-07-10）システム障害時モード";
const DISASTER_LAW: &str = "災害時医療情報閲覧機能の開放通知";

/// What staff read on the official screen. The box did not hear it from the national service, so it counts like a screen that
/// was shown and is confirmed afterwards.
pub(super) fn on_official_screen(seen: &Circumstances<'_>) -> Vec<Finding> {
    let Some(lookup) = seen.looked_up.filter(|_| seen.identified().is_none()) else { return Vec::new() };
    if let Some(reason) = why_no_lookup(seen, lookup) {
        return vec![refuse(lookup.kind, reason, law(lookup.kind), None)];
    }
    let words = Words {
        reason: Text::new(
            "公式の画面で有効と確認し、書き写しました。復旧後に自動で照会し直します。",
            "The official screen said valid, and it was copied. Asked about again by itself after recovery.",
        ),
        law: law(lookup.kind),
        rule: None,
        say: Text::new("確認できました。お掛けになってお待ちください。", "You are confirmed. Please take a seat."),
    };
    vec![accept(seen, action(lookup.kind), lookup.kind, Confidence::ConfirmedByDocument, words)]
}

fn why_no_lookup(seen: &Circumstances<'_>, lookup: &Lookup) -> Option<Text> {
    if !Lookup::is_way(lookup.kind) {
        return Some(Text::new(
            "公式の障害時・災害時の画面の結果ではありません。",
            "This is not a result of the official outage or disaster screen.",
        ));
    }
    if !lookup.person_compared {
        return Some(Text::new(
            "画面の方と患者さんを見比べていません。",
            "The person on the screen was not compared with the patient.",
        ));
    }
    if !seen.way_allowed(lookup.kind) {
        return Some(not_open());
    }
    seen.valid_answer().is_none().then(|| {
        Text::new(
            "公式の画面でも有効と確認できませんでした。無保険の証明ではありません。次の方法へ進んでください。",
            "The official screen did not say valid either, which is no proof of being uninsured. Go on with the next way.",
        )
    })
}

fn not_open() -> Text {
    Text::new(
        "災害時の機能はこの地域・この日には開放されていません。",
        "The disaster function is not open for this region and day.",
    )
}

const fn law(kind: EvidenceKind) -> &'static str {
    if matches!(kind, EvidenceKind::DisasterMode) { DISASTER_LAW } else { OUTAGE_LAW }
}

const fn action(kind: EvidenceKind) -> Action {
    if matches!(kind, EvidenceKind::DisasterMode) { Action::UseDisasterMode } else { Action::CallOutageLookup }
}

/// システム障害時モード: reader or terminal broken, another path to the national service exists.
pub(super) fn outage_lookup(seen: &Circumstances<'_>) -> Vec<Finding> {
    let here_broken = matches!(
        seen.links.broken_for_card().map(|why| why.cause),
        Some(Cause::Reader | Cause::Terminal | Cause::Power)
    );
    if !here_broken
        || seen.looked_up.is_some()
        || seen.identified().is_some()
        || seen.links.broken_beyond_terminal().is_some()
    {
        return Vec::new();
    }
    vec![offer(
        Action::CallOutageLookup,
        EvidenceKind::OutageLookup,
        Words {
            reason: Text::new(
                "コールセンターに連絡すると資格情報照会（システム障害時モード）が使えます。出た結果を書き写して受け付けます。待たずに次の方法へ進んで構いません。",
                "The call centre can open the outage look-up; copy its result to receive the patient. You need not wait: the next steps are lawful too.",
            ),
            law: OUTAGE_LAW,
            rule: None,
            say: Text::new(
                "機器の不具合のため、別の方法で確認いたします。",
                "Our equipment has a fault; we will confirm another way.",
            ),
        },
    )]
}

/// 災害時医療情報閲覧機能, when the ministry has opened it.
pub(super) fn disaster_mode(seen: &Circumstances<'_>) -> Vec<Finding> {
    let kind = EvidenceKind::DisasterMode;
    if !seen.case.site.disaster_mode_open {
        return if seen.case.presented(kind).is_some() {
            vec![refuse(kind, not_open(), DISASTER_LAW, None)]
        } else {
            Vec::new()
        };
    }
    if seen.identified().is_some() || seen.looked_up.is_some() {
        return Vec::new();
    }
    vec![offer(
        Action::UseDisasterMode,
        kind,
        Words {
            reason: Text::new(
                "厚生労働省がこの地域で開放中：カードがなくても照会できます（口頭同意）。出た結果を書き写して受け付けます。",
                "Opened for this region by the ministry: search without a card, oral consent. Copy the result to receive the patient.",
            ),
            law: DISASTER_LAW,
            rule: None,
            say: Text::new(
                "災害時の特別な方法で確認します。お薬などの情報を見てもよろしいですか。",
                "We use the disaster function. May we look at your medicines and treatment data?",
            ),
        },
    )]
}
