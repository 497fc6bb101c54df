//! Who belongs to the facility, in memory, for whoever checks signatures.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use sync::facility::Membership;
use sync::facility::statement::{Statement, StatementHash};
use sync::seal::{Author, BoxId, FacilityId, Members};

/// Who belongs to the facility, for whoever checks signatures.
pub(super) struct Register {
    facility: FacilityId,
    known: RwLock<Known>,
}

pub(super) struct Known {
    pub statements: BTreeMap<StatementHash, Statement>,
    pub membership: Membership,
    authors: BTreeMap<BoxId, Author>,
}

impl Register {
    pub fn new(facility: FacilityId, statements: Vec<Statement>) -> Register {
        let statements = statements.into_iter().map(|one| (one.hash(), one)).collect();
        Register { facility, known: RwLock::new(Known::of(facility, statements)) }
    }

    pub fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn hear(&self, heard: impl IntoIterator<Item = Statement>) -> bool {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let mut statements = known.statements.clone();
        statements.extend(heard.into_iter().filter(|one| one.facility() == self.facility).map(|one| (one.hash(), one)));
        let news = statements.len() != known.statements.len();
        if news {
            *known = Known::of(self.facility, statements);
        }
        news
    }
}

impl Known {
    fn of(facility: FacilityId, statements: BTreeMap<StatementHash, Statement>) -> Known {
        let membership = Membership::evaluate(facility, statements.values());
        let mut authors = BTreeMap::new();
        let introduced = statements.values().filter_map(|one| one.said().introduces());
        for introduction in introduced.filter(|one| one.is_genuine()) {
            let (id, key) = (introduction.id(), *introduction.key());
            match membership.member(id) {
                Some(member) => drop(authors.insert(id, Author::Known { key, role: member.introduction.role() })),
                None if membership.former().any(|(former, _)| former == id) => {
                    authors.insert(id, Author::Revoked { key });
                }
                None => {}
            }
        }
        Known { statements, membership, authors }
    }
}

impl Members for Register {
    fn verifying_key(&self, author: BoxId) -> Author {
        self.read().authors.get(&author).copied().unwrap_or(Author::Unknown)
    }
}
