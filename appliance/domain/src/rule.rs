//! The effective-dated rule list (checkin-rules §12) as data.
//!
//! A rule is decided by the date of the visit, never by today's date. End dates have moved three times within a year,
//! so every date can be replaced by a setting without a new program; the built-in list is only where it starts.

use crate::codes;
use crate::date::Date;
use crate::site_choices::SiteChoices;

codes! {
    /// The dated rules the engine knows.
    pub enum RuleId {
        /// national online confirmation in full operation
        OnlineEligibility = "ONLINE_ELIGIBILITY",
        /// sites must be able to confirm by card
        DutyToSupportCard = "DUTY_TO_SUPPORT_CARD",
        /// insurers register within five days of the notification
        InsurerFiveDays = "INSURER_5_DAYS",
        /// card and portal screen
        PortalScreenOk = "PORTAL_SCREEN_OK",
        /// self-declaration accepted, proper ratio charged
        SelfDeclaration = "SELF_DECLARATION",
        /// 不詳 and 旧資格 claims
        UnknownClaim = "UNKNOWN_CLAIM",
        /// 77777779 where 77777777 cannot be entered
        UnknownClaimAltNo = "UNKNOWN_CLAIM_ALT_NO",
        /// 顔認証マイナンバーカード
        FaceOnlyCard = "FACE_ONLY_CARD",
        /// 医療扶助 online
        AssistanceOnline = "ASSISTANCE_ONLINE",
        /// portal PDF, notice or its copy on school trips
        SchoolTripNotice = "SCHOOL_TRIP_NOTICE",
        /// マイナ在宅受付Web
        HomeConsentWeb = "HOME_CONSENT_WEB",
        /// clinic card and query if the card was shown once that month
        PatientCardMonthly = "PATIENT_CARD_MONTHLY",
        /// combined consent, no 限度額 consent screen
        ConsentSimplified = "CONSENT_SIMPLIFIED",
        /// app with PIN or visual check, home visits
        HomeConsentApp = "HOME_CONSENT_APP",
        /// fever outpatients, ward, drive-through
        HomeConsentOtherFlow = "HOME_CONSENT_OTHER_FLOW",
        /// no new 健康保険証
        CardIssueStop = "CARD_ISSUE_STOP",
        /// 健康保険証 to its printed date, at most the end of this rule
        InsuranceCardValid = "INSURANCE_CARD_VALID",
        /// 資格確認書
        EligibilityCertificate = "ELIGIBILITY_CERTIFICATE",
        /// card and 資格情報のお知らせ
        CardPlusNotice = "CARD_PLUS_NOTICE",
        /// expired certificate usable for eligibility for three months
        CertGraceThreeMonths = "CERT_GRACE_3M",
        /// 限度額適用認定証 no longer issued
        LimitCertStop = "LIMIT_CERT_STOP",
        /// copy of 資格確認書 on school trips
        SchoolCertCopy = "SCHOOL_CERT_COPY",
        /// copies when nursery staff bring the child
        NurseryCopy = "NURSERY_COPY",
        /// visual mode started at the reader
        VisualModeSimple = "VISUAL_MODE_SIMPLE",
        /// app at the window when the reader is broken
        HomeConsentReaderDown = "HOME_CONSENT_READER_DOWN",
        /// expired 国保 card or notice only, with a query
        TransitionalExpiredKokuho = "TRANSITIONAL_EXPIRED_KOKUHO",
        /// the same for 後期
        TransitionalExpired75 = "TRANSITIONAL_EXPIRED_75",
        /// the same for every insurer
        TransitionalExpiredAll = "TRANSITIONAL_EXPIRED_ALL",
        /// phone as マイナ保険証
        Phone = "PHONE",
        /// cap on the increase for the 75+ middle class
        LateElderlyTwoWariRelief = "LATE_ELDERLY_2WARI_RELIEF",
        /// マイナ救急 nationwide
        AmbulanceUse = "AMBULANCE_USE",
        /// 資格確認書 to all 後期高齢者 without application
        CertToAll75 = "CERT_TO_ALL_75",
        /// maintenance of present readers ends in stages
        ReaderMaintenanceEnd = "READER_MAINTENANCE_END",
    }
}

