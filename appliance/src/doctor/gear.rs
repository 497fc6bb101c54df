//! What hangs on the box: the reader service, the devices it watches, the program that sets papers.

use super::Patient;
use super::say::{Part, Said};
use crate::prints::Typesetter;
use paper::{Order, Paper, Site};
use std::os::unix::net::UnixStream;
use web::port::{Desk, DeviceItem, DeviceLamp, Finding};

const SERVICE: Part = Part::new("reader-service", "カードリーダーのサービス", "Reader service");
const DEVICES: Part = Part::new("devices", "機器", "Devices");
const PAPERS: Part = Part::new("papers", "紙を作るソフト", "Program for papers");

const SOCKET: &str = "/run/pcscd/pcscd.comm";

pub(super) fn reader_service(patient: &Patient<'_>) -> Said {
    let is_wanted = patient.config.as_ref().is_ok_and(|config| config.devices.readers.is_some());
    let path = patient.system(SOCKET);
    match (UnixStream::connect(&path), is_wanted) {
        (Ok(_), _) => SERVICE.good("応えます（pcscd）。", "It answers (pcscd)."),
        (Err(_), false) => SERVICE.aside("設定で使っていません。", "The settings do not use it."),
        (Err(error), true) => SERVICE
            .bad(
                format!("{} が応えません（{error}）。", path.display()),
                format!("{} does not answer ({error}).", path.display()),
            )
            .because("pcscd が入っていないか、止まっています。", "pcscd is not installed, or does not run.")
            .cure(
                "systemctl restart pcscd.socket pcscd を実行し、だめなら apt-get install pcscd を実行してください。",
                "systemctl restart pcscd.socket pcscd; failing that, apt-get install pcscd.",
            ),
    }
}

pub(super) fn devices(patient: &Patient<'_>) -> Said {
    if let Some(watched) = patient.desk.and_then(Desk::devices) {
        return all_of(&watched.view().devices);
    }
    let settings = patient.config.as_ref().map(|config| &config.devices);
    let named = settings.as_ref().map_or(0, |settings| settings.names().count());
    if patient.desk.is_some() || !settings.is_ok_and(|settings| !settings.is_empty()) {
        return DEVICES.aside("設定に機器がありません。", "No devices stand in the settings.");
    }
    let missing = patient.config.as_ref().map(|config| missing_ports(config)).unwrap_or_default();
    if missing.is_empty() {
        return DEVICES.aside(
            format!("{named}台。状態はサービスが動いている間だけ分かります（画面「機器」）。"),
            format!("{named} devices; how they stand is known to the running service only (page “Devices”)."),
        );
    }
    let missing = missing.join(", ");
    DEVICES
        .bad(format!("見つからない接続先：{missing}"), format!("Ports that are not there: {missing}"))
        .because("ケーブルが抜けているか、電源が切れています。", "The cable is out, or the device is off.")
        .cure(
            "差し直してください。名前が変わったら設定を直してください。",
            "Plug it in again; if its name changed, put the settings right.",
        )
}

fn missing_ports(config: &crate::config::Config) -> Vec<String> {
    let lines = config.devices.scanners.iter().map(|scanner| scanner.line.path().display().to_string());
    lines.filter(|path| path.starts_with("/") && !std::path::Path::new(path).exists()).collect()
}

fn all_of(devices: &[DeviceItem]) -> Said {
    let bad: Vec<&DeviceItem> = devices.iter().filter(|item| item.lamp == DeviceLamp::Bad).collect();
    if devices.is_empty() {
        return DEVICES.aside("見守る機器がありません。", "No device is watched.");
    }
    if bad.is_empty() {
        let working = devices.iter().filter(|item| item.lamp == DeviceLamp::Good).count();
        return DEVICES.good(
            format!("{}台のうち{working}台が使えます。ほかは未確認か、復旧中です。", devices.len()),
            format!("{working} of {} work; the others are not known yet or on their way.", devices.len()),
        );
    }
    let names = |pick: fn(&DeviceItem) -> &str| {
        bad.iter().map(|item| format!("{} {}", item.device, pick(item))).collect::<Vec<_>>().join("; ")
    };
    let said = DEVICES.bad(
        format!("使えません：{}", names(|item| &item.state.ja)),
        format!("Faulted: {}", names(|item| &item.state.en)),
    );
    let fault = bad.iter().find_map(|item| item.fault.as_ref());
    let said = match fault {
        Some(fault) => said.because(fault.technician.ja.clone(), fault.technician.en.clone()),
        None => said.because("抜けているか、電源が切れています。", "Unplugged, or off."),
    };
    let advice = fault.and_then(|fault| fault.advice.first());
    match advice {
        Some(advice) => said.cure(advice.ja.clone(), advice.en.clone()),
        None => said.cure(
            "画面「機器」の手順に従ってください。受付は続けられます。",
            "Go by the page “Devices”. Check-in goes on.",
        ),
    }
}

/// A paper is really set: the program may be there and not run.
pub(super) fn papers(patient: &Patient<'_>) -> Said {
    let configured = patient.config.as_ref().ok().and_then(|config| config.prints.program.as_deref());
    let Some(typesetter) = Typesetter::find(configured) else {
        return PAPERS
            .found(
                if configured.is_some() { Finding::Bad } else { Finding::Look },
                "uketsuke-print がありません。紙はブラウザーの印刷になります。",
                "uketsuke-print is not there; pages are printed by the browser.",
            )
            .because(
                "入っていないか、設定の場所が違います。",
                "It is not installed, or the settings name another place.",
            )
            .cure(
                "入れ直すか、設定の [prints] program を直してください。",
                "Install it again, or put [prints] program right.",
            );
    };
    let order = Order { site: Site::default(), made: String::new(), practice: true, paper: Paper::EquipmentFault };
    let set = match tokio::runtime::Handle::try_current() {
        Ok(runtime) => runtime.block_on(typesetter.set(&order)),
        Err(_) => Err(web::port::NotPrinted::Failed),
    };
    match set {
        Ok(_) => PAPERS.good("試しに1枚作れました。", "A sheet was set to try it."),
        Err(_) => PAPERS
            .bad("試しの1枚が作れません。", "A trial sheet could not be set.")
            .because("プログラムが壊れているか、メモリが足りません。", "The program is damaged, or memory is short.")
            .cure(
                "入れ直してください。それまでブラウザーから印刷できます。",
                "Install it again; until then print from the browser.",
            ),
    }
}
