//! A card dealt to the emulated reader: whose it is, and of which kind.

use drivers::emulated::{CardOrder, Holder, Profile, Sex};
use serde::{Deserialize, Serialize};
use sync::simulator::{CardMethod, CertificateWindow, Person, PhoneKind, PinState, Sex as SimSex};

/// Somebody's card, as the `deal` order of `uketsuke sim-card` writes it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dealt {
    /// name of the profile
    pub profile: String,
    /// which card of this kind
    pub seed: u64,
    /// as on the card face
    pub name: String,
    /// as on the card face
    pub address: String,
    /// `2026-11-20`
    pub birth_date: String,
    /// sex
    pub sex: DealtSex,
}

/// Sex as the `deal` order writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DealtSex {
    /// `male`
    Male,
    /// `female`
    Female,
    /// `not_applicable`
    NotApplicable,
    /// `unknown`
    Unknown,
}

impl std::fmt::Debug for Dealt {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Dealt({})", self.profile)
    }
}

impl Dealt {
    /// The card of somebody of the practice population, as this person would lay it down. Certificates end in the same window as
    /// the person's, on another day.
    pub fn card_of(person: &Person, method: CardMethod) -> Dealt {
        let sex = match person.face.sex {
            SimSex::Male => DealtSex::Male,
            SimSex::Female => DealtSex::Female,
        };
        Dealt {
            profile: profile(person, method).name().to_owned(),
            seed: person.index.into(),
            name: person.face.name.clone(),
            address: person.face.address.clone(),
            birth_date: person.face.birth_date.to_string(),
            sex,
        }
    }

    /// The order for such a card, used on this day; nothing when the profile or the birth date does not exist.
    pub fn order(&self, today: jiff::civil::Date) -> Option<CardOrder> {
        let sex = match self.sex {
            DealtSex::Male => Sex::Male,
            DealtSex::Female => Sex::Female,
            DealtSex::NotApplicable => Sex::NotApplicable,
            DealtSex::Unknown => Sex::Unknown,
        };
        let birth = self.birth_date.parse().ok()?;
        let holder = Holder { name: self.name.clone(), address: self.address.clone(), birth, sex };
        Some(CardOrder { holder: Some(holder), ..CardOrder::new(self.profile.parse().ok()?, self.seed, today) })
    }
}

fn profile(person: &Person, method: CardMethod) -> Profile {
    match (method, person.card.phone) {
        (CardMethod::Phone, Some(PhoneKind::Android)) => return Profile::PhoneAndroid,
        (CardMethod::Phone, Some(_)) => return Profile::PhoneIphone,
        _ => {}
    }
    match (person.card.window, person.card.pin) {
        (CertificateWindow::W1, _) => Profile::Expiring,
        (CertificateWindow::W2, _) => Profile::InGrace,
        (CertificateWindow::W3, _) => Profile::PastGrace,
        (CertificateWindow::W0, PinState::None) => Profile::FaceOnly,
        (CertificateWindow::W0, PinState::Locked) => Profile::Locked,
        (CertificateWindow::W0, PinState::Known | PinState::Forgotten) => Profile::Normal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_written_as_json_is_the_same_card_again() {
        let line = r#"{"profile":"locked","seed":3,"name":"見本　太郎","address":"見本県","birth_date":"1980-04-01","sex":"male"}"#;
        let dealt: Dealt = serde_json::from_str(line).expect("json");
        assert_eq!(serde_json::to_string(&dealt).expect("json"), line);
        let order = dealt.order(jiff::civil::date(2026, 11, 20)).expect("a day and a profile");
        assert_eq!((order.profile, order.seed), (Profile::Locked, 3));
        assert_eq!(order.holder.map(|holder| holder.birth), Some(jiff::civil::date(1980, 4, 1)));
        assert_eq!(Dealt { birth_date: "1980-13-01".to_owned(), ..dealt }.order(jiff::civil::date(2026, 11, 20)), None);
    }
}
