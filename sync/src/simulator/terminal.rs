//! Starting and stopping the simulated terminal.

use super::answers::AnswerShape;
use super::card::{CardMethod, CardReading, CardRefusal};
use super::clock::SimClock;
use super::device::{Device, Setup, Statistics};
use super::encoding::SimEncoding;
use super::faults::Faults;
use super::folder::SimFolders;
use super::https::{self, SimHttps};
use super::population::Population;
use super::service::Service;
use super::{control, line, serve};
use domain::Date;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use tokio_rustls::TlsAcceptor;

/// How to set the simulated terminal up. [`SimConfig::new`] fills in what a demonstration wants.
#[derive(Clone, Debug)]
pub struct SimConfig {
    /// The folders to serve; missing ones are made. `None`: no folder door.
    pub folders: Option<SimFolders>,
    /// The HTTPS door, if any.
    pub https: Option<SimHttps>,
    /// Port that accepts connections while the line is up and refuses while it is cut.
    pub line_listen: Option<SocketAddr>,
    /// Control door; loopback addresses only.
    pub control_listen: Option<SocketAddr>,
    /// Seed of people, scrambles and chances.
    pub seed: u64,
    /// How many people; at least [`Population::MIN`].
    pub population_size: usize,
    /// The day around which ages and papers are arranged.
    pub reference_date: Date,
    /// The institution's code, 10 digits; requests with another are rejected.
    pub institution_code: String,
    /// Character code of results and face files in the folders.
    pub encoding: SimEncoding,
    /// Pause between two looks into `req`, milliseconds, 1–10,000. Requests over HTTPS and knobs are noticed at once.
    pub poll_interval_ms: u32,
    /// Ordinary time to an answer, milliseconds.
    pub answer_after_ms: u32,
    /// How many downloads of a bulk run are answered "in progress" before it is done.
    pub bulk_busy_polls: u32,
    /// How long a bulk run is in progress at least, milliseconds.
    pub bulk_processing_ms: u32,
    /// Results left lying so long are cleaned up; `None`: never. Milliseconds.
    pub result_stay_ms: Option<i64>,
    /// Results appear complete (temporary name, then rename). False: written directly under their name.
    pub atomic_writes: bool,
    /// Largest request taken, bytes.
    pub max_request_bytes: u64,
    /// Shapes the public sources leave open.
    pub shape: AnswerShape,
    /// Where now and today come from.
    pub clock: SimClock,
}

impl SimConfig {
    /// A terminal without doors, for this institution: 400 people around today, UTF-8, prompt answers.
    pub fn new(institution_code: &str, clock: SimClock) -> SimConfig {
        SimConfig {
            folders: None,
            https: None,
            line_listen: None,
            control_listen: None,
            seed: 1,
            population_size: Population::DEFAULT,
            reference_date: clock.today(),
            institution_code: institution_code.to_owned(),
            encoding: SimEncoding::Utf8,
            poll_interval_ms: 100,
            answer_after_ms: 0,
            bulk_busy_polls: 1,
            bulk_processing_ms: 0,
            result_stay_ms: Some(24 * 3_600_000),
            atomic_writes: true,
            max_request_bytes: 4 * 1024 * 1024,
            shape: AnswerShape::default(),
            clock,
        }
    }

    /// The same with the folders `req`, `res` and `face`.
    pub fn with_folders(mut self, folders: SimFolders) -> SimConfig {
        self.folders = Some(folders);
        self
    }
}

