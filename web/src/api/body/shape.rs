//! Turns JSON into a form, and a misfit into a located note that never repeats what was sent.

use super::guard::step;
use crate::api::problem::FieldNote;
use domain::text::Text;
use serde::de::value::StrDeserializer;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, Expected, IntoDeserializer, Unexpected, Visitor};
use serde_json::Value as Json;
use std::fmt;

/// Reads a form.
pub fn read<T: for<'de> Deserialize<'de>>(json: &Json) -> Result<T, FieldNote> {
    T::deserialize(Shape(json)).map_err(Misfit::into_note)
}

/// A JSON value as a source of forms.
struct Shape<'a>(&'a Json);

/// What does not fit, and the way to it from the inside out.
#[derive(Debug)]
struct Misfit {
    code: &'static str,
    ja: String,
    en: String,
    way: Vec<String>,
}

impl Misfit {
    fn new(code: &'static str, ja: impl Into<String>, en: impl Into<String>) -> Misfit {
        Misfit { code, ja: ja.into(), en: en.into(), way: Vec::new() }
    }

    fn within(mut self, name: &str) -> Misfit {
        self.way.push(name.to_owned());
        self
    }

    fn into_note(self) -> FieldNote {
        let pointer = self.way.iter().rev().fold(String::new(), |pointer, name| match name.parse::<usize>() {
            Ok(index) => format!("{pointer}/{index}"),
            Err(_) => step(&pointer, name),
        });
        FieldNote::new(pointer, self.code, Text::new(self.ja, self.en))
    }
}

/// What a type expects, in words. The names come from the types themselves, so the table is closed.
fn expected_words(expected: &dyn Expected) -> (String, String) {
    let plain = expected.to_string();
    let (ja, en) = match plain.as_str() {
        "a string" | "a borrowed string" => ("文字列（\"…\"）", "text"),
        "a boolean" => ("true か false", "true or false"),
        "u8" => ("0〜255の整数", "a whole number from 0 to 255"),
        "u32" | "u64" | "i64" | "usize" => ("整数", "a whole number"),
        "a sequence" => ("一覧（[…]）", "a list"),
        other if other.starts_with("one of ") => {
            return (format!("次のいずれか: {}", other.trim_start_matches("one of ")), other.to_owned());
        }
        _ => ("別の形式", "something of another form"),
    };
    (ja.to_owned(), en.to_owned())
}

fn names(known: &[&str]) -> String {
    known.join(", ")
}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(_: T) -> Misfit {
        Misfit::new("format", "形式が違います。", "The form is wrong.")
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Misfit {
        let (ja, en) = expected_words(expected);
        Misfit::new("wrong_type", format!("{ja}を入れてください。"), format!("Expected {en}."))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Misfit {
        let (ja, en) = expected_words(expected);
        let code = if expected.to_string().starts_with("one of ") { "unknown_code" } else { "out_of_range" };
        Misfit::new(code, format!("{ja}を入れてください。"), format!("Expected {en}."))
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Misfit {
        let known = names(known);
        Misfit::new("unknown_code", format!("次のいずれかです: {known}"), format!("Expected one of {known}."))
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Misfit {
        let known = names(known);
        Misfit::new(
            "unknown_field",
            format!("この項目はありません。使える項目: {known}"),
            format!("There is no such field. Known fields: {known}."),
        )
        .within(field)
    }

    fn missing_field(field: &'static str) -> Misfit {
        Misfit::new("required", "必須の項目です。", "A value is needed here.").within(field)
    }

    fn duplicate_field(field: &'static str) -> Misfit {
        Misfit::new("format", "同じ項目が2回あります。", "The field stands there twice.").within(field)
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

impl std::error::Error for Misfit {}

impl<'de> Deserializer<'de> for Shape<'de> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Json::Null => visitor.visit_unit(),
            Json::Bool(flag) => visitor.visit_bool(*flag),
            Json::String(text) => visitor.visit_borrowed_str(text),
            Json::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (_, Some(number)) => visitor.visit_i64(number),
                _ => visitor.visit_f64(number.as_f64().unwrap_or_default()),
            },
            Json::Array(items) => visitor.visit_seq(Items { items: items.iter(), index: 0 }),
            Json::Object(fields) => visitor.visit_map(Fields { fields: fields.iter(), current: None }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Json::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    /// Expects an object; a list of the values in order is none.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.0 {
            Json::Object(_) => self.deserialize_any(visitor),
            _ => Err(Misfit::new("wrong_type", "オブジェクト（{…}）を入れてください。", "Expected an object.")),
        }
    }

    /// Expects an object with exactly one field: the name of the variant and its content.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let one = self.0.as_object().filter(|fields| fields.len() == 1).and_then(|fields| fields.iter().next());
        let Some((variant, content)) = one else {
            let known = names(known);
            let en = format!("Expected an object with exactly one of the fields {known}.");
            return Err(Misfit::new("wrong_type", format!("次のうち1つだけを持つオブジェクトです: {known}"), en));
        };
        visitor.visit_enum(Variant { variant, content })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

struct Items<'a> {
    items: std::slice::Iter<'a, Json>,
    index: usize,
}

impl<'de> de::SeqAccess<'de> for Items<'de> {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misfit> {
        let Some(item) = self.items.next() else { return Ok(None) };
        let index = self.index;
        self.index += 1;
        seed.deserialize(Shape(item)).map(Some).map_err(|misfit| misfit.within(&index.to_string()))
    }
}

