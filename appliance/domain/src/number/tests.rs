use super::*;
use crate::scheme::Scheme;
use crate::written::{Value, Written};

/// The 47 wide-area unions 39PP000C (claims-rules §3.3).
const UNIONS: [&str; 47] = [
    "39010004", "39020003", "39030002", "39040001", "39050000", "39060009", "39070008", "39080007", "39090006",
    "39100003", "39110002", "39120001", "39130000", "39140009", "39150008", "39160007", "39170006", "39180005",
    "39190004", "39200001", "39210000", "39220009", "39230008", "39240007", "39250006", "39260005", "39270004",
    "39280003", "39290002", "39300009", "39310008", "39320007", "39330006", "39340005", "39350004", "39360003",
    "39370002", "39380001", "39390000", "39400007", "39410006", "39420005", "39430004", "39440003", "39450002",
    "39460001", "39470000",
];

/// Worked examples (claims-rules §3.3): body, check digit, digit sums of the products.
const EXAMPLES: [(&str, u8, u32); 10] = [
    ("0104001", 3, 7),
    ("0601039", 1, 19),
    ("3312001", 5, 15),
    ("3913000", 0, 20),
    ("5401602", 7, 13),
    ("8113624", 4, 26),
    ("011011371", 9, 21),
    ("7777777", 9, 41),
    ("9999999", 7, 63),
    ("0000000", 0, 0),
];

fn digits(text: &str) -> Vec<u8> {
    text.bytes().map(|b| b - b'0').collect()
}

fn with_check(body: &str) -> String {
    format!("{body}{}", check_digit(&digits(body)))
}

/// A small generator, so that the same cases come up every time.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn body(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.below(10) as u8).collect()
    }
}

fn insurer(text: &str) -> Checked<InsurerNumber> {
    InsurerNumber::parse(text).unwrap_or_else(|e| panic!("{text}: {e:?}"))
}

#[test]
fn worked_examples() {
    for (body, check, sum) in EXAMPLES {
        assert_eq!(check_digit(&digits(body)), check, "{body}");
        assert_eq!((sum + u32::from(check)) % 10, 0, "{body}");
    }
    for number in ["88138243", "88131248", "81137242", "89131247"] {
        assert_eq!(with_check(&number[..7]), number);
    }
}

#[test]
fn all_unions_are_late_elderly_insurers_of_their_prefecture() {
    for (at, number) in UNIONS.iter().enumerate() {
        let read = insurer(number);
        assert_eq!(read.warnings, []);
        assert_eq!(read.value.as_str(), *number);
        assert_eq!(read.value.scheme(), Scheme::LateElderly);
        assert_eq!(read.value.prefecture().map(usize::from), Some(at + 1));
    }
}

#[test]
fn every_single_wrong_digit_is_found() {
    let mut chance = Lcg(1);
    for _ in 0..500 {
        let body = chance.body(7);
        let right = check_digit(&body);
        for (at, wrong) in (0..7).flat_map(|at| (0..10).map(move |wrong| (at, wrong))) {
            let mut other = body.clone();
            other[at] = wrong;
            assert_eq!(check_digit(&other) == right, wrong == body[at]);
        }
    }
}

#[test]
fn every_swap_of_neighbours_is_found_but_zero_and_nine() {
    let mut chance = Lcg(2);
    let mut pairs = std::collections::BTreeSet::new();
    for _ in 0..2_000 {
        let mut number = chance.body(7);
        number.push(check_digit(&number));
        for at in 0..7 {
            let pair = (number[at], number[at + 1]);
            let mut swapped = number.clone();
            swapped.swap(at, at + 1);
            let unnoticed = check_digit(&swapped[..7]) == swapped[7];
            assert_eq!(unnoticed, pair.0 == pair.1 || matches!(pair, (0, 9) | (9, 0)), "{pair:?} at {at}");
            pairs.insert((at, pair));
        }
    }
    assert_eq!(pairs.len(), 7 * 100, "every pair at every place");
}

