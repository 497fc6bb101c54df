//! The command line of `uketsuke`.

mod audit;
mod backup;
mod claims;
mod decide;
mod doctor;
mod drill;
mod exchange;
mod facility;
mod first_start;
mod provision;
mod readers;
mod sim_card;
mod sim_control;
mod sim_terminal;
mod staff;
mod update;

use crate::clock::Clock;
use crate::config::Config;
use crate::demo::virtual_reader::become_client;
use crate::demo::{self, DemoSettings};
use crate::desk::{AccountInput, DeskSettings, Input, RunningDesk};
use crate::health;
use crate::reception::{Ended, Reception};
use crate::store::{self, StoreLocation, Writing};
use anyhow::Context;
use clap::{Parser, Subcommand};
use domain::fact::Author;
use domain::rule::RulePack;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use web::WebSettings;
use web::port::{Account, Desk, DeskCommand};

/// 受付: patient check-in that does not stop.
#[derive(Debug, Parser)]
#[command(name = "uketsuke", version, about)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a reception.
    Serve {
        /// configuration file
        #[arg(long, default_value = "/etc/uketsuke/uketsuke.toml")]
        config: PathBuf,
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Serve a demonstration clinic with invented people.
    Demo {
        /// plain HTTP on loopback instead of HTTPS
        #[arg(long)]
        http: bool,
        /// port on 127.0.0.1
        #[arg(long, default_value_t = 8443)]
        port: u16,
        /// data folder
        #[arg(long)]
        data: Option<PathBuf>,
        /// seed of the invented people
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// a real reader service (pcscd) with a virtual reader, apart from the machine's own, and emulated cards in it
        #[arg(long)]
        virtual_reader: bool,
    },
    /// Serve a drill beside a box: begun and ended by the box itself, on the page 停止訓練.
    #[command(hide = true)]
    DrillClinic(drill::DrillArguments),
    /// Ask whether the reception of this machine is well; ends with 0 when it is. The server must run.
    Health {
        /// configuration file
        #[arg(long, default_value = "/etc/uketsuke/uketsuke.toml")]
        config: PathBuf,
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Look the whole box over: every part with what was looked at, cause and cure. The server may run or not. Exit code 0 when all is
    /// well, 2 when something wants attention, 3 when something does not work, 1 when the look itself failed.
    Doctor(doctor::DoctorArguments),
    /// Put a ZIP file for the helpdesk together: versions, settings without secrets, the check-up, our own log. Nothing about patients.
    /// The page サポート / Support makes a fuller one.
    SupportBundle(doctor::BundleArguments),
    /// Settings of a new box, from the machine's credentials or from a medium; nothing is done when it has some.
    Provision(provision::ProvisionArguments),
    /// Begin a box that has no settings: pages guarded by a one-time code, then the reception at the same address.
    FirstStart(first_start::FirstStartArguments),
    /// Ask the rules.
    Rules {
        #[command(subcommand)]
        command: RulesCommand,
    },
    /// Make the read model again from the record.
    Rebuild {
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// Run a terminal to practise on.
    SimTerminal(Box<sim_terminal::SimTerminalArguments>),
    /// Break and mend a running practice terminal: its line, its answers, its reader.
    SimControl(sim_control::SimControlArguments),
    /// Put an emulated My Number card into a virtual reader, to practise on.
    SimCard(sim_card::SimCardArguments),
    /// Look at the card readers, or read one card; the server need not run.
    Readers(readers::ReadersArguments),
    /// Erase what returning cards are recognised by, of all patients, and the key it was made with; the server may run.
    EraseCardTokens {
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
    /// The claims of a month: list, write into a file, freeze.
    Claims {
        #[command(subcommand)]
        command: claims::ClaimsCommand,
    },
    /// Who belongs to the facility: show, invite, join, hub, revoke. The server keeps running.
    Facility {
        #[command(subcommand)]
        command: facility::FacilityCommand,
    },
    /// How exchange with the other boxes and the hub stands; the server must run. Exit code 0 when every member is reached and has
    /// everything, 2 when not yet, 3 when this box does not belong to its facility, 1 when the server does not answer.
    Sync {
        #[command(subcommand)]
        command: exchange::SyncCommand,
    },
    /// Backups: make, look at, practise, put back.
    Backup {
        #[command(subcommand)]
        command: backup::BackupCommand,
    },
    /// Updates of the program: show, look for one, install, put off. The server must run.
    Update {
        #[command(subcommand)]
        command: update::UpdateCommand,
    },
    /// Accounts of staff, when nobody can sign in.
    Staff {
        #[command(subcommand)]
        command: staff::StaffCommand,
    },
    /// The trail of who looked at and changed what: check it, export it.
    Audit {
        #[command(subcommand)]
        command: audit::AuditCommand,
    },
    /// Make a token for a program that uses the API; printed once, kept as a hash only.
    ApiToken {
        /// what the token is for
        #[arg(long)]
        name: String,
        /// data folder
        #[arg(long, default_value = "/var/lib/uketsuke")]
        data: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// Decide cases: JSON on standard input, one case or one per line; decisions on standard output.
    Decide,
    /// Print the dated rule list as JSON.
    List,
}

/// Runs the command; the outcome is the process's exit code.
pub fn run(arguments: Arguments) -> anyhow::Result<std::process::ExitCode> {
    match arguments.command {
        Command::Rules { command: RulesCommand::Decide } => {
            return decide::decide(std::io::stdin().lock(), std::io::stdout().lock());
        }
        Command::Rules { command: RulesCommand::List } => decide::list(std::io::stdout().lock())?,
        Command::Rebuild { data } => rebuild(&data)?,
        Command::Health { config, data } => on_runtime(ask_health(config, data))?,
        Command::Doctor(arguments) => return on_runtime(doctor::doctor(arguments)),
        Command::SupportBundle(arguments) => on_runtime(doctor::support_bundle(arguments))?,
        Command::Provision(arguments) => on_runtime(provision::run(arguments, say))?,
        Command::FirstStart(arguments) => return on_runtime(first_start::run(arguments, say)).and_then(ended),
        Command::Serve { config, data } => return on_runtime(serve(config, data)).and_then(ended),
        Command::Demo { http, port, data, seed, virtual_reader } => {
            let data = data.unwrap_or_else(demo::default_data);
            let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            let settings = DemoSettings { listen, plain_http: http, data, seed, virtual_reader, drill: None };
            if virtual_reader {
                become_client(&settings.reader_folder())?;
            }
            return on_runtime(demo::run(settings, say)).and_then(ended);
        }
        Command::DrillClinic(arguments) => on_runtime(drill::run(arguments, say))?,
        Command::SimTerminal(arguments) => on_runtime(sim_terminal::run(*arguments, say))?,
        Command::SimCard(arguments) => on_runtime(sim_card::run(arguments, say, tell))?,
        Command::Readers(arguments) => return on_runtime(readers::run(arguments, say, tell)),
        Command::SimControl(arguments) => on_runtime(sim_control::run(arguments, say))?,
        Command::EraseCardTokens { data } => on_runtime(erase_card_tokens(data))?,
        Command::Sync { command } => return on_runtime(exchange::run(command)),
        Command::Claims { command } => on_runtime(claims::run(command))?,
        Command::Facility { command } => on_runtime(facility::run(command))?,
        Command::Backup { command } => backup::run(command)?,
        Command::Update { command } => return on_runtime(update::run(command)),
        Command::Staff { command } => on_runtime(staff::run(command))?,
        Command::Audit { command } => return on_runtime(audit::run(command)),
        Command::ApiToken { name, data } => on_runtime(api_token(name, data))?,
    }
    Ok(std::process::ExitCode::SUCCESS)
}

fn on_runtime<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(work);
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    outcome
}

/// A box that was let into a facility starts anew in the same process: whoever watches over it sees nothing of it.
fn ended(ended: Ended) -> anyhow::Result<std::process::ExitCode> {
    if ended == Ended::Stopped {
        return Ok(std::process::ExitCode::SUCCESS);
    }
    // The program may have been replaced on disk meanwhile; then the one that runs is started again.
    let program = std::env::current_exe().ok().filter(|path| path.exists());
    let mut arguments = std::env::args_os();
    let mut again = std::process::Command::new(program.unwrap_or_else(|| PathBuf::from("/proc/self/exe")));
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    let error = again.args(arguments).exec();
    Err(error).context("the program could not be started anew; start it by hand, everything is saved")
}

async fn serve(config: PathBuf, data: PathBuf) -> anyhow::Result<Ended> {
    let config = Config::read(&config)?;
    let web = WebSettings {
        secure_cookies: !config.plain_http,
        demo: false,
        site_name: config.site_name.clone(),
        institution_code: config.courier.maker.institution_code.clone(),
        phone: config.phone.clone(),
        rules: config.rules.clone(),
        ..WebSettings::default()
    };
    let reception = Reception::start(config, &data, Clock::wall())?;
    reception.serve(&data, web, |address| say(&format!("ready {address}"))).await
}

async fn ask_health(config: PathBuf, data: PathBuf) -> anyhow::Result<()> {
    let health = health::ask(&Config::read(&config)?, &data).await?;
    say(&serde_json::to_string(&health)?);
    Ok(())
}

fn rebuild(data: &std::path::Path) -> anyhow::Result<()> {
    let location = StoreLocation::in_folder(data)?;
    let mut connection = location.open_writer()?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let writer = sync::replica::Writer::from_random([0; 16]);
    let (documents, quarantined) = store::rebuild(
        &Writing::inside(&transaction, location.vault()),
        &RulePack::built_in(),
        &writer,
        Clock::wall().now(),
    )?;
    transaction.commit()?;
    say(&format!("{documents} documents read, {quarantined} set aside; the read model is made anew."));
    Ok(())
}

/// A desk for one command that needs nothing of the site.
fn plain_desk(data: &std::path::Path) -> anyhow::Result<RunningDesk> {
    let location = StoreLocation::in_folder(data)?;
    let settings = DeskSettings {
        site: domain::case::Site::of(domain::case::SiteKind::Clinic),
        rules: RulePack::built_in(),
        patience: sync::outbox::Patience::default(),
    };
    Ok(RunningDesk::start(&location, settings, Clock::wall())?)
}

async fn erase_card_tokens(data: PathBuf) -> anyhow::Result<()> {
    let desk = plain_desk(&data)?;
    let by = Account::new(Author::new("command-line"), "");
    let erased = desk.submit(&by, None, DeskCommand::EraseCardTokens).await;
    let view = desk.recognition();
    desk.stop().await;
    erased?;
    let patients = view?.erasures.first().map_or(0, |erasure| erasure.patients);
    say(&format!("{patients}人分の目印と鍵を消しました。 / Erased: the tokens of {patients} patients, and their key."));
    Ok(())
}

async fn api_token(name: String, data: PathBuf) -> anyhow::Result<()> {
    let desk = plain_desk(&data)?;
    let (token, _) = crate::staff::new_tokens().map_err(|refused| anyhow::anyhow!(refused.why.en))?;
    let author = format!("program-{}", uuid::Uuid::new_v4().simple());
    let input = AccountInput::ApiToken { token_hash: crate::staff::token_hash(&token), author, name };
    let kept = desk.inbox().send(|reply| Input::Account(input, reply)).await;
    desk.stop().await;
    kept.context("the desk stopped")?.map_err(anyhow::Error::from)?;
    say(&token);
    Ok(())
}

/// Says a line on standard output. A closed pipe is no reason to stop.
fn say(line: &str) {
    let _closed_pipe_is_fine = writeln!(std::io::stdout().lock(), "{line}");
}

/// Says something to the person at the terminal, on standard error.
fn tell(words: &str) {
    let _closed_pipe_is_fine = writeln!(std::io::stderr().lock(), "{words}");
}
