//! Split symbols, with and without their positions (§1.6).

use drivers::Moment;
use drivers::prescription::{Assembly, DeskCode, GivenUp, Notice, Refusal, SlipCode, SymbolPosition, Taken};

use crate::sheets::{SAMPLE_A, SAMPLE_B, a_with, sheet};

const PARITY_OF_A: u8 = 0x9a;

fn waiting(have: u8) -> Vec<Taken> {
    vec![Taken::Waiting { have, of: None }]
}

fn whole(bytes: &[u8]) -> Vec<Taken> {
    vec![Taken::Code(DeskCode::Prescription(Box::new(sheet(bytes))))]
}

fn joined(bytes: &[u8]) -> Vec<Taken> {
    let mut sheet = sheet(bytes);
    sheet.notices.push(Notice::JoinedWithoutPositions);
    vec![Taken::Code(DeskCode::Prescription(Box::new(sheet)))]
}

/// Takes the parts one second apart; gives what the last one gave.
fn scan(assembly: &mut Assembly, parts: &[&[u8]]) -> Vec<Taken> {
    let mut taken = Vec::new();
    for (second, part) in parts.iter().enumerate() {
        taken = assembly.take(part, None, Moment(second as u64 * 1_000));
    }
    taken
}

/// Sample A cut at these places.
fn cut<'a>(bytes: &'a [u8], places: &[usize]) -> Vec<&'a [u8]> {
    let ends = places.iter().copied().chain([bytes.len()]);
    let mut start = 0;
    ends.map(|end| &bytes[std::mem::replace(&mut start, end)..end]).collect()
}

fn at(index: u8, last: u8) -> Option<SymbolPosition> {
    Some(SymbolPosition { index, last, parity: PARITY_OF_A })
}

#[test]
fn a_cut_inside_a_character_is_joined_before_it_is_decoded() {
    let (first, second) = SAMPLE_A.split_at(459);
    assert!(matches!(first.last(), Some(0x81..=0x9f | 0xe0..=0xfc)), "the cut is inside a character");
    let mut assembly = Assembly::default();
    assert_eq!(assembly.take(first, None, Moment(0)), waiting(1));
    assert_eq!(assembly.take(second, None, Moment(900)), joined(SAMPLE_A));
}

#[test]
fn every_cut_in_two_gives_the_sheet_again() {
    for place in 8..SAMPLE_A.len() {
        let mut assembly = Assembly::default();
        let (first, second) = SAMPLE_A.split_at(place);
        let taken = assembly.take(first, None, Moment(0));
        let last = assembly.take(second, None, Moment(1));
        let cut_to_line_ends = second.iter().all(|byte| matches!(byte, b'\r' | b'\n' | 0x1a));
        if !cut_to_line_ends {
            assert!(
                taken == waiting(1) || matches!(&taken[..], [Taken::Code(DeskCode::Prescription(_))]),
                "{place}: {taken:?}"
            );
        }
        assert_eq!(last, joined(SAMPLE_A), "cut at {place}");
    }
}

#[test]
fn three_parts_are_joined_in_any_order_after_the_first() {
    let parts = cut(SAMPLE_A, &[200, 459]);
    for order in [[0, 1, 2], [0, 2, 1]] {
        let mut assembly = Assembly::default();
        assert_eq!(scan(&mut assembly, &order.map(|place| parts[place])), joined(SAMPLE_A), "{order:?}");
    }
}

#[test]
fn four_parts_out_of_order_are_put_right_by_what_they_say() {
    let parts = cut(SAMPLE_A, &[130, 300, 459]);
    for order in [[0, 1, 2, 3], [0, 2, 1, 3], [0, 3, 2, 1], [0, 3, 1, 2]] {
        let mut assembly = Assembly::default();
        assert_eq!(scan(&mut assembly, &order.map(|place| parts[place])), joined(SAMPLE_A), "{order:?}");
    }
}

#[test]
fn an_order_that_the_lines_do_not_tell_is_asked_for() {
    let line = "81,1,,同じ備考";
    let bytes = a_with(&[line]);
    let text = encoding_rs::SHIFT_JIS.encode(line).0.into_owned();
    let remark = bytes.windows(text.len()).position(|window| window == text).unwrap();
    // two middle parts that both hold one remark of the same serial, and differ only in the text
    let other = encoding_rs::SHIFT_JIS.encode("81,1,,別の備考\r\n").0.into_owned();
    let (first, rest) = bytes.split_at(remark);
    let (middle, end) = rest.split_at(text.len() + 2);
    let mut assembly = Assembly::default();
    let parts: [&[u8]; 4] = [first, middle, &other, end];
    assert_eq!(scan(&mut assembly, &parts), [Taken::GivenUp(GivenUp::OrderUnclear)]);
    assert_eq!(scan(&mut assembly, &parts), joined(&parts.concat()), "from left to right, as asked");
}

