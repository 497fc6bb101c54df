//! A small XML reader and writer of the simulator's own, tolerant in what it reads. Nothing here is shared with the
//! product's reader, on purpose.

use super::dice::Dice;
use super::node::{Content, Node};
use std::collections::HashMap;

/// Why text is not a message tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// Not well-formed: perhaps not completely written yet.
    NotWellFormed,
    /// A document type declaration, which nobody needs and which is refused.
    Doctype,
}

/// Reads one document into a tree; attributes and comments are dropped.
pub(crate) fn read(text: &str) -> Result<Node, Malformed> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    let mut open: Vec<(String, Vec<Node>, String)> = Vec::new();
    let mut root = None;
    while let Some(start) = rest.find('<') {
        take_text(&rest[..start], &mut open)?;
        rest = &rest[start..];
        let (tag, after) = next_tag(rest)?;
        rest = after;
        match tag {
            Tag::Skip => {}
            Tag::Data(data) => take_raw(data, &mut open)?,
            Tag::Open(name) if root.is_none() && open.len() < 32 => open.push((name, Vec::new(), String::new())),
            Tag::Empty(name) if root.is_none() => close(Node::text(&name, ""), &mut open, &mut root),
            Tag::Close(name) => {
                let (opened, children, text) = open.pop().ok_or(Malformed::NotWellFormed)?;
                if opened != name {
                    return Err(Malformed::NotWellFormed);
                }
                let content = if children.is_empty() { Content::Text(text) } else { Content::Group(children) };
                close(Node { name, content }, &mut open, &mut root);
            }
            Tag::Open(_) | Tag::Empty(_) => return Err(Malformed::NotWellFormed),
        }
    }
    match root {
        Some(root) if open.is_empty() && rest.trim().is_empty() => Ok(root),
        _ => Err(Malformed::NotWellFormed),
    }
}

enum Tag<'a> {
    Skip,
    Data(&'a str),
    Open(String),
    Empty(String),
    Close(String),
}

fn next_tag(rest: &str) -> Result<(Tag<'_>, &str), Malformed> {
    for (start, end) in [("<!--", "-->"), ("<?", "?>")] {
        if let Some(inside) = rest.strip_prefix(start) {
            let (_, after) = inside.split_once(end).ok_or(Malformed::NotWellFormed)?;
            return Ok((Tag::Skip, after));
        }
    }
    if let Some(inside) = rest.strip_prefix("<![CDATA[") {
        let (data, after) = inside.split_once("]]>").ok_or(Malformed::NotWellFormed)?;
        return Ok((Tag::Data(data), after));
    }
    if rest.starts_with("<!") {
        return Err(Malformed::Doctype);
    }
    let (inside, after) = rest[1..].split_once('>').ok_or(Malformed::NotWellFormed)?;
    let name = |text: &str| match text.split_whitespace().next() {
        Some(name) if !name.contains(['<', '&', '"', '\'', '/']) => Ok(name.to_owned()),
        _ => Err(Malformed::NotWellFormed),
    };
    let tag = if let Some(inside) = inside.strip_prefix('/') {
        Tag::Close(name(inside)?)
    } else if let Some(inside) = inside.strip_suffix('/') {
        Tag::Empty(name(inside)?)
    } else {
        Tag::Open(name(inside)?)
    };
    Ok((tag, after))
}

fn close(node: Node, open: &mut [(String, Vec<Node>, String)], root: &mut Option<Node>) {
    match open.last_mut() {
        Some((_, children, _)) => children.push(node),
        None => *root = Some(node),
    }
}

fn take_text(text: &str, open: &mut [(String, Vec<Node>, String)]) -> Result<(), Malformed> {
    if text.trim().is_empty() && open.is_empty() {
        return Ok(());
    }
    take_raw(&unescape(text)?, open)
}

fn take_raw(text: &str, open: &mut [(String, Vec<Node>, String)]) -> Result<(), Malformed> {
    let (_, _, content) = open.last_mut().ok_or(Malformed::NotWellFormed)?;
    content.push_str(text);
    Ok(())
}