/// One rule with its period and source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// which rule
    pub id: RuleId,
    /// first day, inclusive; `None` = before anything we decide
    pub from: Option<Date>,
    /// last day, inclusive; `None` = no end known
    pub to: Option<Date>,
    /// whether the sources give only the month of `from`; the day is then our setting (checkin-rules §13 U7)
    pub day_unknown: bool,
    /// the rule in one Japanese line
    pub ja: &'static str,
    /// the rule in one English line
    pub en: &'static str,
    /// law, circular or paper it comes from
    pub source: &'static str,
}

/// A rule list with a version, as shipped or as changed by the site's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulePack {
    version: String,
    rules: Vec<Rule>,
    choices: SiteChoices,
}

impl RulePack {
    /// The list this program was built with.
    pub fn built_in() -> RulePack {
        RulePack { version: "2026-03-19".to_owned(), rules: BUILT_IN.to_vec(), choices: SiteChoices::default() }
    }

    /// Which list decided; recorded with every decision.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The same list with other dates for one rule; the version says that it was changed.
    pub fn with_period(mut self, id: RuleId, from: Option<Date>, to: Option<Date>) -> RulePack {
        for rule in self.rules.iter_mut().filter(|rule| rule.id == id) {
            rule.from = from;
            rule.to = to;
            rule.day_unknown = false;
        }
        self.mark_as_changed();
        self
    }

    /// The same list with the site's own choices; the version says so when they are not the usual ones.
    pub fn with_choices(mut self, choices: SiteChoices) -> RulePack {
        if choices != SiteChoices::default() {
            self.mark_as_changed();
        }
        RulePack { choices, ..self }
    }

    fn mark_as_changed(&mut self) {
        if !self.version.ends_with("+site") {
            self.version.push_str("+site");
        }
    }

    /// What the rules leave to the site.
    pub fn choices(&self) -> &SiteChoices {
        &self.choices
    }

    /// The first working day after a day.
    pub fn working_day_after(&self, day: Date) -> Date {
        self.choices.closed.working_day_after(day)
    }

    /// All rules in the order of the table.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// One rule.
    pub fn rule(&self, id: RuleId) -> &Rule {
        self.rules.iter().find(|rule| rule.id == id).unwrap_or(&BUILT_IN[0])
    }

    /// Whether a rule is in force on a visit date.
    pub fn in_force(&self, id: RuleId, on: Date) -> bool {
        let rule = self.rule(id);
        rule.from.is_none_or(|from| from <= on) && rule.to.is_none_or(|to| on <= to)
    }

    /// Whether a rule had already ended on a visit date.
    pub fn ended(&self, id: RuleId, on: Date) -> bool {
        self.rule(id).to.is_some_and(|to| to < on)
    }
}

const fn day(year: i16, month: u8, day: u8) -> Option<Date> {
    Some(Date::literal(year, month, day))
}

macro_rules! rules {
    ($( $id:ident, $from:expr, $to:expr, $unknown:literal, $ja:literal, $en:literal, $source:literal; )*) => {
        const BUILT_IN: &[Rule] = &[ $( Rule {
            id: RuleId::$id, from: $from, to: $to, day_unknown: $unknown, ja: $ja, en: $en, source: $source,
        }, )* ];
    };
}

