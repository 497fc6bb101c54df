//! `[readers]`, `[[face_reader]]`, `[[scanner]]`, `[[relay]]`, `[hours]`, `[[restart]]`, `[reboot]`: the hardware of the box.

use crate::devices::{
    DeviceSettings, FaceSettings, ReaderPlace, ReaderSettings, RebootWay, RelayPlace, ScannerPlace, UsbPlace,
};
use crate::schedule::{CronLine, Line, LineId, ReceptionHours, SiteZone, Work};
use anyhow::{Context, anyhow, bail, ensure};
use domain::Date;
use domain::date::Weekday;
use drivers::health::{DeviceName, ModelCode};
use drivers::relay::{Channel, Dialect, RelaySettings, Wiring};
use drivers::scanner::Framing;
use drivers::serial::SerialSettings;
use drivers::usb_port::UsbAddress;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Everything about hardware as people write it.
#[derive(Debug, Default)]
pub(super) struct DevicesFile {
    pub readers: Option<ReadersFile>,
    pub face_reader: Vec<FaceReaderFile>,
    pub scanner: Vec<ScannerFile>,
    pub relay: Vec<RelayFile>,
    pub hours: Option<HoursFile>,
    pub restart: Vec<RestartFile>,
    pub update_locks: Vec<PathBuf>,
    pub reboot: Option<RebootFile>,
}

/// `[readers]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadersFile {
    #[serde(default = "yes")]
    pcsc: bool,
    #[serde(default)]
    recognise: bool,
    unit: Option<String>,
    guide: Option<PathBuf>,
    #[serde(default)]
    reader: Vec<ReaderFile>,
}

/// `[[readers.reader]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReaderFile {
    name: String,
    system_name: Option<String>,
    model: Option<String>,
    #[serde(default = "yes")]
    required: bool,
    usb: Option<String>,
    usb_other_half: Option<String>,
}

/// `[[face_reader]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaceReaderFile {
    name: String,
    model: Option<String>,
    reading_by: Option<String>,
    files: Option<String>,
}

/// `[[scanner]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScannerFile {
    name: String,
    path: PathBuf,
    baud: Option<u32>,
    #[serde(default)]
    stx_etx: bool,
    counter: Option<String>,
    model: Option<String>,
    usb: Option<String>,
    usb_other_half: Option<String>,
}

/// `[[relay]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RelayFile {
    name: String,
    path: String,
    dialect: String,
    channel: u8,
    relays: Option<u8>,
    wiring: String,
    device: Option<String>,
}

/// `[hours]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HoursFile {
    mon: Option<String>,
    tue: Option<String>,
    wed: Option<String>,
    thu: Option<String>,
    fri: Option<String>,
    sat: Option<String>,
    sun: Option<String>,
    #[serde(default)]
    days: BTreeMap<String, String>,
    zone: Option<String>,
}

/// `[[restart]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RestartFile {
    line: String,
    what: String,
    name: Option<String>,
    patience_h: Option<u16>,
}

/// `[reboot]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RebootFile {
    by: String,
    #[serde(default)]
    command: Vec<String>,
}

fn yes() -> bool {
    true
}

/// The unit that runs readers on Debian and its kin.
const USUAL_UNIT: &str = "pcscd.service";
/// Longest patience of a line, hours.
const LONGEST_PATIENCE_H: u16 = 7 * 24;

/// Checks everything about hardware together.
pub(super) fn devices(file: DevicesFile) -> anyhow::Result<DeviceSettings> {
    let guide = file.readers.as_ref().and_then(|readers| readers.guide.clone());
    let (hours, zone) = hours(file.hours)?;
    let settings = DeviceSettings {
        readers: readers(file.readers)?,
        faces: each(file.face_reader, "face_reader", face)?,
        scanners: each(file.scanner, "scanner", scanner)?,
        relays: each(file.relay, "relay", relay)?,
        hours,
        zone,
        restarts: restarts(file.restart)?,
        update_locks: file.update_locks,
        reboot: reboot(file.reboot)?,
        guide,
    };
    names_are_unique(&settings)?;
    face_files_tell_readers_apart(&settings.faces)?;
    relays_feed_something(&settings)?;
    restarts_are_possible(&settings)?;
    Ok(settings)
}

fn each<F, T>(files: Vec<F>, section: &str, read: impl Fn(F) -> anyhow::Result<T>) -> anyhow::Result<Vec<T>> {
    let numbered = files.into_iter().enumerate();
    numbered.map(|(index, file)| read(file).with_context(|| format!("{section} no. {}", index + 1))).collect()
}