#[test]
fn a_line_end_that_the_scanner_puts_behind_every_part_is_no_data() {
    for terminator in [b"\r".as_slice(), b"\r\n", b"\n"] {
        for places in [vec![459], vec![457], vec![458], vec![50], vec![51], vec![52], vec![130, 300, 459]] {
            let parts: Vec<Vec<u8>> = cut(SAMPLE_A, &places).iter().map(|part| [part, terminator].concat()).collect();
            let mut assembly = Assembly::default();
            let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            assert_eq!(scan(&mut assembly, &parts), joined(SAMPLE_A), "{places:?} {terminator:?}");
        }
    }
}

#[test]
fn a_part_that_was_skipped_corrects_the_sheet_when_it_comes() {
    // without the middle part "51,2026|1120 52,2026|1130" reads as one wrong date: nothing in the text can tell
    let place = SAMPLE_A.windows(11).position(|window| window == b"51,20261120").unwrap() + 7;
    let parts = cut(SAMPLE_A, &[place, place + 13]);
    let mut assembly = Assembly::default();
    let early = scan(&mut assembly, &[parts[0], parts[2]]);
    let [Taken::Code(DeskCode::Prescription(early))] = &early[..] else { panic!("{early:?}") };
    assert!(early.notices.contains(&Notice::JoinedWithoutPositions), "staff are told to compare");
    assert_eq!(assembly.take(parts[1], None, Moment(5_000)), joined(SAMPLE_A));
}

#[test]
fn the_same_part_again_is_ignored() {
    let parts = cut(SAMPLE_A, &[200, 459]);
    let mut assembly = Assembly::default();
    assert_eq!(scan(&mut assembly, &[parts[0], parts[0]]), [Taken::PartAgain]);
    assert_eq!(scan(&mut assembly, &[parts[1], parts[1]]), [Taken::PartAgain]);
    assert_eq!(scan(&mut assembly, &[parts[2]]), joined(SAMPLE_A));
}

#[test]
fn another_prescription_gives_the_half_one_up() {
    let mut assembly = Assembly::default();
    assembly.take(&SAMPLE_A[..300], None, Moment(0));
    let taken = assembly.take(SAMPLE_B, None, Moment(1));
    assert_eq!(taken, [vec![Taken::GivenUp(GivenUp::OtherPrescription)], whole(SAMPLE_B)].concat());
    assert_eq!(assembly.take(&SAMPLE_A[300..], None, Moment(2)), [Taken::Code(DeskCode::Refused(Refusal::LaterPart))]);
}

#[test]
fn a_half_set_is_given_up_after_a_minute_without_a_part() {
    let mut assembly = Assembly::default();
    assembly.take(&SAMPLE_A[..300], None, Moment(0));
    assert_eq!(assembly.expire(Moment(60_000)), None);
    assert_eq!(assembly.expire(Moment(60_001)), Some(Taken::GivenUp(GivenUp::TimedOut)));
    assembly.take(&SAMPLE_A[..300], None, Moment(100_000));
    let late = assembly.take(&SAMPLE_A[300..], None, Moment(170_000));
    assert_eq!(late, [Taken::GivenUp(GivenUp::TimedOut), Taken::Code(DeskCode::Refused(Refusal::LaterPart))]);
}

#[test]
fn staff_can_cancel() {
    let mut assembly = Assembly::default();
    assert_eq!(assembly.cancel(), None);
    assembly.take(&SAMPLE_A[..300], None, Moment(0));
    assert_eq!(assembly.cancel(), Some(Taken::GivenUp(GivenUp::Cancelled)));
    assert_eq!(assembly.cancel(), None);
}

#[test]
fn other_codes_in_between_are_answered_and_do_not_join() {
    let mut assembly = Assembly::default();
    assembly.take(&SAMPLE_A[..300], None, Moment(0));
    let slip = SlipCode::of_reference("7Q3K9ZD2").unwrap();
    assert_eq!(assembly.take(slip.to_string().as_bytes(), None, Moment(1)), [Taken::Code(DeskCode::Slip(slip))]);
    assert!(matches!(&assembly.take(b"00123\r", None, Moment(2))[..], [Taken::Code(DeskCode::Number(_))]));
    assert_eq!(assembly.take(&SAMPLE_A[300..], None, Moment(3)), joined(SAMPLE_A));
}

#[test]
fn two_prescriptions_glued_together_are_cut_at_the_end_mark() {
    let mut assembly = Assembly::default();
    let taken = assembly.take(&[SAMPLE_A, b"\r\n", SAMPLE_B].concat(), None, Moment(0));
    assert_eq!(taken, [whole(SAMPLE_A), whole(SAMPLE_B)].concat());
}

