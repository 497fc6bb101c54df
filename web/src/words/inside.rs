use super::words;

words! {
    /// Words about the look over the whole box.
    pub struct DoctorWords {
        title: "点検", "Check-up";
        intro: "受付機のすべての部分を調べた結果です。何も直さず、何も変えません。患者さんの情報は含まれません。", "Every part of the box, looked at just now. Nothing is repaired or changed; nothing about patients is in it.";
        made: "調べた日時", "Looked at";
        again: "もう一度調べる", "Look again";
        all_well: "すべて良好です。", "All is well.";
        to_look: "注意が要るところ", "Want attention";
        to_mend: "異常", "Do not work";
        part: "どこ", "Part";
        finding: "結果", "Found";
        seen: "調べたこと", "What was looked at";
        cause: "原因", "Cause";
        cure: "対処", "What to do";
        good: "良好", "good";
        aside: "対象外", "not here";
        look: "注意", "look";
        bad: "異常", "fault";
        ledger: "機器台帳", "Ledger of devices";
        support: "サポート用の束", "Support bundle";
        fresh: "1分以内の結果はそのまま表示します。", "A result less than a minute old is shown again.";
    }
}

words! {
    /// Words about the ledger of devices.
    pub struct LedgerWords {
        title: "機器台帳", "Ledger of devices";
        intro: "この施設の受付機と、つながっている機器の一覧です。点検や棚卸し、監査の資料に使えます。", "The boxes of this site and what hangs on them, for inspections and inventories.";
        file: "CSVをダウンロード", "Download CSV";
        kind: "種類", "Kind";
        name: "名前", "Name";
        model: "機種", "Model";
        serial: "製造番号・ID", "Serial or id";
        firmware: "版", "Version";
        place: "場所", "Place";
        since: "いつから", "Since";
        seen: "最後に確認", "Last seen";
        state: "状態", "State";
        none: "まだ何もありません。", "Nothing yet.";
        components: "ソフトの部品表（SBOM）", "Components of the software (SBOM)";
        of_image: "この箱全体の部品表です。", "It covers the whole image of this box.";
        of_program: "この受付ソフトの部品表です。箱の基本ソフトの部品表は、専用の箱だけが持っています。", "It covers this program. Only the box image carries a list of its whole system.";
        count: "部品の数", "Components";
        components_file: "SPDXをダウンロード", "Download SPDX";
    }
}

words! {
    /// Words about the support bundle.
    pub struct SupportWords {
        title: "サポート用の束", "Support bundle";
        intro: "業者に送るための資料です。版、設定（秘密を除く）、点検の結果、数値、ソフト自身の記録だけが入り、患者さんの情報は入りません。自動では送りません。中を読んでからダウンロードし、人の手で送ってください。", "For whoever mends this box: versions, settings without secrets, the check-up, figures and the program's own log. Nothing about patients, and nothing is sent by itself: read it, download it, send it by hand.";
        make: "束を作る", "Put it together";
        again: "作り直す", "Put together anew";
        gone: "この束はもう残っていません。作り直してください。", "This bundle is not kept any more. Put it together anew.";
        review: "中身を確かめる", "Read what is in it";
        review_hint: "ファイルを開いて読み、送りたくないものは外してください。ダウンロードするのは、ここで読んだものと同じです。", "Open and read each file; take out what you do not want to send. What is downloaded is what you read here.";
        include: "入れる", "Include";
        made: "作った日時", "Made";
        bytes: "バイト", "bytes";
        confirm: "中身を読みました。送ってよいものだけが入っています。", "I have read it; only what may be sent is in it.";
        not_confirmed: "中身を読んだことを確かめてください。まだ何もダウンロードしていません。", "Confirm that you have read it. Nothing was downloaded yet.";
        download: "ダウンロード（ZIP）", "Download (ZIP)";
    }
}
