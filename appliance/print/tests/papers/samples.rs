//! One order per paper and case: usual, as full as it gets, empty.

use paper::*;

/// Fifty kana, which some names of foreign residents have.
pub const LONG_KANA: &str =
    "クリストファーアレクサンダーマクシミリアンフォンホーエンツォレルンジグマリンゲンミホンハナコノスケノジョウ";
pub const LONG_NAME: &str =
    "クリストファー・アレクサンダー・マクシミリアン・フォン・ホーエンツォレルン＝ジグマリンゲン・見本之助";

pub fn order(paper: Paper) -> Order {
    let site = Site {
        name: "見本ファミリークリニック".to_owned(),
        institution_code: Some("1310000016".to_owned()),
        phone: Some("03-0000-0000".to_owned()),
    };
    Order { site, made: "2026年3月2日 8:55".to_owned(), practice: false, paper }
}

fn s(text: &str) -> String {
    text.to_owned()
}

fn picks(labels: &[&str], picked: Option<usize>) -> Vec<Pick> {
    labels.iter().enumerate().map(|(at, label)| Pick { label: s(label), picked: picked == Some(at) }).collect()
}

fn form(chosen: bool) -> Declaration {
    let some = |at: usize| chosen.then_some(at);
    Declaration {
        text_version: s("uketsuke-paper-1"),
        issued: picks(&["交付された", "交付されていない", "まだ届いていない"], some(2)),
        insurance: picks(&["社保（勤め先）", "国保（市区町村など）", "後期高齢者", "その他", "わからない"], some(0)),
        ratio: picks(&["3割", "2割", "1割", "わからない"], some(0)),
        sex: picks(&["男性", "女性", "不明"], some(1)),
        signed: Signed {
            signer: picks(&["本人", "保護者", "付き添い（代筆）"], some(0)), ..Signed::default()
        },
        ..Declaration::default()
    }
}

