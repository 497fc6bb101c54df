//! Insurance schemes (法別番号), who pays their claims, prefectures and public subsidies (claims-rules §5).

mod tables;

pub use tables::{is_subsidy_code, prefecture_name, subsidy_name};

use crate::codes;

codes! {
    /// The scheme an insurer number belongs to (claims-rules §5.2); the code is its 法別番号 where it has one.
    pub enum Scheme {
        /// 協会けんぽ: the national association for employees of smaller companies.
        KyokaiKenpo = "01",
        /// 船員保険.
        Seamen = "02",
        /// 日雇特例（一般）.
        DayLabour = "03",
        /// 日雇特例（特別療養費）.
        DayLabourSpecial = "04",
        /// 組合管掌健康保険: societies of companies.
        SocietyManaged = "06",
        /// 自衛官等.
        SelfDefence = "07",
        /// 生活保護の医療扶助. Not insurance, but answers carry it in the insurer's field (oqs-interface §4).
        PublicAssistance = "12",
        /// 国家公務員共済.
        NationalMutualAid = "31",
        /// 地方公務員等共済.
        LocalMutualAid = "32",
        /// 警察共済.
        PoliceMutualAid = "33",
        /// 公立学校・私学共済.
        SchoolMutualAid = "34",
        /// 後期高齢者医療.
        LateElderly = "39",
        /// 特例退職（健康保険組合）.
        SpecialRetiredSociety = "63",
        /// 退職者医療（国保）: closed scheme.
        RetiredKokuho = "67",
        /// 特例退職（共済）, 法別番号 72.
        SpecialRetiredMutualAid72 = "72",
        /// 特例退職（共済）, 法別番号 73.
        SpecialRetiredMutualAid73 = "73",
        /// 特例退職（共済）, 法別番号 74.
        SpecialRetiredMutualAid74 = "74",
        /// 特例退職（共済）, 法別番号 75.
        SpecialRetiredMutualAid75 = "75",
        /// 国民健康保険 of a municipality: six digits, no 法別番号.
        NationalHealth = "kokuho",
        /// 国民健康保険組合: six digits with a 3 in the third place. The ratio may differ by association.
        NationalHealthAssociation = "kokuho-kumiai",
        /// A 法別番号 outside the table, or a number that stands for "not known".
        Unknown = "unknown",
    }
}

codes! {
    /// The two bodies that examine and pay claims (審査支払機関).
    pub enum PayerBody {
        /// 社会保険診療報酬支払基金.
        EmployeesFund = "1",
        /// 国民健康保険団体連合会.
        Kokuhoren = "2",
    }
}

codes! {
    /// The coarse kind of coverage, as a patient can name it ("from the company or from the city?").
    pub enum SchemeGroup {
        /// 社保: through an employer, own or of a family member.
        Employee = "employee",
        /// 国保: through the municipality or a 国保組合.
        National = "national",
        /// 後期高齢者医療.
        LateElderly = "late_elderly",
        /// 生活保護.
        PublicAssistance = "public_assistance",
        /// Not known.
        Unknown = "unknown",
    }
}

impl Scheme {
    /// The scheme of an eight-digit number by its first two digits.
    pub fn from_scheme_code(scheme_code: &str) -> Scheme {
        match scheme_code.len() {
            2 => Scheme::from_code(scheme_code).unwrap_or(Scheme::Unknown),
            _ => Scheme::Unknown,
        }
    }

    /// Name for staff, Japanese.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Scheme::KyokaiKenpo => "協会けんぽ",
            Scheme::Seamen => "船員保険",
            Scheme::DayLabour => "日雇特例（一般）",
            Scheme::DayLabourSpecial => "日雇特例（特別療養費）",
            Scheme::SocietyManaged => "健康保険組合",
            Scheme::SelfDefence => "自衛官等",
            Scheme::PublicAssistance => "生活保護（医療扶助）",
            Scheme::NationalMutualAid => "国家公務員共済",
            Scheme::LocalMutualAid => "地方公務員等共済",
            Scheme::PoliceMutualAid => "警察共済",
            Scheme::SchoolMutualAid => "公立学校・私学共済",
            Scheme::LateElderly => "後期高齢者医療",
            Scheme::SpecialRetiredSociety => "特例退職（健康保険組合）",
            Scheme::RetiredKokuho => "退職者医療（国保）",
            Scheme::SpecialRetiredMutualAid72
            | Scheme::SpecialRetiredMutualAid73
            | Scheme::SpecialRetiredMutualAid74
            | Scheme::SpecialRetiredMutualAid75 => "特例退職（共済）",
            Scheme::NationalHealth => "国民健康保険",
            Scheme::NationalHealthAssociation => "国民健康保険組合",
            Scheme::Unknown => "不明な制度",
        }
    }

    /// Name for staff, English.
    pub const fn label_en(self) -> &'static str {
        match self {
            Scheme::KyokaiKenpo => "Kyokai Kenpo (employees)",
            Scheme::Seamen => "Seamen's insurance",
            Scheme::DayLabour => "Day labourers (general)",
            Scheme::DayLabourSpecial => "Day labourers (special)",
            Scheme::SocietyManaged => "Company health insurance society",
            Scheme::SelfDefence => "Self-defence personnel",
            Scheme::PublicAssistance => "Public assistance (medical)",
            Scheme::NationalMutualAid => "Mutual aid, national public servants",
            Scheme::LocalMutualAid => "Mutual aid, local public servants",
            Scheme::PoliceMutualAid => "Mutual aid, police",
            Scheme::SchoolMutualAid => "Mutual aid, schools",
            Scheme::LateElderly => "Late elderly (75 and over)",
            Scheme::SpecialRetiredSociety => "Special retired (society)",
            Scheme::RetiredKokuho => "Retired (national health insurance)",
            Scheme::SpecialRetiredMutualAid72
            | Scheme::SpecialRetiredMutualAid73
            | Scheme::SpecialRetiredMutualAid74
            | Scheme::SpecialRetiredMutualAid75 => "Special retired (mutual aid)",
            Scheme::NationalHealth => "National health insurance (municipal)",
            Scheme::NationalHealthAssociation => "National health insurance association",
            Scheme::Unknown => "Scheme not known",
        }
    }

    /// The coarse kind.
    pub const fn group(self) -> SchemeGroup {
        match self {
            Scheme::NationalHealth | Scheme::NationalHealthAssociation | Scheme::RetiredKokuho => SchemeGroup::National,
            Scheme::LateElderly => SchemeGroup::LateElderly,
            Scheme::PublicAssistance => SchemeGroup::PublicAssistance,
            Scheme::Unknown => SchemeGroup::Unknown,
            _ => SchemeGroup::Employee,
        }
    }

    /// Where the claim goes; see [`SchemeGroup::payer_body`].
    pub const fn payer_body(self) -> Option<PayerBody> {
        self.group().payer_body()
    }
}

