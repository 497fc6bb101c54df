//! A reader's faults in the words of a scanner.

use crate::reader::{Bilingual, FaultText, ReaderFault};

/// What to show when a scanner has this fault: the safe part is that of every reader, the rest speaks of scanners.
pub fn fault_text(fault: &ReaderFault) -> FaultText {
    let shared = fault.text();
    let words = match fault {
        ReaderFault::HeldByAnother => Some(held_by_another()),
        ReaderFault::CannotOpen => Some(cannot_open()),
        ReaderFault::Garbled => Some(garbled()),
        ReaderFault::NotAnswering | ReaderFault::Unexpected { .. } => Some(not_working()),
        ReaderFault::ServiceGone | ReaderFault::CardMute | ReaderFault::CardPulled => None,
    };
    words.map_or(shared, |[what_happened, do_now, for_technician]| FaultText {
        what_happened,
        do_now,
        for_technician,
        ..shared
    })
}

const fn both(ja: &'static str, en: &'static str) -> Bilingual {
    Bilingual { ja, en }
}

fn held_by_another() -> [Bilingual; 3] {
    [
        both("ほかのプログラムが読取機（QR）を使っています。", "Another program is using the code scanner."),
        both(
            "読取機を使うほかの画面を閉じてください。処方箋は手入力でも受け付けられます。",
            "Close other windows that use the scanner. Prescriptions can be typed in, too.",
        ),
        both(
            "別のプロセスがシリアルポートを排他で開いています。",
            "Another process holds the serial port exclusively.",
        ),
    ]
}

fn cannot_open() -> [Bilingual; 3] {
    [
        both("読取機（QR）を開けません。", "The code scanner cannot be opened."),
        both(
            "ケーブルを差し直してください。変わらないときは、設定の機器名が正しいか確かめてください。",
            "Plug the cable in again. If that changes nothing, check the device named in the settings.",
        ),
        both(
            "権限（dialout グループ）、設定された経路、機器の種類を確かめてください。",
            "Check permissions (group dialout), the configured path and the kind of device.",
        ),
    ]
}

fn garbled() -> [Bilingual; 3] {
    [
        both(
            "読取機（QR）から意味の分からないデータが届いています。",
            "The code scanner sends data that makes no sense.",
        ),
        both(
            "読取機を台に戻して少し待ち、もう一度読み取ってください。続くときはケーブルを差し直してください。",
            "Put the scanner down, wait a moment and scan again. If it keeps happening, plug the cable in again.",
        ),
        both(
            "データは捨てました。通信速度、終端の設定、設定された機器を確かめてください。",
            "The data was discarded. Check line speed, terminator setting and the configured device.",
        ),
    ]
}

fn not_working() -> [Bilingual; 3] {
    [
        both("読取機（QR）が応答しません。", "The code scanner does not answer."),
        both("ケーブルを差し直してください。", "Plug the cable in again."),
        both("ケーブル、USBハブ、電源を確かめてください。", "Check cable, USB hub and power."),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_is_never_called_a_card_reader() {
        for fault in [
            ReaderFault::HeldByAnother,
            ReaderFault::CannotOpen,
            ReaderFault::Garbled,
            ReaderFault::NotAnswering,
            ReaderFault::Unexpected { code: 5 },
        ] {
            let text = fault_text(&fault);
            for Bilingual { ja, en } in [text.what_happened, text.do_now, text.for_technician, text.what_is_safe] {
                assert!(!ja.contains("カード") && !en.contains("card reader"), "{ja} {en}");
                assert!(ja.ends_with('。') && en.ends_with('.') && en.is_ascii());
            }
        }
    }
}
