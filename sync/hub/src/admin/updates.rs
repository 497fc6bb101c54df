//! Updates of the program: what is published, for whom, and how it goes.

use super::pages::show;
use super::sign_in::SignedIn;
use super::{App, Refused};
use crate::store::updates::{
    BundleRow, Stopped, Wish, box_versions, bundles, count, roll_out as change, want as keep, wish_for,
};
use crate::store::{Sql, Stored, facilities};
use askama::Template;
use axum::Json;
use axum::extract::{Form, State};
use axum::response::{Redirect, Response};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sync::facility::{BoxId, FacilityId};
use sync::update::{BundleHash, Outcome, Slot, Version};

/// Longest name of a channel.
const LONGEST_CHANNEL: usize = 32;

#[derive(Template)]
#[template(path = "updates.html")]
struct UpdatesPage {
    all: Updates,
}

/// Everything about updates.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Updates {
    bundles: Vec<BundleView>,
    facilities: Vec<FacilityWish>,
}

/// One bundle and how it goes.
#[derive(Clone, Debug, Serialize)]
struct BundleView {
    hash: String,
    version: String,
    arch: &'static str,
    schema: u16,
    bytes: u64,
    channel: String,
    published_at_ms: i64,
    ring: u8,
    share: u8,
    stop_after: u32,
    stopped: Stopped,
    proven: u64,
    returned: u64,
    failed: u64,
    refused: u64,
}

/// What is wanted for a facility, and what its boxes run.
#[derive(Clone, Debug, Serialize)]
struct FacilityWish {
    id: String,
    wish: Wish,
    pin: String,
    boxes: Vec<BoxWish>,
}

#[derive(Clone, Debug, Serialize)]
struct BoxWish {
    id: String,
    running: String,
    slot: &'static str,
    is_proven: bool,
    asked_at_ms: i64,
    wish: Wish,
    pin: String,
}

#[derive(Deserialize)]
pub struct RollOutForm {
    hash: String,
    ring: u8,
    share: u8,
    stop: Option<String>,
}

#[derive(Deserialize)]
pub struct WishForm {
    facility: String,
    #[serde(default, rename = "box")]
    of_box: String,
    channel: String,
    ring: u8,
    hold: Option<String>,
    #[serde(default)]
    pin: String,
}

pub async fn page(State(app): State<App>, _: SignedIn) -> Result<Response, Refused> {
    Ok(show(&UpdatesPage { all: all(&app).await? }))
}

pub async fn api(State(app): State<App>, _: SignedIn) -> Result<Json<Updates>, Refused> {
    all(&app).await.map(Json)
}

pub async fn roll_out(State(app): State<App>, _: SignedIn, Form(form): Form<RollOutForm>) -> Result<Redirect, Refused> {
    let hash = BundleHash::from_hex(&form.hash).ok_or(Refused::NotFound)?;
    let stopped = if form.stop.is_some() { Stopped::ByHand } else { Stopped::No };
    let share = form.share.min(100);
    let changed = app.read(move |store| store.write(|sql| change(sql, hash, form.ring, share, stopped))).await?;
    if changed { Ok(Redirect::to("/updates")) } else { Err(Refused::NotFound) }
}

pub async fn want(State(app): State<App>, _: SignedIn, Form(form): Form<WishForm>) -> Result<Redirect, Refused> {
    let facility = FacilityId::from_hex(&form.facility).ok_or(Refused::NotFound)?;
    let of_box = match form.of_box.as_str() {
        "" => None,
        id => Some(BoxId::from_hex(id).ok_or(Refused::NotFound)?),
    };
    let pin = match form.pin.trim() {
        "" => None,
        text => Some(Version::parse(text).ok_or(Refused::NotUnderstood)?),
    };
    let channel = form.channel.trim().to_owned();
    if channel.is_empty() || channel.len() > LONGEST_CHANNEL {
        return Err(Refused::NotUnderstood);
    }
    let wish = Wish { channel, ring: form.ring, hold: form.hold.is_some(), pin };
    let known = app.registry.facility(facility).is_some();
    if !known {
        return Err(Refused::NotFound);
    }
    app.read(move |store| store.write(|sql| keep(sql, facility, of_box, &wish))).await?;
    Ok(Redirect::to("/updates"))
}

async fn all(app: &App) -> Result<Updates, Refused> {
    app.read(|store| store.read_still(look)).await
}

fn look(sql: &mut dyn Sql) -> Stored<Updates> {
    let mut all = Updates::default();
    for row in bundles(sql)? {
        all.bundles.push(view(sql, row)?);
    }
    let mut of_facility: BTreeMap<FacilityId, Vec<BoxWish>> = BTreeMap::new();
    for said in box_versions(sql)? {
        let wish = wish_for(sql, said.facility, Some(said.id))?;
        of_facility.entry(said.facility).or_default().push(BoxWish {
            id: said.id.to_string(),
            running: said.running.to_string(),
            slot: match said.slot {
                Some(Slot::A) => "A",
                Some(Slot::B) => "B",
                None => "–",
            },
            is_proven: said.is_proven,
            asked_at_ms: said.asked_at.as_ms(),
            pin: pin(&wish),
            wish,
        });
    }
    for row in facilities::all(sql)? {
        let wish = wish_for(sql, row.id, None)?;
        let boxes = of_facility.remove(&row.id).unwrap_or_default();
        all.facilities.push(FacilityWish { id: row.id.to_string(), pin: pin(&wish), wish, boxes });
    }
    Ok(all)
}

fn pin(wish: &Wish) -> String {
    wish.pin.map_or_else(String::new, |pin| pin.to_string())
}

fn view(sql: &mut dyn Sql, row: BundleRow) -> Stored<BundleView> {
    let mut of = |outcome| count(sql, row.version, outcome);
    Ok(BundleView {
        proven: of(Outcome::Proven)?,
        returned: of(Outcome::Returned)?,
        failed: of(Outcome::Failed)?,
        refused: of(Outcome::Refused)?,
        hash: row.hash.to_string(),
        version: row.version.to_string(),
        arch: row.arch.code(),
        schema: row.schema,
        bytes: row.bytes,
        channel: row.channel,
        published_at_ms: row.published_at.as_ms(),
        ring: row.ring,
        share: row.share,
        stop_after: row.stop_after,
        stopped: row.stopped,
    })
}

impl BundleView {
    fn state(&self) -> &'static str {
        match self.stopped {
            Stopped::No => "配布中 / goes on",
            Stopped::ByHand => "停止 / stopped",
            Stopped::ByReturns => {
                "自動停止：前の版に戻った受付機があります / stopped by itself: boxes returned from it"
            }
        }
    }
}
