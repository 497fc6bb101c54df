//! Every field of the first start with its words and its limit.

use crate::form::Field;

pub const CODE: Field = Field::new("code", "一回限りのコード", "One-time code", 40);
pub const SITE_NAME: Field = Field::new("site_name", "施設の名前", "Name of the site", 40)
    .hint("画面と印刷物に出ます。例：見本医院", "Shown on pages and papers, such as 見本医院");
pub const KIND: Field = Field::new("kind", "施設の種別", "Kind of site", 20);
pub const INSTITUTION_CODE: Field = Field::new("institution_code", "医療機関コード", "Institution code", 20).hint(
    "10桁（都道府県2桁・点数表1桁・7桁）。保険医療機関・薬局の指定通知にあります。",
    "10 digits: prefecture (2), fee table (1), and 7; on the notice of designation.",
);
pub const PHONE: Field = Field::new("phone", "電話番号（無くてもよい）", "Phone (optional)", 20)
    .hint("患者さんに渡す紙に出ます。例：03-1234-5678", "On papers for patients, such as 03-1234-5678");
pub const REQ: Field = Field::new("terminal_req", "要求フォルダ（req）", "Folder of requests (req)", 200);
pub const RES: Field = Field::new("terminal_res", "結果フォルダ（res）", "Folder of results (res)", 200);
pub const FACE: Field = Field::new(
    "terminal_face",
    "顔認証フォルダ（face、無くてもよい）",
    "Folder of card readings (face, optional)",
    200,
);
pub const ADDRESS: Field =
    Field::new("address", "相手の受付機のアドレスとポート", "Address and port of the other box", 120).hint(
        "「同期」の画面に出ています。例：192.168.1.20:8444",
        "As its page “Sync” shows them, such as 192.168.1.20:8444",
    );
pub const JOIN_CODE: Field = Field::new("join_code", "登録コード", "Code of the other box", 20).hint(
    "「同期」の画面で発行した9桁の数字。例：123-456-789",
    "The nine digits made on its page “Sync”, such as 123-456-789",
);
pub const BOX_NAME: Field = Field::new("box_name", "この受付機の名前", "Name of this box", 32)
    .hint("ほかの受付機の画面に出ます。例：第2窓口", "Shown on the other boxes, such as second counter");
pub const BACKUP: Field = Field::new("backup", "バックアップの場所", "Where the backup is", 300).hint(
    "フォルダ、またはファイル。フォルダなら最新の良好なものを使います。",
    "A folder or a file; of a folder, the newest good one is used.",
);
pub const RECOVERY_KEY: Field = Field::new("recovery_key", "復元用の鍵", "Recovery key", 120).hint(
    "印刷した紙の、4文字ずつ14組。0とO、1とIはどちらでも構いません。",
    "The 14 groups of four on the printed paper; 0 and O, 1 and I are the same.",
);
