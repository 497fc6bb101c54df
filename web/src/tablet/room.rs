//! What is known of tablets for the moment only: codes that are open, and when each tablet was last heard of.

use crate::port::Account;
use domain::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How long a code is good.
const CODE_MS: i64 = 10 * 60_000;
/// Codes that are open at a time.
const MOST_CODES: usize = 5;
/// Wrong codes after which every open one is void: a guess in ten million.
const MOST_WRONG: u32 = 10;

/// Codes and signs of life.
#[derive(Default)]
pub struct TabletRoom(Mutex<Inside>);

#[derive(Default)]
struct Inside {
    codes: Vec<OpenCode>,
    wrong: u32,
    seen: HashMap<String, Seen>,
}

/// A code by which one tablet may be paired.
#[derive(Clone)]
pub struct OpenCode {
    /// eight digits
    pub code: String,
    /// what the tablet will be called
    pub name: String,
    /// who made it
    pub by: Account,
    /// when it ends
    pub until: Timestamp,
}

#[derive(Clone, Copy)]
struct Seen {
    at: Timestamp,
    acted: Timestamp,
}

impl TabletRoom {
    /// Makes a code for a tablet of this name.
    pub fn open(&self, name: String, by: &Account, now: Timestamp) -> OpenCode {
        let mut inside = self.inside();
        inside.codes.retain(|code| code.until > now && code.name != name);
        if inside.codes.len() >= MOST_CODES {
            inside.codes.remove(0);
        }
        if inside.codes.is_empty() {
            inside.wrong = 0;
        }
        let code = OpenCode { code: digits(), name, by: by.clone(), until: now.plus_ms(CODE_MS) };
        inside.codes.push(code.clone());
        code
    }

    /// The codes that are open.
    pub fn codes(&self, now: Timestamp) -> Vec<OpenCode> {
        self.inside().codes.iter().filter(|code| code.until > now).cloned().collect()
    }

    /// Takes a code back.
    pub fn withdraw(&self, name: &str) {
        self.inside().codes.retain(|code| code.name != name);
    }

    /// Uses a code up, when it is one. Too many wrong ones void all.
    pub fn take(&self, typed: &str, now: Timestamp) -> Option<OpenCode> {
        let mut inside = self.inside();
        let found = inside.codes.iter().position(|open| open.until > now && crate::token::same(&open.code, typed));
        match found {
            Some(at) => {
                inside.wrong = 0;
                Some(inside.codes.remove(at))
            }
            None => {
                inside.wrong += 1;
                if inside.wrong >= MOST_WRONG {
                    inside.codes.clear();
                }
                None
            }
        }
    }

    /// A tablet asked for something; `acted`: because somebody touched it.
    pub fn saw(&self, tablet: &str, now: Timestamp, acted: bool) {
        let mut inside = self.inside();
        let before = inside.seen.get(tablet).map(|seen| seen.acted);
        let acted = if acted { now } else { before.unwrap_or(Timestamp::from_ms(0)) };
        inside.seen.insert(tablet.to_owned(), Seen { at: now, acted });
    }

    /// When a tablet was last heard of since the box started.
    pub fn seen(&self, tablet: &str) -> Option<Timestamp> {
        self.inside().seen.get(tablet).map(|seen| seen.at)
    }

    /// When somebody last touched it since the box started.
    pub fn touched(&self, tablet: &str) -> Option<Timestamp> {
        self.inside().seen.get(tablet).map(|seen| seen.acted)
    }

    /// The tablet is gone.
    pub fn forget(&self, tablet: &str) {
        self.inside().seen.remove(tablet);
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Eight digits at random; twelve would look like a number nobody may type.
fn digits() -> String {
    let mut bytes = [0u8; 8];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    format!("{:08}", u64::from_le_bytes(bytes) % 100_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::fact::Author;

    fn account() -> Account {
        Account::new(Author::new("staff-1"), "受付")
    }

    #[test]
    fn a_code_is_good_once_and_for_minutes() {
        let (room, now) = (TabletRoom::default(), Timestamp::from_ms(0));
        let open = room.open("待合1".to_owned(), &account(), now);
        assert_eq!(open.code.len(), 8);
        assert!(room.take(&open.code, open.until).is_none(), "too late");
        let taken = room.take(&open.code, now).map(|code| code.name);
        assert_eq!(taken.as_deref(), Some("待合1"));
        assert!(room.take(&open.code, now).is_none(), "used up");
    }

    #[test]
    fn guessing_voids_every_code() {
        let (room, now) = (TabletRoom::default(), Timestamp::from_ms(0));
        let open = room.open("待合1".to_owned(), &account(), now);
        for _ in 0..MOST_WRONG {
            assert!(room.take("", now).is_none());
        }
        assert!(room.codes(now).is_empty() && room.take(&open.code, now).is_none());
        let again = room.open("待合1".to_owned(), &account(), now);
        assert!(room.take(&again.code, now).is_some(), "a new one is good again");
    }
}