fn readers(file: Option<ReadersFile>) -> anyhow::Result<Option<ReaderSettings>> {
    let Some(file) = file else { return Ok(None) };
    if !file.pcsc {
        ensure!(file.reader.is_empty(), "readers.pcsc: must be true where readers.reader names one");
        ensure!(!file.recognise, "readers.recognise: needs readers.pcsc");
        return Ok(None);
    }
    let unit = match file.unit.as_deref().unwrap_or(USUAL_UNIT) {
        "" => None,
        unit if unit.starts_with('-') || unit.contains(char::is_whitespace) => {
            bail!("readers.unit: the name of a systemd unit, or \"\" when it must not be restarted")
        }
        unit => Some(unit.to_owned()),
    };
    Ok(Some(ReaderSettings { unit, recognise: file.recognise, readers: each(file.reader, "readers.reader", reader)? }))
}

fn reader(file: ReaderFile) -> anyhow::Result<ReaderPlace> {
    Ok(ReaderPlace {
        system_name: file.system_name.unwrap_or_else(|| file.name.clone()),
        name: name("readers.reader.name", &file.name)?,
        model: model(file.model),
        required: file.required,
        usb: usb("readers.reader.usb", file.usb, file.usb_other_half)?,
    })
}

fn face(file: FaceReaderFile) -> anyhow::Result<FaceSettings> {
    let minute = |text: &str| {
        let spans = ReceptionHours::parse_day(&format!("{text}-24:00")).ok()?;
        spans.first().map(|span| span.from_minute())
    };
    let reading_by = match file.reading_by.as_deref() {
        None => None,
        Some(text) => Some(minute(text).context("face_reader.reading_by: a time, as HH:MM")?),
    };
    let files = file.files.map(|files| files.trim().to_owned());
    ensure!(files.as_deref() != Some(""), "face_reader.files: what stands in the names of its files, or leave it out");
    Ok(FaceSettings { name: name("face_reader.name", &file.name)?, model: model(file.model), reading_by, files })
}

fn scanner(file: ScannerFile) -> anyhow::Result<ScannerPlace> {
    let line = SerialSettings::new(&file.path).map_err(|refused| anyhow!("scanner.path: {refused}"))?;
    let line = match file.baud {
        None => line,
        Some(baud @ 300..=4_000_000) => line.at_baud(baud),
        Some(_) => bail!("scanner.baud: 300 to 4000000 bits a second"),
    };
    Ok(ScannerPlace {
        name: name("scanner.name", &file.name)?,
        line,
        framing: if file.stx_etx { Framing::StxEtx } else { Framing::Plain },
        counter: file.counter,
        model: model(file.model),
        usb: usb("scanner.usb", file.usb, file.usb_other_half)?,
    })
}

fn relay(file: RelayFile) -> anyhow::Result<RelayPlace> {
    let channel = |field: &str, number| Channel::new(number).map_err(|refused| anyhow!("relay.{field}: {refused}"));
    let dialect = Dialect::named(&file.dialect).map_err(|refused| anyhow!("relay.dialect: {refused}"))?;
    let wiring = match file.wiring.as_str() {
        "nc" => Wiring::NormallyClosed,
        "no" => Wiring::NormallyOpen,
        _ => bail!("relay.wiring: nc (the relay pulls in to cut) or no (it releases to cut)"),
    };
    let (one, all) = (channel("channel", file.channel)?, channel("relays", file.relays.unwrap_or(file.channel))?);
    ensure!(one.number() <= all.number(), "relay.channel: at most relay.relays, the number of relays on the board");
    let relay = RelaySettings::new(&file.path, one, all, dialect, wiring);
    let relay = relay.map_err(|refused| anyhow!("relay.path: {refused}"))?;
    let feeds = file.device.as_deref().map(|device| name("relay.device", device)).transpose()?;
    Ok(RelayPlace { name: name("relay.name", &file.name)?, relay, feeds })
}

fn hours(file: Option<HoursFile>) -> anyhow::Result<(Option<ReceptionHours>, SiteZone)> {
    let Some(file) = file else { return Ok((None, SiteZone::japan())) };
    let zone = match &file.zone {
        None => SiteZone::japan(),
        Some(name) => SiteZone::named(name).context("hours.zone: a time zone such as Asia/Tokyo")?,
    };
    let week = [
        ("mon", Weekday::Monday, file.mon),
        ("tue", Weekday::Tuesday, file.tue),
        ("wed", Weekday::Wednesday, file.wed),
        ("thu", Weekday::Thursday, file.thu),
        ("fri", Weekday::Friday, file.fri),
        ("sat", Weekday::Saturday, file.sat),
        ("sun", Weekday::Sunday, file.sun),
    ];
    let mut hours = ReceptionHours::none();
    for (field, weekday, text) in week {
        hours = hours.on(weekday, spans(field, &text.unwrap_or_default())?);
    }
    for (day, text) in &file.days {
        let date = Date::parse(day).with_context(|| format!("hours.days.\"{day}\": a date that exists"))?;
        hours = hours.on_date(date, spans(&format!("days.\"{day}\""), text)?);
    }
    Ok((Some(hours), zone))
}

