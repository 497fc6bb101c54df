//! What the rules say about a case: next steps, evidence, ratio, medical data, claim, follow-ups.

use crate::certificate::CertificateWindow;
use crate::claim::ClaimDecision;
use crate::coverage::Coverage;
use crate::date::{Date, Timestamp};
use crate::eligibility::PersonMatch;
use crate::evidence::{Confidence, EvidenceKind};
use crate::link::WhyNotBetter;
use crate::rule::RuleId;
use crate::text::Text;
use crate::{codes, record};

codes! {
    /// What staff do in a step of the ladder.
    pub enum Action {
        /// ask whether the patient has the My Number card with them
        AskForCard = "ask_for_card",
        /// put the card on the face reader
        ReadCard = "read_card",
        /// hold the phone on the external reader
        ReadPhone = "read_phone",
        /// register the card for insurance use at the reader
        RegisterCard = "register_card",
        /// use the マイナ資格確認アプリ on the site's device
        UseConsentApp = "use_consent_app",
        /// let the patient use マイナ在宅受付Web
        UseConsentWeb = "use_consent_web",
        /// phone the call centre for the outage look-up
        CallOutageLookup = "call_outage_lookup",
        /// use the disaster function the ministry has opened
        UseDisasterMode = "use_disaster_mode",
        /// ask the national service by insurer, symbol, number and birth date
        QueryByNumber = "query_by_number",
        /// type the numbers again and ask again
        Retype = "retype",
        /// add the branch number and ask again
        AddBranch = "add_branch",
        /// take down a paper or screen
        TakeDocument = "take_document",
        /// ask whether anything changed since the last visit
        AskUnchanged = "ask_unchanged",
        /// let the patient fill in the self-declaration
        TakeDeclaration = "take_declaration",
        /// dispense on the prescription
        TakePrescription = "take_prescription",
        /// ask the welfare office about the ticket
        AskWelfareOffice = "ask_welfare_office",
        /// staff decide and say why
        StaffDecides = "staff_decides",
        /// 10割: the last resort, with a reason
        AskFullCharge = "ask_full_charge",
        /// ask for an addition (高齢受給者証, 限度, 医療証)
        AskAddOn = "ask_add_on",
    }
}

record! {
    /// One lawful step of today's ladder.
    pub struct Step {
        /// position, 1 is tried first
        pub order: u8,
        /// what to do
        pub action: Action,
        /// the evidence it leads to
        pub evidence: Option<EvidenceKind>,
        /// why this step, now
        pub reason: Text,
        /// the law, circular or paper behind it
        pub law: String,
        /// the dated rule that allows it, if one does
        pub rule: Option<RuleId>,
        /// the sentence to say to the patient
        pub say: Text,
        /// whether this step is already done and settled the check-in
        pub satisfied: bool,
    }
}

record! {
    /// Something presented or thinkable that does not count, and why.
    pub struct Refusal {
        /// what does not count
        pub evidence: EvidenceKind,
        /// why not
        pub reason: Text,
        /// the law, circular or paper behind it
        pub law: String,
        /// the dated rule that decides it
        pub rule: Option<RuleId>,
    }
}

record! {
    /// The evidence the check-in rests on.
    pub struct Acceptance {
        /// how eligibility was confirmed
        pub evidence: EvidenceKind,
        /// how sure that is
        pub confidence: Confidence,
        /// whether a later answer of the national service must still confirm it
        pub provisional: bool,
        /// why a better way was not available; absent when there was no better way
        pub why_not_better: Option<WhyNotBetter>,
    }
}

codes! {
    /// Where a burden ratio comes from.
    pub enum RatioBasis {
        /// the answer of the national service
        Online = "online",
        /// a paper or screen valid on the visit date
        Document = "document",
        /// the age rule
        Age = "age",
        /// the share of the association (国保組合) as the site has set it
        Association = "association",
        /// the declaration
        Declared = "declared",
        /// the ratio on file, confirmed for today's age
        OnFile = "on_file",
        /// the medical-assistance ticket
        Ticket = "ticket",
    }
}

record! {
    /// One source of a ratio, shown beside the others.
    pub struct RatioSource {
        /// where it comes from
        pub basis: RatioBasis,
        /// patient's share in tenths
        pub tenths: u8,
        /// first day it is stated for
        pub valid_from: Option<Date>,
        /// last day it is stated for; absent = unknown
        pub valid_to: Option<Date>,
    }
}

