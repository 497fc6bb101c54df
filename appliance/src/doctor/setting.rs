//! The settings, the service itself, and the dated rules.

use super::say::{Part, Said};
use super::{Patient, Running};
use crate::desk::Input;
use std::net::TcpListener;
use std::time::Duration;

const SETTINGS: Part = Part::new("settings", "設定", "Settings");
const SERVICE: Part = Part::new("service", "受付のサービス", "The service");
const RULES: Part = Part::new("rules", "日付つきの規則", "Dated rules");

/// Longest wait for the writer.
const WRITER_LIMIT: Duration = Duration::from_secs(10);
/// So long before the rules are worth renewing.
const RULES_OLD_DAYS: i32 = 400;

pub(super) fn settings(patient: &Patient<'_>) -> Said {
    match &patient.config {
        Ok(config) if config.warnings.is_empty() => SETTINGS.good("読めます。", "They can be read."),
        Ok(config) => {
            let warnings = config.warnings.join("; ");
            SETTINGS
                .look(
                    format!("読めますが、気になる所があります：{warnings}"),
                    format!("They can be read, with warnings: {warnings}"),
                )
                .because("入力の誤りかもしれません。", "Perhaps mistyped.")
                .cure("設定ファイルのその行を確かめてください。", "Check that line of the settings.")
        }
        Err(why) => SETTINGS
            .bad(format!("使えません：{why}"), format!("They cannot be used: {why}"))
            .because("ファイルがないか、書き方に誤りがあります。", "The file is missing, or something in it is wrong.")
            .cure(
                "その場所を直してください。直すまで、動いているサービスは前の設定のまま動きます。",
                "Put that place right. A service that runs goes on with the settings it has.",
            ),
    }
}

pub(super) fn service(patient: &Patient<'_>) -> Said {
    match &patient.running {
        Running::Here => writer_answers(patient),
        Running::Beside(version) if version == env!("CARGO_PKG_VERSION") => {
            SERVICE.good(format!("動いていて、健全です（{version}）。"), format!("It runs and is well ({version})."))
        }
        Running::Beside(version) => SERVICE
            .look(
                format!("動いているのは {version}、このソフトは {} です。", env!("CARGO_PKG_VERSION")),
                format!("{version} runs; this program is {}.", env!("CARGO_PKG_VERSION")),
            )
            .because("更新の後、起動し直していません。", "It was not started anew after an update.")
            .cure("受付のない時に起動し直してください。", "Start it anew when nobody waits."),
        Running::Nobody(why) => nobody(patient, why),
    }
}

fn writer_answers(patient: &Patient<'_>) -> Said {
    let answered = patient.desk.is_some_and(|desk| {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return false };
        let asked = async { tokio::time::timeout(WRITER_LIMIT, desk.inbox().send(Input::SignOfLife)).await };
        matches!(runtime.block_on(asked), Ok(Some(())))
    });
    if answered {
        let version = env!("CARGO_PKG_VERSION");
        return SERVICE.good(
            format!("動いています（{version}）。書き込みの係も応えます。"),
            format!("It runs ({version}), and its writer answers."),
        );
    }
    SERVICE
        .bad("ページは開けますが、書き込みの係が応えません。", "Pages open, but the writer does not answer.")
        .because("ディスクが固まっているか、満杯です。", "The disk hangs or is full.")
        .cure(
            "「ディスク」を見てください。保存済みと出たものは失われていません。続くなら機器を再起動してください。",
            "See “Disk”. Nothing that was said to be saved is lost. Restart the machine if it stays so.",
        )
}

/// Nobody answers: whether the port is free tells a stopped service from another program in its place.
fn nobody(patient: &Patient<'_>, why: &str) -> Said {
    let listen = patient.config.as_ref().map(|config| config.listen);
    let taken = listen.as_ref().is_ok_and(|listen| {
        TcpListener::bind(listen).err().is_some_and(|error| error.kind() == std::io::ErrorKind::AddrInUse)
    });
    if let (true, Ok(listen)) = (taken, listen) {
        return SERVICE
            .bad(
                format!("{listen} は使われていますが、この受付ではありません（{why}）。"),
                format!("{listen} is in use, and not by this reception ({why})."),
            )
            .because(
                "別のソフトが同じポートを使っているか、サービスが固まっています。",
                "Another program has the port, or the service hangs.",
            )
            .cure(
                "ss -ltnp で調べ、そのソフトを止めるか、設定の web.listen を変えてください。",
                "Find it with ss -ltnp; stop it, or change web.listen in the settings.",
            );
    }
    SERVICE
        .bad(format!("動いていません（{why}）。"), format!("It does not run ({why})."))
        .because("止めたか、起動に失敗しています。", "It was stopped, or could not start.")
        .cure(
            "systemctl start uketsuke で起動し、だめなら journalctl -u uketsuke の最後の行を見てください。",
            "systemctl start uketsuke; if that fails, see the last lines of journalctl -u uketsuke.",
        )
}

pub(super) fn rules(patient: &Patient<'_>) -> Said {
    let Ok(config) = &patient.config else {
        return RULES.aside("設定を読めないため、分かりません。", "Not known: the settings cannot be read.");
    };
    let version = config.rules.version();
    let today = patient.now.date_in_japan();
    let newest = config.rules.rules().iter().filter_map(|rule| rule.from).max();
    let (ja, en) = (format!("{version} 版"), format!("Version {version}"));
    match newest {
        Some(newest) if newest.plus_days(RULES_OLD_DAYS) < today => RULES
            .look(
                format!("{ja}。最も新しい規則は {newest} からです。"),
                format!("{en}; the newest rule holds from {newest}."),
            )
            .because(
                "長く更新していません。期限の延長や新しい取扱いが入っていないかもしれません。",
                "It was not updated for long; extensions and new rules may be missing.",
            )
            .cure(
                "更新を入れるか、画面「規則」で今日の取扱いを通知と比べ、設定の [rules] で日付を直してください。",
                "Update; or compare the page “Rules” with the notices and put dates right under [rules].",
            ),
        _ => RULES.good(ja, en),
    }
}