fn spans(field: &str, text: &str) -> anyhow::Result<Vec<crate::schedule::Span>> {
    ReceptionHours::parse_day(text).map_err(|refused| anyhow!("hours.{field}: {refused}"))
}

fn restarts(files: Vec<RestartFile>) -> anyhow::Result<Vec<Line>> {
    let mut ids = BTreeSet::new();
    let lines = each(files, "restart", restart)?;
    for line in &lines {
        ensure!(ids.insert(line.id.clone()), "restart.name: {} stands there twice; give each line a name", line.id);
    }
    Ok(lines)
}

fn restart(file: RestartFile) -> anyhow::Result<Line> {
    let cron = CronLine::parse(&file.line).map_err(|refused| anyhow!("restart.line: {refused}"))?;
    let Some(work) = Work::from_code(&file.what) else {
        bail!("restart.what: repower_readers, restart_service or reboot_box");
    };
    let patience_ms = match file.patience_h {
        None => Line::USUAL_PATIENCE_MS,
        Some(hours @ 1..=LONGEST_PATIENCE_H) => i64::from(hours) * 3_600_000,
        Some(_) => bail!("restart.patience_h: 1 to {LONGEST_PATIENCE_H} hours"),
    };
    Ok(Line { id: LineId::new(file.name.unwrap_or(file.what)), cron, work, patience_ms })
}

fn reboot(file: Option<RebootFile>) -> anyhow::Result<RebootWay> {
    let Some(file) = file else { return Ok(RebootWay::Never) };
    match (file.by.as_str(), file.command.first()) {
        ("never", None) => Ok(RebootWay::Never),
        ("logind", None) => Ok(RebootWay::Logind),
        ("command", Some(program)) if program.starts_with('/') => Ok(RebootWay::Command(file.command)),
        ("command", _) => bail!("reboot.command: a program by its absolute path, then its arguments"),
        ("never" | "logind", Some(_)) => bail!("reboot.command: only with by = \"command\""),
        _ => bail!("reboot.by: logind, command or never"),
    }
}

fn names_are_unique(settings: &DeviceSettings) -> anyhow::Result<()> {
    let mut seen = BTreeSet::from(DeviceSettings::RESERVED.map(str::to_owned));
    for name in settings.names() {
        ensure!(seen.insert(name.to_string()), "{name}: this name stands for another device already");
    }
    Ok(())
}

fn face_files_tell_readers_apart(faces: &[FaceSettings]) -> anyhow::Result<()> {
    let marks: Vec<(&str, &DeviceName)> =
        faces.iter().filter_map(|face| Some((face.files.as_deref()?, &face.name))).collect();
    for (mark, reader) in &marks {
        let other = marks.iter().find(|(other, name)| name != reader && other.contains(mark));
        ensure!(
            other.is_none(),
            "face_reader.files: {mark} of {reader} stands in the names of another reader's files too"
        );
    }
    Ok(())
}

fn relays_feed_something(settings: &DeviceSettings) -> anyhow::Result<()> {
    let fed: Vec<&DeviceName> = settings.relays.iter().filter_map(|relay| relay.feeds.as_ref()).collect();
    for (index, device) in fed.iter().enumerate() {
        let known = settings.names().any(|name| name == *device);
        let relay = settings.relays.iter().any(|relay| relay.name == **device);
        ensure!(known && !relay, "relay.device: {device} is no reader, face reader or scanner of these settings");
        ensure!(!fed[..index].contains(device), "relay.device: {device} is fed by two relays");
    }
    Ok(())
}

fn restarts_are_possible(settings: &DeviceSettings) -> anyhow::Result<()> {
    for line in &settings.restarts {
        let (possible, needs) = match line.work {
            Work::RepowerReaders => (settings.has_power_switch(), "a relay or a usb place of a reader"),
            Work::RestartService => (settings.service_unit().is_some(), "readers.pcsc and readers.unit"),
            Work::RebootBox => (settings.reboot != RebootWay::Never, "reboot.by"),
        };
        ensure!(possible, "restart.what: {} needs {needs}", line.work.code());
    }
    Ok(())
}

fn name(field: &str, text: &str) -> anyhow::Result<DeviceName> {
    DeviceName::parse(text).map_err(|refused| anyhow!("{field}: {refused}"))
}

fn model(code: Option<String>) -> ModelCode {
    ModelCode::new(code.unwrap_or_else(|| ModelCode::GENERAL.to_owned()))
}

fn usb(field: &str, device: Option<String>, other_half: Option<String>) -> anyhow::Result<Option<UsbPlace>> {
    let address = |text: String| UsbAddress::parse(&text).map_err(|refused| anyhow!("{field}: {refused}"));
    match (device, other_half) {
        (None, None) => Ok(None),
        (None, Some(_)) => bail!("{field}_other_half: only beside {field}"),
        (Some(device), half) => {
            Ok(Some(UsbPlace { device: address(device)?, other_half: half.map(address).transpose()? }))
        }
    }
}

#[cfg(test)]
mod tests;
