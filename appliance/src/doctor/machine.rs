//! The machine: memory, watchdog, heat.

use super::Patient;
use super::say::{Part, Said, bytes};

const SEALED: Part = Part::new("sealed-disk", "ディスクの暗号化", "Encryption of the disk");
const MEMORY: Part = Part::new("memory", "メモリ", "Memory");
const WATCHDOG: Part = Part::new("watchdog", "見張り", "Watchdog");
const HEAT: Part = Part::new("heat", "温度", "Heat");

const LITTLE: u64 = 150_000_000;
const WARM: i64 = 75_000;
const HOT: i64 = 85_000;

/// The image's own partition; how an existing PC encrypts its disk is its owner's matter.
pub(super) fn sealed_disk(patient: &Patient<'_>) -> Said {
    let is_image = patient.system("/run/uketsuke/data-device").exists();
    match (is_image, patient.system("/dev/mapper/uketsuke-var").exists()) {
        (true, true) => SEALED.good(
            "データの区画は暗号化され、この機器のTPMで開きます。",
            "The data partition is encrypted and opens with this machine's TPM.",
        ),
        (true, false) => SEALED
            .look(
                "この機器にTPMがなく、記録だけが暗号化されています。鍵は同じディスクにあります。",
                "This machine has no TPM: the record alone is encrypted, and its keys lie on the same disk.",
            )
            .because(
                "TPMのない機器か、BIOSで切られています。",
                "A machine without a TPM, or one switched off in its firmware.",
            )
            .cure(
                "鍵のかかる場所に置いてください。TPMのある機器への入れ替えも検討してください。",
                "Keep it under lock; consider a machine with a TPM.",
            ),
        (false, _) => SEALED.aside(
            "専用の箱ではありません。記録は暗号化されていますが、ディスク全体はこの機器の設定によります。",
            "Not the image of the box. The record is encrypted; the disk is as this machine was set up.",
        ),
    }
}

pub(super) fn memory(patient: &Patient<'_>) -> Said {
    let text = std::fs::read_to_string(patient.system("/proc/meminfo")).unwrap_or_default();
    let of = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
    };
    let (Some(all), Some(free)) = (of("MemTotal:"), of("MemAvailable:")) else {
        return MEMORY.aside("この機器では調べられません。", "It cannot be looked at on this machine.");
    };
    let (ja, en) =
        (format!("空き {} ／ 全体 {}", bytes(free), bytes(all)), format!("{} free of {}", bytes(free), bytes(all)));
    if free >= LITTLE {
        return MEMORY.good(ja, en);
    }
    MEMORY.look(ja, en).because("ほかのソフトがメモリを使っています。", "Other programs hold it.").cure(
        "使っていないソフトを閉じ、続くなら受付のない時に機器を再起動してください。",
        "Close what is not needed; if it stays so, restart the machine when nobody waits.",
    )
}

pub(super) fn watchdog(patient: &Patient<'_>) -> Said {
    let by_service = patient.desk.is_some() && std::env::var_os("WATCHDOG_USEC").is_some();
    let hardware = patient.line_of("/sys/class/watchdog/watchdog0/identity");
    let is_active = patient.line_of("/sys/class/watchdog/watchdog0/state").as_deref() == Some("active");
    match (hardware, by_service) {
        (Some(name), _) if is_active => WATCHDOG
            .good(format!("機器の見張りが働いています（{name}）。"), format!("The machine's own is at work ({name}).")),
        (Some(name), _) => WATCHDOG
            .look(
                format!("機器に見張りがありますが、使っていません（{name}）。"),
                format!("The machine has one that is not used ({name})."),
            )
            .because("systemd の RuntimeWatchdogSec が設定されていません。", "systemd's RuntimeWatchdogSec is not set.")
            .cure(
                "専用機では有効です。既存のPCでは任意です。",
                "It is on in the image; on a PC of your own it is your choice.",
            ),
        (None, true) => WATCHDOG.good("サービスの見張りが働いています。", "The service manager watches the service."),
        (None, false) => WATCHDOG.aside("この機器にはありません。", "This machine has none."),
    }
}

pub(super) fn heat(patient: &Patient<'_>) -> Said {
    let zones = std::fs::read_dir(patient.system("/sys/class/thermal")).into_iter().flatten().flatten();
    let hottest =
        zones.filter_map(|zone| std::fs::read_to_string(zone.path().join("temp")).ok()?.trim().parse::<i64>().ok());
    let Some(hottest) = hottest.max() else {
        return HEAT.aside("この機器では調べられません。", "It cannot be looked at on this machine.");
    };
    let (ja, en) =
        (format!("最も熱い所で {} 度", hottest / 1000), format!("{} °C at the hottest place", hottest / 1000));
    match hottest {
        cool if cool < WARM => HEAT.good(ja, en),
        warm => {
            let said = if warm < HOT { HEAT.look(ja, en) } else { HEAT.bad(ja, en) };
            said.because("風が通らないか、ほこりが詰まっています。", "No air comes to it, or dust is in it.")
                .cure("まわりを空け、ほこりを取ってください。", "Give it room and take the dust out.")
        }
    }
}
