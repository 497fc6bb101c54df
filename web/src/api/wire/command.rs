//! What may happen to a visit, as it comes in: one object per command, its one field naming what happened.

use super::Empty;
use super::code::{AttemptOutcomeCode, CompanionCode, EvidenceKindCode, FollowUpKindCode, MoneyWayCode};
use super::coverage::CoverageForm;
use super::declaration::DeclarationForm;
use super::lookup::LookupForm;
use super::person::PersonForm;
use super::public_payer::PublicPayersForm;
use super::text::{Note, PersonName, Reason, optional, required};
use super::time::{Day, optional_day};
use crate::api::body::{Form, Place};
use domain::case::{Attempt, Presented};
use domain::coverage::Coverage;
use domain::visit::{
    AttemptFailed, CardReportedLost, CardSeen, CompanionCame, DeclarationTaken, DocumentPresented, FollowUpAssigned,
    FollowUpClosed, FollowUpSnoozed, FullChargeAsked, LeftWithoutCare, MoneyNoted, PersonTaken, PublicPayersNamed,
    PublicPayersTaken, RatioChosen, StaffDecided, VisitCommand, Voided,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// How many commands may come in one call.
pub const COMMANDS_AT_MOST: usize = 50;

/// What happened to a visit. All of it is kept, or nothing.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitCommands {
    /// in order
    #[schema(min_items = 1, max_items = 50)]
    pub commands: Vec<VisitCommandForm>,
}

/// One thing that happened: an object with exactly one field, its name saying what.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VisitCommandForm {
    /// the person was taken down, or taken down anew
    Person(PersonForm),
    /// a paper, screen, card or word was presented
    Present(Box<PresentedForm>),
    /// a way of identifying did not work
    AttemptFailed(AttemptForm),
    /// somebody came with, or instead of, the patient
    Companion(CompanionForm),
    /// something was learned of the card itself
    Card(CardForm),
    /// the patient said that the card is lost
    CardLost(CardLostForm),
    /// the patient said that nothing changed since the last visit
    Unchanged(Empty),
    /// staff take the person in by their own decision
    Decide(ReasonForm),
    /// the self-declaration was filled in
    Declaration(Box<DeclarationForm>),
    /// staff copied a result from the official outage or disaster screen
    Lookup(Box<LookupForm>),
    /// staff compared the public payers with the certificate: all that count, instead of any named before
    PublicPayers(PublicPayersForm),
    /// a prescription names public payers that nobody has compared yet: kept, without counting, until somebody does
    PublicPayersToCompare(PublicPayersForm),
    /// staff choose the ratio
    ChooseRatio(RatioForm),
    /// 10割 is asked; refused where the rules forbid it
    FullCharge(ReasonForm),
    /// the patient leaves without care
    Leave(ReasonForm),
    /// a follow-up is done
    CloseFollowUp(CloseFollowUpForm),
    /// who does a follow-up
    AssignFollowUp(AssignForm),
    /// a follow-up waits until a later day
    SnoozeFollowUp(SnoozeForm),
    /// the amount of a refund or collection, or that it is settled
    Money(MoneyForm),
    /// the visit was entered by mistake
    Void(ReasonForm),
}

/// Who does a follow-up.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignForm {
    /// which kind
    pub kind: FollowUpKindCode,
    /// name of who does it; absent = nobody in particular any more
    pub to: Option<PersonName>,
}

/// A follow-up that waits.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SnoozeForm {
    /// which kind
    pub kind: FollowUpKindCode,
    /// not before this day
    pub until: Day,
    /// why
    pub reason: Reason,
}

/// Money of a refund or collection.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoneyForm {
    /// refund or collect
    pub kind: FollowUpKindCode,
    /// yen
    #[schema(minimum = 1, maximum = 9_999_999)]
    pub yen: u32,
    /// how it was settled; absent = still open
    pub way: Option<MoneyWayCode>,
}

