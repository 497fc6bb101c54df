//! What is kept of a refused command: where and what, never its data.

use std::fmt;

use super::rules::Standing;

/// A refused command (`my-number-card §14` rule 1). It can only come from a mistake in this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Incident {
    /// The application that was selected, if any.
    pub application: Option<&'static str>,
    /// The file the command was about: the one it names, else the one selected.
    pub file: Option<FileId>,
    /// The instruction byte, where the command had one.
    pub instruction: Option<u8>,
    /// Why it was refused.
    pub refusal: Refusal,
}

/// The two bytes that name a file or key below an application.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileId(pub [u8; 2]);

/// Why the gate did not let a command pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Not one of the listed forms: another class, instruction, parameter or length, a short file identifier, a
    /// logical channel, chaining, extended length.
    UnlistedForm,
    /// The application is not on the list, or its name is not complete.
    UnlistedApplication,
    /// The file, key or record is not on the list of the current application.
    UnlistedFile,
    /// No application, or no file, is certainly selected.
    NothingSelected,
    /// The file may be selected, but not used in this way.
    NotPermittedHere,
    /// Behind the part of the file that may be read.
    OutsideTheFile,
    /// A secret may only be presented right after its tries were counted and some are left.
    TriesNotCounted,
    /// The last try was not confirmed by a person.
    LastTryNotConfirmed,
}

impl Incident {
    pub(super) fn of(standing: Standing, command: &[u8], refusal: Refusal) -> Self {
        let selected = standing.file().map(|file| FileId(file.id));
        Self {
            application: standing.application().map(|application| application.label),
            file: named_file(command).or(selected),
            instruction: command.get(1).copied(),
            refusal,
        }
    }
}

/// The file a command names itself: in a SELECT, or by a short identifier in its parameters.
fn named_file(command: &[u8]) -> Option<FileId> {
    let short = |id: u8| (id & 0x1F != 0).then_some(FileId([0, id & 0x1F]));
    match *command {
        [_, 0xA4, _, _, 2, high, low] => Some(FileId([high, low])),
        [_, 0xB0, sfi, ..] if sfi & 0x80 != 0 => short(sfi),
        [_, 0xB2, _, sfi, ..] => short(sfi >> 3),
        [_, 0x20, _, sfi, ..] if sfi & 0x80 != 0 => short(sfi),
        _ => None,
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02X}{:02X}", self.0[0], self.0[1])
    }
}

impl fmt::Debug for FileId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::UnlistedForm => "許可されていない形のコマンドです。 / The form of the command is not on the list.",
            Self::UnlistedApplication => "許可されていないアプリケーションです。 / The application is not on the list.",
            Self::UnlistedFile => "許可されていないファイルです。 / The file is not on the list.",
            Self::NothingSelected => "選択状態が確かではありません。 / Nothing is certainly selected.",
            Self::NotPermittedHere => {
                "このファイルには許可されていない操作です。 / The file may not be used in this way."
            }
            Self::OutsideTheFile => "読み取れる範囲の外です。 / Outside the part that may be read.",
            Self::TriesNotCounted => "残り回数を確かめていません。 / The tries left were not counted first.",
            Self::LastTryNotConfirmed => "最後の1回の確認がありません。 / The last try was not confirmed by a person.",
        })
    }
}
