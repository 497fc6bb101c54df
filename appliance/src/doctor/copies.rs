//! Backups and the key they open with.

use super::Patient;
use super::say::{Part, Said, bytes, moment};
use crate::backup::{self, KeyChecked, PublicHalf};
use std::path::Path;

const BACKUPS: Part = Part::new("backups", "バックアップ", "Backups");
const KEY: Part = Part::new("recovery-key", "復元用の鍵", "Recovery key");

/// Older than this, a backup is not what somebody wants to go back to.
const OLD_MS: i64 = 50 * 3_600_000;

pub(super) fn backups(patient: &Patient<'_>) -> Said {
    let Ok(config) = &patient.config else {
        return BACKUPS.aside("設定を読めないため、分かりません。", "Not known: the settings cannot be read.");
    };
    let Some(settings) = &config.backup else {
        return BACKUPS
            .look("保存先が設定にありません。", "No place for them stands in the settings.")
            .because(
                "この箱が壊れると、ほかの受付機か中継にない記録は失われます。",
                "Should this box break, what no other box or hub has is lost.",
            )
            .cure(
                "設定に [backup] folder を書き、復元用の鍵を作ってください。",
                "Name one under [backup] folder, and make the recovery key.",
            );
    };
    let folder = settings.folder.display();
    let all = match settings.generations().all() {
        Ok(all) => all,
        Err(failure) => {
            let text = failure.text();
            return BACKUPS
                .bad(text.ja, text.en)
                .because(
                    "USBメモリが抜けているか、共有が外れています。",
                    "The stick is out, or the share is not mounted.",
                )
                .cure(
                    format!("媒体を差し、{folder} が見えることを確かめてください。"),
                    format!("Plug the medium in, and see that {folder} is there."),
                );
        }
    };
    let Some(newest) = all.first() else {
        return BACKUPS
            .look(format!("{folder} に一つもありません。"), format!("There is none in {folder}."))
            .because("鍵がまだないか、予定の時刻がまだ来ていません。", "There is no key yet, or its time has not come.")
            .cure(
                "画面「バックアップ」で「今すぐ作る」を押してください。",
                "Press “Back up now” on the page “Backups”.",
            );
    };
    let (made, size) = (moment(newest.header.made_at), bytes(newest.bytes));
    if let Err(failure) = backup::verify(&newest.path, None) {
        let text = failure.text();
        return BACKUPS
            .bad(
                format!("最新（{made}）が壊れています：{}", text.ja),
                format!("The newest ({made}) is damaged: {}", text.en),
            )
            .because("媒体の故障か、書く途中で抜かれました。", "A failing medium, or it was pulled out while writing.")
            .cure("別の媒体に替え、「今すぐ作る」を押してください。", "Use another medium and press “Back up now”.");
    }
    let (ja, en) = (
        format!("最新は {made}（{size}）。読み直し、壊れていません。全部で{}個（{folder}）", all.len()),
        format!("The newest is of {made} ({size}); read again just now and whole. {} in all ({folder})", all.len()),
    );
    if patient.now.since_ms(newest.header.made_at) <= OLD_MS {
        return BACKUPS.good(ja, en);
    }
    BACKUPS.look(ja, en).because("2日以上新しいものがありません。", "None was made for two days.").cure(
        "画面「バックアップ」で理由を見て、「今すぐ作る」を押してください。",
        "See why on the page “Backups”, and press “Back up now”.",
    )
}

pub(super) fn recovery_key(patient: &Patient<'_>) -> Said {
    let has_plan = patient.config.as_ref().is_ok_and(|config| config.backup.is_some());
    match (public_half(patient.data), has_plan) {
        (None, false) => KEY.aside("バックアップの設定がありません。", "Backups are not set up."),
        (None, true) => KEY
            .bad("まだありません。バックアップは作られません。", "There is none; no backup is made.")
            .because("作る人がまだいません。", "Nobody has made it yet.")
            .cure(
                "画面「バックアップ」で作り、印刷して、別の場所に保管してください。",
                "Make it on the page “Backups”, print it, keep it elsewhere.",
            ),
        (Some(key), _) => {
            match KeyChecked::read(patient.data).filter(|checked| checked.key == key.name().to_string()) {
                Some(checked) => KEY.good(
                    format!("{}。紙の鍵を {} に確かめました。", key.name(), moment(checked.at())),
                    format!("{}; the paper was checked on {}.", key.name(), moment(checked.at())),
                ),
                None => KEY
                    .look(
                        format!("{}。紙の鍵をまだ確かめていません。", key.name()),
                        format!("{}; its paper was never checked.", key.name()),
                    )
                    .because(
                        "印刷が読めない、または失くしていると、戻す時に初めて分かります。",
                        "An unreadable or lost paper would only show when it is needed.",
                    )
                    .cure(
                        "画面「バックアップ」で、紙を見て鍵を入力してください。",
                        "Type the key from its paper on the page “Backups”.",
                    ),
            }
        }
    }
}

fn public_half(data: &Path) -> Option<PublicHalf> {
    PublicHalf::read(data).ok().flatten()
}
