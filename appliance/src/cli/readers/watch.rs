//! `uketsuke readers watch`.

use super::board::{Board, both, reader_json};
use super::outcome::Outcome;
use crate::stop::Stop;
use domain::Timestamp;
use drivers::pcsc::{PcscReader, PcscService};
use drivers::reader::{
    Bilingual, Heard, Moment, Observation, ReaderEvent, ReaderName, ReaderPort, ReaderStatus, Subscription,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::task::JoinHandle;

/// Something to tell, for machines and for people.
struct News {
    machine: Value,
    words: String,
}

/// Tells what happens until it is told to stop or nobody reads on.
pub async fn run(json: bool) -> anyhow::Result<ExitCode> {
    let mut stop = Stop::listen()?;
    let board = Board::start()?;
    let (told, mut news) = mpsc::unbounded_channel();
    let (mut readers, mut service) = (board.readers(), board.service());
    let mut ears = BTreeMap::new();
    loop {
        tokio::select! {
            () = stop.ordered() => break,
            Ok(()) = service.changed() => {
                let _we_listen = told.send(of_service(*service.borrow_and_update()));
            }
            Ok(()) = readers.changed() => follow_new(&readers.borrow_and_update(), &mut ears, &told),
            Some(news) = news.recv() => {
                let line = if json { news.machine.to_string() } else { news.words };
                if writeln!(std::io::stdout().lock(), "{line}").is_err() {
                    break;
                }
            }
        }
    }
    board.stop();
    Ok(Outcome::Done.into())
}

/// Listens to every reader that nobody listens to yet.
fn follow_new(readers: &[PcscReader], ears: &mut BTreeMap<ReaderName, JoinHandle<()>>, told: &UnboundedSender<News>) {
    for reader in readers {
        if ears.get(reader.name()).is_none_or(JoinHandle::is_finished) {
            let subscription = reader.subscribe();
            let _we_listen = told.send(of_status(subscription.start()));
            let ear = tokio::spawn(follow(reader.clone(), subscription, told.clone()));
            ears.insert(reader.name().clone(), ear);
        }
    }
}

async fn follow(reader: PcscReader, mut subscription: Subscription, told: UnboundedSender<News>) {
    loop {
        let news = match subscription.next().await {
            Heard::Event(observation) => of_event(&observation),
            Heard::Missed(_) => {
                subscription = reader.subscribe();
                of_status(subscription.start())
            }
            Heard::Closed => return,
        };
        if told.send(news).is_err() {
            return;
        }
    }
}

fn of_service(service: PcscService) -> News {
    let (code, words) = match service {
        PcscService::Starting { .. } => {
            ("starting", Bilingual { ja: "サービスを探しています", en: "looking for the service" })
        }
        PcscService::Absent { .. } => ("absent", Bilingual { ja: "サービスがありません", en: "the service is gone" }),
        PcscService::Present { .. } => {
            ("present", Bilingual { ja: "サービスが動いています", en: "the service answers" })
        }
    };
    let at = time(service.since());
    News { machine: json!({ "at": at, "service": code }), words: format!("{at}  pcscd  {}", both(words)) }
}

fn of_status(status: &ReaderStatus) -> News {
    let at = time(status.state.since());
    let mut machine = reader_json(status);
    machine["at"] = json!(at);
    News { machine, words: format!("{at}  {}  {}", status.reader, both(status.state.name())) }
}

fn of_event(observation: &Observation) -> News {
    let at = time(observation.at);
    let (code, words) = told(&observation.event);
    let mut machine = json!({ "at": at, "reader": observation.reader.as_str(), "event": code });
    match &observation.event {
        ReaderEvent::CardInserted(card) => machine["insertion"] = json!(card.insertion.0),
        ReaderEvent::Faulted { fault } => machine["fault"] = json!(fault.code()),
        _ => {}
    }
    News { machine, words: format!("{at}  {}  {}", observation.reader, both(words)) }
}

fn told(event: &ReaderEvent) -> (&'static str, Bilingual) {
    let (code, ja, en) = match event {
        ReaderEvent::Attached => ("attached", "接続されました", "attached"),
        ReaderEvent::CardInserted(_) => ("card_inserted", "カードが入りました", "card inserted"),
        ReaderEvent::CardRemoved => ("card_removed", "カードが出ました", "card removed"),
        ReaderEvent::Faulted { fault } => return ("faulted", fault.text().what_happened),
        ReaderEvent::Recovered => ("recovered", "回復しました", "recovered"),
        ReaderEvent::Detached => ("detached", "外されました", "detached"),
    };
    (code, Bilingual { ja, en })
}

fn time(moment: Moment) -> String {
    Timestamp::from_ms(moment.0.cast_signed()).to_string()
}
