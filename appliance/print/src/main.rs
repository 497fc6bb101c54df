//! `uketsuke-print`: one order as JSON on standard input, its PDF on standard output. A program of its own, so that the weight of a
//! typesetter, its memory and any panic stay out of the desk. What goes wrong is said without a word of the document.

use paper::Order;
use std::io::{Read, Write};
use std::process::ExitCode;

/// Longest order, bytes.
const MOST_BYTES: u64 = 8 << 20;
/// The order cannot be read.
const UNREADABLE: u8 = 2;
/// The paper cannot be set.
const UNSET: u8 = 3;

fn main() -> ExitCode {
    if std::env::args_os().len() > 1 {
        return introduce();
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        say(&format!("uketsuke-print: 内部エラー / an internal error at {place}"));
    }));
    match print() {
        Ok(()) => ExitCode::SUCCESS,
        Err((code, why)) => {
            say(&format!("uketsuke-print: {why}"));
            ExitCode::from(code)
        }
    }
}

fn print() -> Result<(), (u8, String)> {
    let order = read()?;
    let pdf = print::typeset(&order).and_then(|pages| pages.pdf());
    let pdf = pdf.map_err(|unset| (UNSET, format!("印刷物を組めません / the paper cannot be set: {unset}")))?;
    let mut out = std::io::stdout().lock();
    out.write_all(&pdf)
        .and_then(|()| out.flush())
        .map_err(|error| (UNSET, format!("書き出せません / it cannot be written: {}", error.kind())))
}

fn read() -> Result<Order, (u8, String)> {
    let unreadable = |why: String| (UNREADABLE, format!("注文を読めません / the order cannot be read: {why}"));
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(error.kind().to_string()))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(unreadable(format!("more than {MOST_BYTES} bytes")));
    }
    serde_json::from_slice(&bytes)
        .map_err(|error| unreadable(format!("line {} column {}", error.line(), error.column())))
}

/// For a person who calls it by hand.
fn introduce() -> ExitCode {
    let words = format!(
        "uketsuke-print {}\n標準入力の注文（JSON）を組んで、PDFを標準出力に書きます。受付が自動で使うプログラムです。\n\
         Sets the order (JSON) on standard input and writes its PDF to standard output. Reception uses it by itself.\n\
         Font: BIZ UDPGothic, SIL Open Font License 1.1.\n",
        env!("CARGO_PKG_VERSION")
    );
    let _closed_pipe_is_fine = std::io::stdout().lock().write_all(words.as_bytes());
    ExitCode::SUCCESS
}

fn say(words: &str) {
    let _closed_pipe_is_fine = writeln!(std::io::stderr().lock(), "{words}");
}