pub fn declaration() -> Order {
    let strokes = vec![
        vec![(60, 60), (120, 55), (180, 60), (170, 120), (150, 160)],
        vec![(70, 110), (200, 100)],
        vec![(260, 40), (250, 100), (220, 160)],
        vec![(250, 90), (330, 160), (400, 60), (470, 150), (540, 40)],
    ];
    let filled = Declaration {
        form_no: s("20260302-ABCDE"),
        insurer: s("見本健康保険組合"),
        workplace: s("株式会社みほん製作所"),
        issued_when: s("今月はじめ"),
        name: s("見本 花子"),
        kana: s("ミホン ハナコ"),
        birth: s("昭和39年10月10日"),
        postal: s("100-0001"),
        address: s("東京都千代田区千代田1-1-1 見本マンション101号"),
        phone: s("090-0000-0000"),
        other_contact: s("勤め先 03-0000-0001"),
        day: s("2026年3月2日"),
        reason: s("資格確認端末の不具合"),
        symbol: s("見本12"),
        number: s("0345"),
        contact: Some(true),
        requery: Some(true),
        ..form(true)
    };
    let signed = Signed {
        at: s("2026年3月2日 8:57"),
        strokes,
        content_hash: s("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        ..filled.signed.clone()
    };
    order(Paper::Declaration(Box::new(Declaration { signed, ..filled })))
}

/// Everything as long as it may be, and letters no font has.
pub fn declaration_full() -> Order {
    let Paper::Declaration(form) = declaration().paper else { unreachable!("it is one") };
    let long = "とても長い名前の株式会社見本総合製作所東日本第二事業部品質保証課特別検査係".to_owned();
    let signed = Signed {
        name: s(LONG_NAME),
        relation: s("成年後見人（見本法律事務所）"),
        strokes: Vec::new(),
        at: String::new(),
        content_hash: String::new(),
        on_paper: Some(s("受付の赤いファイル、2段目")),
        signer: picks(&["本人", "保護者", "付き添い（代筆）"], Some(2)),
    };
    order(Paper::Declaration(Box::new(Declaration {
        name: format!("𠮷野 {LONG_NAME}"),
        kana: s(LONG_KANA),
        address: "東京都千代田区千代田一丁目一番一号見本グランドタワーレジデンス北館二十三階二三〇一号室".repeat(2),
        workplace: long.clone(),
        insurer: long,
        other_contact: s("長男 見本太郎（同居していません）080-0000-0000 夜7時以降"),
        reason: s("回線の不具合（ルーターから先に届きません。8:46から）"),
        contact: Some(false),
        signed,
        ..*form
    })))
}

/// Nobody filled in anything.
pub fn declaration_empty() -> Order {
    let empty = Declaration { form_no: s("20260302-ABCDE"), contact: Some(false), requery: Some(false), ..form(false) };
    order(Paper::Declaration(Box::new(empty)))
}

pub fn blank_forms() -> Order {
    let numbers = vec![s("20260302-KQRTZ-01"), s("20260302-KQRTZ-02")];
    order(Paper::BlankForms(BlankForms { form: form(false), numbers, by_hand: None }))
}

pub fn by_hand() -> Order {
    order(Paper::BlankForms(BlankForms { form: form(false), numbers: Vec::new(), by_hand: Some(s("20260302-KQRTZ")) }))
}

pub fn explanation() -> Order {
    order(Paper::Explanation)
}

pub fn equipment_fault() -> Order {
    order(Paper::EquipmentFault)
}

pub fn take_home() -> Order {
    let line = |ja: &str, en: &str| Line { ja: s(ja), en: s(en) };
    order(Paper::TakeHome(TakeHome {
        form_no: s("20260302-ABCDE"),
        day: s("2026年3月2日"),
        number: Some(12),
        name: s(LONG_NAME),
        lines: vec![
            line(
                "次回は、マイナンバーカードまたは資格確認書をお持ちください。",
                "Please bring your My Number card or eligibility certificate next time.",
            ),
            line(
                "保険の記号・番号が分かりましたら、受付にお知らせください。",
                "Please tell us your insured number once you know it.",
            ),
        ],
        until: s("2026年4月9日"),
        paid_in_full: true,
        code: Some(s("UKE1-7Q3K9ZD2-R")),
    }))
}

pub fn take_home_empty() -> Order {
    order(Paper::TakeHome(TakeHome { day: s("2026年3月2日"), ..TakeHome::default() }))
}

pub fn remark() -> Order {
    order(Paper::Remark(Remark {
        form_no: s("20260302-ABCDE"),
        day: s("2026年3月2日"),
        name: s("見本 花子"),
        kana: s("ミホン ハナコ"),
        birth: s("昭和39年10月10日"),
        basis: s("③ 不詳（暫定：後日の確認で変わることがあります）"),
        lines: vec![
            s("不詳　住所：東京都千代田区千代田一丁目一番一号見本マンション一〇一号　事"),
            s("業所：株式会社みほん製作所　連絡先：０９０－００００－００００"),
        ],
    }))
}

pub fn advice(topic: Topic) -> Order {
    let standing = vec![
        Line {
            ja: s("電子証明書の期限は 2026年2月10日 に切れています。"),
            en: s("Your certificate ran out on 2026-02-10."),
        },
        Line {
            ja: s("更新しない場合、健康保険証として使えるのは 2026年5月31日 までです。"),
            en: s("If it is not renewed, the card serves as insurance card until 2026-05-31."),
        },
    ];
    let of_somebody = topic == Topic::Certificate;
    let standing = if of_somebody { standing } else { Vec::new() };
    order(Paper::Advice(Advice { topic, name: if of_somebody { s("見本 花子") } else { String::new() }, standing }))
}

pub fn call_sheet() -> Order {
    let fault = |part: &str, state: &str, since: &str, cause: &str| FaultNow {
        part: s(part),
        state: s(state),
        since: s(since),
        cause: s(cause),
    };
    let happened =
        |at: &str, part: &str, what: &str| Happened { at: s(at), part: s(part), what: s(what), detail: String::new() };
    order(Paper::CallSheet(CallSheet {
        staff: s("受付 一子"),
        faults: vec![
            fault("資格確認端末", "止まっています", "8:46", "端末が応答しない"),
            fault("カードリーダー 窓口1", "応答なし", "8:50", "SCARD_E_NO_READERS_AVAILABLE (0x8010002E)"),
        ],
        tried: vec![
            happened("8:51", "カードリーダー 窓口1", "開き直しました"),
            happened("8:52", "カードリーダー 窓口1", "USBの電源を入れ直しました"),
        ],
        versions: vec![(s("受付"), s("0.1.0")), (s("ルール"), s("2026-11"))],
    }))
}

pub fn call_sheet_quiet() -> Order {
    order(Paper::CallSheet(CallSheet::default()))
}

fn day_rows(count: u32) -> Vec<DayRow> {
    let row = |number: u32| DayRow {
        number,
        time: format!("{}:{:02}", 8 + number / 12, number * 5 % 60),
        kana: s(if number == 2 { LONG_KANA } else { "ミホン ハナコ" }),
        name: s(if number == 2 { LONG_NAME } else { "見本 花子" }),
        birth: s("昭和39年10月10日（1964年）61歳"),
        status: s("後日確認"),
        evidence: s("資格情報のお知らせ＋マイナンバーカード"),
        share: s("3割"),
        follow_ups: number % 3,
    };
    let mut rows: Vec<DayRow> = (1..=count).map(row).collect();
    if let Some(third) = rows.get_mut(2) {
        *third = DayRow { number: 3, time: s("8:15"), status: s("受付中"), ..DayRow::default() };
    }
    rows
}

pub fn day_list() -> Order {
    order(Paper::DayList(DayList { day: s("2026年3月2日（月）"), rows: day_rows(30) }))
}

pub fn day_list_empty() -> Order {
    order(Paper::DayList(DayList { day: s("2026年3月2日（月）"), rows: Vec::new() }))
}

pub fn blank_day() -> Order {
    order(Paper::BlankDay(BlankDay { day: s("2026年3月2日（月）"), after: Some(12) }))
}

pub fn fault_report() -> Order {
    let part = |name: &str, state: &str, is_good: bool, marks: &[(u32, u32)]| Part {
        name: s(name),
        state: s(state),
        is_good,
        since: s("8:46"),
        down: s(if marks.is_empty() { "" } else { "2時間" }),
        marks: marks.to_vec(),
    };
    let happened = |at: &str, part: &str, what: &str, detail: &str| Happened {
        at: s(at),
        part: s(part),
        what: s(what),
        detail: s(detail),
    };
    order(Paper::FaultReport(FaultReport {
        period: s("3日間"),
        axis: vec![(0, s("2/28")), (400, s("3/1")), (800, s("3/2"))],
        parts: vec![
            part("回線", "使えます", true, &[(100, 40), (500, 3)]),
            part("資格確認端末", "止まっています", false, &[(860, 140)]),
            part("カードリーダー とても長い名前の窓口ふたつめの読取機", "応答なし", false, &[(870, 2), (900, 2)]),
        ],
        errors: vec![(
            s("窓口1"),
            s(
                "SCARD_E_NO_READERS_AVAILABLE (0x8010002E) while connecting to the reader; the service was restarted twice",
            ),
        )],
        happened: vec![
            happened("8:46", "資格確認端末", "止まりました — 端末が応答しない", "no result file after 30 s"),
            happened("2026年2月28日 10:05", "回線", "止まりました（続いた時間 3分）", ""),
        ],
        more: 7,
        settings: vec![(s("受付"), s("0.1.0")), (s("ルール"), s("2026-11"))],
    }))
}

pub fn refund() -> Order {
    order(Paper::Refund(Refund {
        day: s("2026年3月2日"),
        number: Some(12),
        name: s(LONG_NAME),
        kana: s(LONG_KANA),
        birth: s("昭和39年10月10日"),
        reason: Line {
            ja: s("保険の資格が確認できました。お預かりした額との差額をお返しします。"),
            en: s("Your insurance is confirmed. The difference to what you paid is given back."),
        },
        share: s("3割"),
        asked: s("10割"),
        code: Some(s("UKE1-7Q3K9ZD2-R")),
    }))
}

pub fn month_end() -> Order {
    let rows = day_rows(24).into_iter().map(|row| {
        let (basis, remarks, warnings): (_, &[&str], &[&str]) = match row.number % 4 {
            0 => ("保留", &[], &["未解決"]),
            1 => ("① 現在の資格", &[], &[]),
            2 => ("② 旧資格", &["旧資格"], &["未確認"]),
            _ => ("③ 不詳", &["不詳", "東京都見本区架空１－２－３", "０３－００００－００００"], &[]),
        };
        MonthRow {
            day: format!("{}日", row.number),
            number: format!("P-{:04}", row.number),
            kana: row.kana,
            name: row.name,
            basis: s(basis),
            provisional: row.number % 4 == 2,
            numbers: s("01130012 ・ 見本１２ ・ 3456789 ・ 00"),
            payer_body: if row.number % 4 == 0 { String::new() } else { s("支払基金") },
            share: row.share,
            evidence: row.evidence,
            remarks: remarks.iter().map(|text| s(text)).collect(),
            warnings: warnings.iter().map(|text| s(text)).collect(),
            needs_somebody: row.number % 4 == 0,
        }
    });
    let totals = [("① 現在の資格", 6), ("② 旧資格", 6), ("③ 不詳", 6), ("保留", 6), ("請求なし", 0), ("確かめる", 6)];
    let totals = totals.into_iter().map(|(words, count)| (s(words), count)).collect();
    order(Paper::MonthEnd(MonthEnd { month: s("2026年3月"), rows: rows.collect(), totals }))
}

pub fn check_up() -> Order {
    let line = |code: &str, name: &str, finding: &str, is_bad: bool, seen: &str| CheckLine {
        code: s(code),
        name: s(name),
        finding: s(finding),
        is_bad,
        seen: s(seen),
        cause: s("USBメモリが抜けているか、共有が外れています。"),
        cure: s("媒体を差し、画面「バックアップ」で「今すぐ作る」を押してください。"),
    };
    let well = |name: &str, seen: &str| (s(name), s(seen));
    order(Paper::CheckUp(CheckUp {
        at: s("2026年3月2日（月） 8:55"),
        version: s("0.1.0"),
        summary: s("異常：1　注意：2"),
        lines: vec![
            line("backups", "バックアップ", "異常", true, "フォルダ /media/usb/uketsuke が見つかりません。"),
            line("clock", "時計", "注意", false, "2026-03-02 8:55。時刻サーバーとまだ合っていません。"),
            line(
                "unsent",
                "送れていない照会",
                "注意",
                false,
                "12件（うち人の対応が要るもの 1件）、最も古いものは 2026-02-27 16:20",
            ),
        ],
        well: vec![
            well("設定", "読めます。"),
            well("受付のサービス", "動いています（0.1.0）。書き込みの係も応えます。"),
            well("ディスクの空き", "/var/lib/uketsuke：空き 23.4 GB ／ 全体 30.1 GB"),
            well("記録", "開けます。全体を読み、壊れた所はありません（84.2 MB、第20版）。"),
            well("証明書の期限", "期限：server.crt 2031-03-02"),
        ],
    }))
}

pub fn recovery_kit() -> Order {
    let groups = "7K3M-Q9ZD-2ABC-0123-4567-89DE-FGHJ-KMNP-QRST-VWXY-Z012-3456-789A-BCDE";
    order(Paper::RecoveryKit(RecoveryKit {
        groups: groups.split('-').map(s).collect(),
        key_name: s("3F2A-91C0"),
        folder: s("/media/usb/uketsuke"),
        plan: s("毎日 1時00分"),
    }))
}

/// Every paper, by the name of its picture.
pub fn all() -> Vec<(&'static str, Order)> {
    vec![
        ("declaration", declaration()),
        ("declaration-full", declaration_full()),
        ("declaration-empty", declaration_empty()),
        ("blank-forms", blank_forms()),
        ("blank-by-hand", by_hand()),
        ("explanation", explanation()),
        ("take-home", take_home()),
        ("take-home-empty", take_home_empty()),
        ("remark", remark()),
        ("certificate", advice(Topic::Certificate)),
        ("pin", advice(Topic::Pin)),
        ("city-office", advice(Topic::CityOffice)),
        ("equipment-fault", equipment_fault()),
        ("call-sheet", call_sheet()),
        ("call-sheet-quiet", call_sheet_quiet()),
        ("day-list", day_list()),
        ("day-list-empty", day_list_empty()),
        ("blank-day", blank_day()),
        ("fault-report", fault_report()),
        ("refund", refund()),
        ("month-end", month_end()),
        ("check-up", check_up()),
        ("recovery-kit", recovery_kit()),
    ]
}
