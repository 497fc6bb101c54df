//! Scanned codes on the wire.

use super::Text;
use super::coverage::CoverageShown;
use super::person::Person;
use super::public_payer::PublicPayerShown;
use super::time::{Day, Instant};
use crate::port::ScannedItem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A code that was scanned and waits for somebody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Scan)]
pub struct ScanShown {
    /// which scan
    pub scan: String,
    /// when
    pub at: Instant,
    /// by which scanner
    pub device: String,
    /// what kind of code it is
    pub kind: Text,
    /// the person as printed
    pub person: Person,
    /// the insurance as printed; it confirms nothing
    pub coverage: CoverageShown,
    /// 診察券番号, when the code was one
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_number: Option<String>,
    /// day of issue of a prescription
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<Day>,
    /// last day it may be used
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usable_until: Option<Day>,
    /// 公費 as printed, in printed order; nobody has compared them yet
    pub public_payers: Vec<PublicPayerShown>,
    /// the visit that one of our own slips belongs to
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
    /// 引換番号 of an electronic prescription
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange_number: Option<String>,
    /// what staff should know or check
    pub notices: Vec<Text>,
    /// why nothing can be started from it, and what to do
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Text>,
}

impl From<&ScannedItem> for ScanShown {
    fn from(item: &ScannedItem) -> ScanShown {
        ScanShown {
            scan: item.scan.clone(),
            at: Instant::of(item.at),
            device: item.device.clone(),
            kind: (&item.kind).into(),
            person: (&item.person).into(),
            coverage: (&item.coverage).into(),
            patient_number: item.patient_number.clone(),
            issued_on: item.issued_on.map(Day::of),
            usable_until: item.usable_until.map(Day::of),
            public_payers: item.public_payers.iter().map(PublicPayerShown::from).collect(),
            visit: item.visit.as_ref().map(ToString::to_string),
            exchange_number: item.exchange_number.clone(),
            notices: item.notices.iter().map(Text::from).collect(),
            refusal: item.refusal.as_ref().map(Text::from),
        }
    }
}

/// Codes that wait.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Scans {
    /// newest first
    pub scans: Vec<ScanShown>,
}
