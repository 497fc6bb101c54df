//! What a board can be asked, and how it answers.

use std::fmt;

use super::frame::{Channel, Contact, START};

/// How a board speaks beyond the two operations that all understand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Says nothing.
    Plain,
    /// Asked with operation `05`, answers with a frame.
    Feedback,
    /// Asked with the byte `FF`, answers with a line of text for each relay.
    FfText,
    /// Asked with the byte `FF`, answers with a byte for each relay.
    FfBinary,
    /// "Relay PRO": its question is operation `02`, which switches other boards off, and its answer is not known. So it is
    /// never asked.
    Pro,
}

/// No such dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DialectRefused;

impl Dialect {
    /// All of them, for settings pages.
    pub const ALL: [Self; 5] = [Self::Plain, Self::Feedback, Self::FfText, Self::FfBinary, Self::Pro];

    /// The name used in settings.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Feedback => "feedback",
            Self::FfText => "ff-text",
            Self::FfBinary => "ff-binary",
            Self::Pro => "pro",
        }
    }

    /// The dialect of this name.
    pub fn named(name: &str) -> Result<Self, DialectRefused> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name).ok_or(DialectRefused)
    }

    /// The question for the state of a relay, when the dialect has one with a known answer.
    pub(super) fn question(self, channel: Channel) -> Option<Vec<u8>> {
        match self {
            Self::Plain | Self::Pro => None,
            Self::Feedback => Some(channel.frame(0x05).to_vec()),
            Self::FfText | Self::FfBinary => Some(vec![0xff]),
        }
    }

    /// What the whole answer says of this relay on a board of so many; `None` when it is not exactly an answer. A board of
    /// another dialect must never be understood by accident.
    pub(super) fn understand(self, answer: &[u8], channel: Channel, relays: Channel) -> Option<Contact> {
        let place = usize::from(channel.number()) - 1;
        let count = usize::from(relays.number());
        match self {
            Self::Plain | Self::Pro => None,
            Self::Feedback => {
                [Contact::Released, Contact::PulledIn].into_iter().find(|contact| answer == channel.command(*contact))
            }
            Self::FfBinary if answer.len() == count && answer.first() != Some(&START) => {
                answer.get(place).map(|byte| if *byte == 0 { Contact::Released } else { Contact::PulledIn })
            }
            Self::FfBinary => None,
            Self::FfText => text_answer(answer, count)?.get(place).copied(),
        }
    }
}

/// `CH1: OFF`, `CH2:ON ` …: one line for each relay in order, no more and no less.
fn text_answer(answer: &[u8], relays: usize) -> Option<Vec<Contact>> {
    let text = std::str::from_utf8(answer).ok()?.strip_suffix("\r\n")?;
    let lines: Vec<&str> = text.split("\r\n").collect();
    let contacts: Option<Vec<_>> = lines.iter().enumerate().map(|(place, line)| text_line(line, place + 1)).collect();
    contacts.filter(|contacts| contacts.len() == relays)
}

fn text_line(line: &str, number: usize) -> Option<Contact> {
    match line.strip_prefix(&format!("CH{number}:"))?.trim_matches(' ') {
        "OFF" => Some(Contact::Released),
        "ON" => Some(Contact::PulledIn),
        _ => None,
    }
}

impl fmt::Display for DialectRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "リレー基板の方言は plain、feedback、ff-text、ff-binary、pro のどれかです。 / \
             A relay board's dialect is plain, feedback, ff-text, ff-binary or pro.",
        )
    }
}

impl std::error::Error for DialectRefused {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn channel(number: u8) -> Channel {
        Channel::new(number).expect("a channel")
    }

    #[test]
    fn only_harmless_questions_are_ever_asked() {
        let questions: Vec<_> = Dialect::ALL.iter().map(|dialect| dialect.question(channel(1))).collect();
        let ff = Some(vec![0xff]);
        assert_eq!(questions, [None, Some(vec![0xa0, 1, 5, 0xa6]), ff.clone(), ff, None]);
    }

    #[test]
    fn answers_are_understood_to_the_byte() {
        let understand = |dialect: Dialect, answer: &[u8]| dialect.understand(answer, channel(2), channel(2));
        assert_eq!(understand(Dialect::Feedback, &[0xa0, 2, 1, 0xa3]), Some(Contact::PulledIn));
        assert_eq!(understand(Dialect::Feedback, &[0xa0, 2, 0, 0xa2]), Some(Contact::Released));
        assert_eq!(understand(Dialect::FfText, b"CH1: OFF\r\nCH2: ON\r\n"), Some(Contact::PulledIn));
        assert_eq!(understand(Dialect::FfText, b"CH1:ON \r\nCH2:OFF \r\n"), Some(Contact::Released));
        assert_eq!(understand(Dialect::FfBinary, &[1, 0]), Some(Contact::Released));
        assert_eq!(understand(Dialect::FfBinary, &[0, 0xff]), Some(Contact::PulledIn));
    }

    #[test]
    fn wrong_checksums_other_relays_and_other_dialects_are_not_understood() {
        let nothing = |dialect: Dialect, answer: &[u8]| {
            assert_eq!(dialect.understand(answer, channel(1), channel(4)), None, "{dialect:?} {answer:?}");
        };
        for answer in
            [&[0xa0, 1, 1, 0xa3][..], &[0xa0, 2, 1, 0xa3], &[0xa0, 1, 2, 0xa3], &[0xa0, 1, 1], &[0xa0, 1, 1, 0xa2, 0]]
        {
            nothing(Dialect::Feedback, answer);
        }
        for answer in
            ["CH1: OFF\r\n", "CH1: OFF\r\nCH2: OFF\r\nCH3: OFF\r\nCH5: OFF\r\n", "CH1: off\r\n", "CH1: OFF\n\n", ""]
        {
            nothing(Dialect::FfText, answer.as_bytes());
        }
        nothing(Dialect::FfText, b"CH1: OFF\r\nCH2: OFF\r\nCH3: OFF\r\nCH4: OFF\r\nCH5: OFF\r\n");
        for answer in [&b"CH1: OFF\r\n"[..], &[0, 0, 0], &[0, 0, 0, 0, 0], &[0xa0, 1, 1, 0xa2], &[]] {
            nothing(Dialect::FfBinary, answer);
        }
        nothing(Dialect::Plain, &[0xa0, 1, 1, 0xa2]);
        nothing(Dialect::Pro, &[0xa0, 1, 1, 0xa2]);
    }

    #[test]
    fn dialects_are_chosen_by_name() {
        assert!(Dialect::ALL.into_iter().all(|dialect| Dialect::named(dialect.name()) == Ok(dialect)));
        assert_eq!(Dialect::named("auto"), Err(DialectRefused));
    }

    proptest! {
        #[test]
        fn any_answer_is_taken_calmly(answer in prop::collection::vec(any::<u8>(), 0..64), at in 1_u8..=8, relays in 1_u8..=8) {
            for dialect in Dialect::ALL {
                let understood = dialect.understand(&answer, channel(at), channel(relays));
                prop_assert!(understood.is_none() || !matches!(dialect, Dialect::Plain | Dialect::Pro));
            }
        }
    }
}
