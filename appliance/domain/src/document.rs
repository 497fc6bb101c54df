//! What each thing shown at the desk is worth on a day: how to tell it, what it suffices for, what to ask next (REQ-47, REQ-48).

mod missing;

pub use missing::{Missing, missing};

use crate::date::Date;
use crate::evidence::EvidenceKind;
use crate::rule::{Rule, RuleId, RulePack};
use crate::text::Text;

/// How far a thing goes on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// enough by itself
    Enough,
    /// enough together with the patient's own card
    WithCard,
    /// enough when a query by its numbers says valid
    WithQuery,
    /// only beside something else
    Beside,
    /// not on this day
    NotToday,
}

/// What staff should know of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guide {
    /// how to tell it
    pub tell: Text,
    /// how far it goes
    pub reach: Reach,
    /// what it suffices for on this day
    pub suffices: Text,
    /// what to ask next
    pub next: Text,
    /// the dated rule behind it
    pub rule: Option<RuleId>,
}

/// What a thing is worth on a day.
pub fn guide(kind: EvidenceKind, rules: &RulePack, on: Date) -> Guide {
    let (tell, next) = words(kind);
    let rule = rule_of(kind, rules, on);
    let in_force = rule.is_none_or(|id| rules.in_force(id, on));
    let reach = if in_force { reach(kind) } else { Reach::NotToday };
    let suffices = match rule.map(|id| rules.rule(id)).filter(|_| reach == Reach::NotToday) {
        Some(rule) => not_today(rule, on),
        None => reach_words(reach),
    };
    let next = if reach == Reach::NotToday {
        Text::new("カードか資格確認書をお持ちか尋ねます。", "Ask for the My Number card or an eligibility certificate.")
    } else {
        next
    };
    Guide { tell, reach, suffices, next, rule }
}

const fn reach(kind: EvidenceKind) -> Reach {
    use EvidenceKind::*;
    match kind {
        CardPlusPortalScreen | CardPlusPortalPdf | CardPlusNotice => Reach::WithCard,
        InsuranceCardExpired | NoticeOnly | PatientCardOnly => Reach::WithQuery,
        ElderlyRecipient | LimitCertificate | SubsidyCertificate | SiteJudgement | None => Reach::Beside,
        _ => Reach::Enough,
    }
}

/// The rule that decides, of those that may: an insurance card in date goes by another than an expired one.
fn rule_of(kind: EvidenceKind, rules: &RulePack, on: Date) -> Option<RuleId> {
    use EvidenceKind::*;
    Some(match kind {
        CardPlusPortalScreen | CardPlusPortalPdf => RuleId::PortalScreenOk,
        CardPlusNotice => RuleId::CardPlusNotice,
        EligibilityCertificate => RuleId::EligibilityCertificate,
        InsuranceCardValid => RuleId::InsuranceCardValid,
        InsuranceCardExpired | NoticeOnly => transition(rules, on),
        PatientCardOnly => RuleId::PatientCardMonthly,
        MynaPhoneIphone | MynaPhoneAndroid => RuleId::Phone,
        SchoolTripCopy => RuleId::SchoolTripNotice,
        NurseryCopy => RuleId::NurseryCopy,
        _ => return Option::None,
    })
}

/// The transitional rule that is in force, the widest first; the widest when none is.
fn transition(rules: &RulePack, on: Date) -> RuleId {
    let ways = [RuleId::TransitionalExpiredAll, RuleId::TransitionalExpired75, RuleId::TransitionalExpiredKokuho];
    ways.into_iter().find(|id| rules.in_force(*id, on)).unwrap_or(RuleId::TransitionalExpiredAll)
}

fn reach_words(reach: Reach) -> Text {
    let (ja, en) = match reach {
        Reach::Enough => ("今日、これだけで確認できます。", "Enough alone today."),
        Reach::WithCard => (
            "カードと一緒のとき、オンラインで確認できない場合に使えます。単独では使えません。",
            "Counts together with the card when the online check cannot be made; never alone.",
        ),
        Reach::WithQuery => {
            ("番号の照会で有効と出たときだけ使えます。", "Counts only when a query by its numbers says valid.")
        }
        Reach::Beside | Reach::NotToday => (
            "資格の確認には使えません。ほかのものに添えて使います。",
            "Never evidence of eligibility; an addition only.",
        ),
    };
    Text::new(ja, en)
}

fn not_today(rule: &Rule, on: Date) -> Text {
    match (rule.from, rule.to) {
        (Some(from), _) if on < from => {
            Text::new(format!("今日は使えません（{from}から）。"), format!("Not yet: from {from}."))
        }
        (_, Some(to)) => {
            Text::new(format!("今日は使えません（{to}で終わりました）。"), format!("No longer: this ended on {to}."))
        }
        _ => Text::new("今日は使えません。", "Not today."),
    }
}

