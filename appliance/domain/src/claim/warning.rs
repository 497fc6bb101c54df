//! What somebody should look at before a claim is sent (claims-rules §9, §10).

use super::{ClaimBasis, ClaimDecision};
use crate::age::consistency;
use crate::codes;
use crate::decision::Decision;
use crate::declaration::{Declaration, InsuranceKind};
use crate::evidence::{Confidence, EvidenceKind};
use crate::remark::unknown_claim_remark;
use crate::scheme::PayerBody;
use crate::text::Text;
use crate::visit::{LateOutcome, VisitState};

codes! {
    /// What stands out about one visit on a claim, the most pressing first.
    pub enum ClaimWarning {
        /// nothing can be sent: the window has to ask
        Unresolved = "unresolved",
        /// 不詳 without what its remarks need
        RemarkMissing = "remark_missing",
        /// an answer spoke of another person
        PersonMismatch = "person_mismatch",
        /// the check digit of the insurer number does not fit
        CheckDigit = "check_digit",
        /// the check digit of a public payer or recipient number does not fit
        SubsidyCheckDigit = "subsidy_check_digit",
        /// the sources of the share disagree, or the share does not fit the age
        RatioAgainstAge = "ratio_against_age",
        /// nobody knows the share
        RatioUnknown = "ratio_unknown",
        /// the age does not go with the insurer
        InsurerAgainstAge = "insurer_against_age",
        /// a later answer named another insurer or number than the desk went by
        InsurerChanged = "insurer_changed",
        /// a later answer named another share than was charged
        RatioChanged = "ratio_changed",
        /// a company was named, yet the insurance may be from the city (REQ-65)
        CompanyButPerhapsKokuho = "company_but_perhaps_kokuho",
        /// nobody knows whether the insurance is from work or from the city
        PayerBodyOpen = "payer_body_open",
        /// the subsidy certificate was not shown at this visit although one is on file
        SubsidyNotShown = "subsidy_not_shown",
        /// 10割 was taken, and the difference is still to be paid back
        FullCharge = "full_charge",
        /// staff chose the share themselves
        RatioByStaff = "ratio_by_staff",
        /// received by a decision of staff
        ReceivedByStaff = "received_by_staff",
        /// not confirmed online yet
        NotConfirmed = "not_confirmed",
    }
}

impl ClaimWarning {
    /// Whether somebody has to act before the claim goes out; the others are only good to know.
    pub const fn needs_somebody(self) -> bool {
        !matches!(self, ClaimWarning::RatioByStaff | ClaimWarning::ReceivedByStaff | ClaimWarning::NotConfirmed)
    }

