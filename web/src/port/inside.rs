//! The box seen from inside: whether everything in it is as it should be, what belongs to it, and what the helpdesk needs. Nothing about
//! patients, ever.

use super::Reading;
use domain::Timestamp;
use domain::text::Text;
use std::sync::Arc;

/// What a look at one part came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// as it should be
    Good,
    /// does not apply here, or could not be looked at from where the question was asked
    Aside,
    /// works, and wants somebody's attention before it does not
    Look,
    /// does not work, or will lose something
    Bad,
}

impl Finding {
    /// For machines.
    pub const fn code(self) -> &'static str {
        match self {
            Finding::Good => "good",
            Finding::Aside => "aside",
            Finding::Look => "look",
            Finding::Bad => "bad",
        }
    }
}

/// One part that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// stable name, for machines and for the phone
    pub code: &'static str,
    /// what it is
    pub name: Text,
    /// what came of it
    pub finding: Finding,
    /// what was looked at, and what was there
    pub seen: Text,
    /// the probable cause, when something is not right
    pub cause: Option<Text>,
    /// what to do
    pub cure: Option<Text>,
}

/// The whole box, looked over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckUp {
    /// when
    pub at: Timestamp,
    /// version of the program
    pub version: String,
    /// every part, in the order of the page
    pub checks: Vec<Check>,
}

impl CheckUp {
    /// The worst that was found.
    pub fn worst(&self) -> Finding {
        self.checks.iter().map(|check| check.finding).max().unwrap_or(Finding::Good)
    }
}

/// One thing that belongs to the site (機器台帳).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerItem {
    /// stable name of its kind, for machines: `box`, `member`, `device`, `usb`, `tablet`, `program`, `counter`
    pub kind: &'static str,
    /// its kind in words
    pub kind_words: Option<Text>,
    /// what it is called here
    pub name: String,
    /// maker and model
    pub model: String,
    /// the number its maker gave it
    pub serial: String,
    /// its firmware or version
    pub firmware: String,
    /// where it is plugged in or reached
    pub place: String,
    /// since when the box knows it
    pub since: Option<Timestamp>,
    /// when it was last seen to work
    pub last_seen: Option<Timestamp>,
    /// how it stands
    pub state: Option<Text>,
}

/// What the programs of the box are made of, as one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Components {
    /// name of the file
    pub file_name: String,
    /// SPDX, as JSON
    pub text: String,
    /// it covers the whole image, and not only this program
    pub covers_image: bool,
    /// how many are in it
    pub count: usize,
}

/// One file of a support bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleFile {
    /// its name in the bundle
    pub name: &'static str,
    /// what it is for
    pub about: Text,
    /// all of it
    pub text: String,
    /// SHA-256 of its bytes, in hexadecimal digits
    pub sha256: String,
}

/// What would go to the helpdesk, to be read first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// opaque
    pub id: String,
    /// when it was put together
    pub at: Timestamp,
    /// the files, in the order they are to be read
    pub files: Vec<BundleFile>,
}

/// The box seen from inside. Everything here takes its time: it is called off the asynchronous threads.
pub trait Inside: Send + Sync {
    /// Looks the whole box over; what was looked at a moment ago is not looked at again.
    fn check_up(&self) -> CheckUp;
    /// Everything that belongs to the site.
    fn ledger(&self) -> Reading<Vec<LedgerItem>>;
    /// What the programs are made of.
    fn components(&self) -> Components;
    /// Puts a support bundle together. It is kept for a while, so that what is sent is what was read.
    fn make_bundle(&self) -> Reading<Arc<Bundle>>;
    /// The bundle that was put together before; none when it is not kept any more.
    fn bundle(&self, id: &str) -> Option<Arc<Bundle>>;
    /// The files of a bundle in one ZIP file, without those of the given names.
    fn packed(&self, bundle: &Bundle, without: &[String]) -> Reading<Vec<u8>>;
}
