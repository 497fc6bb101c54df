//! The command frame: `A0`, channel, operation, checksum.

use std::fmt;

/// A relay on the board, from 1 to 8. (`0F` means "all" on some boards, so no higher number is ever sent.)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channel(u8);

/// The number is no channel from 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelRefused;

/// How a relay stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    /// Operation `00`: the coil is without current.
    Released,
    /// Operation `01`: pulled in.
    PulledIn,
}

pub(super) const START: u8 = 0xa0;

impl Channel {
    /// Channel 1 to 8.
    pub fn new(number: u8) -> Result<Self, ChannelRefused> {
        if (1..=8).contains(&number) { Ok(Self(number)) } else { Err(ChannelRefused) }
    }

    /// Its number.
    pub fn number(&self) -> u8 {
        self.0
    }

    /// The frame that brings this relay into this position.
    pub(super) fn command(self, contact: Contact) -> [u8; 4] {
        self.frame(contact.operation())
    }

    /// A frame with its checksum: the sum of the three bytes before, modulo 256.
    pub(super) fn frame(self, operation: u8) -> [u8; 4] {
        [START, self.0, operation, START.wrapping_add(self.0).wrapping_add(operation)]
    }
}

impl Contact {
    fn operation(self) -> u8 {
        match self {
            Self::Released => 0,
            Self::PulledIn => 1,
        }
    }
}

impl fmt::Display for ChannelRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("リレーの番号は1から8までです。 / A relay's number is 1 to 8.")
    }
}

impl std::error::Error for ChannelRefused {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_those_of_the_published_examples() {
        let command = |number, contact| Channel::new(number).map(|channel| channel.command(contact));
        assert_eq!(command(1, Contact::PulledIn), Ok([0xa0, 1, 1, 0xa2]));
        assert_eq!(command(1, Contact::Released), Ok([0xa0, 1, 0, 0xa1]));
        assert_eq!(command(2, Contact::PulledIn), Ok([0xa0, 2, 1, 0xa3]));
        assert_eq!(command(2, Contact::Released), Ok([0xa0, 2, 0, 0xa2]));
        assert_eq!(command(4, Contact::PulledIn), Ok([0xa0, 4, 1, 0xa5]));
        assert_eq!(command(8, Contact::PulledIn), Ok([0xa0, 8, 1, 0xa9]));
    }

    #[test]
    fn the_number_that_means_all_is_no_channel() {
        for number in [0, 9, 15, 255] {
            assert_eq!(Channel::new(number), Err(ChannelRefused));
        }
    }
}
