//! Why a backup cannot be made or used, in words for people.

use super::recovery_key::KeyName;
use domain::text::Text;
use std::path::PathBuf;

/// Why a backup was not made, or cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BackupFailure {
    /// there is no recovery key yet
    #[error("no recovery key was made")]
    NoKey,
    /// there is one already
    #[error("there is a recovery key already")]
    HasKey,
    /// what was typed is no recovery key
    #[error("not a recovery key")]
    Mistyped,
    /// the backup was made for another recovery key
    #[error("made for the recovery key {wanted}, not for {given}")]
    WrongKey {
        /// the one that opens it
        wanted: KeyName,
        /// the one that was given
        given: KeyName,
    },
    /// not a backup at all
    #[error("not a backup")]
    NotABackup,
    /// cut off
    #[error("cut off after {bytes} bytes")]
    Truncated {
        /// what is there
        bytes: u64,
    },
    /// changed
    #[error("damaged at byte {near}")]
    Damaged {
        /// about where
        near: u64,
    },
    /// made by a newer program
    #[error("made by the newer program {program}")]
    Newer {
        /// its version
        program: String,
    },
    /// what came out is not what went in
    #[error("the restored record differs: {0}")]
    Differs(&'static str),
    /// where it is to go there is something already
    #[error("{0} is not empty")]
    NotEmpty(PathBuf),
    /// the folder for backups is not there
    #[error("the folder {0} is not there")]
    NoFolder(PathBuf),
    /// no backup in the folder
    #[error("no backup in {0}")]
    Nothing(PathBuf),
    /// a file cannot be read or written
    #[error("a file cannot be used: {0}")]
    File(#[from] std::io::Error),
    /// the record cannot be read
    #[error("the record cannot be read")]
    Store(#[from] crate::store::StoreError),
}

impl From<rusqlite::Error> for BackupFailure {
    fn from(error: rusqlite::Error) -> BackupFailure {
        BackupFailure::Store(error.into())
    }
}

impl BackupFailure {
    /// What happened, what is safe, what to do now.
    pub fn text(&self) -> Text {
        match self {
            BackupFailure::NoKey => Text::new(
                "復元用の鍵がまだありません。バックアップは作っていません。バックアップの画面で鍵を作り、印刷して保管してください。",
                "There is no recovery key yet, so no backup was made. Make one on the backup page, print it and keep it safe.",
            ),
            BackupFailure::HasKey => Text::new(
                "復元用の鍵はもうあります。何も変えていません。無くしたときは、コマンド uketsuke backup key --replace で作り直し、すぐにバックアップを作ってください。",
                "There is a recovery key already; nothing was changed. If it is lost, make another with `uketsuke backup key --replace` and back up at once.",
            ),
            BackupFailure::Mistyped => Text::new(
                "復元用の鍵として読み取れません。4文字ずつ14組を、紙のとおりにもう一度入力してください。0とO、1とIはどちらでも構いません。",
                "That is not a recovery key. Type the 14 groups of four once more as they are printed; 0 and O, 1 and I are the same.",
            ),
            BackupFailure::WrongKey { wanted, given } => Text::new(
                format!(
                    "このバックアップは別の鍵（{wanted}）で作られています。入力した鍵は {given} です。紙の番号が {wanted} の鍵を使ってください。"
                ),
                format!(
                    "This backup was made for another key ({wanted}); the one given is {given}. Use the paper that says {wanted}."
                ),
            ),
            BackupFailure::NotABackup => Text::new(
                "受付のバックアップではありません。ファイルを確かめてください。",
                "This is not a backup of Uketsuke. Check which file it is.",
            ),
            BackupFailure::Truncated { bytes } => Text::new(
                format!(
                    "途中で切れています（{bytes}バイトまで）。コピーの途中で抜かれたか、媒体がいっぱいです。一つ前のバックアップを使ってください。"
                ),
                format!(
                    "It is cut off after {bytes} bytes: the copy was interrupted, or the medium is full. Use the one before."
                ),
            ),
            BackupFailure::Damaged { near } => Text::new(
                format!(
                    "壊れているか書き換えられています（{near}バイト付近）。一つ前のバックアップを使い、媒体を取り替えてください。"
                ),
                format!("It is damaged or was changed (near byte {near}). Use the one before, and replace the medium."),
            ),
            BackupFailure::Newer { program } => Text::new(
                format!(
                    "新しい版（{program}）で作られています。この受付機を {program} 以上に更新してから戻してください。バックアップは無事です。"
                ),
                format!(
                    "It was made by a newer version ({program}). Update this box to {program} or later first. The backup is fine."
                ),
            ),
            BackupFailure::Differs(what) => Text::new(
                format!(
                    "戻した記録が元と一致しません（{what}）。このバックアップは使わず、保守担当に連絡してください。今の記録は無事です。"
                ),
                format!(
                    "What was restored differs from what was backed up ({what}). Do not use this backup; call support. The present record is fine."
                ),
            ),
            BackupFailure::NotEmpty(folder) => Text::new(
                format!(
                    "{} には既にファイルがあります。今の記録を上書きしないよう、何もしていません。空のフォルダを指定してください。",
                    folder.display()
                ),
                format!(
                    "There are files in {} already. Nothing was done, so that no record is overwritten. Name an empty folder.",
                    folder.display()
                ),
            ),
            BackupFailure::NoFolder(folder) => Text::new(
                format!(
                    "バックアップ先 {} がありません。USBメモリが差さっているか、フォルダがあるか確かめてください。今の記録は無事です。",
                    folder.display()
                ),
                format!(
                    "The place for backups, {}, is not there. Check that the USB stick is plugged in and the folder exists. The record itself is fine.",
                    folder.display()
                ),
            ),
            BackupFailure::Nothing(folder) => Text::new(
                format!("{} にバックアップがありません。", folder.display()),
                format!("There is no backup in {}.", folder.display()),
            ),
            BackupFailure::File(error) => Text::new(
                format!(
                    "ファイルを読み書きできません（{error}）。空き容量と権限を確かめてください。今の記録は無事です。"
                ),
                format!(
                    "A file cannot be read or written ({error}). Check free space and permissions. The record itself is fine."
                ),
            ),
            BackupFailure::Store(_) => Text::new(
                "記録を読み取れません。保守担当に連絡してください。",
                "The record cannot be read. Call support.",
            ),
        }
    }
}
