//! Insurance data line by line, and two of them side by side.

use super::{period, tenths};
use crate::lang::Lang;
use domain::coverage::{Coverage, PersonalFamily};

/// One line of insurance data.
pub struct CoverageLine {
    pub label: &'static str,
    pub value: String,
}

/// One line of two insurances side by side.
pub struct Comparison {
    pub label: &'static str,
    pub old: String,
    pub new: String,
    pub differs: bool,
}

/// What is known, without the lines nobody knows.
pub fn coverage_lines(lang: Lang, coverage: &Coverage) -> Vec<CoverageLine> {
    all_lines(lang, coverage)
        .into_iter()
        .filter_map(|(label, value)| value.map(|value| CoverageLine { label, value }))
        .collect()
}

/// Two insurances, every line that at least one of them knows. A line only one side knows is no difference.
pub fn compare(lang: Lang, old: &Coverage, new: &Coverage) -> Vec<Comparison> {
    all_lines(lang, old)
        .into_iter()
        .zip(all_lines(lang, new))
        .filter(|((_, old), (_, new))| old.is_some() || new.is_some())
        .map(|((label, old), (_, new))| {
            let differs = matches!((&old, &new), (Some(old), Some(new)) if old != new);
            let shown = |value: Option<String>| value.unwrap_or_else(|| "—".to_owned());
            Comparison { label, old: shown(old), new: shown(new), differs }
        })
        .collect()
}

fn all_lines(lang: Lang, coverage: &Coverage) -> Vec<(&'static str, Option<String>)> {
    let family = coverage.personal_family.map(|family| match family {
        PersonalFamily::SelfInsured => lang.pick("本人", "insured").to_owned(),
        PersonalFamily::Dependant => lang.pick("家族", "family").to_owned(),
    });
    let valid = (coverage.valid_from.is_some() || coverage.valid_to.is_some())
        .then(|| period(lang, coverage.valid_from, coverage.valid_to));
    let day = |date: Option<domain::Date>| date.map(|date| super::day(lang, date));
    let elderly = coverage.elderly.as_ref().and_then(|e| e.ratio_tenths).map(|share| tenths(lang, share));
    let scheme = coverage.insurer_number.as_ref().map(|number| number.scheme());
    vec![
        (lang.pick("保険者番号", "Insurer number"), text(coverage.insurer_number.as_ref().map(|n| n.as_str()))),
        (
            lang.pick("検証番号が合わない番号を使う理由", "Why a wrong check digit is used"),
            coverage.override_reason.clone(),
        ),
        (lang.pick("保険者名", "Insurer"), coverage.insurer_name.clone()),
        (lang.pick("制度", "Scheme"), scheme.map(|s| lang.pick(s.label_ja(), s.label_en()).to_owned())),
        (lang.pick("記号", "Symbol"), text(coverage.insured_symbol.as_ref().map(|s| s.as_str()))),
        (lang.pick("番号", "Number"), text(coverage.insured_number.as_ref().map(|n| n.as_str()))),
        (lang.pick("枝番", "Branch"), text(coverage.branch_number.as_ref().map(|b| b.as_str()))),
        (lang.pick("本人・家族", "Insured or family"), family),
        (lang.pick("負担割合", "Share"), coverage.ratio_tenths.map(|share| tenths(lang, share))),
        (lang.pick("高齢受給者証の割合", "Elderly certificate share"), elderly),
        (lang.pick("限度額区分", "Ceiling class"), coverage.limit.as_ref().map(|limit| limit.limit_class.clone())),
        (lang.pick("有効期間", "Valid"), valid),
        (lang.pick("資格取得日", "Acquired"), day(coverage.acquired_on)),
        (lang.pick("資格喪失日", "Lost"), day(coverage.lost_on)),
    ]
}

fn text(value: Option<&str>) -> Option<String> {
    value.map(str::to_owned)
}

/// The numbers of an insurance in the order a claim has them.
pub fn insured_numbers(coverage: &Coverage) -> String {
    let parts = [
        coverage.insurer_number.as_ref().map(|n| n.as_str()),
        coverage.insured_symbol.as_ref().map(|n| n.as_str()),
        coverage.insured_number.as_ref().map(|n| n.as_str()),
        coverage.branch_number.as_ref().map(|n| n.as_str()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ・ ")
}
