use super::words;

words! {
    /// Words of the round of a facility.
    pub struct RoundWords {
        title: "施設の巡回", "Facility round";
        intro: "これまで巡回で受け付けた方の一覧です（施設名と居室は受付の「場所」から）。今日診る方に印を付けて、まとめて受け付けます。資格の確認は、受け付けたあとにお一人ずつ行います。", "Residents received on earlier rounds; facility and room are the place written at the visit. Tick whom you see today and receive them together. Coverage is confirmed one by one afterwards.";
        first_time: "初めての方は「初めての方を受け付ける」から、場所を「施設名 居室」（間を空ける）と書いて受け付けます。次からこの一覧に出ます。", "Receive a new resident by the button, with the place written as \"facility room\" (a space between). From then on the person stands here.";
        new: "初めての方を受け付ける", "Receive a new resident";
        none: "巡回の記録はまだありません。", "No round was made yet.";
        no_name: "施設名の記録がない方", "Without the name of a facility";
        part: "組", "part";
        residents: "入居者", "residents";
        still: "今日まだの方", "not received today";
        running_out: "資格確認書の期限が近い・切れた方", "certificates ending or over";
        caption: "入居者の一覧", "Residents";
        seen: "今日診る", "Seen today";
        room: "居室", "Room";
        resident: "入居者", "Resident";
        confirmed: "最後の確認", "Last confirmed";
        certificate: "資格確認書の期限", "Certificate until";
        card: "カードの電子証明書", "Card certificate until";
        today: "今日の受付", "Today";
        not_seen: "記録なし", "none on file";
        ends_soon: "まもなく期限", "ends soon";
        ended: "期限切れ", "over";
        helper: "代わりに答えた方・付き添いのお名前（施設の職員など）", "Who answered for them (staff of the facility or the like)";
        all: "まだの方全員に印を付ける", "Tick everybody not received yet";
        receive: "印を付けた方を受け付ける", "Receive whom you ticked";
        nobody_ticked: "受け付ける方に印を付けてください。", "Tick whom you want to receive.";
        no_pin: "顔写真を目で見て確かめる方法（目視）は、暗証番号が分からない方にも使えます。お一人ずつの画面に順番が出ます。", "Comparing the face with the photo works for residents who do not know their PIN. The page of each visit shows the ways in order.";
        expiry_hint: "期限が近い資格確認書は、保険者（広域連合・市区町村など）から新しいものが届いているか施設に聞いてください。", "Where a certificate ends soon, ask the facility whether the insurer has sent the next one.";
    }
}
