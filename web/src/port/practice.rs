//! Practice controls of the demonstration clinic: cut and restore links, deal cards.

use domain::link::Link;
use domain::text::Text;

/// Something that can be cut and restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knob {
    /// which link
    pub link: Link,
    /// works now
    pub up: bool,
}

/// A person of the practice population.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastMember {
    /// key for dealing the card
    pub key: String,
    /// name on the card face
    pub name: String,
    /// kana
    pub name_kana: String,
    /// birth date
    pub birth_date: domain::Date,
    /// sex code
    pub sex: domain::coverage::Sex,
    /// address on the card face
    pub address: String,
    /// what is special about this person
    pub story: Text,
    /// what the person holds: a paper with numbers, if any, in words
    pub papers: Text,
}

/// What the practice controls show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PracticeState {
    /// links that can be cut
    pub knobs: Vec<Knob>,
    /// extra faults by code, and whether they are on
    pub faults: Vec<(String, Text, bool)>,
    /// people whose cards can be dealt
    pub cast: Vec<CastMember>,
}

/// The practice controls.
pub trait Practice: Send + Sync {
    /// What they show.
    fn state(&self) -> PracticeState;
    /// Cuts or restores a link.
    fn set_link(&self, link: Link, up: bool);
    /// Switches an extra fault by its code; `false` when there is no such fault.
    fn set_fault(&self, code: &str, on: bool) -> bool;
    /// Puts somebody's card on the simulated reader. The error is what the reader's screen would say.
    fn deal_card(&self, key: &str, method: &str) -> Result<(), Text>;
}
