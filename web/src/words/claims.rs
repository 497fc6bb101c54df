use super::words;

words! {
    /// Words of the month-end list.
    pub struct ClaimWords {
        title: "月末の請求", "Month-end claims";
        before: "前の月", "Month before";
        after: "次の月", "Month after";
        close: "請求の締切：", "Sending closes on ";
        corrections: "訂正は", "Corrections until ";
        totals: "件数", "How many";
        all: "すべて", "All";
        needs: "要対応のみ", "Only what needs me";
        changed: "前回見てから変わった", "Changed since I looked";
        after_freeze: "締めた後に変わった", "Changed after the freeze";
        not_claimed: "請求なし", "No claim";
        unconfirmed: "オンライン未確認", "Not confirmed online";
        looked: "前回見た時刻：", "You looked at ";
        never_looked: "この月はまだ見たことになっていません。", "You have not marked this month as seen yet.";
        seen: "ここまで見たことにする", "Mark all as seen";
        list: "受付ごと", "Visit by visit";
        empty: "該当する受付はありません。", "No such visits.";
        day: "受診日", "Visit";
        patient: "患者さん", "Patient";
        basis: "請求区分", "Basis";
        numbers: "保険者番号・記号・番号", "Numbers";
        ratio: "負担", "Share";
        evidence: "確認方法", "Evidence";
        remark: "摘要欄", "Remarks";
        warnings: "注意", "Warnings";
        details: "証拠と返戻", "Evidence, return";
        nameless: "（氏名未記入）", "(no name yet)";
        changed_mark: "前回から変更", "changed";
        frozen_changed: "締め後に変更", "changed after freeze";
        frozen_added: "締め後に追加", "added after freeze";
        insurer_in_month: "同じ月に別の保険あり（保険者ごとに請求）", "Another insurer this month: one claim per insurer";
        provisional: "暫定", "provisional";
        more: "続きを見る", "Show more";
        first: "最初から", "From the beginning";
        freeze: "この月を締める", "Freeze this month";
        freeze_hint: "今の一覧を控えます。締めた後に変わったもの・増えたものは、必ず印を付けて示します。", "Keeps the list as it stands. Whatever changes or comes afterwards is marked.";
        frozen: "この月は締められています", "This month is frozen";
        open: "この月は締められていません", "This month is open";
        reopen: "締めを解く", "Open again";
        history: "締めの記録", "Frozen and opened again";
        froze: "締め：", "Frozen: ";
        reopened: "締めを解除：", "Opened again: ";
        visits: "件", "visits";
        files: "ファイルに書き出す", "Files";
        files_hint: "Shift_JISで書けない文字は〓にし、最後の列に文字の番号を書きます。", "What Shift_JIS cannot carry becomes 〓 and is named in the last column.";
        utf8: "UTF-8（BOM付き）", "UTF-8 with BOM";
        shift_jis: "Shift_JIS", "Shift_JIS";
        bad_layout: "使えない様式", "Layout with a fault";
        returned: "返戻", "Returned claims";
        no_returned: "返戻はありません。", "No claims came back.";
        returned_open: "対応中", "open";
        how_to_return: "返戻は、受付の「証拠と返戻」から入力します。", "Enter a returned claim from “Evidence, return” of its visit.";
        month_wrong: "月を読めません。この月を表示しています。", "That month cannot be read; this one is shown.";
    }
}

words! {
    /// Words of the evidence of one claim.
    pub struct EvidenceWords {
        title: "請求の証拠", "Evidence of the claim";
        back: "月末の一覧へ", "To the list of the month";
        to_visit: "受付の画面へ", "To the visit";
        claim: "この請求", "This claim";
        why: "理由", "Why";
        payer_body: "請求先", "Goes to";
        public_payers: "公費", "Public payers";
        override_reason: "検証番号が合わない番号を使った理由", "Why a number that fails its check digit is used";
        declaration: "申立書", "Declaration";
        form_no: "用紙番号", "Form number";
        kind: "保険の種別（患者さんの答え）", "Kind of insurance, as the patient said";
        workplace: "事業所名", "Workplace";
        contact: "連絡先", "Contact";
        signed: "署名", "Signed";
        yes: "あり", "yes";
        no: "なし", "no";
        history: "いつ・誰が・どう確認したか", "What was seen, when and by whom";
        at: "時刻", "At";
        by: "誰が", "By";
        the_box: "受付機", "the box";
        what: "内容", "What";
        download: "証拠をテキストで保存", "Save the evidence as text";
        returns: "返戻", "Returned claim";
        enter: "返戻を入力", "Enter a returned claim";
        enter_go: "返戻として記録", "Keep as returned";
        settle: "どうなったかを記録", "Keep what became of it";
        came: "返戻日", "came back";
        next_time: "次から：", "Next time: ";
        none: "この受付の返戻はありません。", "Nothing of this visit came back.";
    }
}

words! {
    /// Words of the directory of insurers.
    pub struct InsurerWords {
        title: "保険者の電話一覧", "Directory of insurers";
        intro: "保険者に電話する仕事に、名前と電話番号を添えます。一覧は診療所で用意してください（表計算ソフトからCSVで保存し、貼り付けます）。", "Adds name and phone to calls to be made. The clinic brings its own list, pasted here as CSV.";
        large: "長い一覧は、受付機で uketsuke claims insurers ファイル名 として取り込めます。", "A long list is imported at the box: uketsuke claims insurers FILE.";
        import: "入れ替える", "Replace the list";
        now: "今の一覧", "The list now";
        empty: "まだ取り込まれていません。", "Nothing was imported yet.";
        number: "保険者番号", "Insurer number";
        name: "名称", "Name";
        phone: "電話", "Phone";
    }
}