/// A paper, screen, card or word presented at the desk.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PresentedForm {
    /// what it is
    pub kind: EvidenceKindCode,
    /// what it says, as far as it was written down
    pub coverage: Option<CoverageForm>,
    /// a copy rather than the original
    #[serde(default)]
    pub is_copy: bool,
    /// for school trips and nurseries: which paper this is a copy of
    pub copy_of: Option<EvidenceKindCode>,
}

/// A way of identifying that did not work.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttemptForm {
    /// what was tried
    pub kind: EvidenceKindCode,
    /// how it went wrong
    pub outcome: AttemptOutcomeCode,
}

/// Somebody beside, or instead of, the patient.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanionForm {
    /// who
    pub companion: CompanionCode,
    /// name, where the rule asks for it (teacher, proxy)
    pub name: Option<PersonName>,
}

/// About the card itself. At least one field.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardForm {
    /// expiry of the user certificate
    pub certificate_expiry: Option<Day>,
    /// registered for insurance use
    pub registered: Option<bool>,
}

/// A lost card.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardLostForm {
    /// the patient has had it stopped already; absent = not asked
    pub is_stopped: Option<bool>,
}

/// Something that needs a reason.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonForm {
    /// why
    pub reason: Reason,
}

/// A ratio set by staff.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatioForm {
    /// patient's share in tenths, 0 to 3
    #[schema(maximum = 3)]
    pub tenths: u8,
    /// why
    pub reason: Reason,
}

/// A follow-up that was done.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseFollowUpForm {
    /// which kind
    pub kind: FollowUpKindCode,
    /// how
    pub note: Note,
}

/// Reads a list of commands.
pub fn read_commands(forms: Vec<VisitCommandForm>, at_least: usize, at: &Place<'_>) -> Option<Vec<VisitCommand>> {
    at.count(forms.len(), at_least, COMMANDS_AT_MOST)?;
    let read: Vec<Option<VisitCommand>> =
        forms.into_iter().enumerate().map(|(index, form)| form.meaning(&at.item(index))).collect();
    read.into_iter().collect()
}

impl Form for VisitCommands {
    type Meaning = Vec<VisitCommand>;

    fn meaning(self, at: &Place<'_>) -> Option<Vec<VisitCommand>> {
        read_commands(self.commands, 1, &at.field("commands"))
    }
}

impl Form for VisitCommandForm {
    type Meaning = VisitCommand;

