use super::words;

words! {
    /// Words of the page of the counters.
    pub struct CounterWords {
        title: "窓口の一覧", "Counters";
        intro: "窓口ごとに、患者さんをどこで・どうやって受け付けるかを決めておきます。その窓口で始めた受付には、その場所で使える確認の方法だけが順に出ます。", "Each counter says where and how patients are received. A check-in made there offers the ways that are lawful at that place, in order.";
        here: "この画面の窓口", "This screen stands at";
        nowhere: "まだ選んでいません", "not chosen yet";
        use_here: "この画面の窓口にする", "This screen stands here";
        is_here: "この画面の窓口です", "This screen stands here";
        none: "窓口はまだ登録されていません。管理者が下の欄で作ります。", "No counter yet. A manager makes them below.";
        reader: "顔認証カードリーダー", "Face reader";
        has_reader: "あり", "yes";
        no_reader: "なし", "no";
        ways: "カードを持った患者さんに出る順番（今日）", "What is offered to a patient with a card, in order (today)";
        new: "窓口を作る", "Make a counter";
        change: "変える", "Change";
        save: "保存する", "Save";
        remove: "使うのをやめる", "Do not use it any more";
        letter: "この箱が出す整理番号の文字", "Letter of the numbers this box hands out";
        no_letter: "最初の番号を出したときに決まります", "taken with the first number";
        only_manager: "窓口を作る・変えるのは管理者だけです。", "Only managers make and change counters.";
        trail: "操作の記録の窓口名は、次にサインインか交代をしたときから変わります。", "The trail uses the new name from the next sign-in or switch on.";
        to_line: "待合の番号へ", "To the waiting line";
        to_arrivals: "事前の同意へ", "To the consents given in advance";
    }
}

words! {
    /// Words of the waiting line.
    pub struct LineWords {
        title: "待合の番号", "Waiting line";
        display: "番号の表示板を開く", "Open the wall display";
        counters: "窓口の一覧", "Counters";
        at: "この画面の窓口：", "This screen stands at: ";
        keys: "キー：T 番号を出す　N 次を呼ぶ　S 受付を始める　D 対応済み　M 不在　R もう一度呼ぶ　B 保留の先頭が戻った　1〜6 理由を付けて保留", "Keys: T take a number, N call the next, S start the check-in, D done, M did not come, R call again, B the first aside is back, 1 to 6 wait aside with that reason";
        take: "番号を出す", "Take a number";
        taken: "番号を出しました：", "Number handed out: ";
        next: "次を呼ぶ", "Call the next";
        here: "この窓口で呼び出し中", "Called to this counter";
        nobody_here: "呼んでいる番号はありません。", "No number is called here.";
        start: "受付を始める", "Start the check-in";
        done: "対応済み", "Done";
        missed: "不在", "Did not come";
        again: "もう一度呼ぶ", "Call again";
        aside: "保留にする理由", "Let it wait aside because";
        waiting: "待っている番号", "Waiting";
        none: "待っている番号はありません。", "No number waits.";
        call: "呼ぶ", "Call";
        left: "帰られた", "Left";
        parked: "保留の番号", "Waiting aside";
        back: "戻った", "Is back";
        elsewhere: "ほかの窓口で呼び出し中", "Called to other counters";
        both: "2つの窓口で呼ばれました。片方で受付を始めてください。", "Called to two counters. Start the check-in at one of them.";
        ended: "今日終わった番号", "Ended today";
        minutes: "分", "min";
        slip: "番号札を印刷", "Print the slip";
        visit: "受付", "Visit";
        slip_keep: "番号が呼ばれるまでお待ちください。", "Please wait until your number is called.";
        your_number: "整理番号", "Your number";
        return_to: "待合の番号に戻る", "Back to the waiting line";
        print_hint: "ブラウザーの印刷（Ctrl+P）で印刷します。お名前は載りません。", "Print with your browser (Ctrl+P). It names nobody.";
    }
}

words! {
    /// Words of the board of consents given from afar.
    pub struct ArrivalWords {
        title: "事前の同意（居宅同意取得型）", "Consents given in advance";
        intro: "マイナ在宅受付Webやマイナ資格確認アプリで、来院前や車内で同意した方の一覧です。資格確認端末の一覧か患者さんの申し出を見て、職員が入力します。", "Patients who consented on the web or in the app before they came, or in the car. Staff enter them from the list of the terminal or from what the patient says.";
        rule: "診療・薬剤情報を見られるのは、同意の登録から24時間です。訪問診療では、取り消されるまで続きます。", "Medical data can be seen for 24 hours from the consent. At home visits it continues until it is taken back.";
        none: "待っている同意はありません。", "No consent waits.";
        received: "端末で受信済み", "Received by the terminal";
        not_received: "未受信：患者さんの申し出だけ", "Not received: only the patient says so";
        mark_received: "端末の一覧で確かめた", "Seen on the terminal's list";
        mark_missing: "一覧にない", "Not on the list";
        arrived: "来院済み", "Arrived";
        not_arrived: "まだ来ていません", "Not arrived yet";
        start: "受付を始める", "Start the check-in";
        left: "残り", "Left:";
        runs_out: "まもなく切れます：残り", "Runs out soon, left:";
        over: "24時間を過ぎました。もう一度同意をお願いしてください（資格の確認はできます）。", "More than 24 hours old. Ask for a new consent; eligibility can still be confirmed.";
        continues: "継続（取り消されるまで）", "Continues until it is taken back";
        given: "同意", "Consent";
        planned: "受診の予定", "Planned for";
        end: "一覧から外す", "Take off the list";
        enter: "同意した方を入力する", "Enter a consent";
        save: "保存する", "Save";
        way_web: "マイナ在宅受付Web（暗証番号）", "マイナ在宅受付Web (PIN)";
        way_app: "マイナ資格確認アプリ（暗証番号・目視）", "マイナ資格確認アプリ (PIN or visual)";
    }
}

words! {
    /// Words of where a check-in comes from, and of families.
    pub struct OriginWords {
        from_number: "整理番号から受付します", "Check-in from a waiting number";
        from_consent: "事前の同意から受付します", "Check-in from a consent given in advance";
        from_family: "家族を続けて受付します", "One more of the family";
        family_lead: "住所を引き継ぎました。お子さん本人のカードで、1人ずつ確認します。保護者が連れてきたときは、資格確認書の写しは使えません。小さなお子さんは顔認証が通りにくいので、目視確認から始めます。", "The address is carried over. Each is confirmed by a card of their own. Copies of the certificate do not count when a parent brings the child. Faces of small children seldom match: begin with the visual check.";
        first: "最初の方", "First";
        photo: "来院前の同意は、到着時に本人かどうかを確かめます。", "A consent given in advance needs a look at the person on arrival.";
        gone: "この整理番号・同意・家族の受付は見つかりません。下の欄で探してください。", "That number, consent or family is not there. Search below.";
        at_counter: "この窓口の種類：", "Kind of this counter: ";
        add: "家族をもう1人受付する", "Check in another of the family";
        family: "一緒に来た家族", "The family that came together";
        same_insurance: "家族と同じ保険かもしれません", "It may be the same insurance as the family's";
        same_insurance_hint: "書面かカードで確かめてください。確かめた番号で全国システムに照会し、その回答だけを使います。枝番は人ごとに違うので引き継ぎません。", "Look at the paper or the card first. The national service is asked by these numbers, and only its answer counts. The branch number differs for each person and is not carried over.";
        ask_same: "確かめた。この番号で照会する", "Compared: ask by these numbers";
        place: "場所", "Place";
    }
}
