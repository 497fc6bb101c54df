//! What may stand nowhere in a body: a My Number, control characters, endless nesting, lists or texts.

use crate::api::problem::FieldNote;
use domain::number::looks_like_my_number;
use domain::text::Text;
use serde_json::Value as Json;

/// How deep a body may nest.
const DEEPEST: usize = 24;
/// How many items a list, or fields an object, may hold.
const ITEMS_AT_MOST: usize = 1_000;
/// How long any text may be; most fields allow far less. Characters.
const LONGEST: usize = 20_000;

/// Forbidden content and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// it looks like a My Number
    pub my_number: bool,
    /// what and where; never the content
    pub note: FieldNote,
}

/// Walks a body; the first forbidden thing ends it.
pub fn look_at(json: &Json) -> Result<(), Forbidden> {
    walk(json, "", DEEPEST)
}

fn walk(json: &Json, pointer: &str, depth_left: usize) -> Result<(), Forbidden> {
    if depth_left == 0 {
        return Err(forbidden(pointer, "too_deep", "入れ子が深すぎます。", "Nested too deeply."));
    }
    match json {
        Json::Null | Json::Bool(_) => Ok(()),
        Json::Number(number) => look_at_text(&number.to_string(), pointer),
        Json::String(text) => look_at_text(text, pointer),
        Json::Array(items) => {
            look_at_count(items.len(), pointer)?;
            let mut numbered = items.iter().enumerate();
            numbered.try_for_each(|(index, item)| walk(item, &format!("{pointer}/{index}"), depth_left - 1))
        }
        Json::Object(fields) => {
            look_at_count(fields.len(), pointer)?;
            fields.iter().try_for_each(|(name, value)| {
                look_at_text(name, pointer)?;
                walk(value, &step(pointer, name), depth_left - 1)
            })
        }
    }
}

/// The pointer of a field, unless its name is nothing a field is called: a name somebody typed is not repeated.
pub fn step(pointer: &str, name: &str) -> String {
    let plain = !name.is_empty()
        && name.len() <= 40
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !name.bytes().all(|b| b.is_ascii_digit());
    if plain { format!("{pointer}/{name}") } else { pointer.to_owned() }
}

fn look_at_count(count: usize, pointer: &str) -> Result<(), Forbidden> {
    if count > ITEMS_AT_MOST {
        let (ja, en) = (format!("{ITEMS_AT_MOST}件までです。"), format!("At most {ITEMS_AT_MOST} items."));
        return Err(forbidden(pointer, "too_many", ja, en));
    }
    Ok(())
}

fn look_at_text(text: &str, pointer: &str) -> Result<(), Forbidden> {
    match text_fault(text) {
        Some(TextFault::MyNumber) => Err(my_number(pointer)),
        Some(TextFault::ControlCharacter) => Err(forbidden(
            pointer,
            "control_character",
            "使えない制御文字が含まれています。取り除いてください。",
            "Holds control characters that cannot be used. Remove them.",
        )),
        Some(TextFault::TooLong) => Err(forbidden(pointer, "too_long", "長すぎます。", "Too long.")),
        None => Ok(()),
    }
}

fn my_number(pointer: &str) -> Forbidden {
    let text = Text::new(
        "マイナンバー（個人番号12桁）と思われる数字があります。保存していません。取り除いてください。",
        "Seems to hold a 12-digit individual number (My Number). It was not kept; remove it.",
    );
    Forbidden { my_number: true, note: FieldNote::new(pointer, "my_number", text) }
}

fn forbidden(pointer: &str, code: &str, ja: impl Into<String>, en: impl Into<String>) -> Forbidden {
    Forbidden { my_number: false, note: FieldNote::new(pointer, code, Text::new(ja, en)) }
}

/// Why a text may stand nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFault {
    /// looks like a My Number
    MyNumber,
    /// control characters other than a line feed, or characters that turn the writing direction around
    ControlCharacter,
    /// longer than any text may be
    TooLong,
}

/// Looks at one text.
pub fn text_fault(text: &str) -> Option<TextFault> {
    if text.len() > LONGEST * 4 || text.chars().count() > LONGEST {
        return Some(TextFault::TooLong);
    }
    if text.chars().any(|c| (c.is_control() && c != '\n') || turns_direction(c)) {
        return Some(TextFault::ControlCharacter);
    }
    looks_like_my_number(text).then_some(TextFault::MyNumber)
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// An invented number with a fitting check digit, put together only while the test runs.
    fn invented() -> String {
        (0..10).map(|last| format!("31415926535{last}")).find(|n| looks_like_my_number(n)).expect("one of ten fits")
    }

    #[test]
    fn a_my_number_is_found_wherever_it_hides_and_is_not_repeated() {
        let number = invented();
        let as_number: u64 = number.parse().expect("digits");
        let mut keyed = serde_json::Map::new();
        keyed.insert(number.clone(), json!(1));
        for (body, pointer) in [
            (json!(number), ""),
            (json!({"a": {"b": [1, format!("memo {number}")]}}), "/a/b/1"),
            (json!({ "a": as_number }), "/a"),
            (json!({ "a": keyed }), "/a"),
        ] {
            let found = look_at(&body).expect_err("found");
            assert!(found.my_number);
            assert_eq!(found.note.pointer, pointer);
            assert!(!format!("{found:?}").contains(&number));
        }
    }

    #[test]
    fn names_somebody_typed_do_not_get_into_a_pointer() {
        assert_eq!(step("/a", "birth_date"), "/a/birth_date");
        assert_eq!(step("/a", "山田 太郎"), "/a");
        assert_eq!(step("/a", "09012345678"), "/a");
        assert_eq!(step("/a", ""), "/a");
    }

    #[test]
    fn control_characters_depth_and_length_are_limited() {
        for text in ["a\u{0}b", "a\tb", "a\u{7f}", "a\u{85}", "abc\u{202e}def", "a\rb"] {
            assert_eq!(text_fault(text), Some(TextFault::ControlCharacter), "{text:?}");
        }
        assert_eq!(text_fault("葛\u{E0100}城\n二行目"), None);
        assert_eq!(text_fault(&"あ".repeat(LONGEST + 1)), Some(TextFault::TooLong));
        let deep = (0..DEEPEST).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(look_at(&deep).expect_err("deep").note.code, "too_deep");
        assert_eq!(look_at(&json!(vec![0; ITEMS_AT_MOST + 1])).expect_err("long").note.code, "too_many");
    }

    #[test]
    fn ids_and_hashes_made_by_machines_pass() {
        let number = invented();
        let uuid = format!("01890000-7000-7000-8000-{number}");
        assert_eq!(text_fault(&uuid), None);
        assert_eq!(text_fault(&format!("{}{number}{}", "a".repeat(26), "b".repeat(26))), None);
        assert_eq!(text_fault(&format!("{}{number}{}", "a".repeat(26), "b".repeat(25))), Some(TextFault::MyNumber));
    }
}
