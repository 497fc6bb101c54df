//! The tablets port: which tablets patients may write on, and the declarations that are on them or half finished.

use super::{Account, Pending, Reading, SessionToken, Unavailable};
use domain::Timestamp;
use domain::fact::{Author, VisitId};
use domain::text::Text;

/// A tablet that was paired with this box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tablet {
    /// opaque id
    pub id: String,
    /// what it is called at the desk
    pub name: String,
    /// since when it is paired
    pub paired_at: Timestamp,
    /// somebody at the tablet called for staff, and nobody has answered yet
    pub called_at: Option<Timestamp>,
}

/// A declaration that a patient fills in, or has half filled in. Kept in the encrypted store of the box after every page.
#[derive(Clone, PartialEq, Eq)]
pub struct TabletForm {
    /// of which visit
    pub visit: VisitId,
    /// number of the form, the same on paper
    pub form_no: String,
    /// the tablet it is on; none = put away, to be continued at the desk, on a tablet or on paper
    pub tablet: Option<String>,
    /// language of the pages, as a code
    pub tongue: String,
    /// the page it is at, as a code
    pub step: String,
    /// names and values of the fields so far
    pub answers: Vec<(String, String)>,
    /// who handed it to the patient
    pub by: Author,
    /// when it was handed over first
    pub handed_at: Timestamp,
    /// when something was written last
    pub changed_at: Timestamp,
}

impl std::fmt::Debug for TabletForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TabletForm({}, {} answers)", self.form_no, self.answers.len())
    }
}

/// A change to tablets and what is on them.
#[derive(Clone)]
pub enum TabletChange {
    /// a tablet brought the code of the desk
    Pair(Tablet, SessionToken),
    /// it may not be used any more; what is on it is put away
    Unpair(String),
    /// somebody at this tablet calls for staff
    Call(String),
    /// somebody went there
    Answer(String),
    /// a declaration goes to the tablet it names; not kept when another one is on it
    Hand(Box<TabletForm>),
    /// what was written so far; not kept when it is no longer on that tablet
    Keep(Box<TabletForm>),
    /// off its tablet, half finished
    PutAway(VisitId),
    /// it is not needed any more: handed in, or thrown away
    Drop(VisitId),
}

/// One thing to do at the reader, in every language of the tablet that its maker's guide has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuideLine {
    /// Japanese and English
    pub text: Text,
    /// other languages by their codes; where one is missing, English is shown
    pub others: Vec<(String, String)>,
}

/// What patients read about a reader of this site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderGuide {
    /// name of the maker's entry in the guide
    pub model: String,
    /// the maker or model, in words
    pub name: Text,
    /// what to do, in order
    pub lines: Vec<GuideLine>,
}

/// Tablets for patients.
pub trait Tablets: Send + Sync {
    /// All paired tablets, by name.
    fn tablets(&self) -> Reading<Vec<Tablet>>;
    /// The tablet that carries this token.
    fn tablet_of(&self, token: &SessionToken) -> Reading<Option<Tablet>>;
    /// Declarations on tablets and half-finished ones, the oldest first.
    fn forms(&self) -> Reading<Vec<TabletForm>>;
    /// Makes a change and says so in the trail. `false`: things were no longer so, and nothing was kept.
    fn change(&self, by: &Account, change: TabletChange) -> Pending<'_, Result<bool, Unavailable>>;
    /// What patients read about the readers of this site; never empty.
    fn guides(&self) -> Vec<ReaderGuide>;
}
