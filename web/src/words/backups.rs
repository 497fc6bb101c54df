use super::words;

words! {
    /// Words about backups.
    pub struct BackupWords {
        title: "バックアップ", "Backups";
        intro: "記録と鍵を一つの暗号化したファイルにします。開けられるのは、印刷した復元用の鍵だけです。受付を続けたまま作れます。", "Record and keys in one encrypted file that only the printed recovery key opens. Made while reception goes on.";
        none: "バックアップ先が決まっていません。この箱の設定（uketsuke.toml の [backup] folder）に、USBメモリや別のパソコンのフォルダを書いてください。", "No place for backups is set. Name a folder on a USB stick or another machine in the box's settings ([backup] folder in uketsuke.toml).";
        last_good: "最後にできたもの", "Last good backup";
        nothing_yet: "まだありません。", "None yet.";
        folder: "保存先", "Where";
        plan: "予定", "Plan";
        next: "次回", "Next";
        generations: "世代", "Generations";
        key: "復元用の鍵", "Recovery key";
        no_key: "まだありません。鍵がないとバックアップは作れません。", "None yet. Without one no backup is made.";
        make_key: "復元用の鍵を作る", "Make the recovery key";
        key_title: "復元用の鍵（印刷して保管）", "Recovery key (print it and keep it)";
        key_once: "この画面を閉じると二度と表示できません。今すぐ印刷し、受付機とは別の、鍵のかかる場所に保管してください。この紙とバックアップがあれば、誰でも記録を開けます。", "It is shown this once. Print it now and keep it locked away, not beside the box. Whoever has this paper and a backup can open the record.";
        key_name: "鍵の番号", "Number of the key";
        key_back: "印刷しました。バックアップの画面に戻る", "Printed: back to backups";
        kit: "緊急キットを印刷する（PDF）", "Print the emergency kit (PDF)";
        kit_again: "緊急キットをもう一度作る（PDF）", "Emergency kit once more (PDF)";
        check_title: "紙の鍵を確かめる", "Check the paper";
        check_hint: "印刷した紙を見て入力し、読めること、今のバックアップを開ける鍵であることを確かめます。年に一度と、保管場所を変えたときに行ってください。", "Type the key from its paper, to see that it can be read and opens the backups of now. Do it once a year, and when it moved.";
        check_first: "印刷した紙だけを見て入力してください。間違いなく読めることが分かるまで、この画面を閉じないでください。", "Type it looking at the paper only, and do not close this page before it is right.";
        check_now: "確かめる", "Check";
        checked: "紙の鍵は合っています。今のバックアップを開けます。", "The key on the paper is right: it opens the backups of now.";
        key_checked: "紙を確かめた日：", "Paper checked:";
        key_unchecked: "紙の鍵をまだ確かめていません。", "The paper was not checked yet.";
        now: "今すぐ作る", "Back up now";
        made: "バックアップを作り、読み直して確かめました。", "The backup was made, read again and found whole.";
        failed: "バックアップに失敗しています", "Backups are failing";
        list: "あるバックアップ", "Backups that are there";
        file: "ファイル", "File";
        when: "作った日時", "Made";
        size: "大きさ", "Size";
        opens_with: "開ける鍵", "Opens with";
        how: "戻し方", "How to restore";
        how_1: "受付機が壊れたら、新しい機器に受付のソフトを入れ、起動せずに止めておきます。", "On a new machine install the program, and leave it stopped.";
        how_2: "バックアップのある媒体を差し、次のコマンドを実行して、紙の鍵を入力します。", "Plug the medium in, run this command and type the key from the paper.";
        how_3: "サービスを起動します。ほかの受付機や中継サーバーにある新しい記録は、つながると自動で戻ります。別の機器に戻したときは、ほかの受付機から登録し直すと同期が始まります。", "Start the service. What the other boxes and the hub have beyond it comes back by itself. On another machine, enrol it anew from another box to exchange with it.";
        how_4: "月に一度は練習してください。今の記録には触れません。", "Practise once a month; the present record is not touched.";
        copy_title: "この受付機の写しが同時に動いています", "A copy of this box is running at the same time";
        copy_text: "ディスクを複写した機器が、同じ名前で動いています。記録は失われませんが、どちらか一方を止め、新しい受付機として登録し直してください。気付いた日時：", "A machine with a copied disk goes by the same name. Nothing is lost, but stop one of them and enrol it anew. Noticed: ";
        copy_done: "対応しました", "Dealt with";
    }
}
