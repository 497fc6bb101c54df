//! Finding patients by what staff type (REQ-01).

use crate::support::counter::{Counter, clock_at};
use crate::support::patients::born;
use domain::case::Flow;
use domain::{Date, Timestamp};
use web::port::{CheckIn, Desk, DeskCommand, SubmitError};

fn open() -> Counter {
    Counter::first(&clock_at(Date::literal(2026, 6, 1), 9, 0))
}

impl Counter {
    async fn registers(&self, name: &str, kana: &str, birth: Date, number: &str) -> Result<(), SubmitError> {
        let check_in = CheckIn {
            patient: None,
            patient_number: Some(number.to_owned()),
            person: born(name, kana, birth),
            flow: Flow::Window,
            counter: None,
            commands: Vec::new(),
        };
        self.try_to(DeskCommand::CheckIn(Box::new(check_in))).await.map(|_| ())
    }

    fn numbers(&self, text: &str) -> Vec<String> {
        let hits = self.desk.search_patients(text).unwrap();
        hits.into_iter().filter_map(|hit| hit.patient_number).collect()
    }
}

async fn three_people() -> Counter {
    let reception = open();
    let born = [Date::literal(1961, 2, 3), Date::literal(1976, 5, 1), Date::literal(1961, 2, 3)];
    reception.registers("見本野 太郎", "ミホンノ タロウ", born[0], "101").await.unwrap();
    reception.registers("見本野 花子", "ミホンノ ハナコ", born[1], "5010501").await.unwrap();
    reception.registers("仮山 タミ", "カリヤマ タミ", born[2], "103").await.unwrap();
    reception
}

#[tokio::test]
async fn parts_of_names_find_people_in_either_order_in_kana_and_in_kanji() {
    let reception = three_people().await;
    for (text, found) in [
        ("みほ", vec!["5010501", "101"]),
        ("ミホンノタロ", vec!["101"]),
        ("ミホ タ", vec!["101"]),
        ("タロウ ミホ", vec!["101"]),
        ("ﾊﾅ", vec!["5010501"]),
        ("見本野", vec!["5010501", "101"]),
        ("見本野 花", vec!["5010501"]),
        ("花子", vec!["5010501"]),
        ("カリ ハナ", vec![]),
        ("ミホ タ ロ", vec!["101"]),
        ("ヴ", vec![]),
        (" ", vec![]),
    ] {
        let mut numbers = reception.numbers(text);
        let mut expected = found.clone();
        numbers.sort();
        expected.sort_unstable();
        assert_eq!(numbers, expected, "{text}");
    }
}

#[tokio::test]
async fn dates_and_numbers_narrow_a_name_and_seven_digits_may_be_either() {
    let reception = three_people().await;
    assert_eq!(reception.numbers("S36.2.3 ミホ"), ["101"]);
    assert_eq!(reception.numbers("タミ 1961-02-03"), ["103"]);
    assert_eq!(reception.numbers("1961-02-03").len(), 2);
    assert_eq!(reception.numbers("103"), ["103"]);
    assert_eq!(reception.numbers("103 ミホ"), Vec::<String>::new());
    assert_eq!(reception.numbers("5010501"), ["5010501"], "a patient number that reads as 令和元年5月1日");
}

#[tokio::test]
async fn who_came_last_stands_first_and_a_broad_search_stays_short() {
    let reception = open();
    for nth in 0..120 {
        reception.clock.set(Timestamp::in_japan(Date::literal(2026, 6, 1).plus_days(nth % 7), 9, 0, 0));
        let given = if nth % 60 == 5 { "ハジメ" } else { "タロウ" };
        let born = Date::literal(1950, 1, 1).plus_days(nth);
        reception.registers("見本野 某", &format!("ミホンノ {given}"), born, &format!("{nth:03}")).await.unwrap();
    }
    let few = reception.numbers("ミホンノ ハジメ");
    assert_eq!(few, ["005", "065"], "the 6th of June before the 3rd");
    assert_eq!(reception.numbers("ミホ").len(), 50);
}

#[tokio::test]
async fn a_refused_check_in_leaves_nothing_behind() {
    let reception = three_people().await;
    let taken = reception.registers("例村 一", "レイムラ ハジメ", Date::literal(1990, 1, 1), "101").await;
    assert!(matches!(taken, Err(SubmitError::Refused { .. })), "the number belongs to somebody");
    assert!(reception.numbers("レイムラ").is_empty());
    reception.registers("例村 一", "レイムラ ハジメ", Date::literal(1990, 1, 1), "104").await.unwrap();
    assert_eq!(reception.numbers("レイムラ"), ["104"]);
}
