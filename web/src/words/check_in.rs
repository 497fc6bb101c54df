super::words! {
    /// Words of the check-in page.
    pub struct CheckInWords {
        title: "新しい受付", "Check in";
        search: "探す", "Search";
        hits: "見つかった患者さん", "Patients found";
        hits_hint: "↑↓で選び、Enterで受付します。見せてもらったものの英字を押すと、それで受付します。", "Choose with ↑ and ↓; Enter checks in, or the letter of what was shown.";
        none: "見つかりませんでした。下の「はじめての患者さん」に進んでください。", "Nobody found. Go on with “New patient” below.";
        too_many: "50人まで表示しています。言葉を足すと絞り込めます。", "Showing 50. Add a word to narrow it down.";
        receive: "受付する", "Check in";
        last_visit: "前回", "Last visit";
        confirmed: "確認", "Confirmed";
        first: "初診", "First visit";
        number: "診察券", "Clinic no.";
        care: "配慮", "Care";
        new_patient: "はじめての患者さん", "New patient";
        new_patient_hint: "カードの券面を見て、わかる範囲で入力します。生年月日とカナがあると照合できます。", "From the card face, as far as you can. Kana and birth date make matching possible.";
        new_go: "はじめての患者さんとして受付", "Check in as a new patient";
        more: "受付の場所など", "Place and counter";
    }
}
