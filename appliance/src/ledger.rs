//! The ledger of devices (機器台帳): the box, the other boxes, what hangs on them, tablets, programs with tokens, counters. And what the
//! programs are made of.

mod components;
mod machine;

pub use components::components;

use crate::desk::RunningDesk;
use crate::devices::DeviceSettings;
use domain::text::Text;
use std::path::Path;
use web::port::{Desk, DeviceItem, LedgerItem, MemberItem, Reading, Unavailable};

/// Everything that belongs to the site, as the running box knows it.
pub fn of(desk: &RunningDesk, settings: &DeviceSettings) -> Reading<Vec<LedgerItem>> {
    let read = desk.readers().read(|reading| Ok((reading.tablets()?, reading.api_tokens()?)));
    let (tablets, programs) = read.map_err(|error| Unavailable(Box::new(error)))?;
    let members = desk.facility().map(|facility| facility.view().members).unwrap_or_default();
    let devices = desk.devices().map(|devices| devices.view().devices).unwrap_or_default();
    let mut all = vec![machine::this_box(Path::new("/"), members.iter().find(|member| member.is_own))];
    all.extend(members.iter().filter(|member| !member.is_own).map(member));
    all.extend(devices.iter().map(|item| device(item, settings)));
    all.extend(machine::usb(Path::new("/")));
    all.extend(tablets.into_iter().map(|tablet| LedgerItem {
        name: tablet.name,
        since: Some(tablet.paired_at),
        ..item("tablet", "患者用タブレット", "Patients' tablet")
    }));
    all.extend(programs.into_iter().map(|(name, made_at)| LedgerItem {
        name,
        since: Some(made_at),
        ..item("program", "プログラムの鍵（APIトークン）", "Program's token")
    }));
    all.extend(
        desk.counters()?
            .all
            .into_iter()
            .map(|found| LedgerItem { name: found.counter.name, ..item("counter", "窓口", "Counter") }),
    );
    Ok(all)
}

fn item(kind: &'static str, ja: &str, en: &str) -> LedgerItem {
    LedgerItem { kind, kind_words: Some(Text::new(ja, en)), ..LedgerItem::default() }
}

fn member(member: &MemberItem) -> LedgerItem {
    let peer = member.exchange.as_ref();
    let (ja, en) = if member.is_hub { ("中継サーバー", "Hub") } else { ("ほかの受付機", "Another box") };
    let state = match peer.map(|peer| peer.connected) {
        Some(true) => Text::new("接続中", "connected"),
        Some(false) => Text::new("未接続", "not connected"),
        None => Text::new("同期していない", "nothing is exchanged"),
    };
    LedgerItem {
        name: member.name.clone(),
        serial: member.id.clone(),
        place: peer.and_then(|peer| peer.address.clone()).unwrap_or_default(),
        since: Some(member.since),
        last_seen: peer.and_then(|peer| peer.heard_at),
        state: Some(state),
        ..item("member", ja, en)
    }
}

fn device(found: &DeviceItem, settings: &DeviceSettings) -> LedgerItem {
    let (model, place) = as_set(&found.device, settings);
    LedgerItem {
        kind: "device",
        kind_words: Some(found.kind.clone()),
        name: found.device.clone(),
        model,
        place,
        since: found.history.last().map(|change| change.at).or(Some(found.since)),
        last_seen: found.last_good_read,
        state: Some(found.state.clone()),
        ..LedgerItem::default()
    }
}

/// Model and place of a device, where the settings name them.
fn as_set(name: &str, settings: &DeviceSettings) -> (String, String) {
    let readers = settings.readers.iter().flat_map(|readers| &readers.readers);
    if let Some(reader) = readers.into_iter().find(|reader| reader.name.as_str() == name) {
        return (reader.model.as_str().to_owned(), reader.system_name.clone());
    }
    if let Some(face) = settings.faces.iter().find(|face| face.name.as_str() == name) {
        return (face.model.as_str().to_owned(), String::new());
    }
    if let Some(scanner) = settings.scanners.iter().find(|scanner| scanner.name.as_str() == name) {
        return (scanner.model.as_str().to_owned(), scanner.line.path().display().to_string());
    }
    Default::default()
}
