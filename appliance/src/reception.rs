//! The composition root: where desk, courier, lookout and pages are put together, and nowhere else.

use crate::backup::BackupKeeper;
use crate::boxes::Boxes;
use crate::clock::Clock;
use crate::clock_journal::ClockJournal;
use crate::config::Config;
use crate::courier::Courier;
use crate::desk::{DeskSettings, RunningDesk};
use crate::devices::{BoxDevices, Hardware, RebootWay};
use crate::door;
use crate::drill::{BoxDrills, DrillPlace};
use crate::exchange::SyncSettings;
use crate::health;
use crate::inside::BoxInside;
use crate::lookout::Lookout;
use crate::metrics::{self, Watched};
use crate::prints::pack::{self, PackState};
use crate::prints::{BoxPrints, PackPlace, Typesetter};
use crate::recognition::Recognition;
use crate::schedule::{LogindReboot, RebootPort};
use crate::serve::{self, ServerCertificate};
use crate::service_manager::ServiceManager;
use crate::stop::Stop;
use crate::store::StoreLocation;
use crate::update::{Agent, BoxAround, RaucInstaller, RunningVersion, control, snapshot};
use anyhow::Context;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use sync::facility::identity::IdentityError;
use tokio::net::TcpListener;
use tokio::sync::watch;
use web::{Closing, WebSettings};

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// somebody stopped it
    Stopped,
    /// this box was let into another facility: the program has to start anew
    StartAnew,
}

/// A reception, put together but not yet serving.
pub struct Reception {
    /// the desk
    pub desk: RunningDesk,
    /// the lookout
    pub lookout: Arc<Lookout>,
    config: Config,
    around_updates: Option<Arc<BoxAround>>,
}

impl Reception {
    /// Opens the store and starts desk, the journal of its clock, devices, courier and line probe.
    pub fn start(config: Config, data: &Path, clock: Clock) -> anyhow::Result<Reception> {
        let hardware = Hardware::real(&config.devices, data);
        Reception::start_with(config, data, clock, hardware)
    }

    /// The same with other ways out of the program: simulated readers, a reboot that is only written down.
    pub fn start_with(config: Config, data: &Path, clock: Clock, hardware: Hardware) -> anyhow::Result<Reception> {
        for warning in &config.warnings {
            tracing::warn!("{warning}");
        }
        let location = StoreLocation::founded_by(data, &config.site_name, &config.courier.maker.institution_code);
        let location = location.context("the data folder cannot be used")?;
        snapshot::before_first_start(&location, &RunningVersion::of_this_machine());
        let settings =
            DeskSettings { site: config.site.clone(), rules: config.rules.clone(), patience: config.patience };
        let recognition = Recognition::new(location.folder(), config.devices.recognises_cards());
        let desk = RunningDesk::start_recognising(&location, settings, clock, recognition);
        let mut desk = desk.context("the record cannot be opened")?;
        let clock_journal = ClockJournal::of(&desk).context("what the clock did cannot be read")?;
        tokio::spawn(clock_journal.run(desk.clone()));
        tokio::spawn(crate::night::run(desk.clone()));
        let lookout = Arc::new(Lookout::new(desk.clone(), config.lookout));
        let has_terminal = config.terminal.is_some();
        let reboot = update_reboot(&config, &hardware);
        let devices = BoxDevices::start(config.devices.clone(), hardware, &desk, lookout.clone(), has_terminal)?;
        let face_ear = devices.as_ref().and_then(BoxDevices::face_ear);
        if let Some(devices) = devices {
            desk = desk.with_devices(Arc::new(devices));
        }
        if let Some(terminal) = &config.terminal {
            let door = door::open(terminal, config.courier.maker.mark.clone())?;
            let courier = Courier::new(desk.clone(), door, lookout.clone(), config.courier.clone());
            tokio::spawn(courier.telling(face_ear).run());
        }
        if let Some(address) = config.line_probe {
            let lookout = lookout.clone();
            tokio::spawn(async move { lookout.probe_line(address).await });
        }
        if let Some(settings) = config.backup.clone() {
            let keeper = BackupKeeper::new(location, settings, desk.clock().clone());
            tokio::spawn(keeper.clone().run());
            desk = desk.with_backups(Arc::new(keeper));
        }
        let around_updates = start_updates(&config, data, &mut desk, reboot);
        Ok(Reception { desk, lookout, config, around_updates })
    }

    /// What sets papers, where its program is installed, and what it keeps ready. Reception does not depend on it.
    fn start_prints(&mut self, data: &Path, web: &WebSettings) {
        let in_data = data.join("downtime-pack");
        let folder = match &self.config.prints.pack {
            PackPlace::InData => Some(in_data.clone()),
            PackPlace::In(folder) => Some(folder.clone()),
            PackPlace::Nowhere => None,
        };
        if folder.as_ref() != Some(&in_data) {
            pack::clear(&in_data);
        }
        let Some(typesetter) = Typesetter::find(self.config.prints.program.as_deref()) else {
            tracing::info!("no program for papers (uketsuke-print) is installed; pages can be printed by the browser");
            pack::clear(&in_data);
            return;
        };
        let state = folder.map(PackState::in_folder);
        let prints = Arc::new(BoxPrints::new(typesetter, &self.desk, state.clone()));
        if let Some(state) = state {
            tokio::spawn(pack::keep(self.desk.clone(), web.clone(), prints.clone(), state));
        }
        self.desk = self.desk.clone().with_prints(prints);
    }

