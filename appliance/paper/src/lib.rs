//! What stands on each paper the box prints: typed documents between the desk, which fills them in, and the program
//! `uketsuke-print`, which sets them. Words that come from the record are already words here; the fixed words of a paper stand in
//! its template. A paper never holds a My Number, a PIN or a face.

mod declaration;
mod inside;
mod lists;
mod slips;
mod trouble;

pub use declaration::{BlankForms, Declaration, Pick, Remark, Signed};
pub use inside::{CheckLine, CheckUp, RecoveryKit};
pub use lists::{BlankDay, DayList, DayRow, MonthEnd, MonthRow};
pub use slips::{Advice, Line, Refund, TakeHome, Topic};
pub use trouble::{CallSheet, FaultNow, FaultReport, Happened, Part};

use serde::{Deserialize, Serialize};

/// Longest list on one paper; a day of the largest clinic has a few hundred lines, a month some thousands.
pub const MOST_LINES: usize = 5_000;
/// Most blank forms in one order.
pub const MOST_FORMS: usize = 50;

/// One paper to be set, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// the institution, as it stands at the foot of every paper
    pub site: Site,
    /// when the paper was made, in words
    pub made: String,
    /// this is a paper of the demonstration clinic or of practice: said on every page
    pub practice: bool,
    /// what is printed
    pub paper: Paper,
}

/// The institution.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// its name
    pub name: String,
    /// its institution code (医療機関コード), 10 digits
    pub institution_code: Option<String>,
    /// its phone number for patients
    pub phone: Option<String>,
}

/// The papers. P-A to P-E are those of the sheet on the self-declaration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "one paper at a time, never a list of them")]
pub enum Paper {
    /// P-A: the filled self-declaration
    Declaration(Box<Declaration>),
    /// P-B: what the self-declaration is, for the patient
    Explanation,
    /// P-C: what the patient takes home
    TakeHome(TakeHome),
    /// P-D: blank numbered forms
    BlankForms(BlankForms),
    /// P-E: the remark text of the claim
    Remark(Remark),
    /// an advice slip
    Advice(Advice),
    /// the fault is in the equipment; you pay the usual share
    EquipmentFault,
    /// what to say when calling for help, with a log of the calls
    CallSheet(CallSheet),
    /// who came on a day
    DayList(DayList),
    /// a day written by hand
    BlankDay(BlankDay),
    /// which part stopped
    FaultReport(FaultReport),
    /// money that goes back to a patient
    Refund(Refund),
    /// every visit of a month
    MonthEnd(MonthEnd),
    /// the whole box, looked over
    CheckUp(CheckUp),
    /// the recovery key with what to do
    RecoveryKit(RecoveryKit),
}
