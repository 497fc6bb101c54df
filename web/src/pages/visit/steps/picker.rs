//! Everything that can be shown at the desk, with pictures that tell the papers apart (REQ-47).

use crate::pages::visit::Context;
use crate::show;
use domain::case::SiteKind;
use domain::evidence::EvidenceKind;
use domain::lookup::Lookup;

/// A kind of paper in the picker.
pub struct Kind {
    pub code: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub picture: &'static str,
    /// what is shown needs nothing written down
    pub bare: bool,
}

/// Everything else that can be shown at the desk, for the picker (REQ-47).
pub fn kinds(context: &Context<'_>) -> Vec<Kind> {
    use EvidenceKind::*;
    let lang = context.lang;
    let pharmacy = context.view.state.opened.as_ref().is_some_and(|opened| opened.site.kind == SiteKind::Pharmacy);
    let kind = |kind: EvidenceKind, picture, ja, en| Kind {
        code: kind.code(),
        label: match kind {
            CardPlusNotice => lang.pick("資格情報のお知らせ", "Eligibility notice"),
            InsuranceCardExpired => lang.pick("健康保険証", "Health insurance card"),
            MynaCardFace => lang.pick("マイナンバーカード", "My Number card"),
            kind => show::evidence(lang, kind),
        },
        hint: lang.pick(ja, en),
        picture,
        bare: is_bare(kind),
    };
    let mut kinds = vec![
        kind(MynaCardFace, "card", "プラスチックのカード、顔写真つき", "plastic, with a photo"),
        kind(
            EligibilityCertificate,
            "certificate",
            "「資格確認書」と印字。1枚で使える",
            "says 資格確認書; works alone",
        ),
        kind(
            CardPlusNotice,
            "notice",
            "「お知らせ」と印字。カードと一緒でないと使えない",
            "says お知らせ; needs the card",
        ),
        kind(CardPlusPortalScreen, "screen", "スマートフォンの画面とカード", "phone screen and card"),
        kind(CardPlusPortalPdf, "screen", "保存したPDF・印刷とカード", "saved or printed PDF and card"),
        kind(
            InsuranceCardExpired,
            "old-card",
            "2025年12月1日まで。期限切れは照会が要る",
            "to 2025-12-01; expired ones need a query",
        ),
        kind(PatientCardOnly, "none", "同じ月に一度カード等を見せた方", "shown once this month"),
        kind(MynaPhoneIphone, "screen", "読取機のある施設だけ", "only with the phone reader"),
        kind(MynaPhoneAndroid, "screen", "読取機のある施設だけ", "only with the phone reader"),
        kind(MedicalAssistanceTicket, "certificate", "生活保護の方の紙の券", "paper ticket of public assistance"),
        kind(SchoolTripCopy, "notice", "引率の先生が持参した書面・写し", "papers or copies from the teacher"),
        kind(NurseryCopy, "notice", "保育所等の職員が持参した書面・写し", "papers or copies from nursery staff"),
        kind(ElderlyRecipient, "certificate", "70〜74歳の負担割合", "share of people aged 70 to 74"),
        kind(LimitCertificate, "certificate", "限度額の区分", "class of the monthly ceiling"),
        kind(SubsidyCertificate, "certificate", "子ども医療証など", "children's subsidy and the like"),
    ];
    let site = context.view.state.opened.as_ref().map(|opened| &opened.site);
    kinds.push(kind(
        OutageLookup,
        "screen",
        "コールセンターに電話して開いた公式の画面",
        "official screen the call centre opened",
    ));
    if site.is_some_and(|site| site.disaster_mode_open) {
        kinds.push(kind(
            DisasterMode,
            "screen",
            "災害時に開放された公式の画面",
            "official screen opened in a disaster",
        ));
    }
    if pharmacy {
        kinds.push(kind(PrescriptionPaper, "notice", "処方箋だけで調剤できる", "enough for dispensing"));
        kinds.push(kind(PrescriptionElectronic, "screen", "引換番号", "exchange number"));
    }
    kinds
}

fn is_bare(kind: EvidenceKind) -> bool {
    let written_down = matches!(kind, EvidenceKind::ElderlyRecipient | EvidenceKind::LimitCertificate);
    !kind.is_document() && !written_down && !Lookup::is_way(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_nothing_written_down_is_handed_in_bare() {
        assert!(is_bare(EvidenceKind::MynaCardFace));
        assert!(!is_bare(EvidenceKind::EligibilityCertificate));
        assert!(!is_bare(EvidenceKind::ElderlyRecipient));
    }
}
