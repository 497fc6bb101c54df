//! Insurance data on the wire.

use super::code::{LossReasonCode, PersonalFamilyCode};
use super::number::{insurer, issued};
use super::text::{BodyName, IssuedNumber, Reason, ReceivedCode, optional, required};
use super::time::{Day, in_order, optional_day};
use crate::api::body::{Form, Place};
use domain::coverage::{Coverage, ElderlyRecipient, LimitInfo};
use domain::number::{BranchNumber, InsuredNumber, InsuredSymbol};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Largest share that can be stated, in tenths.
const TENTHS_AT_MOST: u8 = 10;

/// The patient's share in tenths, if it can be one.
pub fn tenths(value: Option<u8>, at: Place<'_>) -> Option<u8> {
    let out_of_range = value.is_some_and(|tenths| tenths > TENTHS_AT_MOST);
    if out_of_range {
        at.wrong("out_of_range", "0〜10（割）の整数です。", "A whole number of tenths from 0 to 10.");
    }
    value.filter(|_| !out_of_range)
}

/// 高齢受給者証 data of people aged 70 to 74, as typed in.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ElderlyForm {
    /// patient's share in tenths
    #[schema(maximum = 10)]
    pub ratio_tenths: Option<u8>,
    /// first valid day
    pub valid_from: Option<Day>,
    /// last valid day; absent = unknown, not endless
    pub valid_to: Option<Day>,
}

/// 限度額適用認定証 data, as typed in.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitForm {
    /// 適用区分, for instance `A03` (OQSCD012)
    pub limit_class: ReceivedCode,
    /// first valid day
    pub valid_from: Option<Day>,
    /// last valid day; absent = unknown
    pub valid_to: Option<Day>,
}

/// Insurance data typed in from a paper, a screen or by word. Everything may be left out; an absent end means *unknown*.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverageForm {
    /// 保険者番号, 8 digits or 6; the check digit must fit unless it is overridden
    pub insurer_number: Option<IssuedNumber>,
    /// the certificate really shows a number whose check digit does not fit; asks for `override_reason`
    #[serde(default)]
    pub check_digit_override: bool,
    /// why the number is used all the same; kept when the check digit really does not fit
    pub override_reason: Option<Reason>,
    /// 保険者名称
    pub insurer_name: Option<BodyName>,
    /// 記号, at most 20 characters
    pub insured_symbol: Option<IssuedNumber>,
    /// 番号, at most 20 characters; leading zeros count
    pub insured_number: Option<IssuedNumber>,
    /// 枝番, one or two digits
    pub branch_number: Option<IssuedNumber>,
    /// 本人・家族
    pub personal_family: Option<PersonalFamilyCode>,
    /// 被保険者証区分 (OQSCD010), as printed
    pub card_classification: Option<ReceivedCode>,
    /// patient's share in tenths as printed
    #[schema(maximum = 10)]
    pub ratio_tenths: Option<u8>,
    /// 高齢受給者証情報
    pub elderly: Option<ElderlyForm>,
    /// 限度額
    pub limit: Option<LimitForm>,
    /// 資格取得年月日
    pub acquired_on: Option<Day>,
    /// 資格喪失年月日
    pub lost_on: Option<Day>,
    /// 資格喪失事由
    pub loss_reason: Option<LossReasonCode>,
    /// 交付年月日
    pub issued_on: Option<Day>,
    /// 有効開始年月日
    pub valid_from: Option<Day>,
    /// 有効終了年月日
    pub valid_to: Option<Day>,
}

impl Form for CoverageForm {
    type Meaning = Coverage;

    fn meaning(self, at: &Place<'_>) -> Option<Coverage> {
        let (valid_from, valid_to) = period(&self.valid_from, &self.valid_to, at);
        let (insurer_number, override_reason) =
            insurer(self.insurer_number, self.check_digit_override, self.override_reason, at);
        Some(Coverage {
            insurer_number,
            override_reason,
            insurer_name: optional(self.insurer_name, at.field("insurer_name")),
            insured_symbol: issued(self.insured_symbol, at.field("insured_symbol"), InsuredSymbol::parse),
            insured_number: issued(self.insured_number, at.field("insured_number"), InsuredNumber::parse),
            branch_number: issued(self.branch_number, at.field("branch_number"), BranchNumber::parse),
            personal_family: self.personal_family.map(|code| code.0),
            card_classification: optional(self.card_classification, at.field("card_classification")),
            ratio_tenths: tenths(self.ratio_tenths, at.field("ratio_tenths")),
            elderly: self.elderly.and_then(|form| form.meaning(&at.field("elderly"))),
            limit: self.limit.and_then(|form| form.meaning(&at.field("limit"))),
            acquired_on: optional_day(&self.acquired_on, at.field("acquired_on")),
            lost_on: optional_day(&self.lost_on, at.field("lost_on")),
            loss_reason: self.loss_reason.map(|code| code.0),
            issued_on: optional_day(&self.issued_on, at.field("issued_on")),
            valid_from,
            valid_to,
        })
    }
}

