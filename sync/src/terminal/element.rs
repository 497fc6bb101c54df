//! The smallest tree that can carry a message: names, texts, children. XML and JSON both become this.

use std::fmt;

/// Deepest nesting accepted. A bulk result needs six levels.
pub const MAX_DEPTH: usize = 24;
/// Most elements and attributes accepted in one file: far above a bulk result that fits the size limit.
pub const MAX_ELEMENTS: usize = 200_000;

/// One element. Its own text has no mark-up left in it; attributes are kept only so that nothing is lost.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Name as written, with a prefix if there was one.
    pub name: String,
    /// Character data directly inside, not trimmed.
    pub text: String,
    /// Attributes in order, values as written.
    pub attributes: Vec<(String, String)>,
    /// Child elements in order.
    pub children: Vec<Element>,
}

/// An element the reader has no name for, kept as it was.
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownElement {
    /// Path from the root, for instance `XmlMsg/MessageBody/ResultList/ResultOfQualificationConfirmation[1]/NewTag`.
    /// An attribute ends in `@name`, stray text between elements in `#text`.
    pub path: String,
    /// Its text, as received.
    pub text: String,
}

impl Element {
    /// An element without content.
    pub fn new(name: impl Into<String>) -> Element {
        Element { name: name.into(), ..Element::default() }
    }

    /// An element with text.
    pub fn leaf(name: impl Into<String>, text: impl Into<String>) -> Element {
        Element { name: name.into(), text: text.into(), ..Element::default() }
    }

    /// The same element with one more child.
    pub fn with(mut self, child: Element) -> Element {
        self.children.push(child);
        self
    }

    /// The same element with one more text child, when there is a text.
    pub fn with_text(self, name: &str, text: Option<&str>) -> Element {
        match text {
            Some(text) => self.with(Element::leaf(name, text)),
            None => self,
        }
    }

    /// First child with this name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Text of the first child with this name, if it is more than white space.
    pub fn child_text(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str()).filter(|text| !text.trim().is_empty())
    }

    /// Nothing inside but white space.
    pub fn is_blank(&self) -> bool {
        self.children.is_empty() && self.text.trim().is_empty()
    }

    /// Adds everything in here to `unknown`, under this path.
    pub(crate) fn leave_in(self, path: &str, unknown: &mut Vec<UnknownElement>) {
        for (name, value) in self.attributes {
            unknown.push(UnknownElement { path: format!("{path}/@{name}"), text: value });
        }
        if self.children.is_empty() {
            unknown.push(UnknownElement { path: path.to_owned(), text: self.text });
            return;
        }
        if !self.text.trim().is_empty() {
            unknown.push(UnknownElement { path: format!("{path}/#text"), text: self.text });
        }
        for child in self.children {
            let path = format!("{path}/{}", child.name);
            child.leave_in(&path, unknown);
        }
    }
}

impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Element({} characters, {} children)", self.text.chars().count(), self.children.len())
    }
}

impl fmt::Debug for UnknownElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnknownElement({} characters)", self.text.chars().count())
    }
}
