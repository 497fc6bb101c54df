//! Where the reader stands in a body, and what it found there.

use crate::api::problem::FieldNote;
use domain::text::Text;
use std::cell::RefCell;

/// What was found while reading: errors, and oddities that do not stop anything.
#[derive(Default)]
pub struct Report {
    errors: RefCell<Vec<FieldNote>>,
    warnings: RefCell<Vec<FieldNote>>,
}

impl Report {
    /// Errors and warnings, in the order they were found.
    pub fn into_notes(self) -> (Vec<FieldNote>, Vec<FieldNote>) {
        (self.errors.into_inner(), self.warnings.into_inner())
    }
}

/// One place of a body.
pub struct Place<'a> {
    report: &'a Report,
    pointer: String,
}

impl<'a> Place<'a> {
    /// The body itself.
    pub fn root(report: &'a Report) -> Place<'a> {
        Place { report, pointer: String::new() }
    }

    /// The same place once more.
    pub fn same(&self) -> Place<'a> {
        Place { report: self.report, pointer: self.pointer.clone() }
    }

    /// A field of this place.
    pub fn field(&self, name: &str) -> Place<'a> {
        Place { report: self.report, pointer: format!("{}/{name}", self.pointer) }
    }

    /// An item of this place.
    pub fn item(&self, index: usize) -> Place<'a> {
        self.field(&index.to_string())
    }

    /// Something is wrong here.
    pub fn wrong(&self, code: &str, ja: impl Into<String>, en: impl Into<String>) {
        let note = FieldNote::new(&self.pointer, code, Text::new(ja, en));
        self.report.errors.borrow_mut().push(note);
    }

    /// A value is missing here.
    pub fn missing(&self) {
        self.wrong("required", "必須の項目です。", "A value is needed here.");
    }

    /// Something looks odd here and is taken all the same.
    pub fn odd(&self, code: &str, ja: impl Into<String>, en: impl Into<String>) {
        let note = FieldNote::new(&self.pointer, code, Text::new(ja, en));
        self.report.warnings.borrow_mut().push(note);
    }

    /// Refuses a list that is shorter or longer than allowed.
    pub fn count(&self, found: usize, at_least: usize, at_most: usize) -> Option<()> {
        if found < at_least {
            self.wrong("too_few", format!("{at_least}件以上必要です。"), format!("At least {at_least} needed."));
            return None;
        }
        if found > at_most {
            self.wrong("too_many", format!("{at_most}件までです。"), format!("At most {at_most} allowed."));
            return None;
        }
        Some(())
    }
}
