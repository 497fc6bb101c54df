//! Configuration: one file, checked whole before anything starts. A wrong key or value is named with what is allowed.

mod backup;
mod choices;
mod devices;
mod drill;
mod exchange;
mod prints;
mod retention;
mod told;
mod update;

use crate::backup::BackupSettings;
use crate::courier::{CourierSettings, RequestMaker};
use crate::devices::DeviceSettings;
use crate::exchange::SyncSettings;
use crate::lookout::LookoutSettings;
use crate::prints::PrintSettings;
use crate::update::UpdateSettings;
use anyhow::{Context, bail};
use choices::{AssociationFile, ClaimFile, ClosedFile};
use devices::DevicesFile;
use domain::Date;
use domain::case::{Site, SiteKind};
use domain::number::InstitutionCode;
use domain::rule::{RuleId, RulePack};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use sync::outbox::bundle::Bundling;
use sync::outbox::{Pace, Patience};
use sync::terminal::SuffixMark;

/// The file as people write it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    site: SiteFile,
    #[serde(default)]
    web: WebFile,
    terminal: Option<TerminalFile>,
    #[serde(default)]
    links: LinksFile,
    #[serde(default)]
    queue: QueueFile,
    #[serde(default)]
    rules: BTreeMap<String, PeriodFile>,
    #[serde(default)]
    closed: ClosedFile,
    #[serde(default)]
    claim: ClaimFile,
    #[serde(default)]
    association: Vec<AssociationFile>,
    readers: Option<devices::ReadersFile>,
    #[serde(default)]
    face_reader: Vec<devices::FaceReaderFile>,
    #[serde(default)]
    scanner: Vec<devices::ScannerFile>,
    #[serde(default)]
    relay: Vec<devices::RelayFile>,
    hours: Option<devices::HoursFile>,
    #[serde(default)]
    restart: Vec<devices::RestartFile>,
    #[serde(default)]
    update: update::UpdateFile,
    reboot: Option<devices::RebootFile>,
    sync: Option<exchange::SyncFile>,
    #[serde(default)]
    retention: Vec<retention::RetentionFile>,
    backup: Option<backup::BackupFile>,
    #[serde(default)]
    prints: prints::PrintsFile,
    #[serde(default)]
    drill: drill::DrillFile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteFile {
    name: String,
    kind: String,
    institution_code: String,
    phone: Option<String>,
    #[serde(default)]
    without_reader: bool,
    #[serde(default)]
    phone_reader: bool,
    #[serde(default)]
    home_consent_app: bool,
    #[serde(default)]
    home_consent_web: bool,
    #[serde(default)]
    limited_check_exempt: bool,
    #[serde(default)]
    disaster_mode_open: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WebFile {
    #[serde(default = "default_listen")]
    listen: SocketAddr,
    #[serde(default)]
    plain_http: bool,
}

impl Default for WebFile {
    fn default() -> WebFile {
        WebFile { listen: default_listen(), plain_http: false }
    }
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([0, 0, 0, 0], 8443))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, tag = "door", rename_all = "snake_case")]
enum TerminalFile {
    Folder {
        req: PathBuf,
        res: PathBuf,
        face: Option<PathBuf>,
        #[serde(default)]
        shift_jis: bool,
        #[serde(default)]
        remove_own_results: bool,
        #[serde(default = "default_mark")]
        mark: String,
    },
    Https {
        host: String,
        port: u16,
        server_name: Option<String>,
        authorities: PathBuf,
        certificate: PathBuf,
        key: PathBuf,
        requests_path: String,
        results_path: String,
        #[serde(default = "default_mark")]
        mark: String,
    },
}

