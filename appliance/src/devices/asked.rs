//! The devices as pages and API ask for them.

use super::cards::{Cards, no_reader, sign_of};
use super::faces::FaceEar;
use super::message::{Message, Mouth};
use super::scans::Scans;
use super::station::Station;
use super::words;
use crate::clock::Clock;
use crate::intake;
use crate::recognition::Recognition;
use domain::text::Text;
use drivers::health::healing::HealingStep;
use drivers::health::{DeviceName, ReadFailure, Refusal, Sign};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{oneshot, watch};
use web::port::{CardQuestion, CardSaid, Devices, DevicesView, Pending, ReaderGuide, ScannedItem};

/// The devices of this box. Clones are handles on the same devices.
#[derive(Clone)]
pub struct BoxDevices {
    pub(super) station: Arc<Mutex<Station>>,
    pub(super) scans: Arc<Scans>,
    pub(super) mouth: Mouth,
    pub(super) cards: Cards,
    pub(super) recognition: Arc<Recognition>,
    pub(super) clock: Clock,
    pub(super) changes: Arc<watch::Sender<u64>>,
    pub(super) has_hours: bool,
    pub(super) face: Option<FaceEar>,
}

impl BoxDevices {
    /// Where the courier tells of readings; `None` where there is no face reader.
    pub fn face_ear(&self) -> Option<FaceEar> {
        self.face.clone()
    }

    fn station(&self) -> MutexGuard<'_, Station> {
        self.station.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn read(&self, question: CardQuestion) -> Result<CardSaid, Text> {
        let device = DeviceName::parse(&question.device).map_err(|_| unknown())?;
        let reads = self.station().find(&device).ok_or_else(unknown)?.reads_cards;
        let cards = reads.then_some(&self.cards).ok_or_else(no_reader)?;
        let prepared = cards.prepare(&device, &question)?;
        self.mouth.heard(&device, Sign::ReadBegan).await;
        let (recognition, now, reader) = (self.recognition.clone(), self.clock.now(), device.to_string());
        let outcome = tokio::task::spawn_blocking(move || {
            let read = prepared.read();
            let said = read.as_ref().map(|reading| {
                let said = intake::card::said(reading);
                let token = reading.recognition.as_ref();
                let noted = token.and_then(|token| recognition.note(token, said.is_test, &reader, now));
                CardSaid { reading: noted, ..said }
            });
            (said.map_err(|failure| words::card_failure(&failure.text())), sign_of(&read))
        });
        let failed = Sign::FailedRead { why: ReadFailure::NotSaid };
        let (said, sign) = outcome.await.unwrap_or_else(|_| (Err(no_reader()), failed));
        self.mouth.heard(&device, sign).await;
        said
    }

    async fn ask(&self, device: &str, step: &str) -> Result<(), Text> {
        let device = DeviceName::parse(device).map_err(|_| unknown())?;
        let step = HealingStep::ALL.into_iter().find(|known| known.code() == step);
        let step = step.ok_or_else(|| words::text(Refusal::NoSuchStep.text()))?;
        let (reply, outcome) = oneshot::channel();
        self.mouth.tell(Message::Ask { device, step, reply }).await;
        outcome.await.unwrap_or_else(|_| {
            Err(Text::new("終了処理中のため受け付けられません。", "The box is stopping; nothing was restarted."))
        })
    }
}

impl Devices for BoxDevices {
    fn view(&self) -> DevicesView {
        self.station().view(self.has_hours, self.clock.now())
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn scans(&self) -> Vec<ScannedItem> {
        self.scans.shown()
    }

    fn put_away(&self, scan: &str) {
        self.scans.put_away(scan);
    }

    fn restart(&self, device: &str, step: &str) -> Pending<'_, Result<(), Text>> {
        let (device, step) = (device.to_owned(), step.to_owned());
        Box::pin(async move { self.ask(&device, &step).await })
    }

    fn guides(&self) -> Vec<ReaderGuide> {
        self.station().patient_guides()
    }

    fn read_card(&self, question: CardQuestion) -> Pending<'_, Result<CardSaid, Text>> {
        // whoever asked may go away in the middle; the reading ends all the same, and the reader is told so
        let devices = self.clone();
        let reading = async move { devices.read(question).await };
        Box::pin(async move { tokio::spawn(reading).await.unwrap_or_else(|_| Err(no_reader())) })
    }
}

fn unknown() -> Text {
    words::text(Refusal::UnknownDevice.text())
}
