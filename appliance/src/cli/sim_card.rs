//! `uketsuke sim-card`: an emulated My Number card in a virtual reader, to practise on.

mod order;
mod service;
mod table;

use crate::clock::Clock;
use crate::demo::virtual_reader::VirtualReader;
use crate::stop::Stop;
use anyhow::{Context, bail};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use drivers::emulated::{CardKnobs, CardOrder, EmulatedCard, PRACTICE_PASSWORD, PRACTICE_PIN, Place, Profile};
use service::OwnService;
use std::io::BufRead;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::time::Duration;
use table::Table;
use tokio::sync::mpsc;

/// Arguments of the emulated card.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct SimCardArguments {
    /// which kind of card
    #[arg(long, default_value = "normal", value_parser = profiles())]
    profile: Profile,
    /// port of the virtual reader's first slot; the second slot is one higher
    #[arg(long, default_value_t = 35963)]
    port: u16,
    /// where the virtual reader listens
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// which of the many cards of this kind; the same number gives the same invented person on the same day
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// start with the card in the hand, not in the reader
    #[arg(long)]
    out: bool,
    /// list the kinds of cards and end
    #[arg(long)]
    list: bool,
    /// start a reader service (pcscd) with a virtual reader for this card alone, out of reach of the network and apart from a
    /// reader service that runs already; FOLDER is made, and programs find the service by PCSCLITE_CSOCK_NAME=FOLDER/pcscd.comm
    #[arg(long, value_name = "FOLDER")]
    own_service: Option<PathBuf>,
    /// set by `--own-service` for the part that runs inside
    #[arg(long, hide = true, value_name = "FOLDER", conflicts_with = "own_service")]
    inside: Option<PathBuf>,
}

fn profiles() -> impl TypedValueParser<Value = Profile> {
    let values = Profile::ALL.map(|profile| PossibleValue::new(profile.name()).help(profile.description().en));
    PossibleValuesParser::new(values).try_map(|name| name.parse::<Profile>())
}

fn after_help() -> String {
    format!(
        "Orders on standard input, one a line, while it runs:\n{}\n\
         The person is invented. What is printed on the card is said on standard error; `status` answers on standard output, as\n\
         one line of JSON. Foreign tools open the card with the PIN {PRACTICE_PIN} and the password {PRACTICE_PASSWORD}.\n\n\
         It ends at `quit`, SIGINT (Ctrl-C) or SIGTERM, with exit code 0. The end of standard input does not end it: the card\n\
         stays where it is. A reader that is not there, or goes away, is looked for again.",
        order::HELP
    )
}

/// Runs until it is told to end.
pub async fn run(arguments: SimCardArguments, say: fn(&str), tell: fn(&str)) -> anyhow::Result<()> {
    if arguments.list {
        Profile::ALL.into_iter().for_each(|profile| {
            let words = profile.description();
            say(&format!("{:<14} {} / {}", profile.name(), words.ja, words.en));
        });
        return Ok(());
    }
    match &arguments.own_service {
        Some(folder) => hand_over(&arguments, folder, tell).await,
        None => play(&arguments, say, tell).await,
    }
}

/// The card and its service run inside; this process only passes orders on.
async fn hand_over(arguments: &SimCardArguments, folder: &Path, tell: fn(&str)) -> anyhow::Result<()> {
    let (seed, port) = (arguments.seed.to_string(), arguments.port.to_string());
    let mut words = vec!["--profile", arguments.profile.name(), "--seed", &seed, "--port", &port];
    words.extend(arguments.out.then_some("--out"));
    let mut stop = Stop::listen()?;
    let mut orders = lines_of_standard_input();
    let program = std::env::current_exe().context("the program does not find itself")?;
    let mut reader = VirtualReader::start(&program, folder, &words)?;
    tell(&format!(
        "リーダーのサービスを始めました。別の端末で次のように使えます / the reader service runs; in another terminal:  \
         PCSCLITE_CSOCK_NAME={} uketsuke readers list",
        reader.socket().display()
    ));
    let mut open = true;
    let mut look = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            () = stop.ordered() => break,
            _ = look.tick() => if reader.has_ended() {
                bail!("リーダーのサービスが終わりました。 / The card and its reader service ended by themselves.");
            },
            order = orders.recv(), if open => match order {
                Some(order) => match reader.give(&order) {
                    Ok(()) if !order::is_quit(&order) => {}
                    Ok(()) | Err(_) => break,
                },
                None => open = false,
            },
        }
    }
    Ok(())
}

async fn play(arguments: &SimCardArguments, say: fn(&str), tell: fn(&str)) -> anyhow::Result<()> {
    let mut stop = Stop::listen()?;
    let mut orders = lines_of_standard_input();
    let service = arguments.inside.as_deref().map(|folder| OwnService::start(folder, arguments.port)).transpose()?;
    let address = address(&arguments.host, arguments.port)?;
    let today = today();
    let card = EmulatedCard::issue(&CardOrder::new(arguments.profile, arguments.seed, today))?;
    let knobs = card.knobs();
    if arguments.out {
        knobs.pull();
    }
    let mut table = Table { knobs: knobs.clone(), service, seed: arguments.seed, today, say, tell };
    table.show_card();
    let mut places = places(knobs.clone());
    let running = std::thread::spawn(move || card.run(address));
    let mut open = true;
    loop {
        tokio::select! {
            () = stop.ordered() => break,
            Some(place) = places.recv() => tell(&in_words(place, address)),
            order = orders.recv(), if open => match order {
                Some(order) if table.follow(&order) => {}
                // whoever runs this part inside speaks through standard input: its end is their end
                None if arguments.inside.is_none() => open = false,
                Some(_) | None => break,
            },
        }
    }
    knobs.stop();
    let _its_panic_was_told = running.join();
    Ok(())
}

fn today() -> jiff::civil::Date {
    let today = Clock::wall().now().date_in_japan();
    jiff::civil::date(today.year(), today.month().cast_signed(), today.day().cast_signed())
}

fn address(host: &str, port: u16) -> anyhow::Result<SocketAddr> {
    let found = (host, port).to_socket_addrs().with_context(|| format!("--host {host}: no such host"))?;
    found.into_iter().next().with_context(|| format!("--host {host}: no address"))
}

fn in_words(place: Place, reader: SocketAddr) -> String {
    match place {
        Place::Out => "カードは手元にあります。 / The card is in the hand.".to_owned(),
        Place::In => "カードはリーダーに入っています。 / The card is in the reader.".to_owned(),
        Place::Seeking => format!(
            "{reader} で仮想リーダー（pcscd と vsmartcard-vpcd）が動くのを待っています。 / \
             Waiting for a virtual reader (pcscd with vsmartcard-vpcd) at {reader}."
        ),
    }
}

/// Every place the card is at, the present one first.
fn places(knobs: CardKnobs) -> mpsc::UnboundedReceiver<Place> {
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let mut place = Some(knobs.place());
        while let Some(now) = place
            && sender.send(now).is_ok()
        {
            place = knobs.moved_from(now);
        }
    });
    receiver
}

/// A thread of its own waits for lines: it cannot be called back, and nobody waits for it at the end.
fn lines_of_standard_input() -> mpsc::UnboundedReceiver<String> {
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}
