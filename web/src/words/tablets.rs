super::words! {
    /// Words about the patients' tablets, for staff.
    pub struct TabletStaffWords {
        title: "患者さん用タブレット", "Tablets for patients";
        what: "申立書を患者さんご本人に書いていただくタブレットです。タブレットからは、渡された申立書のほかは何も開けません。", "On these, patients fill in their declaration themselves. A tablet can open nothing but what was handed to it.";
        pair: "タブレットを登録する", "Pair a tablet";
        pair_go: "登録の数字を出す", "Show digits for pairing";
        open: "登録の数字（10分間・1回だけ使えます）", "Digits for pairing (good once, for ten minutes)";
        type_them: "タブレットのブラウザーで下のアドレスを開き（QRでも開けます）、この数字を入れてください。", "Open this address on the tablet (or scan the code) and type the digits.";
        until: "有効期限", "Good until";
        withdraw: "数字を取り消す", "Take the digits back";
        loopback: "このアドレスは、この端末からしか開けません。ほかの端末から開くアドレスで受付の画面を開いてから、登録してください。", "This address works on this computer only. Open the desk by the address other computers use, then pair.";
        none: "登録されたタブレットはありません。", "No tablet is paired.";
        name: "名前", "Name";
        seen: "最後の通信", "Last seen";
        not_seen: "起動後はまだありません", "not since the box started";
        on_it: "今の画面", "On it now";
        free: "待機中", "waiting";
        unpair: "登録を外す", "Unpair";
        unpair_sure: "本当に外す（書きかけは残ります）", "Unpair it (what is half written stays)";
        calls: "タブレットから呼ばれています", "Somebody calls from a tablet";
        going: "行きます", "I am going";
        half_title: "書きかけの申立書", "Half-finished declarations";
        none_half: "書きかけの申立書はありません。", "Nothing is half finished.";
        half: "書きかけ", "half finished";
        writing: "記入中", "being filled in";
        page: "ページ", "page";
        form_no: "用紙番号", "Form no.";
        changed: "最後の記入", "Last written";
        go_on: "窓口で続ける", "Go on at the desk";
        take_back: "タブレットから引き取って窓口で続ける", "Take it back and go on at the desk";
        send: "タブレットに渡す", "Hand to the tablet";
        send_again: "もう一度タブレットに渡す", "Send to a tablet again";
        print: "同じ番号の紙に印刷", "Print on paper with the same number";
        drop: "破棄する", "Throw away";
        drop_sure: "本当に破棄する", "Throw it away";
        filled_in: "タブレットで書かれたところまで入れてあります。", "What was written on the tablet is filled in.";
        nameless: "（氏名未記入）", "(no name yet)";
        busy: "そのタブレットは使用中です。申立書は渡していません。入力はそのまま残っています。ほかのタブレットを選ぶか、空くのを待ってください。", "That tablet is in use. Nothing was handed over; what was typed is still here. Choose another tablet, or wait.";
        name_taken: "同じ名前のタブレットがあります。別の名前にしてください。", "There is a tablet of this name. Choose another name.";
    }
}
