//! The first start of a box: what it is to become is made apart, in a folder inside the data folder, and takes its place in one step.
//!
//! A power cut leaves the box as it came or finished: what is half made is thrown away at the next start, what is whole moves up. Only
//! coming into a facility has a middle, since another box knows of it by then: that goes on where it was.

mod console;
mod founding;
mod joining;
mod media;
mod restoring;
mod settings;
mod spare;
mod staging;
mod wizard;

pub use console::Notice;
pub(crate) use founding::desk_in;
pub use founding::{found, found_with};
pub use joining::prepare_to_join;
pub use restoring::restore;
pub use settings::Place;
pub use spare::{keep_spare, spare_in};
pub use staging::{Standing, standing};
pub use wizard::{End, Wizard};

use domain::text::Text;
use web::port::NotDone;

/// The settings of a box, in its data folder. Where they are, the first start is over.
pub const SETTINGS: &str = "uketsuke.toml";

/// Why something of the first start was not done.
#[derive(Debug, thiserror::Error)]
pub enum FirstStartFailure {
    /// the disk, or the folder
    #[error("the data folder cannot be written to: {0}")]
    Folder(#[from] std::io::Error),
    /// the record
    #[error("the record could not be made")]
    Store(#[from] crate::store::StoreError),
    /// a backup
    #[error(transparent)]
    Backup(#[from] crate::backup::BackupFailure),
    /// said at a field
    #[error("{}: {}", .0.at, .0.why.en)]
    Refused(NotDone),
}

impl FirstStartFailure {
    /// At which field it belongs, and what to do.
    pub fn told(self) -> NotDone {
        match self {
            FirstStartFailure::Refused(refused) => refused,
            FirstStartFailure::Backup(failure) => NotDone { at: restoring::field_of(&failure), why: failure.text() },
            FirstStartFailure::Folder(error) => NotDone {
                at: "",
                why: Text::new(
                    format!(
                        "受付機のディスクに書き込めません（{error}）。何も変更していません。空き容量を確かめてもう一度試し、続くときは保守担当に連絡してください。"
                    ),
                    format!(
                        "The disk of the box cannot be written to ({error}). Nothing was changed. Check the free space and try again; \
                         if it goes on, call support."
                    ),
                ),
            },
            FirstStartFailure::Store(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the record of a new box could not be made");
                NotDone {
                    at: "",
                    why: Text::new(
                        "記録を用意できませんでした。何も変更していません。もう一度試し、続くときは保守担当に連絡してください。",
                        "The record could not be made. Nothing was changed. Try again; if it goes on, call support.",
                    ),
                }
            }
        }
    }
}

fn refused(at: &'static str, ja: impl Into<String>, en: impl Into<String>) -> FirstStartFailure {
    FirstStartFailure::Refused(NotDone { at, why: Text::new(ja.into(), en.into()) })
}