    /// Serves pages and API until the process is told to stop. What is under way is finished; nothing needs to be saved:
    /// everything acknowledged is durable already.
    pub async fn serve(mut self, data: &Path, web: WebSettings, ready: impl FnOnce(&str)) -> anyhow::Result<Ended> {
        let listener = TcpListener::bind(self.config.listen)
            .await
            .with_context(|| format!("{} cannot be listened on; is the port in use?", self.config.listen))?;
        let address = listener.local_addr()?;
        let (tls, scheme) = if self.config.plain_http {
            (None, "http")
        } else {
            (Some(ServerCertificate::in_folder(data)?.acceptor()?), "https")
        };
        self.start_prints(data, &web);
        let (closer, closing) = Closing::new();
        let mut stop = Stop::listen()?;
        let boxes = self.boxes(data).await;
        let mut entered = boxes.entered();
        let drills = self.drills(data);
        if let Some(around) = &self.around_updates {
            around.join(boxes.port());
        }
        let desk = self.desk.clone().with_facility(boxes.port());
        let desk = match &drills {
            Some(drills) => desk.with_drill(Arc::new(drills.clone())),
            None => desk,
        };
        let inside = BoxInside::new(desk.clone(), self.config.clone(), data);
        let desk = desk.with_inside(Arc::new(inside));
        let figures = Watched { desk: desk.clone(), data: data.to_owned(), since: desk.clock().now() };
        let pages = web::router(Arc::new(desk), WebSettings { closing: closing.clone(), ..web });
        let app = pages.merge(health::router(self.desk.clone())).merge(metrics::router(figures));
        ready(&format!("{scheme}://{address}"));
        let manager = ServiceManager::of_this_process();
        manager.ready();
        let close = async {
            let ended = tokio::select! {
                () = stop.ordered() => Ended::Stopped,
                () = is_in(&mut entered) => Ended::StartAnew,
                () = manager.tell_signs_of_life(&self.desk) => Ended::Stopped,
            };
            manager.stopping();
            closer.close();
            ended
        };
        let ((), ended) = tokio::join!(serve::serve(listener, app, tls, closing), close);
        if let Some(drills) = drills {
            drills.close().await;
        }
        boxes.close().await;
        self.desk.stop().await;
        Ok(ended)
    }

    /// Drills beside this box. Reception does not depend on them.
    fn drills(&self, data: &Path) -> Option<BoxDrills> {
        let listen = self.config.drill?;
        Some(BoxDrills::new(self.desk.clone(), DrillPlace { listen, plain_http: self.config.plain_http }, data))
    }

    /// The other boxes and the hub. Reception does not depend on them.
    async fn boxes(&self, data: &Path) -> Boxes {
        if self.desk.vault().is_moved() {
            let why = IdentityError::OtherMachine.staff();
            tracing::error!("{} / {}", why.ja, why.en);
        }
        let when_needed = SyncSettings::beside(self.config.listen);
        let mut boxes = Boxes::start(self.config.sync.clone(), when_needed, &self.desk, data).await;
        if let Err(error) = boxes.listen_in(data) {
            tracing::warn!(%error, "the command line cannot ask how exchange stands");
        }
        boxes
    }
}

/// How the box is started into an update: as the site says, and by the system where it says nothing, since there is an installer.
fn update_reboot(config: &Config, hardware: &Hardware) -> Arc<dyn RebootPort> {
    let is_set = config.devices.reboot != RebootWay::Never || hardware.reboots_without_settings;
    if is_set { hardware.reboot.clone() } else { Arc::new(LogindReboot::of_the_system()) }
}

/// Updates of the program, where the box does that by itself. Reception does not depend on them.
fn start_updates(
    config: &Config,
    data: &Path,
    desk: &mut RunningDesk,
    reboot: Arc<dyn RebootPort>,
) -> Option<Arc<BoxAround>> {
    let settings = config.update.clone()?;
    let around = Arc::new(BoxAround::new(desk.clone(), &config.devices));
    let installer = Arc::new(RaucInstaller::new(settings.program.clone(), settings.conf.clone()));
    let opened = Agent::open(settings, data, desk.clock().clone(), around.clone(), installer, reboot);
    let agent = match opened {
        Ok(agent) => agent,
        Err(error) => {
            tracing::error!(%error, "updates cannot be looked after: their folder cannot be used");
            return None;
        }
    };
    if let Err(error) = control::listen(agent.clone(), data) {
        tracing::warn!(%error, "the command line cannot ask how updates stand");
    }
    tokio::spawn(agent.clone().run());
    *desk = desk.clone().with_updates(agent);
    Some(around)
}

/// The page that said so gets a moment to be read; nothing waits for it.
const READ_IT: Duration = Duration::from_millis(1_500);

async fn is_in(entered: &mut watch::Receiver<bool>) {
    if entered.wait_for(|entered| *entered).await.is_err() {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(READ_IT).await;
    tracing::info!("starting anew as a member of the facility");
}
