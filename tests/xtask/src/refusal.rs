//! Why a command ended without doing what was asked, in words for the person at the terminal.

/// A text and the exit status that goes with it.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    pub text: String,
    pub exit_code: u8,
}

impl Refusal {
    /// The words on the command line were not understood (status 2, as usual for misuse).
    pub fn misuse(text: impl Into<String>) -> Self {
        let text = format!("{}\n`cargo xtask help` shows every command.", text.into());
        Self { text, exit_code: 2 }
    }

    /// Something that was understood could not be done, or a check failed (status 1).
    pub fn failure(text: impl Into<String>) -> Self {
        Self { text: text.into(), exit_code: 1 }
    }
}
