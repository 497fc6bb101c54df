//! Just enough of HTML to use a page as a browser does: tags, their attributes, and the forms with what stands in them.

/// A start tag.
#[derive(Clone, Debug)]
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// where the tag ends in the text
    pub end: usize,
}

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// A form as it stands on the page.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    /// what a browser would send without touching anything, buttons left out
    pub fields: Vec<(String, String)>,
    /// the named submit buttons
    pub buttons: Vec<(String, String)>,
}

/// All start tags, and end tags with a `/` in front of the name.
pub fn tags(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(at) = html[rest..].find('<').map(|at| rest + at) {
        let Some(end) = tag_end(html, at) else { break };
        let inside = &html[at + 1..end];
        if inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
            found.push(Tag { name: name.to_lowercase(), attributes: read_attributes(attributes), end: end + 1 });
        }
        rest = end + 1;
    }
    found
}

/// All forms.
pub fn forms(html: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    let mut open: Option<Form> = None;
    for tag in tags(html) {
        match (tag.name.as_str(), &mut open) {
            ("form", None) => {
                let action = tag.get("action").unwrap_or_default().to_owned();
                open = Some(Form { action, fields: Vec::new(), buttons: Vec::new() });
            }
            ("form", Some(_)) => panic!("a form inside a form"),
            ("/form", _) => forms.extend(open.take()),
            ("input", Some(form)) => form.fields.extend(input_value(&tag)),
            ("textarea", Some(form)) => {
                let until = html[tag.end..].find("</textarea>").expect("an end") + tag.end;
                form.fields.push((tag.get("name").unwrap_or_default().to_owned(), unescape(&html[tag.end..until])));
            }
            ("button", Some(form)) if tag.has("name") => {
                let get = |name| tag.get(name).unwrap_or_default().to_owned();
                form.buttons.push((get("name"), get("value")));
            }
            _ => {}
        }
    }
    forms
}

/// The text a person sees, one line per block.
pub fn text(html: &str) -> String {
    let main = html.find("<main").map_or(html, |at| &html[at..]);
    let mut shown = String::new();
    let mut rest = 0;
    for tag in tags(main) {
        let begin = main[..tag.end].rfind('<').unwrap_or(0);
        shown.push_str(&main[rest.min(begin)..begin]);
        let inline = ["span", "/span", "strong", "/strong", "a", "/a", "kbd", "/kbd", "svg", "/svg", "use", "/use"];
        if !inline.contains(&tag.name.as_str()) {
            shown.push('\n');
        }
        rest = tag.end;
    }
    let lines = shown.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    unescape(&lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"))
}

fn tag_end(html: &str, at: usize) -> Option<usize> {
    let mut quoted = false;
    html[at..].char_indices().find_map(|(offset, c)| match c {
        '"' => {
            quoted = !quoted;
            None
        }
        '>' if !quoted => Some(at + offset),
        _ => None,
    })
}

fn read_attributes(mut text: &str) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    loop {
        text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let length = text.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(text.len());
        if length == 0 {
            return attributes;
        }
        let name = text[..length].to_lowercase();
        text = &text[length..];
        let value = match text.strip_prefix("=\"") {
            Some(quoted) => {
                let end = quoted.find('"').expect("the quote ends");
                text = &quoted[end + 1..];
                unescape(&quoted[..end])
            }
            None => String::new(),
        };
        attributes.push((name, value));
    }
}

fn input_value(tag: &Tag) -> Option<(String, String)> {
    let kind = tag.get("type").unwrap_or("text");
    let chosen = !matches!(kind, "radio" | "checkbox") || tag.has("checked");
    chosen.then(|| (tag.get("name").unwrap_or_default().to_owned(), tag.get("value").unwrap_or_default().to_owned()))
}

fn unescape(text: &str) -> String {
    let mut plain = text.to_owned();
    for (entity, character) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
    ] {
        plain = plain.replace(entity, character);
    }
    plain.replace("&#38;", "&").replace("&amp;", "&")
}
