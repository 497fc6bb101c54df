use super::*;
use crate::terminal::file_name::FileName;

const VALID: &[u8] = include_bytes!("../../../tests/terminal_samples/result_valid.utf8.xml");
const FACE: &[u8] = include_bytes!("../../../tests/terminal_samples/face.utf8.xml");
const REQUEST: &[u8] = include_bytes!("../../../tests/terminal_samples/request_single.utf8.xml");
const OURS: &str = "OQSsiquc01res_UK1000000001.xml";
const FACE_NAME: &str = "OQSsiquc01res_face_20260401091007.xml";
const ERR: &str = "OQSsiquc01req_UK1000000001.err";
const RETURNED: &str = "OQSsiquc01req_UK1000000001.xml";

/// A tray and a clock to move by hand.
struct Tray {
    sightings: Sightings,
    files: Vec<(String, Vec<u8>)>,
    now_ms: u64,
}

impl Tray {
    fn new() -> Tray {
        let rules = SightingRules {
            mark: SuffixMark::new("UK1").expect("mark"),
            form: Form::Xml,
            reads_to_accept: 2,
            reads_to_give_up: 4,
            settle_ms: 300,
            half_rejection_ms: 10_000,
        };
        Tray { sightings: Sightings::new(rules), files: Vec::new(), now_ms: 0 }
    }

    fn put(&mut self, name: &str, bytes: &[u8]) {
        self.files.retain(|(there, _)| there != name);
        self.files.push((name.to_owned(), bytes.to_vec()));
    }

    fn look_after(&mut self, ms: u64) -> Vec<Arrival> {
        self.now_ms += ms;
        let present: HashSet<String> = self.files.iter().map(|(name, _)| name.clone()).collect();
        let stamp = |bytes: &[u8]| Stamp { len: bytes.len() as u64, modified_ns: None };
        let wanted = self.files.iter().filter(|(name, bytes)| self.sightings.wants(name, &stamp(bytes)));
        let looks = wanted
            .map(|(name, bytes)| Look { name: name.clone(), stamp: stamp(bytes), bytes: Some(bytes.clone()) })
            .collect();
        self.sightings.look(looks, &present, self.now_ms);
        self.sightings.take_ready()
    }
}

#[test]
fn a_file_is_believed_after_two_equal_reads_far_enough_apart() {
    let mut tray = Tray::new();
    tray.put(OURS, VALID);
    assert!(tray.look_after(0).is_empty());
    assert!(tray.look_after(100).is_empty(), "too soon after the first read");
    let arrived = tray.look_after(200);
    assert!(matches!(&arrived[..], [Arrival { content: Content::Answer { .. }, conflict: false, .. }]));
    assert!(tray.look_after(1_000).is_empty(), "delivered once");
}

#[test]
fn a_growing_file_starts_again_with_every_change() {
    let mut tray = Tray::new();
    for cut in [100, 500, 900] {
        tray.put(OURS, &VALID[..cut]);
        assert!(tray.look_after(400).is_empty());
    }
    tray.put(OURS, VALID);
    assert!(tray.look_after(400).is_empty());
    assert_eq!(tray.look_after(400).len(), 1);
}

#[test]
fn a_damaged_file_is_reported_once_and_its_repair_is_a_conflict() {
    let mut tray = Tray::new();
    tray.put(OURS, &VALID[..500]);
    let reported: Vec<Arrival> = (0..10).flat_map(|_| tray.look_after(400)).collect();
    assert!(matches!(&reported[..], [Arrival { content: Content::Unreadable { file: Some(_), .. }, .. }]));
    tray.put(OURS, VALID);
    let repaired: Vec<Arrival> = (0..5).flat_map(|_| tray.look_after(400)).collect();
    assert!(matches!(&repaired[..], [Arrival { content: Content::Answer { .. }, conflict: true, .. }]));
}

#[test]
fn a_face_file_that_another_program_moves_away_is_not_lost() {
    let mut tray = Tray::new();
    tray.put(FACE_NAME, FACE);
    assert!(tray.look_after(0).is_empty());
    tray.files.clear();
    let arrived = tray.look_after(50);
    assert!(matches!(&arrived[..], [Arrival { content: Content::Face { .. }, .. }]));
    tray.put(FACE_NAME, FACE);
    assert!((0..5).all(|_| tray.look_after(400).is_empty()), "the same content again is no second visit");
}

#[test]
fn half_a_face_file_that_went_away_is_not_believed() {
    let mut tray = Tray::new();
    tray.put(FACE_NAME, &FACE[..FACE.len() - 5]);
    tray.look_after(0);
    tray.files.clear();
    assert!(tray.look_after(50).is_empty());
}