    fn meaning(self, at: &Place<'_>) -> Option<VisitCommand> {
        use VisitCommandForm as Is;
        let reason = |form: ReasonForm, name: &str| required(form.reason, at.field(name).field("reason"));
        Some(match self {
            Is::Person(form) => VisitCommand::TakePerson(PersonTaken { person: form.meaning(&at.field("person"))? }),
            Is::Present(form) => VisitCommand::Present(form.meaning(&at.field("present"))?),
            Is::AttemptFailed(form) => VisitCommand::ReportAttempt(form.meaning(&at.field("attempt_failed"))?),
            Is::Companion(form) => VisitCommand::NoteCompanion(form.meaning(&at.field("companion"))?),
            Is::Card(form) => VisitCommand::NoteCard(form.meaning(&at.field("card"))?),
            Is::CardLost(form) => VisitCommand::ReportLostCard(CardReportedLost { is_stopped: form.is_stopped }),
            Is::Unchanged(Empty {}) => VisitCommand::SayUnchanged,
            Is::Decide(form) => VisitCommand::Decide(StaffDecided { reason: reason(form, "decide")? }),
            Is::Declaration(form) => {
                let declaration = form.meaning(&at.field("declaration"))?;
                VisitCommand::TakeDeclaration(DeclarationTaken { declaration })
            }
            Is::Lookup(form) => VisitCommand::EnterLookup(form.meaning(&at.field("lookup"))?),
            Is::PublicPayers(form) => VisitCommand::TakePublicPayers(form.meaning(&at.field("public_payers"))?),
            Is::PublicPayersToCompare(form) => {
                let PublicPayersTaken { payers } = form.meaning(&at.field("public_payers_to_compare"))?;
                VisitCommand::NamePublicPayers(PublicPayersNamed { payers })
            }
            Is::ChooseRatio(form) => VisitCommand::ChooseRatio(form.meaning(&at.field("choose_ratio"))?),
            Is::FullCharge(form) => {
                VisitCommand::AskFullCharge(FullChargeAsked { reason: reason(form, "full_charge")? })
            }
            Is::Leave(form) => VisitCommand::Leave(LeftWithoutCare { reason: reason(form, "leave")? }),
            Is::CloseFollowUp(form) => VisitCommand::CloseFollowUp(form.meaning(&at.field("close_follow_up"))?),
            Is::AssignFollowUp(form) => {
                let to = optional(form.to, at.field("assign_follow_up").field("to"));
                VisitCommand::AssignFollowUp(FollowUpAssigned { kind: form.kind.0, to })
            }
            Is::SnoozeFollowUp(form) => {
                let at = at.field("snooze_follow_up");
                let until = optional_day(&Some(form.until), at.field("until"));
                let reason = required(form.reason, at.field("reason"));
                VisitCommand::SnoozeFollowUp(FollowUpSnoozed { kind: form.kind.0, until: until?, reason: reason? })
            }
            Is::Money(form) => VisitCommand::NoteMoney(MoneyNoted {
                kind: form.kind.0,
                yen: form.yen,
                way: form.way.map(|code| code.0),
            }),
            Is::Void(form) => VisitCommand::Void(Voided { reason: reason(form, "void")? }),
        })
    }
}

impl Form for PresentedForm {
    type Meaning = DocumentPresented;

    fn meaning(self, at: &Place<'_>) -> Option<DocumentPresented> {
        let coverage = match self.coverage {
            Some(form) => form.meaning(&at.field("coverage"))?,
            None => Coverage::EMPTY,
        };
        Some(DocumentPresented {
            presented: Presented {
                kind: self.kind.0,
                coverage,
                is_copy: self.is_copy,
                copy_of: self.copy_of.map(|code| code.0),
            },
        })
    }
}

impl Form for AttemptForm {
    type Meaning = AttemptFailed;

    fn meaning(self, _: &Place<'_>) -> Option<AttemptFailed> {
        Some(AttemptFailed { attempt: Attempt { kind: self.kind.0, outcome: self.outcome.0 } })
    }
}

impl Form for CompanionForm {
    type Meaning = CompanionCame;

    fn meaning(self, at: &Place<'_>) -> Option<CompanionCame> {
        Some(CompanionCame { companion: self.companion.0, name: optional(self.name, at.field("name")) })
    }
}

impl Form for CardForm {
    type Meaning = CardSeen;

    fn meaning(self, at: &Place<'_>) -> Option<CardSeen> {
        if self.certificate_expiry.is_none() && self.registered.is_none() {
            at.missing();
            return None;
        }
        Some(CardSeen {
            certificate_expiry: optional_day(&self.certificate_expiry, at.field("certificate_expiry")),
            registered: self.registered,
        })
    }
}

impl Form for RatioForm {
    type Meaning = RatioChosen;

    fn meaning(self, at: &Place<'_>) -> Option<RatioChosen> {
        let reason = required(self.reason, at.field("reason"));
        if self.tenths > 3 {
            at.field("tenths").wrong("out_of_range", "0〜3（割）の整数です。", "A whole number of tenths from 0 to 3.");
        }
        Some(RatioChosen { tenths: self.tenths, reason: reason? })
    }
}

impl Form for CloseFollowUpForm {
    type Meaning = FollowUpClosed;

    fn meaning(self, at: &Place<'_>) -> Option<FollowUpClosed> {
        Some(FollowUpClosed { kind: self.kind.0, note: required(self.note, at.field("note"))? })
    }
}
