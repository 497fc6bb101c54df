//! The people of the facility: their accounts, what proves who they are, and who did and saw what.

use super::{Account, Client, Look, Pending, Reading, Session, SignInRefused, Unavailable};
use super::{PasskeyBy, PasskeyItem, PasskeyMade, PasskeyPlace, PasskeyQuestion, PasskeyShown};
use domain::Timestamp;
use domain::fact::{Author, PatientId, VisitId};
use domain::text::Text;

/// What somebody is at the facility for; decides what they may do (see [`Right`](crate::rights::Right)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// receives patients
    Reception,
    /// makes the claims
    Claims,
    /// runs the place
    Manager,
    /// mends the box, for a limited time
    Vendor,
    /// no person: a program with a token of the API
    Program,
}

impl Role {
    /// Roles an account of a person may have.
    pub const OF_PEOPLE: [Role; 4] = [Role::Reception, Role::Claims, Role::Manager, Role::Vendor];

    /// As it is kept and typed.
    pub const fn code(self) -> &'static str {
        match self {
            Role::Reception => "reception",
            Role::Claims => "claims",
            Role::Manager => "manager",
            Role::Vendor => "vendor",
            Role::Program => "program",
        }
    }

    /// The role of a person with this code.
    pub fn from_code(code: &str) -> Option<Role> {
        Role::OF_PEOPLE.into_iter().find(|role| role.code() == code)
    }
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// everything the role may do
    Open,
    /// the password was right; the second factor is still to come
    Code,
    /// the person must set a password or a second factor of their own first
    Incomplete,
    /// nobody has been there for a while: whoever comes proves who they are
    Locked,
}

/// An account as managers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffMember {
    /// id that stands in facts and in the trail
    pub author: Author,
    /// name on the screen, and what is typed to sign in
    pub name: String,
    /// what for
    pub role: Role,
    /// may not sign in
    pub is_locked: bool,
    /// the password was made by a manager and is to be changed
    pub has_first_password: bool,
    /// has an authenticator app as second factor
    pub has_second_factor: bool,
    /// passkeys that open something
    pub passkeys: u32,
    /// has a code for fast switching
    pub has_switch_code: bool,
    /// recovery codes left
    pub recovery_codes: u32,
    /// from when until when a vendor may sign in
    pub window: Option<(Timestamp, Timestamp)>,
    /// the second factor must be there by then; `None` = it need not be, or is
    pub second_factor_by: Option<Timestamp>,
}

/// What the facility asks of its people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// roles that must have a second factor
    pub second_factor: Vec<Role>,
    /// a counter locks itself after so many minutes without anybody; 0 = never
    pub lock_minutes: u32,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy { second_factor: vec![Role::Manager, Role::Vendor], lock_minutes: 15 }
    }
}

/// A change to accounts.
#[derive(Clone, PartialEq, Eq)]
pub enum StaffChange {
    /// a new account; answered with its first password
    Add {
        /// name on the screen
        name: String,
        /// what for
        role: Role,
    },
    /// another role; the sessions of the account end
    SetRole(Author, Role),
    /// may not sign in any more, or may again
    SetLocked(Author, bool),
    /// a new first password, and no second factor; answered with the password
    Reset(Author),
    /// a vendor may sign in from … until; `None` = no longer
    AllowVendor(Author, Option<(Timestamp, Timestamp)>),
    /// what the facility asks
    SetPolicy(Policy),
    /// a new emergency code; the one before is dead; answered with it
    NewEmergencyCode,
    /// all sessions of an account end
    SignOutEverywhere(Author),
    /// one's own password; all other sessions end
    ChangePassword {
        /// the present one
        old: String,
        /// the next one
        new: String,
    },
    /// one's own code for fast switching
    SetSwitchCode {
        /// the password, to be sure
        password: String,
        /// the code
        code: String,
    },
    /// how one wants the pages
    SetLook(Look),
    /// begins a second factor; answered with its secret
    BeginSecondFactor {
        /// the password, to be sure
        password: String,
    },
    /// the first code of the new second factor; answered with the recovery codes
    ConfirmSecondFactor {
        /// six digits
        code: String,
    },
    /// begins a passkey; answered with what the browser is asked
    BeginPasskey {
        /// the password, to be sure
        password: String,
        /// where
        place: PasskeyPlace,
    },
    /// the browser has made it; answered with recovery codes where there are none yet
    FinishPasskey {
        /// what it handed over
        made: PasskeyMade,
        /// where
        place: PasskeyPlace,
    },
    /// another name for one's own passkey
    RenamePasskey {
        /// as the device names it, base64url
        key: String,
        /// as its owner calls it
        name: String,
    },
    /// one's own passkey goes
    RemovePasskey {
        /// as the device names it, base64url
        key: String,
        /// the password, to be sure
        password: String,
    },
    /// all passkeys of an account go, because a device was lost; its sessions end
    RemovePasskeysOf(Author),
}

