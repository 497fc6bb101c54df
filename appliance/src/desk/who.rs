//! Who wrote: the boxes of a facility have accounts of their own, and tell each other what the people are called whose ids stand in
//! the facts.

use super::work::{Declined, Work};
use crate::store::{DocumentId, EMERGENCY};
use domain::counter::{CounterFact, Counters, StaffNamed};
use domain::fact::Author;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Authors with the names that the other boxes were told, as far as this run has looked.
#[derive(Default)]
pub(super) struct Told(RefCell<BTreeSet<(Author, String)>>);

impl Work<'_> {
    /// Tells the facility what somebody who writes here is called: once, and again under another name. What was commanded is done
    /// also where the names cannot be read.
    pub(super) fn tell_who_writes(&self, by: &Author) -> Result<(), Declined> {
        match self.tell(by) {
            Err(Declined::Store(error)) => Err(Declined::Store(error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn tell(&self, by: &Author) -> Result<(), Declined> {
        let account = self.writing.reading().staff_by_author(by.as_str())?;
        let Some(account) = account.filter(|account| account.author != EMERGENCY) else { return Ok(()) };
        let known = (by.clone(), account.name);
        if self.told.0.borrow().contains(&known) {
            return Ok(());
        }
        let (mut document, facts) = self.load::<CounterFact>(&DocumentId::Counters)?;
        let (author, name) = (by.to_string(), known.1.clone());
        let is_told = Counters::fold(facts).staff(&author).is_some_and(|named| named.name == name);
        if is_told {
            // only what stands in the record is remembered: this transaction may yet be taken back
            self.told.0.borrow_mut().insert(known);
            return Ok(());
        }
        let named = StaffNamed { author, name, of_box: self.writing.own_id().to_string() };
        self.append(&mut document, by, vec![CounterFact::StaffNamed(named)])
    }
}
