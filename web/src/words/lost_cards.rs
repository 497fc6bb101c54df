use super::words;

words! {
    /// Words about cards that were found at the site, and about lost ones.
    pub struct LostCardWords {
        title: "忘れ物のカード", "Cards left behind";
        intro: "読取機や窓口に残っていたカードの控えです。カードは鍵のかかる所に預かり、持ち主に連絡します。カードの番号や個人番号は書きません。", "A ledger of cards left in the reader or on the counter. Lock the card away and call its owner. No number of a card is written down.";
        lost: "患者さんが「カードをなくした」と言ったときは、その方の受付の画面で「カードを紛失した」を選びます。マイナンバーカードの停止は 0120-95-0178（24時間）です。", "When a patient says that the card is lost, choose \"The card is lost\" on the page of the visit. My Number cards are stopped at 0120-95-0178, day and night.";
        held: "お預かりしているカード", "Cards held here";
        none: "お預かりしているカードはありません。", "No card is held here.";
        enter: "見つけたカードを記録する", "Enter a card that was found";
        save: "記録する", "Enter it";
        found: "見つけた人：", "Found by: ";
        owner: "持ち主", "Owner";
        no_owner: "持ち主はまだ分かりません", "The owner is not known yet";
        name_owner: "持ち主を記録する", "Note the owner";
        call: "持ち主に連絡する", "Call the owner";
        not_called: "まだ連絡していません", "Not called yet";
        called: "連絡した回数：", "Calls: ";
        last_call: "最後の連絡：", "last: ";
        told: "持ち主に伝わっています", "The owner knows";
        reached: "電話で伝えた", "Told by phone";
        not_reached: "電話したが出ない", "Called, no answer";
        back: "返した", "Handed back";
        back_go: "返したと記録する", "Note that it was handed back";
        back_hint: "渡す前に、写真か氏名・生年月日で本人を確かめます。", "Before handing it over, compare the photo or ask for name and birth date.";
        give: "届け出た", "Given to an office";
        give_go: "届け出たと記録する", "Note that it was given away";
        mistake: "間違えて記録した", "Entered by mistake";
        mistake_go: "記録を取り消す", "Take the entry back";
        settled: "済んだもの", "Settled";
        handed_to: "返した相手：", "Handed to: ";
        given_to: "届け先：", "Given to: ";
        by: "担当：", "by ";
        taken_back: "取り消し：", "Taken back: ";
        nobody_found: "その番号・お名前の患者さんは見つかりません。", "No patient is found by that.";
        several_found: "同じ条件の患者さんが複数います。診察券番号で入力してください。", "Several patients are found by that. Enter the clinic number.";
        on_board: "お預かりのカード", "cards held for their owners";
        on_follow_ups: "お預かりのカードがあります。持ち主に連絡してください。", "Cards are held here. Call their owners.";
        report: "カードを紛失した（停止はこれから）", "The card is lost (not stopped yet)";
        report_stopped: "カードを紛失した（停止済み）", "The card is lost (stopped already)";
    }
}
