//! The words of the tablet, one file for each language. A word that lacks a language does not compile; readings are written as
//! [`ruby`](super::ruby) says.

mod easy;
mod en;
mod ja;
mod ko;
mod pt;
mod vi;
mod zh;

use super::tongue::Tongue;

macro_rules! words {
    ($( $(#[$doc:meta])* $field:ident, )*) => {
        /// Everything the tablet says, in one language.
        pub struct TabletWords { $( $(#[$doc])* pub $field: &'static str, )* }

        impl TabletWords {
            /// Every word with its name.
            #[cfg(test)]
            fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![ $( (stringify!($field), self.$field), )* ]
            }
        }
    };
}

words! {
    /// waiting page
    greeting,
    /// below the greeting
    greeting_more,
    /// way to the guide of the card reader
    guide_link,
    /// several makers
    guide_choose,
    /// button on every page
    call,
    /// after the call
    called,
    /// button
    back,
    /// button
    next,
    /// button
    read_aloud,
    /// in front of the count, for screen readers
    progress,
    /// first page
    language_title,
    /// button to the language page
    other_language,
    /// what this is
    intro_title,
    /// why we ask
    intro,
    /// may be left open
    gaps_ok,
    /// button
    start,
    /// beside what may be left open
    if_known,
    /// question
    name_title,
    /// label
    name,
    /// label
    kana,
    /// question
    birth_title,
    /// label
    year,
    /// label
    month,
    /// label
    day,
    /// question
    sex_title,
    /// answer
    male,
    /// answer
    female,
    /// answer
    sex_not_set,
    /// question
    kind_title,
    /// answer
    kind_employee,
    /// answer
    kind_kokuho,
    /// answer
    kind_late_elderly,
    /// answer
    kind_other,
    /// answer
    dont_know,
    /// question
    insurer_title,
    /// label
    workplace,
    /// label
    insurer,
    /// question
    papers_title,
    /// answer
    issued_yes,
    /// answer
    issued_no,
    /// answer
    issued_not_yet,
    /// label
    issued_when,
    /// label
    symbol,
    /// label
    number,
    /// question
    address_title,
    /// label
    postal,
    /// label
    address,
    /// question
    phone_title,
    /// label
    phone,
    /// label
    other_contact,
    /// tick
    consent_contact,
    /// tick
    consent_requery,
    /// question
    ratio_title,
    /// before the share worked out
    ratio_by_age,
    /// answer
    ratio_3,
    /// answer
    ratio_2,
    /// answer
    ratio_1,
    /// question
    signer_title,
    /// answer
    signer_patient,
    /// answer
    signer_guardian,
    /// answer
    signer_companion,
    /// label
    signer_name,
    /// label
    relation,
    /// review
    review_title,
    /// button beside each answer
    correct,
    /// where nothing is answered
    not_answered,
    /// answer
    yes,
    /// answer
    no,
    /// button
    to_sign,
    /// signature
    sign_title,
    /// what is signed
    statement,
    /// above the field
    sign_here,
    /// button
    clear,
    /// button
    hand_in,
    /// end
    thanks_title,
    /// end
    thanks,
    /// nobody touched it
    still_title,
    /// below
    still_more,
    /// countdown
    still_seconds,
    /// button
    still_yes,
    /// something is wrong
    look_again,
    /// complaint
    need_name,
    /// complaint
    need_birth,
    /// complaint
    no_such_day,
    /// complaint
    need_choice,
    /// complaint
    my_number,
    /// complaint
    too_long,
    /// complaint
    not_readable,
    /// complaint
    need_signature,
    /// complaint
    need_signer,
    /// the text is not what was shown
    changed,
    /// it could not be kept
    failed,
    /// the box does not answer for the moment
    offline,
    /// something went wrong
    error_title,
    /// what to do
    error_more,
    /// button
    go_on,
    /// without JavaScript
    no_script,
}

impl TabletWords {
    /// The words of a language.
    pub fn of(tongue: Tongue) -> &'static TabletWords {
        match tongue {
            Tongue::Japanese => &ja::JAPANESE,
            Tongue::Easy => &easy::EASY,
            Tongue::English => &en::ENGLISH,
            Tongue::Chinese => &zh::CHINESE,
            Tongue::Korean => &ko::KOREAN,
            Tongue::Vietnamese => &vi::VIETNAMESE,
            Tongue::Portuguese => &pt::PORTUGUESE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tablet::ruby::{is_balanced, plain};

    fn is_kanji(c: char) -> bool {
        ('\u{4e00}'..='\u{9fff}').contains(&c) || c == '々'
    }

    #[test]
    fn every_language_says_everything() {
        for tongue in Tongue::ALL {
            for (name, word) in TabletWords::of(tongue).all() {
                assert!(!word.trim().is_empty(), "{name} in {}", tongue.code());
                assert!(is_balanced(word), "{name} in {}: {word}", tongue.code());
                assert!(tongue.is_japanese() || plain(word) == word, "a reading in {}: {name}", tongue.code());
            }
        }
    }

    #[test]
    fn every_character_in_japanese_has_its_reading() {
        for tongue in [Tongue::Japanese, Tongue::Easy] {
            for (name, word) in TabletWords::of(tongue).all() {
                let mut outside = String::new();
                let mut depth = 0;
                for c in word.chars() {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    outside.extend((depth == 0).then_some(c));
                }
                assert!(!outside.chars().any(is_kanji), "{name} in {}: {outside}", tongue.code());
            }
        }
    }
}
