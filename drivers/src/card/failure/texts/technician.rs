//! The line of each failure that says where a technician looks.

use super::{Words, words};
use crate::card::failure::{CardFailure, GarbledPart};
use crate::card::wire::WireError;

pub(super) fn line(failure: &CardFailure) -> Words {
    match failure {
        CardFailure::Wire(error) | CardFailure::SurfaceCodeBrokenOff { wire: error, .. } => of_the_wire(*error),
        CardFailure::Garbled(part) | CardFailure::Oversized(part) => of_the_part(*part),
        CardFailure::UnexpectedStatus { status } => words(
            format!("カードの状態コードは {status:04X} です。カード側の資料で調べてください。"),
            format!("The status word is {status:04X}. Look it up in the documents of the card."),
        ),
        CardFailure::Refused(refusal) => words(
            format!("ゲートが拒否しました（{refusal:?}）。拒否の記録を添えて報告してください。"),
            format!("Refused by the gate ({refusal:?}). Report it with the record of refusals."),
        ),
        CardFailure::UnknownToken => words(
            "利用者証明アプリは選択できますが、トークン名が一覧にありません。",
            "The application can be selected, but the token name is not in the catalogue.",
        ),
        other => words(
            format!("分類: {}。機器の故障ではありません。", other.code()),
            format!("Class: {}. The device is not at fault.", other.code()),
        ),
    }
}

fn of_the_wire(error: WireError) -> Words {
    match error {
        WireError::CardGone => words(
            "カードが外れたか、リセットされたか、2バイト未満の応答を返しました。",
            "The card was removed or reset, or answered with fewer than two bytes.",
        ),
        WireError::Busy => {
            words("別のプロセスがカードを排他で開いています。", "Another process holds the card exclusively.")
        }
        WireError::ReaderGone => words(
            "リーダーが一覧から消えました。USBケーブルと電源を確かめてください。",
            "The reader left the list. Check USB cable and power.",
        ),
        WireError::ServiceGone => words(
            "pcscd に接続できません。サービスの状態と記録を確かめてください。",
            "pcscd cannot be reached. Look at the state and the journal of the service.",
        ),
        WireError::TimedOut => words(
            "時間内に応答がありません。別のカードで試し、リーダーを確かめてください。",
            "No answer in time. Try another card and look at the reader.",
        ),
    }
}

fn of_the_part(part: GarbledPart) -> Words {
    match part {
        GarbledPart::TokenName => words(
            "トークン情報（0006）の名前が文字ではありません。",
            "The name in token information (0006) is no text.",
        ),
        GarbledPart::Certificate => words(
            "利用者証明用電子証明書（000A）がX.509として読めません。",
            "The certificate (000A) does not parse as X.509.",
        ),
        GarbledPart::Attributes => {
            words("券面事項（0002）のTLVが読めません。", "The attributes (0002) do not parse as TLV.")
        }
        GarbledPart::Answer => {
            words("1回の応答が258バイトを超えました。", "A single answer was longer than 258 bytes.")
        }
    }
}
