//! The written form of a case, as other programs put it to the rules.

use domain::case::{Case, SiteKind};
use domain::eligibility::AskedBy;
use domain::evidence::EvidenceKind;
use domain::link::LinkStatus;
use domain::rule::RulePack;
use domain::written::{Unreadable, Value, Written};
use domain::{Date, decide};

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn map<const N: usize>(fields: [(&str, Value); N]) -> Value {
    fields.into_iter().fold(Value::map(), |map, (name, value)| map.with(name, value))
}

fn list<const N: usize>(items: [Value; N]) -> Value {
    Value::List(items.to_vec())
}

fn visit() -> Value {
    map([("visit_date", text("2026-06-01"))])
}

fn refused(value: Value) -> Unreadable {
    Case::read(&value).expect_err("refused")
}

#[test]
fn only_the_day_must_stand_there() {
    let case = Case::read(&visit()).unwrap();
    assert_eq!((case.visit_date, case.site.kind), (Date::literal(2026, 6, 1), SiteKind::Clinic));
    assert!(decide(&case, &RulePack::built_in()).accepted.is_none());
    assert_eq!(refused(Value::map()).to_string(), "visit_date: expected a value");
    assert_eq!(refused(text("2026-06-01")).to_string(), "record: expected an object");
}

#[test]
fn short_forms() {
    let said = visit()
        .with("site_kind", text("pharmacy"))
        .with("birth_date", text("1985-04-12"))
        .with("presented", list([text("MYNA_CARD_FACE"), map([("kind", text("ELIGIBILITY_CERTIFICATE"))])]))
        .with("links", map([("line", text("down"))]))
        .with("stored", map([("confirmed_on", text("2026-05-01"))]))
        .with("online", map([("status", text("1")), ("asked_by", text("number")), ("results", list([Value::map()]))]));
    let case = Case::read(&said).unwrap();
    assert_eq!(case.site.kind, SiteKind::Pharmacy);
    assert_eq!(case.person.birth_date, Some(Date::literal(1985, 4, 12)));
    assert_eq!(
        case.presented.iter().map(|p| p.kind).collect::<Vec<_>>(),
        [EvidenceKind::MynaCardFace, EvidenceKind::EligibilityCertificate]
    );
    assert_eq!((case.links.line.status, case.links.reader.status), (LinkStatus::Down, LinkStatus::Up));
    let answer = case.online.clone().unwrap();
    assert_eq!((answer.confirmed_for, answer.asked_by), (case.visit_date, Some(AskedBy::Number)));
    let reader = visit().with("site_kind", text("hospital")).with("site", map([("phone_reader", Value::Bool(true))]));
    let site = Case::read(&reader).unwrap().site;
    assert_eq!((site.kind, site.phone_reader), (SiteKind::Hospital, true));
}

#[test]
fn numbers_are_folded_into_shape() {
    let coverage = map([
        ("insurer_number", text(" ００138008")),
        ("insured_number", text(" 56789 ")),
        ("branch_number", text("1")),
    ]);
    let said =
        visit().with("presented", list([map([("kind", text("ELIGIBILITY_CERTIFICATE")), ("coverage", coverage)])]));
    let coverage = Case::read(&said).unwrap().presented[0].coverage.clone();
    assert_eq!(coverage.insurer_number.unwrap().as_str(), "138008");
    assert_eq!((coverage.insured_number.unwrap().as_str(), coverage.branch_number.unwrap().as_str()), ("56789", "01"));
}

#[test]
fn complaints_say_where() {
    let shown = |item: Value| visit().with("presented", list([item]));
    let with_number = |number: &str| {
        shown(map([("kind", text("NOTICE_ONLY")), ("coverage", map([("insurer_number", text(number))]))]))
    };
    let complaints = [
        (visit().with("presentd", list([])), "presentd: expected one of the fields visit_date, at, site"),
        (shown(text("NOTICE")), "presented.0: expected one of MYNA_CARD_FACE, MYNA_CARD_PIN"),
        (shown(map([("kind", text("NOTICE"))])), "presented.0.kind: expected one of MYNA_CARD_FACE"),
        (shown(Value::map()), "presented.0.kind: expected a value"),
        (
            shown(map([("kind", text("NOTICE_ONLY")), ("coverge", Value::map())])),
            "presented.0.coverge: expected nothing: no field has this name here",
        ),
        (
            with_number("1234567"),
            "presented.0.coverage.insurer_number: expected a possible number. The insurer number has",
        ),
        (with_number("9904001a"), "presented.0.coverage.insurer_number: expected a possible number."),
        (visit().with("visit_date", text("2026-02-30")), "visit_date: expected a date that exists"),
        (visit().with("links", map([("router", text("down"))])), "links.router: expected reader, terminal, line"),
        (visit().with("links", map([("line", text("broken"))])), "links.line: expected one of up, down, unknown"),
        (visit().with("online", map([("status", text("7"))])), "online.status: expected one of 1, 2, 3, 4, 5, 6"),
        (visit().with("online", text("1")), "online: expected an object"),
        (visit().with("online", map([("code", text("1")), ("status", text("1"))])), "online.code: expected nothing"),
        (visit().with("unchanged_said", text("yes")), "unchanged_said: expected true or false"),
        (visit().with("at", text("noon")), "at: expected an instant"),
        (visit().with("declaration", Value::map()), "declaration.form_no: expected a value"),
        (
            visit().with("birth_date", text("1985-04-12")).with("person", map([("birth_date", text("1985-04-13"))])),
            "birth_date: expected the same day as in person.birth_date",
        ),
        (
            visit().with("site_kind", text("clinic")).with("site", map([("kind", text("pharmacy"))])),
            "site_kind: expected the same kind as in site.kind",
        ),
    ];
    for (value, complaint) in complaints {
        let said = refused(value).to_string();
        assert!(said.starts_with(complaint), "{said}");
    }
}

#[test]
fn an_individual_number_is_refused_wherever_it_stands_and_never_repeated() {
    // made up, with a check digit that fits
    let number = (0..10).map(|digit| format!("12345678901{digit}")).find(|n| domain::number::looks_like_my_number(n));
    let number = number.unwrap();
    let places = [
        visit().with("person", map([("name", text(&format!("見本　{number}")))])),
        visit().with(
            "presented",
            list([map([("kind", text("NOTICE_ONLY")), ("coverage", map([("insured_number", text(&number))]))])]),
        ),
        visit().with("declaration", map([("phone", text(&number))])),
    ];
    for (value, path) in
        places.into_iter().zip(["person.name", "presented.0.coverage.insured_number", "declaration.phone"])
    {
        let complaint = refused(value);
        assert_eq!(complaint.path, path);
        assert!(complaint.expected.contains("My Number") && !complaint.to_string().contains(&number));
    }
}

#[test]
fn texts_have_a_measure() {
    let complaint = refused(visit().with("person", map([("address", text(&"あ".repeat(20_001)))])));
    assert_eq!(complaint.to_string(), "person.address: expected at most 20000 characters");
}

#[test]
fn a_share_of_more_than_everything_is_refused() {
    let coverage = map([("ratio_tenths", Value::Int(30))]);
    let complaint = refused(visit().with("stored", map([("coverage", coverage)])));
    assert_eq!(complaint.path, "stored.coverage.ratio_tenths");
}
