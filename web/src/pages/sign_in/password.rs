//! Passwords as they are typed, and which of them may be taken.

use crate::form::Typed;
use crate::form::fields::{PASSWORD, PASSWORD_AGAIN};
use domain::text::Text;

/// Shortest password.
pub(in crate::pages) const SHORTEST_PASSWORD: usize = 12;

/// A password as it was typed: spaces count, nothing is trimmed.
pub(in crate::pages) fn password_of(typed: &mut Typed) -> Option<String> {
    let password = typed.value(PASSWORD.name).to_owned();
    if password.is_empty() {
        typed.refuse(PASSWORD.name, PASSWORD.empty());
        return None;
    }
    if password.chars().count() > PASSWORD.max {
        typed.refuse(PASSWORD.name, PASSWORD.too_long());
        return None;
    }
    Some(password)
}

pub(crate) fn new_password(typed: &mut Typed) -> Option<String> {
    let password = password_of(typed)?;
    if password.chars().count() < SHORTEST_PASSWORD {
        typed.refuse(PASSWORD.name, too_short());
        return None;
    }
    if is_common(&password) {
        let text = Text::new(
            "よく使われる並びのパスワードです。別の長い言葉の組み合わせにしてください。",
            "This password is one many people use. Please take several words of your own.",
        );
        typed.refuse(PASSWORD.name, text);
        return None;
    }
    if password != typed.value(PASSWORD_AGAIN.name) {
        typed.refuse(PASSWORD_AGAIN.name, typed_differently());
        return None;
    }
    Some(password)
}

/// Passwords that are guessed first: a piece repeated, a run along the keyboard or the alphabet, the words everybody takes.
pub(in crate::pages) fn is_common(password: &str) -> bool {
    const RUNS: [&str; 5] = [
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
        "0123456789",
        "1q2w3e4r5t6y7u8i9o0p",
        "zyxwvutsrqponmlkjihgfedcba",
    ];
    const WORDS: [&str; 8] =
        ["password", "passw0rd", "letmein", "welcome", "administrator", "qwerty", "iloveyou", "uketsuke"];
    let lower: String = password.to_lowercase().chars().filter(|letter| !letter.is_whitespace()).collect();
    let letters: Vec<char> = lower.chars().collect();
    let repeats = (1..=4).any(|piece| letters.iter().zip(letters.iter().skip(piece)).all(|(one, two)| one == two));
    let core: String = lower.trim_matches(|letter: char| !letter.is_alphabetic()).to_owned();
    let twice = |word: &str| core == word.repeat(2);
    repeats
        || RUNS.iter().any(|run| run.repeat(2).contains(&lower))
        || WORDS.iter().any(|word| core == *word || twice(word))
}

/// A new password is shorter than [`SHORTEST_PASSWORD`].
pub(in crate::pages) fn too_short() -> Text {
    Text::new("パスワードは12文字以上にしてください。", "The password needs at least 12 characters.")
}

/// A new password was not typed twice the same.
pub(in crate::pages) fn typed_differently() -> Text {
    Text::new("2回のパスワードが違います。", "The two passwords differ.")
}