#[test]
fn both_halves_of_a_rejection_come_as_one_whatever_their_order() {
    for names in [[ERR, RETURNED], [RETURNED, ERR]] {
        let mut tray = Tray::new();
        let content = |name: &str| if name == ERR { &b"\x83\x47reason"[..] } else { REQUEST };
        tray.put(names[0], content(names[0]));
        tray.look_after(0);
        assert!(tray.look_after(400).is_empty(), "waits for the other half");
        tray.put(names[1], content(names[1]));
        tray.look_after(400);
        let arrived = tray.look_after(400);
        let [Arrival { name, content: Content::Rejection { rejection, .. }, conflict: false, .. }] = &arrived[..]
        else {
            panic!("one rejection");
        };
        assert_eq!(name, ERR);
        assert_eq!(rejection.err.as_ref().map(|err| err.0.len()), Some(8));
        let identifier = rejection.request.as_ref().and_then(|request| request.file_identifier.as_deref());
        assert_eq!(identifier, Some("A20260401-0001-7f3c"));
        assert!(tray.look_after(20_000).is_empty());
    }
}

#[test]
fn half_a_rejection_is_reported_after_a_time_and_completed_later() {
    let mut tray = Tray::new();
    tray.put(ERR, b"reason");
    tray.look_after(0);
    tray.look_after(400);
    let alone = tray.look_after(10_000);
    assert!(
        matches!(&alone[..], [Arrival { content: Content::Rejection { rejection, .. }, .. }] if rejection.request.is_none())
    );
    tray.put(RETURNED, REQUEST);
    tray.look_after(400);
    let complete = tray.look_after(400);
    assert!(matches!(&complete[..], [Arrival { conflict: false, content: Content::Rejection { rejection, .. }, .. }]
        if rejection.request.is_some()));
    assert_eq!((&alone[0].name, alone[0].sha256), (&complete[0].name, complete[0].sha256), "one identity");
}

#[test]
fn an_err_file_that_changes_after_its_report_is_a_conflict() {
    let mut tray = Tray::new();
    tray.put(ERR, b"reason");
    tray.put(RETURNED, REQUEST);
    tray.look_after(0);
    assert_eq!(tray.look_after(400).len(), 1);
    tray.put(ERR, b"another reason");
    tray.look_after(400);
    let changed = tray.look_after(400);
    assert!(matches!(&changed[..], [Arrival { conflict: true, .. }]));
}

#[test]
fn packed_and_unexpected_results_are_said_to_be_so() {
    let mut tray = Tray::new();
    tray.put("OQSmuquc02res_UK1000000001.zip", b"PK\x03\x04...");
    tray.put("YZKsiquc01res_UK1000000001.pdf", b"%PDF");
    tray.put("OQSsiquc01res_202604010001.xml", VALID);
    tray.put("Thumbs.db", b"x");
    let mut kinds: Vec<UnreadableKind> = (0..6)
        .flat_map(|_| tray.look_after(400))
        .filter_map(|arrival| match arrival.content {
            Content::Unreadable { unreadable, .. } => Some(unreadable.kind),
            _ => None,
        })
        .collect();
    kinds.sort_by_key(|kind| format!("{kind:?}"));
    assert_eq!(kinds, [UnreadableKind::UnexpectedFile, UnreadableKind::ZippedOrEncrypted]);
}

#[test]
fn after_forgetting_everything_arrives_again() {
    let mut tray = Tray::new();
    tray.put(OURS, VALID);
    tray.look_after(0);
    assert_eq!(tray.look_after(400).len(), 1);
    tray.sightings.forget();
    tray.look_after(400);
    let again = tray.look_after(400);
    assert!(matches!(&again[..], [Arrival { conflict: false, .. }]));
}

#[test]
fn names_are_sorted_by_what_they_mean_here() {
    let mark = SuffixMark::new("UK1").expect("mark");
    let file = |name: &str| FileName::parse(name).expect("name");
    assert_eq!(sort(&mark, OURS), Sort::Answer(file(OURS), MessageKind::Eligibility));
    assert_eq!(sort(&mark, ERR), Sort::ErrFile(file(ERR)));
    assert_eq!(sort(&mark, RETURNED), Sort::ReturnedRequest(file(RETURNED)));
    assert_eq!(sort(&mark, "OQSsiquc01res_202604010001.xml"), Sort::Foreign);
    assert_eq!(sort(&mark, "readme.txt"), Sort::Ignored);
}
