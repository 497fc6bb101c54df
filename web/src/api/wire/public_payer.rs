//! Public payers (公費) on the wire.

use super::number::issued;
use super::text::{IssuedNumber, Typed};
use crate::api::body::{Form, Place};
use domain::number::{PublicPayerNumber, PublicRecipientNumber};
use domain::public_payer::PublicPayer;
use domain::visit::PublicPayersTaken;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A public payer of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PublicPayer)]
pub struct PublicPayerShown {
    /// 公費負担者番号, 8 digits
    pub payer: String,
    /// 公費受給者番号, 7 digits; absent = the paper names none
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
}

impl From<&PublicPayer> for PublicPayerShown {
    fn from(payer: &PublicPayer) -> PublicPayerShown {
        PublicPayerShown {
            payer: payer.payer.as_str().to_owned(),
            recipient: payer.recipient.as_ref().map(|number| number.as_str().to_owned()),
        }
    }
}

/// The public payers of a visit, as staff compared them with the certificate.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicPayersForm {
    /// in the order of the claim; empty = the visit has none after all
    #[schema(max_items = 4)]
    pub payers: Vec<PublicPayerForm>,
}

/// One of them. A check digit that does not fit is a warning, no refusal: such certificates exist.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicPayerForm {
    /// 公費負担者番号, 8 digits
    pub payer: IssuedNumber,
    /// 公費受給者番号, 7 digits
    pub recipient: Option<IssuedNumber>,
}

impl Form for PublicPayersForm {
    type Meaning = PublicPayersTaken;

    fn meaning(self, at: &Place<'_>) -> Option<PublicPayersTaken> {
        let at = at.field("payers");
        at.count(self.payers.len(), 0, PublicPayer::MOST)?;
        let read: Vec<Option<PublicPayer>> =
            self.payers.into_iter().enumerate().map(|(index, form)| form.meaning(&at.item(index))).collect();
        Some(PublicPayersTaken { payers: read.into_iter().collect::<Option<_>>()? })
    }
}

impl Form for PublicPayerForm {
    type Meaning = PublicPayer;

    fn meaning(self, at: &Place<'_>) -> Option<PublicPayer> {
        let recipient = issued(self.recipient, at.field("recipient"), PublicRecipientNumber::parse_overridden);
        if self.payer.as_typed().trim().is_empty() {
            at.field("payer").missing();
        }
        let payer = issued(Some(self.payer), at.field("payer"), PublicPayerNumber::parse_overridden)?;
        Some(PublicPayer { payer, recipient })
    }
}
