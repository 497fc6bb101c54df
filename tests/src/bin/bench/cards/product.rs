//! The product's own way to a card: watch, card thread, gate.

use anyhow::{Context, ensure};
use drivers::card::{CardWire, ReadingRequest, SurfaceCode, WireError, read_card};
use drivers::pcsc::{AfterUse, OwnHolds, Patience, PcscCards, PcscReader, PcscWatch, ReadingOrder, Share};
use drivers::reader::{Clock, Moment, ReaderPort, ReaderState};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// Nothing here takes this long.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running watch over the reader, and the door to its card.
pub struct Product {
    runtime: Runtime,
    reader: PcscReader,
    cards: PcscCards,
    code: String,
    _watch: PcscWatch,
}

impl Product {
    /// Starts the watch and waits until it has seen the first reader.
    pub fn start(code: String) -> anyhow::Result<Product> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let holds = OwnHolds::default();
        let begun = Instant::now();
        let clock = Clock::new(move || Moment(begun.elapsed().as_millis() as u64));
        let watch = PcscWatch::start(clock, holds.clone())?;
        let mut readers = watch.readers();
        let seen = async { tokio::time::timeout(PATIENCE, readers.wait_for(|readers| !readers.is_empty())).await };
        let reader = runtime.block_on(seen).context("no reader was seen")??[0].clone();
        let cards = PcscCards::new(holds, Patience::default());
        Ok(Product { runtime, reader, cards, code, _watch: watch })
    }

    /// Waits until the product says that a card is in, and says when.
    pub fn wait_for_insertion(&self) -> anyhow::Result<Instant> {
        self.wait_for(|state| matches!(state, ReaderState::CardPresent { .. }))
    }

    /// Waits until it says that no card is in.
    pub fn wait_for_removal(&self) -> anyhow::Result<Instant> {
        self.wait_for(|state| matches!(state, ReaderState::Ready { .. }))
    }

    fn wait_for(&self, fits: impl Fn(&ReaderState) -> bool) -> anyhow::Result<Instant> {
        let mut status = self.reader.watch();
        let fits =
            async { tokio::time::timeout(PATIENCE, status.wait_for(|status| fits(&status.state))).await.map(|_| ()) };
        self.runtime.block_on(fits).context("the reader did not get there")?;
        Ok(Instant::now())
    }

    /// One whole reading.
    pub fn read(&self) -> anyhow::Result<()> {
        let surface_code = Some(SurfaceCode::parse(&self.code)?);
        let reading = self.cards.read(self.reader.name(), ReadingOrder { surface_code, ..ReadingOrder::default() })?;
        ensure!(matches!(reading.attributes, Some(Ok(_))), "the attributes were not read");
        Ok(())
    }

    /// The commands of one whole reading.
    pub fn record_commands(&self) -> anyhow::Result<Vec<Vec<u8>>> {
        let wire = self.cards.connect(self.reader.name(), Share::Exclusive)?;
        let mut recorder = Recorder { wire, commands: Vec::new() };
        let code = SurfaceCode::parse(&self.code)?;
        read_card(&mut recorder, ReadingRequest { surface_code: Some(&code), ..ReadingRequest::default() })?;
        recorder.wire.release(AfterUse::PowerDown);
        Ok(recorder.commands)
    }
}

/// A wire that writes down what is said over it.
struct Recorder<Wire> {
    wire: Wire,
    commands: Vec<Vec<u8>>,
}

impl<Wire: CardWire> CardWire for Recorder<Wire> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, WireError> {
        self.commands.push(command.to_vec());
        self.wire.transmit(command)
    }
}
