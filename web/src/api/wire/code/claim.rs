//! Codes of claims.

use super::code_table;

code_table! {
    /// What stands out about a claim, the most pressing first.
    ClaimWarningCode, domain::claim::ClaimWarning, "ClaimWarning", {
        Unresolved: "nothing can be sent: the window has to ask",
        RemarkMissing: "不詳 without what its remarks need",
        PersonMismatch: "an answer spoke of another person",
        CheckDigit: "the insurer number fails its check digit",
        SubsidyCheckDigit: "a number of the subsidy fails its check digit",
        RatioAgainstAge: "the sources of the share disagree, or it does not fit the age",
        RatioUnknown: "nobody knows the share",
        InsurerAgainstAge: "the age does not go with the insurer",
        InsurerChanged: "a later answer named another insurer or number",
        RatioChanged: "a later answer named another share",
        CompanyButPerhapsKokuho: "a company was named, yet the insurance may be from the city",
        PayerBodyOpen: "nobody knows whether the insurance is from work or from the city",
        SubsidyNotShown: "the subsidy certificate on file was not shown",
        FullCharge: "100 % was taken and is not settled",
        RatioByStaff: "staff chose the share",
        ReceivedByStaff: "received by a decision of staff",
        NotConfirmed: "not confirmed online yet",
    }
}

code_table! {
    /// Why a visit makes no claim.
    NotClaimedCode, domain::claim::NotClaimed, "NotClaimed", {
        Voided: "entered by mistake",
        LeftWithoutCare: "left without care",
        Double: "received twice; the other one is claimed",
    }
}

code_table! {
    /// Why a claim came back.
    ReturnReasonCode, domain::claim::ReturnReason, "ReturnReason", {
        AfterLoss: "資格喪失後の受診",
        NumberWrong: "記号・番号の誤り",
        InsurerWrong: "該当者なし・保険者番号の誤り",
        PersonDiffers: "生年月日・個人の相違",
        FamilyWrong: "本人・家族の誤り",
        RatioWrong: "給付（負担）割合の誤り",
        BranchWrong: "枝番違い",
        SentTwice: "重複請求",
        CoPayment: "一部負担金の記載",
        Subsidy: "公費の期限切れ・番号誤り",
        UnknownWrongBody: "不詳の請求先違い",
        Characters: "使えない文字",
        RemarkMissing: "摘要欄の不足",
        Other: "その他",
    }
}

code_table! {
    /// What became of a returned claim.
    ReturnOutcomeCode, domain::claim::ReturnOutcome, "ReturnOutcome", {
        SentAgain: "corrected and sent again",
        PatientPays: "the patient pays",
        GivenUp: "given up",
        Mistake: "entered by mistake",
    }
}