fn unescape(text: &str) -> Result<String, Malformed> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (entity, after) = after.split_once(';').ok_or(Malformed::NotWellFormed)?;
        out.push(entity_char(entity).ok_or(Malformed::NotWellFormed)?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn entity_char(entity: &str) -> Option<char> {
    match entity {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

/// Writes the tree as the connector does, element order scrambled by the dice (`oqs-interface §2.3`); elements of
/// the same name keep their order among themselves.
pub(crate) fn write_scrambled(root: &Node, declared: &str, dice: &mut Dice) -> String {
    let mut out = format!("<?xml version=\"1.0\" encoding=\"{declared}\" standalone=\"no\"?>\n");
    let mut root = root.clone();
    // Header before body, as in every file seen; below that no order holds.
    for part in root.children_mut().into_iter().flatten() {
        scramble(part, dice);
    }
    write_node(&root, 0, &mut out);
    out
}

fn scramble(node: &mut Node, dice: &mut Dice) {
    let Some(children) = node.children_mut() else { return };
    let mut weights: HashMap<String, u64> = HashMap::new();
    for child in children.iter() {
        if !weights.contains_key(&child.name) {
            weights.insert(child.name.clone(), dice.weight());
        }
    }
    children.sort_by_key(|child| weights.get(&child.name).copied());
    for child in children {
        scramble(child, dice);
    }
}

fn write_node(node: &Node, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match &node.content {
        Content::Text(text) if text.is_empty() => out.push_str(&format!("{indent}<{}/>\n", node.name)),
        Content::Text(text) => out.push_str(&format!("{indent}<{0}>{1}</{0}>\n", node.name, escape(text))),
        Content::Group(children) | Content::List(children) if children.is_empty() => {
            out.push_str(&format!("{indent}<{}/>\n", node.name));
        }
        Content::Group(children) | Content::List(children) => {
            out.push_str(&format!("{indent}<{}>\n", node.name));
            for child in children {
                write_node(child, depth + 1, out);
            }
            out.push_str(&format!("{indent}</{}>\n", node.name));
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_whatever_the_order() {
        let tree = Node::message(
            vec![Node::text("A", "1 < 2 & 3"), Node::text("B", "見本　太郎"), Node::text("C", "")],
            Some(vec![Node::list("L", vec![Node::text("U", "1"), Node::text("U", "2")])]),
        );
        for seed in 0..20 {
            let text = write_scrambled(&tree, "UTF-8", &mut Dice::keyed(seed, &["x"]));
            let back = read(&text).expect("well-formed");
            let header = back.child("MessageHeader").expect("header");
            assert_eq!(header.value("A"), Some("1 < 2 & 3"));
            assert_eq!(header.value("B"), Some("見本　太郎"));
            assert_eq!(header.value("C"), None);
            let list = back.child("MessageBody").and_then(|b| b.child("L")).expect("list");
            let texts: Vec<_> = list.children().iter().map(|u| u.content.clone()).collect();
            assert!(texts == [Content::Text("1".into()), Content::Text("2".into())]);
        }
    }

    #[test]
    fn tolerant_in_form_strict_in_shape() {
        let ok = read("\u{feff}<?xml version='1.0'?>\n<!-- c --><a x='1'> <b><![CDATA[<&]]></b><c/> </a>\n")
            .unwrap_or_else(|wrong| panic!("{wrong:?}"));
        assert_eq!(ok.value("b"), Some("<&"));
        for wrong in ["", "<a>", "<a></b>", "<a/><b/>", "text", "<a>&nope;</a>", "<a", "<a></a>rest"] {
            assert!(read(wrong).is_err_and(|e| e == Malformed::NotWellFormed), "{wrong}");
        }
        assert!(
            read("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///x'>]><a>&x;</a>").is_err_and(|e| e == Malformed::Doctype)
        );
    }
}
