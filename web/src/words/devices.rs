use super::words;

words! {
    /// Words of the device page.
    pub struct DeviceWords {
        title: "読取機と機器", "Readers and devices";
        report: "不具合の報告書（印刷用）", "Fault report, to print";
        none_title: "この箱は機器を見守っていません。", "This box watches no devices.";
        none_why: "受付は機器がなくてもそのまま続けられます。見守るには、この箱の設定ファイル（uketsuke.toml）に読取機・スキャナー・リレーを書き、箱を再起動してください。書き方は設定ファイルの見本にあります。", "Check-in works without any. To have them watched, list readers, scanners and relays in the box's settings file (uketsuke.toml) and restart the box; the sample file shows how.";
        ready: "開始時刻の準備", "Ready for opening";
        no_hours: "診療時間が設定されていないため、準備の確認はしていません。", "No reception hours are set, so readiness is not checked.";
        last_read: "最後に読めた時刻", "Last good read";
        never: "まだありません", "none yet";
        expected_by: "次に読めるはずの時刻", "Reading expected by";
        card_left: "カードが残っています", "A card was left inside";
        advice: "考えられる原因と手順", "Probable cause and steps";
        technician: "技術者向け", "For the technician";
        failures: "失敗の時間帯", "Failures by hour";
        hour: "時", "Hour";
        count: "回数", "Count";
        table: "表で見る", "As a table";
        heal: "直し方（おだやかな順）", "What may help, the gentlest first";
        now: "今すぐ", "now";
        unavailable: "この箱では使えません", "not possible here";
        confirm: "ほんとうに再起動する（1〜2分、画面が止まります）", "Reboot now; pages stop for a minute or two";
        asked: "頼みました。結果はこの画面に出ます。", "Asked. What comes of it shows on this page.";
        stale: "この画面は古くなっています。もう一度押してください。", "This page is out of date. Press once more.";
        scanner: "この画面の読取機にする", "Use at this screen";
        scanner_hint: "この読取機で受付票を読むと、この画面でその受付が開きます。", "A slip scanned with it opens its visit on this screen.";
        scanner_here: "この画面の読取機です", "This screen's scanner";
        scanner_not: "やめる", "Not any more";
        history: "これまでの経過", "History";
        planned: "予定の再起動", "Planned restarts";
        no_plans: "予定はありません。", "None planned.";
        what: "何を", "What";
        next: "次回", "Next";
        last: "前回", "Last";
        line: "設定", "As written";
        waits: "待っています：", "Waits: ";
        troubles: "不具合の回数（全国調査の分類）", "Troubles, by the categories of the national survey";
        figures: "統計のCSV（件数だけ・保守業者や協会に渡せます）", "Figures as CSV: counts only, for vendors and associations";
        test_read: "カードを試し読みする", "Test-read a card";
        test_read_hint: "カードを読取機に置いて押します。券面の数字を入れなければ、電子証明書の期限だけを読みます。何も保存しません。", "Put a card on the reader. Without the numbers of its face only the certificate is read. Nothing is kept.";
    }
}

words! {
    /// Words of the troubles counted.
    pub struct TroubleWords {
        how: "受付1件は、その月の同じ分類に1回だけ数えます。患者さんの情報は入っていません。", "A check-in counts once in a category, in the month of the visit. Nothing about patients.";
        since: "数え始め：", "Counted since";
        category: "分類", "Category";
        total: "合計", "All";
        sites: "全国調査", "Survey";
        told_by_readers: "読取機が自ら知らせた不良・読み取り失敗（回）", "faults and failed readings told by the readers themselves (times)";
    }
}

words! {
    /// Words of the card step.
    pub struct CardWords {
        title: "カードを読んで書き写す", "Fill in from the card";
        intro: "カードを読取機に置き、券面の数字を3つ入れます。氏名・住所・生年月日・性別がそのまま入ります。暗証番号は使いません。", "Put the card on the reader and type three numbers of its face. Name, address, birth date and sex are filled in. No PIN is used.";
        go: "カードを読む", "Read the card";
        filled: "カードの内容を書き写しました。券面と見比べてください。カナはカードに入っていません。", "Filled in from the card. Compare it with the card face; a card holds no kana.";
        only_certificate: "電子証明書だけを読みました。氏名などを読むには、券面の数字を3つとも入れてください。", "Only the certificate was read. For the name, type all three numbers of the card face.";
        test: "試験用・練習用のカードです。本人確認や資格確認には使えません。", "A test or practice card: it proves nobody's identity or insurance.";
        test_in_demo: "練習用のカードです（この練習用の診療所でだけ使えます）。", "A practice card; it counts in this practice clinic only.";
        token: "種類", "Kind";
        expiry: "電子証明書", "Certificate";
        until: "まで", "until";
        no_expiry: "期限を読めませんでした", "expiry could not be read";
        tries: "券面の数字の残り回数", "Tries left for the numbers of the card face";
        locked: "券面の数字は、まちがいが続いたため使えなくなっています。氏名などは手で入力してください。カードの電子証明書と保険の資格には影響しません。", "The numbers of the card face are locked after too many misses. Type the name by hand. Certificate and insurance are not affected.";
        last_warning: "残り1回です。まちがえると、この方法ではもう読めなくなります。数字をもう一度見比べてください。", "One try is left. After another miss the card cannot be read this way any more. Compare the numbers once more.";
        surface_all: "券面の数字は3つとも入れてください。", "Type all three numbers of the card face.";
        birth_wrong: "券面の生年月日を読めません。S39.10.10 のように入れてください。", "The birth date cannot be read. Type it like S39.10.10.";
        year_wrong: "有効期限の年を西暦4桁で入れてください。", "Type the year of expiry with four digits.";
        code_wrong: "券面のセキュリティコード4桁を入れてください。", "Type the four digits of the security code on the card face.";
        other_birth: "読んだカードは、選んだ患者さんのものではないようです（生年月日が違います）。何も保存していません。", "The card does not seem to be that patient's: the birth dates differ. Nothing was kept.";
    }
}