    /// What it is and what to do.
    pub fn words(self) -> Text {
        let (ja, en) = match self {
            ClaimWarning::Unresolved => (
                "請求できません。窓口で番号か申立書を確かめてください。",
                "Cannot be sent: ask at the window for a number or a declaration.",
            ),
            ClaimWarning::RemarkMissing => {
                ("不詳請求の摘要欄に必要な項目が足りません。", "The remarks of an unknown claim lack something.")
            }
            ClaimWarning::PersonMismatch => (
                "照会で別の方が該当しました。番号を確かめてください。",
                "An answer spoke of another person: make sure of the numbers.",
            ),
            ClaimWarning::CheckDigit => (
                "保険者番号の検証番号が合いません。書面か保険者に確かめてください。",
                "The insurer number fails its check digit: look at the paper or ask the insurer.",
            ),
            ClaimWarning::SubsidyCheckDigit => (
                "公費の番号の検証番号が合いません。受給者証を確かめてください。",
                "A number of the subsidy fails its check digit: look at the certificate.",
            ),
            ClaimWarning::RatioAgainstAge => {
                ("負担割合が年齢や他の情報と食い違っています。", "The share disagrees with the age or another source.")
            }
            ClaimWarning::RatioUnknown => (
                "負担割合が分かりません。高齢受給者証等を確かめてください。",
                "The share is not known: ask for the elderly recipient certificate.",
            ),
            ClaimWarning::InsurerAgainstAge => (
                "年齢と保険者の種類が合いません。生年月日と保険者番号を確かめてください。",
                "Age and kind of insurer do not go together: check birth date and insurer number.",
            ),
            ClaimWarning::InsurerChanged => (
                "受付後に保険者（番号）が変わりました。カルテとレセコンを直してください。",
                "The insurer changed after check-in: correct chart and receipt computer.",
            ),
            ClaimWarning::RatioChanged => (
                "受付後に負担割合が変わりました。精算してください。",
                "The share changed after check-in: settle the difference.",
            ),
            ClaimWarning::CompanyButPerhapsKokuho => (
                "会社名がありますが国保かもしれません。「会社の保険か市区町村の保険か」を確かめ、送信前に再照会してください。",
                "A company is named, but the insurance may be from the city: ask which, and query again before sending.",
            ),
            ClaimWarning::PayerBodyOpen => (
                "保険の種別が不明です。請求先（支払基金か国保連）は医療機関が選びます。",
                "The kind of insurance is unknown: the institution chooses where to send it.",
            ),
            ClaimWarning::SubsidyNotShown => (
                "公費の受給者証がこの受付で確認されていません。",
                "The subsidy certificate on file was not shown at this visit.",
            ),
            ClaimWarning::FullCharge => ("10割をお預かりしたままです。", "100 % was taken and is not settled."),
            ClaimWarning::RatioByStaff => ("負担割合を職員が選びました。", "Staff chose the share."),
            ClaimWarning::ReceivedByStaff => ("職員の判断で受け付けました。", "Received by a decision of staff."),
            ClaimWarning::NotConfirmed => ("オンラインでまだ確認していません。", "Not confirmed online yet."),
        };
        Text::new(ja, en)
    }

    /// A few words for a list.
    pub fn label(self) -> Text {
        let (ja, en) = match self {
            ClaimWarning::Unresolved => ("請求保留", "On hold"),
            ClaimWarning::RemarkMissing => ("摘要欄不足", "Remarks lack something"),
            ClaimWarning::PersonMismatch => ("別人の回答", "Another person answered"),
            ClaimWarning::CheckDigit => ("検証番号違い", "Check digit"),
            ClaimWarning::SubsidyCheckDigit => ("公費の検証番号違い", "Check digit of subsidy"),
            ClaimWarning::RatioAgainstAge => ("割合の食い違い", "Share disagrees"),
            ClaimWarning::RatioUnknown => ("割合不明", "Share unknown"),
            ClaimWarning::InsurerAgainstAge => ("年齢と保険者", "Age and insurer"),
            ClaimWarning::InsurerChanged => ("保険者変更", "Insurer changed"),
            ClaimWarning::RatioChanged => ("割合変更", "Share changed"),
            ClaimWarning::CompanyButPerhapsKokuho => ("会社名あり・国保の可能性", "Company named, perhaps city"),
            ClaimWarning::PayerBodyOpen => ("請求先未定", "Payer body open"),
            ClaimWarning::SubsidyNotShown => ("公費未確認", "Subsidy not shown"),
            ClaimWarning::FullCharge => ("10割預り", "100 % taken"),
            ClaimWarning::RatioByStaff => ("割合を職員が選択", "Share by staff"),
            ClaimWarning::ReceivedByStaff => ("職員判断", "Decision of staff"),
            ClaimWarning::NotConfirmed => ("未確認", "Not confirmed"),
        };
        Text::new(ja, en)
    }
}

