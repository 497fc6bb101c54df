//! Reading a list of insurers as a clinic brings it: CSV with number, name and phone. Bad lines are located, and then nothing is taken.

use crate::port::InsurerContact;
use domain::number::{InsurerNumber, looks_like_my_number};
use domain::text::Text;

/// Most insurers of a list.
const MOST: usize = 10_000;
/// Most complaints shown at once.
const MOST_COMPLAINTS: usize = 20;
/// Longest name and phone, characters.
const LONGEST_NAME: usize = 60;
const LONGEST_PHONE: usize = 20;

/// Reads a list. The error is every complaint, each with its line.
pub fn parse(text: &str) -> Result<Vec<InsurerContact>, Vec<Text>> {
    let (mut contacts, mut complaints) = (Vec::new(), Vec::new());
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() || (at == 0 && is_heading(line)) {
            continue;
        }
        match contact(line) {
            Ok(contact) => contacts.push(contact),
            Err((ja, en)) => {
                complaints.push(Text::new(format!("{}行目：{ja}", at + 1), format!("line {}: {en}", at + 1)))
            }
        }
    }
    if contacts.len() > MOST {
        complaints.push(Text::new(format!("{MOST}行までです。"), format!("At most {MOST} lines.")));
    }
    if contacts.is_empty() && complaints.is_empty() {
        complaints.push(Text::new("一覧が空です。", "The list is empty."));
    }
    complaints.truncate(MOST_COMPLAINTS);
    if complaints.is_empty() { Ok(contacts) } else { Err(complaints) }
}

/// The first line may name the columns: nothing in it is a number.
fn is_heading(line: &str) -> bool {
    !line.chars().any(|c| c.is_ascii_digit())
}

fn contact(line: &str) -> Result<InsurerContact, (&'static str, &'static str)> {
    if looks_like_my_number(line) {
        return Err((
            "マイナンバーと思われる数字があります。消してください",
            "it seems to hold a My Number: take it out",
        ));
    }
    let cells = cells(line).ok_or(("引用符が閉じていません", "a quotation mark is not closed"))?;
    let [number, name, phone, ..] = cells.as_slice() else {
        return Err(("番号,名称,電話番号の3列が必要です", "number, name and phone are needed"));
    };
    let number = InsurerNumber::parse_overridden(number.trim())
        .map_err(|_| ("保険者番号は6桁か8桁の数字です", "an insurer number has 6 or 8 digits"))?;
    let (name, phone) = (name.trim(), phone.trim());
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
        return Err(("名称は1〜60文字です", "a name has 1 to 60 characters"));
    }
    let dialled = |c: char| c.is_ascii_digit() || "-+() ".contains(c);
    if phone.len() < 3 || phone.len() > LONGEST_PHONE || !phone.chars().all(dialled) {
        return Err((
            "電話番号は半角の数字とハイフンで20文字までです",
            "a phone is digits and hyphens, at most 20 characters",
        ));
    }
    Ok(InsurerContact {
        insurer_number: number.value.as_str().to_owned(),
        name: name.to_owned(),
        phone: phone.to_owned(),
    })
}

/// The cells of a line; none when a quotation mark is not closed.
fn cells(line: &str) -> Option<Vec<String>> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => cell.extend(characters.next()),
            '"' => quoted = !quoted,
            ',' | '\t' if !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    (!quoted).then_some(cells)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_list_is_read_with_or_without_a_heading() {
        let list = "\u{FEFF}保険者番号,名称,電話\r\n01130012,\"架空, 支部\",03-0000-0000\r\n\r\n138057\t架空市\t042-000-0000\n";
        let contacts = parse(list).unwrap();
        assert_eq!(contacts.len(), 2);
        assert_eq!((contacts[0].name.as_str(), contacts[1].insurer_number.as_str()), ("架空, 支部", "138057"));
    }

    #[test]
    fn bad_lines_are_located_and_nothing_is_taken() {
        let list =
            "01130012,架空支部,03-0000-0000\n123,架空,03\n01130012,,03-0000\n01130012,架空,電話\n01130012,\"架空,03\n";
        let complaints = parse(list).unwrap_err();
        let lines: Vec<&str> = complaints.iter().map(|text| &text.en[..7]).collect();
        assert_eq!(lines, ["line 2:", "line 3:", "line 4:", "line 5:"]);
        assert!(parse("\n").is_err());
    }
}
