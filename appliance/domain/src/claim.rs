//! Which insured number goes on the claim: ① current, ② former, ③ unknown, or hold (claims-rules §1).

pub mod line;
pub mod month;
pub mod returned;
pub mod warning;

pub use line::{ClaimLine, NotClaimed};
pub use month::{Month, MonthFact, MonthState};
pub use returned::{ReturnOutcome, ReturnReason, ReturnedClaim};
pub use warning::ClaimWarning;

use crate::coverage::Coverage;
use crate::declaration::Declaration;
use crate::number::{InsuredNumber, InsurerNumber};
use crate::public_payer::PublicPayer;
use crate::remark;
use crate::scheme::PayerBody;
use crate::site_choices::SiteChoices;
use crate::text::Text;
use crate::{codes, record};

codes! {
    /// The order of claims-rules §1.
    pub enum ClaimBasis {
        /// ① the current numbers
        Current = "current",
        /// ② 旧資格: the lost eligibility's numbers
        Former = "former",
        /// ③ 不詳: digits filled with 7
        Unknown = "unknown",
        /// do not send: ask the window
        Hold = "hold",
    }
}

record! {
    /// What the claim carries.
    pub struct ClaimDecision {
        /// ①, ②, ③ or hold
        pub basis: ClaimBasis,
        /// the numbers
        pub coverage: Option<Coverage>,
        /// 公費, in the order of the claim (第一公費 first); whether a paper names them is not for the rules to decide
        pub public_payers: Vec<PublicPayer>,
        /// 摘要欄, in records of at most 38 full-width characters
        pub remark_lines: Vec<String>,
        /// who the claim goes to; absent = the institution chooses
        pub payer_body: Option<PayerBody>,
        /// a later answer may still change it
        pub provisional: bool,
        /// why
        pub reason: Text,
    }
}

/// What is known when the basis is chosen, strongest first.
#[derive(Clone, Debug, Default)]
pub struct ClaimEvidence<'a> {
    /// numbers the national service called valid for the visit date
    pub confirmed: Option<&'a Coverage>,
    /// numbers from a paper, a screen, the patient or the file that nobody has contradicted
    pub stated: Option<&'a Coverage>,
    /// numbers known to be lost (無効) or former
    pub former: Option<&'a Coverage>,
    /// why nothing may be sent yet although something is known; numbers that nobody has contradicted come before it
    pub wait: Option<Text>,
    /// the declaration on file
    pub declaration: Option<&'a Declaration>,
    /// words and numbers the site has chosen; absent = the usual ones
    pub choices: Option<&'a SiteChoices>,
}

/// Chooses ① → ② → ③ → hold (claims-rules §1.1).
pub fn claim_basis(evidence: &ClaimEvidence<'_>) -> ClaimDecision {
    if let Some(coverage) = evidence.confirmed {
        return current(
            coverage,
            false,
            Text::new("全国システムで有効と確認済み。", "Confirmed as valid by the national service."),
        );
    }
    if let Some(coverage) = evidence.stated.filter(|c| c.has_numbers()) {
        let reason = Text::new(
            "提示・申出・記録の番号による。後日の確認まで暫定。",
            "By the numbers shown, stated or on file; provisional until confirmed.",
        );
        return current(coverage, true, reason);
    }
    if let Some(reason) = &evidence.wait {
        return hold(reason.clone());
    }
    if let Some(coverage) = evidence.former.filter(|c| c.has_numbers()) {
        return former(coverage, evidence.choices);
    }
    match evidence.declaration {
        Some(declaration) => unknown(declaration, evidence.choices),
        None => hold(Text::new(
            "番号も申立書もありません。請求せず窓口で確認してください。",
            "There is neither a number nor a declaration. Do not send; ask at the window.",
        )),
    }
}

fn current(coverage: &Coverage, provisional: bool, reason: Text) -> ClaimDecision {
    ClaimDecision {
        basis: ClaimBasis::Current,
        payer_body: coverage.scheme().payer_body(),
        coverage: Some(coverage.clone()),
        public_payers: Vec::new(),
        remark_lines: Vec::new(),
        provisional,
        reason,
    }
}

fn former(coverage: &Coverage, choices: Option<&SiteChoices>) -> ClaimDecision {
    let wording = choices.and_then(|choices| choices.former_claim_wording.as_deref());
    ClaimDecision {
        basis: ClaimBasis::Former,
        payer_body: coverage.scheme().payer_body(),
        coverage: Some(coverage.clone()),
        public_payers: Vec::new(),
        remark_lines: remark::former_claim_remark(wording).lines(),
        provisional: true,
        reason: Text::new(
            "資格（無効）の番号で旧資格として請求します。",
            "Claimed by the lost eligibility's numbers, marked as former.",
        ),
    }
}

fn unknown(declaration: &Declaration, choices: Option<&SiteChoices>) -> ClaimDecision {
    let remark = remark::unknown_claim_remark(
        declaration.address.as_deref(),
        declaration.workplace.as_deref(),
        declaration.contact(),
    );
    match remark {
        Ok(remark) => ClaimDecision {
            basis: ClaimBasis::Unknown,
            coverage: Some(unknown_coverage(choices)),
            public_payers: Vec::new(),
            remark_lines: remark.lines(),
            payer_body: declaration.payer_body(),
            provisional: true,
            reason: Text::new(
                "番号が分からないため不詳として請求します（7埋め）。",
                "No number is known: claimed as unknown, digits filled with 7.",
            ),
        },
        Err(gap) => hold(Text::new(
            format!("不詳請求の摘要欄に必要な項目が足りません。{}", gap.ja()),
            format!("The remarks of an unknown claim lack something. {}", gap.en()),
        )),
    }
}

fn unknown_coverage(choices: Option<&SiteChoices>) -> Coverage {
    Coverage {
        insurer_number: Some(choices.map_or(InsurerNumber::UNKNOWN, SiteChoices::unknown_insurer)),
        insured_number: Some(InsuredNumber::UNKNOWN),
        ..Coverage::EMPTY
    }
}

fn hold(reason: Text) -> ClaimDecision {
    ClaimDecision {
        basis: ClaimBasis::Hold,
        coverage: None,
        public_payers: Vec::new(),
        remark_lines: Vec::new(),
        payer_body: None,
        provisional: true,
        reason,
    }
}
