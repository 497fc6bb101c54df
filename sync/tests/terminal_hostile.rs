//! Hostile input never panics, and nothing cut off is ever taken for whole.
#![allow(clippy::unwrap_used)]

use proptest::collection::vec;
use proptest::prelude::*;
use sync::terminal::message::{self, Form, MessageKind};
use sync::terminal::xml::MAX_BYTES;
use sync::terminal::{FaceName, FileName, UnreadableKind, json, xml};

const SAMPLES: [(MessageKind, &[u8]); 14] = [
    (MessageKind::Eligibility, include_bytes!("terminal_samples/request_single.utf8.xml")),
    (MessageKind::Eligibility, include_bytes!("terminal_samples/request_single.sjis.xml")),
    (MessageKind::Eligibility, include_bytes!("terminal_samples/result_valid.utf8.xml")),
    (MessageKind::Eligibility, include_bytes!("terminal_samples/result_valid.sjis.xml")),
    (MessageKind::Eligibility, include_bytes!("terminal_samples/result_invalid.utf8.xml")),
    (MessageKind::Eligibility, include_bytes!("terminal_samples/result_invalid.sjis.xml")),
    (MessageKind::Eligibility, include_bytes!("terminal_samples/result_not_found.utf8.xml")),
    (MessageKind::Eligibility, include_bytes!("terminal_samples/result_not_found.sjis.xml")),
    (MessageKind::Eligibility, include_bytes!("terminal_samples/face.utf8.xml")),
    (MessageKind::Eligibility, include_bytes!("terminal_samples/face.sjis.xml")),
    (MessageKind::BulkResult, include_bytes!("terminal_samples/bulk_result.utf8.xml")),
    (MessageKind::BulkResult, include_bytes!("terminal_samples/bulk_result.sjis.xml")),
    (MessageKind::Eligibility, include_bytes!("terminal_samples/abnormal_end.utf8.xml")),
    (MessageKind::Eligibility, include_bytes!("terminal_samples/abnormal_end.sjis.xml")),
];

const KINDS: [MessageKind; 4] =
    [MessageKind::Eligibility, MessageKind::BulkReceipt, MessageKind::BulkResult, MessageKind::Registration];

#[test]
fn every_sample_is_readable_whole_and_refused_when_cut_at_any_byte() {
    for (kind, bytes) in SAMPLES {
        assert!(message::read(kind, Form::Xml, bytes).is_ok());
        let whole = bytes.trim_ascii_end().len();
        for cut in 0..whole {
            let error = message::read(kind, Form::Xml, &bytes[..cut]).unwrap_err();
            assert!(!error.to_string().is_empty());
        }
    }
}

#[test]
fn a_json_message_is_refused_when_cut_at_any_byte() {
    let whole = r#"{"XmlMsg":{"MessageHeader":{"SegmentOfResult":"1"},"MessageBody":{"ResultList":[{"ResultOfQualificationConfirmation":{"Name":"仮野"}}]}}}"#;
    assert!(message::read(MessageKind::Eligibility, Form::Json, whole.as_bytes()).is_ok());
    for cut in 0..whole.len() {
        assert!(message::read(MessageKind::Eligibility, Form::Json, &whole.as_bytes()[..cut]).is_err());
    }
}

#[test]
fn five_mebibytes_are_refused_unread() {
    let large = vec![b' '; 5 * 1024 * 1024];
    for form in [Form::Xml, Form::Json] {
        let error = message::read(MessageKind::Eligibility, form, &large).unwrap_err();
        assert_eq!(error.kind, UnreadableKind::TooLarge);
    }
    assert!(large.len() > MAX_BYTES);
}

#[test]
fn error_texts_carry_nothing_of_the_file() {
    let secret = "<XmlMsg><MessageHeader/><架空太郎>0612345</架空太郎><MessageBody>";
    let error = message::read(MessageKind::Eligibility, Form::Xml, secret.as_bytes()).unwrap_err();
    let shown = format!("{error} {error:?} {:?}", error.staff());
    assert!(!shown.contains("架空太郎") && !shown.contains("0612345"), "{shown}");
    let foreign_root = "<架空太郎/>";
    let error = message::read(MessageKind::Eligibility, Form::Xml, foreign_root.as_bytes()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("架空"));
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in vec(any::<u8>(), 0..2048)) {
        for kind in KINDS {
            let _ = message::read(kind, Form::Xml, &bytes);
            let _ = message::read(kind, Form::Json, &bytes);
        }
    }

    #[test]
    fn random_mark_up_never_panics(text in "(<[A-Za-z/!?&;\\[\\]'\"= -]{0,12}>|&[a-z#0-9]{0,5};|[あｱ ]){0,60}") {
        let _ = xml::read(text.as_bytes());
    }

    #[test]
    fn random_json_never_panics(text in "[{}\\[\\]\",:a1. ]{0,80}") {
        let _ = json::read(text.as_bytes());
    }

    #[test]
    fn mutated_samples_never_panic(
        which in 0..SAMPLES.len(),
        edits in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let (kind, sample) = SAMPLES[which];
        let mut bytes = sample.to_vec();
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = message::read(kind, Form::Xml, &bytes);
        let end = cut.index(bytes.len());
        let _ = message::read(kind, Form::Xml, &bytes[..end]);
    }

    #[test]
    fn names_never_panic_and_print_as_read(name in "\\PC{0,60}", tail in "[0-9_]{0,20}") {
        let _ = FileName::parse(&name);
        let _ = FaceName::parse(&format!("OQSsiquc01res_face_{name}{tail}.xml"));
        if let Some(file) = FileName::parse(&format!("OQSsiquc01res_{tail}.xml")) {
            prop_assert_eq!(file.to_string(), format!("OQSsiquc01res_{tail}.xml"));
        }
    }
}
