//! Facts: what happened, kept for ever, merged by union and folded in a fixed order.
//!
//! Every fact carries its own id, its time and its author. Two boxes that were cut off from each other simply hold different
//! sets of facts; the union of the sets, folded in the order (time, id), gives the same state on both.

use crate::date::Timestamp;
use crate::written::{Unreadable, Value, Written};

/// Declares an identifier that is text somebody else made: opaque here, ordered, and never mixed with another kind.
#[macro_export]
macro_rules! identifier {
    ($(#[$meta:meta])* pub struct $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// From the text that was given out.
            pub fn new(text: impl Into<String>) -> $name {
                $name(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl $crate::written::Written for $name {
            fn write(&self) -> $crate::written::Value {
                $crate::written::Value::Text(self.0.clone())
            }
            fn read(value: &$crate::written::Value) -> Result<Self, $crate::written::Unreadable> {
                <String as $crate::written::Written>::read(value).map($name)
            }
        }
    };
}

identifier! {
    /// Id of one fact.
    pub struct FactId
}

identifier! {
    /// Id of one visit document.
    pub struct VisitId
}

identifier! {
    /// Id of one patient document; not the clinic's patient number.
    pub struct PatientId
}

identifier! {
    /// Id of one question to the outside.
    pub struct QuestionId
}

identifier! {
    /// Who did it: a staff id, or the box itself.
    pub struct Author
}

impl Author {
    /// The box itself.
    pub fn the_box() -> Author {
        Author::new("box")
    }
}

/// A fact with its id, time and author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded<F> {
    /// unique id
    pub id: FactId,
    /// when it was recorded
    pub at: Timestamp,
    /// who did it
    pub by: Author,
    /// what happened
    pub fact: F,
}

/// What one command added to a document: facts of one time and one author, kept together under one id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<F> {
    /// when it was recorded
    pub at: Timestamp,
    /// who did it
    pub by: Author,
    /// what happened, in this order
    pub facts: Vec<F>,
}

impl<F: Written> Written for Entry<F> {
    fn write(&self) -> Value {
        Value::map().with("at", self.at.write()).with("by", self.by.write()).with("facts", self.facts.write())
    }

    fn read(value: &Value) -> Result<Self, Unreadable> {
        Ok(Entry { at: value.field("at")?, by: value.field("by")?, facts: value.field("facts")? })
    }
}

impl<F> Entry<F> {
    /// The facts one by one. The id of each begins with the entry's and sorts in the order of the facts.
    pub fn recorded(self, id: &str) -> impl Iterator<Item = Recorded<F>> {
        let Entry { at, by, facts } = self;
        facts.into_iter().enumerate().map(move |(nth, fact)| Recorded {
            id: FactId::new(format!("{id}.{nth:03}")),
            at,
            by: by.clone(),
            fact,
        })
    }
}

/// Puts facts into the one order in which they are folded.
pub fn in_order<F>(facts: &mut [Recorded<F>]) {
    facts.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
}

/// Declares an enum of facts, each with its written kind and its record. A kind this version does not know is kept as it
/// came, so that an older box neither loses nor misreads what a newer one wrote.
#[macro_export]
macro_rules! facts {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident($record:ty) = $kind:literal ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant($record), )*
            /// a kind of a later version, kept unread
            Unknown(String, $crate::written::Value),
        }

        impl $name {
            /// The written kind.
            pub fn kind(&self) -> &str {
                match self {
                    $( $name::$variant(_) => $kind, )*
                    $name::Unknown(kind, _) => kind,
                }
            }
        }

        impl $crate::written::Written for $name {
            fn write(&self) -> $crate::written::Value {
                let content = match self {
                    $( $name::$variant(record) => $crate::written::Written::write(record), )*
                    $name::Unknown(_, content) => content.clone(),
                };
                $crate::written::Value::map()
                    .with("kind", $crate::written::Value::Text(self.kind().to_owned()))
                    .with("content", content)
            }

            fn read(value: &$crate::written::Value) -> Result<Self, $crate::written::Unreadable> {
                let kind: String = value.field("kind")?;
                let empty = $crate::written::Value::map();
                let content = value.get("content").unwrap_or(&empty);
                match kind.as_str() {
                    $( $kind => $crate::written::Written::read(content)
                        .map($name::$variant)
                        .map_err(|e: $crate::written::Unreadable| e.within("content")), )*
                    _ => Ok($name::Unknown(kind, content.clone())),
                }
            }
        }
    };
}
