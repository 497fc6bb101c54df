use super::words;

words! {
    /// Words about the disaster function of the facility.
    pub struct DisasterWords {
        title: "災害時の機能", "Disaster function";
        what: "災害時医療情報閲覧機能は、厚生労働省が地域と期間を決めて開放します。開放の通知を受けたら、ここで開始してください。開始している間は、どの受付でもこの方法が選べます。", "The ministry opens the disaster function for a region and a period. Once it is announced, open it here: from then on every check-in offers it.";
        consent: "カードがなくても照会できます。見る前に口頭で同意を得てください（意思を表せず命に関わるときを除く）。閲覧は治療のためだけで、記録が残ります。", "It works without a card. Ask for consent by word of mouth first, unless the patient cannot express a will and life is at risk. For care only; every look is logged.";
        how: "結果は受付の画面の「災害時の機能の結果」に書き写します。いつ・だれが・どの画面で見たかが記録に残り、復旧後に自動で照会し直します。", "Copy its result on the page of the visit. When it was seen, by whom and on which screen is kept, and it is asked about again by itself after recovery.";
        is_open: "開始しています", "Open";
        is_closed: "開始していません", "Not open";
        by_settings: "この箱の設定（uketsuke.toml の [site] disaster_mode_open）で常に開いています。閉じるには技術担当が設定を戻してください。", "The settings of this box ([site] disaster_mode_open in uketsuke.toml) hold it open. To close it, a technician changes them.";
        open: "災害時の機能を開始する", "Open the disaster function";
        close: "災害時の機能を終了する", "Close the disaster function";
        reason: "根拠の通知・理由", "Announcement or reason";
        history: "開始と終了の記録", "When it was open";
        none: "記録はありません。", "It was never open.";
        from: "開始", "Opened";
        until: "終了", "Closed";
        still: "続いています", "still open";
        by: "記録した人", "Recorded by";
        why: "根拠・理由", "Reason";
        back: "機器と回線へ", "Back to the links";
    }
}
