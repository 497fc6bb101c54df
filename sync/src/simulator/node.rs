//! A message as a tree of named elements, in the documented order. The doors turn it into bytes.

/// One element.
#[derive(Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) content: Content,
}

/// What an element holds.
#[derive(Clone, PartialEq)]
pub(crate) enum Content {
    Text(String),
    /// Named children.
    Group(Vec<Node>),
    /// Children of one kind: an array in the JSON form (`oqs-interface §1.8`).
    List(Vec<Node>),
}

impl Node {
    pub(crate) fn text(name: &str, text: impl Into<String>) -> Node {
        Node { name: name.to_owned(), content: Content::Text(text.into()) }
    }

    pub(crate) fn group(name: &str, children: Vec<Node>) -> Node {
        Node { name: name.to_owned(), content: Content::Group(children) }
    }

    pub(crate) fn list(name: &str, children: Vec<Node>) -> Node {
        Node { name: name.to_owned(), content: Content::List(children) }
    }

    /// The root of every message.
    pub(crate) fn message(header: Vec<Node>, body: Option<Vec<Node>>) -> Node {
        let mut children = vec![Node::group("MessageHeader", header)];
        children.extend(body.map(|body| Node::group("MessageBody", body)));
        Node::group("XmlMsg", children)
    }

    pub(crate) fn children(&self) -> &[Node] {
        match &self.content {
            Content::Text(_) => &[],
            Content::Group(children) | Content::List(children) => children,
        }
    }

    pub(crate) fn children_mut(&mut self) -> Option<&mut Vec<Node>> {
        match &mut self.content {
            Content::Text(_) => None,
            Content::Group(children) | Content::List(children) => Some(children),
        }
    }

    /// The first child of that name.
    pub(crate) fn child(&self, name: &str) -> Option<&Node> {
        self.children().iter().find(|child| child.name == name)
    }

    /// The trimmed text of the first child of that name; `None` when missing or blank.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        match &self.child(name)?.content {
            Content::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// Replaces the text of every element of that name, anywhere below; tells how many.
    pub(crate) fn overwrite(&mut self, name: &str, text: &str) -> usize {
        let mut changed = 0;
        for child in self.children_mut().into_iter().flatten() {
            if child.name == name {
                child.content = Content::Text(text.to_owned());
                changed += 1;
            }
            changed += child.overwrite(name, text);
        }
        changed
    }
}

/// A list of elements in the making; absent values leave no element.
#[derive(Default)]
pub(crate) struct Elements(pub(crate) Vec<Node>);

impl Elements {
    pub(crate) fn text(&mut self, name: &str, text: impl Into<String>) -> &mut Elements {
        let text = text.into();
        if !text.is_empty() {
            self.0.push(Node::text(name, text));
        }
        self
    }

    pub(crate) fn maybe(&mut self, name: &str, text: Option<impl Into<String>>) -> &mut Elements {
        if let Some(text) = text {
            self.text(name, text);
        }
        self
    }

    pub(crate) fn date(&mut self, name: &str, date: Option<domain::Date>) -> &mut Elements {
        self.maybe(name, date.map(domain::Date::compact))
    }
}