#[test]
fn six_digits_check_like_eight_with_zeros() {
    let mut chance = Lcg(3);
    for _ in 0..10_000 {
        let body = chance.body(5);
        assert_eq!(check_digit(&body), check_digit(&[&[0, 0], body.as_slice()].concat()));
    }
}

#[test]
fn a_number_is_read_in_every_width_and_padding() {
    for text in ["01040013", " 01040013 ", "０１０４００１３", "0104 0013", "　０１０４　００１３"] {
        assert_eq!(insurer(text).value.as_str(), "01040013", "{text}");
    }
    let kokuho = with_check("13001");
    for text in [kokuho.clone(), format!("  {kokuho}"), format!("00{kokuho}")] {
        let read = insurer(&text);
        assert_eq!(read.value.as_str(), kokuho);
        assert_eq!(read.value.padded(), format!("  {kokuho}"));
        assert_eq!((read.value.scheme(), read.value.prefecture()), (Scheme::NationalHealth, Some(13)));
        assert_eq!(read.warnings, []);
    }
    assert_eq!(insurer("01040013").value.padded(), "01040013");
    let association = insurer(&with_check("13301")).value;
    assert_eq!(association.scheme(), Scheme::NationalHealthAssociation);
}

#[test]
fn the_numbers_for_not_known_pass_and_name_nobody() {
    let all = [
        ("77777777", InsurerNumber::UNKNOWN),
        ("77777779", InsurerNumber::UNKNOWN_ALTERNATIVE),
        ("99999999", InsurerNumber::DISASTER_UNKNOWN),
    ];
    for (text, constant) in all {
        assert_eq!(InsurerNumber::parse(text), Ok(Checked::clean(constant.clone())));
        assert!(constant.is_unknown_placeholder());
        assert_eq!((constant.scheme(), constant.prefecture()), (Scheme::Unknown, None));
    }
    assert!(!insurer("01040013").value.is_unknown_placeholder());
    assert!(InsurerNumber::parse("77777778").is_err());
}

#[test]
fn what_is_refused_says_where() {
    const KIND: NumberKind = NumberKind::Insurer;
    let cases = [
        ("", NumberError::Empty { kind: KIND }),
        ("　 ", NumberError::Empty { kind: KIND }),
        ("0104001", NumberError::WrongLength { kind: KIND, found: 7 }),
        ("010400130", NumberError::WrongLength { kind: KIND, found: 9 }),
        ("0104O013", NumberError::NotADigit { kind: KIND, position: 5 }),
        ("0104-013", NumberError::NotADigit { kind: KIND, position: 5 }),
        ("06480012", NumberError::Prefecture { kind: KIND, position: 3 }),
        ("06000012", NumberError::Prefecture { kind: KIND, position: 3 }),
        ("480012", NumberError::Prefecture { kind: KIND, position: 1 }),
        ("01040014", NumberError::CheckDigit { kind: KIND, position: 8, expected: 3 }),
    ];
    for (text, expected) in cases {
        assert_eq!(InsurerNumber::parse(text), Err(expected), "{text}");
        assert_eq!(expected.can_be_overridden(), matches!(expected, NumberError::CheckDigit { .. }));
    }
}

#[test]
fn staff_may_override_the_check_digit_and_nothing_else() {
    let read = InsurerNumber::parse_overridden("01040014").expect("overridden");
    assert_eq!(read.value.as_str(), "01040014");
    assert_eq!(read.warnings, [NumberWarning::CheckDigitOverridden { kind: NumberKind::Insurer }]);
    assert_eq!(InsurerNumber::parse_overridden("01040013").map(|c| c.warnings), Ok(vec![]));
    for text in ["0104001", "06480012", "0104O013"] {
        assert_eq!(InsurerNumber::parse_overridden(text), InsurerNumber::parse(text));
    }
    let recipient = PublicRecipientNumber::parse("1234560").expect_err("the check digit is wrong");
    assert!(recipient.can_be_overridden());
    assert!(PublicRecipientNumber::parse_overridden("1234560").is_ok());
    assert!(PublicPayerNumber::parse_overridden("54016028").is_ok());
}

