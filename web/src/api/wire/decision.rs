//! The written form of a decision, for the description. `Desk::write_decision` and `Desk::decide_case` write it; these types
//! say what stands in it, and a test reads real decisions into them and back without a difference. Empty lists and empty
//! fields are left out; instants are **milliseconds since 1970-01-01T00:00:00Z**.

use super::Text;
use super::board::FollowUpShown;
use super::code::{
    ActionCode, CauseCode, CertificateWindowCode, ClaimBasisCode, ConfidenceCode, EvidenceKindCode, PayerBodyCode,
    PersonMatchCode, RatioBasisCode, RuleIdCode,
};
use super::coverage::CoverageShown;
use super::public_payer::PublicPayerShown;
use super::time::Day;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Everything the rules say about a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// which rule list decided
    pub rules_version: String,
    /// certificate window on the visit date, when the expiry is known
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_window: Option<CertificateWindowCode>,
    /// whether the answer speaks of the person at the desk
    pub person: PersonMatchCode,
    /// the evidence the check-in rests on; absent = not yet settled
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<DecidedAcceptance>,
    /// today's lawful steps, best first
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ladder: Vec<Step>,
    /// what does not count, and why
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refusal>,
    /// burden ratio
    pub ratio: RatioDecision,
    /// medical data
    pub medical: MedicalData,
    /// which numbers the claim carries
    pub claim: ClaimDecision,
    /// what remains to be done
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<FollowUpShown>,
    /// 10割
    pub full_charge: FullCharge,
    /// what staff should notice
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cautions: Vec<Text>,
    /// dated rules that took part
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules_fired: Vec<RuleIdCode>,
}

/// The evidence a check-in rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecidedAcceptance {
    /// how eligibility was confirmed
    pub evidence: EvidenceKindCode,
    /// how sure that is
    pub confidence: ConfidenceCode,
    /// a later answer of the national service must still confirm it
    pub provisional: bool,
    /// why a better way was not available; absent when there was no better way
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not_better: Option<DecidedWhy>,
}

/// Why a better way was not available, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecidedWhy {
    /// the class of the cause
    pub cause: CauseCode,
    /// since when, milliseconds since 1970; absent for causes that belong to this patient only
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<i64>,
}

/// One lawful step of today's ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Step {
    /// position, 1 is tried first
    pub order: u8,
    /// what to do
    pub action: ActionCode,
    /// the evidence it leads to
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceKindCode>,
    /// why this step, now
    pub reason: Text,
    /// the law, circular or paper behind it
    pub law: String,
    /// the dated rule that allows it, if one does
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleIdCode>,
    /// the sentence to say to the patient
    pub say: Text,
    /// this step is done and settled the check-in
    pub satisfied: bool,
}

/// Something presented or thinkable that does not count, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refusal {
    /// what does not count
    pub evidence: EvidenceKindCode,
    /// why not
    pub reason: Text,
    /// the law, circular or paper behind it
    pub law: String,
    /// the dated rule that decides it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleIdCode>,
}

/// The burden ratio and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RatioDecision {
    /// patient's share in tenths; absent when a document has to be asked for first
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenths: Option<u8>,
    /// the basis of that number
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<RatioBasisCode>,
    /// every source, strongest first
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<RatioSource>,
    /// sources contradict each other: show all, staff choose, call the insurer
    pub mismatch: bool,
    /// what to ask for, when the ratio cannot be settled
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask: Option<Text>,
}

/// One source of a ratio.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RatioSource {
    /// where it comes from
    pub basis: RatioBasisCode,
    /// patient's share in tenths
    pub tenths: u8,
    /// first day it is stated for
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Day>,
    /// last day it is stated for; absent = unknown
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Day>,
}

/// Whether medical data may be looked at. Never derived from eligibility.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MedicalData {
    /// yes or no
    pub allowed: bool,
    /// until when, milliseconds since 1970, when allowed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// why
    pub reason: Text,
}

/// What the claim carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClaimDecision {
    /// ①, ②, ③ or hold
    pub basis: ClaimBasisCode,
    /// the numbers
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<CoverageShown>,
    /// 公費, in the order of the claim
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public_payers: Vec<PublicPayerShown>,
    /// 摘要欄, in records of at most 38 full-width characters
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remark_lines: Vec<String>,
    /// who the claim goes to; absent = the institution chooses
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer_body: Option<PayerBodyCode>,
    /// a later answer may still change it
    pub provisional: bool,
    /// why
    pub reason: Text,
}

/// Whether 10割 may be asked, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FullCharge {
    /// may it be asked
    pub may_be_asked: bool,
    /// why, or why not
    pub reason: Text,
    /// the law, circular or paper behind it
    pub law: String,
}
