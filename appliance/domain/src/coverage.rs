//! What is known of somebody's insurance: the numbers, the ratio and the dates, wherever they came from.

use crate::date::Date;
use crate::number::{BranchNumber, InsuredNumber, InsuredSymbol, InsurerNumber, NumberLikeness};
use crate::scheme::Scheme;
use crate::{codes, record};

codes! {
    /// 本人・家族の別 (OQSCD009)
    pub enum PersonalFamily {
        /// 本人
        SelfInsured = "1",
        /// 家族
        Dependant = "2",
    }
}

codes! {
    /// 資格喪失事由 (OQSCD008)
    pub enum LossReason {
        /// died
        Death = "01",
        /// public assistance started
        PublicAssistance = "02",
        /// other medical insurance acquired
        OtherInsurance = "03",
        /// other
        Other = "99",
    }
}

codes! {
    /// 性別 (OQSCD007)
    pub enum Sex {
        /// 男
        Male = "1",
        /// 女
        Female = "2",
        /// 未設定
        NotSet = "3",
    }
}

record! {
    /// 高齢受給者証 data of people aged 70 to 74.
    pub struct ElderlyRecipient {
        /// patient's share in tenths
        pub ratio_tenths: Option<u8>,
        /// first valid day
        pub valid_from: Option<Date>,
        /// last valid day; absent = unknown, not endless
        pub valid_to: Option<Date>,
    }
}

record! {
    /// 限度額適用認定証関連情報: the class of the monthly ceiling.
    pub struct LimitInfo {
        /// 適用区分, for instance `A03` (OQSCD012)
        pub limit_class: String,
        /// first valid day
        pub valid_from: Option<Date>,
        /// last valid day; absent = unknown
        pub valid_to: Option<Date>,
    }
}

record! {
    /// Insurance data of one person. Everything is optional: papers and answers leave out what they do not know, and an
    /// absent end date means *unknown*, never endless (checkin-rules §7.6).
    pub struct Coverage {
        /// 保険者番号; for medical assistance the 公費負担者番号 starting with 12
        pub insurer_number: Option<InsurerNumber>,
        /// why staff go by an insurer number whose check digit does not fit (claims-rules §3.4); at most 200 characters
        pub override_reason: Option<String>,
        /// 保険者名称
        pub insurer_name: Option<String>,
        /// 記号
        pub insured_symbol: Option<InsuredSymbol>,
        /// 番号
        pub insured_number: Option<InsuredNumber>,
        /// 枝番
        pub branch_number: Option<BranchNumber>,
        /// 本人・家族
        pub personal_family: Option<PersonalFamily>,
        /// 被保険者証区分 (OQSCD010), as received
        pub card_classification: Option<String>,
        /// patient's share in tenths as printed or returned
        pub ratio_tenths: Option<u8>,
        /// 高齢受給者証情報
        pub elderly: Option<ElderlyRecipient>,
        /// 限度額
        pub limit: Option<LimitInfo>,
        /// 資格取得年月日
        pub acquired_on: Option<Date>,
        /// 資格喪失年月日
        pub lost_on: Option<Date>,
        /// 資格喪失事由
        pub loss_reason: Option<LossReason>,
        /// 交付年月日
        pub issued_on: Option<Date>,
        /// 有効開始年月日
        pub valid_from: Option<Date>,
        /// 有効終了年月日
        pub valid_to: Option<Date>,
    }
}

/// Longest reason for going by a number whose check digit does not fit, in characters.
pub const LONGEST_OVERRIDE_REASON: usize = 200;

impl Coverage {
    /// Nothing known yet.
    pub const EMPTY: Coverage = Coverage {
        insurer_number: None,
        override_reason: None,
        insurer_name: None,
        insured_symbol: None,
        insured_number: None,
        branch_number: None,
        personal_family: None,
        card_classification: None,
        ratio_tenths: None,
        elderly: None,
        limit: None,
        acquired_on: None,
        lost_on: None,
        loss_reason: None,
        issued_on: None,
        valid_from: None,
        valid_to: None,
    };

    /// The scheme the insurer number belongs to.
    pub fn scheme(&self) -> Scheme {
        self.insurer_number.as_ref().map_or(Scheme::Unknown, InsurerNumber::scheme)
    }

    /// Whether the insurer number is one whose check digit does not fit: a misprint of the desk, or of the certificate.
    pub fn has_wrong_check_digit(&self) -> bool {
        self.insurer_number.as_ref().is_some_and(|number| InsurerNumber::parse(number.as_str()).is_err())
    }

    /// Whether this is 医療扶助 (公費 12), which stands beside an insurance rather than for one.
    pub fn is_medical_assistance(&self) -> bool {
        self.card_classification.as_deref() == Some("A1") || self.scheme() == Scheme::PublicAssistance
    }

    /// Whether a claim could be filed and the national service asked with these numbers alone.
    pub fn has_numbers(&self) -> bool {
        self.insurer_number.as_ref().is_some_and(|number| !number.is_unknown_placeholder())
            && self.insured_number.is_some()
    }

    /// Whether the known period contains a day. An absent bound excludes nothing.
    pub fn covers(&self, day: Date) -> bool {
        let from = self.valid_from.or(self.acquired_on);
        from.is_none_or(|from| from <= day)
            && self.valid_to.is_none_or(|to| day <= to)
            && self.lost_on.is_none_or(|lost| day < lost)
    }

    /// Whether both name the same insured person at the same insurer: widths, dashes and spaces aside; symbol and branch
    /// only where both state one.
    pub fn same_insured(&self, other: &Coverage) -> bool {
        let numbers_agree = match (&self.insured_number, &other.insured_number) {
            (Some(one), Some(two)) => one.compare(two) != NumberLikeness::Different,
            _ => false,
        };
        let symbols_agree = match (&self.insured_symbol, &other.insured_symbol) {
            (Some(one), Some(two)) => one.same_as(two),
            _ => true,
        };
        let branches_agree = match (&self.branch_number, &other.branch_number) {
            (Some(one), Some(two)) => one == two,
            _ => true,
        };
        self.same_insurer(other) && numbers_agree && symbols_agree && branches_agree
    }

    /// Whether both name the same insurer.
    pub fn same_insurer(&self, other: &Coverage) -> bool {
        self.insurer_number.is_some() && self.insurer_number == other.insurer_number
    }

    /// The ratio these data state for a day, in tenths: 高齢受給者証 data first where it covers the day, else the ratio
    /// of the insurance itself.
    pub fn stated_ratio(&self, day: Date) -> Option<u8> {
        let elderly = self
            .elderly
            .as_ref()
            .filter(|e| e.valid_from.is_none_or(|from| from <= day) && e.valid_to.is_none_or(|to| day <= to));
        elderly.and_then(|e| e.ratio_tenths).or(self.ratio_tenths)
    }
}