impl SchemeGroup {
    /// Where claims of this kind go: employees' side to the fund, 国保 and 後期 to the federation (claims-rules §5.2).
    /// Medical assistance alone goes to the fund (general field practice, not in the sheet). `None` when the kind is
    /// not known: a person decides.
    pub const fn payer_body(self) -> Option<PayerBody> {
        match self {
            SchemeGroup::Employee | SchemeGroup::PublicAssistance => Some(PayerBody::EmployeesFund),
            SchemeGroup::National | SchemeGroup::LateElderly => Some(PayerBody::Kokuhoren),
            SchemeGroup::Unknown => None,
        }
    }

    /// Name for staff, Japanese.
    pub const fn label_ja(self) -> &'static str {
        match self {
            SchemeGroup::Employee => "社保（勤務先の保険）",
            SchemeGroup::National => "国保（市区町村・国保組合）",
            SchemeGroup::LateElderly => "後期高齢者医療",
            SchemeGroup::PublicAssistance => "生活保護",
            SchemeGroup::Unknown => "不明",
        }
    }

    /// Name for staff, English.
    pub const fn label_en(self) -> &'static str {
        match self {
            SchemeGroup::Employee => "Employees' insurance (through work)",
            SchemeGroup::National => "National health insurance (city or association)",
            SchemeGroup::LateElderly => "Late elderly (75 and over)",
            SchemeGroup::PublicAssistance => "Public assistance",
            SchemeGroup::Unknown => "Not known",
        }
    }
}

impl PayerBody {
    /// Name for staff, Japanese.
    pub const fn label_ja(self) -> &'static str {
        match self {
            PayerBody::EmployeesFund => "支払基金",
            PayerBody::Kokuhoren => "国保連",
        }
    }

    /// Name for staff, English.
    pub const fn label_en(self) -> &'static str {
        match self {
            PayerBody::EmployeesFund => "Employees' fund (Shiharai Kikin)",
            PayerBody::Kokuhoren => "National health federation (Kokuhoren)",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_go_to_their_payer_bodies() {
        // claims-rules §5.2
        let table: [(&[&str], SchemeGroup, PayerBody); 3] = [
            (
                &["01", "02", "03", "04", "06", "07", "31", "32", "33", "34", "63", "72", "73", "74", "75"],
                SchemeGroup::Employee,
                PayerBody::EmployeesFund,
            ),
            (&["67"], SchemeGroup::National, PayerBody::Kokuhoren),
            (&["39"], SchemeGroup::LateElderly, PayerBody::Kokuhoren),
        ];
        for (codes, group, payer) in table {
            for code in codes {
                let scheme = Scheme::from_scheme_code(code);
                assert_eq!((scheme.code(), scheme.group(), scheme.payer_body()), (*code, group, Some(payer)));
            }
        }
        for scheme in [Scheme::NationalHealth, Scheme::NationalHealthAssociation] {
            assert_eq!((scheme.group(), scheme.payer_body()), (SchemeGroup::National, Some(PayerBody::Kokuhoren)));
        }
        assert_eq!(Scheme::Unknown.payer_body(), None);
    }

    #[test]
    fn only_two_digits_name_a_scheme() {
        let known = (0..100).filter(|code| Scheme::from_scheme_code(&format!("{code:02}")) != Scheme::Unknown).count();
        assert_eq!(known, 18);
        for code in ["", "1", "kokuho", "unknown", "05", "77"] {
            assert_eq!(Scheme::from_scheme_code(code), Scheme::Unknown);
        }
    }

    #[test]
    fn a_code_is_either_insurance_or_subsidy_except_medical_assistance() {
        for code in (0..100).map(|code| format!("{code:02}")) {
            let both = Scheme::from_scheme_code(&code) != Scheme::Unknown && is_subsidy_code(&code);
            assert_eq!(both, code == "12", "{code}");
        }
    }

    #[test]
    fn every_scheme_group_and_body_has_a_name_in_both_languages() {
        assert!(Scheme::ALL.iter().all(|s| !s.label_ja().is_empty() && s.label_en().is_ascii()));
        assert!(SchemeGroup::ALL.iter().all(|g| !g.label_ja().is_empty() && g.label_en().is_ascii()));
        assert!(PayerBody::ALL.iter().all(|b| !b.label_ja().is_empty() && b.label_en().is_ascii()));
    }
}
