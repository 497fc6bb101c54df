//! The card in the virtual reader.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::os::linux::net::TcpStreamExt;
use std::time::Duration;

use super::chip::Chip;
use super::frames::{self, FromReader};
use super::issue::IssueFailed;
use super::knobs::CardKnobs;
use super::order::CardOrder;

/// An emulated card on its way into a virtual reader.
#[derive(Debug)]
pub struct EmulatedCard {
    knobs: CardKnobs,
}

/// Between two attempts to find the reader.
const KNOCK_AGAIN: Duration = Duration::from_millis(100);
/// A card is out at least this long. The virtual reader looks every 0.4 s, and one that finds another card waiting takes
/// it for the one it had: a swap it did not notice.
const OUT_AT_LEAST: Duration = Duration::from_millis(600);
/// For one attempt.
const KNOCK: Duration = Duration::from_secs(1);

impl EmulatedCard {
    /// Makes a card to order.
    pub fn issue(order: &CardOrder) -> Result<Self, IssueFailed> {
        Ok(Self { knobs: CardKnobs::new(Chip::issue(order)?) })
    }

    /// The knobs, to keep while the card runs.
    pub fn knobs(&self) -> CardKnobs {
        self.knobs.clone()
    }

    /// Puts the card into the virtual reader that listens at `reader` and serves it until [`CardKnobs::stop`]. A reader
    /// that is not there, or goes away, is looked for again.
    pub fn run(self, reader: SocketAddr) {
        loop {
            if self.knobs.wait_while(|things| !things.in_reader && !things.over).over {
                return;
            }
            // whichever way the line broke: if the card is still in, the reader is looked for again
            let _broken = self.serve(reader);
            self.knobs.hung_up();
            let pulled = self.knobs.things().take_pulled();
            let pause = if pulled { OUT_AT_LEAST } else { KNOCK_AGAIN };
            drop(self.knobs.wait_at_most(pause, |things| !things.over));
        }
    }

    fn serve(&self, reader: SocketAddr) -> io::Result<()> {
        let mut line = TcpStream::connect_timeout(&reader, KNOCK)?;
        line.set_nodelay(true)?;
        if !self.knobs.connected(line.try_clone()?) {
            return Ok(());
        }
        loop {
            // the reader sends length and body apart and waits for the acknowledgement of the first: give it at once
            line.set_quickack(true)?;
            match frames::read(&mut line)? {
                FromReader::PowerOff | FromReader::PowerOn => self.knobs.things().chip.cycle_power(),
                FromReader::Reset => self.knobs.things().chip.reset(),
                FromReader::AnswerToReset => {
                    let answer = self.knobs.things().chip.answer_to_reset();
                    frames::write(&mut line, answer)?;
                }
                FromReader::Command(command) => match self.knobs.answer(&command) {
                    Some(answer) => frames::write(&mut line, &answer)?,
                    None => return Ok(()),
                },
            }
        }
    }
}