/// How to tell it, and what to ask next.
fn words(kind: EvidenceKind) -> (Text, Text) {
    use EvidenceKind::*;
    let [tell_ja, tell_en, next_ja, next_en] = match kind {
        MynaCardFace | MynaCardPin | MynaCardVisual => [
            "顔写真のあるプラスチックのカード。",
            "A plastic card with a photo.",
            "読取機に置いてもらいます（ケースから出して）。",
            "Have it put on the reader, out of its case.",
        ],
        EligibilityCertificate => [
            "表題が「資格確認書」。カードの形と、はがきや大きな紙の形があります。有効期限が書いてあります。",
            "Headed 資格確認書; as a card, a postcard or a larger sheet, with a date of expiry.",
            "有効期限と、70歳以上は負担割合を見ます。",
            "Look at its date, and from 70 at the share.",
        ],
        CardPlusNotice | NoticeOnly => [
            "表題が「資格情報のお知らせ」。紙1枚か、下を切り取った小さな紙。資格確認書ではありません。",
            "Headed 資格情報のお知らせ; a sheet, or the slip cut off it. Not the certificate.",
            "「マイナンバーカードは一緒にお持ちですか」と、すぐ尋ねます。",
            "Ask at once: is the My Number card here, too?",
        ],
        CardPlusPortalScreen => [
            "スマートフォンのマイナポータルに出した「資格情報」の画面。",
            "The eligibility screen of MynaPortal on the patient's phone.",
            "カードも見せてもらい、画面の内容を書き留めます。",
            "See the card as well, and write the screen down.",
        ],
        CardPlusPortalPdf => [
            "マイナポータルから保存したPDF、またはその印刷。",
            "The PDF saved from MynaPortal, or its print.",
            "カードも見せてもらい、内容を書き留めます。",
            "See the card as well, and write it down.",
        ],
        InsuranceCardValid | InsuranceCardExpired => [
            "「健康保険被保険者証」「国民健康保険被保険者証」などと書かれた、以前の保険証。",
            "The insurance card of before, headed 健康保険被保険者証 or the like.",
            "券面の期限を見ます。番号で照会し、次回はカードか資格確認書をお願いします。",
            "Look at its date, ask by its numbers, and ask for the card or a certificate next time.",
        ],
        MynaPhoneIphone => [
            "iPhoneに入れたマイナンバーカード（顔・指で開く）。",
            "The card in an iPhone, opened by face or finger.",
            "専用の読取機にかざしてもらいます。初めての方には実物のカードもお願いします。",
            "Have it held to the phone reader; ask first-time patients for the real card, too.",
        ],
        MynaPhoneAndroid => [
            "Androidのスマホ用電子証明書（読取機で4桁の番号）。",
            "The certificate in an Android phone, with its four digits at the reader.",
            "専用の読取機にかざしてもらいます。番号は聞きません。",
            "Have it held to the phone reader; never ask for the digits.",
        ],
        PatientCardOnly => [
            "当院の診察券だけ。",
            "Our own clinic card, nothing else.",
            "今月一度カード等を見せた方か確かめ、記録の番号で照会します。",
            "Make sure that a card was shown this month, and ask by the number on file.",
        ],
        MedicalAssistanceTicket => [
            "生活保護の方の「医療券・調剤券」（紙、月ごと）。",
            "The paper ticket of public assistance, one for each month.",
            "今月の券か、本人支払額があるかを見ます。",
            "Look whether it is this month's, and at any own payment.",
        ],
        SchoolTripCopy => [
            "修学旅行などで引率の先生が持参した書面や写し。",
            "Papers or copies a teacher brings on a school trip.",
            "先生の氏名と学校の電話番号を控えます。",
            "Note the teacher's name and the school's telephone.",
        ],
        NurseryCopy => [
            "保育所等の職員が連れてきたお子さんの書面や写し。保護者の場合は写しは使えません。",
            "Papers or copies nursery staff bring; from a parent a copy does not count.",
            "連れてきた方が職員か保護者かを尋ねます。",
            "Ask whether staff or a parent brings the child.",
        ],
        ElderlyRecipient => [
            "「高齢受給者証」。70〜74歳の負担割合が書いてあります。",
            "Headed 高齢受給者証: the share of people of 70 to 74.",
            "カードか資格確認書も見せてもらいます。",
            "See the card or a certificate as well.",
        ],
        LimitCertificate => [
            "「限度額適用認定証」、または資格確認書の限度区分。",
            "Headed 限度額適用認定証, or the class on a certificate.",
            "区分（ア〜オ等）を書き留めます。",
            "Write the class down.",
        ],
        SubsidyCertificate => [
            "子ども医療証・ひとり親・障害などの医療証、受給者証。",
            "A certificate of a subsidy: children, single parents, disability.",
            "期限と公費の番号を見比べ、資格の確認は別にします。",
            "Compare its date and numbers; eligibility is confirmed separately.",
        ],
        PrescriptionPaper | PrescriptionElectronic => [
            "処方箋、または電子処方箋の引換番号。",
            "A prescription, or the exchange number of an electronic one.",
            "4日以内（発行日を含む）か見ます。",
            "See that it is of the last four days, that of issue included.",
        ],
        LimitedApp => [
            "資格だけを確認する端末・アプリ（資格確認限定型）。診療・薬剤情報は見られません。",
            "The device or app that confirms the eligibility alone; it shows no medical data.",
            "カードを読み取ってもらいます。画面は保存しません。",
            "Have the card read. The screen is not kept.",
        ],
        OutageLookup => [
            "コールセンターに電話して開いてもらった公式の照会画面。",
            "The official screen the call centre has opened.",
            "画面の内容を書き写し、後で使用報告を送ります。",
            "Copy it, and send the report of its use afterwards.",
        ],
        DisasterMode => [
            "災害時に国が開放した公式の照会画面。",
            "The official screen opened in a disaster.",
            "口頭の同意を確かめて書き写します。",
            "Make sure of consent by word of mouth, and copy it.",
        ],
        _ => ["", "", "カードか資格確認書をお持ちか尋ねます。", "Ask for the card or an eligibility certificate."],
    };
    (Text::new(tell_ja, tell_en), Text::new(next_ja, next_en))
}

