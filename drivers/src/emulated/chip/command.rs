//! Commands and status words.

/// A short command. Longer forms exist only for what this card does not offer (`my-number-card §2`).
pub(super) struct Command<'a> {
    pub(super) class: u8,
    pub(super) instruction: u8,
    pub(super) p1: u8,
    pub(super) p2: u8,
    pub(super) body: &'a [u8],
    /// How many bytes are wanted at most; `None` when the command says nothing about it.
    pub(super) wanted: Option<usize>,
}

/// A status word (`my-number-card §7`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Status(pub(super) u16);

impl Status {
    pub(super) const DONE: Self = Self(0x9000);
    pub(super) const WRONG_LENGTH: Self = Self(0x6700);
    pub(super) const NO_SUCH_CHANNEL: Self = Self(0x6881);
    pub(super) const WRONG_KIND_OF_FILE: Self = Self(0x6981);
    pub(super) const NEEDS_A_SECRET: Self = Self(0x6982);
    pub(super) const BLOCKED: Self = Self(0x6984);
    pub(super) const CONDITIONS: Self = Self(0x6985);
    pub(super) const NO_CURRENT_FILE: Self = Self(0x6986);
    pub(super) const NOT_FOUND: Self = Self(0x6A82);
    pub(super) const NO_SUCH_RECORD: Self = Self(0x6A83);
    pub(super) const WRONG_PARAMETERS: Self = Self(0x6A86);
    pub(super) const PAST_THE_END: Self = Self(0x6B00);
    pub(super) const NO_SUCH_INSTRUCTION: Self = Self(0x6D00);
    pub(super) const CARD_FAULT: Self = Self(0x6F00);

    /// The secret does not fit, or was only asked about.
    pub(super) fn tries_left(tries: u8) -> Self {
        Self(0x63C0 | u16::from(tries & 0x0F))
    }
}

impl<'a> Command<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, Status> {
        let [class, instruction, p1, p2, rest @ ..] = bytes else {
            return Err(Status::WRONG_LENGTH);
        };
        let (body, wanted) = match rest {
            [] => (&[][..], None),
            [wanted] => (&[][..], Some(*wanted)),
            [0, ..] => return Err(Status::WRONG_LENGTH),
            [length, rest @ ..] => match rest.split_at_checked(usize::from(*length)) {
                Some((body, [])) => (body, None),
                Some((body, [wanted])) => (body, Some(*wanted)),
                _ => return Err(Status::WRONG_LENGTH),
            },
        };
        let wanted = wanted.map(|wanted| if wanted == 0 { 256 } else { usize::from(wanted) });
        Ok(Self { class: *class, instruction: *instruction, p1: *p1, p2: *p2, body, wanted })
    }
}
