//! What the rules leave to the site: closed days, words of claims, shares of associations.

use anyhow::{Context, bail};
use domain::Date;
use domain::coverage::PersonalFamily;
use domain::date::Weekday;
use domain::number::InsurerNumber;
use domain::retention::Retention;
use domain::site_choices::{AssociationRatio, SiteChoices};
use domain::working_day::ClosedDays;
use serde::Deserialize;

/// `[closed]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClosedFile {
    weekdays: Option<Vec<String>>,
    dates: Option<Vec<String>>,
    holidays: Option<bool>,
}

/// `[claim]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClaimFile {
    former_wording: Option<String>,
    unknown_insurer: Option<String>,
}

/// `[[association]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AssociationFile {
    insurer: String,
    who: Option<String>,
    tenths: u8,
    from: Option<String>,
    to: Option<String>,
}

/// Longest wording of a former claim: one comment record of 38 full-width characters.
const LONGEST_WORDING: usize = 38;

pub(super) fn choices(
    closed: ClosedFile,
    claim: ClaimFile,
    associations: Vec<AssociationFile>,
    retention: Retention,
) -> anyhow::Result<SiteChoices> {
    if claim.former_wording.as_ref().is_some_and(|wording| wording.chars().count() > LONGEST_WORDING) {
        bail!("claim.former_wording: at most {LONGEST_WORDING} characters");
    }
    Ok(SiteChoices {
        closed: closed_days(closed)?,
        former_claim_wording: claim.former_wording,
        alternative_unknown_insurer: match claim.unknown_insurer.as_deref() {
            None | Some("77777777") => false,
            Some("77777779") => true,
            Some(_) => bail!("claim.unknown_insurer: 77777777 or 77777779"),
        },
        association_ratios: associations.into_iter().map(association).collect::<anyhow::Result<_>>()?,
        retention,
    })
}

fn closed_days(file: ClosedFile) -> anyhow::Result<ClosedDays> {
    let usual = ClosedDays::default();
    let weekdays = file.weekdays.map(|names| names.iter().map(|name| weekday(name)).collect::<anyhow::Result<_>>());
    let dates = file.dates.unwrap_or_default();
    Ok(ClosedDays {
        weekdays: weekdays.transpose()?.unwrap_or(usual.weekdays),
        dates: dates.iter().map(|text| date("closed.dates", text)).collect::<anyhow::Result<_>>()?,
        holidays: file.holidays.unwrap_or(usual.holidays),
    })
}

fn weekday(name: &str) -> anyhow::Result<Weekday> {
    Ok(match name {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => bail!("closed.weekdays: mon, tue, wed, thu, fri, sat or sun"),
    })
}

fn association(file: AssociationFile) -> anyhow::Result<AssociationRatio> {
    let insurer = match InsurerNumber::parse(&file.insurer) {
        Ok(checked) => checked.value,
        Err(error) => bail!("association.insurer: {}", error.en()),
    };
    if file.tenths > 3 {
        bail!("association.tenths: the patient's share in tenths, 0 to 3");
    }
    let personal_family = match file.who.as_deref() {
        None => None,
        Some("insured") => Some(PersonalFamily::SelfInsured),
        Some("family") => Some(PersonalFamily::Dependant),
        Some(_) => bail!("association.who: insured or family; left out for both"),
    };
    let from = file.from.map(|text| date("association.from", &text)).transpose()?;
    let to = file.to.map(|text| date("association.to", &text)).transpose()?;
    Ok(AssociationRatio { insurer, personal_family, tenths: file.tenths, from, to })
}

fn date(field: &str, text: &str) -> anyhow::Result<Date> {
    Date::parse(text).with_context(|| format!("{field}: a date that exists, as YYYY-MM-DD"))
}
