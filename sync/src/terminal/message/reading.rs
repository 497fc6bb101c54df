//! Taking a message out of its tree: by name, in any order, each element once; what is left over is kept.

use crate::terminal::element::{Element, UnknownElement};
use crate::terminal::unreadable::{Unreadable, UnreadableKind};

/// Where the reader stands in the tree and what it has not recognised so far.
pub(crate) struct Reading {
    path: Vec<String>,
    unknown: Vec<UnknownElement>,
}

impl Reading {
    /// Reads a message from its root; returns it with everything that had no place in it.
    pub(crate) fn message<T>(
        mut root: Element,
        read: impl FnOnce(&mut Reading, &mut Element) -> Result<T, Unreadable>,
    ) -> Result<(T, Vec<UnknownElement>), Unreadable> {
        let mut reading = Reading { path: vec![root.name.clone()], unknown: Vec::new() };
        let message = read(&mut reading, &mut root)?;
        reading.keep(root);
        Ok((message, reading.unknown))
    }

    /// Text of a child. Missing, empty and blank are the same thing: absent. White space inside is kept.
    pub(crate) fn text(&mut self, parent: &mut Element, name: &str) -> Result<Option<String>, Unreadable> {
        let Some(mut child) = self.only_child(parent, name)? else {
            return Ok(None);
        };
        let text = std::mem::take(&mut child.text);
        if !child.children.is_empty() || !child.attributes.is_empty() {
            self.path.push(child.name.clone());
            self.keep(child);
            self.path.pop();
        }
        Ok(Some(text).filter(|text| !text.trim().is_empty()))
    }

    /// A child with content of its own. An empty one is absent.
    pub(crate) fn group<T>(
        &mut self,
        parent: &mut Element,
        name: &str,
        read: impl FnOnce(&mut Reading, &mut Element) -> Result<T, Unreadable>,
    ) -> Result<Option<T>, Unreadable> {
        match self.only_child(parent, name)? {
            Some(child) if !child.is_blank() => self.inside(child, name.to_owned(), read).map(Some),
            _ => Ok(None),
        }
    }

    /// All children with this name, in order. Empty ones are left out.
    pub(crate) fn list<T>(
        &mut self,
        parent: &mut Element,
        name: &str,
        mut read: impl FnMut(&mut Reading, &mut Element) -> Result<T, Unreadable>,
    ) -> Result<Vec<T>, Unreadable> {
        let mut items = Vec::new();
        for (index, child) in take_all(parent, name).into_iter().enumerate() {
            if !child.is_blank() {
                items.push(self.inside(child, format!("{name}[{}]", index + 1), &mut read)?);
            }
        }
        Ok(items)
    }

    /// Texts of all children with this name, in order, blank ones left out.
    pub(crate) fn texts(&mut self, parent: &mut Element, name: &str) -> Vec<String> {
        take_all(parent, name).into_iter().map(|child| child.text).filter(|text| !text.trim().is_empty()).collect()
    }

    fn inside<T>(
        &mut self,
        mut child: Element,
        step: String,
        read: impl FnOnce(&mut Reading, &mut Element) -> Result<T, Unreadable>,
    ) -> Result<T, Unreadable> {
        self.path.push(step);
        let value = read(self, &mut child)?;
        self.keep(child);
        self.path.pop();
        Ok(value)
    }

    fn only_child(&self, parent: &mut Element, name: &str) -> Result<Option<Element>, Unreadable> {
        let mut found = parent.children.iter().enumerate().filter(|(_, child)| child.name == name);
        let Some((index, _)) = found.next() else {
            return Ok(None);
        };
        if found.next().is_some() {
            let path = self.path.iter().map(String::as_str).chain([name]);
            return Err(Unreadable::at_element(UnreadableKind::Duplicate, path));
        }
        Ok(Some(parent.children.remove(index)))
    }

    /// Keeps what is left of an element whose known parts have been taken.
    fn keep(&mut self, rest: Element) {
        if !rest.children.is_empty() || !rest.attributes.is_empty() || !rest.text.trim().is_empty() {
            let leaf = rest.children.is_empty() && rest.text.trim().is_empty();
            let path = self.path.join("/");
            if leaf {
                let attributes = rest.attributes.into_iter();
                self.unknown
                    .extend(attributes.map(|(name, text)| UnknownElement { path: format!("{path}/@{name}"), text }));
            } else {
                rest.leave_in(&path, &mut self.unknown);
            }
        }
    }
}

fn take_all(parent: &mut Element, name: &str) -> Vec<Element> {
    let (taken, left) = std::mem::take(&mut parent.children).into_iter().partition(|child| child.name == name);
    parent.children = left;
    taken
}

/// A structure of the wire: optional texts by element name, then groups with their own reader.
///
/// Its `Debug` shows which fields are present and how long they are, never what they say.
macro_rules! wire_struct {
    (
        $(#[$meta:meta])*
        $name:ident {
            $( $(#[$text_meta:meta])* $text:ident : $tag:literal, )*
            $( ; $( $(#[$group_meta:meta])* $group:ident : $group_type:ty = $read:expr, )* )?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Default, PartialEq, Eq)]
        pub struct $name {
            $( $(#[$text_meta])* pub $text: Option<String>, )*
            $( $( $(#[$group_meta])* pub $group: $group_type, )* )?
        }

        impl $name {
            pub(crate) fn read(
                reading: &mut $crate::terminal::message::reading::Reading,
                element: &mut $crate::terminal::element::Element,
            ) -> Result<$name, $crate::terminal::unreadable::Unreadable> {
                Ok($name {
                    $( $text: reading.text(element, $tag)?, )*
                    $( $( $group: $read(reading, element)?, )* )?
                })
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut shown = f.debug_struct(stringify!($name));
                $(
                    if let Some(text) = &self.$text {
                        shown.field(stringify!($text), &format_args!("{} chars", text.chars().count()));
                    }
                )*
                $( $( shown.field(stringify!($group), &self.$group); )* )?
                shown.finish()
            }
        }
    };
}
pub(crate) use wire_struct;
