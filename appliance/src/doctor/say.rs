//! How a check is said: short to write, so that every check can have its cause and its cure.

use domain::text::Text;
use web::port::{Check, Finding};

/// A check in the making.
pub(super) struct Said(Check);

/// The name of a check, in both languages.
pub(super) struct Part {
    pub code: &'static str,
    pub ja: &'static str,
    pub en: &'static str,
}

impl Part {
    pub(super) const fn new(code: &'static str, ja: &'static str, en: &'static str) -> Part {
        Part { code, ja, en }
    }

    pub(super) fn good(&self, ja: impl Into<String>, en: impl Into<String>) -> Said {
        self.found(Finding::Good, ja, en)
    }

    pub(super) fn aside(&self, ja: impl Into<String>, en: impl Into<String>) -> Said {
        self.found(Finding::Aside, ja, en)
    }

    pub(super) fn look(&self, ja: impl Into<String>, en: impl Into<String>) -> Said {
        self.found(Finding::Look, ja, en)
    }

    pub(super) fn bad(&self, ja: impl Into<String>, en: impl Into<String>) -> Said {
        self.found(Finding::Bad, ja, en)
    }

    pub(super) fn found(&self, finding: Finding, ja: impl Into<String>, en: impl Into<String>) -> Said {
        let (name, seen) = (Text::new(self.ja, self.en), Text::new(ja, en));
        Said(Check { code: self.code, name, finding, seen, cause: None, cure: None })
    }
}

impl Said {
    pub(super) fn because(mut self, ja: impl Into<String>, en: impl Into<String>) -> Said {
        self.0.cause = Some(Text::new(ja, en));
        self
    }

    pub(super) fn cure(mut self, ja: impl Into<String>, en: impl Into<String>) -> Said {
        self.0.cure = Some(Text::new(ja, en));
        self
    }

    pub(super) fn into_check(self) -> Check {
        self.0
    }
}

/// A finding in words.
pub(super) const fn words_of(finding: Finding) -> (&'static str, &'static str) {
    match finding {
        Finding::Good => ("良好", "good"),
        Finding::Aside => ("対象外", "n/a"),
        Finding::Look => ("注意", "look"),
        Finding::Bad => ("異常", "bad"),
    }
}

/// `1.5 GB`.
pub(super) fn bytes(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    let found = UNITS.into_iter().find(|(_, size)| bytes >= *size);
    found.map_or_else(
        || format!("{bytes} B"),
        |(unit, size)| format!("{}.{} {unit}", bytes / size, bytes % size * 10 / size),
    )
}

/// A moment as the papers of this box write it.
pub(super) fn moment(at: domain::Timestamp) -> String {
    let (hour, minute, _) = at.time_in_japan();
    format!("{} {hour}:{minute:02}", at.date_in_japan())
}
