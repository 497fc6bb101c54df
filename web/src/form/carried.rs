//! A form that met an expired session: kept in the page until somebody has signed in again, never on the server.

use super::Typed;

/// What was typed, and where it was going.
#[derive(Clone)]
pub struct Carried {
    /// address of the form
    pub to: String,
    /// names and values
    pub fields: Vec<(String, String)>,
}

/// Stands in front of a carried name inside the sign-in form.
const PREFIX: &str = "carry.";
/// The address inside the sign-in form.
const TO: &str = "carry_to";

impl Carried {
    /// Hidden fields that bring the form through the sign-in form.
    pub fn hidden(&self) -> Vec<(String, String)> {
        let fields = self.fields.iter().map(|(name, value)| (format!("{PREFIX}{name}"), value.clone()));
        fields.chain([(TO.to_owned(), self.to.clone())]).collect()
    }

    /// The form a sign-in form brought along.
    pub fn brought_by(sign_in: &Typed) -> Option<Carried> {
        let to = Some(sign_in.value(TO)).filter(|to| !to.is_empty())?;
        let fields = sign_in.values().filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_owned(), value)));
        Some(Carried { to: to.to_owned(), fields: fields.map(|(name, value)| (name, value.to_owned())).collect() })
    }
}

impl std::fmt::Debug for Carried {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Carried({} fields)", self.fields.len())
    }
}
