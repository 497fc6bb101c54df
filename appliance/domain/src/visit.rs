//! One visit: the facts of a check-in, the state they fold to, and the commands that add facts.

mod apart;
mod apply;
mod command;
mod follow_ups;
mod late;
mod standing;
mod state;
mod trouble;

pub use apart::{Carried, Reopened, Settled, VisitKeptApart, VisitMergeUndone, VisitMerged, carried_fact, restate};
pub(crate) use apart::{coverage_in_words, person_says, with_field};
pub use apply::apply;
pub use command::{Refused, VisitCommand};
pub use late::{LateOutcome, Money};
pub use standing::VisitStatus;
pub use state::{Asked, VisitState};

use crate::case::{Attempt, Companion, Flow, Presented, Site, StoredPatient};
use crate::claim::ClaimBasis;
use crate::codes;
use crate::counter::CounterKind;
use crate::coverage::Coverage;
use crate::date::Date;
use crate::decision::{Acceptance, FollowUp, FollowUpKind, RatioBasis};
use crate::declaration::Declaration;
use crate::eligibility::{AskedBy, OnlineAnswer, PersonFace};
use crate::fact::{PatientId, QuestionId, VisitId};
use crate::link::{Cause, Links};
use crate::lookup::Lookup;
use crate::public_payer::PublicPayer;
use crate::remote_consent::{ConsentId, IdentityChecked};
use crate::rule::RuleId;
use crate::waiting::TicketId;
use crate::{facts, record};

record! {
    /// Somebody came to the desk.
    pub struct Opened {
        /// day of the visit; decides which rules are in force
        pub visit_date: Date,
        /// the site as it was equipped that day
        pub site: Site,
        /// where the patient was received
        pub flow: Flow,
        /// which counter
        pub counter: Option<String>,
    }
}

record! {
    /// The person as the card face, a paper or the patient says.
    pub struct PersonTaken {
        /// who
        pub person: PersonFace,
    }
}

record! {
    /// The visit belongs to this patient; with what was on file at that moment.
    pub struct PatientLinked {
        /// which patient
        pub patient: PatientId,
        /// what was on file
        pub stored: Option<StoredPatient>,
    }
}

record! {
    /// A paper, screen, card or word was presented.
    pub struct DocumentPresented {
        /// what, and what it says
        pub presented: Presented,
    }
}

record! {
    /// A way of identifying did not work.
    pub struct AttemptFailed {
        /// which way and how
        pub attempt: Attempt,
    }
}

record! {
    /// Somebody came with, or instead of, the patient.
    pub struct CompanionCame {
        /// who
        pub companion: Companion,
        /// name, where the rule asks for it (teacher, proxy)
        pub name: Option<String>,
    }
}

record! {
    /// Something was learned of the card itself.
    pub struct CardSeen {
        /// expiry of the user certificate
        pub certificate_expiry: Option<Date>,
        /// registered for insurance use
        pub registered: Option<bool>,
    }
}

record! {
    /// The patient said that the card is lost.
    pub struct CardReportedLost {
        /// the patient has had it stopped already; absent = not asked
        pub is_stopped: Option<bool>,
    }
}

record! {
    /// The patient said that nothing changed since the last visit.
    pub struct UnchangedSaid {
        /// the links as they stood, so that the record says why nobody asked online
        pub links: Links,
    }
}

record! {
    /// Staff took the person in by their own decision.
    pub struct StaffDecided {
        /// why
        pub reason: String,
    }
}

record! {
    /// The self-declaration was filled in.
    pub struct DeclarationTaken {
        /// the form
        pub declaration: Declaration,
    }
}

codes! {
    /// What a question is for, and so how urgent it is.
    pub enum QuestionPurpose {
        /// the patient stands at the desk
        Desk = "desk",
        /// a check-in that was accepted provisionally
        Recheck = "recheck",
        /// a visit-history lookup
        History = "history",
    }
}

record! {
    /// The keys of a question by number.
    pub struct Search {
        /// insurer, symbol, number, branch
        pub coverage: Coverage,
        /// birth date
        pub birth_date: Date,
        /// the day whose eligibility is asked
        pub confirm_for: Date,
    }
}

record! {
    /// A question to the national service was written down to be asked.
    pub struct QuestionAsked {
        /// its id
        pub question: QuestionId,
        /// what for
        pub purpose: QuestionPurpose,
        /// the keys
        pub search: Search,
    }
}

record! {
    /// An answer about the person at the desk came.
    pub struct AnswerReceived {
        /// the question it answers; absent for readings of the card
        pub question: Option<QuestionId>,
        /// the answer
        pub answer: OnlineAnswer,
    }
}

