#![allow(clippy::unwrap_used)]

use super::*;

const OWN: &str = r#"
format = 1
[model.almex]
name = { ja = "当院のリーダー", en = "our reader" }
[model.almex.on.silent]
steps = [{ ja = "背面のボタンを押す。", en = "Press the button at the back.", wait_s = 30 }]
"#;

#[test]
fn the_built_in_file_is_whole_and_knows_the_five_makers() {
    let book = GuideBook::parse(include_str!("built_in.toml")).unwrap();
    assert_eq!(book, GuideBook::built_in());
    assert_eq!(book.models().count(), 6, "five makers and what holds for all");
}

#[test]
fn every_failure_and_fault_has_causes_and_steps_for_every_model() {
    let book = GuideBook::built_in();
    let names: Vec<_> = ReadFailure::ALL
        .iter()
        .map(|failure| failure.code())
        .chain(DeviceFault::examples().map(|fault| fault.code()))
        .collect();
    for (model, _) in book.models() {
        for name in &names {
            let advice = book.advice(model, name);
            assert!(!advice.causes.is_empty() && !advice.steps.is_empty(), "{model:?} {name}");
        }
    }
}

#[test]
fn no_guide_ever_speaks_of_a_pin() {
    let text = include_str!("built_in.toml");
    assert!(!text.contains("暗証") && !text.contains("PIN"));
}

#[test]
fn a_site_replaces_the_steps_of_its_maker_and_keeps_the_causes() {
    let book = GuideBook::built_in().replaced_by(GuideBook::parse(OWN).unwrap());
    let almex = ModelCode::new("almex");
    let advice = book.advice(&almex, "silent");
    assert_eq!((advice.steps.len(), advice.steps[0].wait_s), (1, 30));
    assert_eq!(advice.causes, GuideBook::built_in().advice(&almex, "silent").causes);
    let other = book.advice(&ModelCode::new("atlas"), "silent");
    assert_eq!(other, GuideBook::built_in().advice(&almex, "silent"));
    assert_eq!(book.advice(&ModelCode::new("of-tomorrow"), "silent"), other, "an unknown model is advised as general");
}

#[test]
fn a_bad_file_is_refused_with_the_reason_in_both_languages() {
    let unknown = OWN.replace("on.silent", "on.tired");
    let empty = OWN.replace("背面のボタンを押す。", " ");
    for (text, named) in [
        ("format = 2\n[model]\n", "format 2"),
        (unknown.as_str(), "tired"),
        (empty.as_str(), "almex.silent"),
        ("format = 1\n[model.x]\nnaem = 1\n", "naem"),
        ("\u{0}", "toml"),
    ] {
        let refused = GuideBook::parse(text).unwrap_err();
        let words = refused.to_string();
        assert!(words.contains(" / "), "{words}");
        assert!(named == "toml" || words.contains(named), "{words}");
    }
}

#[test]
fn patients_are_told_in_every_language_and_a_maker_may_say_it_differently() {
    let book = GuideBook::built_in();
    let almex = ModelCode::new("almex");
    let lines = book.for_patients(&almex);
    assert!(lines.len() >= 5);
    for line in lines {
        assert_eq!(line.others.len(), OTHER_LANGUAGES.len(), "{}", line.en);
        for text in line.others.values().chain([&line.ja, &line.en]) {
            assert_eq!(text.matches('{').count(), text.matches('}').count(), "{text}");
        }
    }
    assert_eq!(lines, book.for_patients(&ModelCode::new("of-tomorrow")), "an unknown model is told as general");
    let own = "format = 1\n[model.almex]\nname = { ja = \"当院\", en = \"ours\" }\n\
               [[model.almex.patient]]\nja = \"緑のランプを待つ。\"\nen = \"Wait for the green light.\"\nvi = \"Chờ đèn xanh.\"\n";
    let book = book.replaced_by(GuideBook::parse(own).unwrap());
    assert_eq!(book.for_patients(&almex).len(), 1);
    assert_eq!(book.name(&almex).unwrap().en, "ours");
    assert!(book.for_patients(&ModelCode::new("atlas")).len() >= 5, "the others stay as they are");
    let refused = GuideBook::parse(&own.replace("vi =", "tlh =")).unwrap_err();
    assert!(refused.to_string().contains("tlh"));
    assert!(GuideBook::parse(&own.replace("Wait for the green light.", " ")).is_err());
}
