//! One visit as the month-end list shows it: what would be sent, on what it rests, and what stands out.

use super::ClaimBasis;
use super::warning::{ClaimWarning, warnings};
use crate::coverage::Coverage;
use crate::decision::Decision;
use crate::evidence::{Confidence, EvidenceKind};
use crate::public_payer::PublicPayer;
use crate::scheme::PayerBody;
use crate::text::Text;
use crate::visit::VisitState;
use crate::written::{Value, Written};
use crate::{codes, record};

codes! {
    /// Why a visit makes no claim at all.
    pub enum NotClaimed {
        /// entered by mistake
        Voided = "voided",
        /// left without care
        LeftWithoutCare = "left_without_care",
        /// the same check-in stands twice; the other one is claimed
        Double = "double",
    }
}

record! {
    /// One visit of a month.
    pub struct ClaimLine {
        /// ①, ②, ③ or hold
        pub basis: ClaimBasis,
        /// why
        pub reason: Text,
        /// the visit makes no claim
        pub not_claimed: Option<NotClaimed>,
        /// the numbers
        pub coverage: Option<Coverage>,
        /// 公費, first one first
        pub public_payers: Vec<PublicPayer>,
        /// 摘要欄, in records of the width of the claim
        pub remark_lines: Vec<String>,
        /// who the claim goes to; absent = the institution chooses
        pub payer_body: Option<PayerBody>,
        /// patient's share in tenths; 10 = 10割 was asked, and nobody has confirmed anything since
        pub ratio_tenths: Option<u8>,
        /// how eligibility was confirmed
        pub evidence: Option<EvidenceKind>,
        /// how sure that is
        pub confidence: Option<Confidence>,
        /// a later answer may still change it
        pub provisional: bool,
        /// what stands out
        pub warnings: Vec<ClaimWarning>,
    }
}

impl ClaimLine {
    /// The line of a visit, by what the rules say of it.
    pub fn of(state: &VisitState, decision: &Decision) -> ClaimLine {
        let claim = &decision.claim;
        let accepted = state.accepted.as_ref().map(|accepted| &accepted.acceptance);
        let not_claimed = not_claimed(state);
        ClaimLine {
            basis: claim.basis,
            reason: claim.reason.clone(),
            coverage: claim.coverage.clone(),
            public_payers: state.public_payers.clone(),
            remark_lines: claim.remark_lines.clone(),
            payer_body: claim.payer_body,
            ratio_tenths: share(state, decision),
            evidence: decision.accepted.as_ref().or(accepted).map(|a| a.evidence),
            confidence: decision.accepted.as_ref().or(accepted).map(|a| a.confidence),
            provisional: claim.provisional,
            warnings: if not_claimed.is_some() { Vec::new() } else { warnings(state, decision) },
            not_claimed,
        }
    }

    /// Whether somebody has to act before it is sent.
    pub fn needs_somebody(&self) -> bool {
        self.warnings.iter().any(|warning| warning.needs_somebody())
    }

    /// Whether the national service has confirmed it.
    pub fn is_confirmed(&self) -> bool {
        !self.warnings.contains(&ClaimWarning::NotConfirmed) && self.basis != ClaimBasis::Hold
    }

    /// What the claim itself would carry, and nothing beside it: two lines with the same of this are the same claim.
    pub fn sent(&self) -> Value {
        let coverage = self.coverage.as_ref();
        let Some(none) = self.not_claimed else {
            return Value::map()
                .with("basis", self.basis.write())
                .with("insurer_number", coverage.and_then(|c| c.insurer_number.clone()).write())
                .with("insured_symbol", coverage.and_then(|c| c.insured_symbol.clone()).write())
                .with("insured_number", coverage.and_then(|c| c.insured_number.clone()).write())
                .with("branch_number", coverage.and_then(|c| c.branch_number.clone()).write())
                .with("personal_family", coverage.and_then(|c| c.personal_family).write())
                .with("public_payers", self.public_payers.write())
                .with("remark_lines", self.remark_lines.write())
                .with("payer_body", self.payer_body.write())
                .with("ratio_tenths", self.ratio_tenths.write());
        };
        Value::map().with("not_claimed", none.write())
    }
}

/// The share the claim goes out with. What the national service has confirmed counts above what the desk charged before
/// (checkin-rules §7.5): the difference is settled with the patient, and the warning says so until it is.
fn share(state: &VisitState, decision: &Decision) -> Option<u8> {
    let is_confirmed = decision.claim.basis == ClaimBasis::Current && !decision.claim.provisional;
    let confirmed = decision.ratio.tenths.filter(|_| is_confirmed);
    state.ratio_chosen.or(confirmed).or_else(|| state.ratio_charged()).or(decision.ratio.tenths)
}

fn not_claimed(state: &VisitState) -> Option<NotClaimed> {
    if state.voided.is_some() {
        return Some(NotClaimed::Voided);
    }
    state.left_without_care.is_some().then_some(NotClaimed::LeftWithoutCare)
}

impl NotClaimed {
    /// In words.
    pub fn words(self) -> Text {
        let (ja, en) = match self {
            NotClaimed::Voided => ("取消（請求なし）", "voided, no claim"),
            NotClaimed::LeftWithoutCare => ("受診せず（請求なし）", "left without care, no claim"),
            NotClaimed::Double => ("二重の受付（請求なし）", "received twice, no claim"),
        };
        Text::new(ja, en)
    }
}

impl ClaimBasis {
    /// In words, with the mark of the order.
    pub fn words(self) -> Text {
        let (ja, en) = match self {
            ClaimBasis::Current => ("① 現資格", "① current"),
            ClaimBasis::Former => ("② 旧資格", "② former"),
            ClaimBasis::Unknown => ("③ 不詳", "③ unknown"),
            ClaimBasis::Hold => ("保留", "on hold"),
        };
        Text::new(ja, en)
    }
}
