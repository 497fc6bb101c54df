//! The system's journal in its own protocol: a datagram for each event, so that levels and fields survive and can be searched for
//! (`journalctl UKETSUKE_TARGET=…`, `-p warning`). Used when the service manager says that standard error goes there.

use std::fmt::Write as _;
use std::os::linux::fs::MetadataExt;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// Where the journal listens.
const SOCKET: &str = "/run/systemd/journal/socket";
/// Longest value; a datagram of the journal holds more.
const MOST_BYTES: usize = 16 * 1024;

/// Sends events to the journal.
#[derive(Debug)]
pub struct Journal {
    socket: UnixDatagram,
}

impl Journal {
    /// The journal, when standard error leads to it: `JOURNAL_STREAM` names device and number of the stream it was given.
    pub fn of_this_process() -> Option<Journal> {
        let named = std::env::var("JOURNAL_STREAM").ok()?;
        let stream = std::fs::metadata("/proc/self/fd/2").ok()?;
        if named != format!("{}:{}", stream.st_dev(), stream.st_ino()) {
            return None;
        }
        Journal::at(Path::new(SOCKET)).ok()
    }

    /// The journal that listens at this path.
    ///
    /// # Errors
    /// Nobody listens there.
    pub fn at(path: &Path) -> std::io::Result<Journal> {
        let socket = UnixDatagram::unbound()?;
        socket.connect(path)?;
        // a journal that hangs must not hold up the desk
        socket.set_nonblocking(true)?;
        Ok(Journal { socket })
    }
}

impl<S: Subscriber> Layer<S> for Journal {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut entry = Vec::new();
        put(&mut entry, "PRIORITY", priority(*metadata.level()));
        put(&mut entry, "SYSLOG_IDENTIFIER", "uketsuke");
        put(&mut entry, "UKETSUKE_TARGET", metadata.target());
        put(&mut entry, "MESSAGE", &fields.line());
        for (name, value) in &fields.others {
            put(&mut entry, &name_of(name), value);
        }
        // a full or vanished journal is no reason to stop
        let _lost = self.socket.send(&entry);
    }
}

/// As syslog numbers them.
const fn priority(level: Level) -> &'static str {
    match level {
        Level::ERROR => "3",
        Level::WARN => "4",
        Level::INFO => "6",
        Level::DEBUG | Level::TRACE => "7",
    }
}

/// Capital letters, digits and underscores, as the journal wants names.
fn name_of(field: &str) -> String {
    let letters = field.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    format!("UKETSUKE_{}", letters.take(48).collect::<String>())
}

/// `NAME=value`; a value with line breaks goes with its length before it.
fn put(entry: &mut Vec<u8>, name: &str, value: &str) {
    let mut end = value.len().min(MOST_BYTES);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    let value = &value[..end];
    entry.extend_from_slice(name.as_bytes());
    if value.contains('\n') {
        entry.push(b'\n');
        entry.extend_from_slice(&(value.len() as u64).to_le_bytes());
    } else {
        entry.push(b'=');
    }
    entry.extend_from_slice(value.as_bytes());
    entry.push(b'\n');
}

#[derive(Default)]
struct Fields {
    message: String,
    others: Vec<(&'static str, String)>,
}

impl Fields {
    /// The line read alone: the words, and the fields after them.
    fn line(&self) -> String {
        let mut line = self.message.clone();
        for (name, value) in &self.others {
            let _ = write!(line, " {name}={value}");
        }
        line
    }

    fn take(&mut self, field: &Field, value: String) {
        if field.name() == "message" {
            self.message = value;
        } else {
            self.others.push((field.name(), value));
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field, value.to_owned());
    }

    /// With every reason below it.
    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut words = value.to_string();
        let mut below = value.source();
        while let Some(source) = below {
            let _ = write!(words, ": {source}");
            below = source.source();
        }
        self.take(field, words);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.take(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use tracing_subscriber::prelude::*;

    fn entries(work: impl FnOnce()) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let listener = UnixDatagram::bind(&path).unwrap();
        listener.set_nonblocking(true).unwrap();
        let subscriber = tracing_subscriber::registry().with(Journal::at(&path).unwrap());
        tracing::subscriber::with_default(subscriber, work);
        let mut heard = Vec::new();
        let mut bytes = [0; 64 * 1024];
        while let Ok(length) = listener.recv(&mut bytes) {
            heard.push(String::from_utf8_lossy(&bytes[..length]).into_owned());
        }
        heard
    }

    #[test]
    fn levels_and_fields_arrive_as_the_journal_wants_them() {
        let heard = entries(|| {
            let error = std::io::Error::other("full");
            tracing::error!(error = &error as &dyn std::error::Error, jobs = 3, "nothing was kept");
            tracing::info!("stopping");
        });
        assert_eq!(heard.len(), 2);
        for line in ["PRIORITY=3\n", "SYSLOG_IDENTIFIER=uketsuke\n", "UKETSUKE_ERROR=full\n", "UKETSUKE_JOBS=3\n"] {
            assert!(heard[0].contains(line), "{line} in {}", heard[0]);
        }
        assert!(heard[0].contains("MESSAGE=nothing was kept error=full jobs=3\n"), "{}", heard[0]);
        assert!(heard[1].starts_with("PRIORITY=6\n") && heard[1].contains("MESSAGE=stopping\n"));
    }

    #[test]
    fn a_line_break_in_a_value_makes_no_field_of_its_own() {
        let heard = entries(|| tracing::warn!(said = "x\nPRIORITY=0", "y"));
        assert!(heard[0].contains("UKETSUKE_SAID\n\u{c}\0\0\0\0\0\0\0x\nPRIORITY=0\n"), "{:?}", heard[0]);
        let long = "あ".repeat(MOST_BYTES);
        let heard = entries(|| tracing::warn!("{long}"));
        assert!(heard[0].len() < MOST_BYTES + 200);
    }
}
