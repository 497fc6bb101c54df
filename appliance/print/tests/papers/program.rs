//! The program itself: an order in, a PDF out, and no word of the document in its complaints.

use crate::samples;
use std::io::Write;
use std::process::{Command, Output, Stdio};

fn run(order: &[u8]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_uketsuke-print"))
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = program.stdin.take().unwrap();
    let order = order.to_vec();
    let hand_over = std::thread::spawn(move || stdin.write_all(&order).is_ok());
    let output = program.wait_with_output().unwrap();
    hand_over.join().unwrap();
    output
}

#[test]
fn an_order_becomes_a_pdf_with_its_font_inside() {
    let order = serde_json::to_vec(&samples::declaration()).unwrap();
    let output = run(&order);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.starts_with(b"%PDF-") && output.stderr.is_empty());
    let embedded = output.stdout.windows(9).any(|bytes| bytes == b"/FontFile" || bytes == b"FontFile2");
    assert!(embedded, "the font is in the file");
    assert!(output.stdout.len() < 200_000, "only the letters that are used: {} bytes", output.stdout.len());
}

#[test]
fn what_cannot_be_read_is_refused_without_repeating_it() {
    let secret = "見本 花子";
    for order in [
        format!("{{\"site\": \"{secret}\"}}"),
        format!("{{\"{secret}\": 1}}"),
        format!("{{\"paper\": {{\"kind\": \"{secret}\"}}}}"),
        secret.to_owned(),
        String::new(),
    ] {
        let output = run(order.as_bytes());
        assert_eq!(output.status.code(), Some(2), "{order}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.stdout.is_empty() && !said.contains("見本"), "{said}");
        assert!(said.contains("注文を読めません") && said.contains("cannot be read"), "{said}");
    }
}

#[test]
fn an_endless_order_is_refused() {
    let output = run(&vec![b' '; (8 << 20) + 10]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn more_lines_than_any_list_has_are_refused() {
    let mut order = samples::day_list();
    if let paper::Paper::DayList(list) = &mut order.paper {
        list.rows = vec![paper::DayRow::default(); paper::MOST_LINES + 1];
    }
    let output = run(&serde_json::to_vec(&order).unwrap());
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stderr).unwrap().contains("too many lines"));
}
