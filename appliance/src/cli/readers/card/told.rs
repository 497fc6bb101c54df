//! What a reading said, for machines and for people.

use domain::Date;
use domain::certificate::{self, CertificateWindow};
use drivers::card::{
    Attributes, AuthenticationCertificate, CardDate, CardFailure, CardReading, CardText, IssuerKind, Key, TokenKind,
    TriesLeft, TriesOfKey,
};
use drivers::reader::ReaderName;
use serde_json::{Value, json};

/// A failure in words: what happened, what is safe, what to do now.
pub fn failure(failure: &CardFailure) -> String {
    let text = failure.text();
    format!("{}\n{}\n{}", text.what_happened, text.what_is_safe, text.do_now)
}

/// One object with everything that was read.
pub fn json(reader: &ReaderName, reading: &CardReading, today: Date) -> Value {
    let attributes = reading.attributes.as_ref();
    json!({
        "reader": reader.as_str(),
        "token": reading.token.code(),
        "test": is_test(reading),
        "certificate": part(reading.certificate.as_ref(), |read| certificate_json(read, today)),
        "card_expires": reading.card_expires.and_then(day).map(|day| day.to_string()),
        "tries_left": tries_now(reading).iter().map(tries_json).collect::<serde_json::Map<_, _>>(),
        "attributes": attributes.map(|attributes| part(attributes.as_ref(), attributes_json)),
    })
}

fn part<T>(part: Result<&T, &CardFailure>, read: impl FnOnce(&T) -> Value) -> Value {
    part.map_or_else(|failure| json!({ "failure": failure.code() }), read)
}

fn certificate_json(read: &AuthenticationCertificate, today: Date) -> Value {
    let windows = windows(read);
    json!({
        "issuer": read.issuer().code(),
        "first_day": read.first_day().and_then(day).map(|day| day.to_string()),
        "last_day": windows.as_ref().map(|windows| windows.last_day.to_string()),
        "window_today": windows.as_ref().map(|windows| windows.on(today).code()),
        "advice_from": windows.as_ref().map(|windows| windows.advice_from.to_string()),
        "eligibility_until": windows.as_ref().map(|windows| windows.eligibility_until.to_string()),
    })
}

fn attributes_json(read: &Attributes) -> Value {
    let field = |text: &CardText| json!({ "text": text.as_str(), "stand_ins_at": text.unmappable_chars() });
    json!({
        "name": field(&read.name),
        "address": field(&read.address),
        "birth_date": read.birth_day().and_then(day).map_or_else(|| read.birth_date.as_str().to_owned(), |day| day.to_string()),
        "sex": read.sex.as_str(),
    })
}

fn tries_json(tries: &TriesOfKey) -> (String, Value) {
    let left = match tries.tries_left {
        TriesLeft::Left(left) => json!(left),
        TriesLeft::Blocked => json!(0),
        TriesLeft::Open => json!("open"),
    };
    (key(tries.key).0.to_owned(), left)
}

/// Everything that was read, one thing a line.
pub fn words(reader: &ReaderName, reading: &CardReading, today: Date) -> String {
    let mut lines = vec![line("リーダー / reader", reader.as_str()), line("種類 / kind", token(reading.token))];
    if is_test(reading) {
        lines.push(line(
            "注意 / note",
            "試験・練習用のカード（患者のものではない） / a test or practice card, never a patient's",
        ));
    }
    if let Ok(read) = &reading.certificate {
        lines.extend(certificate_lines(read, today));
    }
    if let Some(day) = reading.card_expires.and_then(day) {
        lines.push(line("カードの有効期限 / card expires", &day.to_string()));
    }
    lines.extend(tries_now(reading).iter().map(tries_line));
    if let Some(Ok(read)) = &reading.attributes {
        lines.extend(attribute_lines(read));
    }
    lines.join("\n")
}

fn certificate_lines(read: &AuthenticationCertificate, today: Date) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(windows) = windows(read) {
        let window = windows.on(today);
        lines.push(line("証明書の有効期限 / certificate ends", &windows.last_day.to_string()));
        lines.push(line("更新の案内 / renewal advice from", &windows.advice_from.to_string()));
        lines.push(line("資格確認に使える最終日 / eligibility until", &windows.eligibility_until.to_string()));
        lines.push(line("今日の区分 / window today", window.code()));
        lines.extend(window.facts().advice.map(|advice| line("", &format!("{} / {}", advice.ja(), advice.en()))));
    }
    if read.issuer() == IssuerKind::Unknown {
        lines.push(line("発行者 / issuer", "不明 / unknown"));
    }
    lines
}

