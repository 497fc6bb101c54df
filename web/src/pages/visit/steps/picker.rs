//! Everything that can be shown at the desk, with pictures that tell the papers apart, what each is worth today, and the law behind
//! it (REQ-47, REQ-48).

use crate::pages::visit::Context;
use crate::show;
use domain::case::SiteKind;
use domain::document::{Reach, guide};
use domain::evidence::EvidenceKind;
use domain::lookup::Lookup;
use domain::rule::RuleId;

/// A thing in the picker.
pub struct Kind {
    pub code: &'static str,
    pub label: &'static str,
    /// the key that chooses it
    pub key: &'static str,
    /// in the file of pictures
    pub picture: &'static str,
    pub tell: String,
    pub suffices: String,
    pub next: String,
    /// of the style sheet
    pub tone: &'static str,
    /// what the rule says and when it is in force, with its source
    pub law: Option<(String, String, String)>,
    /// what is shown needs nothing written down
    pub bare: bool,
}

/// Everything else that can be shown at the desk.
pub fn kinds(context: &Context<'_>) -> Vec<Kind> {
    let site = context.view.state.opened.as_ref().map(|opened| &opened.site);
    let pharmacy = site.is_some_and(|site| site.kind == SiteKind::Pharmacy);
    let disaster = site.is_some_and(|site| site.disaster_mode_open);
    let exempt = site.is_some_and(|site| site.limited_check_exempt);
    let possible = |kind: &EvidenceKind| match kind {
        EvidenceKind::LimitedApp => exempt,
        EvidenceKind::DisasterMode => disaster,
        EvidenceKind::PrescriptionPaper | EvidenceKind::PrescriptionElectronic => pharmacy,
        _ => true,
    };
    let offered = OFFERED.iter().filter(|(kind, ..)| possible(kind));
    offered.map(|(kind, key, picture)| show_kind(context, *kind, key, picture)).collect()
}

/// What, by which key, with which picture.
const OFFERED: [(EvidenceKind, &str, &str); 20] = [
    (EvidenceKind::MynaCardFace, "c", "card"),
    (EvidenceKind::LimitedApp, "f", "card"),
    (EvidenceKind::EligibilityCertificate, "k", "certificate"),
    (EvidenceKind::CardPlusNotice, "o", "notice"),
    (EvidenceKind::CardPlusPortalScreen, "g", "screen"),
    (EvidenceKind::CardPlusPortalPdf, "p", "pdf"),
    (EvidenceKind::InsuranceCardExpired, "h", "old-card"),
    (EvidenceKind::MynaPhoneIphone, "i", "phone"),
    (EvidenceKind::MynaPhoneAndroid, "a", "phone"),
    (EvidenceKind::PatientCardOnly, "s", "clinic-card"),
    (EvidenceKind::MedicalAssistanceTicket, "t", "ticket"),
    (EvidenceKind::SchoolTripCopy, "y", "copies"),
    (EvidenceKind::NurseryCopy, "n", "copies"),
    (EvidenceKind::ElderlyRecipient, "e", "elderly"),
    (EvidenceKind::LimitCertificate, "l", "limit"),
    (EvidenceKind::SubsidyCertificate, "j", "subsidy"),
    (EvidenceKind::OutageLookup, "x", "official-screen"),
    (EvidenceKind::DisasterMode, "d", "official-screen"),
    (EvidenceKind::PrescriptionPaper, "r", "prescription"),
    (EvidenceKind::PrescriptionElectronic, "q", "prescription"),
];

fn show_kind(context: &Context<'_>, kind: EvidenceKind, key: &'static str, picture: &'static str) -> Kind {
    use EvidenceKind::*;
    let (lang, rules) = (context.lang, &context.app.settings.rules);
    // the dates decide which of the two an insurance card is
    let in_date = kind == InsuranceCardExpired && rules.in_force(RuleId::InsuranceCardValid, context.day);
    let guide = guide(if in_date { InsuranceCardValid } else { kind }, rules, context.day);
    let law = guide.rule.map(|id| rules.rule(id)).map(|rule| {
        let name = lang.pick(rule.ja, rule.en).to_owned();
        (name, show::in_force(lang, rule.from, rule.to), rule.source.to_owned())
    });
    Kind {
        code: kind.code(),
        label: match kind {
            CardPlusNotice => lang.pick("資格情報のお知らせ", "Eligibility notice"),
            InsuranceCardExpired => lang.pick("健康保険証", "Health insurance card"),
            MynaCardFace => lang.pick("マイナンバーカード", "My Number card"),
            kind => show::evidence(lang, kind),
        },
        key,
        picture,
        tell: lang.of(&guide.tell),
        suffices: lang.of(&guide.suffices),
        next: lang.of(&guide.next),
        tone: match guide.reach {
            Reach::Enough => "confirmed",
            Reach::WithCard | Reach::WithQuery => "provisional",
            Reach::Beside => "quiet",
            Reach::NotToday => "changed",
        },
        law,
        bare: is_bare(kind),
    }
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

    #[test]
    fn every_key_chooses_one_thing_and_every_picture_is_drawn() {
        let drawn = include_str!("../../../../assets/papers.svg");
        for (at, (kind, key, picture)) in OFFERED.iter().enumerate() {
            assert!(OFFERED[..at].iter().all(|(_, other, _)| other != key), "{}: {key}", kind.code());
            assert!(drawn.contains(&format!("id=\"{picture}\"")), "{picture}");
        }
    }
}
