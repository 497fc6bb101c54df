//! Invented people, as many as are asked for, the same in every run. Their names say that nobody bears them; how often a name comes
//! again is about what it is in a town: the commonest surname is borne by one in eighty.

use domain::Date;
use domain::coverage::{Coverage, PersonalFamily, Sex};
use domain::eligibility::PersonFace;
use domain::number::{BranchNumber, InsuredNumber, InsuredSymbol, InsurerNumber};

type Named = (&'static str, &'static str);

const HEADS: [Named; 24] = [
    ("見本", "ミホン"),
    ("仮", "カリ"),
    ("例", "レイ"),
    ("架", "カケ"),
    ("試", "タメシ"),
    ("写", "ウツシ"),
    ("雛", "ヒナ"),
    ("絵空", "エソラ"),
    ("幻", "マボロシ"),
    ("想", "オモイ"),
    ("虚", "ウロ"),
    ("模", "モ"),
    ("夢見", "ユメミ"),
    ("無", "ナシ"),
    ("空", "ソラ"),
    ("影", "カゲ"),
    ("霞", "カスミ"),
    ("鏡", "カガミ"),
    ("型", "カタ"),
    ("図", "ズ"),
    ("印", "シルシ"),
    ("紙", "カミ"),
    ("作", "サク"),
    ("稽古", "ケイコ"),
];

const TAILS: [Named; 30] = [
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
    ("部", "ベ"),
    ("崎", "ザキ"),
    ("藤", "フジ"),
    ("木", "キ"),
    ("石", "イシ"),
    ("浜", "ハマ"),
    ("池", "イケ"),
    ("内", "ウチ"),
    ("林", "バヤシ"),
    ("岡", "オカ"),
    ("倉", "クラ"),
    ("尾", "オ"),
    ("瀬", "セ"),
    ("塚", "ヅカ"),
];

const GIVEN_HEADS: [Named; 32] = [
    ("和", "カズ"),
    ("正", "マサ"),
    ("明", "アキ"),
    ("幸", "ユキ"),
    ("美", "ミ"),
    ("智", "トモ"),
    ("千", "チ"),
    ("久", "ヒサ"),
    ("義", "ヨシ"),
    ("敏", "トシ"),
    ("春", "ハル"),
    ("夏", "ナツ"),
    ("文", "フミ"),
    ("清", "キヨ"),
    ("静", "シズ"),
    ("澄", "スミ"),
    ("高", "タカ"),
    ("武", "タケ"),
    ("信", "ノブ"),
    ("秀", "ヒデ"),
    ("弘", "ヒロ"),
    ("光", "ミツ"),
    ("安", "ヤス"),
    ("良", "リョウ"),
    ("奈", "ナ"),
    ("真", "マ"),
    ("早", "サ"),
    ("菜", "ナナ"),
    ("里", "リ"),
    ("絵", "エ"),
    ("由", "ユ"),
    ("優", "ユウ"),
];

const MALE_TAILS: [Named; 12] = [
    ("男", "オ"),
    ("夫", "ブ"),
    ("一", "イチ"),
    ("郎", "ロウ"),
    ("也", "ヤ"),
    ("樹", "キ"),
    ("彦", "ヒコ"),
    ("介", "スケ"),
    ("治", "ジ"),
    ("人", "ト"),
    ("雄", "タケ"),
    ("則", "ノリ"),
];

const FEMALE_TAILS: [Named; 12] = [
    ("子", "コ"),
    ("美", "ミ"),
    ("代", "ヨ"),
    ("江", "エ"),
    ("恵", "メグ"),
    ("香", "カ"),
    ("奈", "ナ"),
    ("乃", "ノ"),
    ("里", "リ"),
    ("花", "ハナ"),
    ("音", "ネ"),
    ("月", "ヅキ"),
];

/// One invented person.
pub struct Invented {
    /// the clinic's number
    pub number: String,
    /// the person
    pub face: PersonFace,
    /// surname in kana
    pub surname_kana: String,
    /// given name in kana
    pub given_kana: String,
    /// surname as written
    pub surname: String,
    /// birth date
    pub birth_date: Date,
    /// the insurance
    pub coverage: Coverage,
}

/// The person of this number.
pub fn person(index: u32) -> Invented {
    let mut dice = Dice::of(index);
    let surname = joined(dice.skewed(HEADS.len() * TAILS.len()), &HEADS, &TAILS);
    let female = dice.below(2) == 1;
    let tails = if female { &FEMALE_TAILS } else { &MALE_TAILS };
    let given = joined(dice.skewed(GIVEN_HEADS.len() * tails.len()), &GIVEN_HEADS, tails);
    let birth_date = Date::literal(1935, 1, 1).plus_days(dice.below(89 * 365) as i32);
    let (block, house) = (dice.below(9) + 1, dice.below(99) + 1);
    Invented {
        number: format!("{index:06}"),
        face: PersonFace {
            name: Some(format!("{} {}", surname.0, given.0)),
            name_kana: Some(format!("{} {}", surname.1, given.1)),
            birth_date: Some(birth_date),
            sex: Some(if female { Sex::Female } else { Sex::Male }),
            address: Some(format!("東京都架空市見本町{block}丁目{house}番")),
        },
        surname: surname.0,
        surname_kana: surname.1,
        given_kana: given.1,
        birth_date,
        coverage: coverage(&mut dice, index),
    }
}

fn joined(place: usize, heads: &[Named], tails: &[Named]) -> (String, String) {
    let (head, tail) = (heads[place % heads.len()], tails[place / heads.len() % tails.len()]);
    (format!("{}{}", head.0, tail.0), format!("{}{}", head.1, tail.1))
}

fn coverage(dice: &mut Dice, index: u32) -> Coverage {
    let symbol = format!("{:08}", 70_000_000 + dice.below(3_000));
    Coverage {
        insurer_number: insurer(dice.below(47) + 1),
        insurer_name: Some("架空健康保険協会見本支部".to_owned()),
        insured_symbol: InsuredSymbol::parse(&symbol).ok().map(|checked| checked.value),
        insured_number: InsuredNumber::parse(&format!("{}", 1 + index % 9_973)).ok().map(|checked| checked.value),
        branch_number: BranchNumber::parse("00").ok().map(|checked| checked.value),
        personal_family: Some(PersonalFamily::SelfInsured),
        card_classification: Some("01".to_owned()),
        ratio_tenths: Some(3),
        acquired_on: Some(Date::literal(2015, 4, 1)),
        valid_from: Some(Date::literal(2015, 4, 1)),
        ..Coverage::EMPTY
    }
}

/// An insurer of the nine hundreds, which no real one has, with the check digit that fits.
fn insurer(prefecture: u32) -> Option<InsurerNumber> {
    let fits = |digit: &u32| InsurerNumber::parse(&format!("01{prefecture:02}901{digit}")).is_ok();
    let digit = (0..10).find(fits)?;
    InsurerNumber::parse(&format!("01{prefecture:02}901{digit}")).ok().map(|checked| checked.value)
}

/// A small deterministic source of chance (SplitMix64).
pub struct Dice(u64);

impl Dice {
    /// The dice of a number.
    pub fn of(seed: u32) -> Dice {
        Dice((u64::from(seed) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// A number below a bound.
    pub fn below(&mut self, bound: u32) -> u32 {
        (self.next() % u64::from(bound)) as u32
    }

    /// A place in a table whose first entries are the commonest.
    fn skewed(&mut self, places: usize) -> usize {
        let unit = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        (unit.powf(1.5) * places as f64) as usize
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
