//! Reading a card because somebody asked for it.

use super::ears::PcscBook;
use crate::recognition::Recognition;
use domain::text::Text;
use drivers::ReaderName;
use drivers::card::{CardFailure, CardReading, SiteKey, SurfaceCode, WireError};
use drivers::health::{DeviceName, ReadFailure, Sign};
use drivers::pcsc::{PcscCards, ReadingOrder};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use web::port::CardQuestion;

/// The way to the cards in one reader.
pub trait CardDoor: Send + Sync {
    /// One whole reading of the card that lies there, alone with it. Blocks for as long as a card may take; a card that was shown a
    /// number loses its power afterwards.
    fn read(&self, order: ReadingOrder) -> Result<CardReading, CardFailure>;
}

/// The ways to the cards in all readers.
#[derive(Clone)]
pub(super) struct Cards {
    /// readers of the system's service, as they come and go
    service: Option<(PcscCards, PcscBook)>,
    /// readers that were brought along
    given: BTreeMap<DeviceName, Arc<dyn CardDoor>>,
    recognition: Arc<Recognition>,
    reading: Arc<Mutex<BTreeSet<DeviceName>>>,
}

/// A reader of the service, by the service's name.
struct ServiceDoor {
    cards: PcscCards,
    reader: ReaderName,
}

/// One reading of one reader at a time; it ends when this is dropped.
struct Busy {
    reading: Arc<Mutex<BTreeSet<DeviceName>>>,
    device: DeviceName,
}

impl Cards {
    pub(super) fn new(recognition: Arc<Recognition>) -> Cards {
        Cards { service: None, given: BTreeMap::new(), recognition, reading: Arc::default() }
    }

    /// With the readers of the service.
    pub(super) fn of_service(&mut self, cards: PcscCards, book: PcscBook) {
        self.service = Some((cards, book));
    }

    /// With a reader that was brought along.
    pub(super) fn of_given(&mut self, device: DeviceName, door: Arc<dyn CardDoor>) {
        self.given.insert(device, door);
    }

    /// Gets ready to read the card in a reader: a question that cannot be asked touches no card.
    pub(super) fn prepare(&self, device: &DeviceName, question: &CardQuestion) -> Result<Prepared, Text> {
        let code = question.surface_code.as_deref().map(SurfaceCode::parse).transpose();
        let code = code.map_err(|refused| both_languages(&refused.to_string()))?;
        let door = self.door(device).ok_or_else(no_reader)?;
        let busy = self.begin(device)?;
        Ok(Prepared {
            door,
            code,
            last_try_confirmed: question.last_try_confirmed,
            recognition: question.recognise.then(|| self.recognition.clone()),
            _busy: busy,
        })
    }

    fn door(&self, device: &DeviceName) -> Option<Arc<dyn CardDoor>> {
        let of_service = || {
            let (cards, book) = self.service.as_ref()?;
            let reader = book.system_name(device)?;
            Some(Arc::new(ServiceDoor { cards: cards.clone(), reader }) as Arc<dyn CardDoor>)
        };
        self.given.get(device).cloned().or_else(of_service)
    }

    fn begin(&self, device: &DeviceName) -> Result<Busy, Text> {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if !reading.insert(device.clone()) {
            return Err(Text::new(
                "このリーダーは読み取り中です。終わってからもう一度押してください。",
                "This reader is reading already. Press again when it is done.",
            ));
        }
        Ok(Busy { reading: self.reading.clone(), device: device.clone() })
    }
}

impl CardDoor for ServiceDoor {
    fn read(&self, order: ReadingOrder) -> Result<CardReading, CardFailure> {
        self.cards.read(&self.reader, order)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.device);
    }
}

/// A reading that may begin; the reader is kept for it.
pub(super) struct Prepared {
    door: Arc<dyn CardDoor>,
    code: Option<SurfaceCode>,
    last_try_confirmed: bool,
    recognition: Option<Arc<Recognition>>,
    _busy: Busy,
}

impl Prepared {
    /// Reads. Blocks for seconds; nothing of the card stays here. The card is ours alone while anything is read from it, and loses
    /// its power after a secret was presented.
    pub(super) fn read(self) -> Result<CardReading, CardFailure> {
        let order = ReadingOrder {
            surface_code: self.code,
            last_try_confirmed: self.last_try_confirmed,
            tries: true,
            recognise_with: self.recognition.and_then(|recognition| key(&recognition)),
            ..ReadingOrder::default()
        };
        self.door.read(order)
    }
}

/// A card is read just as well without the key.
fn key(recognition: &Recognition) -> Option<Arc<SiteKey>> {
    recognition.key().unwrap_or_else(|unusable| {
        tracing::error!(%unusable, "the key of card recognition cannot be used: no card is recognised");
        None
    })
}

/// What a reading says of its reader: a card that is no My Number card was read well.
pub(super) fn sign_of(outcome: &Result<CardReading, CardFailure>) -> Sign {
    let why = match outcome {
        Err(CardFailure::Wire(WireError::TimedOut)) => ReadFailure::TookTooLong,
        Err(CardFailure::Wire(WireError::CardGone)) => ReadFailure::CardNotRead,
        Err(CardFailure::Wire(_) | CardFailure::Garbled(_) | CardFailure::Oversized(_)) => ReadFailure::NotSaid,
        Ok(_) | Err(_) => return Sign::GoodRead,
    };
    Sign::FailedRead { why }
}

pub(super) fn no_reader() -> Text {
    Text::new(
        "このリーダーは接続されていません。ケーブルを確かめてください。",
        "This reader is not connected. Check its cable.",
    )
}

/// `… / …` as the drivers' errors write both languages.
fn both_languages(text: &str) -> Text {
    let (ja, en) = text.split_once(" / ").unwrap_or((text, text));
    Text::new(ja, en)
}
