//! The box and the practice terminal on a day of a test's own: the same programs with a clock that a file sets, so that no test depends
//! on the day it runs on.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage has failed")]

use clap::{Args, Parser, Subcommand};
use domain::Timestamp;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use sync::simulator::{SimClock, SimConfig, SimFolders, SimTerminal};
use tests::facility::desk_by;
use uketsuke::clock::Clock;
use uketsuke::config::Config;
use uketsuke::demo::INSTITUTION_CODE;
use uketsuke::desk::{AccountInput, Input};
use uketsuke::reception::Reception;
use uketsuke::staff;
use uketsuke::stop::Stop;
use web::WebSettings;

/// Names the file with the moment from which the clock goes on; what is written there later sets it.
const CLOCK: &str = "ON_A_DAY";
/// How often the clock is set on, and its file looked at.
const TICK: Duration = Duration::from_millis(20);

#[derive(Parser)]
struct Order {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The reception.
    Serve(Place),
    /// A token for a program.
    ApiToken {
        #[arg(long)]
        name: String,
        #[arg(long)]
        data: PathBuf,
    },
    /// The practice terminal.
    SimTerminal(Terminal),
}

#[derive(Args)]
struct Place {
    #[arg(long)]
    config: PathBuf,
    #[arg(long)]
    data: PathBuf,
}

#[derive(Args)]
struct Terminal {
    #[arg(long)]
    req: PathBuf,
    #[arg(long)]
    res: PathBuf,
    #[arg(long)]
    face: PathBuf,
    #[arg(long)]
    line: SocketAddr,
    #[arg(long)]
    control: SocketAddr,
}

fn read(file: &Path) -> Timestamp {
    let text = std::fs::read_to_string(file).unwrap();
    Timestamp::parse(text.trim()).expect("a moment such as 2025-11-17T08:30:00+09:00")
}

/// A clock that goes on from what stands in the file.
fn clock(file: &Path) -> Clock {
    let mut from = read(file);
    let clock = Clock::by_hand(from);
    let (hand, file) = (clock.clone(), file.to_owned());
    std::thread::spawn(move || {
        let mut since = Instant::now();
        loop {
            let set = read(&file);
            if set != from {
                (from, since) = (set, Instant::now());
            }
            hand.set(from.plus_ms(i64::try_from(since.elapsed().as_millis()).unwrap()));
            std::thread::sleep(TICK);
        }
    });
    clock
}

#[allow(clippy::print_stdout, reason = "whoever started it waits for these lines")]
fn say(line: &str) {
    println!("{line}");
}

fn main() {
    let Order { what } = Order::parse();
    uketsuke::logs::start();
    let file = std::env::var_os(CLOCK).expect("a file with the moment from which the clock goes on");
    let clock = clock(Path::new(&file));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        match what {
            What::Serve(place) => serve(place, clock).await,
            What::ApiToken { name, data } => token(&data, name, clock).await,
            What::SimTerminal(terminal) => practice(terminal, clock).await,
        }
    });
}

async fn serve(place: Place, clock: Clock) {
    let config = Config::read(&place.config).unwrap();
    let web = WebSettings {
        secure_cookies: !config.plain_http,
        site_name: config.site_name.clone(),
        institution_code: config.courier.maker.institution_code.clone(),
        phone: config.phone.clone(),
        rules: config.rules.clone(),
        ..WebSettings::default()
    };
    let reception = Reception::start(config, &place.data, clock).unwrap();
    reception.serve(&place.data, web, |address| say(&format!("ready {address}"))).await.unwrap();
}

async fn token(data: &Path, name: String, clock: Clock) {
    let desk = desk_by(data, &clock);
    let (token, _) = staff::new_tokens().unwrap();
    let author = format!("program-{name}");
    let input = AccountInput::ApiToken { token_hash: staff::token_hash(&token), author, name };
    desk.inbox().send(|reply| Input::Account(input, reply)).await.unwrap().unwrap();
    desk.stop().await;
    say(&token);
}

async fn practice(order: Terminal, clock: Clock) {
    let mut config = SimConfig::new(INSTITUTION_CODE, SimClock::from_now(move || clock.now()));
    config.folders = Some(SimFolders { req: order.req, res: order.res, face: order.face });
    config.line_listen = Some(order.line);
    config.control_listen = Some(order.control);
    let mut stop = Stop::listen().unwrap();
    let terminal = SimTerminal::start(config).await.unwrap();
    say("simulated terminal ready");
    stop.ordered().await;
    terminal.stop().await;
}
