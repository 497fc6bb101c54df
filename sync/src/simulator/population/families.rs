//! Ordinary families, to any number.

use super::maker::{Home, Maker};
use super::spec::{Case, Paper, Spec, Spelling};
use crate::simulator::dice::Dice;
use crate::simulator::person::{CertificateWindow, Feature, PhoneKind, PinState, Scheme, Sex};
use domain::Date;

/// Adds families until there are `size` people.
pub(crate) fn fill(maker: &mut Maker, size: usize) {
    let mut family = 0_u32;
    while maker.people.len() < size {
        let mut dice = Dice::keyed(maker.seed, &["family", &family.to_string()]);
        family += 1;
        for (home, spec) in plan(maker, &mut dice) {
            let mut home = home;
            for spec in spec {
                if maker.people.len() < size {
                    maker.member(&mut home, spec);
                }
            }
        }
    }
}

/// The households of one family: people over 75 are insured apart.
fn plan(maker: &mut Maker, dice: &mut Dice) -> Vec<(Home, Vec<Spec>)> {
    let spelling = spelling(dice);
    if dice.per_mille(250) {
        return elderly_couple(maker, dice, spelling);
    }
    let scheme = scheme(dice);
    let home = maker.home(scheme, spelling);
    let today = maker.reference;
    let age = dice.between(22, 69);
    let mut members = vec![ordinary(scheme, born(today, age, dice), sex(dice), spelling, dice)];
    if age < 60 && dice.per_mille(600) {
        let other = if members[0].sex == Sex::Male { Sex::Female } else { Sex::Male };
        members.push(ordinary(scheme, born(today, age, dice), other, spelling, dice).family());
        children(&mut members, scheme, today, age, spelling, dice);
    }
    vec![(home, members)]
}

fn children(members: &mut Vec<Spec>, scheme: Scheme, today: Date, age: i32, spelling: Spelling, dice: &mut Dice) {
    let count = dice.below(4);
    for _ in 0..count {
        let years = dice.between(0, (age - 21).clamp(0, 17));
        let mut child = ordinary(scheme, born(today, years, dice), sex(dice), spelling, dice).family();
        child.card.pin = if dice.per_mille(500) { PinState::Forgotten } else { PinState::Known };
        child.card.phone = None;
        members.push(child);
    }
    if count > 1 {
        members[0].features.push(Feature::FamilyWithChildren);
    }
}

fn elderly_couple(maker: &mut Maker, dice: &mut Dice, spelling: Spelling) -> Vec<(Home, Vec<Spec>)> {
    let today = maker.reference;
    let age = dice.between(66, 93);
    let roof = maker.home(Scheme::Kokuho, spelling);
    [Sex::Male, Sex::Female]
        .into_iter()
        .map(|sex| {
            let birth = born(today, age - dice.between(0, 4), dice);
            let late = crate::simulator::age::seventy_five_on(birth) <= today;
            let scheme = if late { Scheme::LATE_ELDERLY } else { Scheme::Kokuho };
            let home = maker.apart(&roof, scheme);
            let mut spec = ordinary(scheme, birth, sex, spelling, dice);
            spec.high_income = dice.per_mille(120);
            spec.late_tenths = *dice.pick(&[1, 1, 1, 1, 1, 2, 2, 3]);
            if late {
                spec.paper = Paper::Certificate;
            }
            (home, vec![spec])
        })
        .collect()
}

fn ordinary(scheme: Scheme, birth: Date, sex: Sex, spelling: Spelling, dice: &mut Dice) -> Spec {
    let mut spec = Spec::new(scheme, birth, sex).spelled(spelling);
    spec.features.extend(spelling_feature(spelling));
    spec.paper = *dice.pick(&[Paper::Notice, Paper::Notice, Paper::Notice, Paper::Certificate, Paper::Certificate]);
    card(&mut spec, dice);
    oddity(&mut spec, dice);
    spec
}

fn card(spec: &mut Spec, dice: &mut Dice) {
    spec.card.window = match dice.below(100) {
        0..=79 => CertificateWindow::W0,
        80..=90 => CertificateWindow::W1,
        91..=96 => CertificateWindow::W2,
        _ => CertificateWindow::W3,
    };
    match dice.below(100) {
        0..=11 => {
            spec.card.owned = false;
            spec.paper = Paper::Certificate;
            spec.features.push(Feature::NoCard);
        }
        12..=16 => {
            spec.card.face_matches = false;
            spec.features.push(Feature::FaceMismatch);
        }
        17..=19 => {
            spec.card.pin = PinState::Locked;
            spec.features.push(Feature::PinLocked);
        }
        20..=26 => {
            spec.card.phone = Some(*dice.pick(&[PhoneKind::Iphone, PhoneKind::Android]));
            spec.features.push(Feature::Phone);
        }
        _ => {}
    }
}

/// About one person in ten is not registered the way the papers say.
fn oddity(spec: &mut Spec, dice: &mut Dice) {
    let employee = matches!(spec.scheme, Scheme::Coded(code) if code != "39" && code != "12");
    let (case, feature) = match dice.below(1000) {
        0..=19 if employee => (Case::Lost("99"), Feature::Invalid),
        20..=49 if employee => (Case::Superseded(Scheme::Kokuho), Feature::Superseded),
        50..=69 if employee => (Case::Lag(dice.between(1, 20)), Feature::RegistrationLag),
        70..=74 => (Case::LinkedTo(0), Feature::WrongPerson),
        75..=104 if spec.scheme == Scheme::LATE_ELDERLY => (Case::RatioDiffers, Feature::RatioDiffers),
        105..=124 if spec.scheme == Scheme::MEDICAL_AID => (Case::TicketMissing, Feature::TicketMissing),
        _ => return,
    };
    spec.case = case;
    spec.features.push(feature);
    spec.paper = Paper::Certificate;
}

fn scheme(dice: &mut Dice) -> Scheme {
    match dice.below(100) {
        0..=41 => Scheme::Coded("01"),
        42..=64 => Scheme::Coded("06"),
        65..=67 => Scheme::Coded("31"),
        68..=71 => Scheme::Coded("32"),
        72..=75 => Scheme::Coded("34"),
        76..=94 => Scheme::Kokuho,
        95..=97 => Scheme::KokuhoSociety,
        _ => Scheme::MEDICAL_AID,
    }
}

fn spelling(dice: &mut Dice) -> Spelling {
    match dice.below(100) {
        0..=4 => Spelling::Kuromaru,
        5..=6 => Spelling::Intact,
        7..=8 => Spelling::Replaced,
        9..=14 => Spelling::LargeKana,
        15 => Spelling::ThirdLevel,
        _ => Spelling::Plain,
    }
}

fn spelling_feature(spelling: Spelling) -> Option<Feature> {
    match spelling {
        Spelling::Plain => None,
        Spelling::Kuromaru | Spelling::KuromaruRare => Some(Feature::Kuromaru),
        Spelling::Intact => Some(Feature::VariantIntact),
        Spelling::Replaced => Some(Feature::VariantReplaced),
        Spelling::ThirdLevel => Some(Feature::ThirdLevelKanji),
        Spelling::LargeKana => Some(Feature::LargeKana),
    }
}

fn sex(dice: &mut Dice) -> Sex {
    *dice.pick(&[Sex::Male, Sex::Female])
}

fn born(today: Date, years: i32, dice: &mut Dice) -> Date {
    today.plus_years(-years).plus_days(-dice.between(1, 364))
}
