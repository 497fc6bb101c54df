//! Figures of the box at `/metrics`, in the text form of Prometheus. Figures only: no name, no date of birth, no number of anybody.
//!
//! Nearly all of them are read when somebody asks; only what leaves no trace in the record is counted along the way ([`Figures`]).

mod door;
mod figures;
mod of_box;
mod of_machine;
mod text;

pub use door::{PATH, router};
pub use figures::Figures;
pub use of_box::{Watched, collect};
pub use text::{Exposition, Kind};