/// What is told once after a change.
#[derive(Clone, PartialEq, Eq)]
pub enum StaffSaid {
    /// it is kept
    Kept,
    /// a password, shown once
    Password(String),
    /// the emergency code, shown once
    EmergencyCode(String),
    /// the secret of a second factor, shown once
    Secret {
        /// Base32, to be typed
        secret: String,
        /// `otpauth://`, to be scanned
        uri: String,
    },
    /// what the browser is asked to make
    PasskeyQuestion(PasskeyQuestion),
    /// recovery codes, shown once
    RecoveryCodes(Vec<String>),
}

/// Why a change was not kept.
#[derive(Debug)]
pub enum StaffRefused {
    /// what is wrong at which field
    At(&'static str, Text),
    /// the store failed
    Unavailable(Unavailable),
}

/// The emergency code as everybody may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmergencyUse {
    /// when it was used
    pub at: Timestamp,
    /// who said to use it
    pub who: String,
    /// where
    pub counter: String,
}

/// What is said on every page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// an emergency code waits in its envelope
    pub emergency_is_sealed: bool,
    /// the emergency code was used, and no manager has renewed it
    pub emergency: Option<EmergencyUse>,
    /// vendors who may sign in now, and until when
    pub vendors: Vec<(String, Timestamp)>,
}

/// What somebody looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Viewed {
    /// the board of a day
    Board,
    /// a visit
    Visit(VisitId),
    /// a patient
    Patient(PatientId),
    /// patients were searched for; never by what
    Search,
    /// a list that names patients
    List,
    /// a file or paper that names patients was made, and may leave the house
    File,
    /// the bundle for the helpdesk was taken
    Bundle,
    /// the trail itself
    Trail,
}

/// One line of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailLine {
    /// running number
    pub seq: u64,
    /// when
    pub at: Timestamp,
    /// what, as a stable code
    pub what: String,
    /// who, as an id
    pub author: String,
    /// who, by name, while the account is known
    pub name: Option<String>,
    /// at which counter
    pub counter: String,
    /// about which patient, as an opaque id
    pub patient: Option<PatientId>,
    /// about which visit
    pub visit: Option<VisitId>,
    /// more, never personal
    pub detail: String,
}

/// What is asked of the trail. Empty = everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailQuestion {
    /// about this patient
    pub patient: Option<PatientId>,
    /// by this person
    pub author: Option<String>,
    /// on this day
    pub day: Option<domain::Date>,
    /// only lines before this number
    pub before: Option<u64>,
}

/// Accounts, sessions and the trail. Slow where guessing must be slow.
pub trait People: Send + Sync {
    /// Every account of a person.
    fn staff(&self) -> Reading<Vec<StaffMember>>;
    /// What the facility asks of its people.
    fn policy(&self) -> Reading<Policy>;
    /// Changes accounts, and says so in the trail.
    fn change(&self, by: &Session, change: StaffChange) -> Pending<'_, Result<StaffSaid, StaffRefused>>;
    /// The second factor or a recovery code; a new token replaces the one of the session.
    fn enter_code(
        &self,
        session: &Session,
        code: String,
        client: Client,
    ) -> Pending<'_, Result<Session, SignInRefused>>;
    /// One's own passkeys, in the order they were made.
    fn passkeys(&self, of: &Author) -> Reading<Vec<PasskeyItem>>;
    /// What a browser is asked to show.
    fn ask_for_passkey(&self, by: &PasskeyBy, place: PasskeyPlace) -> Result<PasskeyQuestion, SignInRefused>;
    /// Signs in with a passkey: instead of name, password and code, or as the second factor. A new token replaces that of the session.
    fn sign_in_by_passkey(
        &self,
        by: PasskeyBy,
        shown: PasskeyShown,
        place: PasskeyPlace,
        client: Client,
    ) -> Pending<'_, Result<Session, SignInRefused>>;
    /// The person of a locked session is back.
    fn unlock(&self, session: &Session, secret: String, client: Client) -> Pending<'_, Result<Session, SignInRefused>>;
    /// Another person takes the counter over: with the switch code or the password.
    fn switch(
        &self,
        session: &Session,
        to: Author,
        secret: String,
        client: Client,
    ) -> Pending<'_, Result<Session, SignInRefused>>;
    /// Locks a session now.
    fn lock(&self, session: &Session) -> Pending<'_, ()>;
    /// Opens the envelope: a session for reception, once.
    fn use_emergency(
        &self,
        code: String,
        who: String,
        reason: String,
        client: Client,
    ) -> Pending<'_, Result<Session, SignInRefused>>;
    /// What is said on every page. From memory.
    fn notices(&self) -> Notices;
    /// Somebody looked at something. Costs nothing now; written down soon.
    fn viewed(&self, by: &Account, what: Viewed);
    /// Lines of the trail, newest first, at most 200.
    fn trail(&self, question: &TrailQuestion) -> Reading<Vec<TrailLine>>;
}
