//! Codes of a visit.

use super::code_table;

code_table! {
    /// Where a visit stands.
    VisitStatusCode, domain::visit::VisitStatus, "VisitStatus", {
        Open: "受付中, not settled yet",
        Provisional: "暫定, accepted, to be confirmed later",
        Confirmed: "確認済み, confirmed by the national service",
        Changed: "変更あり, a late answer changed something somebody must act on",
        FullCharge: "10割, 100 % was asked",
        LeftWithoutCare: "受診せず帰宅, left without care",
        Voided: "取消, entered by mistake",
        Merged: "まとめ済み, goes on in another visit of the patient",
    }
}

code_table! {
    /// How a way of identifying went wrong.
    AttemptOutcomeCode, domain::case::AttemptOutcome, "AttemptOutcome", {
        Failed: "did not work this time",
        Locked: "locked after repeated errors",
        Forgotten: "the patient does not know it",
        Unreadable: "the card itself cannot be read: chip, dirt, damage",
        OtherPerson: "別人, the photo on the card is not the patient: stop",
    }
}

code_table! {
    /// What a question is for.
    QuestionPurposeCode, domain::visit::QuestionPurpose, "QuestionPurpose", {
        Desk: "the patient stands at the desk",
        Recheck: "a check-in that was accepted provisionally",
        History: "a visit-history lookup",
    }
}

code_table! {
    /// What a late answer did to a visit.
    LateOutcomeCode, domain::visit::LateOutcome, "LateOutcome", {
        Confirmed: "same insurer, same share",
        InsurerChanged: "another insurer: the claim follows the new one",
        RatioChanged: "another share: collect or refund",
        FormerClaim: "無効: claim by the former numbers (②)",
        UnknownClaim: "nothing found: claim as 不詳 (③)",
        StillUnclear: "nothing found and nothing to claim by yet: hold",
        PersonMismatch: "the answer spoke of another person and was not kept",
    }
}

code_table! {
    /// Things somebody still has to do for a visit.
    FollowUpKindCode, domain::decision::FollowUpKind, "FollowUpKind", {
        Recheck: "ask the national service again",
        ReportNumber: "the patient reports the number once known",
        DeclarationOpen: "the declaration is open until a later check settles it",
        CallInsurer: "phone the insurer",
        ReportPersonMismatch: "another person's data: report to call centre and insurer",
        SettleRatio: "settle the ratio",
        AskElderlyCertificate: "ask for 高齢受給者証",
        AskWelfareOffice: "ask the welfare office about the ticket",
        CertificateSlip: "hand out the certificate renewal slip",
        BringCard: "ask to bring card or certificate next time",
        Refund: "100 % or too much was taken: pay back",
        Collect: "the share was too small: collect the difference",
        InsurerChanged: "correct the chart before the claim",
        FormerClaim: "the claim goes by former numbers (②): check before sending",
        UnknownClaim: "the claim goes as 不詳 (③): check before sending",
        CheckInsurerNumber: "an insurer number whose check digit does not fit: make sure before the claim",
        ReportLookup: "the outage look-up was used: send the report of its use",
        ReviewDecision: "a decision of staff to be reviewed",
        AskSubsidy: "a subsidy certificate was seen at an earlier visit: ask for it again",
        CardLost: "the card is lost: look at the new card or a certificate at the next visit",
        StuckJob: "a question to the outside needs a person",
    }
}

code_table! {
    /// How money was settled.
    MoneyWayCode, domain::visit::MoneyWay, "MoneyWay", {
        Cash: "cash at the desk",
        Transfer: "bank transfer",
        Cashless: "card or other cashless payment",
        NextBill: "counted with the next bill",
    }
}

code_table! {
    /// What an official outage or disaster screen was searched by.
    SearchedByCode, domain::lookup::SearchedBy, "SearchedBy", {
        Number: "insurer, symbol, number and birth date",
        FourItems: "name, birth date, sex and address, as on the card face",
        Other: "some other way the call centre or the screen asked for",
    }
}

code_table! {
    /// Consent to look at medical data in the disaster function.
    DisasterConsentCode, domain::lookup::DisasterConsent, "DisasterConsent", {
        Oral: "given by word of mouth",
        LifeAtRisk: "the patient cannot express a will, and life or body is at risk",
        NotGiven: "refused or not asked: eligibility only",
    }
}

code_table! {
    /// 保険種別 in plain words.
    InsuranceKindCode, domain::declaration::InsuranceKind, "InsuranceKind", {
        Employee: "社保, from the workplace",
        NationalHealth: "国保, from the city",
        LateElderly: "後期高齢, as a person over 75",
        Other: "その他, something else",
        Unknown: "わからない, not known",
    }
}

code_table! {
    /// Who signed.
    SignerCode, domain::declaration::Signer, "Signer", {
        Patient: "the patient",
        Guardian: "a parent or guardian",
        Companion: "代筆, a companion for a person who cannot write",
    }
}

code_table! {
    /// 有効な保険証等の交付の有無.
    DocumentIssuedCode, domain::declaration::DocumentIssued, "DocumentIssued", {
        Yes: "issued",
        No: "not issued",
        NotYetArrived: "applied for, not yet arrived",
    }
}
