//! The written form of facts: what a record looks like when it is kept.
//!
//! The domain owns the names and shapes of its records, and owns nothing else: a [`Value`] is a plain tree that the
//! shell carries into a document, a JSON answer or a database row without knowing what it means. A record that lost a
//! field or gained one in a later version reads as far as it can: unknown fields are ignored, missing optional
//! ones are empty, and a missing required one is an [`Unreadable`] that names the place.

use crate::date::{Date, Timestamp};
use std::collections::BTreeMap;
use std::fmt;

/// A tree of plain values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Nothing: an optional field without content.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
    /// Several values in order.
    List(Vec<Value>),
    /// Named values.
    Map(BTreeMap<String, Value>),
}

/// Why a written record could not be read: the path of the field and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Dotted path from the root of the record, for instance `coverage.insurer_number`.
    pub path: String,
    /// What should stand there.
    pub expected: String,
}

impl Unreadable {
    /// Something else was expected here.
    pub fn expected(what: impl Into<String>) -> Unreadable {
        Unreadable { path: String::new(), expected: what.into() }
    }

    /// The same complaint seen from one level further out.
    pub fn within(mut self, field: &str) -> Unreadable {
        self.path = if self.path.is_empty() { field.to_owned() } else { format!("{field}.{}", self.path) };
        self
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "record" } else { &self.path };
        write!(f, "{path}: expected {}", self.expected)
    }
}

impl std::error::Error for Unreadable {}

/// Something that can be kept and read again.
pub trait Written: Sized {
    /// The written form.
    fn write(&self) -> Value;
    /// Reads the written form.
    fn read(value: &Value) -> Result<Self, Unreadable>;
    /// What an absent field means: `None` for most, so that its absence is an error.
    fn absent() -> Option<Self> {
        None
    }
}

impl Value {
    /// An empty map to be filled by [`Value::with`].
    pub fn map() -> Value {
        Value::Map(BTreeMap::new())
    }

    /// The map with one more field; `Null` is left out.
    pub fn with(mut self, field: &str, value: Value) -> Value {
        if let Value::Map(fields) = &mut self
            && value != Value::Null
        {
            fields.insert(field.to_owned(), value);
        }
        self
    }

    /// A field of a map.
    pub fn get(&self, field: &str) -> Option<&Value> {
        match self {
            Value::Map(fields) => fields.get(field),
            _ => None,
        }
    }

    /// Reads one field of a map, in the shape the caller wants.
    pub fn field<T: Written>(&self, field: &str) -> Result<T, Unreadable> {
        let Value::Map(fields) = self else {
            return Err(Unreadable::expected("an object"));
        };
        match fields.get(field) {
            None | Some(Value::Null) => T::absent().ok_or_else(|| Unreadable::expected("a value").within(field)),
            Some(value) => T::read(value).map_err(|e| e.within(field)),
        }
    }

    /// The text, if this is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Written for bool {
    fn write(&self) -> Value {
        Value::Bool(*self)
    }
    fn read(value: &Value) -> Result<Self, Unreadable> {
        match value {
            Value::Bool(flag) => Ok(*flag),
            _ => Err(Unreadable::expected("true or false")),
        }
    }
    fn absent() -> Option<Self> {
        Some(false)
    }
}

impl Written for String {
    fn write(&self) -> Value {
        Value::Text(self.clone())
    }
    fn read(value: &Value) -> Result<Self, Unreadable> {
        value.as_text().map(str::to_owned).ok_or_else(|| Unreadable::expected("text"))
    }
}

macro_rules! written_integers {
    ($($integer:ty),*) => {$(
        impl Written for $integer {
            fn write(&self) -> Value {
                Value::Int(i64::from(*self))
            }
            fn read(value: &Value) -> Result<Self, Unreadable> {
                let range = || Unreadable::expected(format!("a whole number from {} to {}", <$integer>::MIN, <$integer>::MAX));
                match value {
                    Value::Int(number) => <$integer>::try_from(*number).map_err(|_| range()),
                    _ => Err(range()),
                }
            }
        }
    )*};
}
written_integers!(u8, u16, u32, i64);

impl Written for Date {
    fn write(&self) -> Value {
        Value::Text(self.to_string())
    }
    fn read(value: &Value) -> Result<Self, Unreadable> {
        value.as_text().and_then(Date::parse).ok_or_else(|| Unreadable::expected("a date that exists, as YYYY-MM-DD"))
    }
}

impl Written for Timestamp {
    fn write(&self) -> Value {
        Value::Int(self.as_ms())
    }
    fn read(value: &Value) -> Result<Self, Unreadable> {
        match value {
            Value::Int(ms) => Some(Timestamp::from_ms(*ms)),
            Value::Text(text) => Timestamp::parse(text),
            _ => None,
        }
        .ok_or_else(|| Unreadable::expected("an instant as 2026-04-01T08:55:00+09:00, or milliseconds since 1970"))
    }
}

impl<T: Written> Written for Option<T> {
    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::write)
    }
    fn read(value: &Value) -> Result<Self, Unreadable> {
        match value {
            Value::Null => Ok(None),
            other => T::read(other).map(Some),
        }
    }
    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Written> Written for Vec<T> {
    fn write(&self) -> Value {
        if self.is_empty() { Value::Null } else { Value::List(self.iter().map(T::write).collect()) }
    }
    fn read(value: &Value) -> Result<Self, Unreadable> {
        match value {
            Value::List(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| T::read(item).map_err(|e| e.within(&index.to_string())))
                .collect(),
            _ => Err(Unreadable::expected("a list")),
        }
    }
    fn absent() -> Option<Self> {
        Some(Vec::new())
    }
}

impl<T: Written> Written for Box<T> {
    fn write(&self) -> Value {
        T::write(self)
    }
    fn read(value: &Value) -> Result<Self, Unreadable> {
        T::read(value).map(Box::new)
    }
}

/// Declares a struct together with its written form: one field, one name, in both.
#[macro_export]
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$field_meta:meta])* pub $field:ident : $type:ty ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $type, )*
        }

        impl $crate::written::Written for $name {
            fn write(&self) -> $crate::written::Value {
                $crate::written::Value::map()
                    $( .with(stringify!($field), $crate::written::Written::write(&self.$field)) )*
            }
            fn read(value: &$crate::written::Value) -> Result<Self, $crate::written::Unreadable> {
                Ok($name { $( $field: value.field(stringify!($field))?, )* })
            }
        }
    };
}

/// Declares an enum that is a code table: every variant has one written code.
#[macro_export]
macro_rules! codes {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $code:literal ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )*
        }

        impl $name {
            /// Every value, in the order of the table.
            pub const ALL: &'static [$name] = &[ $( $name::$variant, )* ];

            /// The written code.
            pub const fn code(self) -> &'static str {
                match self { $( $name::$variant => $code, )* }
            }

            /// The value with this code.
            pub fn from_code(code: &str) -> Option<$name> {
                match code { $( $code => Some($name::$variant), )* _ => None }
            }
        }

        impl $crate::written::Written for $name {
            fn write(&self) -> $crate::written::Value {
                $crate::written::Value::Text(self.code().to_owned())
            }
            fn read(value: &$crate::written::Value) -> Result<Self, $crate::written::Unreadable> {
                value.as_text().and_then($name::from_code).ok_or_else(|| {
                    let codes: Vec<&str> = $name::ALL.iter().map(|v| v.code()).collect();
                    $crate::written::Unreadable::expected(format!("one of {}", codes.join(", ")))
                })
            }
        }
    };
}
