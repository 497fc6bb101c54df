//! The one translation from what a card says into the clinic's own terms. Nothing of a card proves anything: it fills in a form.

use crate::devices::card_failure;
use domain::Date;
use domain::coverage::Sex;
use domain::eligibility::PersonFace;
use domain::number::looks_like_my_number;
use domain::text::Text;
use drivers::card::{Attributes, CardDate, CardFailure, CardReading, CardText, IssuerKind, Key, TokenKind, TriesLeft};
use web::port::CardSaid;

/// What a card said.
pub fn said(reading: &CardReading) -> CardSaid {
    let mut remarks = Vec::new();
    let certificate = reading.certificate.as_ref().map_err(|failure| remarks.push(told(failure))).ok();
    let is_test = certificate.is_some_and(|certificate| certificate.issuer() == IssuerKind::Test);
    if is_test {
        remarks.push(Text::new(
            "試験用のカードです。患者さんのカードとして扱わないでください。",
            "This is a test card. Never take it for a patient's.",
        ));
    }
    let attributes = match &reading.attributes {
        Some(Ok(attributes)) => Some(attributes),
        Some(Err(failure)) => {
            remarks.push(told(failure));
            None
        }
        None => None,
    };
    CardSaid {
        token: token(reading.token),
        certificate_expiry: certificate.and_then(|certificate| certificate.last_day()).and_then(date),
        is_test,
        person: attributes.map(|attributes| person(attributes, &mut remarks)),
        tries_left: tries_left(reading),
        remarks,
        reading: None,
    }
}

fn person(attributes: &Attributes, remarks: &mut Vec<Text>) -> PersonFace {
    let birth_date = attributes.birth_day().and_then(date);
    if birth_date.is_none() {
        remarks.push(Text::new(
            "生年月日の日が決まっていません。カードの表を見て入力してください。",
            "The birth date is not a day of the calendar. Type it from the card face.",
        ));
    }
    PersonFace {
        name: written("氏名", "name", &attributes.name, remarks),
        name_kana: None,
        birth_date,
        sex: attributes.sex_digit().and_then(sex),
        address: written("住所", "address", &attributes.address, remarks),
    }
}

/// The text as the card has it. Characters it could not write stay as their stand-ins, and staff are told to compare them.
fn written(ja: &str, en: &str, text: &CardText, remarks: &mut Vec<Text>) -> Option<String> {
    let kept = text.as_str().trim();
    if looks_like_my_number(kept) {
        remarks.push(Text::new(
            format!("{ja}に個人番号かもしれない数字があるため、取り込みませんでした。"),
            format!("The {en} holds digits that may be an individual number; it was not taken."),
        ));
        return None;
    }
    if !text.unmappable_chars().is_empty() {
        remarks.push(Text::new(
            format!("{ja}にカードが表せない文字があります。カードの表を見て直してください。"),
            format!("The {en} has a character the card could not write. Correct it from the card face."),
        ));
    }
    let visible: String = kept.chars().map(|letter| if letter.is_control() { '●' } else { letter }).collect();
    Some(visible).filter(|text| !text.is_empty())
}

fn tries_left(reading: &CardReading) -> Option<u8> {
    if let Some(Err(CardFailure::SurfaceCodeWrong { tries_left })) = &reading.attributes {
        return Some(*tries_left);
    }
    if let Some(Err(CardFailure::SurfaceCodeLocked)) = &reading.attributes {
        return Some(0);
    }
    let asked = reading.tries.iter().find(|tries| tries.key == Key::SurfaceCode)?;
    match asked.tries_left {
        TriesLeft::Left(tries) => Some(tries),
        TriesLeft::Blocked => Some(0),
        TriesLeft::Open => None,
    }
}

fn token(token: TokenKind) -> Text {
    match token {
        TokenKind::PlasticCard => Text::new("マイナンバーカード", "My Number card"),
        TokenKind::OldResidentCard => Text::new("住民基本台帳カード", "old resident card"),
        TokenKind::AndroidPhone => Text::new("スマートフォン（Android）", "phone (Android)"),
        TokenKind::IPhone => Text::new("スマートフォン（iPhone）", "phone (iPhone)"),
    }
}

/// 1 and 2 as printed; 9 is "not applicable"; anything else is unknown and left to staff (`my-number-card §8.1`).
fn sex(digit: char) -> Option<Sex> {
    match digit {
        '1' => Some(Sex::Male),
        '2' => Some(Sex::Female),
        '9' => Some(Sex::NotSet),
        _ => None,
    }
}

fn date(date: CardDate) -> Option<Date> {
    Date::new(i16::try_from(date.year()).ok()?, date.month(), date.day())
}

fn told(failure: &CardFailure) -> Text {
    card_failure(&failure.text())
}