#[cfg(test)]
mod tests {
    use super::*;
    use EvidenceKind::*;

    fn reach_on(kind: EvidenceKind, day: &str) -> Reach {
        guide(kind, &RulePack::built_in(), Date::parse(day).expect("a day")).reach
    }

    #[test]
    fn the_two_papers_that_look_alike_behave_in_opposite_ways() {
        assert_eq!(reach_on(EligibilityCertificate, "2026-11-16"), Reach::Enough);
        assert_eq!(reach_on(CardPlusNotice, "2026-11-16"), Reach::WithCard);
        assert_eq!(reach_on(NoticeOnly, "2026-11-16"), Reach::NotToday);
        assert_eq!(reach_on(EligibilityCertificate, "2024-12-01"), Reach::NotToday);
    }

    #[test]
    fn the_dates_of_the_sheet_decide() {
        for (kind, last, first_without) in [
            (InsuranceCardValid, "2025-12-01", "2025-12-02"),
            (InsuranceCardExpired, "2026-07-31", "2026-08-01"),
            (NoticeOnly, "2026-07-31", "2026-08-01"),
        ] {
            assert_ne!(reach_on(kind, last), Reach::NotToday, "{last}");
            assert_eq!(reach_on(kind, first_without), Reach::NotToday, "{first_without}");
        }
        for (kind, first) in [(MynaPhoneIphone, "2025-09-19"), (NurseryCopy, "2025-02-12")] {
            let first = Date::parse(first).expect("a day");
            assert_eq!(reach_on(kind, &first.plus_days(-1).to_string()), Reach::NotToday);
            assert_eq!(reach_on(kind, &first.to_string()), Reach::Enough);
        }
    }

    #[test]
    fn a_refusal_names_its_date_and_says_what_to_ask() {
        let guide = guide(InsuranceCardExpired, &RulePack::built_in(), Date::literal(2026, 8, 1));
        assert!(guide.suffices.ja.contains("2026-07-31") && guide.suffices.en.contains("2026-07-31"));
        assert!(guide.next.ja.contains("資格確認書") && guide.rule == Some(RuleId::TransitionalExpiredAll));
    }

    #[test]
    fn reaches_agree_with_the_table_of_evidence() {
        use crate::evidence::Standing;
        for kind in EvidenceKind::ALL.iter().filter(|kind| !matches!(kind, ReturnVisitOral | SelfDeclaration)) {
            let expected = match kind.standing() {
                Standing::Alone => Reach::Enough,
                Standing::PairWithCard => Reach::WithCard,
                Standing::WithQuery => Reach::WithQuery,
                Standing::AddOn | Standing::Nothing => Reach::Beside,
            };
            assert_eq!(reach(*kind), expected, "{}", kind.code());
        }
    }
}
