//! Evidence kinds (証明手段): what a patient can show, and what each kind is worth (checkin-rules §2).

use crate::codes;

codes! {
    /// Everything that can stand as evidence at the desk, with the codes of checkin-rules §2.
    pub enum EvidenceKind {
        /// マイナ保険証 with face match at the reader
        MynaCardFace = "MYNA_CARD_FACE",
        /// マイナ保険証 with the four-digit PIN, typed into the official reader only
        MynaCardPin = "MYNA_CARD_PIN",
        /// マイナ保険証 with 目視確認モード
        MynaCardVisual = "MYNA_CARD_VISUAL",
        /// マイナンバーカード in an iPhone
        MynaPhoneIphone = "MYNA_PHONE_IPHONE",
        /// スマホ用電子証明書 in an Android phone
        MynaPhoneAndroid = "MYNA_PHONE_ANDROID",
        /// 居宅同意取得型 with the マイナ資格確認アプリ on the site's device
        HomeConsentApp = "HOME_CONSENT_APP",
        /// 居宅同意取得型 with マイナ在宅受付Web
        HomeConsentWeb = "HOME_CONSENT_WEB",
        /// 資格確認限定型
        LimitedApp = "LIMITED_APP",
        /// card and マイナポータル screen
        CardPlusPortalScreen = "CARD_PLUS_PORTAL_SCREEN",
        /// card and 資格情報PDF
        CardPlusPortalPdf = "CARD_PLUS_PORTAL_PDF",
        /// card and 資格情報のお知らせ
        CardPlusNotice = "CARD_PLUS_NOTICE",
        /// 資格確認書
        EligibilityCertificate = "ELIGIBILITY_CERTIFICATE",
        /// 健康保険証 inside its printed date and the cap of 2025-12-01
        InsuranceCardValid = "INSURANCE_CARD_VALID",
        /// expired 健康保険証
        InsuranceCardExpired = "INSURANCE_CARD_EXPIRED",
        /// 資格情報のお知らせ without the card
        NoticeOnly = "NOTICE_ONLY",
        /// 再診: data on file and the patient says nothing changed
        ReturnVisitOral = "RETURN_VISIT_ORAL",
        /// 被保険者資格申立書
        SelfDeclaration = "SELF_DECLARATION",
        /// 学校行事: copies
        SchoolTripCopy = "SCHOOL_TRIP_COPY",
        /// 保育所等 staff bring the child: copies
        NurseryCopy = "NURSERY_COPY",
        /// 診察券 from the second visit in the month
        PatientCardOnly = "PATIENT_CARD_ONLY",
        /// システム障害時モード (資格情報照会)
        OutageLookup = "OUTAGE_LOOKUP",
        /// 災害時医療情報閲覧機能
        DisasterMode = "DISASTER_MODE",
        /// 医療扶助, confirmed online
        MedicalAssistanceOnline = "MEDICAL_ASSISTANCE_ONLINE",
        /// 医療券・調剤券 on paper
        MedicalAssistanceTicket = "MEDICAL_ASSISTANCE_TICKET",
        /// 処方箋 on paper (pharmacies)
        PrescriptionPaper = "PRESCRIPTION_PAPER",
        /// 電子処方箋 (pharmacies)
        PrescriptionElectronic = "PRESCRIPTION_ELECTRONIC",
        /// 高齢受給者証 (add-on)
        ElderlyRecipient = "ELDERLY_RECIPIENT",
        /// 限度額適用認定証 (add-on)
        LimitCertificate = "LIMIT_CERTIFICATE",
        /// 公費・子ども医療費等の医療証 (add-on)
        SubsidyCertificate = "SUBSIDY_CERTIFICATE",
        /// the site's own judgement, recorded: a known return patient without any paper (checkin-rules §3.3, last row), and
        /// what no source decides (§13 U1)
        SiteJudgement = "SITE_JUDGEMENT",
        /// nothing
        None = "NONE",
    }
}