record! {
    /// The burden ratio and where it comes from (checkin-rules §7.5, claims-rules §6).
    pub struct RatioDecision {
        /// patient's share in tenths; absent when a document has to be asked for first
        pub tenths: Option<u8>,
        /// the basis of that number
        pub basis: Option<RatioBasis>,
        /// every source, strongest first
        pub sources: Vec<RatioSource>,
        /// sources contradict each other: show all, staff choose, call the insurer
        pub mismatch: bool,
        /// what to ask for, when the ratio cannot be settled
        pub ask: Option<Text>,
    }
}

record! {
    /// Whether medical data may be looked at. Never derived from eligibility (checkin-rules §1 no. 8).
    pub struct MedicalData {
        /// yes or no
        pub allowed: bool,
        /// until when, when allowed
        pub until: Option<Timestamp>,
        /// why
        pub reason: Text,
    }
}

codes! {
    /// Things somebody still has to do for a visit.
    pub enum FollowUpKind {
        /// ask the national service again
        Recheck = "recheck",
        /// the patient reports the number once known
        ReportNumber = "report_number",
        /// the declaration is open until a later check settles it
        DeclarationOpen = "declaration_open",
        /// phone the insurer
        CallInsurer = "call_insurer",
        /// another person's data: report to call centre and insurer
        ReportPersonMismatch = "report_person_mismatch",
        /// settle the ratio
        SettleRatio = "settle_ratio",
        /// ask for 高齢受給者証
        AskElderlyCertificate = "ask_elderly_certificate",
        /// ask the welfare office about the ticket
        AskWelfareOffice = "ask_welfare_office",
        /// hand out the certificate renewal slip
        CertificateSlip = "certificate_slip",
        /// ask to bring card or certificate next time
        BringCard = "bring_card",
        /// 10割 was asked: give back the difference once confirmed
        Refund = "refund",
        /// the share was too small: collect the difference
        Collect = "collect",
        /// the insurer changed: correct the chart before the claim
        InsurerChanged = "insurer_changed",
        /// the claim goes by former numbers (②): check before sending
        FormerClaim = "former_claim",
        /// the claim goes as 不詳 (③): check before sending
        UnknownClaim = "unknown_claim",
        /// an insurer number whose check digit does not fit: make sure before the claim
        CheckInsurerNumber = "check_insurer_number",
        /// the outage look-up was used: send the report of its use
        ReportLookup = "report_lookup",
        /// a decision of staff to be reviewed
        ReviewDecision = "review_decision",
        /// a subsidy certificate was seen at an earlier visit: ask for it again
        AskSubsidy = "ask_subsidy",
        /// the patient said that the card is lost: look at the new card or a certificate at the next visit
        CardLost = "card_lost",
        /// a question to the outside is stuck and needs a person
        StuckJob = "stuck_job",
    }
}

record! {
    /// Something to do, until when, and why.
    pub struct FollowUp {
        /// what
        pub kind: FollowUpKind,
        /// next date it is due
        pub due: Date,
        /// the dates planned, `due` first
        pub plan: Vec<Date>,
        /// why
        pub reason: Text,
    }
}

record! {
    /// Whether 10割 may be asked, and why.
    pub struct FullCharge {
        /// may it be asked
        pub may_be_asked: bool,
        /// why, or why not
        pub reason: Text,
        /// the law, circular or paper behind it
        pub law: String,
    }
}

record! {
    /// Everything the rules say about a case.
    pub struct Decision {
        /// which rule list decided
        pub rules_version: String,
        /// certificate window on the visit date, when the expiry is known
        pub certificate_window: Option<CertificateWindow>,
        /// whether the answer speaks of the person at the desk
        pub person: PersonMatch,
        /// the evidence the check-in rests on; absent = not yet settled
        pub accepted: Option<Acceptance>,
        /// today's lawful steps, best first
        pub ladder: Vec<Step>,
        /// what does not count, and why
        pub refused: Vec<Refusal>,
        /// burden ratio
        pub ratio: RatioDecision,
        /// medical data
        pub medical: MedicalData,
        /// which numbers the claim carries
        pub claim: ClaimDecision,
        /// what remains to be done
        pub follow_ups: Vec<FollowUp>,
        /// 10割
        pub full_charge: FullCharge,
        /// what staff should notice
        pub cautions: Vec<Text>,
        /// dated rules that took part
        pub rules_fired: Vec<RuleId>,
    }
}

impl Decision {
    /// The insurance the check-in goes by.
    pub fn coverage(&self) -> Option<&Coverage> {
        self.claim.coverage.as_ref()
    }

    /// The first step that is not done yet.
    pub fn next_step(&self) -> Option<&Step> {
        self.ladder.iter().find(|step| !step.satisfied)
    }
}
