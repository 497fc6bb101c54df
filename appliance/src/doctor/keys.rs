//! Keys and certificates: there, for the service's eyes only, and good for a while yet.

use super::Patient;
use super::say::{Part, Said};
use crate::config::TerminalSettings;
use crate::desk::RunningDesk;
use crate::serve::end_of_pem;
use domain::Timestamp;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use web::port::Desk;

const KEYS: Part = Part::new("keys", "鍵のファイル", "Keys");
const CERTIFICATES: Part = Part::new("certificates", "証明書の期限", "Certificates");

/// Without these nothing opens.
const NEEDED: [&str; 3] = ["record.key", "identity.key", "facility.key"];
/// These are made when they are needed.
const SECRET: [&str; 3] = ["server.key", "recognition.key", "record-next.key"];
/// So long before its end a certificate is spoken of.
const SOON_MS: i64 = 30 * 24 * 3_600_000;

pub(super) fn keys(patient: &Patient<'_>) -> Said {
    if !patient.data.join("record.db").exists() {
        return KEYS
            .aside("まだ作られていません（初回の起動で作ります）。", "Not made yet: the first start makes them.");
    }
    let missing: Vec<&str> = NEEDED.into_iter().filter(|name| !patient.data.join(name).exists()).collect();
    if !missing.is_empty() {
        let names = missing.join(", ");
        return KEYS
            .bad(format!("ありません：{names}"), format!("Missing: {names}"))
            .because(
                "鍵のファイルが消されたか、記録だけが写されました。",
                "Key files were removed, or the record alone was copied.",
            )
            .cure(
                "起動しないでください。バックアップから全部を戻してください（uketsuke backup restore）。",
                "Do not start. Put everything back from a backup (uketsuke backup restore).",
            );
    }
    let open: Vec<String> =
        NEEDED.into_iter().chain(SECRET).filter_map(|name| open_to_others(patient.data, name)).collect();
    if open.is_empty() {
        return KEYS.good("そろっていて、サービスだけが読めます。", "All there, and for the service's eyes only.");
    }
    let names = open.join(", ");
    KEYS.bad(format!("ほかの利用者も読めます：{names}"), format!("Others may read: {names}"))
        .because(
            "権限が変えられたか、別の方法で写されました。",
            "Their mode was changed, or they were copied in some other way.",
        )
        .cure(
            format!("chmod 600 と、サービスの利用者への chown を実行してください（{}）。", patient.data.display()),
            format!("chmod 600 them, and chown them to the service's user, in {}.", patient.data.display()),
        )
}

/// Its name and mode, when others may read it.
fn open_to_others(folder: &Path, name: &str) -> Option<String> {
    let mode = std::fs::metadata(folder.join(name)).ok()?.mode() & 0o777;
    (mode & 0o077 != 0).then(|| format!("{name} ({mode:o})"))
}

pub(super) fn certificates(patient: &Patient<'_>) -> Said {
    let mut ends: Vec<(String, Timestamp)> = Vec::new();
    let mut unreadable = Vec::new();
    for (name, path) in shown(patient) {
        match end_of_pem(&path) {
            Some(end) => ends.push((name, end)),
            None if path.exists() || name != "server.crt" => unreadable.push(name),
            None => {}
        }
    }
    if let Some(own) = patient.desk.and_then(own_end) {
        ends.push(own);
    }
    if !unreadable.is_empty() {
        let names = unreadable.join(", ");
        return CERTIFICATES
            .bad(format!("読めません：{names}"), format!("Cannot be read: {names}"))
            .because(
                "ファイルがないか、PEM形式でないか、権限がありません。",
                "The file is missing, is no PEM, or may not be read.",
            )
            .cure(
                "設定ファイルの [terminal] の場所とファイルの権限を確かめてください。",
                "Check the places under [terminal] in the settings, and the modes.",
            );
    }
    let Some((_, first)) = ends.iter().min_by_key(|(_, end)| *end) else {
        return CERTIFICATES
            .aside("まだ一つもありません（初回の起動で作ります）。", "None yet: the first start makes it.");
    };
    let all: Vec<String> = ends.iter().map(|(name, end)| format!("{name} {}", end.date_in_japan())).collect();
    let all = all.join(", ");
    match first.since_ms(patient.now) {
        left if left > SOON_MS => CERTIFICATES.good(format!("期限：{all}"), format!("Good until: {all}")),
        left => {
            let said = match left > 0 {
                true => CERTIFICATES.look(format!("まもなく切れます：{all}"), format!("About to end: {all}")),
                false => CERTIFICATES.bad(format!("切れています：{all}"), format!("Ended: {all}")),
            };
            said.because("期限は決まっています。時計が違うときもこう見えます。", "They have an end; a wrong clock looks the same.").cure(
                "「時計」を確かめてください。端末の証明書は発行元に更新を頼み、server.crt は消して起動し直すと新しくなります。",
                "See “Clock”. Ask the issuer to renew the terminal's; remove server.crt and server.key and start anew for the pages' own.",
            )
        }
    }
}

fn shown(patient: &Patient<'_>) -> Vec<(String, PathBuf)> {
    let mut shown = vec![("server.crt".to_owned(), patient.data.join("server.crt"))];
    if let Ok(config) = &patient.config
        && let Some(TerminalSettings::Https { certificate, authorities, .. }) = &config.terminal
    {
        for path in [certificate, authorities] {
            shown.push((
                path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
                path.clone(),
            ));
        }
    }
    shown
}

/// The end of the certificate this box shows to the others.
fn own_end(desk: &RunningDesk) -> Option<(String, Timestamp)> {
    let view = desk.facility()?.view();
    let own = view.members.iter().find(|member| member.is_own)?;
    Some(("sync".to_owned(), own.certificate_ends?))
}