struct Fields<'a> {
    fields: serde_json::map::Iter<'a>,
    current: Option<(&'a str, &'a Json)>,
}

impl<'de> de::MapAccess<'de> for Fields<'de> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Misfit> {
        self.current = self.fields.next().map(|(name, value)| (name.as_str(), value));
        let Some((name, _)) = self.current else { return Ok(None) };
        let name: StrDeserializer<'_, Misfit> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        let (name, value) = self.current.take().unwrap_or(("", &Json::Null));
        seed.deserialize(Shape(value)).map_err(|misfit| misfit.within(name))
    }
}

struct Variant<'a> {
    variant: &'a str,
    content: &'a Json,
}

impl<'de> de::EnumAccess<'de> for Variant<'de> {
    type Error = Misfit;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Misfit> {
        let name: StrDeserializer<'_, Misfit> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'de> {
    type Error = Misfit;

    fn unit_variant(self) -> Result<(), Misfit> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Misfit> {
        seed.deserialize(Shape(self.content)).map_err(|misfit| misfit.within(self.variant))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misfit> {
        Shape(self.content).deserialize_any(visitor).map_err(|misfit| misfit.within(self.variant))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Misfit> {
        Shape(self.content).deserialize_any(visitor).map_err(|misfit| misfit.within(self.variant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Outer {
        items: Vec<Choice>,
        note: Option<String>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    #[allow(dead_code)]
    enum Choice {
        Numbered(Inner),
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Inner {
        count: u8,
    }

    #[test]
    fn misfits_are_located_and_never_repeat_the_content() {
        for (body, pointer, code) in [
            (json!({"items": [{"numbered": {"count": "SECRET"}}]}), "/items/0/numbered/count", "wrong_type"),
            (json!({"items": [{"numbered": {"count": 300}}]}), "/items/0/numbered/count", "out_of_range"),
            (json!({"items": [{"numbered": {"count": 1.5}}]}), "/items/0/numbered/count", "wrong_type"),
            (json!({"items": [{"numbered": {}}]}), "/items/0/numbered/count", "required"),
            (json!({"items": [{"numbered": {"count": 1, "cuont": 1}}]}), "/items/0/numbered/cuont", "unknown_field"),
            (json!({"items": [{"SECRET": {}}]}), "/items/0", "unknown_code"),
            (json!({"items": [{"numbered": {"count": 1}, "more": 1}]}), "/items/0", "wrong_type"),
            (json!({"items": ["SECRET"]}), "/items/0", "wrong_type"),
            (json!({"items": [], "秘 SECRET": 1}), "", "unknown_field"),
            (json!({"items": "SECRET"}), "/items", "wrong_type"),
            (json!({"note": 5, "items": []}), "/note", "wrong_type"),
            (json!("SECRET"), "", "wrong_type"),
            (json!([[], null]), "", "wrong_type"),
            (json!({}), "/items", "required"),
        ] {
            let note = read::<Outer>(&body).expect_err("a misfit");
            assert_eq!((note.pointer.as_str(), note.code.as_str()), (pointer, code), "{body}");
            assert!(!format!("{note:?}").contains("SECRET"));
        }
        assert!(read::<Outer>(&json!({"items": [{"numbered": {"count": 1}}], "note": null})).is_ok());
    }
}