/// Why the simulated terminal did not start. Nothing is running afterwards.
#[derive(Debug, Error)]
pub enum StartFailure {
    /// The institution code does not have ten digits.
    #[error("institution code: ten digits expected. 医療機関コードは10桁の数字です。")]
    InstitutionCode,
    /// The poll interval is out of range.
    #[error("poll interval: 1 to 10,000 ms expected. 監視間隔は1～10,000ミリ秒です。")]
    PollInterval,
    /// A folder could not be made or read.
    #[error("the {name} folder cannot be used; check its path and rights. フォルダーを使えません。")]
    Folder {
        /// `req`, `res` or `face`.
        name: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// An address could not be listened on.
    #[error("{door} cannot listen on {address}; is the port in use? 待ち受けできません。")]
    Listen {
        /// Which door.
        door: &'static str,
        /// Where it should listen.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The control door would be open to the network.
    #[error("the control door listens on loopback only, not on {0}. 操作用の窓口はループバックだけです。")]
    ControlNotLoopback(SocketAddr),
    /// Certificates or keys of the HTTPS door are not usable.
    #[error("HTTPS door: {0}. 証明書または鍵を確認してください。")]
    Tls(String),
}

/// A running simulated terminal. Dropping it stops it as well, without waiting.
pub struct SimTerminal {
    device: Arc<Device>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    https_addr: Option<SocketAddr>,
    line_addr: Option<SocketAddr>,
    control_addr: Option<SocketAddr>,
}

impl SimTerminal {
    /// Makes the population, opens the doors and starts looking around. Needs a tokio runtime with time and I/O.
    pub async fn start(config: SimConfig) -> Result<SimTerminal, StartFailure> {
        check(&config)?;
        let population = {
            let (seed, size, reference) = (config.seed, config.population_size, config.reference_date);
            Arc::new(Population::generate(seed, size, reference))
        };
        SimTerminal::start_with(config, population).await
    }

    /// The same with a population made before, for instance shared by several terminals.
    pub async fn start_with(config: SimConfig, population: Arc<Population>) -> Result<SimTerminal, StartFailure> {
        check(&config)?;
        let faults = Faults::new(config.seed);
        let device = Device::new(setup(&config), Service::new(population), faults, config.clock.clone());
        let mut terminal = SimTerminal {
            device: Arc::new(device),
            stop: watch::Sender::new(false),
            tasks: Vec::new(),
            https_addr: None,
            line_addr: None,
            control_addr: None,
        };
        terminal.open_doors(&config).await?;
        let every = Duration::from_millis(u64::from(config.poll_interval_ms));
        let looking = look_around(terminal.device.clone(), every, terminal.stop.subscribe());
        terminal.tasks.push(tokio::spawn(looking));
        Ok(terminal)
    }

    async fn open_doors(&mut self, config: &SimConfig) -> Result<(), StartFailure> {
        if let Some(https) = &config.https {
            let acceptor = TlsAcceptor::from(https::tls(https).map_err(StartFailure::Tls)?);
            let (listener, address) = listen("HTTPS door", https.listen).await?;
            let app = https::router(self.device.clone(), https);
            let serving = serve::tls(listener, acceptor, app, self.device.clone(), self.stop.subscribe());
            self.tasks.push(tokio::spawn(serving));
            self.https_addr = Some(address);
        }
        if let Some(address) = config.line_listen {
            let failed = |source| StartFailure::Listen { door: "line port", address, source };
            let faults = self.device.faults.clone();
            let (address, task) = line::start(address, faults, self.stop.subscribe()).await.map_err(failed)?;
            self.tasks.push(task);
            self.line_addr = Some(address);
        }
        if let Some(address) = config.control_listen {
            let (listener, address) = listen("control door", address).await?;
            let app = control::router(self.device.clone());
            self.tasks.push(tokio::spawn(serve::plain(listener, app, self.stop.subscribe())));
            self.control_addr = Some(address);
        }
        Ok(())
    }

    /// The knobs.
    pub fn faults(&self) -> Faults {
        self.device.faults.clone()
    }

    /// The invented people.
    pub fn population(&self) -> Arc<Population> {
        self.device.service.population().clone()
    }

    /// Places the card of a person on the reader. On success the face file appears at the next look around.
    pub fn present_card(&self, person_key: &str, method: CardMethod) -> Result<CardReading, CardRefusal> {
        self.device.present_card(person_key, method)
    }

    /// Restarts the program: nothing moves for `restart_ms`; what was taken is lost or kept.
    pub fn restart(&self, losing: bool) {
        self.device.restart(losing);
    }

    /// Lets every answer held by [`super::FaultKind::Late`] go now.
    pub fn release_held(&self) {
        self.device.release_held();
    }

    /// What it has done so far.
    pub fn statistics(&self) -> Statistics {
        self.device.statistics()
    }

    /// Where the HTTPS door listens.
    pub fn https_addr(&self) -> Option<SocketAddr> {
        self.https_addr
    }

    /// Where the line port listens while the line is up.
    pub fn line_addr(&self) -> Option<SocketAddr> {
        self.line_addr
    }

    /// Where the control door listens.
    pub fn control_addr(&self) -> Option<SocketAddr> {
        self.control_addr
    }

    /// Stops everything and waits until it has stopped. Answers under way are not delivered.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        for task in self.tasks.drain(..) {
            // A task that panicked has nothing left to stop.
            let _ = task.await;
        }
    }
}

fn check(config: &SimConfig) -> Result<(), StartFailure> {
    let code = &config.institution_code;
    if code.len() != 10 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Err(StartFailure::InstitutionCode);
    }
    if !(1..=10_000).contains(&config.poll_interval_ms) {
        return Err(StartFailure::PollInterval);
    }
    if let Some(address) = config.control_listen.filter(|address| !address.ip().is_loopback()) {
        return Err(StartFailure::ControlNotLoopback(address));
    }
    match &config.folders {
        Some(folders) => folders.create().map_err(|(name, source)| StartFailure::Folder { name, source }),
        None => Ok(()),
    }
}

fn setup(config: &SimConfig) -> Setup {
    Setup {
        seed: config.seed,
        institution: config.institution_code.clone(),
        encoding: config.encoding,
        shape: config.shape,
        folders: config.folders.clone(),
        has_mailbox: config.https.is_some(),
        answer_after_ms: config.answer_after_ms,
        bulk_busy_polls: config.bulk_busy_polls,
        bulk_processing_ms: config.bulk_processing_ms,
        result_stay_ms: config.result_stay_ms,
        atomic_writes: config.atomic_writes,
        max_request_bytes: config.max_request_bytes,
    }
}

async fn listen(door: &'static str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartFailure> {
    let failed = |source| StartFailure::Listen { door, address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// Looks around by period, and at once when a knob is turned or a message arrives.
async fn look_around(device: Arc<Device>, every: Duration, mut stop: watch::Receiver<bool>) {
    let mut period = tokio::time::interval(every);
    period.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut changes = device.faults.changes();
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            _ = period.tick() => {}
            _ = changes.changed() => {}
        }
        let device = device.clone();
        if tokio::task::spawn_blocking(move || device.tick()).await.is_err() {
            tracing::error!("the simulated terminal failed while looking around and goes on");
        }
    }
}
