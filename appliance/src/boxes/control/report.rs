//! How the facility stands, as the command line reads it.

use domain::Timestamp;
use domain::text::Text;
use serde::{Deserialize, Serialize};
use web::port::{FacilityView, FormerItem, MemberItem, PeerItem, PutOutWords};

/// How the facility stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// this box
    pub own: String,
    /// the facility
    pub facility: String,
    /// what it was founded as
    pub label: String,
    /// where others call this box
    pub address: Option<String>,
    /// why nothing is exchanged, in Japanese and English; none when all is well
    pub stopped: Option<[String; 2]>,
    /// everybody who belongs to it
    pub members: Vec<MemberReport>,
    /// how exchange with the others stands
    pub peers: Vec<PeerReport>,
    /// those who were put out
    pub former: Vec<FormerReport>,
    /// the code that is open, and its end in ms since 1970
    pub code: Option<(String, i64)>,
    /// what came of the last code or enrolment
    pub said: Option<[String; 2]>,
    /// digits to compare
    pub questions: Vec<QuestionReport>,
    /// the box was let in and is about to start anew
    pub entering: bool,
    /// where on this network a code is open
    pub found: Vec<String>,
    /// bytes that may be exchanged with each member in a day
    pub budget_per_day: Option<u64>,
    /// why what was asked was not done
    pub refused: Option<[String; 2]>,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberReport {
    /// its id
    pub id: String,
    /// what people call it
    pub name: String,
    /// it is a hub
    pub hub: bool,
    /// it is this box
    pub own: bool,
    /// end of the certificate it showed last, ms since 1970
    pub certificate_ends_ms: Option<i64>,
}

/// How it stands with one peer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerReport {
    /// its id
    pub id: String,
    /// what people call it
    pub name: String,
    /// it is a hub
    pub hub: bool,
    /// where it was reached
    pub address: Option<String>,
    /// it is reached now
    pub connected: bool,
    /// when it was last heard of, ms since 1970
    pub heard_at_ms: Option<i64>,
    /// how far its clock is ahead, ms
    pub clock_ahead_ms: i64,
    /// records it is not known to have
    pub lag: u64,
    /// since when it does not have everything, ms since 1970
    pub behind_since_ms: Option<i64>,
    /// what went wrong last, in Japanese and English
    pub failure: Option<[String; 2]>,
    /// bytes exchanged today by calling it
    pub bytes_today: u64,
}

/// One who was put out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerReport {
    /// its id
    pub id: String,
    /// what people called it
    pub name: String,
    /// `lost`, `replaced`, `copied`, `retired` or `other`, and by whom
    pub put_out: Vec<(String, String)>,
}

/// Digits to compare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionReport {
    /// for answering
    pub id: String,
    /// what the other side calls itself
    pub name: String,
    /// the digits
    pub digits: String,
    /// somebody said here that they are the same
    pub confirmed: bool,
}

impl Report {
    /// What the command line is told.
    pub fn of(view: &FacilityView) -> Report {
        let own = view.members.iter().find(|member| member.is_own).map(|member| member.id.clone());
        let question = |question: &web::port::DigitsQuestion| QuestionReport {
            id: question.id.clone(),
            name: question.name.clone(),
            digits: question.digits.clone(),
            confirmed: question.confirmed,
        };
        Report {
            own: own.unwrap_or_default(),
            facility: view.facility.clone(),
            label: view.label.clone(),
            address: view.address.clone(),
            stopped: view.stopped.as_ref().map(both),
            members: view.members.iter().map(member).collect(),
            peers: view.members.iter().filter_map(|one| Some(peer(one, one.exchange.as_ref()?))).collect(),
            former: view.former.iter().map(former).collect(),
            code: view.code.as_ref().map(|open| (open.code.clone(), open.until.as_ms())),
            said: view.said.as_ref().map(both),
            questions: view.questions.iter().map(question).collect(),
            entering: view.entering,
            found: view.found.clone(),
            budget_per_day: view.budget_per_day,
            refused: None,
        }
    }

    /// Whether every other member is reached and has everything.
    pub fn is_even(&self) -> bool {
        self.peers.iter().all(|peer| peer.connected && peer.lag == 0)
    }
}

fn member(member: &MemberItem) -> MemberReport {
    MemberReport {
        id: member.id.clone(),
        name: member.name.clone(),
        hub: member.is_hub,
        own: member.is_own,
        certificate_ends_ms: member.certificate_ends.map(Timestamp::as_ms),
    }
}

fn peer(member: &MemberItem, standing: &PeerItem) -> PeerReport {
    PeerReport {
        id: member.id.clone(),
        name: member.name.clone(),
        hub: member.is_hub,
        address: standing.address.clone(),
        connected: standing.connected,
        heard_at_ms: standing.heard_at.map(Timestamp::as_ms),
        clock_ahead_ms: standing.clock_ahead_ms,
        lag: standing.lag,
        behind_since_ms: standing.behind_since.map(Timestamp::as_ms),
        failure: standing.failure.as_ref().map(both),
        bytes_today: standing.bytes_today,
    }
}

fn former(former: &FormerItem) -> FormerReport {
    let code = |reason: &PutOutWords| match reason {
        PutOutWords::Known(reason) => reason.code(),
        PutOutWords::Other => "other",
    };
    FormerReport {
        id: former.id.clone(),
        name: former.name.clone(),
        put_out: former.put_out.iter().map(|(reason, by, _)| (code(reason).to_owned(), by.clone())).collect(),
    }
}

pub(super) fn both(text: &Text) -> [String; 2] {
    [text.ja.to_string(), text.en.to_string()]
}

pub(super) fn unknown_reason() -> Text {
    Text::new(
        "理由は lost、replaced、copied、retired のどれかです。何も変更していません。",
        "The reason is one of lost, replaced, copied, retired. Nothing was changed.",
    )
}
