super::words! {
    /// Words of signing in and of the first account.
    pub struct SignInWords {
        title: "サインイン", "Sign in";
        sign_in: "サインイン", "Sign in";
        lost: "しばらく操作がなかったため、サインインし直してください。", "You were away for a while. Please sign in again.";
        kept: "入力した内容は残っています。サインインすると続きから保存できます。", "What you typed is kept: after signing in you can go on saving it.";
        resume_title: "続きから保存", "Go on saving";
        resume: "サインインしました。さきほど入力した内容を保存できます。", "You are signed in. You can now save what you typed before.";
        resume_go: "入力した内容を送る", "Send what I typed";
        resume_drop: "送らずに今日の受付へ", "Drop it and go to today's board";
        set_up_title: "最初の設定", "First set-up";
        set_up: "はじめに、受付で使うアカウントを1つ作ります。", "First make one account for the reception desk.";
        set_up_go: "アカウントを作る", "Make the account";
        password_hint: "12文字以上。長い言葉の組み合わせがおすすめです。", "At least 12 characters; several words are good.";
        set_up_done: "アカウントができました。サインインしてください。", "The account is made. Please sign in.";
        no_pin: "ここに患者さんの暗証番号やマイナンバーを入れる欄はありません。聞かれても入力しないでください。", "There is no field for a patient's PIN or My Number. Never type them, whoever asks.";
    }
}
