use super::*;
use crate::terminal::unreadable::Place;

fn refused(text: &str) -> UnreadableKind {
    read(text.as_bytes()).map(|_| ()).expect_err("must be refused").kind
}

#[test]
fn a_tree_keeps_texts_references_and_attributes() {
    let text =
        "<?xml version=\"1.0\"?><!-- x --><a k=\"v\">\n <b>1 &lt; 2 &amp;&#x3042;&#65;<![CDATA[<&]]></b><c/>\n</a>\n";
    let (charset, root) = read(text.as_bytes()).expect("well-formed");
    assert_eq!(charset, Charset::Utf8);
    assert_eq!(root.attributes, [("k".to_owned(), "v".to_owned())]);
    assert_eq!(root.child("b").map(|b| b.text.as_str()), Some("1 < 2 &あA<&"));
    assert!(root.child("c").is_some_and(Element::is_blank));
}

#[test]
fn document_types_and_entities_are_refused() {
    let xxe = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>";
    assert_eq!(refused(xxe), UnreadableKind::DtdRefused);
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><a>&b;</a>";
    assert_eq!(refused(laughs), UnreadableKind::DtdRefused);
    assert_eq!(refused("<a>&x;</a>"), UnreadableKind::EntityRefused);
    assert_eq!(refused("<a>&nbsp;</a>"), UnreadableKind::EntityRefused);
}

#[test]
fn limits_hold() {
    assert_eq!(refused(""), UnreadableKind::Empty);
    assert_eq!(refused(&format!("<a>{}</a>", "x".repeat(5 * 1024 * 1024))), UnreadableKind::TooLarge);
    assert_eq!(refused(&"<a>".repeat(100_000)), UnreadableKind::TooDeep);
    assert_eq!(refused(&format!("<a>{}</a>", "<b/>".repeat(MAX_ELEMENTS + 1))), UnreadableKind::TooManyElements);
    let attributes: String = (0..MAX_ELEMENTS + 1).map(|index| format!(" a{index}=''")).collect();
    assert_eq!(refused(&format!("<a{attributes}/>")), UnreadableKind::TooManyElements);
}

#[test]
fn what_is_not_well_formed_is_refused_where_it_breaks() {
    for text in
        ["<a>", "<a></b>", "</a>", "x", "<a/><b/>", "<a/>x", "<a", "<a b></a>", "<?xml version=\"1.0\"", "<a>&amp</a>"]
    {
        assert_eq!(refused(text), UnreadableKind::NotWellFormed, "{text}");
    }
    for text in ["<a>\u{0}</a>", "<a>\u{8}</a>", "<a>&#0;</a>", "<a>&#x8;</a>", "<a>\u{FFFE}</a>"] {
        assert_eq!(refused(text), UnreadableKind::ForbiddenCharacter, "{text:?}");
    }
    let error = read("<a>\n<b></c>\n</a>".as_bytes()).map(|_| ()).expect_err("mismatched end");
    assert!(matches!(error.at, Place::Line { line: 2, .. }), "{error}");
}

#[test]
fn a_zip_archive_is_called_by_its_name() {
    let error = read(b"PK\x03\x04rest of an archive").map(|_| ()).expect_err("not XML");
    assert_eq!(error.kind, UnreadableKind::ZippedOrEncrypted);
    assert!(error.staff().ja.contains("暗号化"));
}

#[test]
fn texts_are_escaped_and_read_back() {
    let root = Element::new("XmlMsg").with(Element::leaf("InsuredCardSymbol", "<&>\"' 見本～"));
    for charset in [Charset::Utf8, Charset::ShiftJis] {
        let bytes = write(&root, charset).expect("both encodings carry it");
        let (read_as, back) = read(&bytes).expect("our own writing");
        assert_eq!((read_as, back.child_text("InsuredCardSymbol")), (charset, Some("<&>\"' 見本～")));
    }
}

#[test]
fn characters_outside_the_encoding_are_refused_never_replaced() {
    let root = Element::new("XmlMsg").with(Element::leaf("InsuredCardSymbol", "見𠮷"));
    let refusal = write(&root, Charset::ShiftJis).expect_err("no code page 932 form");
    assert_eq!(refusal.field, "InsuredCardSymbol");
    assert_eq!(refusal.reason, WriteRefusalReason::CannotBeCarried { position: 2 });
    assert!(!refusal.to_string().contains('見') && !refusal.staff().ja.contains('𠮷'));
    assert!(write(&root, Charset::Utf8).is_ok());
    let control = Element::new("XmlMsg").with(Element::leaf("InsuredCardSymbol", "a\u{1}"));
    let refusal = write(&control, Charset::Utf8).expect_err("control character");
    assert_eq!(refusal.reason, WriteRefusalReason::ForbiddenCharacter { position: 2 });
}
