//! Cards: one reading through the product against the same commands sent by a bare loop, an insertion until it is told, and what
//! watching costs while nothing happens.
//!
//! The service is a real one with a virtual reader, apart from the machine's own. Its client library is told where to look by a
//! variable that must stand before a program starts, so the measuring is done by a fresh process.

mod bare;
mod idle;
mod product;

use crate::sample::Sample;
use crate::table::{Row, Verdict};
use anyhow::{Context, ensure};
use bare::Bare;
use clap::Args;
use drivers::emulated::{CardOrder, Profile};
use product::Product;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use uketsuke::clock::Clock;
use uketsuke::demo::virtual_reader::{SOCKET_VARIABLE, VirtualReader};

/// Readings of each kind, one of the product after one of the bare loop.
const READINGS: u32 = 300;
/// Insertions; a virtual reader looks for its card every 0.4 s.
const INSERTIONS: u32 = 12;
/// Most that the product may add.
const RATIO_BAR: f64 = 1.2;
/// Most of one core for watching eight readers.
const IDLE_BAR: f64 = 0.01;

/// What the measuring process is told.
#[derive(Args)]
pub struct Arguments {
    /// where the service has its socket
    #[arg(long)]
    folder: PathBuf,
}

/// Starts the measuring process and makes lines of what it says.
pub fn measure() -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let socket = VirtualReader::socket_in(folder.path())?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("cards").arg("--folder").arg(folder.path()).env(SOCKET_VARIABLE, socket).stdout(Stdio::piped());
    let output = command.output()?;
    ensure!(output.status.success(), "the cards were not measured: {}", String::from_utf8_lossy(&output.stderr).trim());
    let said: Value = serde_json::from_slice(&output.stdout)?;
    Ok(vec![reading_row(&said)?, insertion_row(&said)?, idle_row(&said)?])
}

/// The measuring process.
pub fn be_the_measuring_process(arguments: &Arguments) -> anyhow::Result<()> {
    let mut reader = VirtualReader::start(&tests::process::uketsuke(), &arguments.folder, &[])?;
    let today = Clock::wall().now().date_in_japan();
    let today = jiff::civil::date(today.year(), today.month().cast_signed(), today.day().cast_signed());
    let code = CardOrder::new(Profile::Normal, 1, today).printed().surface_code();
    let product = Product::start(code)?;
    product.wait_for_insertion()?;
    let commands = product.record_commands()?;
    let bare = Bare { commands };
    let (mut bare_readings, mut product_readings) = (Sample::default(), Sample::default());
    for _ in 0..READINGS {
        bare_readings.time(|| bare.read())?;
        product_readings.time(|| product.read())?;
    }
    let (mut bare_news, mut product_news) = (Sample::default(), Sample::default());
    for _ in 0..INSERTIONS {
        let (bare, product) = one_insertion(&mut reader, &product)?;
        bare_news.extend([bare]);
        product_news.extend([product]);
    }
    let idle = idle::share_of_a_core()?;
    println!(
        "{}",
        json!({
            "commands": bare.commands.len(),
            "bare_reading_p50_ms": bare_readings.p50_ms(),
            "product_reading_p50_ms": product_readings.p50_ms(),
            "bare_reading_p99_ms": bare_readings.p99_ms(),
            "product_reading_p99_ms": product_readings.p99_ms(),
            "bare_insertion_p50_ms": bare_news.p50_ms(),
            "product_insertion_p50_ms": product_news.p50_ms(),
            "idle_share": idle,
        })
    );
    Ok(())
}

/// Takes the card out and puts it in: how long until a bare wait returned, and until the product told it. Both wait for the same
/// insertion.
fn one_insertion(reader: &mut VirtualReader, product: &Product) -> anyhow::Result<(Duration, Duration)> {
    reader.give("pull")?;
    product.wait_for_removal()?;
    let waiting = bare::wait_for_insertion()?;
    // the card is out for a while before it can be put in again: both wait by then
    reader.give("insert")?;
    let begun = Instant::now();
    let told = product.wait_for_insertion()?;
    let returned = waiting.join().map_err(|_| anyhow::anyhow!("the bare wait panicked"))??;
    Ok((returned - begun, told - begun))
}

fn number(said: &Value, name: &str) -> anyhow::Result<f64> {
    said[name].as_f64().filter(|number| *number > 0.0).with_context(|| format!("{name} was not measured"))
}

fn reading_row(said: &Value) -> anyhow::Result<Row> {
    let (bare, product) = (number(said, "bare_reading_p50_ms")?, number(said, "product_reading_p50_ms")?);
    let ratio = product / bare;
    Ok(Row {
        what: format!("Reading a card with 照合番号B, {} commands, connecting included", said["commands"]),
        measured: format!("{product:.2} ms, {ratio:.2}× a bare loop ({bare:.2} ms)"),
        bar: "≤ 1.2×",
        verdict: Verdict::of(ratio <= RATIO_BAR),
        numbers: said.clone(),
    })
}

fn insertion_row(said: &Value) -> anyhow::Result<Row> {
    let read = |name: &str| {
        Ok::<_, anyhow::Error>((
            number(said, &format!("{name}_insertion_p50_ms"))?,
            number(said, &format!("{name}_reading_p50_ms"))?,
        ))
    };
    let ((bare_told, bare_read), (told, read)) = (read("bare")?, read("product")?);
    let ratio = (told + read) / (bare_told + bare_read);
    Ok(Row {
        what: "Card insertion to reading, the virtual reader's look every 0.4 s included".to_owned(),
        measured: format!(
            "told after {told:.1} ms, read after {:.1} ms, {ratio:.2}× a bare loop ({:.1} ms)",
            told + read,
            bare_told + bare_read
        ),
        bar: "≤ 1.2×",
        verdict: Verdict::of(ratio <= RATIO_BAR),
        numbers: json!({ "ratio": ratio }),
    })
}

fn idle_row(said: &Value) -> anyhow::Result<Row> {
    let share = number(said, "idle_share")?;
    Ok(Row {
        what: format!("Watching {} readers while nothing happens", idle::READERS),
        measured: format!("{:.3} % of one core", share * 100.0),
        bar: "< 1 %",
        verdict: Verdict::of(share < IDLE_BAR),
        numbers: json!({ "share_of_a_core": share }),
    })
}
