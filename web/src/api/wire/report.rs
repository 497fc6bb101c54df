//! The fault report on the wire.

use super::device::{DeviceChanged, DevicesShown};
use super::link::{JournalEntryShown, LinkReportShown};
use super::time::Instant;
use super::trouble::Troubles;
use crate::port::{Desk, DeviceChange, JournalEntry, TroubleReport};
use crate::settings::WebSettings;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which part stopped, since when, and what a vendor asks first. Nothing about patients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FaultReport {
    /// when it was made
    pub made_at: Instant,
    /// version of the program
    pub version: String,
    /// version of the rule list
    pub rule_version: String,
    /// name of the site
    pub site_name: String,
    /// a practice clinic
    pub demo: bool,
    /// pages and API are served encrypted
    pub encrypted: bool,
    /// the links now
    pub links: LinkReportShown,
    /// what the links did, newest first
    pub journal: Vec<JournalEntryShown>,
    /// what the clock of the box did by itself, newest first: impossible times and jumps
    pub clock: Vec<DeviceChanged>,
    /// the devices, each with its history
    pub devices: DevicesShown,
    /// troubles by month
    pub troubles: Troubles,
}

impl FaultReport {
    /// The report of this moment.
    pub fn of(
        desk: &dyn Desk,
        settings: &WebSettings,
        journal: &[JournalEntry],
        clock: &[DeviceChange],
        troubles: &TroubleReport,
    ) -> FaultReport {
        let view = desk.devices().map(|devices| devices.view());
        FaultReport {
            made_at: Instant::of(desk.now()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            rule_version: settings.rules.version().to_owned(),
            site_name: settings.site_name.clone(),
            demo: settings.demo,
            encrypted: settings.secure_cookies,
            links: (&desk.links()).into(),
            journal: journal.iter().map(JournalEntryShown::from).collect(),
            clock: clock.iter().map(DeviceChanged::from).collect(),
            devices: DevicesShown::of(view.is_some(), &view.unwrap_or_default()),
            troubles: troubles.into(),
        }
    }
}
