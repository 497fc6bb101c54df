//! Today's board, one for everybody who asks at the same revision.

use domain::Date;
use std::sync::{Arc, Mutex};
use web::port::{Board, Reading};

/// Something that happens.
type Doing = Box<dyn FnOnce() + Send>;

#[derive(Default)]
pub struct SharedBoard {
    /// happens right after the next reading
    meanwhile: Mutex<Option<Doing>>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// with the revision it was read at
    board: Option<(u64, Arc<Board>)>,
    times_read: u32,
}

impl SharedBoard {
    /// The board of the day, read again when something has happened since.
    pub fn of(
        &self,
        day: Date,
        today: Date,
        revision: u64,
        read: impl FnOnce() -> Reading<Board>,
    ) -> Reading<Arc<Board>> {
        if day != today {
            return read().map(Arc::new);
        }
        let mut kept = self.kept.lock().expect("unpoisoned");
        if let Some((known, board)) = &kept.board
            && *known == revision
            && board.day == day
        {
            return Ok(board.clone());
        }
        let board = Arc::new(read()?);
        *kept = Kept { board: Some((revision, board.clone())), times_read: kept.times_read + 1 };
        drop(kept);
        let meanwhile = self.meanwhile.lock().expect("unpoisoned").take();
        meanwhile.into_iter().for_each(|doing| doing());
        Ok(board)
    }

    /// Lets something happen after today's board is read the next time, before the page is made.
    pub fn meanwhile(&self, doing: impl FnOnce() + Send + 'static) {
        *self.meanwhile.lock().expect("unpoisoned") = Some(Box::new(doing));
    }

    /// How often one was read.
    pub fn read(&self) -> u32 {
        self.kept.lock().expect("unpoisoned").times_read
    }
}
