//! `uketsuke sim-control`: the knobs of a practice terminal that runs as a program of its own, turned from a command line.

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use sync::simulator::{CardMethod, FaultKind, FaultScope, FaultTrigger};
use tokio::net::TcpStream;

/// Longest wait for the terminal's control door.
const LIMIT: Duration = Duration::from_secs(10);

/// Arguments of the control.
#[derive(Debug, Args)]
#[command(after_long_help = knobs())]
pub struct SimControlArguments {
    /// control door of the running terminal: what was given to it as --control
    address: SocketAddr,
    #[command(subcommand)]
    order: Order,
}

#[derive(Debug, Subcommand)]
enum Order {
    /// Show knobs, amounts, counters and time.
    State,
    /// Turn one knob.
    Fault {
        /// which, see the list below
        #[arg(value_parser = named::<FaultKind>)]
        knob: FaultKind,
        /// off, always, next:3 (the next three times), chance:20 (20 of 1000 times)
        #[arg(value_parser = trigger, default_value = "always")]
        when: FaultTrigger,
        /// what it strikes: requests, cards or both; its usual target when left out
        #[arg(long, value_parser = named::<FaultScope>)]
        on: Option<FaultScope>,
    },
    /// Turn every knob off.
    AllOff,
    /// Change amounts: slow_ms=500 late_hold=2 …; `state` shows all of them.
    Amount {
        /// name=value
        #[arg(required = true, value_parser = amount)]
        changes: Vec<(String, Value)>,
    },
    /// Restart the terminal now.
    Restart {
        /// what was taken and not yet answered is lost
        #[arg(long)]
        losing: bool,
    },
    /// Deliver the answers that are held back as late.
    Release,
    /// Lay the card of an invented person on the reader.
    Card {
        /// key of the person, see `people`
        person: String,
        /// how the person is identified: face, pin, visual …
        #[arg(value_parser = named::<CardMethod>, default_value = "face")]
        method: CardMethod,
    },
    /// List the invented people with what is true of them, or show one.
    People {
        /// key of the person
        person: Option<String>,
    },
}

/// Every knob with what it does.
const KNOBS: [(FaultKind, &str); FaultKind::ALL.len()] = [
    (FaultKind::Silent, "requests stay lying; taken when turned off"),
    (FaultKind::RestartLosing, "the program is down, or restarts after a request; what was taken is lost"),
    (FaultKind::RestartKeeping, "the same, but what was taken is answered afterwards"),
    (FaultKind::Slow, "answers come slow_ms later"),
    (
        FaultKind::LineDown,
        "the line is cut: abnormal ends, the line port refuses (line_down_holds=true: requests wait)",
    ),
    (FaultKind::ServiceDown, "the national service is down: abnormal ends"),
    (FaultKind::RejectErr, "requests are rejected with .err"),
    (FaultKind::Garbage, "the result is random bytes"),
    (FaultKind::Truncated, "the result ends in the middle"),
    (FaultKind::HalfWritten, "the second half of the result comes half_written_ms later"),
    (FaultKind::Late, "answers are held until late_hold of them wait, or `release`"),
    (FaultKind::DuplicateSame, "the same result again, duplicate_ms later"),
    (FaultKind::DuplicateChanged, "another content under the same name, duplicate_ms later"),
    (FaultKind::LostAnswer, "the request is taken and never answered"),
    (FaultKind::WrongEncoding, "bytes of the other character code than declared"),
    (FaultKind::Doctype, "a document type with an external entity in the result"),
    (FaultKind::Oversized, "a result of oversized_bytes"),
    (FaultKind::WrongIdentifier, "another file identifier than asked with"),
    (FaultKind::WrongInstitution, "another institution's code"),
    (FaultKind::ReaderOff, "the card reader is off"),
    (FaultKind::ReaderHung, "the card reader hangs: attempts end without result"),
];

fn knobs() -> String {
    let lines = KNOBS.iter().map(|(kind, what)| format!("  {:<18} {what}\n", name_of(*kind)));
    format!("Knobs:\n{}", lines.collect::<String>())
}

fn name_of(kind: FaultKind) -> String {
    json!(kind).as_str().unwrap_or_default().to_owned()
}

/// A word as the control door writes it.
fn named<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(json!(text)).map_err(|error| error.to_string())
}

