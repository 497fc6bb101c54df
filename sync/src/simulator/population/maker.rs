//! Turns a decided [`Spec`] into a whole person, chance filling in what was left open.

mod insurance;
mod spelling;
mod truth;

use super::insurers::{self, Insurer};
use super::names::{FEMALE, MALE, QUARTERS, TOWNS};
use super::spec::{Case, Paper, Spec, Spelling};
use crate::simulator::dice::Dice;
use crate::simulator::numbers::PREFECTURES;
use crate::simulator::person::*;
use domain::Date;
use insurance::{number, symbol};
use spelling::{Surname, surname};
use std::collections::HashMap;
use truth::{printed_share, shown, story, truth};

/// Where people are made.
pub(crate) struct Maker {
    pub(crate) seed: u64,
    pub(crate) reference: Date,
    pub(crate) people: Vec<Person>,
    insurers: Vec<Insurer>,
    by_scheme: HashMap<Scheme, Vec<usize>>,
    households: u32,
}

/// A household under one roof, insured together.
#[derive(Clone)]
pub(crate) struct Home {
    id: u32,
    surname: Surname,
    address: String,
    postal_code: String,
    telephone: String,
    insurer: usize,
    symbol: Option<String>,
    number: String,
    insured_name: Option<String>,
    next_branch: u8,
}

impl Maker {
    pub(crate) fn new(seed: u64, reference: Date) -> Maker {
        let insurers = insurers::table();
        let mut by_scheme: HashMap<Scheme, Vec<usize>> = HashMap::new();
        for insurer in &insurers {
            by_scheme.entry(insurer.scheme).or_default().push(insurer.place);
        }
        Maker { seed, reference, people: Vec::new(), insurers, by_scheme, households: 0 }
    }

    /// A new household insured in this scheme.
    pub(crate) fn home(&mut self, scheme: Scheme, spelling: Spelling) -> Home {
        let id = self.households;
        self.households += 1;
        let mut dice = Dice::keyed(self.seed, &["home", &id.to_string()]);
        let insurer = *dice.pick(&self.by_scheme[&scheme]);
        let prefecture = if dice.per_mille(700) { 13 } else { dice.between(1, 47) as usize };
        let (town, quarter) = (*dice.pick(&TOWNS), *dice.pick(&QUARTERS));
        let block = full_width(&format!("{}-{}-{}", dice.between(1, 9), dice.between(1, 20), dice.between(1, 30)));
        Home {
            id,
            surname: surname(&mut dice, spelling),
            address: format!("{}{town}{quarter}{block}", PREFECTURES[prefecture - 1]),
            postal_code: format!("199-{:04}", dice.between(1, 9998)),
            // Numbers beginning with 0 after the prefix are not given out.
            telephone: format!("0{}0-0{:03}-{:04}", dice.between(7, 9), dice.below(1000), dice.below(10_000)),
            symbol: symbol(&mut dice, scheme, insurer),
            number: number(scheme, id),
            insurer,
            insured_name: None,
            next_branch: 0,
        }
    }

    /// Another household of the same family under the same roof, insured apart.
    pub(crate) fn apart(&mut self, home: &Home, scheme: Scheme) -> Home {
        let own = self.home(scheme, Spelling::Plain);
        let Home { surname, address, postal_code, telephone, .. } = home.clone();
        Home { surname, address, postal_code, telephone, ..own }
    }

    /// Makes a person of a household of their own.
    pub(crate) fn single(&mut self, spec: Spec) -> u32 {
        let mut home = self.home(spec.scheme, spec.spelling);
        self.member(&mut home, spec)
    }

