//! Every field of the desk with its words and its limit.

use super::Field;

pub const SEARCH: Field = Field::new("q", "患者さんを探す", "Find a patient", 80).hint(
    "カナ・生年月日（S39.10.10 など）・診察券番号・記号や番号。空白で区切ると絞り込めます。",
    "Kana, birth date (S39.10.10 or 1964-10-10), clinic number, symbol or number. Spaces narrow it down.",
);

// the person
pub const NAME: Field = Field::new("name", "氏名", "Name", 60);
pub const NAME_KANA: Field = Field::new("name_kana", "カナ氏名", "Kana", 60);
pub const BIRTH_DATE: Field = Field::new("birth_date", "生年月日", "Birth date", 20)
    .hint("例：S39.10.10、昭和39年10月10日、19641010", "For instance S39.10.10, 昭和39年10月10日 or 1964-10-10");
pub const SEX: Field = Field::new("sex", "性別", "Sex", 1);
pub const ADDRESS: Field = Field::new("address", "住所（券面）", "Address (card face)", 120);
pub const PATIENT_NUMBER: Field = Field::new("patient_number", "診察券番号", "Clinic number", 20);
pub const CARE_NOTE: Field = Field::new("care_note", "配慮メモ", "Care note", 120).hint(
    "例：目視確認を希望、車いす、耳が遠い",
    "For instance: prefers the visual check, wheelchair, hard of hearing",
);
pub const CORRECTED_NAME: Field =
    Field::new("corrected", "正しい氏名（券面のとおり）", "True spelling (card face)", 60);

// the insurance
pub const INSURER_NUMBER: Field = Field::new("insurer_number", "保険者番号", "Insurer number", 10)
    .hint("8桁。国保は6桁。", "8 digits; 6 for national health insurance.");
pub const INSURER_OVERRIDE: Field = Field::new(
    "insurer_override",
    "書面を見直した。このとおり印字されている",
    "I looked again: it is printed like this",
    3,
)
.hint(
    "検証番号が合わないまま使います。月末の請求前に確認します。",
    "Used although its check digit does not fit; checked before the claim.",
);
pub const OVERRIDE_REASON: Field =
    Field::new("override_reason", "そのまま使う理由", "Why it is used all the same", 200).hint(
        "例：原本を2人で確認、市役所に電話で確認",
        "For instance: two of us looked, or the city confirmed by phone",
    );
pub const INSURER_NAME: Field = Field::new("insurer_name", "保険者名", "Insurer", 60);
pub const INSURED_SYMBOL: Field = Field::new("insured_symbol", "記号", "Symbol", 20);
pub const INSURED_NUMBER: Field = Field::new("insured_number", "番号", "Number", 20);
pub const BRANCH_NUMBER: Field = Field::new("branch_number", "枝番", "Branch", 2);
pub const PERSONAL_FAMILY: Field = Field::new("personal_family", "本人・家族", "Insured or family", 1);
pub const RATIO: Field = Field::new("ratio", "負担割合", "Share", 2);
pub const ISSUED_ON: Field = Field::new("issued_on", "交付年月日", "Issued on", 20);
pub const VALID_FROM: Field = Field::new("valid_from", "有効期間（開始）", "Valid from", 20);
pub const VALID_TO: Field = Field::new("valid_to", "有効期限", "Valid to", 20)
    .hint("書いていなければ空のまま（不明として扱います）", "Leave empty when not printed: kept as unknown");

// the public payers, in the order of the claim
pub static PUBLIC_PAYERS: [(Field, Field); domain::public_payer::PublicPayer::MOST] = [
    payer("payer_1", "recipient_1", ["公費1 負担者番号", "Public payer 1"], ["受給者番号", "Recipient number"]),
    payer("payer_2", "recipient_2", ["公費2 負担者番号", "Public payer 2"], ["受給者番号", "Recipient number"]),
    payer("payer_3", "recipient_3", ["公費3 負担者番号", "Public payer 3"], ["受給者番号", "Recipient number"]),
    payer("payer_4", "recipient_4", ["公費4 負担者番号", "Public payer 4"], ["受給者番号", "Recipient number"]),
];
pub const TAKE_PAYERS: Field = Field::new(
    "take_payers",
    "受給者証と見比べた。この公費を受付に記録する",
    "Compared with the certificate: keep these public payers with the visit",
    3,
);

