//! The other boxes and the hub, on the wire.

use super::Text;
use super::text::{AccountName, Contact, Id, ReceivedCode, ShortText, optional, required};
use super::time::Instant;
use crate::api::body::{Form, Place};
use crate::port::{
    DigitsOf, DigitsQuestion, FacilityView, FormerItem, MemberItem, PeerItem, PutOutReason, PutOutWords,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The facility and how exchange stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SyncShown {
    /// id of the facility
    pub facility: String,
    /// what it was founded as
    pub label: String,
    /// where other boxes call this one; absent while it does not listen
    pub address: Option<String>,
    /// why nothing is exchanged although it should be
    pub stopped: Option<Text>,
    /// records of this box that some other member does not have, at most
    pub lag: u64,
    /// since when some other member does not have everything
    pub behind_since: Option<Instant>,
    /// bytes that may be exchanged with each member in a day; absent without a limit
    pub budget_per_day: Option<u64>,
    /// members, this box first, hubs last
    pub members: Vec<MemberShown>,
    /// those who were put out
    pub former: Vec<FormerShown>,
    /// the code that is open
    pub code: Option<CodeShown>,
    /// what came of the last code or enrolment on this box
    pub said: Option<Text>,
    /// digits to be compared on two screens
    pub questions: Vec<QuestionShown>,
    /// this box was let in and is about to start anew as a member
    pub entering: bool,
    /// a joining was cut off and goes on without a code
    pub unfinished: bool,
    /// addresses on this network where a code is open
    pub found: Vec<String>,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MemberShown {
    /// id
    pub member: String,
    /// what its people call it
    pub name: String,
    /// it is a hub
    pub is_hub: bool,
    /// it is this box
    pub is_own: bool,
    /// when it came in
    pub since: Instant,
    /// end of the certificate it showed last
    pub certificate_ends: Option<Instant>,
    /// how exchange with it stands; absent for this box itself
    pub exchange: Option<PeerShown>,
}

/// How exchange with one member stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeerShown {
    /// where it was reached
    pub address: Option<String>,
    /// it is reached now
    pub connected: bool,
    /// when it was last heard of
    pub heard_at: Option<Instant>,
    /// how far its clock is ahead, in milliseconds
    pub clock_ahead_ms: i64,
    /// records of this box that it is not known to have
    pub lag: u64,
    /// since when it does not have everything
    pub behind_since: Option<Instant>,
    /// what went wrong last
    pub failure: Option<Text>,
    /// bytes exchanged today
    pub bytes_today: u64,
}

/// A member that was put out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FormerShown {
    /// id
    pub member: String,
    /// what its people called it
    pub name: String,
    /// it was a hub
    pub is_hub: bool,
    /// why, by whom and when
    pub put_out: Vec<PutOutShown>,
}

/// Somebody put a member out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PutOutShown {
    /// why
    pub reason: ReasonShown,
    /// name of the box that did
    pub by: String,
    /// when
    pub at: Instant,
}

/// Why a member was put out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasonShown {
    /// lost or stolen
    Lost,
    /// another took its place
    Replaced,
    /// its disk was copied
    Copied,
    /// no longer used
    Retired,
    /// one that this version does not know
    Other,
}

/// A code by which one box can come in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CodeShown {
    /// as people read it
    pub code: String,
    /// when it ends
    pub until: Instant,
}

/// Digits to be compared on two screens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuestionShown {
    /// for answering
    pub question: String,
    /// what for
    pub of: DigitsFor,
    /// what the other side calls itself
    pub name: String,
    /// twenty digits in five groups
    pub digits: String,
    /// confirmed on this side
    pub confirmed: bool,
}

/// What digits are compared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DigitsFor {
    /// another box wants to come in
    NewBox,
    /// this facility is about to use a hub
    NewHub,
    /// this box is about to enter another facility
    OtherFacility,
}

/// Whether the digits are the same.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerForm {
    /// `question` of one of the questions
    pub question: Id,
    /// they are the same on both screens
    pub same: bool,
}

impl Form for AnswerForm {
    type Meaning = (String, bool);

    fn meaning(self, at: &Place<'_>) -> Option<(String, bool)> {
        Some((required(self.question, at.field("question"))?, self.same))
    }
}

/// By which this box comes into the facility of another.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinForm {
    /// address and port of the box that shows the code; may be left out when only one is found on this network
    pub address: Option<Contact>,
    /// the code; left out to go on after a cut
    pub code: Option<ShortText>,
    /// what people call this box
    pub name: AccountName,
}

impl Form for JoinForm {
    type Meaning = (String, String, String);

    fn meaning(self, at: &Place<'_>) -> Option<(String, String, String)> {
        let address = optional(self.address, at.field("address")).unwrap_or_default();
        let code = optional(self.code, at.field("code")).unwrap_or_default();
        Some((address, code, required(self.name, at.field("name"))?))
    }
}

