//! The words for each failure: what happened, what is safe, what to do now.

mod technician;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

use super::{CardFailure, GarbledPart};
use crate::card::my_number::BrokenOff;
use crate::card::wire::WireError;

/// One text in the two languages of the desk; it may carry a number of tries or a status word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Japanese, the language of the desk.
    pub ja: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

/// What a person is told about a card that could not be read. It names no patient and nothing of the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardFailureText {
    /// One sentence for the staff.
    pub what_happened: Words,
    /// What they need not worry about.
    pub what_is_safe: Words,
    /// What to do now, gentlest first.
    pub do_now: Words,
    /// Where a technician looks.
    pub for_technician: Words,
}

impl fmt::Display for Words {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} / {}", self.ja, self.en)
    }
}

fn words(ja: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Words {
    Words { ja: ja.into(), en: en.into() }
}

/// What happened and what to do now.
type Told = (Words, Words);

pub(super) fn of(failure: &CardFailure) -> CardFailureText {
    let (what_happened, do_now) = match failure {
        CardFailure::Wire(error) => of_the_wire(*error),
        CardFailure::OtherCard => other_card(),
        CardFailure::OldResidentCard => old_resident_card(),
        CardFailure::UnknownToken => unknown_token(),
        CardFailure::PhoneAsksForPin => phone_asks_for_pin(),
        CardFailure::NoAuthenticationCertificate => no_authentication_certificate(),
        CardFailure::NoAttributes => no_attributes(),
        CardFailure::SurfaceCodeWrong { tries_left } => surface_code_wrong(*tries_left),
        CardFailure::SurfaceCodeLocked => surface_code_locked(),
        CardFailure::LastTryNotConfirmed => last_try_not_confirmed(),
        CardFailure::SurfaceCodeBrokenOff { counter, .. } => surface_code_broken_off(*counter),
        CardFailure::Garbled(_) | CardFailure::UnexpectedStatus { .. } => garbled(),
        CardFailure::Oversized(_) => oversized(),
        CardFailure::Refused(_) => refused(),
    };
    CardFailureText {
        what_happened,
        what_is_safe: what_is_safe(failure),
        do_now,
        for_technician: technician::line(failure),
    }
}

/// The counter of the card is the only thing an attempt can cost; it is only called untouched where that is certain.
fn what_is_safe(failure: &CardFailure) -> Words {
    match failure {
        CardFailure::SurfaceCodeWrong { .. }
        | CardFailure::SurfaceCodeLocked
        | CardFailure::SurfaceCodeBrokenOff { .. } => words(
            "受付はこのまま続けられます。このカードは顔認証付きカードリーダーでの資格確認に引き続き使えます。",
            "Reception can go on. The card still works for eligibility at the face-recognition reader.",
        ),
        CardFailure::UnexpectedStatus { .. } | CardFailure::Oversized(GarbledPart::Answer) => words(
            "受付はこのまま続けられます。カードには何も書き込まれていません。",
            "Reception can go on. Nothing was written to the card.",
        ),
        _ => words(
            "受付はこのまま続けられます。カードには何も書き込まれておらず、入力回数も減っていません。",
            "Reception can go on. Nothing was written to the card and no try was spent.",
        ),
    }
}

fn of_the_wire(error: WireError) -> Told {
    match error {
        WireError::CardGone => (
            words("読み取りの途中でカードが離れました。", "The card left while it was being read."),
            words(
                "カードをもう一度置き、終わるまで動かさないよう伝えてください。",
                "Put the card back and ask that it stays until the reading is finished.",
            ),
        ),
        WireError::Busy => (
            words("ほかのプログラムがカードを使っています。", "Another program is using the card."),
            words(
                "カードを読み取るほかの画面を閉じ、もう一度読み取ってください。",
                "Close other windows that read cards, then read again.",
            ),
        ),
        WireError::ReaderGone => (
            words("カードリーダーが外れました。", "The card reader is no longer connected."),
            words("リーダーのケーブルを確かめ、差し直してください。", "Check the reader's cable and plug it in again."),
        ),
        WireError::ServiceGone => (
            words(
                "カードリーダーを動かすプログラムが止まっています。",
                "The program that runs the card readers has stopped.",
            ),
            words(
                "少し待ってから、もう一度読み取ってください。自動で戻ります。",
                "Wait a moment and read again. It comes back by itself.",
            ),
        ),
        WireError::TimedOut => (
            words("カードが応答しません。", "The card does not answer."),
            words(
                "カードをケースから出し、表裏と向きを確かめて、もう一度置いてください。",
                "Take the card out of its case, check side and direction, and put it back.",
            ),
        ),
    }
}

fn other_card() -> Told {
    (
        words("マイナンバーカードではないカードです。", "This is not a My Number card."),
        words(
            "運転免許証や診察券などと取り違えていないか確かめてください。",
            "Check whether it is a driving licence or a patient card by mistake.",
        ),
    )
}

fn old_resident_card() -> Told {
    (
        words("古い住民基本台帳カードです。", "This is an old resident-record card."),
        words(
            "保険の資格確認には使えません。マイナンバーカードか資格確認書があるか尋ねてください。",
            "It cannot be used for eligibility. Ask for a My Number card or an eligibility certificate.",
        ),
    )
}

fn unknown_token() -> Told {
    (
        words(
            "この装置が知らない種類のカードまたはスマートフォンです。",
            "This is a kind of card or phone that this box does not know.",
        ),
        words(
            "顔認証付きカードリーダーで受け付けてください。この装置の更新が必要かもしれません。",
            "Use the face-recognition reader. This box may need an update.",
        ),
    )
}

fn phone_asks_for_pin() -> Told {
    (
        words(
            "スマートフォンが暗証番号を求めています。この装置では暗証番号を入力できません。",
            "The phone asks for its PIN. No PIN can be typed at this box.",
        ),
        words(
            "顔認証付きカードリーダーの横のスマートフォン用リーダーを使うか、カードを出してもらってください。",
            "Use the phone reader beside the face-recognition reader, or ask for the card.",
        ),
    )
}

fn no_authentication_certificate() -> Told {
    (
        words(
            "カードに利用者証明用電子証明書がありません。",
            "The card carries no certificate of user authentication.",
        ),
        words(
            "資格確認書があるか尋ねてください。証明書の発行は市区町村の窓口で行えます。",
            "Ask for an eligibility certificate. The city office can issue the certificate of the card.",
        ),
    )
}

fn no_attributes() -> Told {
    (
        words(
            "氏名などを読み出せないカードまたはスマートフォンです。",
            "Name and address cannot be read from this card or phone.",
        ),
        words("氏名などは手で入力してください。", "Type the name and the rest by hand."),
    )
}

fn surface_code_wrong(tries_left: u8) -> Told {
    (
        words(
            format!("照合番号Bが違います。あと{tries_left}回間違えるとロックされます。"),
            format!("The number from the card face is wrong. It locks after {tries_left} more wrong entries."),
        ),
        words(
            "生年月日、カードの有効期限の年、セキュリティコードを、カードの表を見て確かめてください。",
            "Check birth date, the card's expiry year and the security code against the card face.",
        ),
    )
}

fn surface_code_locked() -> Told {
    (
        words("照合番号Bがロックされています。", "The number from the card face is locked."),
        words(
            "氏名などは手で入力してください。ロックの解除は市区町村の窓口で相談できます。",
            "Type the name and the rest by hand. The city office can advise on unlocking.",
        ),
    )
}

fn last_try_not_confirmed() -> Told {
    (
        words(
            "照合番号Bはあと1回間違えるとロックされます。まだ何も送っていません。",
            "One more wrong entry locks the number from the card face. Nothing was sent yet.",
        ),
        words(
            "カードの表ともう一度見比べてから確定するか、氏名などを手で入力してください。",
            "Compare with the card face once more before you confirm, or type the name and the rest by hand.",
        ),
    )
}

fn surface_code_broken_off(counter: BrokenOff) -> Told {
    let happened = match counter {
        BrokenOff::NoTryLost => words(
            "照合番号Bを送っている途中で通信が切れました。残り回数は減っていません。",
            "The exchange broke off while the number from the card face was sent. No try was spent.",
        ),
        BrokenOff::TryLost { tries_left: 0 } => words(
            "照合番号Bを送っている途中で通信が切れ、ロックされました。",
            "The exchange broke off while the number from the card face was sent, and it is locked now.",
        ),
        BrokenOff::TryLost { tries_left } => words(
            format!("照合番号Bを送っている途中で通信が切れ、1回分と数えられました。残りは{tries_left}回です。"),
            format!(
                "The exchange broke off while the number from the card face was sent; a try was spent. \
                 Tries left: {tries_left}."
            ),
        ),
        BrokenOff::Unknown => words(
            "照合番号Bを送っている途中で通信が切れました。1回分と数えられたかどうかは分かりません。",
            "The exchange broke off while the number from the card face was sent. Whether a try was spent is unknown.",
        ),
    };
    let now = words(
        "カードを置き直してください。残り回数を確かめてから、入力し直すか手で入力するかを選べます。",
        "Put the card back. The tries left are checked first; then choose to enter it again or to type by hand.",
    );
    (happened, now)
}

fn garbled() -> Told {
    (
        words("カードから意味の分からないデータが届きました。", "The card sent data that makes no sense."),
        words(
            "カードを置き直して、もう一度読み取ってください。続くときは顔認証付きカードリーダーで受け付けてください。",
            "Put the card back and read again. If it keeps happening, use the face-recognition reader.",
        ),
    )
}

fn oversized() -> Told {
    (
        words(
            "カードから届いたデータが大きすぎるため、読み取りを止めました。",
            "The card sent too much data, so the reading was stopped.",
        ),
        words(
            "本物のマイナンバーカードか確かめ、顔認証付きカードリーダーで受け付けてください。",
            "Check that it is a real My Number card, and use the face-recognition reader.",
        ),
    )
}

fn refused() -> Told {
    (
        words(
            "この装置が許可していない操作を止めました。カードには何も送っていません。",
            "This box stopped an operation that is not allowed. Nothing was sent to the card.",
        ),
        words(
            "顔認証付きカードリーダーで受け付け、この装置の保守担当に知らせてください。",
            "Use the face-recognition reader and tell whoever maintains this box.",
        ),
    )
}
