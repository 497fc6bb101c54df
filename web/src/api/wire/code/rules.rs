//! Codes of the rules.

use super::code_table;
use domain::rule::{RuleId, RulePack};

code_table! {
    /// 証明手段: everything that can stand as evidence at the desk.
    EvidenceKindCode, domain::evidence::EvidenceKind, "EvidenceKind", {
        MynaCardFace: "マイナ保険証（顔認証）, My Number card with face match",
        MynaCardPin: "マイナ保険証（暗証番号）, with the PIN at the official reader",
        MynaCardVisual: "マイナ保険証（目視確認）, with a visual check",
        MynaPhoneIphone: "iPhoneのマイナンバーカード, card in an iPhone",
        MynaPhoneAndroid: "スマホ用電子証明書（Android）, certificate in an Android phone",
        HomeConsentApp: "居宅同意取得型（アプリ）, consent app on the site's device",
        HomeConsentWeb: "居宅同意取得型（Web）, remote consent by web",
        LimitedApp: "資格確認限定型, eligibility-only check",
        CardPlusPortalScreen: "カード＋マイナポータル画面, card and portal screen",
        CardPlusPortalPdf: "カード＋資格情報PDF, card and eligibility PDF",
        CardPlusNotice: "カード＋資格情報のお知らせ, card and eligibility notice",
        EligibilityCertificate: "資格確認書, eligibility certificate",
        InsuranceCardValid: "健康保険証（期限内）, insurance card in date",
        InsuranceCardExpired: "健康保険証（期限切れ）, insurance card expired",
        NoticeOnly: "資格情報のお知らせのみ, notice without the card",
        ReturnVisitOral: "再診の口頭確認, return visit, nothing changed",
        SelfDeclaration: "被保険者資格申立書, self-declaration",
        SchoolTripCopy: "学校行事の写し, copies on a school trip",
        NurseryCopy: "保育所等の写し, copies brought by nursery staff",
        PatientCardOnly: "診察券（同月2回目以降）, clinic card, second visit in the month",
        OutageLookup: "システム障害時モード, outage look-up",
        DisasterMode: "災害時医療情報閲覧機能, disaster mode",
        MedicalAssistanceOnline: "医療扶助（オンライン）, medical assistance online",
        MedicalAssistanceTicket: "医療券・調剤券（紙）, medical ticket on paper",
        PrescriptionPaper: "処方箋（紙）, paper prescription",
        PrescriptionElectronic: "電子処方箋, e-prescription",
        ElderlyRecipient: "高齢受給者証, elderly recipient certificate (addition)",
        LimitCertificate: "限度額適用認定証, limit certificate (addition)",
        SubsidyCertificate: "医療証・受給者証, subsidy certificate (addition)",
        SiteJudgement: "窓口の判断, the site's own judgement, recorded",
        None: "提示なし, nothing shown",
    }
}

code_table! {
    /// 確度: how sure the record is.
    ConfidenceCode, domain::evidence::Confidence, "Confidence", {
        ConfirmedOnline: "the national service said so",
        ConfirmedByDocument: "a paper or screen said so",
        StatedByPatient: "the patient said so",
        Unconfirmed: "nobody said so yet",
    }
}

code_table! {
    /// Where a burden ratio comes from.
    RatioBasisCode, domain::decision::RatioBasis, "RatioBasis", {
        Online: "the answer of the national service",
        Document: "a paper or screen valid on the visit date",
        Age: "the age rule",
        Association: "国保組合, the share of the association as the site has set it",
        Declared: "the declaration",
        OnFile: "the ratio on file, confirmed for today's age",
        Ticket: "the medical-assistance ticket",
    }
}

code_table! {
    /// What staff do in a step of the ladder.
    ActionCode, domain::decision::Action, "Action", {
        AskForCard: "ask whether the patient has the My Number card with them",
        ReadCard: "put the card on the face reader",
        ReadPhone: "hold the phone on the external reader",
        RegisterCard: "register the card for insurance use at the reader",
        UseConsentApp: "use the マイナ資格確認アプリ",
        UseConsentWeb: "let the patient use マイナ在宅受付Web",
        CallOutageLookup: "phone the call centre for the outage look-up",
        UseDisasterMode: "use the disaster function the ministry has opened",
        QueryByNumber: "ask by insurer, symbol, number and birth date",
        Retype: "type the numbers again and ask again",
        AddBranch: "add the branch number and ask again",
        TakeDocument: "take down a paper or screen",
        AskUnchanged: "ask whether anything changed since the last visit",
        TakeDeclaration: "let the patient fill in the self-declaration",
        TakePrescription: "dispense on the prescription",
        AskWelfareOffice: "ask the welfare office about the ticket",
        StaffDecides: "staff decide and say why",
        AskFullCharge: "10割, the last resort, with a reason",
        AskAddOn: "ask for an addition (高齢受給者証, 限度, 医療証)",
    }
}

code_table! {
    /// Whether an answer speaks of the person at the desk.
    PersonMatchCode, domain::eligibility::PersonMatch, "PersonMatch", {
        Same: "kana and birth date agree",
        SameOtherSpelling: "the same person, the written name differs by ● or a variant",
        CannotTell: "not enough to compare",
        Different: "別人, another person: stop",
    }
}

code_table! {
    /// Which insured number goes on the claim.
    ClaimBasisCode, domain::claim::ClaimBasis, "ClaimBasis", {
        Current: "① the current numbers",
        Former: "② 旧資格, the lost eligibility's numbers",
        Unknown: "③ 不詳, digits filled with 7",
        Hold: "do not send: ask the window",
    }
}

code_table! {
    /// 審査支払機関: who examines and pays the claim.
    PayerBodyCode, domain::scheme::PayerBody, "PayerBody", {
        EmployeesFund: "支払基金",
        Kokuhoren: "国保連",
    }
}

code_table! {
    /// Where the visit lies relative to the expiry of the certificate on the card.
    CertificateWindowCode, domain::certificate::CertificateWindow, "CertificateWindow", {
        W0: "earlier than three months before expiry",
        W1: "the three months up to and including the expiry day",
        W2: "after expiry, to the end of the third month: eligibility yes, medical data no",
        W3: "later: no online use until renewed",
    }
}

/// A dated rule of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleIdCode(pub RuleId);

impl serde::Serialize for RuleIdCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.code())
    }
}

impl<'de> serde::Deserialize<'de> for RuleIdCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        let known = || RuleId::ALL.iter().map(|id| id.code()).collect();
        RuleId::from_code(&code).map(RuleIdCode).ok_or_else(|| super::unknown(known()))
    }
}

impl utoipa::PartialSchema for RuleIdCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        let pack = RulePack::built_in();
        let lines =
            RuleId::ALL.iter().map(|id| format!("\n* `{}`: {}, {}", id.code(), pack.rule(*id).ja, pack.rule(*id).en));
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .enum_values(Some(RuleId::ALL.iter().map(|id| id.code())))
            .description(Some(format!("A dated rule.\n{}", lines.collect::<String>())))
            .into()
    }
}

impl utoipa::ToSchema for RuleIdCode {
    fn name() -> std::borrow::Cow<'static, str> {
        std::borrow::Cow::Borrowed("RuleId")
    }
}
