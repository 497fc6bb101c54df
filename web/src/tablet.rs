//! The patient's tablet: paired by a code, one question on a page, in seven languages, and no way to anything else.
//!
//! ```text
//!   desk: /tablets ── code ──▶ tablet: /tablet ── its own cookie ──▶ waiting ◀─────────────────────────┐
//!   desk: hand over ─────────────────────────────────────────────▶ language → questions → review → sign → thanks
//!                                                                     │ nobody there
//!   desk: go on, send again, print with the same number ◀── put away ◀┘
//! ```
//!
//! A tablet's cookie opens `/tablet…` and the files of the pages, nothing else ([`here`]). What is written is kept in the box after
//! every page; the browser keeps nothing. The finished form goes to the desk by the same command as one that staff take.

mod fill;
mod guide;
mod here;
mod idle;
mod next;
mod page;
mod pairing;
mod room;
mod ruby;
mod sign;
mod step;
mod text;
mod tongue;
mod words;

pub use fill::{answer, begin, language, question};
pub use guide::guide;
pub use here::{call, enter, outside, state, tablets, unavailable};
pub use idle::{put_away, still_there};
pub use next::{thanks, waiting};
pub use page::error_page;
pub use pairing::{door, pair};
pub use room::TabletRoom;
pub use sign::{hand_in, review, sign};
pub use step::{RATIO_UNKNOWN, Step, progress};
