//! How boxes and hubs become one facility before a test begins: on their data folders, while nothing runs.

use domain::case::{Site, SiteKind};
use domain::rule::RulePack;
use std::path::Path;
use sync::facility::Introduction;
use sync::outbox::Patience;
use uketsuke::clock::Clock;
use uketsuke::desk::{DeskSettings, FeedInput, Input, RunningDesk};
use uketsuke::store::StoreLocation;
use uketsuke::vault::Vault;
use uketsuke_hub::store::facilities::{self, Quota};
use uketsuke_hub::store::{Store, StoreFailure};

/// The desk over a data folder, with nothing around it.
pub fn desk(folder: &Path) -> RunningDesk {
    desk_by(folder, &Clock::wall())
}

/// The same by a clock of one's own.
pub fn desk_by(folder: &Path, clock: &Clock) -> RunningDesk {
    let location = StoreLocation::in_folder(folder).unwrap();
    let settings =
        DeskSettings { site: Site::of(SiteKind::Clinic), rules: RulePack::built_in(), patience: Patience::default() };
    RunningDesk::start(&location, settings, clock.clone()).unwrap()
}

/// Lets a box into the facility of the first one. Both are stopped.
pub async fn let_in(first: &RunningDesk, folder: &Path, name: &str) {
    let newcomer = StoreLocation::in_folder(folder).unwrap().vault().identity().introduction();
    admit(first, &newcomer, name).await;
    let vault = first.vault();
    Vault::enter(folder, vault.facility(), &vault.statements(), vault.all_keys()).unwrap();
}

/// Lets a hub in, and tells its store so. Its processes may run or not.
pub async fn let_hub_in(first: &RunningDesk, store: impl Fn() -> Result<Store, StoreFailure> + Send + 'static) {
    let now = first.clock().now();
    let introduced = tokio::task::spawn_blocking(move || {
        let store = store().unwrap();
        let introduction = store.write(facilities::identity).unwrap().introduction();
        (store, introduction)
    });
    let (store, introduction) = introduced.await.unwrap();
    admit(first, &introduction, "中継").await;
    let (facility, statements) = (first.vault().facility(), first.vault().statements());
    let enrolled = tokio::task::spawn_blocking(move || {
        store.write(|sql| facilities::enrol(sql, facility, &statements, Quota::default(), now)).unwrap();
    });
    enrolled.await.unwrap();
}

async fn admit(first: &RunningDesk, newcomer: &Introduction, name: &str) {
    let admission = first.vault().admit(newcomer, name, first.clock().now()).unwrap();
    let kept = first.inbox().send(|reply| Input::Feed(FeedInput::State(Box::new(admission), reply))).await;
    kept.unwrap().unwrap();
}
