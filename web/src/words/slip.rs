super::words! {
    /// Words of the slip.
    pub struct SlipWords {
        title: "受付票", "Reception slip";
        number: "受付番号", "Number";
        day: "受付日", "Date";
        open: "お願い・お知らせ", "Please note";
        keep: "次回、または受付でお尋ねのときに、この票をお見せください。", "Please show this slip when you ask at the desk, or next time.";
        no_code: "この受付には票のコードがありません。", "This visit has no code of a slip.";
        print: "この画面を印刷する：ブラウザーの印刷（Ctrl＋P）", "To print: your browser's print command (Ctrl+P)";
        back: "受付に戻る", "Back to the visit";
    }
}
