//! Invented numbers that pass the public check-digit rule (`claims-rules §3.2`), so that the product may check them.

/// The check digit (検証番号) of a body of digits: from the right times 2, 1, 2, 1, digit sums, up to the next ten.
pub(crate) fn check_digit(body: &str) -> char {
    let sum: u32 = body.chars().rev().filter_map(|c| c.to_digit(10)).enumerate().map(weighted).sum();
    char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0')
}

fn weighted((place, digit): (usize, u32)) -> u32 {
    let product = if place % 2 == 0 { digit * 2 } else { digit };
    product / 10 + product % 10
}

/// The body followed by its check digit.
pub(crate) fn with_check_digit(body: &str) -> String {
    format!("{body}{}", check_digit(body))
}

/// Whether the last digit is the check digit of the digits before it.
#[cfg(test)]
pub(crate) fn passes(number: &str) -> bool {
    number.len() > 1
        && number.bytes().all(|b| b.is_ascii_digit())
        && number.ends_with(check_digit(&number[..number.len() - 1]))
}

/// The names of the prefectures by their numbers 01–47 (`claims-rules §5.1`).
pub(crate) const PREFECTURES: [&str; 47] = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_examples_of_the_sheet_pass() {
        for number in ["01040013", "06010391", "33120015", "39130000", "54016027", "81136244", "0110113719", "77777779"]
        {
            assert!(passes(number), "{number}");
        }
        for number in ["77777777", "99999999", "01040014"] {
            assert!(!passes(number), "{number}");
        }
    }
}
