//! `uketsuke readers read`: one reading of one card.

mod told;

use super::board::{Board, NO_SERVICE, both, fault_of};
use super::outcome::Outcome;
use super::{ReadArguments, Typed};
use crate::clock::Clock;
use drivers::card::{CardFailure, CardReading, SurfaceCode, SurfaceCodeRefused};
use drivers::pcsc::{OwnHolds, Patience, PcscCards, ReadingOrder};
use drivers::reader::{ReaderName, ReaderState, ReaderStatus};
use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

/// Why nothing was read, in words, and how the command ends.
type Refused = (String, Outcome);

/// Reads the card that is in.
pub async fn run(arguments: ReadArguments, say: fn(&str), tell: fn(&str)) -> anyhow::Result<ExitCode> {
    let outcome = match read(&arguments, tell).await {
        Ok((reader, reading)) => {
            let today = Clock::wall().now().date_in_japan();
            if arguments.json {
                say(&told::json(&reader, &reading, today).to_string());
            } else {
                say(&told::words(&reader, &reading, today));
            }
            for failure in failures(&reading) {
                tell(&told::failure(failure));
            }
            failures(&reading).next().map_or(Outcome::Done, Outcome::of)
        }
        Err((words, outcome)) => {
            tell(&words);
            outcome
        }
    };
    Ok(outcome.into())
}

/// The failed parts of a reading, what was asked for on top first.
fn failures(reading: &CardReading) -> impl Iterator<Item = &CardFailure> {
    let attributes = reading.attributes.as_ref().and_then(|attributes| attributes.as_ref().err());
    attributes.into_iter().chain(reading.certificate.as_ref().err())
}

async fn read(arguments: &ReadArguments, tell: fn(&str)) -> Result<(ReaderName, CardReading), Refused> {
    let code = arguments.surface_code.as_ref().map(|typed| surface_code(typed, tell)).transpose()?;
    let reader = reader_with_card(arguments.reader.as_deref()).await?;
    let cards = PcscCards::new(OwnHolds::default(), Patience::default());
    let order = ReadingOrder {
        surface_code: code,
        last_try_confirmed: arguments.last_try,
        tries: true,
        card_expiry: true,
        recognise_with: None,
    };
    match cards.read(&reader, order) {
        Ok(reading) => Ok((reader, reading)),
        Err(failure) => Err((told::failure(&failure), Outcome::of(&failure))),
    }
}

fn surface_code(typed: &Typed, tell: fn(&str)) -> Result<SurfaceCode, Refused> {
    let refused = |refused: SurfaceCodeRefused| (refused.to_string(), Outcome::NotUnderstood);
    if typed.0 != "-" {
        return SurfaceCode::parse(&typed.0).map_err(refused);
    }
    let mut input = std::io::stdin().lock();
    if input.is_terminal() {
        tell("照合番号B（14桁）を入力してください。 / Type the 14 digits from the card face:");
    }
    let mut line = String::new();
    let _nothing_is_no_code = input.read_line(&mut line);
    SurfaceCode::parse(line.trim()).map_err(refused)
}

/// The reader that is meant: the one named, or the only one that is not empty.
async fn reader_with_card(wanted: Option<&str>) -> Result<ReaderName, Refused> {
    let board = Board::start().map_err(|error| (format!("{error:#}"), Outcome::Other))?;
    let is_there = board.look().await;
    let statuses = board.statuses();
    board.stop();
    if !is_there {
        return Err((both(NO_SERVICE), Outcome::NoService));
    }
    let status = match wanted {
        Some(wanted) => named(&statuses, wanted)?,
        None => occupied(&statuses)?,
    };
    match fault_of(&status.state) {
        Some(fault) => {
            let text = fault.text();
            Err((format!("{}\n{}", both(text.what_happened), both(text.do_now)), Outcome::of_fault(fault)))
        }
        None if matches!(status.state, ReaderState::Ready { .. }) => Err(no_card()),
        None => Ok(status.reader.clone()),
    }
}

fn named<'a>(statuses: &'a [ReaderStatus], wanted: &str) -> Result<&'a ReaderStatus, Refused> {
    if let Some(exact) = statuses.iter().find(|status| status.reader.as_str() == wanted) {
        return Ok(exact);
    }
    let alike: Vec<_> = statuses.iter().filter(|status| status.reader.as_str().contains(wanted)).collect();
    match alike[..] {
        [one] => Ok(one),
        _ => Err((
            format!(
                "その名前のリーダーを一つに決められません。あるのは次のとおりです。 / \
                 That name does not mean exactly one reader. There are:\n{}",
                names(statuses)
            ),
            Outcome::NotUnderstood,
        )),
    }
}

fn occupied(statuses: &[ReaderStatus]) -> Result<&ReaderStatus, Refused> {
    let occupied = |status: &&ReaderStatus| !matches!(status.state, ReaderState::Ready { .. });
    let mut readers = statuses.iter().filter(occupied);
    match (readers.next(), readers.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(no_card()),
        (Some(_), Some(_)) => Err((
            format!(
                "カードが二つ以上のリーダーにあります。--reader で選んでください。 / \
                 There are cards in several readers: choose one with --reader.\n{}",
                names(statuses)
            ),
            Outcome::NotUnderstood,
        )),
    }
}

fn no_card() -> Refused {
    let words = "カードがありません。リーダーに置いてから、もう一度読み取ってください。 / \
                 There is no card. Put it on the reader and read again.";
    (words.to_owned(), Outcome::NoCard)
}

fn names(statuses: &[ReaderStatus]) -> String {
    statuses.iter().map(|status| format!("  {}", status.reader)).collect::<Vec<_>>().join("\n")
}
