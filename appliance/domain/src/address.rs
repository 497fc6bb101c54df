//! Addresses made comparable: two spellings of one address are told from two addresses (checkin-rules §7.3, REQ-37).
//!
//! Only a contradiction counts. A prefecture, a building or a room that one side leaves out is none, and `●` stands for any one
//! character.

use crate::kana::{fold_variants, fold_width, is_blank};

/// Whether two addresses contradict each other. Empty ones contradict nothing.
pub fn differ(received: &str, known: &str) -> bool {
    let (received, known) = (key(received), key(known));
    if received.is_empty() || known.is_empty() {
        return false;
    }
    let (received, known) = without_lone_prefecture(&received, &known);
    let (short, long) = if received.len() <= known.len() { (received, known) } else { (known, received) };
    let same = |(a, b): (&char, &char)| a == b || *a == UNMAPPABLE || *b == UNMAPPABLE;
    !(short.iter().zip(long).all(same) && ends_whole(short, long))
}

const UNMAPPABLE: char = '●';

/// The prefectures whose names end otherwise than in 県.
const PREFECTURES: [&str; 4] = ["北海道", "東京都", "京都府", "大阪府"];

/// What one address has behind the other is another part of it (a building), not the rest of a number.
fn ends_whole(short: &[char], long: &[char]) -> bool {
    let next = long.get(short.len());
    let cut_in_number = short.last().is_some_and(char::is_ascii_digit) && next.is_some_and(char::is_ascii_digit);
    !cut_in_number
}

fn without_lone_prefecture<'a>(one: &'a [char], two: &'a [char]) -> (&'a [char], &'a [char]) {
    match (prefecture_len(one), prefecture_len(two)) {
        (Some(len), None) => (&one[len..], two),
        (None, Some(len)) => (one, &two[len..]),
        _ => (one, two),
    }
}

fn prefecture_len(key: &[char]) -> Option<usize> {
    let begins = |name: &&str| name.chars().eq(key.iter().take(name.chars().count()).copied());
    let named = PREFECTURES.iter().copied().find(begins).map(|name| name.chars().count());
    named.or_else(|| [2, 3].into_iter().find(|at| key.get(*at) == Some(&'県')).map(|at| at + 1))
}

/// One width, one form of kanji, no white space, house numbers as digits between dashes.
fn key(address: &str) -> Vec<char> {
    let folded = fold_variants(&fold_width(address));
    let chars: Vec<char> = folded.chars().filter(|c| !is_blank(*c)).collect();
    let mut key: Vec<char> = Vec::with_capacity(chars.len());
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        if let Some((number, len)) = kanji_number(rest) {
            key.extend(number.to_string().chars());
            at += len;
        } else if let Some(len) = ["番地", "丁目", "番", "号"].iter().find_map(|word| begins_with(rest, word))
            && key.last().is_some_and(char::is_ascii_digit)
        {
            dash(&mut key);
            at += len;
        } else if let Some(len) = begins_with(rest, "大字") {
            at += len;
        } else {
            push(&mut key, chars[at], rest.get(1));
            at += 1;
        }
    }
    while key.last() == Some(&'-') {
        key.pop();
    }
    key
}

fn push(key: &mut Vec<char>, c: char, next: Option<&char>) {
    let between_digits = key.last().is_some_and(char::is_ascii_digit) && next.is_some_and(char::is_ascii_digit);
    match c {
        '-' | 'ー' | 'の' | 'ノ' | '之' if between_digits => dash(key),
        '-' if key.last().is_some_and(char::is_ascii_digit) => dash(key),
        'ヶ' | 'ｹ' | 'が' | 'ガ' => key.push('ケ'),
        'ッ' | 'ツ' => key.push('ツ'),
        c => key.push(c),
    }
}

fn dash(key: &mut Vec<char>) {
    if key.last() != Some(&'-') {
        key.push('-');
    }
}

fn begins_with(rest: &[char], word: &str) -> Option<usize> {
    let len = word.chars().count();
    word.chars().eq(rest.iter().take(len).copied()).then_some(len)
}

/// A number in kanji before 丁目, as in 三丁目: elsewhere (三田, 八王子) such characters are names.
fn kanji_number(rest: &[char]) -> Option<(u32, usize)> {
    let len = rest.iter().take_while(|c| **c == '十' || digit(**c).is_some()).count();
    if len == 0 || len > 3 || begins_with(&rest[len..], "丁目").is_none() {
        return None;
    }
    let digits = &rest[..len];
    let number = match digits.iter().position(|c| *c == '十') {
        Some(ten) => {
            let tens = if ten == 0 { 1 } else { digit(digits[ten - 1])? };
            let ones = digits.get(ten + 1).map_or(Some(0), |c| digit(*c))?;
            tens * 10 + ones
        }
        None => digits.iter().try_fold(0, |number, c| Some(number * 10 + digit(*c)?))?,
    };
    Some((number, len))
}

fn digit(c: char) -> Option<u32> {
    "〇一二三四五六七八九".chars().position(|kanji| kanji == c).and_then(|at| u32::try_from(at).ok())
}

#[cfg(test)]
mod tests {
    use super::differ;

    #[test]
    fn spellings_of_one_address_are_no_mismatch() {
        for (one, two) in [
            ("東京都千代田区霞が関１－２－２", "東京都千代田区霞ケ関1丁目2番2号"),
            ("東京都千代田区霞が関一丁目二番地", "千代田区霞ヶ関1丁目二番地"),
            ("千代田区霞が関1-2-2", "東京都千代田区霞が関1の2の2"),
            ("神奈川県横濱市中区日本大通十一丁目5番地", "神奈川県横浜市中区日本大通11-5"),
            ("横浜市中区日本大通1", "神奈川県横浜市中区日本大通1番地 見本マンション203号室"),
            ("長野県●代市小島1-1", "長野県千代市小島1-1"),
            ("東京都港区", "東京都港区三田1-2-3"),
            ("", "長野県長野市1-1"),
            ("  ", "長野県長野市1-1"),
        ] {
            assert!(!differ(one, two) && !differ(two, one), "{one} / {two}");
        }
    }

    #[test]
    fn two_addresses_are() {
        for (one, two) in [
            ("東京都港区三田1-2-3", "東京都港区芝1-2-3"),
            ("東京都港区三田1-2-3", "東京都港区三田1-2-33"),
            ("東京都港区三田1-2-3", "東京都港区三田1-2-4"),
            ("東京都港区三田二丁目1", "東京都港区三田3-1"),
            ("東京都府中市宮西町1-1", "広島県府中市宮西町1-1"),
        ] {
            assert!(differ(one, two) && differ(two, one), "{one} / {two}");
        }
    }
}
