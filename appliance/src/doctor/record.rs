//! The record itself: whether it opens and is whole, and what waits to go out.

use super::say::{Part, Said, bytes, moment};
use super::{Patient, Running};
use crate::store::{JobRow, Reading, StoreError, StoreLocation, Stored, newest_migration};
use domain::Timestamp;
use std::path::Path;
use sync::outbox::Stage;

const DATABASE: Part = Part::new("record", "記録", "The record");
const UNSENT: Part = Part::new("unsent", "送れていない照会", "Questions not sent yet");

/// Older than this, a question that waits for its turn is worth a look.
const OLD_MS: i64 = 24 * 3_600_000;

pub(super) fn database(patient: &Patient<'_>) -> Said {
    if !patient.data.join("record.db").exists() {
        return DATABASE
            .look(
                format!("{} に記録がありません。", patient.data.display()),
                format!("There is no record in {}.", patient.data.display()),
            )
            .because(
                "まだ一度も起動していないか、場所（--data）が違います。",
                "It was never started, or the place (--data) is another.",
            )
            .cure(
                "場所を確かめてください。記録があったはずなら、起動せずにバックアップから戻してください。",
                "Check the place. If there should be a record, do not start: put a backup back first.",
            );
    }
    match opened(patient.data) {
        Ok(location) => looked_at(patient, &location),
        Err(error) => does_not_open(&error),
    }
}

fn looked_at(patient: &Patient<'_>, location: &StoreLocation) -> Said {
    let size = std::fs::metadata(patient.data.join("record.db")).map_or(0, |file| file.len());
    match (location.wrong_with_record(), location.schema_of_record()) {
        (Ok(None), Ok(schema)) if schema <= newest_migration() => DATABASE.good(
            format!("開けます。全体を読み、壊れた所はありません（{}、第{schema}版）。", bytes(size)),
            format!("It opens; all of it was read and nothing is broken ({}, schema {schema}).", bytes(size)),
        ),
        (Ok(None), Ok(schema)) => DATABASE
            .bad(
                format!("記録は第{schema}版で、このソフト（第{}版まで）より新しいです。", newest_migration()),
                format!("The record has schema {schema}, newer than this program knows ({}).", newest_migration()),
            )
            .because("新しいソフトの後に、古いソフトが入っています。", "An older program was installed after a newer one.")
            .cure("新しいほうのソフトを入れ直してください。記録は失われていません。", "Install the newer program again. Nothing is lost."),
        (Ok(Some(said)), _) => DATABASE
            .bad(format!("壊れた所があります（{said}）。"), format!("Something in it is broken ({said})."))
            .because("媒体の故障、または電源断です。", "A failing medium, or a power cut.")
            .cure(
                "受付は紙で続け、すぐにバックアップを作り、業者に連絡してください。バックアップから戻せます。",
                "Go on with paper, make a backup at once and call the vendor. The record can be put back from a backup.",
            ),
        (Err(error), _) | (_, Err(error)) => does_not_open(&error),
    }
}

fn does_not_open(error: &StoreError) -> Said {
    DATABASE
        .bad(format!("開けません（{error}）。"), format!("It does not open ({error})."))
        .because(
            "鍵のファイルが別のものか、権限がないか、データベースが壊れています。",
            "The key file is another one, this user may not read it, or the database is broken.",
        )
        .cure(
            "管理者として実行し直してください。続くなら「鍵」の結果を見て、バックアップから戻してください。",
            "Run this again as root. If it stays so, see “Keys” and put a backup back.",
        )
}

/// Never makes anything: a folder without a key or identity is left as it is.
fn opened(data: &Path) -> Stored<StoreLocation> {
    for name in ["record.key", "identity.key", "facility.key"] {
        if !data.join(name).exists() {
            return Err(StoreError::Key(format!("{name}: not there")));
        }
    }
    StoreLocation::to_look_at(data)
}

/// What is read from the record, by the running desk or directly.
fn read<T>(patient: &Patient<'_>, reading: impl FnOnce(Reading<'_>) -> Stored<T>) -> Stored<T> {
    if let Some(desk) = patient.desk {
        return desk.readers().read(reading);
    }
    let location = opened(patient.data)?;
    let connection = location.open_reader()?;
    reading(Reading::over(&connection, location.vault()))
}

pub(super) fn unsent(patient: &Patient<'_>) -> Said {
    let Ok(open) = read(patient, |reading| reading.open_jobs()) else {
        return UNSENT.aside("記録を読めないため、分かりません。", "Not known: the record cannot be read.");
    };
    let own: Vec<&JobRow> = open.iter().filter(|row| row.job.stage != Stage::Elsewhere).collect();
    let stuck = own.iter().filter(|row| row.job.stage == Stage::Wedged).count();
    let oldest: Option<Timestamp> = own.iter().map(|row| row.job.created_at).min();
    let Some(oldest) = oldest else {
        return UNSENT.good("ありません。", "None.");
    };
    let (ja, en) = (
        format!("{}件（うち人の対応が要るもの {stuck}件）、最も古いものは {}", own.len(), moment(oldest)),
        format!("{} (of which {stuck} need a person), the oldest from {}", own.len(), moment(oldest)),
    );
    if stuck == 0 && patient.now.since_ms(oldest) < OLD_MS {
        return UNSENT.good(ja, en);
    }
    let said = UNSENT.look(ja, en).because(
        "端末か回線が長く使えないか、人が決めることがあります。照会は保存してあり、失われません。",
        "Terminal or line has long been down, or somebody has to decide. The questions are kept; none is lost.",
    );
    match patient.running {
        Running::Nobody(_) => said.cure("サービスを起動してください。", "Start the service."),
        _ => said.cure("画面「照会の待ち行列」で対応してください。", "See to them on the page “Queue”."),
    }
}