const fn payer(
    payer: &'static str,
    recipient: &'static str,
    words: [&'static str; 2],
    recipient_words: [&'static str; 2],
) -> (Field, Field) {
    let number = Field::new(payer, words[0], words[1], 10);
    (number, Field::new(recipient, recipient_words[0], recipient_words[1], 10))
}

// at the desk
pub const PRESENTED: Field = Field::new("presented", "見せていただいたもの", "Shown at the desk", 40);
pub const IS_COPY: Field = Field::new("is_copy", "写し（コピー）です", "It is a copy", 3);
pub const COPY_OF: Field = Field::new("copy_of", "何の写しですか", "A copy of what", 40);
pub const FLOW: Field = Field::new("flow", "受付の場所", "Received at", 20);
pub const COUNTER: Field = Field::new("counter", "窓口", "Counter", 20);
pub const PLACE: Field =
    Field::new("place", "場所（車のナンバー・病室など）", "Place (number plate, room or the like)", 60);
pub const COUNTER_KIND: Field = Field::new("kind", "窓口の種類", "Kind of counter", 20);
pub const COUNTER_READER: Field = Field::new(
    "has_reader",
    "顔認証カードリーダーが使える（共用も含む）",
    "A face reader is within reach, of its own or shared",
    3,
)
.hint("訪問・施設の巡回では使えません", "Not in homes and facilities");
pub const CALL_NAME: Field = Field::new("name", "お名前（なくてもよい）", "Name (may be left out)", 60)
    .hint("職員の画面だけに出ます。表示板には番号だけが出ます。", "Only staff see it; the wall shows numbers alone.");
pub const CONSENT_WAY: Field = Field::new("consent_way", "同意の方法", "How consent was given", 20);
pub const CONSENT_DEVICE: Field = Field::new("consent_device", "使った端末", "Device", 10);
pub const CONSENT_HEARD: Field = Field::new("consent_heard", "何で知りましたか", "Known from", 20);
pub const CONSENTED_AT: Field = Field::new("consented_at", "同意した日時", "When it was given", 20);
pub const PLANNED_ON: Field = Field::new("planned_on", "受診の予定日", "Planned for", 20);
pub const CONSENT_END: Field = Field::new("consent_end", "外す理由", "Why it is taken off", 20);
pub const IDENTITY: Field = Field::new("identity", "到着時の本人確認", "Identity on arrival", 20);
pub const BROUGHT_BY: Field = Field::new("brought_by", "連れてきた方のお名前", "Who brought them", 60);
pub const PRESCRIPTION: Field = Field::new("prescription", "処方箋", "Prescription", 12);
pub const REASON: Field = Field::new("reason", "理由", "Reason", 200);
pub const NOTE: Field = Field::new("note", "どう対応したか", "What was done", 200);
pub const COMPANION: Field = Field::new("companion", "付き添い・代理", "Companion", 20);
pub const COMPANION_NAME: Field = Field::new("companion_name", "その方のお名前", "Name of the companion", 60);
pub const CERTIFICATE_EXPIRY: Field =
    Field::new("certificate_expiry", "電子証明書の有効期限", "Certificate expires on", 20)
        .hint("カード表面の「電子証明書の有効期限」", "Printed on the front of the card");
pub const CARD_REGISTERED: Field =
    Field::new("card_registered", "保険証としての利用登録", "Registered for insurance use", 3);

// the numbers of the card face (照合番号B) and what comes of them
pub const SURFACE_BIRTH: Field = Field::new("surface_birth", "券面の生年月日", "Birth date on the card", 20)
    .hint("「生」の前の日付。例：S39.10.10", "For instance S39.10.10 or 昭和39年10月10日");
pub const SURFACE_YEAR: Field = Field::new("surface_year", "カードの有効期限の年", "Year the card expires", 6)
    .hint("「○年○月○日まで有効」の年。西暦4桁", "The year of 「…まで有効」, four digits");
pub const SURFACE_CODE: Field = Field::new("surface_code", "セキュリティコード", "Security code", 8)
    .hint("カード表面に印字された4桁。暗証番号ではありません", "Four digits printed on the front. It is not a PIN");
pub const LAST_TRY: Field =
    Field::new("last_try", "数字を見比べた。最後の1回を使う", "I compared the numbers: use the last try", 3);
pub const NOTE_CARD: Field = Field::new(
    "note_card",
    "カードの電子証明書の期限を受付に書き添える",
    "Note the expiry of the card's certificate with the visit",
    3,
);
pub const REMEMBER_CARD: Field = Field::new(
    "remember_card",
    "次回からこのカードを見分ける（患者さんが望まないときは外す）",
    "Recognise this card next time (untick when the patient does not want it)",
    3,
);
pub const ASK_BY_PRINTED: Field = Field::new(
    "ask_by_printed",
    "印字された番号で資格を照会する",
    "Ask the national service by the printed numbers",
    3,
)
.hint(
    "カードを読めないとき。回答が来るまで確認したことにはなりません",
    "When the card cannot be read; nothing is confirmed before the answer",
);

// cards that were found
pub const FOUND_THING: Field = Field::new("thing", "見つけたもの", "What was found", 30);
pub const FOUND_PLACE: Field = Field::new("found_place", "見つけた場所", "Where", 20);
pub const FOUND_DETAIL: Field = Field::new("detail", "場所を詳しく", "Where exactly", 60)
    .hint("例：窓口1の読取機。カードの番号は書きません。", "For instance: reader of desk 1. No number of the card.");
pub const FOUND_DAY: Field = Field::new("found_day", "見つけた日", "On", 20);
pub const FOUND_BY: Field = Field::new("found_by", "見つけた人", "Found by", 60);
pub const FOUND_OWNER: Field = Field::new("owner", "持ち主（診察券番号かカナ）", "Owner (clinic number or kana)", 40)
    .hint("分からなければ空のまま", "Leave empty when not known");
pub const HANDED_TO: Field = Field::new("to", "渡した相手", "Handed to", 60)
    .hint("例：ご本人、ご家族（長女）", "For instance: the owner, a daughter");
pub const HANDED_HOW: Field = Field::new("how", "どうやって確かめたか", "How the person was identified", 20);
pub const GIVEN_TO: Field = Field::new("office", "届け先", "Given to", 20);
pub const GIVEN_ON: Field = Field::new("given_on", "届けた日", "On", 20);
pub const RECEIPT: Field = Field::new("receipt", "受理番号など", "Number of the receipt", 60);

// the official outage and disaster screens
pub const SCREEN_SAID: Field = Field::new("screen_said", "画面に出た結果", "What the screen said", 1);
pub const PERSON_COMPARED: Field = Field::new(
    "person_compared",
    "画面の氏名・生年月日・性別を患者さんと見比べた。同じ方だった",
    "Name, birth date and sex on the screen were compared: the same person",
    3,
);
pub const SEARCHED_BY: Field = Field::new("searched_by", "何で検索したか", "Searched by", 20);
pub const LOOKED_UP_BY: Field = Field::new("looked_up_by", "照会した職員", "Who looked", 60)
    .hint("コールセンターに伝えた名前", "As told to the call centre");
pub const LOOKED_UP_AT: Field = Field::new("looked_up_at", "照会した日時", "When", 20);
pub const DISASTER_CONSENT: Field =
    Field::new("disaster_consent", "薬剤・診療情報を見ることへの同意", "Consent to look at medical data", 20);

// the declaration
pub const INSURANCE_KIND: Field =
    Field::new("insurance_kind", "保険はどちらから受け取りましたか", "Where did you get your insurance from?", 20);
pub const DOCUMENT_ISSUED: Field = Field::new(
    "document_issued",
    "保険の書面（資格確認書など）はもらっていますか",
    "Were you given a paper (certificate or the like)?",
    20,
);
pub const WORKPLACE: Field = Field::new("workplace", "会社・事業所名", "Workplace", 60);
pub const ISSUED_WHEN: Field = Field::new("issued_when", "いつ頃もらいましたか", "When was it issued?", 30);
pub const POSTAL_CODE: Field = Field::new("postal_code", "郵便番号", "Postal code", 8);
pub const PHONE: Field = Field::new("phone", "電話番号", "Phone", 20);
pub const OTHER_CONTACT: Field = Field::new("other_contact", "ほかの連絡先", "Another contact", 60);
pub const REMEMBERED_SYMBOL: Field =
    Field::new("remembered_symbol", "覚えている記号", "Symbol, as far as remembered", 20);
pub const REMEMBERED_NUMBER: Field =
    Field::new("remembered_number", "覚えている番号", "Number, as far as remembered", 20);
pub const SIGNER: Field = Field::new("signer", "署名する人", "Who signs", 20);
pub const SIGNER_NAME: Field = Field::new("signer_name", "署名する人のお名前", "Name of the signer", 60);
pub const RELATION: Field = Field::new("relation", "続柄", "Relation", 30);
pub const CONSENT_CONTACT: Field =
    Field::new("consent_contact", "確認のためご連絡してもよい", "You may contact me about this", 3);
pub const CONSENT_REQUERY: Field = Field::new(
    "consent_requery",
    "後日、資格をもう一度照会してもよい",
    "You may ask the national service again later",
    3,
);
pub const ON_PAPER: Field =
    Field::new("on_paper", "紙に署名し、その紙を保管した", "Signed on paper, and the paper is kept on file", 3);
pub const PAPER_FORM_NO: Field = Field::new("paper_form_no", "紙の用紙番号", "Number on the paper", 20).hint(
    "紙に別の番号が印刷されているときだけ。なければ上の用紙番号を紙に書きます。",
    "Only when another number is printed on it; else write the form number above on the paper.",
);
pub const KEPT_AT: Field = Field::new("kept_at", "紙の保管場所", "Where the paper lies", 50)
    .hint("例：申立書ファイル", "For instance: folder of declarations");
pub const STROKES: Field = Field::new("strokes", "署名", "Signature", 20_000);

// tablets
pub const TABLET_NAME: Field =
    Field::new("name", "タブレットの名前", "Name of the tablet", 20).hint("例：待合1", "For instance: waiting room 1");

// follow-ups and claims
pub const ASSIGN_TO: Field = Field::new("assign_to", "担当者", "To be done by", 40);
pub const UNTIL: Field = Field::new("until", "この日まで待つ", "Wait until", 20);
pub const WAIT_REASON: Field = Field::new("wait_reason", "待つ理由", "Why it can wait", 200);
pub const YEN: Field = Field::new("yen", "金額（円）", "Amount (yen)", 9);
pub const MONEY_WAY: Field = Field::new("way", "精算の方法", "How it was settled", 20);
pub const INSURERS: Field = Field::new("insurers", "保険者の一覧（CSV）", "List of insurers (CSV)", 60_000).hint(
    "1行に 保険者番号,名称,電話番号。前の一覧と入れ替わります。",
    "A line each: insurer number, name, phone. Replaces the list before.",
);
pub const REOPEN_REASON: Field = Field::new("reopen_reason", "締めを解く理由", "Why it is opened again", 200);
pub const RETURNED_ON: Field = Field::new("returned_on", "返戻の日", "Came back on", 20);
pub const RETURN_REASON: Field = Field::new("return_reason", "返戻の理由", "Why it came back", 40);
pub const RETURN_NOTE: Field = Field::new("return_note", "通知の内容", "What the notice says", 200);
pub const RETURN_OUTCOME: Field = Field::new("outcome", "どうなったか", "What became of it", 40);
pub const OUTCOME_NOTE: Field = Field::new("outcome_note", "どう対応したか", "What was done", 200);

// accounts
pub const ACCOUNT_NAME: Field = Field::new("account", "ユーザー名", "User name", 40);
pub const PASSWORD: Field = Field::new("password", "パスワード", "Password", 200);
pub const SECOND_FACTOR_CODE: Field = Field::new("second_factor_code", "確認コード", "Code", 40)
    .hint("認証アプリの6桁の数字、または復旧コード", "Six digits of your authenticator app, or a recovery code");
pub const NEW_PASSWORD: Field = Field::new("new_password", "新しいパスワード", "New password", 200)
    .hint("12文字以上。長い言葉の組み合わせがおすすめです。", "At least 12 characters; several words are good.");
pub const SWITCH_CODE: Field = Field::new("switch_code", "交代コード", "Switch code", 20)
    .hint("窓口で人が入れ替わるときに使います。6文字以上", "For taking over at a counter; at least 6 characters");
pub const SECRET_OF_PERSON: Field =
    Field::new("password", "交代コード（またはパスワード）", "Switch code (or password)", 200);
pub const COUNTER_NAME: Field = Field::new("counter", "この端末の名前", "Name of this counter", 20)
    .hint("例：第1窓口。操作の記録に残ります。", "For example: desk 1. It stands in the trail.");
pub const LOOK: Field = Field::new("look", "明るさ", "Light or dark", 8);
pub const STAFF_NAME: Field = Field::new("name", "名前", "Name", 40)
    .hint("サインインで入力し、画面に出る名前", "Typed to sign in and shown on the screen");
pub const EMERGENCY_CODE: Field = Field::new("emergency_code", "封筒のコード", "Code in the envelope", 40);
pub const EMERGENCY_WHO: Field = Field::new("who", "あなたの名前", "Your name", 40);
pub const EMERGENCY_REASON: Field = Field::new("reason", "使う理由", "Why", 200).hint(
    "例：責任者が不在でサインインできない。患者さんの名前は書かないでください。",
    "For example: nobody can sign in. Name no patient.",
);
pub const TRAIL_PATIENT: Field = Field::new("patient", "患者ID", "Patient id", 64);
pub const TRAIL_DAY: Field = Field::new("day", "日", "Day", 20);
pub const PASSKEY_NAME: Field =
    Field::new("passkey_name", "呼び名", "Its name", 40).hint("例：自分のスマートフォン", "For example: my phone");
pub const PASSWORD_AGAIN: Field = Field::new("password_again", "パスワード（もう一度）", "Password again", 200);
