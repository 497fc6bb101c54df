use super::words;

words! {
    /// Words about forgetting.
    pub struct ForgettingWords {
        title: "保存期間と削除", "Retention and deletion";
        intro: "記録は月ごとの鍵で暗号化してあり、保存期間が終わった月は鍵を壊します。すべての受付機と中継サーバーから消え、古い複写が残っていても読めません。続けて来院している患者さんの記録は、消える前に今月の鍵で封をし直します。", "Records are sealed with a key per month. When a month's period is over its key is destroyed: the records go from every box and the hub, and old copies cannot be read. What belongs to patients who still come is sealed anew before that.";
        periods: "今日の記録の保存期間", "How long today's records are kept";
        kind: "種類", "Kind";
        months: "か月", "months";
        source: "よりどころ", "Source";
        visit: "受診の記録", "Visits";
        patient: "患者の記録", "Patients";
        patient_hint: "その患者の受診の記録がある間は残します。", "Kept as long as any visit of the patient is.";
        settings: "変えるには、この箱の設定（uketsuke.toml の [[retention]]）に日付を付けて書きます。法律より短くはできません。", "To change it, add a dated [[retention]] to the box's settings (uketsuke.toml). It cannot be shorter than the law.";
        next: "次に消えるもの", "What goes next";
        month: "月", "Month";
        goes_after: "この日まで残す", "Kept until";
        nothing_next: "まだ記録がありません。", "No records yet.";
        done: "消したもの", "What went";
        nothing_done: "まだ何も消していません。", "Nothing was deleted yet.";
        records: "件の記録", "records";
        documents: "件の文書", "documents";
        by_retention: "保存期間の終わり", "period over";
        by_patient: "患者の削除", "patient deleted";
        by_other_box: "別の受付機からの削除", "asked for by another box";
        by_itself: "自動", "by itself";
        looked: "最後に確かめた夜", "Looked last on the night of";
        never_looked: "まだ確かめていません（毎日 2時以降に確かめます）。", "Not looked yet (every day from two o'clock).";
        not_steady: "時計が正しいことを続けて確かめるまで、何も消しません。確かめた夜：", "Nothing goes before the calendar was seen to go on for some nights. Nights so far:";
        left_over: "患者の記録が消えている受診", "Visits whose patient was deleted";
        left_over_hint: "別の窓口で患者さんを消した間に、こちらで受け付けた受診です。請求に必要なため残してあります。不要なら消してください。", "Received here while another counter deleted the patient. They are kept for the claim; delete them if nobody needs them.";
        delete: "消す", "Delete";
        forget_title: "患者を消す", "Delete a patient";
        forget_link: "この患者を消す…", "Delete this patient…";
        forget_intro: "この患者さんの記録と下の受診をすべて、この受付機・ほかの受付機・中継サーバーから消します。元に戻せません。消した事実（日時・職員・理由・件数）だけが残り、名前は残りません。", "Deletes everything of this patient and the visits below from this box, all other boxes and the hub. It cannot be undone. Only the fact stays (when, who, why, how many), without the name.";
        backups_hint: "前に作ったバックアップには残っています。古いものは世代が替わると消えます。", "Earlier backups still hold it until their generations are over.";
        visits: "消える受診", "Visits that go";
        no_visits: "受診の記録はありません。", "There are no visits.";
        kept_until: "法律・設定での保存：", "to be kept until ";
        must_keep: "保存期間の終わっていない受診があります。法律で保存が必要な記録です。請求・返戻・監査に使えなくなります。最も長いもの：", "Some visits must still be kept by law; they will be missing for claims, returns and audits. The longest until: ";
        despite: "保存期間の終わっていない記録も消すことを、責任者が決めました", "The person in charge has decided to delete what must still be kept";
        reason: "理由", "Reason";
        reason_request: "本人からの請求", "the patient asked for it";
        reason_mistake: "誤って登録した・練習用", "entered by mistake or for practice";
        reason_double: "同じ人が二重に登録されている", "the same person is on file twice";
        reason_other: "その他（書面を別に保管）", "other (the paper is kept elsewhere)";
        choose_reason: "理由を選んでください。", "Choose a reason.";
        sure: "この患者さんを消します。元に戻せないことを確かめました", "Delete this patient. I know that it cannot be undone";
        tick: "消すには、確認の欄にもチェックを入れてください。何も消していません。", "Tick the box as well to delete. Nothing was deleted.";
        back: "患者の記録に戻る", "Back to the patient";
        gone: "患者さんの記録を消しました。", "The patient was deleted.";
    }
}
