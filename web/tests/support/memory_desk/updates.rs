//! Updates that are only written down.

use super::{MONDAY, MemoryDesk, ready};
use domain::Timestamp;
use domain::text::Text;
use std::sync::{Arc, Mutex};
use web::port::*;

/// An update that is ready on a box, and waits for the night.
pub struct MemoryUpdates {
    view: Mutex<UpdatesView>,
    wishes: Mutex<Vec<UpdateWish>>,
}

impl MemoryUpdates {
    /// Version 1.5.0 waits; the one before it came to nothing.
    pub fn waiting() -> Arc<MemoryUpdates> {
        let night = Timestamp::in_japan(MONDAY.plus_days(1), 2, 0, 0);
        let view = UpdatesView {
            running: "1.4.0".to_owned(),
            slot: Some("A".to_owned()),
            is_proven: Some(true),
            stage: UpdateStage::Ready,
            since: Some(Timestamp::in_japan(MONDAY, 8, 0, 0)),
            offered: Some("1.5.0".to_owned()),
            state: Text::new("取り付けを待っています。", "It waits to be installed."),
            reason: Some(Text::new("受付時間中です。", "Reception is open.")),
            next: Text::new("夜に取り付けます。", "It is installed at night."),
            fetched: None,
            window: Text::new("毎日 2:00 から 5:00", "Every day from 2:00 to 5:00"),
            next_window: night,
            postponed_until: None,
            postponable_until: Some(Timestamp::in_japan(MONDAY.plus_days(14), 8, 0, 0)),
            is_asked: false,
            history: vec![PastUpdate {
                at: Timestamp::in_japan(MONDAY.plus_days(-7), 3, 10, 0),
                version: "1.4.1".to_owned(),
                outcome: "returned",
                why: Text::new("前の版に戻りました。", "The box returned to the version before."),
            }],
        };
        Arc::new(MemoryUpdates { view: Mutex::new(view), wishes: Mutex::default() })
    }

    /// What was wanted, oldest first.
    pub fn wishes(&self) -> Vec<UpdateWish> {
        self.wishes.lock().expect("unpoisoned").clone()
    }
}

impl MemoryDesk {
    /// The box looks after updates.
    pub fn update_by(&self, updates: &Arc<MemoryUpdates>) {
        *self.updates.lock().expect("unpoisoned") = Some(updates.clone());
    }
}

impl Updates for MemoryUpdates {
    fn view(&self) -> UpdatesView {
        self.view.lock().expect("unpoisoned").clone()
    }

    fn wish(&self, _by: &Account, wish: UpdateWish) -> Pending<'_, Result<(), Text>> {
        if let UpdateWish::Postpone(days) = wish
            && !(1..=14).contains(&days)
        {
            return ready(Err(Text::new("14日までです。", "14 days at most.")));
        }
        let mut view = self.view.lock().expect("unpoisoned");
        view.is_asked = wish == UpdateWish::Install;
        self.wishes.lock().expect("unpoisoned").push(wish);
        ready(Ok(()))
    }
}
