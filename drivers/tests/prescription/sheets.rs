//! Sheets to scan: the three samples as captured bytes, and sample A with lines changed.

use drivers::prescription::{DeskCode, Prescription, recognise};

pub const SAMPLE_A: &[u8] = include_bytes!("../data/prescription-a.bin");
pub const SAMPLE_B: &[u8] = include_bytes!("../data/prescription-b.bin");
pub const SAMPLE_C: &[u8] = include_bytes!("../data/notebook-c.bin");

/// The text in code page 932.
pub fn cp932(text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = encoding_rs::SHIFT_JIS.encode(text);
    assert!(!lossy, "a character outside code page 932");
    bytes.into_owned()
}

/// Sample A's lines without the end mark.
pub fn lines_of_a() -> Vec<String> {
    let text = encoding_rs::SHIFT_JIS.decode(SAMPLE_A).0.into_owned();
    text.trim_end_matches('\u{1a}').lines().map(str::to_owned).collect()
}

/// A whole code of these lines.
pub fn code_of(lines: &[String]) -> Vec<u8> {
    cp932(&(lines.join("\r\n") + "\r\n\u{1a}"))
}

/// Sample A with each of these records in the place of the one of its number; one that is only a number is taken out.
pub fn a_with(changes: &[&str]) -> Vec<u8> {
    let mut lines = lines_of_a();
    for change in changes {
        let number = change.split(',').next().unwrap();
        let place = lines.iter().position(|line| line.split(',').next() == Some(number));
        match (place, change.contains(',')) {
            (Some(place), true) => lines[place] = (*change).to_owned(),
            (Some(place), false) => drop(lines.remove(place)),
            (None, _) => {
                let before = lines.iter().position(|line| line.starts_with("101,")).unwrap();
                lines.insert(before, (*change).to_owned());
            }
        }
    }
    code_of(&lines)
}

/// Sample A under another header, with changes.
pub fn a_under(header: &str, changes: &[&str]) -> Vec<u8> {
    let changed = a_with(changes);
    [header.as_bytes(), changed.strip_prefix(b"JAHIS10").unwrap()].concat()
}

/// The sheet that these bytes are.
#[track_caller]
pub fn sheet(bytes: &[u8]) -> Prescription {
    match recognise(bytes) {
        DeskCode::Prescription(sheet) => *sheet,
        other => panic!("no prescription but {other:?}"),
    }
}
