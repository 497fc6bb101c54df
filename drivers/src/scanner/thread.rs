//! The thread of one scanner.

use std::fmt;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::broadcast;

use super::channel::{SCANS_KEPT, ScanObservation, ScanSubscription, ScannerEvent};
use super::framing::{Framed, Framer, Framing};
use super::question::{LineQuestion, Questions, questions};
use crate::reader::{Adapter, Clock, ReaderChannel, ReaderEvent, ReaderFault, ReaderName, ReaderPort, ReaderState};
use crate::serial::{LineFault, SerialLine, SerialSettings};

/// One scanner as the settings describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScannerSettings {
    /// Its line.
    pub line: SerialSettings,
    /// How it marks a scan.
    pub framing: Framing,
    /// The silence that ends a scan without a terminator.
    pub gap: Duration,
    /// How long to wait before a lost or missing device is tried again.
    pub reopen: Duration,
}

/// How long to listen when nothing is under way: two wake-ups a second cost nothing and let the thread stop soon.
const IDLE: Duration = Duration::from_millis(500);

/// A running scanner. Dropping it stops its thread and closes the port.
#[derive(Debug)]
pub struct Scanner {
    channel: Arc<ReaderChannel>,
    scans: broadcast::Sender<ScanObservation>,
    question: LineQuestion,
    /// Dropped to stop the thread.
    running: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// The system gave no thread.
#[derive(Debug)]
pub struct ScannerRefused(std::io::Error);

impl ScannerSettings {
    /// A scanner on this line with the usual gap (150 ms) and two attempts a second to open it again.
    pub fn new(line: SerialSettings, framing: Framing) -> Self {
        Self { line, framing, gap: Duration::from_millis(150), reopen: Duration::from_millis(500) }
    }
}

impl Scanner {
    /// Starts the thread, and listens from its first moment on. The device may be missing; it is waited for.
    pub fn start(
        name: ReaderName,
        settings: ScannerSettings,
        clock: Clock,
    ) -> Result<(Self, ScanSubscription), ScannerRefused> {
        let channel = Arc::new(ReaderChannel::new(name, clock.clone()));
        let (scans, events) = broadcast::channel(SCANS_KEPT);
        let (running, stop) = mpsc::channel();
        let (question, questions) = questions();
        let (told, scanned) = (Arc::clone(&channel), scans.clone());
        let worker = Worker { channel: told, scans: scanned, settings, clock, stop, questions, sequence: 0 };
        let spawned = std::thread::Builder::new().name("scanner".into()).spawn(|| worker.run());
        let thread = spawned.map_err(ScannerRefused)?;
        let scanner = Self { channel, scans, question, running: Some(running), thread: Some(thread) };
        Ok((scanner, ScanSubscription { events }))
    }

    /// Every scan and every notice from now on.
    pub fn scans(&self) -> ScanSubscription {
        ScanSubscription { events: self.scans.subscribe() }
    }

    /// The way to ask whether its line would take a scan now.
    pub fn question(&self) -> LineQuestion {
        self.question.clone()
    }

    /// Stops reading, closes the port and waits for the thread, which takes at most half a second. Dropping does the same.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Scanner {
    fn drop(&mut self) {
        self.running = None;
        // a thread that panicked has closed its port all the same
        let _ended = self.thread.take().map(JoinHandle::join);
    }
}

impl Adapter for Scanner {
    fn channel(&self) -> &ReaderChannel {
        &self.channel
    }
}

struct Worker {
    channel: Arc<ReaderChannel>,
    scans: broadcast::Sender<ScanObservation>,
    settings: ScannerSettings,
    clock: Clock,
    /// Hangs up when the scanner is stopped.
    stop: mpsc::Receiver<()>,
    questions: Questions,
    sequence: u64,
}

impl Worker {
    fn run(mut self) {
        loop {
            match SerialLine::open(&self.settings.line) {
                Ok((line, stale)) => {
                    self.there();
                    self.listen(line, Framer::new(self.settings.framing, stale));
                }
                Err(fault) => {
                    self.not_there(fault);
                    // the same would be found again at once
                    let _said = self.questions.answer(|| Err(fault));
                }
            }
            if self.stopped_within(self.settings.reopen) {
                return;
            }
        }
    }

