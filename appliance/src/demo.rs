//! The demonstration clinic: a whole reception over a simulated terminal, with people, a past, and controls to break things.

mod controls;
pub mod dealt;
mod past;
mod practice_reader;
mod simulated_reader;
pub mod virtual_reader;

use crate::backup::BackupSettings;
use crate::clock::Clock;
use crate::config::{Config, TerminalSettings};
use crate::courier::{CourierSettings, RequestMaker};
use crate::desk::{RunningDesk, machine_session};
use crate::devices::{DeviceSettings, Hardware, ReaderSettings};
use crate::lookout::LookoutSettings;
use crate::prints::{PackPlace, PrintSettings};
use crate::reception::{Ended, Reception};
use anyhow::Context;
use controls::DemoControls;
use domain::case::{Site, SiteKind};
use domain::rule::RulePack;
use practice_reader::PracticeReader;
use simulated_reader::SimulatedReader;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use sync::outbox::bundle::FetchPace;
use sync::outbox::{Pace, Patience};
use sync::simulator::{SimClock, SimConfig, SimFolders, SimTerminal};
use sync::terminal::SuffixMark;
use web::WebSettings;
use web::port::{Desk, Policy, StaffChange};

/// Institution code of the invented clinic.
pub const INSTITUTION_CODE: &str = "1319999999";
/// Name and password of the demonstration account. Not a secret: everything in the demonstration is invented.
pub const ACCOUNT: (&str, &str) = ("demo", "uketsuke-demo");

/// How the demonstration is started.
#[derive(Clone, Debug)]
pub struct DemoSettings {
    /// where the pages are served
    pub listen: SocketAddr,
    /// without TLS
    pub plain_http: bool,
    /// where everything is kept
    pub data: PathBuf,
    /// seed of the invented people
    pub seed: u64,
    /// with a real reader service, a virtual reader and emulated cards
    pub virtual_reader: bool,
    /// this is a drill beside a real box
    pub drill: Option<DrillAccount>,
}

/// Who signs in to a drill.
#[derive(Clone)]
pub struct DrillAccount {
    /// name on the screen
    pub name: String,
    /// made for this drill
    pub password: String,
}

impl fmt::Debug for DrillAccount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DrillAccount({}, …)", self.name)
    }
}

impl DemoSettings {
    /// Where the virtual reader's service has its socket and its log.
    pub fn reader_folder(&self) -> PathBuf {
        self.data.join("reader")
    }
}

/// Runs the demonstration until the process is told to stop.
pub async fn run(settings: DemoSettings, say: impl Fn(&str)) -> anyhow::Result<Ended> {
    let clock = Clock::wall();
    let folders = SimFolders::below(&settings.data.join("terminal"));
    let terminal = Arc::new(start_terminal(&settings, &folders, &clock).await?);
    let config = config(&settings, &folders, &terminal)?;
    std::fs::create_dir_all(settings.data.join("backups")).context("the practice folder for backups")?;
    past::make_once(&settings.data, &config, &terminal.population(), &clock).await?;
    let simulated = if settings.virtual_reader { None } else { Some(SimulatedReader::new(&clock)?) };
    let readers = simulated.iter().map(SimulatedReader::given).collect();
    let hardware = Hardware { readers, ..Hardware::real(&config.devices, &settings.data) };
    let mut reception = Reception::start_with(config, &settings.data, clock.clone(), hardware)?;
    create_account(&reception.desk, settings.drill.as_ref()).await?;
    let reader = PracticeReader::start(simulated, &settings, reception.lookout.clone(), clock)?;
    let controls = DemoControls::new(terminal, reader);
    reception.desk = reception.desk.with_practice(Arc::new(controls));
    let web = WebSettings {
        secure_cookies: !settings.plain_http,
        demo: true,
        drill: settings.drill.is_some(),
        site_name: SITE_NAME.to_owned(),
        institution_code: INSTITUTION_CODE.to_owned(),
        phone: PHONE.to_owned(),
        ..WebSettings::default()
    };
    reception
        .serve(&settings.data, web, |address| {
            if settings.drill.is_some() {
                say(&format!("ready {address}"));
                return;
            }
            say(&format!("受付のデモを開始しました / the demonstration clinic is open:  {address}"));
            say(&format!("サインイン / sign in:  {} / {}", ACCOUNT.0, ACCOUNT.1));
            say("止めるには Ctrl-C。電源を抜いても記録は消えません。 / Ctrl-C stops it; nothing acknowledged is ever lost.");
        })
        .await
}

