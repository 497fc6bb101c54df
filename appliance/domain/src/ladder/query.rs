//! Rungs for an answer that settles nothing yet because the question can be put better (checkin-rules §5, codes 3 to 5).

use super::{Finding, Words, offer};
use crate::case::SiteKind;
use crate::circumstance::Circumstances;
use crate::decision::Action;
use crate::eligibility::{EligibilityStatus, PersonMatch};
use crate::text::Text;

const LAW: &str = "オンライン資格確認 資格有効性コード（3・4・5）";

/// Not found, several found, or another person found by a typed number: check what was typed and ask again.
pub(super) fn retype(seen: &Circumstances<'_>) -> Vec<Finding> {
    let (action, reason) = match seen.status() {
        Some(EligibilityStatus::NotFound) => (
            Action::Retype,
            Text::new(
                "該当資格なしは無保険の証明ではありません。記号・番号・生年月日を確かめて再照会します。",
                "\"Not found\" is not proof of being uninsured. Check symbol, number and birth date, and ask again.",
            ),
        ),
        Some(EligibilityStatus::Ambiguous) => (
            Action::AddBranch,
            Text::new(
                "複数該当：枝番（または生年月日）を加えて再照会します。",
                "Several records match: add the branch number (or the birth date) and ask again.",
            ),
        ),
        None if seen.question_rejected().is_some() => (
            Action::Retype,
            Text::new(
                "この番号では照会できませんでした。記号・番号・生年月日を確かめて、もう一度照会します。",
                "These numbers could not be asked about. Check symbol, number and birth date, and ask again.",
            ),
        ),
        _ if seen.person == PersonMatch::Different && seen.asked_by_number() => (
            Action::Retype,
            Text::new(
                "別の方が該当しました。入力した番号と生年月日を確かめて再照会します。",
                "Somebody else was found. Check the number and birth date that were typed, and ask again.",
            ),
        ),
        _ => return Vec::new(),
    };
    again(seen, action, reason)
}

/// The number is an old one: by card, or with the new number; the old one is not billed.
pub(super) fn ask_with_new_number(seen: &Circumstances<'_>) -> Vec<Finding> {
    if seen.status() != Some(EligibilityStatus::Superseded) {
        return Vec::new();
    }
    let reason = Text::new(
        "古い番号です。新しい資格の番号を聞いて再照会します（古い番号では請求しない）。",
        "This is an old number. Ask for the new one and query again; do not bill the old one.",
    );
    again(seen, Action::QueryByNumber, reason)
}

/// A question came back unanswered while no lamp shows a fault: the fault may be over, so asking once more is worth offering. It
/// holds nobody up; every later step is as lawful. A question that is still out is not put twice.
pub(super) fn ask_once_more(seen: &Circumstances<'_>) -> Vec<Finding> {
    let link_failed =
        seen.case.could_not_ask.as_ref().is_some_and(|failed| failed.link().is_some() && !failed.still_out);
    let lamps_fine = seen.case.links.broken_for_query().is_none();
    if !link_failed || !lamps_fine || seen.answer.is_some() {
        return Vec::new();
    }
    let words = Words {
        reason: Text::new(
            "さきほどの照会は答えが得られませんでした。復旧していればもう一度照会できます。待たずに次の方法へ進んで構いません。",
            "The earlier question got no answer. If the fault is over, ask again; you need not wait, the other steps are lawful too.",
        ),
        law: "オンライン資格確認 番号照会",
        rule: None,
        say: Text::new("もう一度番号で確認いたします。", "Let me check the number once more."),
    };
    vec![offer(Action::QueryByNumber, None, words)]
}

fn again(seen: &Circumstances<'_>, action: Action, reason: Text) -> Vec<Finding> {
    if !seen.query_possible() {
        return Vec::new();
    }
    let say = if seen.case.site.kind == SiteKind::Pharmacy {
        "お薬の準備を進めながら、番号をもう一度確認させてください。"
    } else {
        "番号をもう一度確認させてください。登録が間に合っていないことがあります。"
    };
    let say = Text::new(say, "Let me check the number once more; the registration may lag behind.");
    vec![offer(action, None, Words { reason, law: LAW, rule: None, say })]
}