fn default_mark() -> String {
    "U".to_owned()
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinksFile {
    line_probe: Option<SocketAddr>,
    probe_every_s: Option<u64>,
    deaf_after_s: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct QueueFile {
    in_flight: Option<usize>,
    spacing_ms: Option<i64>,
    answer_within_s: Option<i64>,
    bulk_from: Option<usize>,
    bulk_most: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PeriodFile {
    from: Option<String>,
    to: Option<String>,
}

/// Checked settings, with no options left where there must be a value.
#[derive(Clone, Debug)]
pub struct Config {
    /// name on the pages
    pub site_name: String,
    /// phone number for patients, on papers; empty = none
    pub phone: String,
    /// the site for the rules
    pub site: Site,
    /// the dated rules with the site's own dates
    pub rules: RulePack,
    /// where pages and API are served
    pub listen: SocketAddr,
    /// without TLS: for loopback, or behind a proxy on the same machine
    pub plain_http: bool,
    /// the terminal's door; `None` = a site without a terminal
    pub terminal: Option<TerminalSettings>,
    /// courier
    pub courier: CourierSettings,
    /// lookout
    pub lookout: LookoutSettings,
    /// what the line probe connects to
    pub line_probe: Option<SocketAddr>,
    /// waiting for the outside
    pub patience: Patience,
    /// the hardware of the box
    pub devices: DeviceSettings,
    /// other boxes and the hub; `None` = this box works by itself
    pub sync: Option<SyncSettings>,
    /// where and when backups are made; `None` = nowhere
    pub backup: Option<BackupSettings>,
    /// papers
    pub prints: PrintSettings,
    /// where the pages of a drill are served; `None` = this site has no drills
    pub drill: Option<SocketAddr>,
    /// how this box updates itself; `None` = it does not
    pub update: Option<UpdateSettings>,
    /// warnings found while checking, for the technician
    pub warnings: Vec<String>,
    /// what stands in the file, without comments and secrets; empty where there is no file
    pub told: String,
}

/// Which door, and where.
#[derive(Clone, Debug)]
pub enum TerminalSettings {
    /// shared folders
    Folder {
        /// requests
        req: PathBuf,
        /// results
        res: PathBuf,
        /// card readings
        face: Option<PathBuf>,
        /// encoding of requests
        shift_jis: bool,
        /// tidy up our own results
        remove_own_results: bool,
    },
    /// HTTPS with mutual TLS
    Https {
        /// host
        host: String,
        /// port
        port: u16,
        /// name the certificate must carry
        server_name: String,
        /// trusted authorities, PEM
        authorities: PathBuf,
        /// our certificate, PEM
        certificate: PathBuf,
        /// our key, PEM
        key: PathBuf,
        /// request mailbox
        requests_path: String,
        /// result mailbox
        results_path: String,
    },
}

impl Config {
    /// Reads and checks a file.
    pub fn read(path: &Path) -> anyhow::Result<Config> {
        let text = std::fs::read_to_string(path).with_context(|| format!("{}: cannot be read", path.display()))?;
        Config::parse(&text).with_context(|| format!("{}", path.display()))
    }

    /// Checks the text of a file.
    pub fn parse(text: &str) -> anyhow::Result<Config> {
        let file: File = toml::from_str(text)?;
        let mut warnings = Vec::new();
        let code = institution_code(&file.site.institution_code, &mut warnings)?;
        let (terminal, mark) = terminal(file.terminal);
        let site = site(&file.site)?;
        let site_kind = site.kind;
        let Some(mark) = SuffixMark::new(&mark) else {
            bail!("terminal.mark: one to four capital letters or digits");
        };
        Ok(Config {
            site_name: file.site.name.clone(),
            site,
            phone: phone(file.site.phone.as_deref())?,
            rules: rules(file.rules)?.with_choices(choices::choices(
                file.closed,
                file.claim,
                file.association,
                retention::retention(file.retention, site_kind)?,
            )?),
            listen: file.web.listen,
            plain_http: file.web.plain_http,
            terminal,
            courier: CourierSettings {
                maker: RequestMaker { institution_code: code, mark },
                pace: pace(&file.queue)?,
                retry_ms: 30_000,
            },
            lookout: lookout(&file.links),
            line_probe: file.links.line_probe,
            patience: patience(&file.queue)?,
            devices: devices::devices(DevicesFile {
                readers: file.readers,
                face_reader: file.face_reader,
                scanner: file.scanner,
                relay: file.relay,
                hours: file.hours,
                restart: file.restart,
                update_locks: update::locks(&file.update)?,
                reboot: file.reboot,
            })?,
            sync: exchange::exchange(file.sync)?,
            backup: backup::backup(file.backup)?,
            prints: prints::prints(file.prints)?,
            drill: drill::drill(&file.drill, file.web.listen)?,
            update: update::update(file.update)?,
            warnings,
            told: told::told(text),
        })
    }
}

fn site(file: &SiteFile) -> anyhow::Result<Site> {
    let Some(kind) = SiteKind::from_code(&file.kind) else {
        let known: Vec<&str> = SiteKind::ALL.iter().map(|kind| kind.code()).collect();
        bail!("site.kind: one of {}", known.join(", "));
    };
    Ok(Site {
        kind,
        without_reader: file.without_reader,
        phone_reader: file.phone_reader,
        home_consent_app: file.home_consent_app,
        home_consent_web: file.home_consent_web,
        limited_check_exempt: file.limited_check_exempt,
        disaster_mode_open: file.disaster_mode_open,
    })
}

/// As it is to be printed.
fn phone(text: Option<&str>) -> anyhow::Result<String> {
    let phone = text.unwrap_or_default().trim();
    let fits = phone.chars().count() <= 20 && phone.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c));
    if fits { Ok(phone.to_owned()) } else { bail!("site.phone: a phone number, such as 03-1234-5678") }
}

fn institution_code(text: &str, warnings: &mut Vec<String>) -> anyhow::Result<String> {
    match InstitutionCode::parse(text) {
        Ok(checked) => {
            warnings.extend(checked.warnings.iter().map(|warning| format!("site.institution_code: {}", warning.en())));
            Ok(checked.value.as_str().to_owned())
        }
        Err(error) => bail!("site.institution_code: {}", error.en()),
    }
}

fn terminal(file: Option<TerminalFile>) -> (Option<TerminalSettings>, String) {
    match file {
        None => (None, default_mark()),
        Some(TerminalFile::Folder { req, res, face, shift_jis, remove_own_results, mark }) => {
            (Some(TerminalSettings::Folder { req, res, face, shift_jis, remove_own_results }), mark)
        }
        Some(TerminalFile::Https {
            host,
            port,
            server_name,
            authorities,
            certificate,
            key,
            requests_path,
            results_path,
            mark,
        }) => {
            let server_name = server_name.unwrap_or_else(|| host.clone());
            let settings = TerminalSettings::Https {
                host,
                port,
                server_name,
                authorities,
                certificate,
                key,
                requests_path,
                results_path,
            };
            (Some(settings), mark)
        }
    }
}

fn lookout(file: &LinksFile) -> LookoutSettings {
    let usual = LookoutSettings::default();
    LookoutSettings {
        deaf_after_ms: file.deaf_after_s.map_or(usual.deaf_after_ms, |s| s.saturating_mul(1000)),
        probe_every: file.probe_every_s.map_or(usual.probe_every, Duration::from_secs),
        probe_limit: usual.probe_limit,
    }
}

fn patience(file: &QueueFile) -> anyhow::Result<Patience> {
    let usual = Patience::default();
    let silent_after_ms = file.answer_within_s.map_or(usual.silent_after_ms, |s| s.saturating_mul(1_000));
    if !(5_000..=usual.overdue_after_ms).contains(&silent_after_ms) {
        bail!("queue.answer_within_s: 5 to {} seconds", usual.overdue_after_ms / 1_000);
    }
    Ok(Patience { silent_after_ms, ..usual })
}

fn pace(file: &QueueFile) -> anyhow::Result<Pace> {
    let usual = Pace::default();
    let pace = Pace {
        in_flight: file.in_flight.unwrap_or(usual.in_flight),
        spacing_ms: file.spacing_ms.unwrap_or(usual.spacing_ms),
        bundling: Bundling {
            from: file.bulk_from.unwrap_or(usual.bundling.from),
            most: file.bulk_most.unwrap_or(usual.bundling.most),
        },
    };
    if !(1..=64).contains(&pace.in_flight) {
        bail!("queue.in_flight: 1 to 64 questions at a time");
    }
    if !(0..=60_000).contains(&pace.spacing_ms) {
        bail!("queue.spacing_ms: 0 to 60000 milliseconds");
    }
    if pace.bundling.from > 0 && !(pace.bundling.from..=MOST_IN_BULK).contains(&pace.bundling.most) {
        bail!("queue.bulk_most: from bulk_from to {MOST_IN_BULK} persons in a bulk request");
    }
    Ok(pace)
}

/// Persons of one bulk request fit far below the size at which files are refused. The service's own limit is not public.
const MOST_IN_BULK: usize = 1_000;

fn rules(periods: BTreeMap<String, PeriodFile>) -> anyhow::Result<RulePack> {
    let mut pack = RulePack::built_in();
    for (name, period) in periods {
        let Some(id) = RuleId::from_code(&name) else { bail!("rules.{name}: no such rule") };
        let date = |field: &str, text: Option<String>| -> anyhow::Result<Option<Date>> {
            text.map(|text| {
                Date::parse(&text).with_context(|| format!("rules.{name}.{field}: a date that exists, as YYYY-MM-DD"))
            })
            .transpose()
        };
        let (from, to) = (date("from", period.from)?, date("to", period.to)?);
        pack = pack.with_period(id, from, to);
    }
    Ok(pack)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALLEST: &str = "[site]\nname = '見本医院'\nkind = 'clinic'\ninstitution_code = '1310000016'\n";

    #[test]
    fn the_smallest_file_is_enough() {
        let config = Config::parse(SMALLEST).expect("config");
        assert_eq!(config.listen.port(), 8443);
        assert!(config.terminal.is_none());
        assert_eq!(config.rules.version(), RulePack::built_in().version());
    }

    #[test]
    fn the_example_file_is_a_configuration() {
        let config = Config::parse(include_str!("../uketsuke.toml")).expect("config");
        assert!(matches!(config.terminal, Some(TerminalSettings::Folder { .. })));
        assert!(config.warnings.is_empty(), "{:?}", config.warnings);
    }

    #[test]
    fn wrong_keys_and_values_are_named() {
        for (extra, named) in [
            ("[web]\nlissten = '1'\n", "lissten"),
            ("[queue]\nbulk_from = 50\nbulk_most = 10\n", "queue.bulk_most"),
            ("[queue]\nin_flight = 0\n", "queue.in_flight"),
            ("[[retention]]\nkind = 'visit'\nmonths = 36\n", "retention.months"),
            ("[[retention]]\nkind = 'paper'\nmonths = 60\n", "retention.kind"),
            ("[[retention]]\nkind = 'visit'\nmonths = 60\nfrom = '2026-02-30'\n", "retention.from"),
            ("[backup]\nfolder = 'usb'\n", "backup.folder"),
            ("[backup]\nfolder = '/usb'\nat = 'nightly'\n", "backup.at"),
            ("[backup]\nfolder = '/usb'\nkeep = 1\n", "backup.keep"),
            ("[prints]\nprogram = 'uketsuke-print'\n", "prints.program"),
            ("[prints]\ndowntime_pack = false\ndowntime_folder = '/media/stick'\n", "prints.downtime_folder"),
            ("phone = 'ask'\n", "site.phone"),
            ("[drill]\nlisten = '0.0.0.0:8443'\n", "drill.listen"),
            ("[rules.NO_SUCH]\nto = '2026-01-01'\n", "rules.NO_SUCH"),
            ("[rules.PHONE]\nfrom = '2026-02-30'\n", "rules.PHONE.from"),
            ("[terminal]\ndoor = 'folder'\nreq = '/r'\nres = '/s'\nmark = 'abc'\n", "terminal.mark"),
        ] {
            let error = format!("{:#}", Config::parse(&format!("{SMALLEST}{extra}")).expect_err(named));
            assert!(error.contains(named), "{error}");
        }
        let error = Config::parse(&SMALLEST.replace("clinic", "shop")).expect_err("kind").to_string();
        assert!(error.contains("site.kind"), "{error}");
    }

    #[test]
    fn a_site_says_when_it_works_and_what_its_claims_say() {
        let text = format!(
            "{SMALLEST}[closed]\nweekdays = ['thu', 'sun']\ndates = ['2026-08-13']\nholidays = false\n\
             [claim]\nformer_wording = '旧資格 喪失後'\nunknown_insurer = '77777779'\n\
             [[association]]\ninsurer = '133033'\nwho = 'insured'\ntenths = 2\nfrom = '2026-04-01'\n"
        );
        let choices = Config::parse(&text).expect("config").rules.choices().clone();
        assert!(
            choices.closed.includes(Date::literal(2026, 8, 13)) && !choices.closed.includes(Date::literal(2026, 8, 11))
        );
        assert!(choices.alternative_unknown_insurer && choices.former_claim_wording.is_some());
        assert_eq!(choices.association_ratios[0].tenths, 2);
        for (extra, named) in [
            ("[closed]\nweekdays = ['木']\n", "closed.weekdays"),
            ("[closed]\ndates = ['2026-02-30']\n", "closed.dates"),
            ("[claim]\nunknown_insurer = '99999999'\n", "claim.unknown_insurer"),
            ("[[association]]\ninsurer = '133030'\ntenths = 2\n", "association.insurer"),
            ("[[association]]\ninsurer = '133033'\ntenths = 7\n", "association.tenths"),
        ] {
            let error = format!("{:#}", Config::parse(&format!("{SMALLEST}{extra}")).expect_err(named));
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn a_site_may_move_the_dates_of_a_rule() {
        let text = format!("{SMALLEST}[rules.TRANSITIONAL_EXPIRED_ALL]\nfrom = '2025-12-02'\nto = '2027-03-31'\n");
        let config = Config::parse(&text).expect("config");
        assert!(config.rules.in_force(RuleId::TransitionalExpiredAll, Date::literal(2026, 9, 1)));
    }
}