const SITE_NAME: &str = "見本ファミリークリニック";
const PHONE: &str = "03-0000-0000";

async fn start_terminal(settings: &DemoSettings, folders: &SimFolders, clock: &Clock) -> anyhow::Result<SimTerminal> {
    let clock = clock.clone();
    let mut config = SimConfig::new(INSTITUTION_CODE, SimClock::from_now(move || clock.now()));
    config.seed = settings.seed;
    config.folders = Some(folders.clone());
    config.line_listen = Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    config.answer_after_ms = 600;
    SimTerminal::start(config).await.context("the simulated terminal did not start")
}

fn config(settings: &DemoSettings, folders: &SimFolders, terminal: &SimTerminal) -> anyhow::Result<Config> {
    let mark = SuffixMark::new("U").context("mark")?;
    Ok(Config {
        site_name: SITE_NAME.to_owned(),
        phone: PHONE.to_owned(),
        site: Site { phone_reader: true, home_consent_app: true, ..Site::of(SiteKind::Clinic) },
        rules: RulePack::built_in(),
        listen: settings.listen,
        plain_http: settings.plain_http,
        terminal: Some(TerminalSettings::Folder {
            req: folders.req.clone(),
            res: folders.res.clone(),
            face: Some(folders.face.clone()),
            shift_jis: false,
            remove_own_results: true,
        }),
        courier: CourierSettings {
            maker: RequestMaker { institution_code: INSTITUTION_CODE.to_owned(), mark },
            pace: Pace::default(),
            retry_ms: 3_000,
        },
        // A demonstration shows within seconds what a clinic's box notices within a minute.
        lookout: LookoutSettings {
            deaf_after_ms: 4_000,
            probe_every: Duration::from_secs(2),
            probe_limit: Duration::from_secs(1),
        },
        line_probe: terminal.line_addr(),
        patience: Patience {
            first_retry_ms: 2_000,
            longest_retry_ms: 20_000,
            silent_after_ms: 15_000,
            overdue_after_ms: 20_000,
            fetch: FetchPace { first_ms: 2_000, every_ms: 2_000, longest_ms: 20_000, overdue_after_ms: 20_000 },
            ..Patience::default()
        },
        devices: devices(settings),
        sync: None,
        backup: Some(BackupSettings::beside(&settings.data)),
        prints: prints(settings),
        drill: None,
        update: None,
        warnings: Vec::new(),
        told: String::new(),
    })
}

/// Behind a virtual reader stands a real service, which is watched as a clinic's would be.
fn devices(settings: &DemoSettings) -> DeviceSettings {
    let readers = settings.virtual_reader.then(ReaderSettings::default);
    DeviceSettings { readers, ..DeviceSettings::default() }
}

/// Nothing leaves a drill that could be taken for a paper of the clinic.
fn prints(settings: &DemoSettings) -> PrintSettings {
    match settings.drill {
        None => PrintSettings::default(),
        Some(_) => PrintSettings { program: Some(PathBuf::new()), pack: PackPlace::Nowhere },
    }
}

/// Whoever tries the demonstration has no authenticator app at hand, and looks away from it for long.
async fn create_account(desk: &RunningDesk, drill: Option<&DrillAccount>) -> anyhow::Result<()> {
    let policy = Policy { second_factor: Vec::new(), lock_minutes: 0 };
    if desk.has_accounts().map_err(anyhow::Error::from)? {
        return Ok(());
    }
    let (name, password) = match drill {
        None => (ACCOUNT.0.to_owned(), ACCOUNT.1.to_owned()),
        Some(account) => (account.name.clone(), account.password.clone()),
    };
    let made = desk.create_first_account(name, password).await;
    made.map_err(|refused| anyhow::anyhow!("the demonstration account could not be made: {}", refused.why.en))?;
    let eased = desk.people().change(&machine_session(), StaffChange::SetPolicy(policy)).await;
    eased.map(|_| ()).map_err(|_| anyhow::anyhow!("the rules of the demonstration could not be kept"))
}

/// The default data folder of the demonstration.
pub fn default_data() -> PathBuf {
    Path::new("uketsuke-demo").to_owned()
}
