//! Tokens of forms: made from the system's randomness, compared in constant time.

/// A random text of 32 letters (128 bits). Letters only, so that no run of digits in it can be taken for a number somebody
/// issued.
pub fn random() -> String {
    let mut bytes = [0u8; 16];
    // Without randomness no form may be handed out; the panic becomes an error page.
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|nibble| char::from(b'a' + nibble)).collect()
}

/// Compares without telling by its duration where the texts differ. Empty never equals.
pub fn same(one: &str, two: &str) -> bool {
    let (one, two) = (one.as_bytes(), two.as_bytes());
    if one.is_empty() || one.len() != two.len() {
        return false;
    }
    one.iter().zip(two).fold(0u8, |difference, (a, b)| difference | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_hold_no_digits() {
        let (one, two) = (random(), random());
        assert_ne!(one, two);
        assert_eq!(one.len(), 32);
        assert!(one.chars().all(|c| c.is_ascii_lowercase()));
    }

    #[test]
    fn only_equal_texts_are_the_same() {
        assert!(same("abc", "abc"));
        assert!(!same("abc", "abd"));
        assert!(!same("abc", "ab"));
        assert!(!same("", ""));
    }
}
