super::words! {
    /// Words of the frame and of the error pages.
    pub struct FrameWords {
        product: "受付", "Uketsuke";
        demo: "練習用の架空の診療所です。実在の人の情報は入れないでください。", "A practice clinic with invented people. Enter nobody real.";
        skip: "本文へ", "Skip to the content";
        navigation: "メニュー", "Menu";
        board: "今日の受付", "Today";
        check_in: "新しい受付", "Check in";
        follow_ups: "要対応", "Follow-ups";
        claims: "月末の請求", "Claims";
        queue: "照会の列", "Queue";
        links: "機器と回線", "Links";
        shelf: "届いた回答", "Shelf";
        devices: "読取機", "Readers";
        card_left: "カードが読取機に残っています。持ち主にお返しください。", "A card was left in a reader. Give it back to its owner.";
        rules: "ルール", "Rules";
        practice: "練習の操作盤", "Practice controls";
        links_state: "つながりの状態", "State of the links";
        clock_wrong: "この受付機の時計が合っていません。", "The clock of this box is wrong.";
        clock_shows: "時計の表示：", "It shows";
        clock_go_on: "受付はできますが、受診日を必ず確かめてください（資格や負担割合は受診日で決まります）。責任者に時計合わせを頼んでください。", "Go on receiving patients, but check the date of every visit: coverage and share are decided by it. Ask the person in charge to set the clock.";
        outage_title: "機器・回線の不具合です。患者さんのせいではありません。", "A fault of equipment or line. It is not the patients' fault.";
        outage_go_on: "受付は止めずに続けられます。いつもの負担割合で受診できます。", "Go on receiving patients; they pay their usual share.";
        outage_sheet: "患者さん向けの案内を印刷", "Sheet for patients, to print";
        sign_out: "サインアウト", "Sign out";
        other_language: "English", "日本語";
        stale: "画面の更新が止まっています。入力はそのまま続けられます。つながりしだい更新します。", "This page is not being updated. Keep typing; it will catch up when the box answers.";
        signed_out: "サインインの期限が切れました。入力中の内容は、このまま送ればサインインのあとに引き継がれます。", "You are signed out. Send what you are typing: it is kept while you sign in.";
        sending: "送っています…", "Sending…";
        not_found: "ページが見つかりません", "Page not found";
        not_found_why: "受付や患者さんが別の画面で整理されたか、アドレスが違います。記録は消えていません。", "It may have been put elsewhere, or the address is wrong. No record was lost.";
        wrong_method: "この開き方はできません", "This page cannot be opened like that";
        wrong_method_why: "ボタンから操作してください。何も変わっていません。", "Use the button on the page. Nothing was changed.";
        form_expired: "この画面は古くなっています", "This form is too old";
        form_expired_why: "保存していません。前の画面に戻って更新し、もう一度送ってください。入力した内容は前の画面に残っています。", "Nothing was saved. Go back, reload and send it again; what you typed is still there.";
        already_sent: "この画面はすでに送られています", "This form was sent before";
        already_sent_why: "二重に登録しないよう止めました。受付の画面で、前に送った内容が入っているか確かめてください。", "It was stopped so that nothing is entered twice. Look at the visit: what was sent first stands there.";
        too_large: "大きすぎて受け取れません", "Too large to take";
        too_large_why: "保存していません。前の画面に戻って短くしてください。", "Nothing was saved. Go back and make it shorter.";
        bad_form: "受け取れない形でした", "That could not be read";
        bad_form_why: "保存していません。画面を開き直してください。", "Nothing was saved. Open the page again.";
        too_many: "サインインの試行が多すぎます", "Too many attempts to sign in";
        too_many_why: "1分ほど待ってからもう一度お試しください。受付の記録は安全です。", "Wait a minute and try again. All records are safe.";
        unavailable: "記録を読み書きできません", "The record cannot be read or written";
        unavailable_why: "今送った内容は保存されていない可能性があります。保存済みの記録は残っています。紙に控えて、責任者に知らせてください。", "What you just sent may not be kept; what was saved before is safe. Note it on paper and tell the person in charge.";
        broken: "この画面で不具合が起きました", "Something broke on this page";
        broken_why: "保存済みの記録は残っています。受付一覧から続けてください。", "What was saved is safe. Go on from the board.";
        back_to_board: "今日の受付に戻る", "Back to today's board";
        new_check_in: "新しい受付を始める", "Start a new check-in";
        reload: "もう一度開く", "Open again";
        sheet_title: "本日ご来院の皆さまへ", "To our patients today";
    }
}
