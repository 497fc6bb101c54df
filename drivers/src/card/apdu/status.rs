//! Status words by what they mean here (`my-number-card §7`).

/// The two bytes behind every answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::card) enum Status {
    /// `9000`.
    Done,
    /// `6282`: the file ended before the length asked for; the data counts.
    EndOfFile,
    /// `63Cx`: wrong, or the answer to the empty VERIFY; so many tries are left.
    TriesLeft(u8),
    /// `6984`, and ISO's word for it, `6983`.
    Blocked,
    /// `6982`: a secret is needed first.
    SecretNeeded,
    /// `6A82`: no such application or file.
    NotFound,
    /// `6B00`: the offset is behind the end of the file.
    PastTheEnd,
    /// `6Cxx`: ask again with this length; `00` stands for 256.
    RightLength(usize),
    /// `6F00`: a fault of the card, seen once after power-up.
    CardFault,
    /// Anything else, for the technician.
    Other(u16),
}

impl From<[u8; 2]> for Status {
    fn from(word: [u8; 2]) -> Self {
        match word {
            [0x90, 0x00] => Self::Done,
            [0x62, 0x82] => Self::EndOfFile,
            [0x63, low @ 0xC0..=0xCF] => Self::TriesLeft(low & 0x0F),
            [0x69, 0x83 | 0x84] => Self::Blocked,
            [0x69, 0x82] => Self::SecretNeeded,
            [0x6A, 0x82] => Self::NotFound,
            [0x6B, 0x00] => Self::PastTheEnd,
            [0x6C, 0x00] => Self::RightLength(256),
            [0x6C, length] => Self::RightLength(length.into()),
            [0x6F, 0x00] => Self::CardFault,
            other => Self::Other(u16::from_be_bytes(other)),
        }
    }
}

impl Status {
    /// The word itself, for a technician. `6983` and `6984` mean the same here and are told as `6984`.
    pub(in crate::card) fn word(self) -> u16 {
        match self {
            Self::Done => 0x9000,
            Self::EndOfFile => 0x6282,
            Self::TriesLeft(left) => 0x63C0 | u16::from(left),
            Self::Blocked => 0x6984,
            Self::SecretNeeded => 0x6982,
            Self::NotFound => 0x6A82,
            Self::PastTheEnd => 0x6B00,
            Self::RightLength(length) => 0x6C00 | (length as u16 & 0xFF),
            Self::CardFault => 0x6F00,
            Self::Other(word) => word,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_kept_except_the_second_name_for_blocked() {
        for word in 0..=u16::MAX {
            let told = Status::from(word.to_be_bytes()).word();
            assert_eq!(told, if word == 0x6983 { 0x6984 } else { word });
        }
    }

    #[test]
    fn the_words_of_the_sheet_have_names() {
        assert_eq!(Status::from([0x63, 0xC0]), Status::TriesLeft(0));
        assert_eq!(Status::from([0x63, 0xCA]), Status::TriesLeft(10));
        assert_eq!(Status::from([0x63, 0x00]), Status::Other(0x6300));
        assert_eq!(Status::from([0x6C, 0x00]), Status::RightLength(256));
        assert_eq!(Status::from([0x69, 0x83]), Status::Blocked);
    }
}
