//! Invented names: they sound Japanese, and their first part says that nobody bears them (見本 sample, 仮 provisional …).

/// Written form and full-width katakana reading.
pub(crate) type Named = (&'static str, &'static str);

const HEADS: [Named; 12] = [
    ("見本", "ミホン"),
    ("仮", "カリ"),
    ("例", "レイ"),
    ("架", "カケ"),
    ("試", "タメシ"),
    ("写", "ウツシ"),
    ("雛形", "ヒナガタ"),
    ("絵空", "エソラ"),
    ("幻", "マボロシ"),
    ("想", "オモイ"),
    ("虚", "ウロ"),
    ("模", "モ"),
];

const TAILS: [Named; 16] = [
    ("野", "ノ"),
    ("川", "カワ"),
    ("山", "ヤマ"),
    ("田", "タ"),
    ("沢", "サワ"),
    ("橋", "ハシ"),
    ("原", "ハラ"),
    ("村", "ムラ"),
    ("島", "シマ"),
    ("森", "モリ"),
    ("谷", "タニ"),
    ("坂", "サカ"),
    ("井", "イ"),
    ("本", "モト"),
    ("口", "グチ"),
    ("松", "マツ"),
];

/// Surnames with a character insurers cannot always carry: card spelling, reading, ordinary spelling.
pub(crate) const VARIANTS: [(&str, &str, &str); 4] = [
    ("髙仮", "タカカリ", "高仮"),
    ("見本﨑", "ミホンザキ", "見本崎"),
    ("例邉", "レイベ", "例辺"),
    ("濵架", "ハマカケ", "浜架"),
];

/// A surname with a third-level kanji that comes through intact (`oqs-interface §5`).
pub(crate) const THIRD_LEVEL: Named = ("德見本", "トクミホン");

/// A surname with a character outside the two-byte codes, which can only arrive as `●`.
pub(crate) const UNMAPPABLE: (&str, &str, &str) = ("𠮷例", "ヨシレイ", "吉例");

pub(crate) const MALE: [Named; 40] = [
    ("太郎", "タロウ"),
    ("一郎", "イチロウ"),
    ("次郎", "ジロウ"),
    ("史郎", "シロウ"),
    ("順一郎", "ジュンイチロウ"),
    ("俊介", "シュンスケ"),
    ("京介", "キョウスケ"),
    ("涼", "リョウ"),
    ("翔太", "ショウタ"),
    ("健一", "ケンイチ"),
    ("大輔", "ダイスケ"),
    ("浩二", "コウジ"),
    ("隆", "タカシ"),
    ("誠", "マコト"),
    ("修", "オサム"),
    ("茂", "シゲル"),
    ("勇", "イサム"),
    ("巌", "イワオ"),
    ("清", "キヨシ"),
    ("昭夫", "アキオ"),
    ("和夫", "カズオ"),
    ("正", "タダシ"),
    ("進", "ススム"),
    ("学", "マナブ"),
    ("直樹", "ナオキ"),
    ("拓也", "タクヤ"),
    ("蓮", "レン"),
    ("陽翔", "ハルト"),
    ("湊", "ミナト"),
    ("樹", "イツキ"),
    ("朝陽", "アサヒ"),
    ("悠真", "ユウマ"),
    ("颯", "ハヤテ"),
    ("新", "アラタ"),
    ("潤", "ジュン"),
    ("秀樹", "ヒデキ"),
    ("達郎", "タツロウ"),
    ("辰雄", "タツオ"),
    ("貞夫", "サダオ"),
    ("弥太郎", "ヤタロウ"),
];

pub(crate) const FEMALE: [Named; 40] = [
    ("花子", "ハナコ"),
    ("みどり", "ミドリ"),
    ("さくら", "サクラ"),
    ("京子", "キョウコ"),
    ("順子", "ジュンコ"),
    ("祥子", "ショウコ"),
    ("良子", "リョウコ"),
    ("朱里", "シュリ"),
    ("樹里", "ジュリ"),
    ("恵子", "ケイコ"),
    ("由美", "ユミ"),
    ("裕子", "ユウコ"),
    ("真理子", "マリコ"),
    ("美咲", "ミサキ"),
    ("彩", "アヤ"),
    ("舞", "マイ"),
    ("千尋", "チヒロ"),
    ("葵", "アオイ"),
    ("陽菜", "ヒナ"),
    ("結衣", "ユイ"),
    ("凛", "リン"),
    ("紬", "ツムギ"),
    ("澪", "ミオ"),
    ("芽生", "メイ"),
    ("杏", "アン"),
    ("節子", "セツコ"),
    ("和子", "カズコ"),
    ("幸子", "サチコ"),
    ("文子", "フミコ"),
    ("キヨ", "キヨ"),
    ("トメ", "トメ"),
    ("ハル", "ハル"),
    ("静江", "シズエ"),
    ("澄子", "スミコ"),
    ("敏子", "トシコ"),
    ("千代", "チヨ"),
    ("久美子", "クミコ"),
    ("直美", "ナオミ"),
    ("智子", "トモコ"),
    ("香織", "カオリ"),
];

/// The surname at this place of the table of 192.
pub(crate) fn surname(place: usize) -> (String, String) {
    let (head, head_kana) = HEADS[place % HEADS.len()];
    let (tail, tail_kana) = TAILS[place / HEADS.len() % TAILS.len()];
    (format!("{head}{tail}"), format!("{head_kana}{tail_kana}"))
}

/// How many surnames the table gives.
pub(crate) const SURNAMES: u32 = (HEADS.len() * TAILS.len()) as u32;

/// Invented municipalities.
pub(crate) const TOWNS: [&str; 8] = ["見本市", "架空市", "例示町", "試作区", "仮宮市", "絵空村", "雛形市", "模擬町"];

/// Invented quarters.
pub(crate) const QUARTERS: [&str; 6] = ["架空", "見本通", "例ヶ丘", "仮町", "夢見台", "写橋"];
