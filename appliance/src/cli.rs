//! The command line of `uketsuke`.

mod audit;
mod decide;
mod exchange;
mod facility;
mod readers;
mod sim_card;
mod sim_control;
mod sim_terminal;
mod staff;

use crate::clock::Clock;
use crate::config::Config;
use crate::demo::virtual_reader::become_client;
use crate::demo::{self, DemoSettings};
use crate::desk::{AccountInput, DeskSettings, Input, RunningDesk};
use crate::reception::Reception;
use crate::store::{self, StoreLocation, Writing};
use anyhow::Context;
use clap::{Parser, Subcommand};
use domain::fact::Author;
use domain::rule::RulePack;
use std::io::Write;
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
    /// Who belongs to the facility: show, invite, join, revoke; the server must be stopped.
    Facility {
        #[command(subcommand)]
        command: facility::FacilityCommand,
    },
    /// How exchange with the other boxes and the hub stands; the server must run.
    Sync {
        #[command(subcommand)]
        command: exchange::SyncCommand,
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
        Command::Serve { config, data } => on_runtime(serve(config, data))?,
        Command::Demo { http, port, data, seed, virtual_reader } => {
            let data = data.unwrap_or_else(demo::default_data);
            let settings = DemoSettings { port, plain_http: http, data, seed, virtual_reader };
            if virtual_reader {
                become_client(&settings.reader_folder())?;
            }
            on_runtime(demo::run(settings, say))?;
        }
        Command::SimTerminal(arguments) => on_runtime(sim_terminal::run(*arguments, say))?,
        Command::SimCard(arguments) => on_runtime(sim_card::run(arguments, say, tell))?,
        Command::Readers(arguments) => return on_runtime(readers::run(arguments, say, tell)),
        Command::SimControl(arguments) => on_runtime(sim_control::run(arguments, say))?,
        Command::EraseCardTokens { data } => on_runtime(erase_card_tokens(data))?,
        Command::Sync { command } => on_runtime(exchange::run(command))?,
        Command::Facility { command } => on_runtime(facility::run(command))?,
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

async fn serve(config: PathBuf, data: PathBuf) -> anyhow::Result<()> {
    let config = Config::read(&config)?;
    let web = WebSettings {
        secure_cookies: !config.plain_http,
        demo: false,
        site_name: config.site_name.clone(),
        rules: config.rules.clone(),
        ..WebSettings::default()
    };
    let reception = Reception::start(config, &data, Clock::wall())?;
    reception.serve(&data, web, |address| say(&format!("ready {address}"))).await
}

fn rebuild(data: &std::path::Path) -> anyhow::Result<()> {
    let location = StoreLocation::in_folder(data)?;
    let mut connection = location.open_writer()?;
    let transaction = connection.transaction()?;
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