record! {
    /// A question came back without a business answer.
    pub struct QuestionFailed {
        /// which one
        pub question: QuestionId,
        /// the class of the cause
        pub cause: Cause,
        /// code given by the other side, opaque
        pub code: Option<String>,
    }
}

record! {
    /// A question of the desk was handed over and nothing came back for so long that nobody at the desk waits for it any longer.
    /// It is still out: a late answer counts.
    pub struct QuestionUnanswered {
        /// which one
        pub question: QuestionId,
        /// who is silent, as far as it can be told
        pub cause: Cause,
    }
}

record! {
    /// An answer about another person came: its content was not kept (checkin-rules §7.4).
    pub struct AnswerWithheld {
        /// the question it came for
        pub question: Option<QuestionId>,
        /// how it was asked; absent = by number when it came for a question, else by card
        pub asked_by: Option<AskedBy>,
    }
}

impl AnswerWithheld {
    /// How the withheld answer was asked for.
    pub fn asked_by(&self) -> AskedBy {
        let by_question = if self.question.is_some() { AskedBy::Number } else { AskedBy::Card };
        self.asked_by.unwrap_or(by_question)
    }
}

record! {
    /// Staff copied a result from the official outage or disaster screen (checkin-rules §3.4).
    pub struct LookupEntered {
        /// what it said, and who obtained it, when and how
        pub lookup: Lookup,
    }
}

record! {
    /// Staff compared the public payers with the certificate: all that count for this visit, instead of any named before.
    pub struct PublicPayersTaken {
        /// in the order of the paper; none = the visit has no public payer after all
        pub payers: Vec<PublicPayer>,
    }
}

record! {
    /// A prescription named public payers, and nobody has compared them with the certificate yet. They count for nothing until
    /// somebody does; they are kept so that nobody types them again.
    pub struct PublicPayersNamed {
        /// in the order of the code
        pub payers: Vec<PublicPayer>,
    }
}

record! {
    /// The disaster function was opened or closed for the facility while this visit was at the desk (checkin-rules §3.4).
    pub struct DisasterModeNoted {
        /// open from now on
        pub open: bool,
    }
}

record! {
    /// The check-in was accepted: how, how sure, why not better, and what is charged.
    pub struct Accepted {
        /// how eligibility was confirmed, and why a better way was not available
        pub acceptance: Acceptance,
        /// patient's share in tenths that the desk goes by
        pub ratio_tenths: Option<u8>,
        /// where it comes from
        pub ratio_basis: Option<RatioBasis>,
        /// claim basis at that moment
        pub claim_basis: ClaimBasis,
        /// the links as they stood
        pub links: Links,
        /// the rule list that decided
        pub rules_version: String,
        /// the dated rules that took part (checkin-rules §10)
        pub rules_fired: Vec<RuleId>,
    }
}

record! {
    /// Staff chose among contradicting ratios, or set one.
    pub struct RatioChosen {
        /// tenths
        pub tenths: u8,
        /// why
        pub reason: String,
    }
}

record! {
    /// 10割 was asked.
    pub struct FullChargeAsked {
        /// why
        pub reason: String,
    }
}

record! {
    /// The patient left without care (REQ-64).
    pub struct LeftWithoutCare {
        /// why
        pub reason: String,
    }
}

record! {
    /// A late answer re-decided the visit.
    pub struct Reconciled {
        /// what it did
        pub outcome: LateOutcome,
        /// the share that was charged, tenths
        pub ratio_charged: Option<u8>,
        /// the share that is right, tenths
        pub ratio_right: Option<u8>,
        /// what it leaves to be done
        pub follow_ups: Vec<FollowUp>,
    }
}

record! {
    /// Somebody did a follow-up.
    pub struct FollowUpClosed {
        /// which kind
        pub kind: FollowUpKind,
        /// how
        pub note: String,
    }
}

record! {
    /// Somebody took a follow-up upon themselves, or gave it to somebody.
    pub struct FollowUpAssigned {
        /// which kind
        pub kind: FollowUpKind,
        /// who does it; absent = nobody in particular any more
        pub to: Option<String>,
    }
}

record! {
    /// A follow-up can wait until a later day.
    pub struct FollowUpSnoozed {
        /// which kind
        pub kind: FollowUpKind,
        /// not before this day
        pub until: Date,
        /// why
        pub reason: String,
    }
}

codes! {
    /// How money was settled.
    pub enum MoneyWay {
        /// cash at the desk
        Cash = "cash",
        /// bank transfer
        Transfer = "transfer",
        /// card or other cashless payment
        Cashless = "cashless",
        /// counted with the next bill
        NextBill = "next_bill",
    }
}

