//! The last lines this process said, for the support bundle: they are there wherever standard error leads to.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tracing_subscriber::fmt::MakeWriter;

/// Lines kept, and the longest of them.
const LINES: usize = 1_500;
const MOST_BYTES: usize = 2_000;

static RECENT: OnceLock<Recent> = OnceLock::new();

/// The last lines.
#[derive(Clone, Default)]
pub(super) struct Recent(Arc<Mutex<VecDeque<String>>>);

/// What this process said last, oldest first.
pub fn recent() -> Vec<String> {
    RECENT.get().map(Recent::lines).unwrap_or_default()
}

impl Recent {
    /// Those of this process.
    pub(super) fn of_this_process() -> Recent {
        RECENT.get_or_init(Recent::default).clone()
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

impl Write for Recent {
    /// A line at a time is how the lines are written.
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MOST_BYTES)]);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for line in text.lines() {
            if kept.len() == LINES {
                kept.pop_front();
            }
            kept.push_back(line.to_owned());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Recent {
    type Writer = Recent;

    fn make_writer(&'a self) -> Recent {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_lines_are_kept_and_none_is_endless() {
        let mut recent = Recent::default();
        for number in 0..LINES + 5 {
            recent.write_all(format!("line {number}\n").as_bytes()).expect("it never fails");
        }
        let lines = recent.lines();
        assert_eq!((lines.len(), lines[0].as_str()), (LINES, "line 5"));
        recent.write_all(&[b'x'; 3 * MOST_BYTES]).expect("it never fails");
        assert_eq!(recent.lines().last().map(String::len), Some(MOST_BYTES));
    }
}
