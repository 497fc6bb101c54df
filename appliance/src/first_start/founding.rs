//! The first box of a facility: a record of its own, and the first person.

use super::settings::{Place, settings_text};
use super::staging::Staging;
use super::{FirstStartFailure, SETTINGS};
use crate::clock::Clock;
use crate::desk::{DeskSettings, RunningDesk};
use crate::store::StoreLocation;
use domain::case::Site;
use domain::rule::RulePack;
use std::path::Path;
use sync::outbox::Patience;
use web::port::{Desk, FirstPerson, NewFacility, NotDone, SiteSettings};

/// Makes the first box of a facility in a data folder, wholly or not at all. `text`: the settings, where a file has them.
///
/// # Errors
/// Nothing was made.
pub async fn found(data: &Path, new: &NewFacility, place: Place) -> Result<(), FirstStartFailure> {
    let text = settings_text(&new.site, place)?;
    found_with(data, &new.site, Some(&new.person), &text).await
}

/// The same with settings that are written already.
///
/// # Errors
/// Nothing was made.
pub async fn found_with(
    data: &Path,
    site: &SiteSettings,
    person: Option<&FirstPerson>,
    text: &str,
) -> Result<(), FirstStartFailure> {
    let staging = Staging::begin(data)?;
    if person.is_some() {
        let desk = desk_in(staging.folder(), site)?;
        let made = first_person(&desk, person).await;
        desk.stop().await;
        made?;
    }
    staging.write(SETTINGS, text)?;
    Ok(staging.count()?)
}

/// A desk over a record in a place apart.
pub(crate) fn desk_in(folder: &Path, site: &SiteSettings) -> Result<RunningDesk, FirstStartFailure> {
    let location = StoreLocation::founded_by(folder, &site.name, &site.institution_code)?;
    let settings =
        DeskSettings { site: Site::of(site.kind), rules: RulePack::built_in(), patience: Patience::default() };
    Ok(RunningDesk::start(&location, settings, Clock::wall())?)
}

/// Makes the first account, unless there is one.
pub(super) async fn first_person(desk: &RunningDesk, person: Option<&FirstPerson>) -> Result<(), FirstStartFailure> {
    let Some(person) = person else { return Ok(()) };
    let made = desk.create_first_account(person.account.clone(), person.password.clone()).await;
    made.map_err(|refused| FirstStartFailure::Refused(NotDone { at: "account", why: refused.why }))
}