rules! {
    OnlineEligibility, day(2021, 10, 20), None, false, "オンライン資格確認の本格運用", "national online confirmation in full operation", "厚生労働省（2021-10-20 本格運用）";
    DutyToSupportCard, day(2023, 4, 1), None, false, "マイナンバーカードによる資格確認への対応義務", "sites must be able to confirm by card", "療養担当規則（2023-04-01）";
    InsurerFiveDays, day(2023, 6, 1), None, false, "保険者は届出から5日以内に資格情報を登録", "insurers register within five days of the notification", "健康保険法施行規則等（2023-06-01）";
    PortalScreenOk, day(2023, 6, 1), None, false, "カード＋マイナポータル資格情報画面で確認できる", "card and portal screen confirm eligibility", "運用マニュアル 2023-06、保発0710第1号（2023-07-10）";
    SelfDeclaration, day(2023, 7, 10), None, false, "被保険者資格申立書により適切な自己負担分で受診できる", "self-declaration accepted, usual share charged", "保発0710第1号（2023-07-10）";
    UnknownClaim, day(2023, 9, 1), None, false, "不詳・旧資格でのレセプト請求", "claims with unknown or former eligibility", "疑義解釈（2023-08-03）、2023年9月請求分から";
    UnknownClaimAltNo, day(2023, 9, 15), None, false, "77777777を入力できない場合は77777779", "77777779 where 77777777 cannot be entered", "事務連絡（2023-09-15）";
    FaceOnlyCard, day(2023, 12, 15), None, false, "顔認証マイナンバーカード（暗証番号なし）", "face-only card without a PIN", "総務省（2023-12-15）";
    AssistanceOnline, day(2024, 3, 1), None, false, "医療扶助のオンライン資格確認", "online confirmation of medical assistance", "生活保護法（2024-03-01）";
    SchoolTripNotice, day(2024, 3, 1), None, false, "学校行事：資格情報PDF・お知らせ（写し可）", "school trips: portal PDF, notice or its copy", "事務連絡（2024-03-01）";
    HomeConsentWeb, day(2024, 4, 1), None, true, "マイナ在宅受付Web", "remote consent by web", "オンライン資格確認（訪問診療等）2024-04";
    PatientCardMonthly, day(2024, 4, 17), None, false, "同月内に一度提示があれば診察券＋番号照会", "clinic card and query if the card was shown once that month", "疑義解釈（2024-04-17、暫定）";
    ConsentSimplified, day(2024, 10, 7), None, false, "包括同意、限度額の同意画面を省略", "combined consent, no 限度額 consent screen", "厚生労働省（2024-10-07）";
    HomeConsentApp, day(2024, 10, 1), None, true, "マイナ資格確認アプリ（訪問診療等）", "consent app with PIN or visual check, home visits", "医療保険部会（2024-10）";
    HomeConsentOtherFlow, day(2024, 9, 30), None, true, "通常と異なる動線（発熱・病棟・ドライブスルー）での居宅同意取得型", "remote consent for fever, ward and drive-through flows", "医療保険部会 第183回（2024-09-30）";
    CardIssueStop, day(2024, 12, 2), None, false, "健康保険証の新規発行終了", "no new health insurance cards", "マイナンバー法等一部改正法（2024-12-02）";
    InsuranceCardValid, None, day(2025, 12, 1), false, "健康保険証は券面の期限まで（最長2025-12-01）", "insurance card valid to its printed date, at most 2025-12-01", "改正法 経過措置";
    EligibilityCertificate, day(2024, 12, 2), None, false, "資格確認書は単独で有効", "an eligibility certificate is enough alone", "健康保険法施行規則（2024-12-02）";
    CardPlusNotice, day(2024, 12, 2), None, false, "カード＋資格情報のお知らせ等", "card and eligibility notice or portal data", "厚生労働省告示第349号（2024-11-29）";
    CertGraceThreeMonths, day(2024, 12, 2), None, false, "電子証明書の期限後3か月（月末まで）は資格確認に使える", "expired certificate usable for eligibility until the end of the third month", "厚生労働省 資料（2024-12-02）";
    LimitCertStop, day(2024, 12, 2), None, false, "限度額適用認定証の新規発行終了（後期）", "limit certificates no longer issued (75+)", "後期高齢者医療（2024-12-02）";
    SchoolCertCopy, day(2025, 2, 12), None, false, "学校行事：資格確認書の写し", "school trips: copy of the eligibility certificate", "事務連絡（2025-02-12）";
    NurseryCopy, day(2025, 2, 12), None, false, "保育所等の職員が連れてきた場合の写し", "copies when nursery staff bring the child", "事務連絡（2025-02-12）";
    VisualModeSimple, day(2025, 4, 1), None, true, "カードリーダー操作での目視確認モード", "visual mode started at the reader", "医療保険部会 第184回（2025-04）";
    HomeConsentReaderDown, day(2025, 4, 1), None, true, "リーダー故障時等の窓口でのマイナ資格確認アプリ", "consent app at the window when the reader is broken", "医療保険部会 第193回（2025-04-03）";
    TransitionalExpiredKokuho, day(2025, 8, 1), day(2026, 7, 31), false, "期限切れ国保被保険者証・お知らせのみ＋番号照会（暫定）", "expired 国保 card or notice only, with a successful query (transitional)", "事務連絡（2025-06-27）、延長（2026-03-19）";
    TransitionalExpired75, day(2025, 8, 4), day(2026, 7, 31), false, "期限切れ後期被保険者証・お知らせのみ＋番号照会（暫定）", "expired 75+ card or notice only, with a successful query (transitional)", "事務連絡（2025-08-04）、延長（2026-03-19）";
    TransitionalExpiredAll, day(2025, 12, 2), day(2026, 7, 31), false, "期限切れ健康保険証・お知らせのみ＋番号照会（暫定、全保険者）", "expired card or notice only, with a successful query, every insurer (transitional)", "事務連絡（2025-11-12）、延長（2026-03-19）";
    Phone, day(2025, 9, 19), None, false, "スマートフォンのマイナ保険証（対応施設）", "phone as My Number card, at equipped sites", "厚生労働省（2025-09-19）";
    LateElderlyTwoWariRelief, day(2022, 10, 1), day(2025, 9, 30), false, "後期2割の配慮措置", "cap on the monthly increase, 75+ at 20 %", "後期高齢者医療（2022-10-01〜2025-09-30）";
    AmbulanceUse, day(2025, 10, 1), None, false, "マイナ救急 全国実施", "ambulance use nationwide", "総務省消防庁（2025-10-01）";
    CertToAll75, day(2024, 12, 2), day(2026, 7, 31), false, "後期高齢者全員への資格確認書の職権交付（暫定）", "eligibility certificate to everyone 75+ without application (provisional)", "厚生労働省（2026-07-31まで）";
    ReaderMaintenanceEnd, day(2026, 3, 31), None, false, "現行カードリーダーの保守終了（順次）", "maintenance of present readers ends in stages", "厚生労働省（2026-03-31以降順次）";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_stands_in_the_list_once() {
        let pack = RulePack::built_in();
        assert_eq!(pack.rules().len(), RuleId::ALL.len());
        for id in RuleId::ALL {
            assert_eq!(pack.rules().iter().filter(|rule| rule.id == *id).count(), 1, "{}", id.code());
            assert_eq!(pack.rule(*id).id, *id);
        }
    }

    #[test]
    fn both_ends_are_inclusive_and_can_be_moved() {
        let pack = RulePack::built_in();
        let id = RuleId::TransitionalExpiredAll;
        assert!(!pack.in_force(id, Date::literal(2025, 12, 1)));
        assert!(pack.in_force(id, Date::literal(2025, 12, 2)));
        assert!(pack.in_force(id, Date::literal(2026, 7, 31)));
        assert!(!pack.in_force(id, Date::literal(2026, 8, 1)));
        assert!(pack.ended(id, Date::literal(2026, 8, 1)));

        let moved = pack.with_period(id, Some(Date::literal(2025, 12, 2)), Some(Date::literal(2027, 3, 31)));
        assert!(moved.in_force(id, Date::literal(2026, 8, 1)));
        assert_eq!(moved.version(), "2026-03-19+site");
    }
}
