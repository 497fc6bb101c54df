//! The code printed on a paper prescription (JAHIS 院外処方箋２次元シンボル), and the other things that reach the same
//! scanner.
//!
//! Pure: bytes in, plain values or a sentence for the staff out. Section numbers in these files are those of the project's
//! sheet on prescription codes. The original is the paper; a scan is a typing aid and proves nothing.
//!
//! ```text
//!   scan ──▶ Assembly: split symbols are put together ──▶ recognise, by the first line
//!                                                          ├─ Prescription, record by record, with notices
//!                                                          ├─ patient's copy, plain number, our own slip
//!                                                          └─ Refusal, with what to tell the staff
//! ```
//!
//! * Bytes are joined and split first and decoded once: a symbol may end inside a character.
//! * A record that breaks its own types is left out with a notice; items are never moved by guess.
//! * Medicines, the doctor and the institution's own patient code are forgotten: the desk does not need them.
//! * Nothing printed on the sheet appears in `Debug` output.

mod assembly;
mod date;
mod fields;
mod individual;
mod letters;
mod notice;
mod order;
mod printed;
mod recognise;
mod record;
mod refusal;
mod sheet;
mod slip;

pub use assembly::{Assembly, GivenUp, SymbolPosition, Taken, WAIT_MS};
pub use date::{Day, PrintedDate};
pub use notice::{Notice, record_name};
pub use printed::Printed;
pub use recognise::{DeskCode, MAX_BYTES, PlainNumber, PrescriptionCopy, recognise};
pub use refusal::Refusal;
pub use sheet::{
    BurdenClass, DispensingPart, Duty, Holder, Institution, Insurance, Insurer, KindOfInsurance, PaidBy, Patient,
    PayerPlace, Prescription, PublicPayer, RatioHint, Sex, UsableUntil,
};
pub use slip::{SlipCode, SlipRefused};
