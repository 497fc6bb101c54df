//! One more box of a facility: prepared in a place apart, let in there, and taken when it is in.

use super::founding::first_person;
use super::settings::{Place, settings_text};
use super::staging::Staging;
use super::{FirstStartFailure, SETTINGS};
use crate::clock::Clock;
use crate::config::Config;
use crate::desk::{DeskSettings, FeedInput, Input, RunningDesk};
use crate::enrolment::{Enrolment, Screen, place};
use crate::store::{PlaceRow, StoreLocation};
use serde::Deserialize;
use std::io;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::watch;
use toml::Table;
use web::port::{FirstPerson, JoinFacility, NotDone};

/// Says that the place apart is of a box that comes into a facility, and where to.
const BEGUN: &str = "joining.toml";
/// What the conversation keeps once the digits were compared.
const MET: &str = "joining.key";

/// Where a box was going.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Begun {
    pub address: String,
    pub box_name: String,
}

/// A box in its place apart, able to talk to another.
pub(super) struct Joining {
    pub enrolment: Arc<Enrolment>,
    desk: RunningDesk,
}

/// Prepares everything but the conversation with the other box, wholly or not at all. `text`: settings that are written already.
///
/// # Errors
/// Nothing was prepared.
pub async fn prepare_to_join(
    data: &Path,
    join: &JoinFacility,
    text: Option<&str>,
    place: Place,
) -> Result<(), FirstStartFailure> {
    let text = match text {
        Some(text) => text.to_owned(),
        None => settings_text(&join.site, place)?,
    };
    let staging = Staging::begin(data)?;
    let prepared = prepare(&staging, join, &text).await;
    if prepared.is_err() {
        staging.discard()?;
    }
    prepared
}

async fn prepare(staging: &Staging, join: &JoinFacility, text: &str) -> Result<(), FirstStartFailure> {
    staging.write(SETTINGS, text)?;
    let desk = desk_of(staging)?;
    let person = FirstPerson { account: join.person.account.clone(), password: join.person.password.clone() };
    let made = first_person(&desk, Some(&person)).await;
    desk.stop().await;
    made?;
    Ok(write_begun(staging, &Begun { address: join.address.clone(), box_name: join.box_name.clone() })?)
}

fn write_begun(staging: &Staging, begun: &Begun) -> io::Result<()> {
    let mut table = Table::new();
    table.insert("address".to_owned(), begun.address.clone().into());
    table.insert("box_name".to_owned(), begun.box_name.clone().into());
    staging.write(BEGUN, &table.to_string())
}

/// Where a box was going that was prepared, or cut off.
pub(super) fn begun(staging: &Staging) -> Option<Begun> {
    let text = std::fs::read_to_string(staging.folder().join(BEGUN)).ok()?;
    toml::from_str(&text).ok()
}

/// Whether the digits were compared already.
pub(super) fn has_met(staging: &Staging) -> bool {
    staging.has(MET)
}

/// Takes a box that is in already, when the power went before it counted. True when there was one.
pub(super) async fn take_who_is_in(staging: &Staging) -> Result<bool, FirstStartFailure> {
    let Some(begun) = begun(staging) else { return Ok(false) };
    let desk = desk_of(staging)?;
    let vault = desk.vault().clone();
    let welcomer = vault.membership().member(vault.id()).map(|member| member.admitted_by);
    let is_in = welcomer.is_some_and(|welcomer| welcomer != vault.id());
    if let (true, Some(peer), Ok((host, port))) = (is_in, welcomer, place(&begun.address)) {
        let row = PlaceRow { peer, host, port, told: false };
        let kept = desk.inbox().send(|reply| Input::Feed(FeedInput::Place(row, reply))).await;
        if !matches!(kept, Some(Ok(()))) {
            tracing::warn!("where the other box is could not be written down; it has to be found on the network");
        }
    }
    desk.stop().await;
    drop((desk, vault));
    if is_in {
        count(staging)?;
    }
    Ok(is_in)
}

fn count(staging: &Staging) -> io::Result<()> {
    for name in [BEGUN, MET] {
        match std::fs::remove_file(staging.folder().join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    staging.clone().count()
}

impl Joining {
    /// Opens what was prepared.
    pub fn open(staging: &Staging) -> Result<Joining, FirstStartFailure> {
        let desk = desk_of(staging)?;
        let screen = Screen::new(watch::Sender::new(0));
        let enrolment = Arc::new(Enrolment::new(desk.clone(), staging.folder().to_owned(), screen));
        Ok(Joining { enrolment, desk })
    }

    /// Calls the other box; returns when the digits are there to be compared.
    pub async fn call(&self, staging: &Staging, begun: &Begun, code: &str) -> Result<(), FirstStartFailure> {
        place(&begun.address).map_err(|why| FirstStartFailure::Refused(NotDone { at: "address", why }))?;
        write_begun(staging, begun)?;
        let called = self.enrolment.join(&begun.address, code, &begun.box_name).await;
        called.map_err(|mut refused| {
            refused.at = match refused.at {
                "code" => "join_code",
                "name" => "box_name",
                at => at,
            };
            FirstStartFailure::Refused(refused)
        })
    }

    /// Closes the record.
    pub async fn close(self) {
        self.desk.stop().await;
    }

    /// It is in: from here on it counts.
    pub async fn take(self, staging: &Staging) -> io::Result<()> {
        self.close().await;
        count(staging)
    }
}

fn desk_of(staging: &Staging) -> Result<RunningDesk, FirstStartFailure> {
    let path = staging.folder().join(SETTINGS);
    let config = Config::read(&path).map_err(|error| io::Error::other(format!("{error:#}")))?;
    let code = &config.courier.maker.institution_code;
    let location = StoreLocation::founded_by(staging.folder(), &config.site_name, code)?;
    let settings = DeskSettings { site: config.site, rules: config.rules, patience: config.patience };
    Ok(RunningDesk::start(&location, settings, Clock::wall())?)
}
