//! Reading a card because somebody asked for it.

use super::ears::PcscBook;
use super::words;
use domain::text::Text;
use drivers::ReaderName;
use drivers::card::{CardFailure, CardReading, ReadingRequest, SurfaceCode, WireError, read_card};
use drivers::health::{DeviceName, ReadFailure, Sign};
use drivers::pcsc::{AfterUse, PcscCards, Share};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use web::port::CardQuestion;

/// The door to the cards in the readers.
#[derive(Clone)]
pub(super) struct Cards {
    cards: PcscCards,
    book: PcscBook,
    reading: Arc<Mutex<BTreeSet<DeviceName>>>,
}

/// One reading of one reader at a time; it ends when this is dropped.
struct Busy {
    reading: Arc<Mutex<BTreeSet<DeviceName>>>,
    device: DeviceName,
}

impl Cards {
    pub(super) fn new(cards: PcscCards, book: PcscBook) -> Cards {
        Cards { cards, book, reading: Arc::default() }
    }

    /// Reads the card in a reader. Blocks for seconds; nothing of the card stays here.
    pub(super) fn read(&self, device: &DeviceName, question: &CardQuestion) -> Result<CardReading, NotRead> {
        let code = question.surface_code.as_deref().map(SurfaceCode::parse).transpose();
        let code = code.map_err(|refused| NotRead::Words(both_languages(&refused.to_string())))?;
        let reader = self.book.system_name(device).ok_or_else(no_reader)?;
        let _busy = self.begin(device)?;
        let request = ReadingRequest {
            surface_code: code.as_ref(),
            last_try_confirmed: question.last_try_confirmed,
            tries: true,
            ..ReadingRequest::default()
        };
        Ok(self.exchange(&reader, request)?)
    }

    /// The card is ours alone while anything is read from it, and loses its power after a secret was presented
    /// (`pcsc-and-serial §2.2` rule 6).
    fn exchange(&self, reader: &ReaderName, request: ReadingRequest<'_>) -> Result<CardReading, CardFailure> {
        let mut card = self.cards.connect(reader, Share::Exclusive)?;
        let read = read_card(&mut card, request);
        card.release(if request.surface_code.is_some() { AfterUse::PowerDown } else { AfterUse::LeavePowered });
        read
    }

    fn begin(&self, device: &DeviceName) -> Result<Busy, NotRead> {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if !reading.insert(device.clone()) {
            return Err(NotRead::Words(Text::new(
                "このリーダーは読み取り中です。終わってからもう一度押してください。",
                "This reader is reading already. Press again when it is done.",
            )));
        }
        Ok(Busy { reading: self.reading.clone(), device: device.clone() })
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.device);
    }
}

/// Why nothing was read.
pub(super) enum NotRead {
    /// the card or its reader
    Card(CardFailure),
    /// the question itself; no card was touched
    Words(Text),
}

impl From<CardFailure> for NotRead {
    fn from(failure: CardFailure) -> NotRead {
        NotRead::Card(failure)
    }
}

impl NotRead {
    /// What to say and do.
    pub(super) fn text(&self) -> Text {
        match self {
            NotRead::Card(failure) => words::card_failure(&failure.text()),
            NotRead::Words(text) => text.clone(),
        }
    }
}

/// What a reading says of its reader: a card that is no My Number card was read well.
pub(super) fn sign_of(outcome: &Result<CardReading, NotRead>) -> Option<Sign> {
    let why = match outcome {
        Ok(_) => return Some(Sign::GoodRead),
        Err(NotRead::Words(_)) => return None,
        Err(NotRead::Card(CardFailure::Wire(WireError::TimedOut))) => ReadFailure::TookTooLong,
        Err(NotRead::Card(CardFailure::Wire(WireError::CardGone))) => ReadFailure::CardNotRead,
        Err(NotRead::Card(CardFailure::Wire(_) | CardFailure::Garbled(_) | CardFailure::Oversized(_))) => {
            ReadFailure::NotSaid
        }
        Err(NotRead::Card(_)) => return Some(Sign::GoodRead),
    };
    Some(Sign::FailedRead { why })
}

pub(super) fn no_reader() -> NotRead {
    NotRead::Words(Text::new(
        "このリーダーは接続されていません。ケーブルを確かめてください。",
        "This reader is not connected. Check its cable.",
    ))
}

/// `… / …` as the drivers' errors write both languages.
fn both_languages(text: &str) -> Text {
    let (ja, en) = text.split_once(" / ").unwrap_or((text, text));
    Text::new(ja, en)
}
