//! Drills that are only written down.

use super::{MONDAY, MemoryDesk, ready};
use domain::Timestamp;
use domain::text::Text;
use std::sync::{Arc, Mutex};
use web::port::*;

/// A drill that begins at once, unless its port is in use.
#[derive(Default)]
pub struct MemoryDrill {
    running: Mutex<Option<DrillView>>,
    /// the port is in use
    is_refused: bool,
}

impl MemoryDrill {
    /// None can begin: the port is in use.
    pub fn refused() -> MemoryDrill {
        MemoryDrill { is_refused: true, ..MemoryDrill::default() }
    }
}

impl MemoryDesk {
    /// Gives the box drills.
    pub fn offer_drills(&self, drill: MemoryDrill) {
        *self.drill.lock().expect("unpoisoned") = Some(Arc::new(drill));
    }
}

impl Drill for MemoryDrill {
    fn state(&self) -> Option<DrillView> {
        self.running.lock().expect("unpoisoned").clone()
    }

    fn begin(&self, by: &Account) -> Pending<'_, Result<(), Text>> {
        if self.is_refused {
            return ready(Err(Text::new("場所が使われています。", "The address is in use.")));
        }
        *self.running.lock().expect("unpoisoned") = Some(DrillView {
            since: Timestamp::in_japan(MONDAY, 8, 55, 0),
            by: by.name.clone(),
            ends_at: Timestamp::in_japan(MONDAY, 12, 55, 0),
            port: 8445,
            is_encrypted: true,
            account: "drill".to_owned(),
            password: "abcde-fghjk".to_owned(),
        });
        ready(Ok(()))
    }

    fn end(&self, _by: &Account) -> Pending<'_, Result<(), Text>> {
        *self.running.lock().expect("unpoisoned") = None;
        ready(Ok(()))
    }
}
