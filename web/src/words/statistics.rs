use super::words;

words! {
    /// Words of the figures of the site.
    pub struct StatisticsWords {
        title: "統計", "Statistics";
        from: "この日の週から", "From the week of";
        to: "この日の週まで", "to the week of";
        show: "表示", "Show";
        weeks_4: "4週", "4 weeks";
        weeks_13: "13週", "13 weeks";
        weeks_26: "26週", "26 weeks";
        weeks_52: "52週", "52 weeks";
        range: "期間", "Period";
        whole_weeks: "月曜日から日曜日までの週単位で数えます。", "Counted in whole weeks, Monday to Sunday.";
        wrong_range: "期間を読めません。日付は 2026-03-02 の形で、始まりが終わりより前、長くて2年までです。最近13週を表示しています。", "That period cannot be read. Give days as 2026-03-02, the first before the last, two years at most. The last 13 weeks are shown.";
        in_short: "まとめ", "In short";
        visits: "受付", "Visits";
        received: "確認できた受付", "Received";
        median: "到着から受付まで（中央値）", "Arrival to acceptance, median";
        p90: "到着から受付まで（9割の方）", "Arrival to acceptance, nine in ten";
        in_full: "10割を求めた受付", "Asked for 100 %";
        none_should: "0件が目標です", "There should be none";
        left: "受診せずに帰られた方", "Left without care";
        not_measured: "まだありません", "none yet";
        troubles: "不具合（全国調査の13分類）", "Troubles, in the survey's thirteen categories";
        troubles_how: "この施設は「その不具合に当たった受付の割合」、全国調査（2025年2〜4月、保団連、9,741施設）は「一度でも経験した施設の割合」です。物差しが違うため、どの不具合が多いかの並びを比べてください。", "Here: the share of visits that met it. The survey (February to April 2025, 9,741 sites): the share of sites that ever met it. The measures differ: compare which troubles lead, not the heights.";
        category: "分類", "Category";
        here: "この施設の受付", "Visits here";
        share: "受付に占める割合", "Share of visits";
        sites: "全国調査の施設", "Sites in the survey";
        beside: "調査の表にないもの", "What the survey's table does not ask";
        by_week: "週ごと", "By week";
        by_counter: "窓口ごと", "By counter";
        by_hour: "時間帯ごと（来られた時刻）", "By hour of arrival";
        by_reader: "読取機ごと（読取機が知らせた接続不良・認証エラー）", "By reader: connection and recognition errors they told of";
        no_reader: "読取機からの知らせはありません。", "No reader told of any.";
        reader: "読取機", "Reader";
        total: "計", "Total";
        all_visits: "受付の数", "Visits";
        no_counter: "窓口名なし", "no name";
        evidence: "確認方法の割合", "What visits were received on";
        no_evidence: "この期間に受け付けた方はいません。", "Nobody was received in this period.";
        reasons: "理由（新しい順・50件まで）", "Reasons, newest first, at most 50";
        reason: "理由", "Reason";
        day: "受診日", "Visit";
        counter: "窓口", "Counter";
        open_visit: "受付を開く", "Open the visit";
        files: "協会・保守業者に渡す数字", "Figures for the association and the vendor";
        files_how: "件数だけのファイルです。患者さんの情報・理由の文・窓口の名前は入りません。1〜4件の欄は「<5」、その欄を逆算できる隣の欄は「-」に置き換えます。", "Counts only: no patient, no reason, no name of a counter. Cells of 1 to 4 become “<5”, and a cell from which such a one could be worked out becomes “-”.";
        csv: "CSV（UTF-8・BOM付き）", "CSV (UTF-8 with BOM)";
        seconds: "秒", "s";
        minutes: "分", "min";
    }
}
