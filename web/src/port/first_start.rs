//! The first start of a box that has no settings yet, as the pages of it ask for it.

use super::{DigitsQuestion, NotDone, Pending};
use domain::Timestamp;
use domain::case::SiteKind;
use domain::text::Text;
use std::path::PathBuf;

/// What a new box becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirstChoice {
    /// the first box of a facility
    New(NewFacility),
    /// one more box of a facility
    Join(JoinFacility),
    /// the box that a backup was made of
    Restore(RestoreBackup),
    /// a box that waits until it is needed
    Spare(SpareBox),
}

/// The first box of a facility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFacility {
    /// the site
    pub site: SiteSettings,
    /// who signs in first
    pub person: FirstPerson,
}

/// One more box of a facility: accounts of staff are each box's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinFacility {
    /// address and port of a box of the facility
    pub address: String,
    /// the code that box shows; empty to go on after a cut
    pub code: String,
    /// what people call this box
    pub box_name: String,
    /// the site
    pub site: SiteSettings,
    /// who signs in first
    pub person: FirstPerson,
}

/// The box that a backup was made of.
#[derive(Clone, PartialEq, Eq)]
pub struct RestoreBackup {
    /// a backup, or a folder: the newest good one in it
    pub from: PathBuf,
    /// the recovery key, as it was typed
    pub key: String,
    /// the site, for a backup that holds no settings
    pub site: Option<SiteSettings>,
}

impl std::fmt::Debug for RestoreBackup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RestoreBackup({} characters of a key)", self.key.chars().count())
    }
}

/// A box that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpareBox {
    /// what people call it
    pub name: String,
    /// what kind of site it is kept for
    pub kind: SiteKind,
}

/// What the settings of a site begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteSettings {
    /// name on the pages
    pub name: String,
    /// kind of site
    pub kind: SiteKind,
    /// 医療機関コード
    pub institution_code: String,
    /// phone number for patients, on papers; empty = none
    pub phone: String,
    /// shared folders of the terminal, where there is one
    pub terminal: Option<TerminalFolders>,
}

/// The shared folders of a qualification terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalFolders {
    /// requests
    pub req: PathBuf,
    /// results
    pub res: PathBuf,
    /// card readings
    pub face: Option<PathBuf>,
}

/// Who signs in first, as a manager.
#[derive(Clone, PartialEq, Eq)]
pub struct FirstPerson {
    /// name to sign in with
    pub account: String,
    /// password
    pub password: String,
}

impl std::fmt::Debug for FirstPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FirstPerson({} characters)", self.account.chars().count())
    }
}

/// What checking found. Nothing is applied yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FirstChecked {
    /// what should be looked at again, and does not stop anybody
    pub warnings: Vec<Text>,
    /// what came out of the backup
    pub backup: Option<FoundBackup>,
}

/// A backup that was opened, put into a place apart and compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundBackup {
    /// its file
    pub file: String,
    /// when it was made
    pub made_at: Timestamp,
    /// what its key is called
    pub key_name: String,
    /// records that came back
    pub records: u64,
    /// name of the site in its settings
    pub site_name: String,
}

/// How far the first start has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FirstStep {
    /// nothing was applied
    #[default]
    Choosing,
    /// digits to be compared on two screens
    Digits(DigitsQuestion),
    /// the other box is at work
    Joining,
    /// coming into a facility was cut off, or prepared by a file, and can go on
    JoinBegun {
        /// address and port of the other box
        address: String,
        /// the digits were compared already: no code is needed
        has_met: bool,
    },
    /// everything is in place: the reception takes over
    Done {
        /// where its pages are, when that is another port or another way of speaking than now
        elsewhere: Option<String>,
    },
}

/// Everything the pages show of the box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FirstStartView {
    /// how far it has come
    pub step: FirstStep,
    /// the box waits as a spare one
    pub spare: Option<SpareBox>,
    /// what came of the last attempt
    pub said: Option<Text>,
}

/// A folder with backups in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupSeen {
    /// where
    pub folder: String,
    /// when the newest was made
    pub made_at: Timestamp,
}

/// A box without settings. What it is asked to become, it becomes wholly or not at all.
pub trait FirstStart: Send + Sync {
    /// How it stands.
    fn view(&self) -> FirstStartView;
    /// Backups that lie on what is plugged in, newest first.
    fn backups(&self) -> Vec<BackupSeen>;
    /// Checks a choice without applying anything.
    fn check(&self, choice: FirstChoice) -> Pending<'_, Result<FirstChecked, Vec<NotDone>>>;
    /// Applies what was checked. Coming into a facility goes on by [`FirstStart::answer`].
    fn carry_out(&self, choice: FirstChoice) -> Pending<'_, Result<(), Vec<NotDone>>>;
    /// Somebody compared the digits. `false` when that question is no longer there.
    fn answer(&self, question: &str, same: bool) -> bool;
    /// Goes on with coming into a facility. `code`: empty when the digits were compared already.
    fn go_on(&self, address: String, code: String) -> Pending<'_, Result<(), Vec<NotDone>>>;
    /// Gives up coming into a facility; everything it made goes.
    fn give_up(&self) -> Pending<'_, Result<(), Vec<NotDone>>>;
    /// The last page was shown: the address is free for the reception.
    fn was_seen(&self);
}
