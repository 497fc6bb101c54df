//! The JSON form of the same messages (`oqs-interface §1.8`): documented order kept, lists as arrays.

use super::node::{Content, Node};
use serde_json::Value;

/// Elements that are arrays even when they stand beside others.
const ARRAYS: [&str; 1] = ["BulkConfirmUnit"];

/// The message as a JSON document.
pub(crate) fn write(root: &Node) -> String {
    let mut out = String::new();
    write_members(std::slice::from_ref(root), &mut out);
    out
}

fn write_members(nodes: &[Node], out: &mut String) {
    out.push('{');
    let mut first = true;
    for (place, node) in nodes.iter().enumerate() {
        if nodes[..place].iter().any(|earlier| earlier.name == node.name) {
            continue;
        }
        if !std::mem::take(&mut first) {
            out.push(',');
        }
        out.push_str(&quote(&node.name));
        out.push(':');
        let same: Vec<&Node> = nodes[place..].iter().filter(|other| other.name == node.name).collect();
        if same.len() > 1 || ARRAYS.contains(&node.name.as_str()) {
            write_array(&same, out);
        } else {
            write_content(&node.content, out);
        }
    }
    out.push('}');
}

fn write_array(nodes: &[&Node], out: &mut String) {
    out.push('[');
    for (place, node) in nodes.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        write_content(&node.content, out);
    }
    out.push(']');
}

fn write_content(content: &Content, out: &mut String) {
    match content {
        Content::Text(text) => out.push_str(&quote(text)),
        Content::Group(children) => write_members(children, out),
        Content::List(children) => {
            out.push('[');
            for (place, child) in children.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write_members(std::slice::from_ref(child), out);
            }
            out.push(']');
        }
    }
}

fn quote(text: &str) -> String {
    Value::from(text).to_string()
}

/// Reads a request body: one object with the single member `XmlMsg`.
pub(crate) fn read(bytes: &[u8]) -> Option<Node> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    let object = value.as_object().filter(|object| object.len() == 1)?;
    let (name, value) = object.iter().next()?;
    (name == "XmlMsg").then(|| Node { name: name.clone(), content: content(value) })
}

fn content(value: &Value) -> Content {
    match value {
        Value::Null => Content::Text(String::new()),
        Value::String(text) => Content::Text(text.clone()),
        Value::Bool(_) | Value::Number(_) => Content::Text(value.to_string()),
        Value::Object(members) => Content::Group(members.iter().flat_map(|(name, value)| named(name, value)).collect()),
        // An array of wrapped elements; arrays of bare ones are opened by `named`.
        Value::Array(items) => Content::List(items.iter().flat_map(|item| content(item).into_children()).collect()),
    }
}

fn named(name: &str, value: &Value) -> Vec<Node> {
    match value {
        Value::Array(items) if !items.iter().all(is_wrapped) => {
            items.iter().map(|item| Node { name: name.to_owned(), content: content(item) }).collect()
        }
        _ => vec![Node { name: name.to_owned(), content: content(value) }],
    }
}

fn is_wrapped(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.len() == 1 && object.values().all(Value::is_object))
}

impl Content {
    fn into_children(self) -> Vec<Node> {
        match self {
            Content::Text(_) => Vec::new(),
            Content::Group(children) | Content::List(children) => children,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_arrays_of_wrapped_elements_and_order_is_kept() {
        let result =
            Node::group("ResultOfQualificationConfirmation", vec![Node::text("Z", "1"), Node::text("A", "\"")]);
        let unit = Node::group("BulkConfirmUnit", vec![Node::text("S", "1")]);
        let tree = Node::message(vec![], Some(vec![Node::list("ResultList", vec![result]), unit]));
        assert_eq!(
            write(&tree),
            r#"{"XmlMsg":{"MessageHeader":{},"MessageBody":{"ResultList":[{"ResultOfQualificationConfirmation":{"Z":"1","A":"\""}}],"BulkConfirmUnit":[{"S":"1"}]}}}"#
        );
    }

    #[test]
    fn repeated_elements_are_read_from_arrays() {
        let tree = read(br#"{"XmlMsg":{"MessageBody":{"Q":[{"N":"1"},{"N":"2"}],"One":{"N":3}}}}"#).expect("a message");
        let body = tree.child("MessageBody").expect("body");
        let numbers: Vec<_> = body.children().iter().filter_map(|q| q.value("N")).collect();
        assert_eq!(numbers, ["3", "1", "2"]);
        assert!(read(b"{}").is_none() && read(b"[]").is_none() && read(b"{\"A\":1,\"XmlMsg\":{}}").is_none());
    }
}
