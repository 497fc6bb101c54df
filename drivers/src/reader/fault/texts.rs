//! The words for each fault.

use super::ReaderFault;

/// One text in the two languages of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bilingual {
    /// Japanese, the language of the desk.
    pub ja: &'static str,
    /// English.
    pub en: &'static str,
}

/// What a person is told about a fault. It names no patient, no card and no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultText {
    /// One sentence for the staff.
    pub what_happened: Bilingual,
    /// What they need not worry about.
    pub what_is_safe: Bilingual,
    /// What helps most often, gentlest first, without a phone call (`field-troubles` REQ-06, REQ-20).
    pub do_now: Bilingual,
    /// Where a technician looks.
    pub for_technician: Bilingual,
}

/// True of every fault of a reader: reception never needs one (`field-troubles` REQ-18, REQ-51).
const RECEPTION_GOES_ON: Bilingual = Bilingual {
    ja: "受付はこのまま続けられます。保存済みの内容は失われていません。",
    en: "Reception can go on. Nothing that was saved is lost.",
};

pub(super) fn of(fault: &ReaderFault) -> FaultText {
    let (what_happened, do_now, for_technician) = match fault {
        ReaderFault::NotAnswering => not_answering(),
        ReaderFault::ServiceGone => service_gone(),
        ReaderFault::HeldByAnother => held_by_another(),
        ReaderFault::CannotOpen => cannot_open(),
        ReaderFault::Garbled => garbled(),
        ReaderFault::CardMute => card_mute(),
        ReaderFault::CardPulled => card_pulled(),
        ReaderFault::Unexpected { .. } => unexpected(),
    };
    FaultText { what_happened, what_is_safe: RECEPTION_GOES_ON, do_now, for_technician }
}

/// What happened, what to do now, and the technician's line.
type Words = (Bilingual, Bilingual, Bilingual);

fn words(
    happened: (&'static str, &'static str),
    now: (&'static str, &'static str),
    tech: (&'static str, &'static str),
) -> Words {
    let both = |(ja, en)| Bilingual { ja, en };
    (both(happened), both(now), both(tech))
}

fn not_answering() -> Words {
    words(
        ("カードリーダーが応答しません。", "The card reader does not answer."),
        (
            "カードを抜き、リーダーのケーブルをいったん抜いて、少し待ってから差し直してください。",
            "Take the card out, unplug the reader's cable, wait a moment, and plug it in again.",
        ),
        (
            "機器は認識されていますが、時間内に返事がありません。ケーブル、USBハブ、電源を確かめてください。",
            "The device is listed but gave no answer in time. Check cable, USB hub and power.",
        ),
    )
}

fn service_gone() -> Words {
    words(
        ("カードリーダーを動かすプログラムが止まっています。", "The program that runs the card readers has stopped."),
        (
            "少し待ってください。戻らないときは、受付が空いた時にこの装置を再起動してください。",
            "Wait a moment. If it does not come back, restart this box when nobody is at the desk.",
        ),
        (
            "pcscd に接続できません。サービスの状態と記録を確かめてください。",
            "pcscd cannot be reached. Look at the state and the journal of the service.",
        ),
    )
}

fn held_by_another() -> Words {
    words(
        ("ほかのプログラムがカードリーダーを使っています。", "Another program is using the card reader."),
        (
            "カードを読み取るほかの画面を閉じてください。閉じると自動で使えるようになります。",
            "Close other windows that read cards. The reader becomes free by itself.",
        ),
        ("別のプロセスがリーダーを排他で開いています。", "Another process has opened the reader for exclusive use."),
    )
}

fn cannot_open() -> Words {
    words(
        ("カードリーダーを開けません。", "The card reader cannot be opened."),
        (
            "ケーブルを差し直してください。変わらないときは、設定の機器名が正しいか確かめてください。",
            "Plug the cable in again. If that changes nothing, check the device named in the settings.",
        ),
        (
            "機器はありますが開けません。権限、排他ロック、設定された経路を確かめてください。",
            "The device exists but cannot be opened. Check permissions, exclusive locks and the configured path.",
        ),
    )
}

fn garbled() -> Words {
    words(
        ("機器から意味の分からないデータが届きました。", "The device sent data that makes no sense."),
        (
            "もう一度読み取ってください。続くときはケーブルを差し直してください。",
            "Read it again. If it keeps happening, plug the cable in again.",
        ),
        (
            "データは捨てました。通信速度、設定された機器、ケーブルを確かめてください。",
            "The data was discarded. Check line speed, the configured device and the cable.",
        ),
    )
}

fn card_mute() -> Words {
    words(
        ("カードが読み取れません。", "The card cannot be read."),
        (
            "カードをケースから出し、表裏と向きを確かめて、もう一度入れてください。",
            "Take the card out of its case, check side and direction, and put it in again.",
        ),
        (
            "カードから応答（ATR）がありません。別のカードで試し、リーダーの接点を確かめてください。",
            "The card gave no answer to reset. Try another card and look at the reader's contacts.",
        ),
    )
}

fn card_pulled() -> Words {
    words(
        ("読み取りの途中でカードが抜かれました。", "The card was taken out while it was being read."),
        (
            "カードをもう一度入れ、終わるまでそのまま待つよう伝えてください。",
            "Put the card in again and ask the patient to wait until it is finished.",
        ),
        (
            "通信の途中で切れました。繰り返すときはカードの差し込みの緩みを確かめてください。",
            "The exchange broke off. If it repeats, check whether the card sits loosely.",
        ),
    )
}

fn unexpected() -> Words {
    words(
        ("カードリーダーに原因の分からない不具合が起きました。", "The card reader failed for an unknown reason."),
        (
            "ケーブルを差し直してください。変わらないときは、受付が空いた時にこの装置を再起動してください。",
            "Plug the cable in again. If that changes nothing, restart this box when nobody is at the desk.",
        ),
        (
            "記録された番号を、サービスまたはOSの資料で調べてください。",
            "Look the recorded number up in the documents of the service or the operating system.",
        ),
    )
}
