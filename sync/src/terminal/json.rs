//! The JSON form of the same messages (oqs-interface §1.8): bytes to the same element tree and back.
//!
//! * An object is an element, a text is a leaf, an array is the element repeated.
//! * A key that ends in `List` stands once; its array holds `{Item: {…}}` objects: `ResultList`,
//!   `SpecificDiseasesCertificateList`, `PublicExpenseResultList`.
//! * `null` is absent. Whole numbers count as text. Fractions and truth values have no place in a message.

use super::element::{Element, MAX_DEPTH, MAX_ELEMENTS};
use super::message::ROOT;
use super::unreadable::{Place, Unreadable, UnreadableKind};
use super::xml::MAX_BYTES;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::Cell;
use std::fmt;

/// Reads a whole JSON document into the root element. The root object may be the message itself or hold it as `XmlMsg`.
///
/// # Errors
/// [`Unreadable`] with the place; no input makes it panic.
pub fn read(bytes: &[u8]) -> Result<Element, Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::whole(UnreadableKind::Empty));
    }
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::at_byte(UnreadableKind::TooLarge, MAX_BYTES));
    }
    let text = std::str::from_utf8(bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes))
        .map_err(|error| Unreadable::at_byte(UnreadableKind::EncodingMismatch, error.valid_up_to()))?;
    let limits = Limits { left: Cell::new(MAX_ELEMENTS), hit: Cell::new(None) };
    let mut json = serde_json::Deserializer::from_str(text);
    let node = NodeSeed { limits: &limits, depth: 0 }
        .deserialize(&mut json)
        .and_then(|node| json.end().map(|()| node))
        .map_err(|error| {
            let kind = limits.hit.get().unwrap_or(UnreadableKind::NotWellFormed);
            Unreadable { kind, at: Place::Line { line: error.line(), column: error.column() } }
        })?;
    root(node)
}

fn root(node: Node) -> Result<Element, Unreadable> {
    let Node::Object(mut members) = node else {
        return Err(Unreadable::whole(UnreadableKind::NotThisMessage));
    };
    let position = members.iter().position(|(name, _)| name == ROOT);
    if members.iter().filter(|(name, _)| name == ROOT).count() > 1 {
        return Err(Unreadable::at_element(UnreadableKind::Duplicate, [ROOT]));
    }
    match position.map(|index| members.swap_remove(index).1) {
        Some(Node::Object(inner)) => element(ROOT.to_owned(), Node::Object(inner)),
        Some(_) => Err(Unreadable::at_element(UnreadableKind::NotThisMessage, [ROOT])),
        None => element(ROOT.to_owned(), Node::Object(members)),
    }
}

/// A JSON value as far as messages need it; duplicate keys are kept, so that they can be refused.
enum Node {
    Absent,
    Text(String),
    Array(Vec<Node>),
    Object(Vec<(String, Node)>),
}

fn element(name: String, node: Node) -> Result<Element, Unreadable> {
    let mut element = Element::new(name);
    match node {
        Node::Absent => {}
        Node::Text(text) => element.text = text,
        Node::Object(members) => {
            for (name, node) in members {
                add(&mut element, name, node)?;
            }
        }
        Node::Array(_) => {
            return Err(Unreadable::at_element(UnreadableKind::UnexpectedValue, [element.name.as_str()]));
        }
    }
    Ok(element)
}

fn add(parent: &mut Element, name: String, node: Node) -> Result<(), Unreadable> {
    match node {
        Node::Absent => {}
        Node::Array(items) if name.ends_with("List") => parent.children.push(list(name, items)?),
        Node::Array(items) => {
            for item in items {
                parent.children.push(element(name.clone(), item)?);
            }
        }
        node => parent.children.push(element(name, node)?),
    }
    Ok(())
}

/// One list element out of an array of `{Item: {…}}` objects.
fn list(name: String, items: Vec<Node>) -> Result<Element, Unreadable> {
    let mut list = Element::new(name);
    for item in items {
        match item {
            Node::Object(members) => {
                for (name, node) in members {
                    add(&mut list, name, node)?;
                }
            }
            Node::Absent => {}
            _ => return Err(Unreadable::at_element(UnreadableKind::UnexpectedValue, [list.name.as_str()])),
        }
    }
    Ok(list)
}

struct Limits {
    left: Cell<usize>,
    hit: Cell<Option<UnreadableKind>>,
}

impl Limits {
    fn stop<E: de::Error>(&self, kind: UnreadableKind) -> E {
        self.hit.set(Some(kind));
        E::custom("not accepted")
    }

    fn count_one<E: de::Error>(&self) -> Result<(), E> {
        match self.left.get().checked_sub(1) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(self.stop(UnreadableKind::TooManyElements)),
        }
    }
}