record! {
    /// The amount of a refund or collection, as the cash desk worked it out.
    pub struct MoneyNoted {
        /// refund or collect
        pub kind: FollowUpKind,
        /// yen
        pub yen: u32,
        /// how it was settled; absent = still open
        pub way: Option<MoneyWay>,
    }
}

record! {
    /// The visit was entered by mistake.
    pub struct Voided {
        /// why
        pub reason: String,
    }
}

record! {
    /// Where exactly the patient is received: the kind of the counter, and the place staff wrote down to find the patient again.
    pub struct Placed {
        /// kind of the counter
        pub kind: Option<CounterKind>,
        /// number plate, parking place, room and bed, facility
        pub place: Option<String>,
    }
}

record! {
    /// The visit is one of a family that came together (REQ-15). Every one of them is confirmed by itself.
    pub struct FamilyJoined {
        /// the first visit of the family
        pub family: VisitId,
        /// who presented them all
        pub brought_by: Option<String>,
    }
}

record! {
    /// From where the check-in came to the desk.
    pub struct CameFrom {
        /// the waiting number
        pub ticket: Option<TicketId>,
        /// the consent that was given from afar
        pub consent: Option<ConsentId>,
        /// how a person who gave it in advance was recognised
        pub identity: Option<IdentityChecked>,
    }
}

facts! {
    /// Everything that can happen to a visit.
    pub enum VisitFact {
        /// somebody came
        Opened(Opened) = "opened",
        /// where exactly
        Placed(Placed) = "placed",
        /// one of a family
        FamilyJoined(FamilyJoined) = "family_joined",
        /// from a waiting number or a remote consent
        CameFrom(CameFrom) = "came_from",
        /// who
        PersonTaken(PersonTaken) = "person_taken",
        /// which patient on file
        PatientLinked(PatientLinked) = "patient_linked",
        /// something was shown
        DocumentPresented(DocumentPresented) = "document_presented",
        /// a way of identifying failed
        AttemptFailed(AttemptFailed) = "attempt_failed",
        /// a companion
        CompanionCame(CompanionCame) = "companion_came",
        /// about the card
        CardSeen(CardSeen) = "card_seen",
        /// the card is lost
        CardLost(CardReportedLost) = "card_lost",
        /// nothing changed
        UnchangedSaid(UnchangedSaid) = "unchanged_said",
        /// decision of staff
        StaffDecided(StaffDecided) = "staff_decided",
        /// declaration
        DeclarationTaken(DeclarationTaken) = "declaration_taken",
        /// question
        QuestionAsked(QuestionAsked) = "question_asked",
        /// answer
        AnswerReceived(AnswerReceived) = "answer_received",
        /// no answer
        QuestionFailed(QuestionFailed) = "question_failed",
        /// no answer yet, for too long
        QuestionUnanswered(QuestionUnanswered) = "question_unanswered",
        /// result of the official outage or disaster screen
        LookupEntered(LookupEntered) = "lookup_entered",
        /// another person's answer
        AnswerWithheld(AnswerWithheld) = "answer_withheld",
        /// public payers
        PublicPayersTaken(PublicPayersTaken) = "public_payers_taken",
        /// public payers nobody has compared yet
        PublicPayersNamed(PublicPayersNamed) = "public_payers_named",
        /// disaster function opened or closed
        DisasterModeNoted(DisasterModeNoted) = "disaster_mode_noted",
        /// accepted
        Accepted(Accepted) = "accepted",
        /// ratio set by staff
        RatioChosen(RatioChosen) = "ratio_chosen",
        /// 10割
        FullChargeAsked(FullChargeAsked) = "full_charge_asked",
        /// left
        LeftWithoutCare(LeftWithoutCare) = "left_without_care",
        /// late truth
        Reconciled(Reconciled) = "reconciled",
        /// follow-up done
        FollowUpClosed(FollowUpClosed) = "follow_up_closed",
        /// who does a follow-up
        FollowUpAssigned(FollowUpAssigned) = "follow_up_assigned",
        /// a follow-up waits
        FollowUpSnoozed(FollowUpSnoozed) = "follow_up_snoozed",
        /// money of a refund or collection
        MoneyNoted(MoneyNoted) = "money_noted",
        /// mistake
        Voided(Voided) = "voided",
        /// not ended after all
        Reopened(Reopened) = "reopened",
        /// one of two values is right
        Settled(Settled) = "settled",
        /// one check-in with another
        Merged(VisitMerged) = "merged",
        /// two check-ins after all
        MergeUndone(VisitMergeUndone) = "merge_undone",
        /// not the same check-in
        KeptApart(VisitKeptApart) = "kept_apart",
        /// a fact of a merged check-in
        Carried(Carried) = "carried",
    }
}