/// What a kind of evidence needs beside it to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Enough by itself.
    Alone,
    /// Enough only together with the card it names.
    PairWithCard,
    /// Enough only with a successful query by number.
    WithQuery,
    /// Never evidence of eligibility, only an addition.
    AddOn,
    /// Nothing.
    Nothing,
}

impl EvidenceKind {
    /// What the kind needs beside it (checkin-rules §2, column "Alone enough?").
    pub const fn standing(self) -> Standing {
        use EvidenceKind::*;
        match self {
            CardPlusPortalScreen | CardPlusPortalPdf | CardPlusNotice | ReturnVisitOral | SelfDeclaration => {
                Standing::PairWithCard
            }
            InsuranceCardExpired | NoticeOnly | PatientCardOnly => Standing::WithQuery,
            ElderlyRecipient | LimitCertificate | SubsidyCertificate => Standing::AddOn,
            SiteJudgement | None => Standing::Nothing,
            _ => Standing::Alone,
        }
    }

    /// Whether the national service itself identifies the person on this way.
    pub const fn is_online(self) -> bool {
        use EvidenceKind::*;
        matches!(
            self,
            MynaCardFace
                | MynaCardPin
                | MynaCardVisual
                | MynaPhoneIphone
                | MynaPhoneAndroid
                | HomeConsentApp
                | HomeConsentWeb
                | LimitedApp
                | OutageLookup
                | DisasterMode
                | MedicalAssistanceOnline
        )
    }

    /// Whether showing this means that the physical My Number card is at the desk.
    pub const fn shows_card(self) -> bool {
        use EvidenceKind::*;
        matches!(
            self,
            MynaCardFace
                | MynaCardPin
                | MynaCardVisual
                | CardPlusPortalScreen
                | CardPlusPortalPdf
                | CardPlusNotice
                | ReturnVisitOral
                | SelfDeclaration
                | HomeConsentApp
                | LimitedApp
                | MedicalAssistanceOnline
        )
    }

    /// Whether this is a phone used as the card.
    pub const fn is_phone(self) -> bool {
        matches!(self, EvidenceKind::MynaPhoneIphone | EvidenceKind::MynaPhoneAndroid)
    }

    /// Whether it is the plastic card, put on the desk or into the reader.
    pub const fn is_card_itself(self) -> bool {
        use EvidenceKind::*;
        matches!(self, MynaCardFace | MynaCardPin | MynaCardVisual)
    }

    /// Whether the paper or screen carries insurer, symbol and number.
    pub const fn is_document(self) -> bool {
        use EvidenceKind::*;
        matches!(
            self,
            CardPlusPortalScreen
                | CardPlusPortalPdf
                | CardPlusNotice
                | EligibilityCertificate
                | InsuranceCardValid
                | InsuranceCardExpired
                | NoticeOnly
                | SchoolTripCopy
                | NurseryCopy
                | PrescriptionPaper
                | PrescriptionElectronic
                | MedicalAssistanceTicket
        )
    }

    /// Whether medical data may be shown on this way at all, given consent (checkin-rules §2, last column).
    pub const fn medical_data_possible(self) -> bool {
        use EvidenceKind::*;
        matches!(
            self,
            MynaCardFace
                | MynaCardPin
                | MynaCardVisual
                | MynaPhoneIphone
                | MynaPhoneAndroid
                | HomeConsentApp
                | HomeConsentWeb
                | DisasterMode
                | MedicalAssistanceOnline
        )
    }