    /// Reads until the line is lost or the scanner is stopped.
    fn listen(&mut self, mut line: SerialLine, mut framer: Framer) {
        let mut buffer = [0; 4096];
        let mut silent = Duration::ZERO;
        while !self.stopped_within(Duration::ZERO) {
            if self.questions.answer(|| line.check(&self.settings.line)).is_err() {
                self.tell_all(framer.cut());
                return self.announce_from_present(ReaderEvent::Detached);
            }
            let gap = if framer.is_busy() { self.settings.gap.saturating_sub(silent) } else { IDLE };
            let patience = gap.min(IDLE);
            match line.read(&mut buffer, patience) {
                Ok(0) => silent = self.quiet(&mut framer, silent + patience),
                Ok(count) => {
                    silent = Duration::ZERO;
                    self.take(&mut framer, buffer.get(..count).unwrap_or_default());
                }
                Err(_) => {
                    self.tell_all(framer.cut());
                    return self.announce_from_present(ReaderEvent::Detached);
                }
            }
        }
        self.tell_all(framer.cut());
    }

    fn take(&mut self, framer: &mut Framer, bytes: &[u8]) {
        let framed = framer.take(bytes);
        self.tell_all(framed);
        if framer.is_flooded() && matches!(self.channel.status().state, ReaderState::Ready { .. }) {
            self.channel.announce(ReaderEvent::Faulted { fault: ReaderFault::Garbled });
        }
    }

    /// Tells the framer of a silence that is long enough; gives back what is to be counted on. A flood ends with it.
    fn quiet(&mut self, framer: &mut Framer, silent: Duration) -> Duration {
        if framer.is_busy() && silent < self.settings.gap {
            return silent;
        }
        let framed = framer.quiet(silent);
        self.tell_all(framed);
        if matches!(self.channel.status().state, ReaderState::Faulted { .. }) {
            self.channel.announce(ReaderEvent::Recovered);
        }
        Duration::ZERO
    }

    fn there(&self) {
        match self.channel.status().state {
            ReaderState::Absent { .. } => self.channel.announce(ReaderEvent::Attached),
            ReaderState::Faulted { .. } => self.channel.announce(ReaderEvent::Recovered),
            ReaderState::Ready { .. } | ReaderState::CardPresent { .. } => {}
        }
    }

    fn not_there(&self, fault: LineFault) {
        match fault.as_reader_fault() {
            None => self.announce_from_present(ReaderEvent::Detached),
            Some(fault) if self.has(fault) => {}
            Some(fault) => self.channel.announce(ReaderEvent::Faulted { fault }),
        }
    }

    fn has(&self, fault: ReaderFault) -> bool {
        matches!(self.channel.status().state, ReaderState::Faulted { fault: known, .. } if known == fault)
    }

    fn announce_from_present(&self, event: ReaderEvent) {
        if !matches!(self.channel.status().state, ReaderState::Absent { .. }) {
            self.channel.announce(event);
        }
    }

    fn tell_all(&mut self, framed: impl IntoIterator<Item = Framed>) {
        for framed in framed {
            let event = match framed {
                Framed::Scan(scan) => ScannerEvent::Scanned(Arc::new(scan)),
                Framed::Discarded { reason, bytes } => ScannerEvent::Discarded { reason, bytes },
            };
            self.sequence += 1;
            let scanner = self.channel.name().clone();
            let heard = ScanObservation { scanner, sequence: self.sequence, at: self.clock.now(), event };
            // an error only says that nobody listens at the moment: then the scan is not kept
            let _nobody = self.scans.send(heard);
        }
    }

    fn stopped_within(&self, patience: Duration) -> bool {
        matches!(self.stop.recv_timeout(patience), Err(mpsc::RecvTimeoutError::Disconnected))
    }
}

impl fmt::Display for ScannerRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "読取機を見張るプログラムを開始できません。装置を再起動してください。 / \
             The program that watches the scanner cannot be started. Restart this box.",
        )
    }
}

impl std::error::Error for ScannerRefused {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}
