//! Numbers somebody issued: read once by the domain, with its complaints and warnings at their place.

use super::text::{IssuedNumber, Reason, optional};
use crate::api::body::Place;
use domain::number::{Checked, InsurerNumber, NumberError, NumberWarning};

/// Reads an issued number with the domain's own rules.
pub fn issued<T>(
    typed: Option<IssuedNumber>,
    at: Place<'_>,
    parse: impl Fn(&str) -> Result<Checked<T>, NumberError>,
) -> Option<T> {
    let typed = optional(typed, at.same())?;
    match parse(&typed) {
        Ok(checked) => Some(with_warnings(checked, &at)),
        Err(error) => {
            at.wrong(code_of(&error), error.ja(), error.en());
            None
        }
    }
}

/// Reads 保険者番号. Staff may insist on a check digit that does not fit, with a reason (claims-rules §3.4), which is kept beside a
/// number that needs it.
pub fn insurer(
    typed: Option<IssuedNumber>,
    insist: bool,
    reason: Option<Reason>,
    at: &Place<'_>,
) -> (Option<InsurerNumber>, Option<String>) {
    let reason = optional(reason, at.field("override_reason"));
    if insist && reason.is_none() {
        at.field("override_reason").wrong(
            "required",
            "検証番号が合わない番号をそのまま使う理由を入れてください。",
            "Give a reason for using a number whose check digit does not fit.",
        );
    }
    let parse = if insist { InsurerNumber::parse_overridden } else { InsurerNumber::parse };
    let number = issued(typed, at.field("insurer_number"), parse);
    let needed = number.as_ref().is_some_and(|number| InsurerNumber::parse(number.as_str()).is_err());
    (number, reason.filter(|_| needed))
}

fn with_warnings<T>(checked: Checked<T>, at: &Place<'_>) -> T {
    for warning in &checked.warnings {
        let insisted = matches!(warning, NumberWarning::CheckDigitOverridden { .. });
        let code = if insisted { "check_digit_overridden" } else { "number_warning" };
        at.odd(code, warning.ja(), warning.en());
    }
    checked.value
}

fn code_of(error: &NumberError) -> &'static str {
    match error {
        NumberError::CheckDigit { .. } => "check_digit",
        NumberError::LooksLikeMyNumber { .. } => "my_number",
        NumberError::Empty { .. } => "required",
        _ => "number",
    }
}
