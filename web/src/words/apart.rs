super::words! {
    /// Words about what counters wrote while they were cut off from each other.
    pub struct ApartWords {
        title: "見比べが必要なもの", "Needs a look";
        intro: "受付どうしの通信が切れている間に、別々の窓口で入力された内容です。どちらも消えていません。見比べて、正しい方を選んでください。", "Entered at different counters while they could not reach each other. Nothing was lost. Compare, and say which is right.";
        empty: "見比べが必要なものはありません。", "Nothing needs a look.";
        disagree: "窓口どうしで内容が食い違っています", "Counters say different things";
        in_force: "今はこちらを使用", "in use for now";
        recorded: "記録", "Recorded";
        source: "もと", "From";
        right: "こちらが正しい", "This one is right";
        double_visits: "同じ方の受付が同じ日に2つあります", "Two check-ins of one patient on one day";
        double_visits_why: "同じ来院を2つの窓口で入力したなら、続ける方を選んでください。入力した内容・照会・回答は続ける方にまとまり、請求は1回になります。診療科が違うなど別の受付なら、別々のままにします。", "If one visit was entered at two counters, choose the one that goes on: what was entered, asked and answered comes together there and is claimed once. Two departments, or a second time, stay two visits.";
        double_patients: "同じ方かもしれない患者の記録が2つあります", "Two records that may be of one person";
        double_patients_why: "カナと生年月日が同じです。住所や保険も見比べ、同じ方と確かめられたときだけまとめてください。", "Kana and birth date agree. Compare address and insurance too, and merge only if you are sure.";
        keep: "この記録を続ける", "Go on with this one";
        two_visits: "別々の受付のままにする", "They are two visits";
        two_patients: "別の患者さん（まとめない）", "They are two patients";
        goes_on_visit: "この受付は別の受付にまとめられました。続きはこちら：", "This check-in goes on in another one:";
        goes_on_patient: "この患者の記録は別の記録にまとめられました。続きはこちら：", "This record goes on in another one:";
        open: "まとめ先を開く", "Open it";
        merged_visit: "別の窓口の受付をここにまとめてあります", "Another check-in was merged into this one";
        merged_patient: "別の患者記録をここにまとめてあります", "Another record was merged into this one";
        open_other: "まとめた記録を見る", "See the merged one";
        undo: "間違いだったので、別々に戻す", "It was a mistake: make them two again";
        nameless: "（氏名未記入）", "(no name yet)";
        number: "番", "No.";
        patient_number: "診察券番号", "Clinic number";
        received_today: "今日すでに受付があります", "Checked in today already";
        again: "今日すでに同じ方の受付があります。その受付を開くか、別の受付（別の診療科・2回目の来院）なら下のボタンで受け付けてください。まだ何も保存していません。", "This patient was checked in today already. Open that check-in, or, if this is another visit (another department, a second time), go on below. Nothing has been saved yet.";
        again_go: "別の受付として受け付ける", "Check in as another visit";
        again_open: "今ある受付を開く", "Open the check-in that is there";
        board_differs: "食い違い", "differs";
        board_double: "二重受付？", "entered twice?";
    }
}
