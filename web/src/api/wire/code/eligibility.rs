//! Codes of the national answer.

use super::code_table;

code_table! {
    /// 資格有効性: the business answer of the national service.
    EligibilityStatusCode, domain::eligibility::EligibilityStatus, "EligibilityStatus", {
        Valid: "有効, valid",
        Invalid: "無効, found and lost",
        Superseded: "無効（新しい資格あり）, lost, a newer one exists",
        NotFound: "該当資格なし, not found; no proof of being uninsured",
        Ambiguous: "複数該当, several fit",
        ValidTicketMissing: "有効（未登録）, entitled to medical assistance, ticket not registered yet",
    }
}

code_table! {
    /// How the national service was asked.
    AskedByCode, domain::eligibility::AskedBy, "AskedBy", {
        Card: "by card or phone; the person was identified",
        Number: "by insurer, symbol, number and birth date",
    }
}

code_table! {
    /// Kinds of medical data with a consent of their own.
    ConsentTopicCode, domain::eligibility::ConsentTopic, "ConsentTopic", {
        Checkup: "特定健診情報, health check-ups",
        Drug: "薬剤情報, drugs",
        Diagnosis: "診療情報, diagnoses",
        Operation: "手術情報, operations",
    }
}

code_table! {
    /// 性別 (OQSCD007).
    SexCode, domain::coverage::Sex, "Sex", {
        Male: "男, male",
        Female: "女, female",
        NotSet: "未設定, not set",
    }
}

code_table! {
    /// 本人・家族の別 (OQSCD009).
    PersonalFamilyCode, domain::coverage::PersonalFamily, "PersonalFamily", {
        SelfInsured: "本人, insured in person",
        Dependant: "家族, dependant",
    }
}

code_table! {
    /// 資格喪失事由 (OQSCD008).
    LossReasonCode, domain::coverage::LossReason, "LossReason", {
        Death: "死亡, died",
        PublicAssistance: "生活保護, public assistance started",
        OtherInsurance: "他の医療保険, other medical insurance acquired",
        Other: "その他, other",
    }
}