/// By which this facility comes to use a hub.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HubForm {
    /// address and port of the hub
    pub address: Contact,
    /// the code its operator made
    pub code: ShortText,
}

impl Form for HubForm {
    type Meaning = (String, String);

    fn meaning(self, at: &Place<'_>) -> Option<(String, String)> {
        let address = required(self.address, at.field("address"));
        let code = required(self.code, at.field("code"));
        Some((address?, code?))
    }
}

/// Who is put out, and why.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutOutForm {
    /// `member` of one of the members
    pub member: Id,
    /// `lost`, `replaced`, `copied` or `retired`; for leaving a hub `retired`
    pub reason: ReceivedCode,
}

impl Form for PutOutForm {
    type Meaning = (String, PutOutReason);

    fn meaning(self, at: &Place<'_>) -> Option<(String, PutOutReason)> {
        let member = required(self.member, at.field("member"));
        let place = at.field("reason");
        let code = required(self.reason, at.field("reason"))?;
        let reason = PutOutReason::from_code(&code);
        if reason.is_none() {
            place.wrong(
                "unknown_code",
                "lost、replaced、copied、retired のどれかです。",
                "One of lost, replaced, copied, retired.",
            );
        }
        Some((member?, reason?))
    }
}

/// Who gets which name.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameForm {
    /// `member` of one of the members
    pub member: Id,
    /// what its people call it from now on
    pub name: AccountName,
}

impl Form for NameForm {
    type Meaning = (String, String);

    fn meaning(self, at: &Place<'_>) -> Option<(String, String)> {
        let member = required(self.member, at.field("member"));
        let name = required(self.name, at.field("name"));
        Some((member?, name?))
    }
}

impl SyncShown {
    /// What is told of it.
    pub fn of(view: &FacilityView) -> SyncShown {
        let (lag, behind_since) = view.lag();
        SyncShown {
            facility: view.facility.clone(),
            label: view.label.clone(),
            address: view.address.clone(),
            stopped: view.stopped.as_ref().map(Text::from),
            lag,
            behind_since: behind_since.map(Instant::of),
            budget_per_day: view.budget_per_day,
            members: view.members.iter().map(member).collect(),
            former: view.former.iter().map(former).collect(),
            code: view.code.as_ref().map(|open| CodeShown { code: open.code.clone(), until: Instant::of(open.until) }),
            said: view.said.as_ref().map(Text::from),
            questions: view.questions.iter().map(question).collect(),
            entering: view.entering,
            unfinished: view.unfinished,
            found: view.found.clone(),
        }
    }
}

fn member(member: &MemberItem) -> MemberShown {
    MemberShown {
        member: member.id.clone(),
        name: member.name.clone(),
        is_hub: member.is_hub,
        is_own: member.is_own,
        since: Instant::of(member.since),
        certificate_ends: member.certificate_ends.map(Instant::of),
        exchange: member.exchange.as_ref().map(peer),
    }
}

fn peer(peer: &PeerItem) -> PeerShown {
    PeerShown {
        address: peer.address.clone(),
        connected: peer.connected,
        heard_at: peer.heard_at.map(Instant::of),
        clock_ahead_ms: peer.clock_ahead_ms,
        lag: peer.lag,
        behind_since: peer.behind_since.map(Instant::of),
        failure: peer.failure.as_ref().map(Text::from),
        bytes_today: peer.bytes_today,
    }
}

fn former(former: &FormerItem) -> FormerShown {
    let line = |(why, by, at): &(PutOutWords, String, domain::Timestamp)| PutOutShown {
        reason: match why {
            PutOutWords::Known(PutOutReason::Lost) => ReasonShown::Lost,
            PutOutWords::Known(PutOutReason::Replaced) => ReasonShown::Replaced,
            PutOutWords::Known(PutOutReason::Copied) => ReasonShown::Copied,
            PutOutWords::Known(PutOutReason::Retired) => ReasonShown::Retired,
            PutOutWords::Other => ReasonShown::Other,
        },
        by: by.clone(),
        at: Instant::of(*at),
    };
    FormerShown {
        member: former.id.clone(),
        name: former.name.clone(),
        is_hub: former.is_hub,
        put_out: former.put_out.iter().map(line).collect(),
    }
}

fn question(question: &DigitsQuestion) -> QuestionShown {
    QuestionShown {
        question: question.id.clone(),
        of: match question.of {
            DigitsOf::NewBox => DigitsFor::NewBox,
            DigitsOf::NewHub => DigitsFor::NewHub,
            DigitsOf::OtherFacility => DigitsFor::OtherFacility,
        },
        name: question.name.clone(),
        digits: question.digits.clone(),
        confirmed: question.confirmed,
    }
}
