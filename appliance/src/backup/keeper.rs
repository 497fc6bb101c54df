//! Makes backups by the plan, and says how they stand.

use super::create::create;
use super::recovery_key::PublicHalf;
use super::{BackupFailure, Generation, Generations, KeyChecked, RecoveryKey};
use crate::clock::Clock;
use crate::schedule::{CronLine, SiteZone};
use crate::store::StoreLocation;
use domain::Timestamp;
use domain::text::Text;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use web::port::{BackupKept, Backups, BackupsView, KeyOnPaper, Pending};

/// How often the clock is looked at.
const LOOK: Duration = Duration::from_secs(30);
/// So long after a failure it is tried again.
const AGAIN_AFTER_MS: i64 = 10 * 60_000;

/// Where and when backups are made.
#[derive(Clone, Debug)]
pub struct BackupSettings {
    /// the folder; it is never made
    pub folder: PathBuf,
    /// when, as a crontab line; `None` = only when somebody asks
    pub at: Option<CronLine>,
    /// generations
    pub keep: u32,
    /// the zone of the line
    pub zone: SiteZone,
}

impl BackupSettings {
    /// For practising: in a folder below the data.
    pub fn beside(data: &Path) -> BackupSettings {
        let at = CronLine::parse("0 1 * * *").ok();
        BackupSettings { folder: data.join("backups"), at, keep: 14, zone: SiteZone::japan() }
    }

    /// The folder with its generations.
    pub fn generations(&self) -> Generations {
        Generations::in_folder(&self.folder, self.keep)
    }

    fn plan(&self, now: Timestamp) -> Text {
        let Some(line) = &self.at else {
            return Text::new("自動では作りません。手動で作ってください。", "Only when somebody asks for one.");
        };
        let Some(next) = line.next_after(now, &self.zone) else {
            return Text::new("予定がありません。", "No further run is planned.");
        };
        let following = line.next_after(next, &self.zone);
        let (hour, minute) = self.zone.hour_and_minute(next);
        let is_daily = following
            .is_some_and(|following| self.zone.date(next).plus_days(1) == self.zone.date(following))
            && following.is_some_and(|following| self.zone.hour_and_minute(following) == (hour, minute));
        if is_daily {
            return Text::new(format!("毎日 {hour}時{minute:02}分"), format!("Every day at {hour}:{minute:02}"));
        }
        let moment = |at: Timestamp| {
            let ((hour, minute), date) = (self.zone.hour_and_minute(at), self.zone.date(at));
            format!("{date} {hour}:{minute:02}")
        };
        let next_two: Vec<String> = [Some(next), following].into_iter().flatten().map(moment).collect();
        Text::new(
            format!("決まった日時（次は {}）", next_two.join("、その次は ")),
            format!("At planned times (next: {})", next_two.join(", then ")),
        )
    }
}

/// The backups of a running box.
#[derive(Clone)]
pub struct BackupKeeper(Arc<Inner>);

struct Inner {
    location: StoreLocation,
    settings: BackupSettings,
    clock: Clock,
    since: Timestamp,
    state: Mutex<State>,
    making: Mutex<()>,
}

#[derive(Default)]
struct State {
    made_at: Option<Timestamp>,
    failure: Option<(Timestamp, Text)>,
}

impl BackupKeeper {
    /// For a box that is about to work.
    pub fn new(location: StoreLocation, settings: BackupSettings, clock: Clock) -> BackupKeeper {
        let since = clock.now();
        BackupKeeper(Arc::new(Inner {
            location,
            settings,
            clock,
            since,
            state: Mutex::default(),
            making: Mutex::default(),
        }))
    }

    /// Makes backups by the plan until the process ends; one that was missed is caught up.
    pub async fn run(self) {
        let mut ticks = tokio::time::interval(LOOK);
        loop {
            ticks.tick().await;
            let keeper = self.clone();
            let made = tokio::task::spawn_blocking(move || keeper.0.make_when_due()).await;
            if made.is_err() {
                tracing::error!("making a backup ended in a panic");
            }
        }
    }

