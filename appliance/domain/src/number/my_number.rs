//! The guard against the 12-digit individual number (個人番号): recognised to be refused, never to be kept
//! (my-number-card §1).

use crate::kana::{fold_width, is_blank};
use std::borrow::Cow;

/// Whether the text holds an individual number: exactly twelve digits in one run, or three groups of four joined by
/// spaces or dashes, with a fitting check digit. A piece of a longer run of digits is none. One random twelve-digit
/// number in about ten looks like one, too; refusing those is the price. Ids and hashes that machines made hold digits
/// by chance and are passed by: else about one visit in 760 could not be opened.
pub fn looks_like_my_number(text: &str) -> bool {
    let text = fold_width(text);
    if is_hash(&text) || is_uuid_with_dashes(&text) {
        return false;
    }
    let parts = parts(&without_ids(&text));
    let single = parts.iter().any(|part| matches!(part, Part::Digits(run) if is_individual_number(run)));
    single || (0..parts.len()).any(|at| grouped(&parts, at).is_some_and(|run| is_individual_number(&run)))
}

/// The text with every id of ours in it, a UUID without dashes, as a single letter.
fn without_ids(text: &str) -> Cow<'_, str> {
    let words = || text.split(|c: char| !c.is_ascii_alphanumeric());
    if !words().any(is_id) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(words().filter(|word| is_id(word)).fold(text.to_owned(), |text, id| text.replace(id, "x")))
}

/// 32 hexadecimal digits with a version and the variant of RFC 9562 where these stand.
fn is_id(word: &str) -> bool {
    let digits = word.as_bytes();
    digits.len() == 32
        && is_hexadecimal(word)
        && matches!(digits[12], b'4' | b'7')
        && matches!(digits[16], b'8' | b'9' | b'a' | b'b' | b'A' | b'B')
}

fn is_uuid_with_dashes(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(|part| is_hexadecimal(part))
}

