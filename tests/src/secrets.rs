//! What must stand in no log: everything that tells who was at the desk, in every spelling it was used in.

use domain::Date;
use domain::number::looks_like_my_number;
use std::collections::BTreeSet;
use sync::simulator::Person;

/// Texts that must not appear.
#[derive(Default)]
pub struct Secrets(BTreeSet<String>);

impl Secrets {
    /// A text as it was typed or sent.
    pub fn add(&mut self, text: &str) {
        let text = text.trim();
        assert!(text.chars().count() >= 2, "{text} stands in every log");
        let joined: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        self.0.extend([text.to_owned(), joined]);
    }

    /// A birth date in the spellings of forms, files and addresses.
    pub fn add_date(&mut self, date: Date) {
        let iso = date.to_string();
        let (year, rest) = iso.split_at(4);
        self.0.extend([iso.clone(), iso.replace('-', ""), iso.replace('-', "/")]);
        let (month, day) = (rest[1..3].trim_start_matches('0'), rest[4..6].trim_start_matches('0'));
        let year: u16 = year.parse().unwrap();
        for (era, kanji, first) in [("S", "昭和", 1926), ("H", "平成", 1989), ("R", "令和", 2019)] {
            if let Some(of_era) = year.checked_sub(first).map(|years| years + 1) {
                self.0.insert(format!("{era}{of_era}.{month}.{day}"));
                self.0.insert(format!("{kanji}{of_era}年{month}月{day}日"));
            }
        }
    }

    /// Everything about one person of the practice population: the card, the papers, what the national service knows.
    pub fn add_person(&mut self, person: &Person) {
        let face = &person.face;
        for text in [&face.name, &face.reading, &face.address, &person.telephone] {
            self.add(text);
        }
        self.add_date(face.birth_date);
        let papers = person.holds.iter().map(|paper| &paper.coverage);
        let registered = person.national.eligibilities.iter();
        for coverage in papers.chain(registered.clone().map(|eligibility| &eligibility.coverage)) {
            self.add(&coverage.number);
            coverage.symbol.iter().for_each(|symbol| self.add(symbol));
        }
        for eligibility in registered {
            self.add(&eligibility.name);
            self.add(&eligibility.name_kana);
            eligibility.address.iter().for_each(|address| self.add(address));
        }
    }

    /// The first place where any of them stands in a text, however it was escaped. Only the place is told.
    pub fn place_in(&self, text: &str) -> Option<String> {
        text.lines().enumerate().find_map(|(number, line)| {
            let hit = self.0.iter().position(|secret| spellings(secret).iter().any(|form| stands_in(form, line)))?;
            Some(format!("line {}, secret {hit}: {line}", number + 1))
        })
    }

    /// How many texts are looked for.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// As it is, as an address escapes it, and as Rust shows bytes.
fn spellings(secret: &str) -> [String; 4] {
    let escaped = |mark: &str, upper: bool| {
        let byte = |b: u8| match (b.is_ascii_alphanumeric() || b"-_.~".contains(&b), upper) {
            (true, _) => char::from(b).to_string(),
            (false, true) => format!("{mark}{b:02X}"),
            (false, false) => format!("{mark}{b:02x}"),
        };
        secret.bytes().map(byte).collect::<String>()
    };
    [secret.to_owned(), escaped("%", true), escaped("%", false), escaped("\\x", false)]
}

/// A short number counts only where it stands alone: times and identifiers are full of digits.
fn stands_in(form: &str, line: &str) -> bool {
    let is_short = form.len() < 8 && form.bytes().all(|b| b.is_ascii_alphanumeric());
    let word = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == ':' || c == '-';
    line.match_indices(form).any(|(at, _)| {
        let (before, after) = (line[..at].chars().next_back(), line[at + form.len()..].chars().next());
        !is_short || ![before, after].into_iter().flatten().any(word)
    })
}

/// An invented number with a fitting check digit, put together only while the test runs.
pub fn invented_my_number(start: &str) -> String {
    assert_eq!(start.len(), 11);
    let numbers = (0..10).map(|last| format!("{start}{last}"));
    numbers.into_iter().find(|number| looks_like_my_number(number)).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_is_found_in_every_spelling() {
        let mut secrets = Secrets::default();
        secrets.add("架空　花子");
        secrets.add("0457");
        secrets.add_date(Date::literal(1964, 10, 10));
        for line in [
            "a 架空花子 b",
            "GET /?q=%E6%9E%B6%E7%A9%BA%E3%80%80%E8%8A%B1%E5%AD%90",
            "S39.10.10",
            "19641010",
            "昭和39年10月10日",
            "number=0457,",
        ] {
            assert!(secrets.place_in(line).is_some(), "{line}");
        }
        for line in ["2026-11-21T12:04:57.045712Z INFO stopping", "架空", "port 10457"] {
            assert_eq!(secrets.place_in(line), None, "{line}");
        }
    }
}
