//! `[site]`: who and where this is.

use anyhow::bail;
use domain::case::{Site, SiteKind};
use domain::number::InstitutionCode;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteFile {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) institution_code: String,
    pub(super) phone: Option<String>,
    #[serde(default)]
    pub(super) without_reader: bool,
    #[serde(default)]
    pub(super) phone_reader: bool,
    #[serde(default)]
    pub(super) home_consent_app: bool,
    #[serde(default)]
    pub(super) home_consent_web: bool,
    #[serde(default)]
    pub(super) limited_check_exempt: bool,
    #[serde(default)]
    pub(super) disaster_mode_open: bool,
}

pub(super) fn site(file: &SiteFile) -> anyhow::Result<Site> {
    let Some(kind) = SiteKind::from_code(&file.kind) else {
        let known: Vec<&str> = SiteKind::ALL.iter().map(|kind| kind.code()).collect();
        bail!("site.kind: one of {}", known.join(", "));
    };
    Ok(Site {
        kind,
        without_reader: file.without_reader,
        phone_reader: file.phone_reader,
        home_consent_app: file.home_consent_app,
        home_consent_web: file.home_consent_web,
        limited_check_exempt: file.limited_check_exempt,
        disaster_mode_open: file.disaster_mode_open,
    })
}

/// As it is to be printed.
pub(super) fn phone(text: Option<&str>) -> anyhow::Result<String> {
    let phone = text.unwrap_or_default().trim();
    let fits = phone.chars().count() <= 20 && phone.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c));
    if fits { Ok(phone.to_owned()) } else { bail!("site.phone: a phone number, such as 03-1234-5678") }
}

pub(super) fn institution_code(text: &str, warnings: &mut Vec<String>) -> anyhow::Result<String> {
    match InstitutionCode::parse(text) {
        Ok(checked) => {
            warnings.extend(checked.warnings.iter().map(|warning| format!("site.institution_code: {}", warning.en())));
            Ok(checked.value.as_str().to_owned())
        }
        Err(error) => bail!("site.institution_code: {}", error.en()),
    }
}
