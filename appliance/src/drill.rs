//! Drills: an invented clinic beside the real one, for practising the day something fails.
//!
//! ```text
//!   this box ──password, then silence──▶ a program of its own: record, people, terminal, port ──▶ browsers
//!            ──end of input────────────▶ gone, and its folder with it
//! ```
//!
//! A program of its own, because that is what cannot mix anything up: it is told neither where the record of this box lies nor which
//! terminal, readers or keys it has; its environment is empty; it is served on a port of its own, so that addresses, forms and
//! cookies are apart; and it ends with this box, however that ends.

mod program;

use crate::desk::RunningDesk;
use crate::staff;
use domain::Timestamp;
use domain::fact::Author;
use domain::text::Text;
use program::{NotBegun, Program};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use web::port::{Account, Drill, DrillView, Pending};

/// Name to sign in with.
pub const ACCOUNT: &str = "drill";
/// Groups of five letters in the password of a drill: invented people, a few hours.
const GROUPS_OF_PASSWORD: usize = 2;
/// A drill nobody ended ends itself after so long.
const LONGEST_MS: i64 = 4 * 3_600_000;
/// Between two looks whether it should end, or has.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Where the pages of a drill are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrillPlace {
    /// on which port
    pub listen: SocketAddr,
    /// without TLS, as the pages of the box
    pub plain_http: bool,
}

/// The drills of this box, one at a time.
#[derive(Clone)]
pub struct BoxDrills(Arc<Shared>);

struct Shared {
    desk: RunningDesk,
    place: DrillPlace,
    /// everything of the drill that is under way; not there between drills
    folder: PathBuf,
    certificate: PathBuf,
    /// one beginning or ending at a time
    turn: tokio::sync::Mutex<()>,
    running: Mutex<Option<Running>>,
}

struct Running {
    program: Program,
    view: DrillView,
}

impl BoxDrills {
    /// No drill is under way. What one left behind whose box lost its power is deleted.
    pub fn new(desk: RunningDesk, place: DrillPlace, data: &Path) -> BoxDrills {
        let folder = data.join("drill");
        program::delete(&folder);
        BoxDrills(Arc::new(Shared {
            desk,
            place,
            folder,
            certificate: data.to_owned(),
            turn: tokio::sync::Mutex::default(),
            running: Mutex::default(),
        }))
    }

    /// Ends what is under way: the box stops.
    pub async fn close(&self) {
        if let Err(why) = self.finish(&the_box()).await {
            tracing::warn!("{}", why.en);
        }
    }

    async fn start(&self, by: &Account) -> Result<(), Text> {
        let _turn = self.0.turn.lock().await;
        if self.view().is_some() {
            return Ok(());
        }
        let password = staff::readable_secret(GROUPS_OF_PASSWORD).map_err(|refused| refused.why)?;
        self.note(by, "drill-begun").await?;
        let (place, folder, certificate) = (self.0.place, self.0.folder.clone(), self.0.certificate.clone());
        let secret = password.clone();
        let begun = tokio::task::spawn_blocking(move || Program::begin(place, &folder, &certificate, &secret)).await;
        match begun.unwrap_or(Err(NotBegun::Ended)) {
            Ok(program) => {
                let view = self.new_view(by, password);
                *self.running() = Some(Running { program, view: view.clone() });
                tokio::spawn(self.clone().watch_over(view));
                Ok(())
            }
            Err(why) => {
                tracing::warn!(error = &why as &dyn std::error::Error, "a drill could not begin");
                self.note(&the_box(), "drill-ended").await?;
                Err(why.words(self.0.place))
            }
        }
    }

    fn new_view(&self, by: &Account, password: String) -> DrillView {
        let since = self.0.desk.clock().now();
        DrillView {
            since,
            by: by.name.clone(),
            ends_at: since.plus_ms(LONGEST_MS),
            port: self.0.place.listen.port(),
            is_encrypted: !self.0.place.plain_http,
            account: ACCOUNT.to_owned(),
            password,
        }
    }

    /// Ends the drill in time, and tidies up after one that ended by itself.
    async fn watch_over(self, mine: DrillView) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let now: Timestamp = self.0.desk.clock().now();
            let goes_on = match self.running().as_mut() {
                Some(running) if running.view == mine => !running.program.has_ended() && now < mine.ends_at,
                _ => return,
            };
            if !goes_on {
                if let Err(why) = self.finish(&the_box()).await {
                    tracing::warn!("{}", why.en);
                }
                return;
            }
        }
    }

    async fn finish(&self, by: &Account) -> Result<(), Text> {
        let _turn = self.0.turn.lock().await;
        let Some(running) = self.running().take() else { return Ok(()) };
        let ended = tokio::task::spawn_blocking(move || running.program.end()).await;
        if ended.is_err() {
            tracing::error!("the end of a drill could not be waited for");
        }
        self.note(by, "drill-ended").await
    }

    async fn note(&self, by: &Account, what: &'static str) -> Result<(), Text> {
        if self.0.desk.note_drill(by, what).await {
            return Ok(());
        }
        Err(Text::new(
            "訓練の開始・終了を記録できませんでした。本物の受付は続けられます。もう一度お試しください。",
            "The beginning or end of the drill could not be written down. Reception goes on; try again.",
        ))
    }

    fn view(&self) -> Option<DrillView> {
        let mut running = self.running();
        let running = running.as_mut()?;
        (!running.program.has_ended()).then(|| running.view.clone())
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drill for BoxDrills {
    fn state(&self) -> Option<DrillView> {
        self.view()
    }

    fn begin(&self, by: &Account) -> Pending<'_, Result<(), Text>> {
        let by = by.clone();
        Box::pin(async move { self.start(&by).await })
    }

    fn end(&self, by: &Account) -> Pending<'_, Result<(), Text>> {
        let by = by.clone();
        Box::pin(async move { self.finish(&by).await })
    }
}

/// Who ends a drill that nobody ends.
fn the_box() -> Account {
    Account::new(Author::new("box"), "")
}
