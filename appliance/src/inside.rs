//! The box seen from inside, for pages and papers: the look over everything, the ledger, the components, the support bundle.

use crate::config::Config;
use crate::desk::RunningDesk;
use crate::doctor::{Patient, Running, look_over};
use crate::ledger;
use crate::support::{self, Sources};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use web::port::{Bundle, CheckUp, Components, Desk, Inside, LedgerItem, Reading, Unavailable};

/// For so long a look over everything is good: it reads the whole record and the newest backup.
const GOOD_FOR_MS: i64 = 60_000;
/// For so long a bundle is kept to be read.
const KEPT_FOR_MS: i64 = 2 * 3_600_000;

/// The inside of a running box.
pub struct BoxInside {
    desk: RunningDesk,
    config: Config,
    data: PathBuf,
    looked: Mutex<Option<CheckUp>>,
    bundle: Mutex<Option<Arc<Bundle>>>,
}

impl BoxInside {
    /// Of this desk, with everything that hangs on it.
    pub fn new(desk: RunningDesk, config: Config, data: &Path) -> BoxInside {
        BoxInside { desk, config, data: data.to_owned(), looked: Mutex::default(), bundle: Mutex::default() }
    }
}

impl Inside for BoxInside {
    /// One look at a time: who asks meanwhile waits for it.
    fn check_up(&self) -> CheckUp {
        let mut looked = lock(&self.looked);
        let now = self.desk.clock().now();
        if let Some(fresh) = looked.as_ref().filter(|one| (0..GOOD_FOR_MS).contains(&now.since_ms(one.at))) {
            return fresh.clone();
        }
        let patient = Patient {
            config: Ok(&self.config),
            data: &self.data,
            system: PathBuf::from("/"),
            now,
            desk: Some(&self.desk),
            running: Running::Here,
        };
        let check_up = look_over(&patient);
        *looked = Some(check_up.clone());
        check_up
    }

    fn ledger(&self) -> Reading<Vec<LedgerItem>> {
        ledger::of(&self.desk, &self.config.devices)
    }

    fn components(&self) -> Components {
        ledger::components(Path::new("/"))
    }

    fn make_bundle(&self) -> Reading<Arc<Bundle>> {
        let sources = Sources {
            check_up: self.check_up(),
            told: &self.config.told,
            journal: crate::logs::recent(),
            data: &self.data,
            since: self.desk.clock().now(),
        };
        let bundle = Arc::new(support::of_desk(&self.desk, sources, self.ledger()?)?);
        *lock(&self.bundle) = Some(bundle.clone());
        tracing::info!(files = bundle.files.len(), "a support bundle was put together");
        Ok(bundle)
    }

    fn bundle(&self, id: &str) -> Option<Arc<Bundle>> {
        let now = self.desk.now();
        let kept = lock(&self.bundle);
        kept.clone().filter(|bundle| bundle.id == id && now.since_ms(bundle.at) < KEPT_FOR_MS)
    }

    fn packed(&self, bundle: &Bundle, without: &[String]) -> Reading<Vec<u8>> {
        support::packed(bundle, without).map_err(|error| Unavailable(error.into()))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