#[test]
fn a_sheet_without_end_mark_is_given_out_and_completed_by_what_follows() {
    let end = SAMPLE_A.windows(6).position(|window| window == b"101,2,").unwrap();
    let (first, second) = SAMPLE_A.split_at(end);
    let mut assembly = Assembly::default();
    let taken = assembly.take(first, None, Moment(0));
    let [Taken::Code(DeskCode::Prescription(early))] = &taken[..] else { panic!("{taken:?}") };
    assert_eq!(early.notices, [Notice::EndMissing]);
    assert_eq!(assembly.take(first, None, Moment(1)), taken, "the same code again is the same answer");
    assert_eq!(assembly.take(second, None, Moment(2)), joined(SAMPLE_A));
    let mut assembly = Assembly::default();
    assembly.take(first, None, Moment(0));
    assert_eq!(assembly.take(SAMPLE_B, None, Moment(1)), whole(SAMPLE_B), "nothing was given up");
}

#[test]
fn a_split_code_whose_end_mark_the_scanner_cut_is_read() {
    let bare = SAMPLE_A.strip_suffix(b"\x1a").unwrap();
    let mut assembly = Assembly::default();
    assert_eq!(scan(&mut assembly, &cut(bare, &[459])), joined(bare));
}

#[test]
fn positions_put_parts_into_their_places_in_any_order() {
    let parts = cut(SAMPLE_A, &[130, 300, 459]);
    let mut assembly = Assembly::default();
    for (have, index) in [3_u8, 1, 0].into_iter().enumerate() {
        let taken = assembly.take(parts[usize::from(index)], at(index, 3), Moment(0));
        assert_eq!(taken, [Taken::Waiting { have: have as u8 + 1, of: Some(4) }]);
    }
    assert_eq!(assembly.take(parts[1], at(1, 3), Moment(0)), [Taken::PartAgain]);
    assert_eq!(assembly.take(parts[2], at(2, 3), Moment(0)), whole(SAMPLE_A));
}

#[test]
fn positions_and_parity_find_line_ends_that_the_scanner_added() {
    let parts = cut(SAMPLE_A, &[51, 459]);
    let mut assembly = Assembly::default();
    let taken: Vec<_> = [0_u8, 1, 2]
        .into_iter()
        .flat_map(|index| assembly.take(&[parts[usize::from(index)], b"\r"].concat(), at(index, 2), Moment(0)))
        .collect();
    assert_eq!(taken[2..], whole(SAMPLE_A));
}

#[test]
fn parts_of_another_set_or_with_another_parity_do_not_join() {
    let parts = cut(SAMPLE_A, &[459]);
    let mut assembly = Assembly::default();
    assembly.take(parts[0], at(0, 1), Moment(0));
    let other = Some(SymbolPosition { index: 1, last: 2, parity: PARITY_OF_A });
    let taken = assembly.take(parts[1], other, Moment(0));
    assert_eq!(taken, [Taken::GivenUp(GivenUp::OtherPrescription), Taken::Waiting { have: 1, of: Some(3) }]);
    let mut assembly = Assembly::default();
    let wrong = |index| Some(SymbolPosition { index, last: 1, parity: 0x55 });
    assembly.take(parts[0], wrong(0), Moment(0));
    assert_eq!(assembly.take(parts[1], wrong(1), Moment(0)), [Taken::GivenUp(GivenUp::ParityWrong)]);
}

#[test]
fn more_than_a_code_can_hold_is_given_up() {
    let mut assembly = Assembly::default();
    assembly.take(&SAMPLE_A[..300], None, Moment(0));
    let filler =
        |size: usize, letter: char| format!("81,1,,{}\r\n81,1,,", letter.to_string().repeat(size)).into_bytes();
    assert_eq!(assembly.take(&filler(30_000, 'a'), None, Moment(0)), waiting(2));
    assert_eq!(assembly.take(&filler(30_000, 'b'), None, Moment(0)), [Taken::GivenUp(GivenUp::TooLong)]);
    assembly.take(&SAMPLE_A[..300], None, Moment(0));
    let taken: Vec<_> = ('a'..='p').map(|letter| assembly.take(&filler(1, letter), None, Moment(0))).collect();
    assert_eq!(taken.last().unwrap()[..], [Taken::GivenUp(GivenUp::TooLong)], "a seventeenth part");
    assert!(taken[14] == waiting(16));
}

#[test]
fn every_answer_has_words_or_speaks_for_itself() {
    for why in [
        GivenUp::TimedOut,
        GivenUp::OtherPrescription,
        GivenUp::TooLong,
        GivenUp::ParityWrong,
        GivenUp::OrderUnclear,
        GivenUp::Cancelled,
    ] {
        let text = Taken::GivenUp(why).text().unwrap();
        assert!(text.ja.ends_with('。') && text.en.ends_with('.') && text.en.is_ascii());
    }
    assert!(Taken::PartAgain.text().is_some() && waiting(1)[0].text().is_some());
    assert!(whole(SAMPLE_A)[0].text().is_none());
    assert_eq!(format!("{:?}", Assembly::default()), "Assembly { half_set: false, .. }");
}