impl Form for ElderlyForm {
    type Meaning = ElderlyRecipient;

    fn meaning(self, at: &Place<'_>) -> Option<ElderlyRecipient> {
        let (valid_from, valid_to) = period(&self.valid_from, &self.valid_to, at);
        Some(ElderlyRecipient {
            ratio_tenths: tenths(self.ratio_tenths, at.field("ratio_tenths")),
            valid_from,
            valid_to,
        })
    }
}

impl Form for LimitForm {
    type Meaning = LimitInfo;

    fn meaning(self, at: &Place<'_>) -> Option<LimitInfo> {
        let (valid_from, valid_to) = period(&self.valid_from, &self.valid_to, at);
        Some(LimitInfo { limit_class: required(self.limit_class, at.field("limit_class"))?, valid_from, valid_to })
    }
}

type Period = (Option<domain::Date>, Option<domain::Date>);

fn period(from: &Option<Day>, to: &Option<Day>, at: &Place<'_>) -> Period {
    let from = optional_day(from, at.field("valid_from"));
    let to = optional_day(to, at.field("valid_to"));
    in_order(from, to, at.field("valid_to"));
    (from, to)
}

/// 高齢受給者証 data of people aged 70 to 74.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Elderly {
    /// patient's share in tenths
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio_tenths: Option<u8>,
    /// first valid day
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Day>,
    /// last valid day; absent = unknown, not endless
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Day>,
}

/// 限度額適用認定証 data: the class of the monthly ceiling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Limit {
    /// 適用区分, for instance `A03` (OQSCD012)
    pub limit_class: String,
    /// first valid day
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Day>,
    /// last valid day; absent = unknown
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Day>,
}

/// Insurance data of one person as far as known. An absent end means *unknown*, never endless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Coverage)]
pub struct CoverageShown {
    /// 保険者番号; for medical assistance the 公費負担者番号 starting with 12
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insurer_number: Option<String>,
    /// why staff go by an insurer number whose check digit does not fit
    #[serde(skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
    /// 保険者名称
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insurer_name: Option<String>,
    /// 記号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insured_symbol: Option<String>,
    /// 番号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insured_number: Option<String>,
    /// 枝番
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch_number: Option<String>,
    /// 本人・家族
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal_family: Option<PersonalFamilyCode>,
    /// 被保険者証区分 (OQSCD010), as received
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_classification: Option<String>,
    /// patient's share in tenths as printed or returned
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio_tenths: Option<u8>,
    /// 高齢受給者証情報
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elderly: Option<Elderly>,
    /// 限度額
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// 資格取得年月日
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acquired_on: Option<Day>,
    /// 資格喪失年月日
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost_on: Option<Day>,
    /// 資格喪失事由
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss_reason: Option<LossReasonCode>,
    /// 交付年月日
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<Day>,
    /// 有効開始年月日
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Day>,
    /// 有効終了年月日
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Day>,
}

impl From<&Coverage> for CoverageShown {
    fn from(coverage: &Coverage) -> CoverageShown {
        CoverageShown {
            insurer_number: coverage.insurer_number.as_ref().map(|number| number.as_str().to_owned()),
            override_reason: coverage.override_reason.clone(),
            insurer_name: coverage.insurer_name.clone(),
            insured_symbol: coverage.insured_symbol.as_ref().map(|symbol| symbol.as_str().to_owned()),
            insured_number: coverage.insured_number.as_ref().map(|number| number.as_str().to_owned()),
            branch_number: coverage.branch_number.as_ref().map(|number| number.as_str().to_owned()),
            personal_family: coverage.personal_family.map(PersonalFamilyCode),
            card_classification: coverage.card_classification.clone(),
            ratio_tenths: coverage.ratio_tenths,
            elderly: coverage.elderly.as_ref().map(Elderly::from),
            limit: coverage.limit.as_ref().map(Limit::from),
            acquired_on: coverage.acquired_on.map(Day::of),
            lost_on: coverage.lost_on.map(Day::of),
            loss_reason: coverage.loss_reason.map(LossReasonCode),
            issued_on: coverage.issued_on.map(Day::of),
            valid_from: coverage.valid_from.map(Day::of),
            valid_to: coverage.valid_to.map(Day::of),
        }
    }
}

impl From<&ElderlyRecipient> for Elderly {
    fn from(elderly: &ElderlyRecipient) -> Elderly {
        Elderly {
            ratio_tenths: elderly.ratio_tenths,
            valid_from: elderly.valid_from.map(Day::of),
            valid_to: elderly.valid_to.map(Day::of),
        }
    }
}

impl From<&LimitInfo> for Limit {
    fn from(limit: &LimitInfo) -> Limit {
        Limit {
            limit_class: limit.limit_class.clone(),
            valid_from: limit.valid_from.map(Day::of),
            valid_to: limit.valid_to.map(Day::of),
        }
    }
}
