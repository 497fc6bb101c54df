//! What the papers say when their text is copied out again, and how many pages they take.

use crate::samples;
use paper::Topic;
use std::io::Write;
use std::process::{Command, Stdio};

/// The text of a paper, as a foreign program reads it, without the spaces between its pieces.
fn text(order: &paper::Order) -> String {
    let pdf = print::typeset(order).unwrap().pdf().unwrap();
    let mut reader = Command::new("pdftotext")
        .args(["-raw", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext (Debian: poppler-utils) is installed");
    reader.stdin.take().unwrap().write_all(&pdf).unwrap();
    let read = reader.wait_with_output().unwrap();
    assert!(read.status.success());
    String::from_utf8(read.stdout).unwrap().split_whitespace().collect()
}

fn says(order: &paper::Order, words: &[&str]) {
    let text = text(order);
    for word in words {
        assert!(text.contains(&word.split_whitespace().collect::<String>()), "“{word}” is missing in:\n{text}");
    }
}

#[test]
fn a_declaration_says_what_was_declared() {
    says(
        &samples::declaration(),
        &[
            "20260302-ABCDE",
            "見本 花子",
            "ミホン ハナコ",
            "昭和39年10月10日",
            "株式会社みほん製作所",
            "090-0000-0000",
            "資格確認端末の不具合",
        ],
    );
    says(&samples::declaration_full(), &["〓", "U+20BB7", "受付の赤いファイル、2段目", samples::LONG_KANA]);
}

#[test]
fn blank_forms_carry_their_numbers_and_nobodys_name() {
    let forms = text(&samples::blank_forms());
    assert!(forms.contains("20260302-KQRTZ-01") && forms.contains("20260302-KQRTZ-02"));
    says(&samples::by_hand(), &["20260302-KQRTZ"]);
}

#[test]
fn slips_for_patients_speak_two_languages() {
    says(
        &samples::take_home(),
        &["2026年4月9日 まで", "差額をお返しします", "Please tell us your insured number", "UKE1-7Q3K9ZD2-R"],
    );
    says(
        &samples::advice(Topic::Certificate),
        &["2026年5月31日", "0120-95-0178", "Your city office renews it free of charge"],
    );
    says(&samples::advice(Topic::Pin), &["番号を受付の者に教えないでください", "please never tell us your PIN"]);
    says(&samples::advice(Topic::CityOffice), &["市区町村のマイナンバーカード窓口"]);
    says(&samples::refund(), &["10割", "3割", "The difference to what you paid is given back"]);
    says(&samples::equipment_fault(), &["患者さんのカードや手続きのせいではありません", "You pay your usual share"]);
}

#[test]
fn papers_for_repairs_say_what_stopped() {
    says(&samples::call_sheet(), &["1310000016", "受付 一子", "資格確認端末", "8:46", "0800-080-4583"]);
    says(&samples::call_sheet_quiet(), &["いま止まっているものはありません"]);
    says(&samples::check_up(), &["異常：1", "backups", "媒体を差し", "ディスクの空き"]);
    says(&samples::fault_report(), &["SCARD_E_NO_READERS_AVAILABLE", "ほかに7件", "0.1.0"]);
}

#[test]
fn the_emergency_kit_holds_the_whole_key_and_the_steps() {
    let kit = samples::recovery_kit();
    says(&kit, &["7K3M", "BCDE", "3F2A-91C0", "uketsuke backup restore /media/usb/uketsuke", "起動はしません"]);
}

#[test]
fn lists_hold_everybody() {
    let list = text(&samples::day_list());
    assert_eq!(list.matches("見本花子").count(), 28, "thirty, one with a long name and one without any");
    says(&samples::day_list(), &["30件", "（氏名未記入）", samples::LONG_NAME]);
    says(&samples::day_list_empty(), &["まだありません"]);
    says(&samples::month_end(), &["2026年3月", "① 現在の資格 6", "● 保留", "支払基金", "不詳", "01130012"]);
    says(&samples::blank_day(), &["13", "26", "全額（10割）は最後の手段です"]);
}

#[test]
fn one_sheet_is_enough_where_one_is_expected() {
    for (name, order) in samples::all() {
        let expected = match name {
            "blank-forms" | "day-list" | "month-end" => 2,
            _ => 1,
        };
        assert_eq!(print::typeset(&order).unwrap().pages().len(), expected, "{name}");
    }
}

#[test]
fn what_is_typed_is_never_read_as_markup() {
    let mut order = samples::take_home_empty();
    order.site.name = "#panic(\"x\") *bold* $x$ <label> \\ // 見本".to_owned();
    says(&order, &["#panic(\"x\") *bold* $x$ <label> \\ // 見本"]);
}
