//! Typed text with its limit: the limit that is checked is the limit the description shows.

use crate::api::body::Place;
use serde::Deserialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// Text of a field that may be left out, checked; blank counts as left out.
pub fn optional<T: Typed>(text: Option<T>, at: Place<'_>) -> Option<String> {
    text.and_then(|text| checked(text, &at))
}

/// Text of a field that must be there, checked; blank is refused.
pub fn required<T: Typed>(text: T, at: Place<'_>) -> Option<String> {
    if text.as_typed().trim().is_empty() {
        at.missing();
        return None;
    }
    checked(text, &at)
}

/// Whether a text has the form of an id.
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// An id that must be there, in the form of one.
pub fn required_id(id: Id, at: Place<'_>) -> Option<String> {
    let id = required(id, at.same())?;
    if !is_id(&id) {
        at.wrong("format", "IDの形ではありません。", "This is no id.");
        return None;
    }
    Some(id)
}

/// Text with a limit.
pub trait Typed {
    /// Longest, in characters.
    const CHARACTERS_AT_MOST: usize;
    /// Whether it may hold line feeds.
    const SEVERAL_LINES: bool;
    /// As it came.
    fn as_typed(&self) -> &str;
}

fn checked<T: Typed>(text: T, at: &Place<'_>) -> Option<String> {
    let kept = text.as_typed().trim();
    let found = kept.chars().count();
    if found > T::CHARACTERS_AT_MOST {
        let most = T::CHARACTERS_AT_MOST;
        at.wrong(
            "too_long",
            format!("{most}文字までです（{found}文字）。"),
            format!("At most {most} characters; {found} came."),
        );
        return None;
    }
    if !T::SEVERAL_LINES && kept.contains('\n') {
        at.wrong("control_character", "改行は使えません。", "Line feeds cannot be used here.");
        return None;
    }
    (!kept.is_empty()).then(|| kept.to_owned())
}

macro_rules! texts {
    ($( $(#[doc = $doc:literal])+ $name:ident, $at_most:literal, $several_lines:literal; )*) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl Typed for $name {
            const CHARACTERS_AT_MOST: usize = $at_most;
            const SEVERAL_LINES: bool = $several_lines;
            fn as_typed(&self) -> &str {
                &self.0
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                RefOr::T(Schema::Object(
                    ObjectBuilder::new()
                        .schema_type(Type::String)
                        .max_length(Some($at_most))
                        .description(Some([$($doc.trim()),+].join(" ")))
                        .build(),
                ))
            }
        }

        impl ToSchema for $name {}
    )* };
}

texts! {
    /// 氏名・カナ氏名: a name or its reading, at most 100 characters.
    PersonName, 100, false;
    /// Name of somebody who looked something up or signed, at most 60 characters.
    SignerName, 60, false;
    /// 住所: an address, at most 200 characters.
    Address, 200, false;
    /// 郵便番号, at most 10 characters.
    PostalCode, 10, false;
    /// Telephone number or another way to reach somebody, at most 100 characters.
    Contact, 100, false;
    /// Name of an insurer or workplace, at most 100 characters.
    BodyName, 100, false;
    /// A number somebody issued (保険者番号, 記号, 番号, 枝番), as printed; at most 40 characters come in, the number itself is
    /// checked by its own rules. Never a 12-digit individual number.
    IssuedNumber, 40, false;
    /// A code as received, at most 10 characters.
    ReceivedCode, 10, false;
    /// A reason in words, at most 200 characters.
    Reason, 200, false;
    /// A note of several lines, at most 500 characters.
    Note, 500, true;
    /// 診察券番号: the clinic's own patient number, at most 20 characters.
    PatientNumber, 20, false;
    /// Name of a counter, at most 20 characters.
    Counter, 20, false;
    /// Id given out by this API, at most 64 characters.
    Id, 64, false;
    /// Words to search for, separated by spaces, at most 100 characters.
    SearchWords, 100, false;
    /// A short free text, at most 50 characters.
    ShortText, 50, false;
    /// Strokes of a signature as an SVG path in a field of 600 × 200, at most 20,000 characters.
    Strokes, 20000, false;
    /// SHA-256, 64 hexadecimal digits.
    Sha256, 64, false;
    /// 照合番号B: 14 digits of the card face (birth date with the year of its era, year of expiry, security code).
    SurfaceDigits, 14, false;
    /// Name of a staff account, at most 64 characters.
    AccountName, 64, false;
}

/// A password, 1 to 256 characters, taken exactly as typed.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, min_length = 1, max_length = 256, format = Password)]
pub struct Password(String);

impl Password {
    /// Longest, in characters.
    pub const CHARACTERS_AT_MOST: usize = 256;

    /// The password, checked for length only.
    pub fn checked(self, at: Place<'_>) -> Option<String> {
        let most = Password::CHARACTERS_AT_MOST;
        match self.0.chars().count() {
            0 => {
                at.missing();
                None
            }
            found if found > most => {
                at.wrong("too_long", format!("{most}文字までです。"), format!("At most {most} characters."));
                None
            }
            _ => Some(self.0),
        }
    }
}