/// A SHA-256.
fn is_hash(text: &str) -> bool {
    text.len() == 64 && is_hexadecimal(text)
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A piece of the text: a run of digits, a joint between digits, or anything else.
#[derive(Debug, PartialEq)]
enum Part {
    Digits(Vec<u8>),
    Joint(String),
    Other,
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for c in text.chars() {
        match (parts.last_mut(), c.to_digit(10)) {
            (Some(Part::Digits(run)), Some(digit)) => run.push(digit as u8),
            (_, Some(digit)) => parts.push(Part::Digits(vec![digit as u8])),
            (Some(Part::Joint(joint)), None) if is_joint(c) => joint.push(as_joint(c)),
            (_, None) if is_joint(c) => parts.push(Part::Joint(as_joint(c).to_string())),
            (Some(Part::Other), None) => {}
            (_, None) => parts.push(Part::Other),
        }
    }
    parts
}

fn is_joint(c: char) -> bool {
    is_blank(c) || c == '-' || c == 'ー'
}

fn as_joint(c: char) -> char {
    if is_blank(c) { ' ' } else { '-' }
}

/// The twelve digits of three groups of four that begin at this part and do not continue on either side.
fn grouped(parts: &[Part], at: usize) -> Option<Vec<u8>> {
    let [Part::Digits(a), Part::Joint(first), Part::Digits(b), Part::Joint(second), Part::Digits(c)] =
        parts.get(at..at + 5)?
    else {
        return None;
    };
    let before = at.checked_sub(2).and_then(|from| parts.get(from..at));
    let continues_before =
        matches!(before, Some([Part::Digits(run), Part::Joint(joint)]) if run.len() == 4 && joint == first);
    let after = parts.get(at + 5..at + 7);
    let continues_after =
        matches!(after, Some([Part::Joint(joint), Part::Digits(run)]) if run.len() == 4 && joint == second);
    let fours = [a, b, c].iter().all(|run| run.len() == 4);
    (fours && !continues_before && !continues_after).then(|| [a.as_slice(), b, c].concat())
}

/// Twelve digits whose last is the check digit of the number: weights 2..=7, 2..=6 from the right of the body.
fn is_individual_number(run: &[u8]) -> bool {
    let [body @ .., last] = run else { return false };
    body.len() == 11 && *last == individual_check_digit(body)
}

fn individual_check_digit(body: &[u8]) -> u8 {
    let weights = (2u32..=7).chain(2..=6);
    let sum: u32 = body.iter().rev().zip(weights).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    match sum % 11 {
        0 | 1 => 0,
        rest => (11 - rest) as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An invented number, put together only while the test runs.
    fn invented(body: u64) -> String {
        let digits: Vec<u8> = format!("{body:011}").bytes().map(|b| b - b'0').collect();
        format!("{body:011}{}", individual_check_digit(&digits))
    }

    fn groups(number: &str, joint: &str) -> String {
        [&number[..4], &number[4..8], &number[8..]].join(joint)
    }

    #[test]
    fn the_published_rule_gives_the_published_sample() {
        // the sample printed on specimen cards: 1 to 9, 0, 1, then 8
        assert_eq!(individual_check_digit(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]), 8);
        assert_eq!(individual_check_digit(&[0; 11]), 0);
        // sum 2, remainder 2 → 9; sum 12, remainder 1 → 0
        assert_eq!(individual_check_digit(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), 9);
        assert_eq!(individual_check_digit(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6]), 0);
    }

    #[test]
    fn it_is_found_in_every_usual_spelling() {
        let number = invented(31_415_926_535);
        let wide: String = number.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap_or(c)).collect();
        for text in [
            number.clone(),
            wide,
            groups(&number, " "),
            groups(&number, "-"),
            groups(&number, "　"),
            groups(&number, "－"),
            groups(&number, "ー"),
            groups(&number, " - "),
            format!("番号は{number}です"),
            format!("03-{}", groups(&number, " ")),
        ] {
            assert!(looks_like_my_number(&text), "one of the spellings was missed");
        }
    }

    #[test]
    fn ids_of_ours_are_none_whatever_digits_they_hold() {
        let number = invented(13_927_752_407);
        let in_the_time = format!("{number}7abc8abcdefabcdefabc");
        let at_the_end = format!("019a8f01392a7abc9abc{number}");
        for id in [&in_the_time, &at_the_end] {
            assert!(is_id(id) && !looks_like_my_number(id) && !looks_like_my_number(&format!("staff-{id}")));
            assert!(looks_like_my_number(&format!("{id} {number}")), "beside an id it is one");
        }
        let no_version = format!("{number}babc8abcdefabcdefabc");
        assert!(looks_like_my_number(&no_version), "hexadecimal digits that are no id of ours");
    }

    #[test]
    fn longer_runs_wrong_check_digits_and_other_groups_are_none() {
        let number = invented(31_415_926_535);
        let wrong = format!("{}{}", &number[..11], (number.as_bytes()[11] - b'0' + 1) % 10);
        for text in [
            wrong.clone(),
            groups(&wrong, "-"),
            format!("9{number}"),
            format!("{number}9"),
            format!("{}-1234", groups(&number, "-")),
            format!("1234 {}", groups(&number, " ")),
            format!("{}x{}", &number[..6], &number[6..]),
            format!("{}-{}", &number[..6], &number[6..]),
            String::new(),
            "0123456789".to_owned(),
        ] {
            assert!(!looks_like_my_number(&text));
        }
    }

    #[test]
    fn every_check_digit_but_the_right_one_is_refused() {
        for body in (0..11_000_000_000u64).step_by(123_456_789) {
            let right = invented(body);
            let hits = (0..10).filter(|last| looks_like_my_number(&format!("{}{last}", &right[..11]))).count();
            assert_eq!(hits, 1);
            assert!(looks_like_my_number(&right));
        }
    }
}
