//! The `[[retention]]` parts of the configuration.

use anyhow::{Context, bail};
use domain::Date;
use domain::case::SiteKind;
use domain::retention::{KeptKind, LONGEST_MONTHS, Retention, RetentionPeriod, SITE_SETTING, lawful_months};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RetentionFile {
    kind: String,
    months: u16,
    from: Option<String>,
    to: Option<String>,
}

pub(super) fn retention(files: Vec<RetentionFile>, site: SiteKind) -> anyhow::Result<Retention> {
    Ok(Retention::with(files.into_iter().map(|file| period(file, site)).collect::<anyhow::Result<_>>()?))
}

fn period(file: RetentionFile, site: SiteKind) -> anyhow::Result<RetentionPeriod> {
    let Some(kind) = KeptKind::from_code(&file.kind) else { bail!("retention.kind: visit or patient") };
    let (least, law) = lawful_months(kind, site);
    if file.months < least {
        bail!("retention.months: at least {least} here ({law})");
    }
    if file.months > LONGEST_MONTHS {
        bail!("retention.months: at most {LONGEST_MONTHS}");
    }
    let date = |field: &str, text: Option<String>| {
        let read = |text: String| {
            Date::parse(&text).with_context(|| format!("retention.{field}: a date that exists, as YYYY-MM-DD"))
        };
        text.map(read).transpose()
    };
    let (from, to) = (date("from", file.from)?, date("to", file.to)?);
    Ok(RetentionPeriod { kind, months: file.months, from, to, source: SITE_SETTING })
}
