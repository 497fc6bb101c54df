use super::words;

words! {
    /// Words of the board.
    pub struct BoardWords {
        title: "今日の受付", "Today's board";
        other_day: "受付", "Board";
        start: "新しい受付を始める", "Start a check-in";
        print_list: "一覧を印刷", "Print the list";
        print_blank: "手書き用を印刷", "Print a blank sheet";
        empty: "まだ受付がありません。", "No visits yet.";
        empty_hint: "最初の患者さんが来たら「新しい受付を始める」を押してください。", "Press “Start a check-in” when the first patient comes.";
        number: "番号", "No.";
        time: "時刻", "Time";
        patient: "患者さん", "Patient";
        status: "状態", "Status";
        evidence: "確認方法", "Received on";
        ratio: "負担", "Share";
        to_do: "要対応", "To do";
        waiting: "照会中", "asking";
        nameless: "（氏名未記入）", "(no name yet)";
        before: "前の日", "Day before";
        after: "次の日", "Day after";
        today: "今日", "Today";
        on_shelf: "受付に結び付いていない回答", "Answers nobody has claimed";
        due: "今日までの要対応", "Follow-ups due";
        stuck: "人の手が要る照会", "Questions that need a person";
        to_look_at: "窓口どうしの見比べが必要なもの", "Entered at two counters: compare";
        attention: "お知らせ", "Attention";
        caption: "新しい順", "Newest first";
        family: "家族", "Family";
    }
}

words! {
    /// Words of the follow-up list.
    pub struct FollowUpWords {
        title: "要対応の一覧", "Follow-ups";
        empty: "要対応はありません。", "Nothing to do.";
        due_now: "今日まで", "Due now";
        later: "これから", "Later";
        due: "期限", "Due";
        visit: "受付", "Visit";
        done: "対応済み", "Done";
        nameless: "（氏名未記入）", "(no name yet)";
        filter: "期限で絞る", "By the day it is due";
        all: "すべて", "All";
        overdue: "期限を過ぎた", "Overdue";
        week: "7日以内", "Within a week";
        kinds: "種類で絞る", "By kind";
        mine: "自分の担当", "Mine";
        everybody: "全員", "Everybody";
        assigned: "担当：", "To be done by: ";
        take: "自分が担当する", "I do it";
        assign: "担当を決める", "Say who does it";
        snooze: "待たせる", "Let it wait";
        waits: "保留中：", "Waits: ";
        amount: "金額を記録", "Note the amount";
        open_amount: "（まだ精算していない）", "(not settled yet)";
        yen_open: "金額：", "Amount: ";
        phone: "電話：", "Phone: ";
        no_phone: "電話番号は一覧にありません", "not in the directory";
        insurer: "保険者", "Insurer";
        directory: "保険者の電話一覧", "Directory of insurers";
        ask_all: "この画面の受付をまとめて照会し直す", "Ask again for all visits on this page";
        asking: "照会中", "being asked";
        more: "続きを見る", "Show more";
        first: "最初から", "From the beginning";
        work: "担当・保留・金額", "Who, when, how much";
    }
}

words! {
    /// Words of the queue.
    pub struct QueueWords {
        title: "照会の列", "Queue of questions";
        intro: "回線が戻ると自動で送ります。急ぐときだけ「今すぐ送る」を押してください。", "Everything is sent by itself when the line is back. Use “send now” only when in a hurry.";
        empty: "待っている照会はありません。", "Nothing is waiting.";
        send_all: "全部を今すぐ送る", "Send all now";
        send: "今すぐ送る", "Send now";
        ask_again: "もう一度聞く", "Ask once more";
        withdraw: "取り下げ", "Withdraw";
        age: "待ち時間", "Age";
        attempts: "回", "tries";
        done_today: "今日終わったもの", "Ended today";
        waits_for: "つながるのを待っています：", "Waits for: ";
        waits_until: "次に送る時刻：", "Next try at ";
        asked_since: "端末に渡しました。回答待ち：", "Handed to the terminal, waiting since ";
        needs_person: "人の判断が必要です", "Needs a person";
        waits_for_others: "ほかを待っています", "Waits for others";
        last_problem: "前回の問題：", "Last problem: ";
        open: "待っている照会", "Waiting";
        history: "受診歴・資格を調べる", "Look up a visit history";
        history_hint: "この箱の記録にあればすぐ答えます。なければ書き留めて、つながったら照会します。", "Answered at once from this box when it can be; else written down and asked later.";
        history_go: "調べる", "Look up";
        need_keys: "カナと生年月日、診察券番号、または保険者番号と番号のどれかを入れてください。", "Enter kana and birth date, or the clinic number, or insurer and insured number.";
    }
}

