//! The domain's written form as JSON, both ways. One reading, one spelling: keys are sorted, `null` is left out.

use domain::written::{Unreadable, Value};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Number, Value as Json};
use std::collections::BTreeMap;
use std::fmt;

/// How deep a record may nest; deeper input is refused before it is walked.
const DEEPEST: usize = 32;

/// The written form as JSON.
pub fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => Json::Bool(*flag),
        Value::Int(number) => Json::Number(Number::from(*number)),
        Value::Text(text) => Json::String(text.clone()),
        Value::List(items) => Json::Array(items.iter().map(to_json).collect()),
        Value::Map(fields) => Json::Object(fields.iter().map(|(name, value)| (name.clone(), to_json(value))).collect()),
    }
}

/// The written form as JSON text.
pub fn to_text(value: &Value) -> String {
    // Text keys and whole numbers: nothing in a value can refuse to be written.
    serde_json::to_string(&Spelled(value)).unwrap_or_default()
}

/// Writes a value without building a second tree of it.
struct Spelled<'a>(&'a Value);

impl Serialize for Spelled<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(flag) => serializer.serialize_bool(*flag),
            Value::Int(number) => serializer.serialize_i64(*number),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(items) => serializer.collect_seq(items.iter().map(Spelled)),
            Value::Map(fields) => serializer.collect_map(fields.iter().map(|(name, value)| (name, Spelled(value)))),
        }
    }
}

/// JSON text as the written form, without building a second tree of it.
pub fn from_text(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text).map(|Read(value)| value)
}

/// Reads a value. How deep it may nest is limited by the parser.
struct Read(Value);

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Read, D::Error> {
        deserializer.deserialize_any(Reader).map(Read)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a record: no fractions")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        i64::try_from(number).map(Value::Int).map_err(E::custom)
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Read(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut fields = BTreeMap::new();
        while let Some((name, Read(value))) = entries.next_entry()? {
            fields.insert(name, value);
        }
        Ok(Value::Map(fields))
    }
}

/// JSON as the written form. Fractions do not occur in records and are refused with their place.
pub fn from_json(json: &Json) -> Result<Value, Unreadable> {
    convert(json, DEEPEST)
}

fn convert(json: &Json, depth_left: usize) -> Result<Value, Unreadable> {
    if depth_left == 0 {
        return Err(Unreadable::expected(format!("at most {DEEPEST} levels")));
    }
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::Int(number.as_i64().ok_or_else(|| Unreadable::expected("a whole number"))?),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::List(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| convert(item, depth_left - 1).map_err(|e| e.within(&index.to_string())))
                .collect::<Result<_, _>>()?,
        ),
        Json::Object(fields) => Value::Map(
            fields
                .iter()
                .map(|(name, value)| {
                    convert(value, depth_left - 1).map(|value| (name.clone(), value)).map_err(|e| e.within(name))
                })
                .collect::<Result<_, _>>()?,
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_and_fractions_are_located() {
        let text = r#"{"a":[1,true,"x"],"b":{"c":-3}}"#;
        let json: Json = serde_json::from_str(text).expect("json");
        let value = from_json(&json).expect("value");
        assert_eq!(to_json(&value).to_string(), text);
        assert_eq!(to_text(&value), text);
        let broken: Json = serde_json::from_str(r#"{"a":[1,2.5]}"#).expect("json");
        assert_eq!(from_json(&broken).expect_err("a fraction").path, "a.1");
    }
}