#[test]
fn numbers_in_the_wrong_field_are_pointed_out() {
    for number in ["54016027", "81136244", "88138243", "88131248", "81137242", "89131247"] {
        assert_eq!(insurer(number).warnings, [NumberWarning::LooksLikePublicPayer], "{number}");
        let payer = PublicPayerNumber::parse(number).expect("a payer number");
        assert_eq!(payer.warnings, []);
        assert_eq!(payer.value.subsidy_code(), &number[..2]);
        assert!(payer.value.subsidy_name().is_some());
    }
    let padded = format!("00{}", with_check("13001"));
    for number in ["01040013", "06010391", "33120015", "39130000", &padded] {
        let payer = PublicPayerNumber::parse(number).expect("the digits fit");
        assert_eq!(payer.warnings, [NumberWarning::LooksLikeInsurer], "{number}");
    }
}

#[test]
fn medical_assistance_in_the_insurers_field_is_readable() {
    let number = with_check("1213001");
    let read = insurer(&number);
    assert_eq!(read.value.scheme(), Scheme::PublicAssistance);
    assert_eq!(read.warnings, [NumberWarning::LooksLikePublicPayer]);
    assert!(PublicPayerNumber::parse(&number).is_ok_and(|c| c.value.is_public_assistance()));
}

#[test]
fn an_unknown_scheme_only_warns() {
    let unknown = |kind| vec![NumberWarning::UnknownScheme { kind }];
    let number = with_check("0513001");
    assert_eq!(insurer(&number).warnings, unknown(NumberKind::Insurer));
    assert_eq!(insurer(&number).value.scheme(), Scheme::Unknown);
    let payer = PublicPayerNumber::parse(&with_check("4113001")).expect("only a warning");
    assert_eq!(payer.warnings, unknown(NumberKind::PublicPayer));
    assert_eq!((payer.value.prefecture(), payer.value.subsidy_name()), (Some(13), None));
}

#[test]
fn public_numbers_have_their_lengths() {
    assert!(matches!(PublicPayerNumber::parse("5401602"), Err(NumberError::WrongLength { found: 7, .. })));
    assert!(matches!(PublicPayerNumber::parse("54996027"), Err(NumberError::Prefecture { position: 3, .. })));
    assert!(matches!(PublicRecipientNumber::parse("12345678"), Err(NumberError::WrongLength { found: 8, .. })));
    let recipient = with_check("123456");
    assert_eq!(PublicRecipientNumber::parse(&recipient).map(|c| c.value.as_str().to_owned()), Ok(recipient));
}

