//! What people read of an update.

use super::state::{Phase, Source};
use domain::text::Text;
use web::port::UpdateStage;

pub(super) fn stage(phase: &Phase) -> UpdateStage {
    match phase {
        Phase::Idle => UpdateStage::Idle,
        Phase::Offered { .. } => UpdateStage::Fetching,
        Phase::Ready { .. } => UpdateStage::Ready,
        Phase::Installing { .. } => UpdateStage::Installing,
        Phase::Restarting { .. } => UpdateStage::Restarting,
        Phase::Proving { .. } => UpdateStage::Proving,
    }
}

pub(super) fn state(phase: &Phase) -> Text {
    match phase {
        Phase::Idle => Text::new("新しい更新はありません。", "There is no new update."),
        Phase::Offered { offer } if offer.source == Source::Hub => {
            Text::new("中継サーバーから受け取っています。", "It is being fetched from the hub.")
        }
        Phase::Offered { .. } => Text::new("媒体から写しています。", "It is being copied from the medium."),
        Phase::Ready { .. } => Text::new(
            "受け取って確かめました。取り付けを待っています。",
            "It is here, was found whole, and waits to be installed.",
        ),
        Phase::Installing { .. } => Text::new(
            "使っていない側のディスクに書き込んでいます。受付は続けられます。",
            "It is being written to the half of the disk that is not in use. Reception goes on.",
        ),
        Phase::Restarting { .. } => {
            Text::new("書き込みました。再起動を待っています。", "It is written, and waits for the restart.")
        }
        Phase::Proving { .. } => {
            Text::new("新しい版で動いています。確かめています。", "The new version runs and is being judged.")
        }
    }
}

pub(super) fn next(phase: &Phase) -> Text {
    match phase {
        Phase::Idle => Text::new(
            "中継サーバーか、更新ファイルの入ったUSBメモリから届きます。",
            "The next one comes from the hub, or on a USB stick.",
        ),
        Phase::Offered { .. } => Text::new(
            "揃ったら署名と中身を確かめます。回線が切れても続きから受け取ります。",
            "When all of it is here, signature and content are checked. After a cut it goes on where it was.",
        ),
        Phase::Ready { .. } => Text::new(
            "受付時間外の更新の時間に取り付け、再起動します。",
            "It is installed in the maintenance window, outside reception hours; then the box restarts.",
        ),
        Phase::Installing { .. } => Text::new(
            "終わったら再起動します。電源が切れても今の版で起動します。",
            "Then the box restarts. Should the power fail, it starts with the present version.",
        ),
        Phase::Restarting { .. } => Text::new(
            "受付時間外に再起動し、新しい版を確かめます。",
            "It restarts outside reception hours, and the new version is judged.",
        ),
        Phase::Proving { .. } => Text::new(
            "前に動いていたものが動けば、この版に決まります。動かなければ、自動で前の版に戻ります。",
            "If everything that worked before works, it stays. If not, the box returns to the version before by itself.",
        ),
    }
}

pub(super) fn unproven() -> Text {
    Text::new(
        "今の版はまだ確認中です。確認が済むまで、次の版は取り付けません。",
        "The running version is still being judged; no other is installed before it has proven itself.",
    )
}

pub(super) fn no_installer() -> Text {
    Text::new(
        "更新を取り付けるプログラム（rauc）が答えません。受付は続けられます。再起動しても直らなければ製造元へ。",
        "The installer (rauc) does not answer. Reception goes on. If a restart does not help, ask the maker.",
    )
}

pub(super) fn postponed() -> Text {
    Text::new("職員が延期しました。", "Staff put it off.")
}

pub(super) fn outside_window() -> Text {
    Text::new("更新の時間になるのを待っています。", "It waits for the maintenance window.")
}

pub(super) fn budget_used() -> Text {
    Text::new(
        "今日の通信量の上限まで受け取りました。続きは明日受け取ります。",
        "What may be fetched in a day is used up. It goes on tomorrow.",
    )
}

pub(super) fn interrupted() -> Text {
    Text::new(
        "取り付けが途中で止まりました（停電など）。今の版に影響はありません。もう一度取り付けます。",
        "Installing was interrupted, as by a power cut. The running version is not affected; it is installed again.",
    )
}

pub(super) fn returned() -> Text {
    Text::new(
        "新しい版が起動しなかったか、前に動いていたものが動かなかったため、前の版に戻りました。記録は無事です。",
        "The new version did not start, or something that worked before did not work: the box returned to the version before. \
         Everything that was saved is there.",
    )
}

pub(super) fn not_installed(why: &str) -> Text {
    Text::new(
        format!("取り付けられませんでした（{why}）。今の版には影響ありません。"),
        format!("It could not be installed ({why}). The running version is not affected."),
    )
}

pub(super) fn withdrawn() -> Text {
    Text::new("配布が止められました。", "It was withdrawn by who looks after the hub.")
}

pub(super) fn nothing_ready() -> Text {
    Text::new(
        "取り付けられる更新がありません。画面を開き直して、今の状態を確かめてください。",
        "No update is ready. Open the page again and see how it stands.",
    )
}

pub(super) fn beyond_cap(days: u16) -> Text {
    Text::new(
        format!("延期できるのは、更新が揃ってから{days}日までです。何も変わっていません。"),
        format!("It can be put off until {days} days after it was ready, not longer. Nothing was changed."),
    )
}

pub(super) fn not_kept(error: &std::io::Error) -> Text {
    let kind = error.kind();
    Text::new(
        format!("更新の状態を保存できませんでした（{kind}）。受付の記録は無事です。空き容量を確かめてください。"),
        format!(
            "How the update stands could not be kept ({kind}). What reception saved is safe. Look at the free space."
        ),
    )
}
