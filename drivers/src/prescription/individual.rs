//! Twelve digits that may be somebody's individual number: refused wherever they turn up, never stored.

/// Whether the text holds twelve digits in a row, blanks and hyphens between them ignored, whose last one is the check
/// digit of an individual number (総務省令 85号 2014, article 5).
pub(super) fn is_individual_number(text: &str) -> bool {
    let joined = text.chars().filter(|letter| !matches!(letter, ' ' | '-'));
    let runs: String = joined.map(|letter| if letter.is_ascii_digit() { letter } else { ' ' }).collect();
    runs.split(' ').filter(|run| run.len() == 12).any(check_digit_fits)
}

fn check_digit_fits(run: &str) -> bool {
    let digits: Vec<u32> = run.chars().filter_map(|digit| digit.to_digit(10)).collect();
    let Some((check, body)) = digits.split_last() else { return false };
    let weights = (2..=7).chain(2..=6);
    let sum: u32 = body.iter().rev().zip(weights).map(|(digit, weight)| digit * weight).sum();
    *check
        == match sum % 11 {
            0 | 1 => 0,
            rest => 11 - rest,
        }
}

#[cfg(test)]
mod tests {
    use super::is_individual_number;

    #[test]
    fn twelve_digits_with_the_right_check_digit_are_found_however_they_are_written() {
        for text in ["123456789018", "1234-5678-9018", "1234 5678 9018", "番号123456789018です"] {
            assert!(is_individual_number(text), "{text}");
        }
        for text in ["123456789019", "12345678901", "1234567890180", "", "abc"] {
            assert!(!is_individual_number(text), "{text}");
        }
    }
}
