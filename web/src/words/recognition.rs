use super::words;

words! {
    /// Words about recognising a card that comes again.
    pub struct RecognitionWords {
        title: "再来のカードを見分ける機能", "Recognising a returning card";
        on: "オン", "on";
        off: "オフ", "off";
        is_on: "この箱の設定（uketsuke.toml の [readers] recognise）で入っています。", "Switched on by the box's settings ([readers] recognise in uketsuke.toml).";
        is_off: "この機能は初めから切ってあり、この箱の設定（uketsuke.toml の [readers] recognise）で入れない限り働きません。受付には必要ありません。", "Off from the start; it works only when the box's settings ([readers] recognise in uketsuke.toml) switch it on. Check-in does not need it.";
        how: "入れると、受付や申立書のために読んだカードの電子証明書から元に戻せない目印をこの箱だけの鍵で作り、職員が患者さんを選んだときにその記録に残します。次に同じカードを読むと、その患者さんを候補に出します。本人かどうかも資格も、これで決まることはありません。証明書の発行番号そのものは残しません。証明書を更新すると目印は変わります。", "When on, the box makes a mark from the certificate of a card read at check-in or for a declaration, with a key of its own, and keeps it with the patient staff chose. Read again, the card brings that patient up as an offer; it decides neither identity nor eligibility. The mark cannot be turned back, and the serial itself is not kept. A renewed certificate gives another mark.";
        law: "電子証明書の発行番号の扱いは公的個人認証法で守られています（44条から64条）。この目印も患者さん一人を指す個人情報です。患者さんを見分ける鍵として使ってよいかは、入れる前に法律の専門家に確かめ、患者さんに知らせてください。ほかに渡すための一覧を作ってはいけません。個人番号（12桁）はこの箱では読むことも入力することもできません。", "Certificate serials are protected by their own chapter of the authentication act (articles 44 to 64), and the mark points at one person: it is personal data. Ask a lawyer before switching it on, whether such a mark may tell patients apart is not settled, and tell the patients. Never make it into a list for others. The 12-digit individual number can neither be read nor typed here.";
        kept: "残っている目印", "Marks kept";
        patients: "患者さんの人数", "Patients";
        left: "切った後も目印が残っています。使われませんが、不要なら消してください。", "It is off, but marks are left. They are not used; erase them if nobody needs them.";
        erase: "目印をすべて消す", "Erase all marks";
        sure: "全員の目印と、目印を作った鍵を消す（元に戻せません。受付の記録は残ります）", "Erase everybody's marks and their key; this cannot be undone. Check-ins stay";
        confirm: "消すには、確認の欄にもチェックを入れてください。", "To erase them, tick the box beside it too.";
        erased: "目印と鍵を消しました。", "Marks and key are erased.";
        erasures: "消した記録", "Erased so far";
        found: "このカードは前にこの患者さんのものとして読み取りました。券面と見比べ、合っていれば選んでください。", "This card was read before as this patient's. Compare with the card face, and choose if they agree.";
        several: "このカードは2人以上の患者さんに結び付いています。どちらかがまちがいです。券面と見比べて選び、違う方の患者の記録で「カードの目印を消す」を押してください。", "This card is tied to more than one patient; somebody was mistaken. Compare with the card face, choose, and press “Forget the cards” in the other patient's record.";
        forget: "カードの目印を消す", "Forget the cards";
        forget_hint: "この患者さんのカードを次回から見分けなくなります。受付には影響しません。", "This patient's cards are recognised no more. Check-in is not affected.";
        of_patient: "見分けられるカード", "Cards recognised";
    }
}
