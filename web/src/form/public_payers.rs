//! The public payers of a form (公費): numbers as they stand on the certificate, read once into domain values.

use super::fields::{PUBLIC_PAYERS, TAKE_PAYERS};
use super::{Check, Field, Input, Typed};
use crate::lang::Lang;
use askama::Template;
use domain::number::{Checked, NumberError, NumberWarning, PublicPayerNumber, PublicRecipientNumber};
use domain::public_payer::PublicPayer;
use domain::text::Text;

/// The visible payers, each with its two lines.
#[derive(Template)]
#[template(
    source = r#"{% for (payer, recipient) in rows %}<div class="grid">{{ payer|safe }}{{ recipient|safe }}</div>{% endfor %}{% for odd in odd %}<p class="caution">{{ odd }}</p>{% endfor %}{% if let Some(tick) = tick %}{{ tick|safe }}{% endif %}"#,
    ext = "html"
)]
pub struct PayersForm {
    rows: Vec<(Input, Input)>,
    odd: Vec<String>,
    tick: Option<Check>,
}

impl PayersForm {
    /// So many rows with what was typed; `odd` are those whose numbers somebody should look at again.
    pub fn of(form: &str, rows: usize, odd: &[PublicPayer], typed: &Typed, lang: Lang) -> PayersForm {
        let row = |(payer, recipient): &'static (Field, Field)| {
            (Input::of(payer, form, typed, lang).digits(), Input::of(recipient, form, typed, lang).digits())
        };
        PayersForm { rows: PUBLIC_PAYERS.iter().take(rows).map(row).collect(), odd: to_look_at(lang, odd), tick: None }
    }

    /// They count only when staff say that they compared them.
    pub fn awaiting_confirmation(self, form: &str, typed: &Typed, lang: Lang) -> PayersForm {
        PayersForm { tick: Some(Check::of(&TAKE_PAYERS, form, typed, lang)), ..self }
    }
}

/// What looks odd about numbers that are used, in words.
pub fn warnings(lang: Lang, payers: &[PublicPayer]) -> Vec<String> {
    in_words(lang, payers.iter().flat_map(PublicPayer::warnings))
}

/// The same about numbers that nobody uses yet.
fn to_look_at(lang: Lang, payers: &[PublicPayer]) -> Vec<String> {
    let odd = payers.iter().flat_map(PublicPayer::warnings).map(|warning| match warning {
        NumberWarning::CheckDigitOverridden { kind } => NumberWarning::CheckDigit { kind },
        other => other,
    });
    in_words(lang, odd)
}

fn in_words(lang: Lang, odd: impl Iterator<Item = NumberWarning>) -> Vec<String> {
    odd.map(|warning| lang.pick(warning.ja(), warning.en())).collect()
}

/// The payers as somebody would type them.
pub fn show_payers(payers: &[PublicPayer]) -> Vec<(&'static str, String)> {
    let lines = PUBLIC_PAYERS.iter().zip(payers).flat_map(|((payer, recipient), known)| {
        let recipient = (recipient.name, known.recipient.as_ref().map(|number| number.as_str().to_owned()));
        [(payer.name, Some(known.payer.as_str().to_owned())), recipient]
    });
    lines.filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Reads the payers; complaints go to the fields. A check digit that does not fit is no complaint: certificates with such numbers
/// exist, and the page goes on saying so (claims-rules §3.4).
pub fn read_payers(typed: &mut Typed) -> Vec<PublicPayer> {
    let rows = PUBLIC_PAYERS.iter().filter_map(|(payer, recipient)| {
        let number = number(typed, payer, PublicPayerNumber::parse_overridden);
        let recipient_number = self::number(typed, recipient, PublicRecipientNumber::parse_overridden);
        if number.is_none() && recipient_number.is_some() && typed.problem(payer.name).is_none() {
            typed.refuse(payer.name, payer.empty());
        }
        Some(PublicPayer { payer: number?, recipient: recipient_number })
    });
    rows.collect()
}

fn number<T>(typed: &mut Typed, field: &Field, parse: impl Fn(&str) -> Result<Checked<T>, NumberError>) -> Option<T> {
    let text = typed.text(field)?;
    parse(&text).map_err(|error| typed.refuse(field.name, Text::new(error.ja(), error.en()))).ok().map(|c| c.value)
}
