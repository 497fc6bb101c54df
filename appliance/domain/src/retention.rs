//! How long records are kept, by kind and by the date of what they tell of: dated settings with the law each comes from.
//!
//! What is kept is forgotten month by month. A month is due when every one of its days is past its period: the last day decides.

use crate::case::SiteKind;
use crate::codes;
use crate::date::Date;

codes! {
    /// What is kept for a period of its own.
    pub enum KeptKind {
        /// a visit: how eligibility was confirmed, what was charged, what the claim rests on
        Visit = "visit",
        /// what is known of a patient, kept as long as any visit of theirs and never shorter than this after the last change
        Patient = "patient",
    }
}

/// One period with its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionPeriod {
    /// what is kept
    pub kind: KeptKind,
    /// months after the month it tells of
    pub months: u16,
    /// first day of what it speaks about, inclusive; `None` = from the beginning
    pub from: Option<Date>,
    /// last day of what it speaks about, inclusive; `None` = no end known
    pub to: Option<Date>,
    /// law, circular, or the site's own setting
    pub source: &'static str,
}

/// A period the site set itself.
pub const SITE_SETTING: &str = "この施設の設定（uketsuke.toml の [[retention]]）";

/// Longest period a site may set: a hundred years.
pub const LONGEST_MONTHS: u16 = 1_200;

impl RetentionPeriod {
    fn speaks_of(&self, kind: KeptKind, day: Date) -> bool {
        self.kind == kind && self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// The shortest period the law allows for what happened at such a site, in months, and the law. The patient's own record has none of its
/// own: it follows the visits.
pub const fn lawful_months(kind: KeptKind, site: SiteKind) -> (u16, &'static str) {
    match (kind, site) {
        (KeptKind::Visit, SiteKind::Pharmacy) => (
            36,
            "薬担規則6条・薬剤師法27条、28条：処方箋と調剤録は3年（公費の分は5年：指定医療機関医療担当規程9条など）",
        ),
        (KeptKind::Visit, _) => {
            (60, "医師法24条・歯科医師法23条・療担規則9条：診療録は完結の日から5年、その他の帳簿は3年")
        }
        (KeptKind::Patient, _) => (0, "受診の記録に従う"),
    }
}

/// What applies when the site set nothing: five years everywhere, since public payers and the period for claims want them of pharmacies too.
pub const USUAL_MONTHS: u16 = 60;

/// The periods of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    own: Vec<RetentionPeriod>,
}

impl Retention {
    /// The usual periods, but for what the site set itself; of several settings for a day the first counts.
    pub const fn with(own: Vec<RetentionPeriod>) -> Retention {
        Retention { own }
    }

    /// What the site set itself.
    pub fn own(&self) -> &[RetentionPeriod] {
        &self.own
    }

    /// The period for what happened on a day.
    pub fn period(&self, kind: KeptKind, site: SiteKind, day: Date) -> RetentionPeriod {
        let own = self.own.iter().find(|period| period.speaks_of(kind, day));
        own.cloned().unwrap_or(RetentionPeriod {
            kind,
            months: USUAL_MONTHS,
            from: None,
            to: None,
            source: lawful_months(kind, site).1,
        })
    }

    /// The last day on which something of this day must still be there.
    pub fn kept_until(&self, kind: KeptKind, site: SiteKind, day: Date) -> Date {
        let months = i32::from(self.period(kind, site, day).months);
        day.first_of_month().plus_months(months).end_of_month()
    }

    /// Whether all of a month, named by any of its days, is past its period.
    pub fn is_month_over(&self, kind: KeptKind, site: SiteKind, month: Date, today: Date) -> bool {
        let first = month.first_of_month();
        let days = 0..=first.days_until(month.end_of_month());
        days.map(|day| first.plus_days(day)).all(|day| self.kept_until(kind, site, day) < today)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const CLINIC: SiteKind = SiteKind::Clinic;

    #[test]
    fn a_month_is_over_only_after_the_period_of_its_last_day() {
        let usual = Retention::default();
        let month = Date::literal(2026, 2, 11);
        assert_eq!(usual.kept_until(KeptKind::Visit, CLINIC, month), Date::literal(2031, 2, 28));
        assert!(!usual.is_month_over(KeptKind::Visit, CLINIC, month, Date::literal(2031, 2, 28)));
        assert!(usual.is_month_over(KeptKind::Visit, CLINIC, month, Date::literal(2031, 3, 1)));
    }

    #[test]
    fn a_setting_from_the_middle_of_a_month_holds_all_of_the_month() {
        let longer = RetentionPeriod {
            kind: KeptKind::Visit,
            months: 120,
            from: Some(Date::literal(2026, 4, 16)),
            to: None,
            source: SITE_SETTING,
        };
        let site = Retention::with(vec![longer]);
        let april = Date::literal(2026, 4, 1);
        assert_eq!(site.period(KeptKind::Visit, CLINIC, april).months, USUAL_MONTHS);
        assert!(!site.is_month_over(KeptKind::Visit, CLINIC, april, Date::literal(2032, 1, 1)));
        assert!(site.is_month_over(KeptKind::Visit, CLINIC, april, Date::literal(2036, 5, 1)));
        assert!(site.is_month_over(KeptKind::Visit, CLINIC, Date::literal(2026, 3, 31), Date::literal(2031, 4, 1)));
        assert_eq!(site.period(KeptKind::Patient, CLINIC, Date::literal(2026, 5, 1)).months, USUAL_MONTHS);
    }

    #[test]
    fn what_the_law_wants_is_known_by_kind_of_site() {
        assert_eq!(lawful_months(KeptKind::Visit, SiteKind::Pharmacy).0, 36);
        assert_eq!(lawful_months(KeptKind::Visit, SiteKind::Dental).0, 60);
        assert_eq!(lawful_months(KeptKind::Patient, CLINIC).0, 0);
    }
}
