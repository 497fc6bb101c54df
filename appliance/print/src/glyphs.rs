//! Characters the font does not have. Names hold some that hardly any font has; a silent gap or an empty box in a name would be
//! worse than the mark printers have always used for a missing letter: 〓, with a line that says so.

use serde_json::Value;
use std::collections::BTreeSet;
use typst::text::FontInfo;

/// The printers' mark for a letter that is not in the case.
const GETA: char = '〓';

/// Replaces what the font lacks in every text of the document, and returns the code points.
pub fn replace_missing(document: &mut Value, font: &FontInfo) -> Vec<String> {
    let mut missing = BTreeSet::new();
    walk(document, font, &mut missing);
    missing.into_iter().map(|c| format!("U+{:04X}", u32::from(c))).collect()
}

fn walk(value: &mut Value, font: &FontInfo, missing: &mut BTreeSet<char>) {
    match value {
        Value::String(text) => *text = text.chars().filter_map(|c| printable(c, font, missing)).collect(),
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, font, missing)),
        Value::Object(fields) => fields.values_mut().for_each(|field| walk(field, font, missing)),
        _ => {}
    }
}

/// A selector picks a form of the letter before it: the letter itself is printed, and the selector told of. Other characters
/// without a shape of their own are left out.
fn printable(c: char, font: &FontInfo, missing: &mut BTreeSet<char>) -> Option<char> {
    match c {
        '\n' => Some(c),
        '\t' | '\r' => Some(' '),
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => {
            missing.insert(c);
            None
        }
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => None,
        c if c.is_control() => None,
        c if font.coverage.contains(u32::from(c)) => Some(c),
        c => {
            missing.insert(c);
            Some(GETA)
        }
    }
}