fn trigger(text: &str) -> Result<FaultTrigger, String> {
    let known = "one of off, always, next:COUNT, chance:OF_1000";
    match text.split_once(':') {
        None => named(text).map_err(|_| known.to_owned()),
        Some(("next", times)) => times.parse().map(FaultTrigger::Next).map_err(|_| known.to_owned()),
        Some(("chance", times)) => times.parse().map(FaultTrigger::ChancePerMille).map_err(|_| known.to_owned()),
        Some(_) => Err(known.to_owned()),
    }
}

fn amount(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("name=value")?;
    let value = serde_json::from_str(value).map_err(|_| format!("{name}: a number, true or false"))?;
    Ok((name.to_owned(), value))
}

/// Gives the order and says what the terminal answers.
pub async fn run(arguments: SimControlArguments, say: impl Fn(&str)) -> anyhow::Result<()> {
    let address = arguments.address;
    let (method, path, body) = match arguments.order {
        Order::State => (Method::GET, "/state".to_owned(), Value::Null),
        Order::Fault { knob, when, on } => {
            let rule = on.map_or_else(|| json!({ "when": when }), |on| json!({ "when": when, "on": on }));
            (Method::PUT, "/faults".to_owned(), json!({ "rules": { name_of(knob): rule } }))
        }
        Order::AllOff => (Method::PUT, "/faults".to_owned(), json!({ "all_off": true })),
        Order::Amount { changes } => {
            let mut state = ask(address, Method::GET, "/state", &Value::Null).await?;
            changes.into_iter().for_each(|(name, value)| state["settings"][name] = value);
            (Method::PUT, "/faults".to_owned(), json!({ "settings": state["settings"] }))
        }
        Order::Restart { losing } => (Method::POST, "/restart".to_owned(), json!({ "losing": losing })),
        Order::Release => (Method::POST, "/release".to_owned(), Value::Null),
        Order::Card { person, method } => {
            (Method::POST, "/cards".to_owned(), json!({ "person": person, "method": method }))
        }
        Order::People { person: None } => (Method::GET, "/people".to_owned(), Value::Null),
        Order::People { person: Some(person) } => (Method::GET, format!("/people/{person}"), Value::Null),
    };
    say(&format!("{:#}", ask(address, method, &path, &body).await?));
    Ok(())
}

async fn ask(address: SocketAddr, method: Method, path: &str, body: &Value) -> anyhow::Result<Value> {
    let answer = tokio::time::timeout(LIMIT, send(address, method, path, body)).await;
    answer.with_context(|| format!("{address} does not answer; was the terminal started with --control?"))?
}

async fn send(address: SocketAddr, method: Method, path: &str, body: &Value) -> anyhow::Result<Value> {
    let stream = TcpStream::connect(address)
        .await
        .with_context(|| format!("{address} cannot be reached; was the terminal started with --control?"))?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = Request::builder().method(method).uri(path).header(HOST, address.to_string());
    let body = Full::new(Bytes::from(body.to_string()));
    let answer = sender.send_request(request.header(CONTENT_TYPE, "application/json").body(body)?).await?;
    let status = answer.status();
    let text = answer.into_body().collect().await?.to_bytes();
    if !status.is_success() {
        bail!("the terminal refused ({status}): {}", String::from_utf8_lossy(&text));
    }
    Ok(serde_json::from_slice(&text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_knob_is_explained() {
        let explained = KNOBS.map(|(kind, _)| kind);
        assert_eq!(explained, FaultKind::ALL);
        assert!(knobs().contains("  line_down          the line is cut"), "{}", knobs());
    }

    #[test]
    fn knobs_are_turned_in_words() {
        assert_eq!(trigger("next:3"), Ok(FaultTrigger::Next(3)));
        assert_eq!(trigger("chance:20"), Ok(FaultTrigger::ChancePerMille(20)));
        assert_eq!((trigger("always"), trigger("off")), (Ok(FaultTrigger::Always), Ok(FaultTrigger::Off)));
        assert!(trigger("sometimes").is_err() && trigger("next:many").is_err() && trigger("next").is_err());
        assert!(named::<FaultKind>("nonsense").expect_err("no knob").contains("line_down"));
    }
}
