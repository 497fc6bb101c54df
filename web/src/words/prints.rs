super::words! {
    /// Words of the page of papers.
    pub struct PrintWords {
        title: "印刷", "Papers";
        intro: "PDFで開きます。そのまま印刷してください。患者さんごとの紙は、受付の画面から開けます。", "They open as PDF, to be printed. Papers of one patient open from the visit.";
        for_patients: "患者さんに渡す・掲示する", "For patients";
        for_staff: "受付で使う", "For the desk";
        for_repairs: "故障のとき", "When something is broken";
        month: "月末", "Month-end";
        this_month: "今月", "this month";
        last_month: "先月", "last month";
        blank_title: "未記入の申立書（番号つき）", "Blank declarations with numbers";
        blank_hint: "停電や故障に備えて印刷しておく用紙です。番号は1枚ごとに違い、同じ番号が二度出ることはありません。使った用紙は、あとで受付の「申立書」に同じ番号で入力します。", "To have ready for power cuts. Every form has its own number, and no number is ever given twice. A used form is typed in later, under “Declaration” of the visit, with the same number.";
        blank_go: "番号を取って開く", "Take numbers and open";
        pack_title: "停電のときの備え", "Ready for a power cut";
        pack_hint: "今日の一覧が変わるたびに、次のフォルダーに書き直しています。この箱が動いていなくても開けます。患者さんの名前が入っているので、扱いに注意してください。", "Written again whenever today's list changes. The files open without this box. They hold patients' names: keep them as you would any list of patients.";
        pack_folder: "フォルダー", "Folder";
        pack_written: "最後に書いた時刻", "Last written";
        pack_not_yet: "まだ書いていません", "not yet";
        pack_none: "備えの書き出しは止めてあります（設定の prints）。", "Nothing is kept ready (settings, prints).";
        missing_title: "この箱には印刷の部品が入っていません", "This box has no program for papers";
        missing: "受付はこのまま続けられ、記録も安全です。PDFの紙を使うには、保守担当に uketsuke-print の導入を頼んでください。次の画面は、ブラウザーの印刷（Ctrl＋P）で紙にできます。", "Go on receiving patients; all records are safe. For papers as PDF, ask the technician to install uketsuke-print. These pages can be printed by the browser (Ctrl+P):";
        busy: "ほかの紙を組んでいます。数秒待って、もう一度押してください。", "Other papers are being set. Wait some seconds and press again.";
        failed: "紙を組めませんでした。記録は何も変わっていません。もう一度押してください。続くときは、ブラウザーの印刷（Ctrl＋P）を使い、保守担当に知らせてください。", "The paper could not be set; no record was changed. Press again. If it goes on, print the page by the browser (Ctrl+P) and tell the technician.";
        no_numbers: "番号を書き留められなかったので、用紙は出していません。少し待って、もう一度押してください。", "The numbers could not be written down, so no forms were made. Wait a little and press again.";
        key_reused: "この画面からはすでに別の枚数で番号を取っています。画面を開き直してください。", "This page took numbers for another count before. Open the page again.";
    }
}
