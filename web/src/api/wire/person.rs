//! A person on the wire.

use super::code::SexCode;
use super::text::{Address, PersonName, optional};
use super::time::{Day, optional_day};
use crate::api::body::{Form, Place};
use domain::eligibility::PersonFace;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A person as the card face, a paper or the patient says. Everything may be left out.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonForm {
    /// 氏名, as on the card face
    pub name: Option<PersonName>,
    /// カナ氏名
    pub name_kana: Option<PersonName>,
    /// 生年月日
    pub birth_date: Option<Day>,
    /// 性別
    pub sex: Option<SexCode>,
    /// 住所
    pub address: Option<Address>,
}

impl Form for PersonForm {
    type Meaning = PersonFace;

    fn meaning(self, at: &Place<'_>) -> Option<PersonFace> {
        Some(PersonFace {
            name: optional(self.name, at.field("name")),
            name_kana: optional(self.name_kana, at.field("name_kana")),
            birth_date: optional_day(&self.birth_date, at.field("birth_date")),
            sex: self.sex.map(|sex| sex.0),
            address: optional(self.address, at.field("address")),
        })
    }
}

/// A person as far as known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// 氏名
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// カナ氏名
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_kana: Option<String>,
    /// 生年月日
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Day>,
    /// 性別
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<SexCode>,
    /// 住所
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl From<&PersonFace> for Person {
    fn from(person: &PersonFace) -> Person {
        Person {
            name: person.name.clone(),
            name_kana: person.name_kana.clone(),
            birth_date: person.birth_date.map(Day::of),
            sex: person.sex.map(SexCode),
            address: person.address.clone(),
        }
    }
}