    /// Makes one when the plan says so. True when one was made.
    pub fn make_when_due(&self) -> bool {
        self.0.make_when_due()
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Due is what the plan wanted since the newest backup that is there, or since the box was started where there is none.
    fn is_due(&self, now: Timestamp) -> bool {
        let Some(wanted) = self.settings.at.as_ref().and_then(|line| line.latest(now, &self.settings.zone)) else {
            return false;
        };
        let (made_at, failed_at) = {
            let state = self.state();
            (state.made_at, state.failure.as_ref().map(|(at, _)| *at))
        };
        if failed_at.is_some_and(|at| (0..AGAIN_AFTER_MS).contains(&now.since_ms(at))) {
            return false;
        }
        let newest = made_at.or_else(|| self.settings.generations().all().ok()?.first().map(|one| one.header.made_at));
        newest.unwrap_or(self.since).min(now) < wanted
    }

    fn make_when_due(&self) -> bool {
        let now = self.clock.now();
        let has_key = matches!(PublicHalf::read(self.location.folder()), Ok(Some(_)));
        if !has_key || !self.is_due(now) {
            return false;
        }
        self.make(now).is_ok()
    }

    /// One at a time.
    fn make(&self, now: Timestamp) -> Result<Generation, BackupFailure> {
        let _alone = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let made = create(&self.location, &self.settings.generations(), now);
        let mut state = self.state();
        match &made {
            Ok(_) => (state.made_at, state.failure) = (Some(now), None),
            Err(failure) => {
                tracing::error!(error = failure as &dyn std::error::Error, "no backup was made");
                state.failure = Some((now, failure.text()));
            }
        }
        made
    }

    fn make_key(&self) -> Result<String, BackupFailure> {
        if PublicHalf::read(self.location.folder())?.is_some() {
            return Err(BackupFailure::HasKey);
        }
        let key = RecoveryKey::make()?;
        key.public_half().write(self.location.folder())?;
        Ok(key.to_text())
    }

    /// Only the key that backups are made for now is the right one.
    fn check_key(&self, typed: &str) -> Result<KeyOnPaper, Text> {
        let folder = self.location.folder();
        let key = RecoveryKey::parse(typed).map_err(|failure| failure.text())?;
        let present = PublicHalf::read(folder).map_err(|failure| failure.text())?;
        let (name, wanted) = (key.public_half().name().to_string(), present.map(|key| key.name().to_string()));
        if present != Some(key.public_half()) {
            let wanted = wanted.unwrap_or_else(|| "-".to_owned());
            return Err(Text::new(
                format!(
                    "これは鍵 {name} です。今のバックアップを開けるのは {wanted} です。その番号の紙を探してください。"
                ),
                format!("This is key {name}; backups of now open with {wanted}. Look for the paper with that number."),
            ));
        }
        KeyChecked::write(folder, &key, self.clock.now()).map_err(|failure| failure.text())?;
        Ok(KeyOnPaper { groups: key.to_text().split('-').map(str::to_owned).collect(), name })
    }
}

fn shown(generation: &Generation) -> BackupKept {
    BackupKept {
        name: generation.path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned(),
        made_at: generation.header.made_at,
        bytes: generation.bytes,
        key_name: generation.header.key.to_string(),
    }
}

impl Backups for BackupKeeper {
    fn view(&self) -> BackupsView {
        let inner = &self.0;
        let now = inner.clock.now();
        let key = PublicHalf::read(inner.location.folder()).ok().flatten();
        let all = inner.settings.generations().all();
        let missing = all.as_ref().err().map(|failure| (now, failure.text()));
        let settings = &inner.settings;
        BackupsView {
            folder: settings.folder.display().to_string(),
            plan: settings.plan(now),
            next_at: settings.at.as_ref().and_then(|line| line.next_after(now, &settings.zone)),
            keep: settings.keep,
            key_checked_at: key
                .and_then(|key| {
                    KeyChecked::read(inner.location.folder()).filter(|one| one.key == key.name().to_string())
                })
                .map(|checked| checked.at()),
            key_name: key.map(|key| key.name().to_string()),
            kept: all.unwrap_or_default().iter().map(shown).collect(),
            failure: inner.state().failure.clone().or(missing),
        }
    }

    fn back_up_now(&self) -> Pending<'_, Result<BackupKept, Text>> {
        let inner = self.0.clone();
        Box::pin(async move {
            let made = tokio::task::spawn_blocking(move || inner.make(inner.clock.now())).await;
            let made = made.unwrap_or_else(|_| Err(std::io::Error::other("making it ended in a panic").into()));
            made.map(|generation| shown(&generation)).map_err(|failure| failure.text())
        })
    }

    fn make_key(&self) -> Pending<'_, Result<String, Text>> {
        let inner = self.0.clone();
        Box::pin(async move {
            let made = tokio::task::spawn_blocking(move || inner.make_key()).await;
            let made = made.unwrap_or_else(|_| Err(std::io::Error::other("making it ended in a panic").into()));
            made.map_err(|failure| failure.text())
        })
    }
    fn check_key(&self, typed: String) -> Pending<'_, Result<KeyOnPaper, Text>> {
        let inner = self.0.clone();
        Box::pin(async move {
            let checked = tokio::task::spawn_blocking(move || inner.check_key(&typed)).await;
            checked.unwrap_or_else(|_| {
                Err(Text::new(
                    "確かめられませんでした。もう一度入力してください。",
                    "It could not be checked. Type it again.",
                ))
            })
        })
    }
}
