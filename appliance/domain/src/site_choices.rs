//! What the rules leave to the site: when people work, words of claims, and the shares of associations. Settings, like every
//! date of a rule; none of them changes what is lawful.

use crate::coverage::{Coverage, PersonalFamily};
use crate::date::Date;
use crate::number::InsurerNumber;
use crate::retention::Retention;
use crate::working_day::ClosedDays;

/// The site's own choices; the default is what most sites need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteChoices {
    /// when nobody works here
    pub closed: ClosedDays,
    /// how a claim on a former eligibility is marked; absent = 旧資格 (the exact words are not known, claims-rules §1)
    pub former_claim_wording: Option<String>,
    /// the receipt computer refuses 77777777: use 77777779 (claims-rules §1)
    pub alternative_unknown_insurer: bool,
    /// shares of 国保組合 that differ from the age rule (claims-rules §3.1)
    pub association_ratios: Vec<AssociationRatio>,
    /// how long records are kept where the usual periods are not wanted
    pub retention: Retention,
}

/// The share of people insured with one 国保組合, from school age to 69.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssociationRatio {
    /// which association
    pub insurer: InsurerNumber,
    /// 本人 or 家族; absent = both
    pub personal_family: Option<PersonalFamily>,
    /// patient's share in tenths
    pub tenths: u8,
    /// first day, inclusive
    pub from: Option<Date>,
    /// last day, inclusive
    pub to: Option<Date>,
}

impl SiteChoices {
    /// The insurer number of a claim whose insurer nobody knows.
    pub const fn unknown_insurer(&self) -> InsurerNumber {
        if self.alternative_unknown_insurer { InsurerNumber::UNKNOWN_ALTERNATIVE } else { InsurerNumber::UNKNOWN }
    }

    /// The share an association has set for these insured on a day. An entry for 本人 or 家族 speaks only of people known to be so.
    pub fn association_ratio(&self, coverage: &Coverage, day: Date) -> Option<u8> {
        let insurer = coverage.insurer_number.as_ref()?;
        let fits = |entry: &&AssociationRatio| {
            entry.insurer == *insurer
                && entry.personal_family.is_none_or(|who| coverage.personal_family == Some(who))
                && entry.from.is_none_or(|from| from <= day)
                && entry.to.is_none_or(|to| day <= to)
        };
        self.association_ratios.iter().find(fits).map(|entry| entry.tenths)
    }
}
