//! From the words of `drivers` to the texts of the desk.

use domain::text::Text;
use drivers::Bilingual;
use drivers::card::CardFailureText;
use drivers::health::{DeviceFault, DeviceKind, HealthState, Notice, Sign, Words};
use drivers::{FaultText, scanner};
use web::port::FaultWords;

pub(super) fn text(words: impl Into<Words>) -> Text {
    let words = words.into();
    Text::new(words.ja, words.en)
}

/// Sentences one after the other.
pub(super) fn sentences(parts: impl IntoIterator<Item = Bilingual>) -> Text {
    let (ja, en): (Vec<&str>, Vec<&str>) = parts.into_iter().map(|part| (part.ja, part.en)).unzip();
    Text::new(ja.concat(), en.join(" "))
}

/// A name with something behind it: `復旧中：リセット`.
pub(super) fn with(name: Bilingual, more: impl Into<Words>) -> Text {
    let more = more.into();
    Text::new(format!("{}：{}", name.ja, more.ja), format!("{}: {}", name.en, more.en))
}

/// What people read about a fault, in the words of its kind of device.
pub(super) fn fault(fault: &DeviceFault, kind: DeviceKind, advice: Vec<Text>) -> FaultWords {
    let FaultText { what_happened, what_is_safe, do_now, for_technician } = match (fault, kind) {
        (DeviceFault::Reader(fault), DeviceKind::Scanner) => scanner::fault_text(fault),
        _ => fault.text(),
    };
    FaultWords { staff: sentences([what_happened, what_is_safe, do_now]), technician: text(for_technician), advice }
}

/// Why a card could not be read, and what to do.
pub(crate) fn card_failure(failure: &CardFailureText) -> Text {
    let parts = [&failure.what_happened, &failure.what_is_safe, &failure.do_now];
    let ja: Vec<&str> = parts.iter().map(|part| part.ja.as_ref()).collect();
    let en: Vec<&str> = parts.iter().map(|part| part.en.as_ref()).collect();
    Text::new(ja.concat(), en.join(" "))
}

/// A line of history for what a device said before the doors open; `proof` is what a good answer proves.
pub(super) fn before_opening(sign: Option<Sign>, proof: Option<&Text>) -> Text {
    let works = || proof.cloned().unwrap_or_else(|| Text::new("応答しました", "it answers"));
    let said = match sign {
        Some(Sign::Faulted { fault }) => text(fault.text().what_happened),
        Some(Sign::Detached) => Text::new("接続されていません", "it is not connected"),
        Some(_) => works(),
        None => Text::new("応答を確かめられませんでした", "it could not be asked"),
    };
    Text::new(format!("開始前の確認：{}", said.ja), format!("Asked before opening: {}", said.en))
}

/// A line of history for something new.
pub(super) fn notice(notice: &Notice) -> Text {
    match notice {
        Notice::Changed { to, .. } => state_line(to),
        Notice::CardLeftBehind { .. } => Text::new(
            "カードが置き忘れられています。患者さんを呼び戻してください。",
            "A card was left behind. Call the patient back.",
        ),
        Notice::LeftCardTaken => Text::new("置き忘れのカードが取り出されました。", "The card left behind was taken."),
        Notice::ReadFailed { why } => text(why.name()),
        Notice::ReadMissed => Text::new("予定された読み取りが届きませんでした。", "An expected reading did not come."),
    }
}

fn state_line(state: &HealthState) -> Text {
    match state {
        HealthState::Faulted { fault } => with(state.name(), fault.text().what_happened),
        HealthState::Recovering { step, .. } => with(state.name(), step.name()),
        _ => text(state.name()),
    }
}
