//! Configuration: one file, checked whole before anything starts. A wrong key or value is named with what is allowed.

mod backup;
mod choices;
mod devices;
mod drill;
mod exchange;
mod prints;
mod queue;
mod retention;
mod site;
mod terminal;
mod told;
mod update;

pub use terminal::TerminalSettings;

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
use domain::case::Site;
use domain::rule::{RuleId, RulePack};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use sync::outbox::Patience;
use sync::terminal::SuffixMark;

/// The file as people write it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    site: site::SiteFile,
    #[serde(default)]
    web: WebFile,
    terminal: Option<terminal::TerminalFile>,
    #[serde(default)]
    links: queue::LinksFile,
    #[serde(default)]
    queue: queue::QueueFile,
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
        let code = site::institution_code(&file.site.institution_code, &mut warnings)?;
        let (terminal, mark) = terminal::terminal(file.terminal);
        let site = site::site(&file.site)?;
        let site_kind = site.kind;
        let Some(mark) = SuffixMark::new(&mark) else {
            bail!("terminal.mark: one to four capital letters or digits");
        };
        Ok(Config {
            site_name: file.site.name.clone(),
            site,
            phone: site::phone(file.site.phone.as_deref())?,
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
                pace: queue::pace(&file.queue)?,
                retry_ms: 30_000,
            },
            lookout: queue::lookout(&file.links),
            line_probe: file.links.line_probe,
            patience: queue::patience(&file.queue)?,
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
