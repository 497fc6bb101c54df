//! The facility port: the other boxes and the hub, how exchange with them stands, and who comes in or goes out.

use super::{Account, DeviceLamp, Pending};
use domain::Timestamp;
use domain::text::Text;
use tokio::sync::watch;

/// Why a member is put out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutOutReason {
    /// lost or stolen
    Lost,
    /// another box took its place
    Replaced,
    /// its disk was copied
    Copied,
    /// it is no longer used; also: this facility leaves the hub
    Retired,
}

impl PutOutReason {
    /// All of them, the most urgent first.
    pub const ALL: [PutOutReason; 4] =
        [PutOutReason::Lost, PutOutReason::Replaced, PutOutReason::Copied, PutOutReason::Retired];

    /// For forms, the API and the command line.
    pub const fn code(self) -> &'static str {
        match self {
            PutOutReason::Lost => "lost",
            PutOutReason::Replaced => "replaced",
            PutOutReason::Copied => "copied",
            PutOutReason::Retired => "retired",
        }
    }

    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<PutOutReason> {
        PutOutReason::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// A member of the facility, and how exchange with it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberItem {
    /// its id, 32 hexadecimal digits
    pub id: String,
    /// what its people call it
    pub name: String,
    /// it is a hub
    pub is_hub: bool,
    /// it is this box
    pub is_own: bool,
    /// when it came in
    pub since: Timestamp,
    /// end of the certificate it showed last
    pub certificate_ends: Option<Timestamp>,
    /// how exchange with it stands; none for this box itself, and while nothing is exchanged
    pub exchange: Option<PeerItem>,
}

/// How exchange with one member stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerItem {
    /// where it was reached
    pub address: Option<String>,
    /// it is reached now
    pub connected: bool,
    /// when it was last heard of since this box started
    pub heard_at: Option<Timestamp>,
    /// how far its clock is ahead, in milliseconds
    pub clock_ahead_ms: i64,
    /// records of this box that it is not known to have
    pub lag: u64,
    /// since when it does not have everything
    pub behind_since: Option<Timestamp>,
    /// what went wrong last, until it works again
    pub failure: Option<Text>,
    /// bytes exchanged today, by calling it
    pub bytes_today: u64,
}

/// A member that was put out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerItem {
    /// its id
    pub id: String,
    /// what its people called it
    pub name: String,
    /// it was a hub
    pub is_hub: bool,
    /// why, by whom (the name of a box), and when; several boxes may have
    pub put_out: Vec<(PutOutWords, String, Timestamp)>,
}

/// Why a member was put out, as far as this version knows the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutOutWords {
    /// a known reason
    Known(PutOutReason),
    /// a reason that a later version knows
    Other,
}

/// A code that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCode {
    /// as people read it: `123-456-789`
    pub code: String,
    /// when it ends
    pub until: Timestamp,
}

/// Of whom digits are to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigitsOf {
    /// another box wants to come in
    NewBox,
    /// this facility is about to use a hub
    NewHub,
    /// this box is about to enter another facility
    OtherFacility,
}

/// Digits to be compared on two screens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigitsQuestion {
    /// for answering
    pub id: String,
    /// what for
    pub of: DigitsOf,
    /// what the other side calls itself
    pub name: String,
    /// twenty digits in five groups
    pub digits: String,
    /// somebody said here that they are the same; the other side has yet to
    pub confirmed: bool,
}

/// Everything there is to know of the facility.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FacilityView {
    /// its id, 32 hexadecimal digits
    pub facility: String,
    /// what it was founded as
    pub label: String,
    /// where others call this box, while it listens
    pub address: Option<String>,
    /// why nothing is exchanged although it should be
    pub stopped: Option<Text>,
    /// members, this box first, hubs last
    pub members: Vec<MemberItem>,
    /// those who were put out
    pub former: Vec<FormerItem>,
    /// bytes that may be exchanged with each member in a day; none without a limit
    pub budget_per_day: Option<u64>,
    /// the code that is open
    pub code: Option<OpenCode>,
    /// what came of the last code or enrolment on this box
    pub said: Option<Text>,
    /// digits to compare
    pub questions: Vec<DigitsQuestion>,
    /// this box was let in and is about to start anew as a member
    pub entering: bool,
    /// a joining was cut off and can be taken up again without a code
    pub unfinished: bool,
    /// addresses on this network where a code is open
    pub found: Vec<String>,
}

impl FacilityView {
    /// The other members.
    pub fn others(&self) -> impl Iterator<Item = &MemberItem> {
        self.members.iter().filter(|member| !member.is_own)
    }

    /// Records that some other member does not have yet, at most, and since when.
    pub fn lag(&self) -> (u64, Option<Timestamp>) {
        let exchanges = || self.others().filter_map(|member| member.exchange.as_ref());
        let most = exchanges().map(|peer| peer.lag).max().unwrap_or(0);
        (most, exchanges().filter_map(|peer| peer.behind_since).min())
    }

    /// For the lamp on every page; none for a box that is alone.
    pub fn lamp(&self) -> Option<DeviceLamp> {
        if self.stopped.is_some() {
            return Some(DeviceLamp::Bad);
        }
        self.others().next()?;
        let is_reached = |member: &&MemberItem| member.exchange.as_ref().is_some_and(|peer| peer.connected);
        Some(match (self.others().all(|member| is_reached(&member)), self.lag().0) {
            (false, _) => DeviceLamp::Bad,
            (true, 0) => DeviceLamp::Good,
            (true, _) => DeviceLamp::Working,
        })
    }
}

/// Something was not done: which field is to blame (`""` for none), what happened, what is safe, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotDone {
    /// name of the field
    pub at: &'static str,
    /// in words
    pub why: Text,
}

/// The other boxes and the hub.
pub trait Facility: Send + Sync {
    /// How it stands.
    fn view(&self) -> FacilityView;
    /// Tells when something is new; the number counts up.
    fn changes(&self) -> watch::Receiver<u64>;
    /// Calls every member at once.
    fn sync_now(&self);
    /// Makes a code by which one other box can come in; one made before is void.
    fn make_code(&self) -> Pending<'_, Result<(), NotDone>>;
    /// Takes the code back.
    fn withdraw_code(&self);
    /// Somebody compared the digits. `false` when the question is no longer there.
    fn answer(&self, question: &str, same: bool) -> bool;
    /// Enters the facility of the box at this address by the code on its screen. Returns when the digits are there to be compared. Without
    /// an address the only box on this network where a code is open is called; without a code a joining that was cut off goes on.
    fn join(&self, address: &str, code: &str, name: &str) -> Pending<'_, Result<(), NotDone>>;
    /// Has this facility use the hub at this address, by the code its operator made. Returns when the digits are there to be compared.
    fn enrol_hub(&self, address: &str, code: &str) -> Pending<'_, Result<(), NotDone>>;
    /// Puts a member out: it is cut off from boxes and hub, and the keys it knew are replaced. Of a hub: leaves it.
    fn put_out(&self, id: &str, reason: PutOutReason) -> Pending<'_, Result<(), NotDone>>;
    /// Gives a member another name, shown on every box from then on. `by` is none for somebody at the machine itself.
    fn rename(&self, by: Option<&Account>, id: &str, name: &str) -> Pending<'_, Result<(), NotDone>>;
}
