//! Forms somebody had half filled in when the counter locked itself or was taken over. They wait in the memory of the box, each with
//! its owner, and never in a browser.

use domain::fact::Author;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A form that waits.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// the page it stands on
    pub path: String,
    /// where it was sent when the counter was locked; `None` = it was not sent yet
    pub sent_to: Option<String>,
    /// names and values; of one that was not sent, the names begin with the address of their form
    pub fields: Vec<(String, String)>,
}

/// Forms that wait for one person.
const MOST_EACH: usize = 5;
/// Forms that wait altogether; the oldest gives way.
const MOST: usize = 200;

/// All forms that wait.
#[derive(Default)]
pub struct Drafts(Mutex<VecDeque<(Author, Draft)>>);

impl Drafts {
    /// Keeps a form for its owner; it takes the place of what waited for the same page.
    pub fn keep(&self, owner: &Author, draft: Draft) {
        let mut waiting = self.waiting();
        waiting.retain(|(other, kept)| other != owner || kept.path != draft.path);
        waiting.push_back((owner.clone(), draft));
        let of_owner = waiting.iter().filter(|(other, _)| other == owner).count();
        let oldest = waiting.iter().position(|(other, _)| of_owner <= MOST_EACH || other == owner);
        if let Some(oldest) = oldest.filter(|_| of_owner > MOST_EACH || waiting.len() > MOST) {
            waiting.remove(oldest);
        }
    }

    /// The form that was sent from the locked counter, taken away; the newest first.
    pub fn take_sent(&self, owner: &Author) -> Option<Draft> {
        self.take(|other, draft| other == owner && draft.sent_to.is_some())
    }

    /// The form that was not sent yet, taken away.
    pub fn take_half(&self, owner: &Author, path: &str) -> Option<Draft> {
        self.take(|other, draft| other == owner && draft.sent_to.is_none() && draft.path == path)
    }

    /// Whether a half-filled form waits for this page.
    pub fn has_half(&self, owner: &Author, path: &str) -> bool {
        self.waiting().iter().any(|(other, draft)| other == owner && draft.sent_to.is_none() && draft.path == path)
    }

    /// The page of the newest half-filled form.
    pub fn newest_page(&self, owner: &Author) -> Option<String> {
        let waiting = self.waiting();
        let newest = waiting.iter().rev().find(|(other, draft)| other == owner && draft.sent_to.is_none());
        newest.map(|(_, draft)| draft.path.clone())
    }

    fn take(&self, fits: impl Fn(&Author, &Draft) -> bool) -> Option<Draft> {
        let mut waiting = self.waiting();
        let at = waiting.iter().rposition(|(owner, draft)| fits(owner, draft))?;
        waiting.remove(at).map(|(_, draft)| draft)
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<(Author, Draft)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Draft({} fields)", self.fields.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn half(path: &str, value: &str) -> Draft {
        Draft { path: path.to_owned(), sent_to: None, fields: vec![("name".to_owned(), value.to_owned())] }
    }

    #[test]
    fn a_form_waits_for_its_owner_only_and_is_given_back_once() {
        let (drafts, one, two) = (Drafts::default(), Author::new("one"), Author::new("two"));
        drafts.keep(&one, half("/check-in", "first"));
        drafts.keep(&one, half("/check-in", "second"));
        assert!(!drafts.has_half(&two, "/check-in") && drafts.take_half(&two, "/check-in").is_none());
        assert_eq!(drafts.take_half(&one, "/check-in"), Some(half("/check-in", "second")));
        assert!(drafts.take_half(&one, "/check-in").is_none());
    }

    #[test]
    fn only_so_many_wait() {
        let (drafts, one, two) = (Drafts::default(), Author::new("one"), Author::new("two"));
        drafts.keep(&two, half("/check-in", "x"));
        for page in 0..=MOST_EACH {
            drafts.keep(&one, half(&format!("/visits/{page}"), "x"));
        }
        assert!(!drafts.has_half(&one, "/visits/0") && drafts.has_half(&one, "/visits/1"));
        assert!(drafts.has_half(&two, "/check-in"));
    }
}