#[derive(Clone, Copy)]
struct NodeSeed<'l> {
    limits: &'l Limits,
    depth: usize,
}

impl NodeSeed<'_> {
    fn inside<E: de::Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(self.limits.stop(UnreadableKind::TooDeep));
        }
        Ok(NodeSeed { limits: self.limits, depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for NodeSeed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        self.limits.count_one()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeSeed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        Ok(Node::Absent)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Text(number.to_string()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Text(number.to_string()))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Node, E> {
        Err(self.limits.stop(UnreadableKind::UnexpectedValue))
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Node, E> {
        Err(self.limits.stop(UnreadableKind::UnexpectedValue))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let inside = self.inside()?;
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element_seed(inside)? {
            nodes.push(node);
        }
        Ok(Node::Array(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let inside = self.inside()?;
        let mut members = Vec::new();
        while let Some(name) = entries.next_key::<String>()? {
            members.push((name, entries.next_value_seed(inside)?));
        }
        Ok(Node::Object(members))
    }
}

/// Writes a request: `{"XmlMsg": {…}}`, repeated elements as arrays.
pub fn write(root: &Element) -> Vec<u8> {
    let mut document = Map::new();
    document.insert(root.name.clone(), value(root));
    Value::Object(document).to_string().into_bytes()
}

fn value(element: &Element) -> Value {
    if element.children.is_empty() {
        return Value::String(element.text.clone());
    }
    let mut members = Map::new();
    for child in &element.children {
        let child_value = value(child);
        match members.get_mut(&child.name) {
            None => {
                members.insert(child.name.clone(), child_value);
            }
            Some(Value::Array(items)) => items.push(child_value),
            Some(first) => *first = Value::Array(vec![first.take(), child_value]),
        }
    }
    Value::Object(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Option<UnreadableKind> {
        read(text.as_bytes()).err().map(|error| error.kind)
    }

    #[test]
    fn lists_hold_wrapped_items_and_other_arrays_repeat_the_element() {
        let text = r#"{"XmlMsg":{"MessageHeader":{"SegmentOfResult":1,"ErrorCode":null},
            "MessageBody":{"ResultList":[{"R":{"Name":"a"}},{"R":{"Name":"b"}}],"Unit":[{"x":"1"},{"x":"2"}]}}}"#;
        let root = read(text.as_bytes()).expect("well-formed");
        let body = root.child("MessageBody").expect("body");
        assert_eq!(root.child("MessageHeader").and_then(|header| header.child_text("SegmentOfResult")), Some("1"));
        assert_eq!(body.child("ResultList").map(|list| list.children.len()), Some(2));
        assert_eq!(body.children.iter().filter(|child| child.name == "Unit").count(), 2);
        assert_eq!(read(br#"{"MessageHeader":{"a":"1"}}"#).map(|root| root.name), Ok("XmlMsg".to_owned()));
    }

    #[test]
    fn duplicate_keys_survive_reading_so_that_they_can_be_refused() {
        let root = read(br#"{"XmlMsg":{"MessageHeader":{"a":"1","a":"2"}}}"#).expect("well-formed");
        assert_eq!(root.children[0].children.len(), 2);
    }

    #[test]
    fn limits_hold() {
        let deep = format!("{}1{}", "{\"a\":".repeat(40), "}".repeat(40));
        assert_eq!(refused(&deep), Some(UnreadableKind::TooDeep));
        let many = format!("{{\"a\":[{}1]}}", "1,".repeat(MAX_ELEMENTS));
        assert_eq!(refused(&many), Some(UnreadableKind::TooManyElements));
        assert_eq!(refused(&" ".repeat(MAX_BYTES + 1)), Some(UnreadableKind::TooLarge));
        assert_eq!(refused(""), Some(UnreadableKind::Empty));
    }

    #[test]
    fn what_is_not_a_message_is_refused_by_kind() {
        assert_eq!(refused("[]"), Some(UnreadableKind::NotThisMessage));
        assert_eq!(refused("{\"XmlMsg\":\"x\"}"), Some(UnreadableKind::NotThisMessage));
        assert_eq!(refused("{\"a\":1.5}"), Some(UnreadableKind::UnexpectedValue));
        assert_eq!(refused("{\"a\":true}"), Some(UnreadableKind::UnexpectedValue));
        assert_eq!(refused("{\"a\":[[1]]}"), Some(UnreadableKind::UnexpectedValue));
        assert_eq!(refused("{\"a\":1} x"), Some(UnreadableKind::NotWellFormed));
        assert_eq!(refused("{\"a\":"), Some(UnreadableKind::NotWellFormed));
    }
}
