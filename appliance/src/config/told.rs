//! The settings as they may leave the box: what stands in them, without comments, and without what is secret or points at a person.

use toml::{Table, Value};

/// In place of what is left out.
const LEFT_OUT: &str = "(left out)";
/// Parts of keys whose values never leave the box.
const SECRET: [&str; 6] = ["password", "token", "secret", "pin", "account", "phone"];

/// The text without its comments and secrets; nothing where it is no TOML: then anything may stand in it.
pub(super) fn told(text: &str) -> String {
    let Ok(mut table) = text.parse::<Table>() else { return String::new() };
    clean(&mut table);
    toml::to_string_pretty(&table).unwrap_or_default()
}

fn clean(table: &mut Table) {
    for (key, value) in table.iter_mut() {
        let key = key.to_lowercase();
        if SECRET.iter().any(|secret| key.split('_').any(|part| part == *secret)) {
            *value = Value::String(LEFT_OUT.to_owned());
        }
        clean_value(value);
    }
}

fn clean_value(value: &mut Value) {
    match value {
        Value::Table(table) => clean(table),
        Value::Array(items) => items.iter_mut().for_each(clean_value),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_secrets_stay_in_the_box() {
        let text = "# 山田さんの携帯 090\n[site]\nname = '見本医院'\nphone = '03'\n[[relay]]\nname = 'r'\none_time_password = 'x'\n";
        let told = told(text);
        assert!(told.contains("name = \"見本医院\"") && told.contains("[[relay]]"), "{told}");
        for secret in ["山田", "090", "'x'", "\"x\"", "\"03\""] {
            assert!(!told.contains(secret), "{told}");
        }
        assert_eq!(super::told("[site\nname = '見本'"), "");
    }
}
