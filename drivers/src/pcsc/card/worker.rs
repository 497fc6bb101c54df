//! The thread that holds a card.

use std::ffi::CString;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use pcsc::{Card, Context, Disposition, MAX_BUFFER_SIZE_EXTENDED, Protocols, Scope, ShareMode};

use super::AfterUse;
use crate::card::WireError;
use crate::pcsc::cards::Share;
use crate::pcsc::next_step::NextStep;
use crate::pcsc::patience::Patience;
use crate::pcsc::roster::readable_name;
use crate::reader::ReaderName;

/// What the thread is asked to do.
pub(super) enum Request {
    Exchange(Vec<u8>),
    Release(AfterUse),
}

/// What it answers to each request, and once, empty, when the card is powered.
pub(super) type Answer = Result<Vec<u8>, WireError>;

pub(super) struct Worker {
    pub(super) reader: ReaderName,
    pub(super) share: Share,
    pub(super) patience: Patience,
    pub(super) requests: Receiver<Request>,
    pub(super) answers: Sender<Answer>,
}

impl Worker {
    pub(super) fn run(self) {
        let opened = self.open();
        match opened {
            Ok(card) => self.serve(card),
            Err(error) => self.tell(Err(error)),
        }
    }

    fn open(&self) -> Result<Card, WireError> {
        open(&self.reader, self.share, self.patience.busy, || self.wait_a_step())
    }

    /// A pause that ends when nobody waits for this card any longer.
    fn wait_a_step(&self) -> Result<(), WireError> {
        match self.requests.recv_timeout(Patience::BUSY_STEP) {
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Ok(_) | Err(RecvTimeoutError::Disconnected) => Err(WireError::Busy),
        }
    }

    fn serve(self, card: Card) {
        self.tell(Ok(Vec::new()));
        let mut buffer = vec![0; MAX_BUFFER_SIZE_EXTENDED];
        let mut after_use = AfterUse::LeavePowered;
        let mut released = false;
        while let Ok(request) = self.requests.recv() {
            match request {
                Request::Exchange(mut command) => {
                    self.tell(exchange(&card, &command, &mut buffer));
                    forget(&mut command);
                }
                Request::Release(wish) => {
                    (after_use, released) = (wish, true);
                    break;
                }
            }
        }
        disconnect(card, after_use);
        if released {
            self.tell(Ok(Vec::new()));
        }
    }

    fn tell(&self, answer: Answer) {
        // whoever asked may have given up meanwhile
        let _nobody_listens = self.answers.send(answer);
    }
}

/// Powers a card up. A card that another program holds is waited for; the pauses are the caller's, who may end the waiting.
pub(super) fn open(
    reader: &ReaderName,
    share: Share,
    busy: Duration,
    pause: impl Fn() -> Result<(), WireError>,
) -> Result<Card, WireError> {
    let context = Context::establish(Scope::User).map_err(wire_error)?;
    let system_name = system_name(&context, reader)?;
    let give_up = Instant::now() + busy;
    // without a card there is nothing to agree on a protocol with
    let protocols = if share == Share::ReaderAlone { Protocols::UNDEFINED } else { Protocols::ANY };
    loop {
        match context.connect(&system_name, share_mode(share), protocols) {
            Ok(card) => return Ok(card),
            Err(error) if NextStep::after(error) == NextStep::Busy && Instant::now() < give_up => pause()?,
            Err(error) => return Err(wire_error(error)),
        }
    }
}

fn system_name(context: &Context, reader: &ReaderName) -> Result<CString, WireError> {
    let listed = context.list_readers_owned().map_err(wire_error)?;
    listed.into_iter().find(|name| readable_name(name) == *reader).ok_or(WireError::ReaderGone)
}

fn share_mode(share: Share) -> ShareMode {
    match share {
        Share::WithOthers => ShareMode::Shared,
        Share::Exclusive => ShareMode::Exclusive,
        Share::ReaderAlone => ShareMode::Direct,
    }
}

/// One command there, one answer back. `buffer` is larger than any answer: too small a one would lose the answer of a command
/// the card has carried out.
pub(super) fn exchange(card: &Card, command: &[u8], buffer: &mut [u8]) -> Answer {
    let answer = match card.transmit(command, buffer) {
        // a card pulled in the middle can look like a success without a status word
        Ok(answer) if answer.len() < 2 => Err(WireError::CardGone),
        Ok(answer) => Ok(answer.to_vec()),
        Err(error) => Err(wire_error(error)),
    };
    let used = answer.as_ref().map_or(0, Vec::len);
    forget(&mut buffer[..used]);
    answer
}

/// Overwrites bytes that may have been somebody's secret, in a way the compiler does not leave out.
fn forget(bytes: &mut [u8]) {
    bytes.fill(0);
    std::hint::black_box(bytes);
}

/// Always said explicitly: left to itself, the handle would reset the card under everybody who shares it.
pub(super) fn disconnect(card: Card, after_use: AfterUse) {
    let disposition = match after_use {
        AfterUse::LeavePowered => Disposition::LeaveCard,
        AfterUse::PowerDown => Disposition::UnpowerCard,
    };
    // an error means that card, reader or service is gone: there is nothing left to disconnect from
    let _gone = card.disconnect(disposition);
}

fn wire_error(error: pcsc::Error) -> WireError {
    NextStep::after(error).for_card_work()
}
