//! What staff, readers and answers may want to add to a visit, and how the rules say no.

use super::{
    AnswerReceived, AttemptFailed, CameFrom, CardReportedLost, CardSeen, Carried, CompanionCame, DeclarationTaken,
    DisasterModeNoted, DocumentPresented, FamilyJoined, FollowUpAssigned, FollowUpClosed, FollowUpSnoozed,
    FullChargeAsked, LeftWithoutCare, LookupEntered, MoneyNoted, Opened, PatientLinked, PersonTaken, Placed,
    PublicPayersNamed, PublicPayersTaken, QuestionAsked, QuestionFailed, QuestionUnanswered, RatioChosen, Settled,
    StaffDecided, VisitFact, VisitKeptApart, VisitMergeUndone, VisitMerged, Voided,
};
use crate::text::Text;

/// What somebody wants to add to a visit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum VisitCommand {
    /// open the visit
    Open(Opened),
    /// note where exactly the patient is received
    Place(Placed),
    /// the visit is one of a family that came together
    JoinFamily(FamilyJoined),
    /// note from where the check-in came to the desk
    ComeFrom(CameFrom),
    /// take down the person
    TakePerson(PersonTaken),
    /// link the patient on file
    LinkPatient(PatientLinked),
    /// take a paper, screen, card or word
    Present(DocumentPresented),
    /// report that a way of identifying failed
    ReportAttempt(AttemptFailed),
    /// note who came with the patient
    NoteCompanion(CompanionCame),
    /// note the card's certificate or registration
    NoteCard(CardSeen),
    /// the patient said that the card is lost
    ReportLostCard(CardReportedLost),
    /// the patient said that nothing changed
    SayUnchanged,
    /// staff take the person in by their own decision
    Decide(StaffDecided),
    /// take the declaration
    TakeDeclaration(DeclarationTaken),
    /// write down a question to be asked
    Ask(QuestionAsked),
    /// take an answer
    TakeAnswer(AnswerReceived),
    /// take note that a question failed
    TakeFailure(QuestionFailed),
    /// take note that nobody at the desk waits for a question any longer
    TakeSilence(QuestionUnanswered),
    /// take what staff copied from the official outage or disaster screen
    EnterLookup(LookupEntered),
    /// take the public payers, as staff compared them with the certificate
    TakePublicPayers(PublicPayersTaken),
    /// keep the public payers a prescription names until somebody compares them
    NamePublicPayers(PublicPayersNamed),
    /// the disaster function was opened or closed
    NoteDisasterMode(DisasterModeNoted),
    /// choose the ratio
    ChooseRatio(RatioChosen),
    /// ask for 10割
    AskFullCharge(FullChargeAsked),
    /// the patient leaves without care
    Leave(LeftWithoutCare),
    /// a follow-up is done
    CloseFollowUp(FollowUpClosed),
    /// say who does a follow-up
    AssignFollowUp(FollowUpAssigned),
    /// a follow-up waits until a later day
    SnoozeFollowUp(FollowUpSnoozed),
    /// note the amount of a refund or collection, or that it is settled
    NoteMoney(MoneyNoted),
    /// the visit was a mistake
    Void(Voided),
    /// one of two values is right, with the facts that make it so
    Settle(Settled, Vec<VisitFact>),
    /// the same visit was entered twice
    Merge(VisitMerged),
    /// they were two visits after all
    UndoMerge(VisitMergeUndone),
    /// another visit of the day is another visit
    KeepApart(VisitKeptApart),
    /// a fact of a visit that goes on in this one
    Carry(Carried),
}

/// Why a command is refused by the rules: said to staff, nothing is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// the visit is not in the state the command needs: read it again
    StateChanged(Text),
    /// something in the command is wrong
    At {
        /// the field or step it is about
        at: &'static str,
        /// what is wrong and what to do
        why: Text,
    },
}
