//! The claims of a month, as the desk shows them, and what may be done with them.

use domain::claim::month::MonthEvent;
use domain::claim::{ClaimLine, Month, ReturnOutcome, ReturnReason, ReturnedClaim};
use domain::coverage::Sex;
use domain::fact::{Author, PatientId, VisitId};
use domain::text::Text;
use domain::{Date, Timestamp};

/// Which visits of a month are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClaimFilter {
    /// all of them
    All,
    /// those that need somebody
    NeedsSomebody,
    /// those whose claim changed since this person last looked
    Changed,
    /// those that changed or came after the month was frozen
    AfterFreeze,
}

/// A question for the claims of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimQuery {
    /// which month
    pub month: Month,
    /// which visits
    pub filter: ClaimFilter,
    /// only those after this one
    pub after: Option<VisitId>,
    /// at most so many
    pub limit: u32,
    /// who asks
    pub by: Author,
}

/// How a visit stands to the frozen list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SinceFreeze {
    /// as it was frozen, or the month is open
    Same,
    /// its claim changed after the month was frozen
    Changed,
    /// it came after the month was frozen
    Added,
}

/// One visit of the month-end list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimItem {
    /// which visit
    pub visit: VisitId,
    /// its day
    pub visit_date: Date,
    /// the patient on file
    pub patient: Option<PatientId>,
    /// the clinic's number
    pub patient_number: Option<String>,
    /// name to print
    pub name: Option<String>,
    /// kana
    pub name_kana: Option<String>,
    /// birth date
    pub birth_date: Option<Date>,
    /// sex
    pub sex: Option<Sex>,
    /// what would be sent, on what it rests, what stands out
    pub line: ClaimLine,
    /// how it stands to the frozen list
    pub since_freeze: SinceFreeze,
    /// its claim changed since this person last looked
    pub changed: bool,
    /// the same patient has another insurer at another visit of the month: one claim per insurer (claims-rules §1.2)
    pub insurer_differs_in_month: bool,
}

/// How many visits of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClaimTotals {
    /// ①
    pub current: u32,
    /// ②
    pub former: u32,
    /// ③
    pub unknown: u32,
    /// on hold
    pub hold: u32,
    /// that make no claim
    pub not_claimed: u32,
    /// that need somebody
    pub needs_somebody: u32,
    /// claimed but not confirmed online
    pub unconfirmed: u32,
    /// changed since this person last looked
    pub changed: u32,
    /// changed or added after the freeze
    pub after_freeze: u32,
}

impl ClaimTotals {
    /// Every visit of the month.
    pub const fn all(&self) -> u32 {
        self.current + self.former + self.unknown + self.hold + self.not_claimed
    }
}

/// The claims of a month, one page of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimMonth {
    /// which month
    pub month: Month,
    /// how many of each
    pub totals: ClaimTotals,
    /// the visits of this page
    pub items: Vec<ClaimItem>,
    /// the page after this one begins after this visit
    pub next: Option<VisitId>,
    /// the month stands frozen
    pub is_frozen: bool,
    /// frozen and opened again, in order
    pub events: Vec<MonthEvent>,
    /// claims that came back, with the name of the patient
    pub returned: Vec<(ReturnedClaim, Option<String>)>,
    /// when this person last looked
    pub looked_at: Option<Timestamp>,
    /// what to hand in as seen
    pub mark: i64,
}

/// What may be done with the claims of a month.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ClaimCommand {
    /// freeze the list as it stands
    Freeze(Month),
    /// open it again
    Reopen {
        /// which month
        month: Month,
        /// why
        reason: String,
    },
    /// a claim came back
    EnterReturn {
        /// the visit it is traced back to
        visit: VisitId,
        /// when it came back
        on: Date,
        /// why
        reason: ReturnReason,
        /// what the payer body wrote
        note: Option<String>,
    },
    /// what became of a returned claim
    SettleReturn {
        /// of which month
        month: Month,
        /// which
        id: String,
        /// what
        outcome: ReturnOutcome,
        /// how
        note: String,
    },
    /// this person has seen the month up to a mark
    Looked {
        /// which month
        month: Month,
        /// as [`ClaimMonth::mark`] said
        mark: i64,
    },
}

/// The letters a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileEncoding {
    /// UTF-8 with its mark in front
    Utf8WithMark,
    /// Shift_JIS as Windows has it
    ShiftJis,
}

impl FileEncoding {
    /// Its code in addresses and layouts.
    pub const fn code(self) -> &'static str {
        match self {
            FileEncoding::Utf8WithMark => "utf-8",
            FileEncoding::ShiftJis => "shift_jis",
        }
    }

    /// From its code.
    pub fn from_code(code: &str) -> Option<FileEncoding> {
        [FileEncoding::Utf8WithMark, FileEncoding::ShiftJis].into_iter().find(|one| one.code() == code)
    }
}

/// A layout for files of claims: the box's own, or one of a receipt computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimLayout {
    /// what it is called in addresses
    pub name: String,
    /// what people call it
    pub title: String,
    /// what is wrong with it and where; such a layout makes no file
    pub problem: Option<Text>,
}

/// Which part of a file of claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimFileQuery {
    /// which month
    pub month: Month,
    /// name of the layout
    pub layout: String,
    /// letters; absent = as the layout says
    pub encoding: Option<FileEncoding>,
    /// only the visits after this one; absent = from the beginning, with the line of titles
    pub after: Option<VisitId>,
}

/// A part of a file of claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimFilePart {
    /// its bytes
    pub bytes: Vec<u8>,
    /// the next part begins after this visit; absent = this was the last
    pub next: Option<VisitId>,
    /// letters it is written in
    pub encoding: FileEncoding,
    /// how many visits are in it
    pub visits: u32,
    /// what could not be written in these letters: visit, column and letters, named
    pub unwritable: Vec<Text>,
}

/// Whom to phone about an insurance.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InsurerContact {
    /// 保険者番号, bare digits
    pub insurer_number: String,
    /// name
    pub name: String,
    /// phone
    pub phone: String,
}