#[test]
fn institution_codes_warn_but_pass() {
    let read = |text: &str| InstitutionCode::parse(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    let sample = read("0110113719");
    assert_eq!(sample.warnings, []);
    assert_eq!((sample.value.prefecture(), sample.value.fee_table()), (Some(1), Some(FeeTable::Medical)));
    assert_eq!(sample.value.claim_code(), "0113719");
    assert_eq!(read("0110113710").warnings, [NumberWarning::CheckDigit { kind: NumberKind::Institution }]);
    assert_eq!(read(&with_check("132011371")).warnings, [NumberWarning::UnknownFeeTable]);
    let care = read("13ｂ0113710");
    assert_eq!((care.value.as_str(), care.value.fee_table()), ("13B0113710", Some(FeeTable::CareHospital)));
    assert_eq!(care.warnings, []);
    let kind = NumberKind::Institution;
    let refused = [
        ("", NumberError::Empty { kind }),
        ("0113719", NumberError::WrongLength { kind, found: 7 }),
        ("4810113719", NumberError::Prefecture { kind, position: 1 }),
        ("B110113719", NumberError::NotADigit { kind, position: 1 }),
        ("01C0113719", NumberError::NotADigit { kind, position: 3 }),
        ("０１Ｂ０１１３７１Ａ", NumberError::NotADigit { kind, position: 10 }),
    ];
    for (text, expected) in refused {
        assert_eq!(InstitutionCode::parse(text), Err(expected), "{text}");
    }
}

#[test]
fn institution_codes_come_together_from_their_parts() {
    for parts in [("01", "1", "0113719"), ("1", "", "0113719"), ("１", "１", "０１１３７１９")] {
        let read = InstitutionCode::from_parts(parts.0, parts.1, parts.2).expect("a code");
        assert_eq!((read.value.as_str(), read.warnings.len()), ("0110113719", 0));
    }
    assert!(InstitutionCode::from_parts("", "1", "0113719").is_err());
    assert!(InstitutionCode::from_parts("1", "1", "").is_err());
}

#[test]
fn symbols_and_numbers_are_kept_as_written_and_compared_folded() {
    let symbol = |text: &str| InsuredSymbol::parse(text).expect("a symbol").value;
    assert_eq!(symbol(" 見本－１２　").as_str(), "見本－１２");
    assert!(symbol("見本－１２").same_as(&symbol("見本-12")));
    assert!(!symbol("見本１２").same_as(&symbol("見本１３")));
    let number = |text: &str| InsuredNumber::parse(text).expect("a number").value;
    assert_eq!(number("００３４０５").as_str(), "００３４０５");
    assert_eq!(number("００３４０５").compare(&number("003405")), NumberLikeness::Same);
    assert_eq!(number("003405").compare(&number("3405")), NumberLikeness::SameButZeros);
    assert_eq!(number("3405").compare(&number("3406")), NumberLikeness::Different);
    assert_eq!(number("0").compare(&number("00")), NumberLikeness::SameButZeros);
    assert_eq!(InsuredNumber::UNKNOWN.as_str().len(), 9);
    assert_ne!(InsuredNumber::UNKNOWN, InsuredNumber::DISASTER_UNKNOWN);
}

#[test]
fn symbols_and_numbers_have_limits() {
    let kind = NumberKind::Insured;
    assert!(InsuredNumber::parse(&"１".repeat(20)).is_ok());
    assert_eq!(InsuredNumber::parse(&"１".repeat(21)), Err(NumberError::WrongLength { kind, found: 21 }));
    assert_eq!(InsuredNumber::parse("　"), Err(NumberError::Empty { kind }));
    assert_eq!(InsuredNumber::parse("12\u{0007}3"), Err(NumberError::NotADigit { kind, position: 3 }));
    assert_eq!(InsuredSymbol::parse(""), Err(NumberError::Empty { kind: NumberKind::Symbol }));
}

#[test]
fn branches_have_two_digits() {
    for (text, branch) in [("1", "01"), ("01", "01"), ("１", "01"), (" 12 ", "12"), ("0", "00")] {
        assert_eq!(BranchNumber::parse(text).map(|c| c.value.as_str().to_owned()), Ok(branch.to_owned()));
    }
    let kind = NumberKind::Branch;
    assert_eq!(BranchNumber::parse(" "), Err(NumberError::Empty { kind }));
    assert_eq!(BranchNumber::parse("123"), Err(NumberError::WrongLength { kind, found: 3 }));
    assert_eq!(BranchNumber::parse("A"), Err(NumberError::NotADigit { kind, position: 1 }));
}

#[test]
fn an_individual_number_is_refused_in_every_field() {
    // specimen digits, joined only here
    let text = ["1234", "5678", "9018"].join("-");
    let errors = [
        InsurerNumber::parse(&text).err(),
        PublicPayerNumber::parse(&text).err(),
        PublicRecipientNumber::parse_overridden(&text).err(),
        InstitutionCode::parse(&text).err(),
        InsuredSymbol::parse(&text).err(),
        InsuredNumber::parse(&text.replace('-', "")).err(),
        BranchNumber::parse(&text).err(),
    ];
    for (kind, error) in [
        "insurer_number",
        "public_payer_number",
        "public_recipient_number",
        "institution_code",
        "insured_symbol",
        "insured_number",
        "branch_number",
    ]
    .into_iter()
    .zip(errors)
    {
        let kind = NumberKind::from_code(kind).expect("a kind");
        assert_eq!(error, Some(NumberError::LooksLikeMyNumber { kind }));
    }
}

#[test]
fn kept_numbers_are_read_again_without_a_second_refusal() {
    let overridden = InsurerNumber::parse_overridden("01040014").expect("overridden").value;
    assert_eq!(InsurerNumber::read(&overridden.write()), Ok(overridden));
    assert_eq!(InsurerNumber::read(&InsurerNumber::UNKNOWN.write()), Ok(InsurerNumber::UNKNOWN));
    for odd in ["1", "四桁の字", "12345678901"] {
        let kept = InsurerNumber::read(&Value::Text(odd.to_owned())).expect("read");
        assert_eq!((kept.as_str(), kept.scheme(), kept.prefecture().is_none()), (odd, Scheme::Unknown, true));
        let code = InstitutionCode::read(&Value::Text(odd.to_owned())).expect("read");
        let _ = (code.prefecture(), code.fee_table(), code.claim_code());
        let payer = PublicPayerNumber::read(&Value::Text(odd.to_owned())).expect("read");
        let _ = (payer.prefecture(), payer.subsidy_name());
    }
    assert!(InsurerNumber::read(&Value::Text(String::new())).is_err());
    assert!(InsurerNumber::read(&Value::Int(1_040_013)).is_err());
}

#[test]
fn debug_and_complaints_never_show_a_number() {
    assert_eq!(format!("{:?}", insurer("01040013").value), "InsurerNumber(length 8)");
    let number = InsuredNumber::parse("8675309").expect("a number").value;
    assert_eq!(format!("{number:?}"), "InsuredNumber(length 7)");
    for text in ["86753091", "8675309", "86753O91", "867530918675"] {
        let error = InsurerNumber::parse(text).expect_err("refused");
        for told in [error.ja(), error.en(), error.to_string(), format!("{error:?}")] {
            assert!(!told.contains("8675"), "{told}");
        }
    }
}

#[test]
fn everything_is_said_in_both_languages() {
    for kind in NumberKind::ALL.iter().copied() {
        let errors = [
            NumberError::Empty { kind },
            NumberError::NotADigit { kind, position: 2 },
            NumberError::WrongLength { kind, found: 5 },
            NumberError::Prefecture { kind, position: 3 },
            NumberError::CheckDigit { kind, position: 8, expected: 6 },
            NumberError::LooksLikeMyNumber { kind },
        ];
        for error in errors {
            assert!(error.ja().contains(kind.label_ja()), "{}", error.ja());
            assert!(error.en().contains(kind.label_en()) && error.en().is_ascii(), "{}", error.en());
            assert_eq!(error.kind(), kind);
        }
        let warnings = [
            NumberWarning::UnknownScheme { kind },
            NumberWarning::CheckDigit { kind },
            NumberWarning::CheckDigitOverridden { kind },
        ];
        assert!(warnings.iter().all(|w| w.ja().contains(kind.label_ja()) && w.en().contains(kind.label_en())));
    }
    for warning in
        [NumberWarning::LooksLikePublicPayer, NumberWarning::LooksLikeInsurer, NumberWarning::UnknownFeeTable]
    {
        assert!(!warning.ja().contains("  ") && !warning.ja().is_empty() && warning.en().is_ascii());
    }
}