words! {
    /// Words of waiting scans.
    pub struct ScanWords {
        title: "読み取ったコード", "Scanned codes";
        intro: "この一覧は保存されず、しばらくすると消えます。", "Kept in memory only, and not for long.";
        start: "この内容で受付を始める", "Start a check-in from this code";
        away: "片付ける", "Put away";
        number: "診察券", "Clinic no.";
        issued: "交付日", "Issued on";
        usable: "使用期限", "Usable until";
        exchange: "引換番号", "Exchange no.";
        printed: "印字された保険（確認の代わりにはなりません）", "Insurance as printed; it confirms nothing";
        payers: "公費（処方箋から）", "Public payers, from the prescription";
        open: "この受付を開く", "Open this visit";
        here: "この画面の読取機", "this screen's scanner";
        from_code: "コードから書き写しました。カードや書面と見比べてください。", "Filled in from the code. Compare it with card or paper.";
        gone: "このコードはもうありません。もう一度読み取ってください。入力した内容は残っています。", "This code is gone. Scan it once more; what you typed is still here.";
        for_this: "この受付で待っているコード", "Codes waiting, beside this visit";
        ask: "印字された番号で照会する", "Ask by the printed numbers";
        other: "別の方のコードです。", "This code is another person's.";
        others: "別の方のコード", "Codes of other people";
        this_visit: "この受付", "This visit";
        the_code: "コード", "The code";
        unsure: "同じ方か確かめられません。氏名と生年月日を見比べてください。", "Whether it is the same person cannot be told. Compare name and birth date.";
        nameless: "（氏名なし）", "(no name)";
    }
}

words! {
    /// Words of the fault report.
    pub struct ReportWords {
        title: "不具合の報告書", "Fault report";
        intro: "機器・端末・回線・全国システムのどこで止まったかを、業者や窓口に示すための1枚です。患者さんの情報は入っていません。", "One page that shows vendors which part stopped. It holds nothing about patients.";
        made: "作成", "Made";
        print: "この画面を印刷する：ブラウザーの印刷（Ctrl＋P）", "To print: your browser's print command (Ctrl+P)";
        now: "今の状態", "Now";
        drawn: "塗りつぶしは使えなかった時間、線は機器の変化です。", "Filled = down, lines = changes of a device.";
        period: "期間", "Period";
        today: "今日", "Today";
        three_days: "3日間", "3 days";
        fourteen_days: "14日間", "14 days";
        newer: "新しい記録", "Newer";
        older: "古い記録", "Older";
        timeline: "経過（新しい順）", "Time line, newest first";
        at: "時刻", "At";
        part: "部分", "Part";
        what: "できごと", "What happened";
        detail: "技術者向け", "For the technician";
        lasted: "続いた時間", "lasted";
        nothing: "記録はありません。", "Nothing is on record.";
        clock: "この箱の時計", "Clock of the box";
        clock_wrong: "ありえない日時を示しています。電池（RTC）と時刻同期（NTP）を確かめてください。", "It shows an impossible time. Look at its battery (RTC) and at time synchronisation (NTP).";
        errors: "今の不具合（技術者向けの文）", "Present faults, in technicians' words";
        troubles: "不具合の回数（全国調査の分類）", "Troubles, by the categories of the national survey";
        versions: "版と設定", "Versions and settings";
        product: "受付（Uketsuke）", "Uketsuke";
        rules: "ルール表", "Rule list";
        site: "施設", "Site";
        demo: "練習用の診療所", "Practice clinic";
        encrypted: "画面の通信の暗号化", "Pages are encrypted";
        probed: "回線を最後に確かめた時刻", "Line last probed";
        unpicked: "端末が受け取っていない依頼", "Requests the terminal has not picked up";
        yes: "はい", "yes";
        no: "いいえ", "no";
        down: "停止時間", "Down";
        since: "いつから", "Since";
        state: "状態", "State";
    }
}