    /// Name for staff, Japanese.
    pub const fn label_ja(self) -> &'static str {
        use EvidenceKind::*;
        match self {
            MynaCardFace => "マイナ保険証（顔認証）",
            MynaCardPin => "マイナ保険証（暗証番号）",
            MynaCardVisual => "マイナ保険証（目視確認）",
            MynaPhoneIphone => "iPhoneのマイナンバーカード",
            MynaPhoneAndroid => "スマホ用電子証明書（Android）",
            HomeConsentApp => "居宅同意取得型（マイナ資格確認アプリ）",
            HomeConsentWeb => "居宅同意取得型（マイナ在宅受付Web）",
            LimitedApp => "資格確認限定型",
            CardPlusPortalScreen => "カード＋マイナポータル資格情報画面",
            CardPlusPortalPdf => "カード＋資格情報PDF",
            CardPlusNotice => "カード＋資格情報のお知らせ",
            EligibilityCertificate => "資格確認書",
            InsuranceCardValid => "健康保険証（期限内）",
            InsuranceCardExpired => "健康保険証（期限切れ）",
            NoticeOnly => "資格情報のお知らせのみ",
            ReturnVisitOral => "再診：前回の情報と口頭確認",
            SelfDeclaration => "被保険者資格申立書",
            SchoolTripCopy => "学校行事：写し等",
            NurseryCopy => "保育所等：写し等",
            PatientCardOnly => "診察券（同月2回目以降）",
            OutageLookup => "システム障害時モード（資格情報照会）",
            DisasterMode => "災害時医療情報閲覧機能",
            MedicalAssistanceOnline => "医療扶助（オンライン）",
            MedicalAssistanceTicket => "医療券・調剤券（紙）",
            PrescriptionPaper => "処方箋（紙）",
            PrescriptionElectronic => "電子処方箋",
            ElderlyRecipient => "高齢受給者証",
            LimitCertificate => "限度額適用認定証・限度区分",
            SubsidyCertificate => "医療証・受給者証（公費等）",
            SiteJudgement => "窓口の判断（記録あり）",
            None => "提示なし",
        }
    }

    /// Name for staff, English.
    pub const fn label_en(self) -> &'static str {
        use EvidenceKind::*;
        match self {
            MynaCardFace => "My Number card, face match",
            MynaCardPin => "My Number card, PIN at the reader",
            MynaCardVisual => "My Number card, visual check",
            MynaPhoneIphone => "My Number card in an iPhone",
            MynaPhoneAndroid => "Phone certificate (Android)",
            HomeConsentApp => "Consent app on the site's device",
            HomeConsentWeb => "Remote consent by web",
            LimitedApp => "Eligibility-only check",
            CardPlusPortalScreen => "Card + MynaPortal screen",
            CardPlusPortalPdf => "Card + eligibility PDF",
            CardPlusNotice => "Card + eligibility notice",
            EligibilityCertificate => "Eligibility certificate",
            InsuranceCardValid => "Health insurance card, in date",
            InsuranceCardExpired => "Health insurance card, expired",
            NoticeOnly => "Eligibility notice without the card",
            ReturnVisitOral => "Return visit: data on file, nothing changed",
            SelfDeclaration => "Self-declaration",
            SchoolTripCopy => "School trip: copies",
            NurseryCopy => "Nursery staff: copies",
            PatientCardOnly => "Clinic card (2nd visit in the month)",
            OutageLookup => "Outage look-up",
            DisasterMode => "Disaster mode",
            MedicalAssistanceOnline => "Medical assistance, online",
            MedicalAssistanceTicket => "Medical ticket on paper",
            PrescriptionPaper => "Paper prescription",
            PrescriptionElectronic => "E-prescription",
            ElderlyRecipient => "Elderly recipient certificate",
            LimitCertificate => "Limit certificate or class",
            SubsidyCertificate => "Subsidy certificate",
            SiteJudgement => "Site's judgement, recorded",
            None => "Nothing shown",
        }
    }
}

codes! {
    /// How sure the record is (確度, checkin-rules §10).
    pub enum Confidence {
        /// The national service said so.
        ConfirmedOnline = "confirmed_online",
        /// A paper or screen said so.
        ConfirmedByDocument = "confirmed_by_document",
        /// The patient said so.
        StatedByPatient = "stated_by_patient",
        /// Nobody said so yet.
        Unconfirmed = "unconfirmed",
    }
}

codes! {
    /// How the person was identified (本人確認の方法). A PIN is typed into the official reader only, never here.
    pub enum IdentityMethod {
        /// 顔認証
        Face = "face",
        /// 暗証番号
        Pin = "pin",
        /// 目視確認
        Visual = "visual",
        /// phone biometrics or phone PIN
        Phone = "phone",
        /// not identified by a card
        None = "none",
    }
}