words! {
    /// Words of the link page.
    pub struct LinkWords {
        title: "機器と回線", "Links";
        now: "今の状態", "Now";
        probed: "最後に確かめた時刻", "Last probed";
        unpicked: "端末が受け取っていない依頼", "Requests the terminal has not picked up";
        oldest: "最も古いもの", "oldest";
        journal: "不具合の記録", "Outage journal";
        from: "いつから", "From";
        until: "いつまで", "Until";
        still: "続いています", "still so";
        link: "つながり", "Link";
        state: "状態", "State";
        cause: "原因", "Cause";
        lasted: "長さ", "Lasted";
        empty: "記録はありません。", "Nothing happened.";
        detail: "技術者向け", "For the technician";
        sheet: "患者さん向けの案内（印刷用）", "Sheet for patients, to print";
        report: "不具合の報告書（業者向け・印刷用）", "Fault report for vendors, to print";
        disaster: "災害時の機能", "Disaster function";
        call_sheet: "問い合わせ票（PDF）", "Call sheet (PDF)";
    }
}

words! {
    /// Words of the shelf.
    pub struct ShelfWords {
        title: "届いた回答", "Answers on the shelf";
        intro: "どの受付のものか決まっていない回答です。受付に結び付けるか、片付けてください。", "Answers that belong to no visit yet. Give each to its visit, or put it away.";
        empty: "ここには何もありません。", "The shelf is empty.";
        assign: "この受付に結び付ける", "It belongs to this visit";
        put_away: "片付ける（だれのものでもない）", "Put away (nobody's)";
        came: "届いた時刻", "Came at";
        file: "ファイル名", "File";
        no_candidates: "合いそうな受付がありません。先に受付を始めてください。", "No visit fits. Start a check-in first.";
    }
}

words! {
    /// Words of the patient page.
    pub struct PatientWords {
        title: "患者の記録", "Patient's record";
        person: "ご本人", "Person";
        number: "診察券番号", "Clinic number";
        no_number: "未登録", "none";
        care: "配慮メモ", "Care note";
        insurance: "保険の記録", "Insurance on file";
        none: "保険の記録はまだありません。", "No insurance on file yet.";
        newest: "今使うもの", "in use";
        as_received: "全国システムの表記", "As received";
        correct: "●や異体字を直す", "Correct ● or a variant";
        correct_hint: "一度直せば次回から領収書・処方箋・請求にこの表記を使います。届いた表記も残します。", "Typed once, used at every later visit; the received form is kept too.";
        visits: "受付の記録", "Visits";
        no_visits: "受付の記録はありません。", "No visits.";
        save: "保存", "Save";
        receive: "この患者さんを受付する", "Check in this patient";
        invalid_since: "「無効」表示が続いています：", "Shown as invalid since ";
        certificate: "電子証明書の期限", "Certificate expires";
        shown_on: "カード等の提示（最後）", "Card or certificate last shown";
        add_insurance: "書面から保険を登録", "Enter insurance from a paper";
        edit: "直す・書き足す", "Correct or add";
    }
}

words! {
    /// Words of the rule list.
    pub struct RuleWords {
        title: "日付のあるルール", "Dated rules";
        intro: "受付の日で判断します。終わりの日は変わることがあるため、設定で動かせます。", "Decided by the day of the visit. End dates move; they are settings.";
        version: "ルール表の版", "Rule list";
        rule: "ルール", "Rule";
        from: "いつから", "From";
        to: "いつまで", "To";
        source: "根拠", "Source";
        open_end: "定めなし", "no end known";
        open_start: "以前から", "always";
        today: "今日", "Today";
        in_force: "有効", "in force";
        not_yet: "これから", "not yet";
        over: "終了", "over";
        day_unknown: "日は設定（出典は月まで）", "day is a setting; the source gives the month";
    }
}

words! {
    /// Words of the practice controls.
    pub struct PracticeWords {
        title: "練習の操作盤", "Practice controls";
        intro: "練習用の診療所だけの画面です。つながりを切ったり、カードを置いたりできます。", "Only in the practice clinic: cut links, deal cards.";
        links: "つながりを切る・戻す", "Cut and restore links";
        cut: "切る", "Cut";
        restore: "戻す", "Restore";
        faults: "そのほかの不具合", "Other faults";
        on: "入", "On";
        off: "切", "Off";
        cast: "カードを置く人", "Whose card to put on the reader";
        face: "顔認証で", "by face";
        pin: "暗証番号で（読取機で本人が入力）", "by PIN, at the reader";
        visual: "目視で", "by visual check";
        refused: "読取機の画面：", "The reader says: ";
        dealt: "カードを置きました。", "The card is on the reader.";
        papers: "持ち物", "Holds";
        to_check_in: "この人を受付で探す →", "Find this person at check-in →";
    }
}