fn attribute_lines(read: &Attributes) -> Vec<String> {
    let birth =
        read.birth_day().and_then(day).map_or_else(|| read.birth_date.as_str().to_owned(), |day| day.to_string());
    let sex = match read.sex_digit() {
        Some('1') => "男 / male",
        Some('2') => "女 / female",
        Some('9') => "適用不能 / not applicable",
        _ => "不明 / unknown",
    };
    let mut lines = vec![
        line("氏名 / name", read.name.as_str()),
        line("住所 / address", read.address.as_str()),
        line("生年月日 / birth date", &birth),
        line("性別 / sex", sex),
    ];
    if !read.name.unmappable_chars().is_empty() || !read.address.unmappable_chars().is_empty() {
        lines.push(line("注意 / note", "外字があります。カードの表と見比べてください。 / Some characters stand in for others: compare with the card face."));
    }
    lines
}

/// Tries were counted before the code was presented, which changes its own: one fewer, or full again. How many "full" are no card
/// says.
fn tries_now(reading: &CardReading) -> Vec<TriesOfKey> {
    let presented = match &reading.attributes {
        Some(Ok(_)) => None,
        Some(Err(CardFailure::SurfaceCodeWrong { tries_left })) => Some(TriesLeft::Left(*tries_left)),
        Some(Err(CardFailure::SurfaceCodeLocked)) => Some(TriesLeft::Blocked),
        Some(Err(CardFailure::SurfaceCodeBrokenOff { .. })) => None,
        None | Some(Err(_)) => return reading.tries.clone(),
    };
    let others = reading.tries.iter().filter(|tries| tries.key != Key::SurfaceCode).copied();
    others.chain(presented.map(|tries_left| TriesOfKey { key: Key::SurfaceCode, tries_left })).collect()
}

fn tries_line(tries: &TriesOfKey) -> String {
    let left = match tries.tries_left {
        TriesLeft::Left(left) => format!("{left}"),
        TriesLeft::Blocked => "ロック中か未設定 / locked or never set".to_owned(),
        TriesLeft::Open => "—".to_owned(),
    };
    line(key(tries.key).1, &left)
}

/// A name for machines and one for people.
fn key(key: Key) -> (&'static str, &'static str) {
    match key {
        Key::AuthenticationPin => ("authentication_pin", "残り回数：利用者証明用 / tries left: PIN"),
        Key::SignaturePassword => ("signature_password", "残り回数：署名用 / tries left: password"),
        Key::TextPin => ("text_pin", "残り回数：券面入力補助 / tries left: text PIN"),
        Key::SurfaceCode => ("surface_code", "残り回数：照合番号B / tries left: face code"),
    }
}

fn token(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::PlasticCard => "マイナンバーカード / My Number card",
        TokenKind::OldResidentCard => "住民基本台帳カード / old resident card",
        TokenKind::AndroidPhone => "スマートフォン（Android） / Android phone",
        TokenKind::IPhone => "スマートフォン（iPhone） / iPhone",
    }
}

fn line(name: &str, value: &str) -> String {
    format!("{name}\t{value}")
}

fn is_test(reading: &CardReading) -> bool {
    reading.certificate.as_ref().is_ok_and(|read| read.issuer() == IssuerKind::Test)
}

/// The days on which something changes for a certificate (`checkin-rules §6`).
struct Windows {
    last_day: Date,
    advice_from: Date,
    eligibility_until: Date,
}

impl Windows {
    fn on(&self, today: Date) -> CertificateWindow {
        certificate::window(self.last_day, today)
    }
}

fn windows(read: &AuthenticationCertificate) -> Option<Windows> {
    let last_day = read.last_day().and_then(day)?;
    let (advice_from, eligibility_until) = (certificate::advice_from(last_day), certificate::last_usable_day(last_day));
    Some(Windows { last_day, advice_from, eligibility_until })
}

fn day(date: CardDate) -> Option<Date> {
    Date::new(i16::try_from(date.year()).ok()?, date.month(), date.day())
}