    /// Makes a member of a household.
    pub(crate) fn member(&mut self, home: &mut Home, spec: Spec) -> u32 {
        let index = self.people.len() as u32;
        let mut dice = Dice::keyed(self.seed, &["person", &index.to_string()]);
        let face = self.face(home, &spec, &mut dice);
        if home.insured_name.is_none() {
            home.insured_name = Some(face.name.clone());
        }
        let eligibilities = self.eligibilities(home, &spec, &face, index, &mut dice);
        let shown = shown(&spec, &eligibilities);
        let truth = truth(&spec, &face, &eligibilities, self.reference);
        let person = Person {
            index,
            key: spec.key.map_or_else(|| format!("p{index:05}"), str::to_owned),
            story_ja: story(&spec, true),
            story_en: story(&spec, false),
            household: home.id,
            card: card(&spec, self.reference, &mut dice),
            holds: self.documents(&spec, &face, shown, &eligibilities),
            telephone: home.telephone.clone(),
            national: national(&spec, eligibilities, &mut dice),
            features: spec.features,
            face,
            truth,
        };
        self.people.push(person);
        index
    }

    fn face(&self, home: &Home, spec: &Spec, dice: &mut Dice) -> CardFace {
        let (given, given_reading) = *dice.pick(if spec.sex == Sex::Male { &MALE } else { &FEMALE });
        CardFace {
            name: format!("{}　{given}", home.surname.card),
            reading: format!("{}　{given_reading}", home.surname.reading),
            birth_date: spec.birth,
            sex: spec.sex,
            address: home.address.clone(),
        }
    }

    fn documents(
        &self,
        spec: &Spec,
        face: &CardFace,
        shown: Option<usize>,
        eligibilities: &[Eligibility],
    ) -> Vec<HeldDocument> {
        let Some(eligibility) = shown.and_then(|index| eligibilities.get(index)) else { return Vec::new() };
        let aid = eligibility.scheme == Scheme::MEDICAL_AID;
        let mut coverage = eligibility.coverage.clone();
        if spec.paper == Paper::CertificateWithoutBranch {
            coverage.branch = None;
        }
        let kind = match spec.paper {
            _ if aid => DocumentKind::MedicalTicket,
            Paper::Notice => DocumentKind::EligibilityNotice,
            _ => DocumentKind::EligibilityCertificate,
        };
        let printed = printed_share(spec, face, eligibility, self.reference);
        vec![HeldDocument {
            kind,
            coverage,
            share_tenths: printed,
            valid_from: eligibility.valid_from,
            valid_to: if aid { Some(self.reference.end_of_month()) } else { eligibility.valid_to },
        }]
    }
}

fn full_width(text: &str) -> String {
    text.chars().map(|c| char::from_u32(c as u32 + 0xfee0).filter(|_| c.is_ascii_graphic()).unwrap_or(c)).collect()
}

fn card(spec: &Spec, today: Date, dice: &mut Dice) -> Card {
    let drawn = match spec.card.window {
        CertificateWindow::W0 => today.plus_months(3).plus_days(dice.between(2, 1300)),
        CertificateWindow::W1 => today.plus_days(dice.between(0, 85)),
        CertificateWindow::W2 => today.plus_days(-dice.between(1, 75)),
        CertificateWindow::W3 => today.plus_days(-dice.between(125, 500)),
    };
    Card {
        owned: spec.card.owned,
        registered: spec.card.registered,
        usable: spec.card.usable,
        certificate_expiry: spec.card.expiry.unwrap_or(drawn),
        window: spec.card.window,
        face_matches: spec.card.face_matches,
        pin: spec.card.pin,
        phone: spec.card.phone,
    }
}

fn national(spec: &Spec, eligibilities: Vec<Eligibility>, dice: &mut Dice) -> National {
    National {
        eligibilities,
        linked_to: match spec.case {
            Case::LinkedTo(index) => Some(index),
            _ => None,
        },
        address_withheld: !spec.card.usable,
        consents: Consents {
            drugs: !dice.per_mille(150),
            diagnosis: !dice.per_mille(200),
            checkup: !dice.per_mille(300),
            operation: !dice.per_mille(250),
        },
        specific_disease: spec.dialysis.then(|| ("1".to_owned(), 10_000)),
        electronic_prescription: dice.per_mille(300),
    }
}
