super::words! {
    /// Words about drills.
    pub struct DrillWords {
        title: "停止訓練", "Drill";
        intro: "回線や読取機が止まった日の受付を、架空の診療所と架空の患者さんで練習します。訓練は別のプログラムと別の記録で動き、本物の受付・資格確認端末・集計には何も入りません。終えると、訓練の中身はすべて消えます。", "Practise the day the line or a reader fails, in an invented clinic with invented patients. A drill runs as a program of its own with a record of its own: nothing of it enters the real check-ins, the real terminal or the figures. Its end deletes all of it.";
        steps_title: "やり方", "How it goes";
        step_begin: "「訓練を始める」を押します（準備に数秒かかります）。この受付機の受付は、そのまま続けられます。", "Press “Begin a drill” (it takes some seconds to prepare). Reception on this box goes on meanwhile.";
        step_open: "訓練の画面を開き、下に出る名前とパスワードでサインインします。すべての画面に縞の帯で「訓練中」と出ます。", "Open the drill and sign in with the name and password shown below. Every page of it carries a striped band that says DRILL.";
        step_cut: "訓練の画面の「練習の操作盤」で、回線・端末・読取機を止め、カードを出し、受付をしてみます。", "On its page “Practice controls”, cut the line, the terminal or the reader, deal cards, and receive patients.";
        step_end: "終わったら、この画面で「訓練を終える」を押します。忘れても、時間がくれば自動で終わります。", "When done, press “End the drill” here. If forgotten, it ends by itself in time.";
        begin: "訓練を始める", "Begin a drill";
        running: "訓練が動いています", "A drill is under way";
        open: "訓練の画面を開く（新しいタブ）", "Open the drill (new tab)";
        account: "名前", "Name";
        password: "パスワード", "Password";
        since: "開始", "Begun";
        by: "始めた人", "By";
        ends: "自動で終わる時刻", "Ends by itself";
        end: "訓練を終える（訓練の中身は消えます）", "End the drill (everything in it is deleted)";
        certificate: "ブラウザーが証明書の確認を求めたら、この受付機のときと同じように進んでください（同じ証明書です）。", "If the browser asks about the certificate, go on as you did for this box: it is the same one.";
    }
}
