//! Asking a scanner's line whether it would take a scan now: nothing is sent, nothing is closed, and a scan under way is not cut.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

use crate::serial::LineFault;

/// What was found: the line is there, is the device the path names, and stands as the settings say.
pub type LineAnswer = Result<(), LineFault>;

/// The way to ask one running scanner. Cheap to clone; it does not keep the scanner running.
#[derive(Debug, Clone)]
pub struct LineQuestion(Sender<SyncSender<LineAnswer>>);

/// Questions as the scanner's thread hears them.
#[derive(Debug)]
pub(super) struct Questions(Receiver<SyncSender<LineAnswer>>);

/// The thread looks up twice a second.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn questions() -> (LineQuestion, Questions) {
    let (asking, asked) = channel();
    (LineQuestion(asking), Questions(asked))
}

impl LineQuestion {
    /// Asks. Blocks for up to half a second; `None` when the scanner is not listened to any more.
    pub fn ask(&self) -> Option<LineAnswer> {
        let (answer, answers) = sync_channel(1);
        self.0.send(answer).ok()?;
        match answers.recv_timeout(PATIENCE) {
            Ok(found) => Some(found),
            Err(RecvTimeoutError::Timeout) => Some(Err(LineFault::CannotOpen)),
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }
}

impl Questions {
    /// Answers everybody who asked, with one look at the line for each. The first bad answer, if there was one.
    pub(super) fn answer(&self, look: impl Fn() -> LineAnswer) -> LineAnswer {
        let mut worst = Ok(());
        while let Ok(asker) = self.0.try_recv() {
            let found = look();
            worst = worst.and(found);
            let _gone_away = asker.send(found);
        }
        worst
    }
}
