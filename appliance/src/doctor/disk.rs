//! The disk under the record: room, and how long a barrier takes.

use super::Patient;
use super::say::{Part, Said, bytes};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

const ROOM: Part = Part::new("disk-room", "ディスクの空き", "Room on the disk");
const SPEED: Part = Part::new("disk-speed", "ディスクの速さ", "Speed of the disk");

/// A busy clinic writes about 100 MB a year.
const LITTLE: u64 = 2_000_000_000;
const TOO_LITTLE: u64 = 300_000_000;
/// Bytes of a measurement, and how often it is made.
const PROBE: [u8; 4096] = [0x55; 4096];
const TRIES: usize = 7;
/// Everything saved waits for one barrier.
const SLOW: Duration = Duration::from_millis(100);
const TOO_SLOW: Duration = Duration::from_millis(1_000);

pub(super) fn room(patient: &Patient<'_>) -> Said {
    let folder = patient.data.display();
    let Ok(found) = rustix::fs::statvfs(patient.data) else {
        return ROOM
            .bad(format!("{folder} を調べられません。"), format!("{folder} cannot be looked at."))
            .because(
                "データフォルダがないか、読む権限がありません。",
                "The data folder is missing, or may not be read.",
            )
            .cure(
                "場所（--data）と権限を確かめ、管理者として実行してください。",
                "Check the place (--data) and run this as root or as the service's user.",
            );
    };
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let size = found.f_blocks.saturating_mul(found.f_frsize);
    let files_left = found.f_files == 0 || found.f_favail > 1_000;
    let (ja, en) = (
        format!("{folder}：空き {} ／ 全体 {}", bytes(free), bytes(size)),
        format!("{folder}: {} free of {}", bytes(free), bytes(size)),
    );
    if free >= LITTLE && files_left {
        return ROOM.good(ja, en);
    }
    let said = if free < TOO_LITTLE || !files_left { ROOM.bad(ja, en) } else { ROOM.look(ja, en) };
    said.because(
        "古いファイルや、同じディスクに置いたバックアップが場所を使っています。満杯になると新しい受付を保存できません。",
        "Old files, or backups on the same disk. When it is full nothing new can be saved.",
    )
    .cure(
        "バックアップを別の媒体に移し、不要なファイルを消してください。記録（record.db）には触れないでください。",
        "Move backups to another medium and remove what is not needed. Leave the record (record.db) alone.",
    )
}

pub(super) fn speed(patient: &Patient<'_>) -> Said {
    let took = match measured(patient.data) {
        Ok(took) => took,
        Err(error) => {
            return SPEED
                .bad(format!("書き込めません（{error}）。"), format!("Nothing can be written ({error})."))
                .because(
                    "ディスクが満杯か読み取り専用か、権限がありません。",
                    "The disk is full or read-only, or this user may not write.",
                )
                .cure(
                    "「ディスクの空き」を見て、管理者として実行し直してください。続くなら紙の受付に切り替え、媒体を交換してください。",
                    "See “Room on the disk” and run this again as root. If it stays so, go on with paper and replace the medium.",
                );
        }
    };
    let (ja, en) = (
        format!("1件を確実に書くのに {} ミリ秒（{TRIES}回の中央値）", took.as_millis()),
        format!("One durable write takes {} ms (median of {TRIES})", took.as_millis()),
    );
    match took {
        took if took < SLOW => SPEED.good(ja, en),
        took => {
            let said = if took < TOO_SLOW { SPEED.look(ja, en) } else { SPEED.bad(ja, en) };
            said.because(
                "SDカードやUSBメモリの寿命、または別の処理がディスクを使っています。",
                "A worn-out SD card or stick, or something else keeps the disk busy.",
            )
            .cure(
                "もう一度測り、遅いままならバックアップを作ってから媒体を交換してください。",
                "Measure again; if it stays slow, make a backup and replace the medium.",
            )
        }
    }
}

fn measured(folder: &Path) -> std::io::Result<Duration> {
    let path = folder.join(format!("doctor-{}.tmp", std::process::id()));
    let file = OpenOptions::new().write(true).create(true).truncate(true).open(&path)?;
    let taken = barriers(file);
    std::fs::remove_file(&path)?;
    let mut taken = taken?;
    taken.sort_unstable();
    Ok(taken.get(TRIES / 2).copied().unwrap_or_default())
}

fn barriers(mut file: File) -> std::io::Result<Vec<Duration>> {
    (0..TRIES)
        .map(|_| {
            let began = Instant::now();
            file.write_all(&PROBE)?;
            file.sync_data()?;
            Ok(began.elapsed())
        })
        .collect()
}