/// Everything that stands out, in the order of the table.
pub(super) fn warnings(state: &VisitState, decision: &Decision) -> Vec<ClaimWarning> {
    let claim = &decision.claim;
    let accepted = state.accepted.as_ref().map(|accepted| &accepted.acceptance);
    let coverage = claim.coverage.as_ref();
    let holds = |warning: &ClaimWarning| match warning {
        ClaimWarning::Unresolved => claim.basis == ClaimBasis::Hold,
        ClaimWarning::RemarkMissing => {
            claim.basis == ClaimBasis::Hold && state.declaration.as_ref().is_some_and(lacks_remark)
        }
        ClaimWarning::PersonMismatch => state.answer_withheld && state.late.last() != Some(&LateOutcome::Confirmed),
        ClaimWarning::CheckDigit => coverage.is_some_and(|c| c.has_wrong_check_digit()),
        ClaimWarning::SubsidyCheckDigit => state.public_payers.iter().any(|payer| !payer.warnings().is_empty()),
        ClaimWarning::RatioAgainstAge => decision.ratio.mismatch && state.ratio_chosen.is_none(),
        ClaimWarning::RatioUnknown => state.ratio_charged().or(decision.ratio.tenths).is_none() && accepted.is_some(),
        ClaimWarning::InsurerAgainstAge => ages_disagree(state, claim),
        ClaimWarning::InsurerChanged => is_open_change(state, LateOutcome::InsurerChanged),
        ClaimWarning::RatioChanged => is_open_change(state, LateOutcome::RatioChanged),
        ClaimWarning::CompanyButPerhapsKokuho => {
            claim.basis == ClaimBasis::Unknown && state.declaration.as_ref().is_some_and(company_but_perhaps_kokuho)
        }
        ClaimWarning::PayerBodyOpen => claim.basis == ClaimBasis::Unknown && claim.payer_body.is_none(),
        ClaimWarning::SubsidyNotShown => {
            let on_file = state.stored.as_ref().is_some_and(|stored| stored.subsidy_shown_on.is_some());
            on_file && state.public_payers.is_empty() && !state.subsidy_denied
        }
        ClaimWarning::FullCharge => {
            state.full_charge.is_some() && !state.closed.iter().any(|c| c.kind == crate::decision::FollowUpKind::Refund)
        }
        ClaimWarning::RatioByStaff => state.ratio_chosen.is_some(),
        ClaimWarning::ReceivedByStaff => {
            state.staff_decision.is_some() || accepted.is_some_and(|a| a.evidence == EvidenceKind::SiteJudgement)
        }
        ClaimWarning::NotConfirmed => claim.basis != ClaimBasis::Hold && !is_confirmed(state, decision),
    };
    ClaimWarning::ALL.iter().copied().filter(holds).collect()
}

fn lacks_remark(form: &Declaration) -> bool {
    unknown_claim_remark(form.address.as_deref(), form.workplace.as_deref(), form.contact()).is_err()
}

/// The real case of claims-rules §1: the company's name says where somebody works, not who insures.
fn company_but_perhaps_kokuho(form: &Declaration) -> bool {
    let company = form.workplace.as_deref().is_some_and(|name| !name.trim().is_empty());
    company && form.insurance_kind != InsuranceKind::NationalHealth && form.insurance_kind != InsuranceKind::LateElderly
}

fn ages_disagree(state: &VisitState, claim: &ClaimDecision) -> bool {
    use crate::age::AgeSchemeIssue as Issue;
    let birth = state.person.as_ref().and_then(|person| person.birth_date);
    let (Some(birth), Some(day), Some(coverage)) = (birth, state.visit_date(), &claim.coverage) else { return false };
    let issues = consistency(birth, day, coverage.scheme());
    issues.iter().any(|issue| {
        matches!(
            issue,
            Issue::BornAfterVisit | Issue::NotLateElderly | Issue::TooYoungForLateElderly | Issue::StartDayOpen
        )
    })
}

fn is_open_change(state: &VisitState, outcome: LateOutcome) -> bool {
    use crate::decision::FollowUpKind as Kind;
    let closed = |kind: Kind| state.closed.iter().any(|closed| closed.kind == kind);
    let done = match outcome {
        LateOutcome::InsurerChanged => closed(Kind::InsurerChanged),
        _ => closed(Kind::Collect) || closed(Kind::Refund),
    };
    state.late.contains(&outcome) && !done
}

fn is_confirmed(state: &VisitState, decision: &Decision) -> bool {
    let accepted = decision.accepted.as_ref().or(state.accepted.as_ref().map(|accepted| &accepted.acceptance));
    accepted.is_some_and(|a| a.confidence == Confidence::ConfirmedOnline)
        || state.late.iter().any(|late| late.settles())
}

/// How a payer body is told from the declaration, for the page that explains the choice.
pub fn payer_body_words(body: Option<PayerBody>) -> Text {
    match body {
        Some(body) => Text::new(body.label_ja(), body.label_en()),
        None => Text::new("医療機関が選択", "the institution chooses"),
    }
}
