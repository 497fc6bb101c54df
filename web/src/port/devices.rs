//! The devices port: readers, scanners, relays, the terminal and the reader service, as one watched list with its healing.

use super::{CardReadingId, Pending};
use domain::coverage::Coverage;
use domain::eligibility::PersonFace;
use domain::fact::VisitId;
use domain::public_payer::PublicPayer;
use domain::text::Text;
use domain::{Date, Timestamp};
use tokio::sync::watch;

/// How a device stands, for the lamp beside its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceLamp {
    /// works
    Good,
    /// on its way: starting, or being healed
    Working,
    /// not heard of yet, or absent and not needed
    Unknown,
    /// faulted, or absent although it is needed
    Bad,
}

/// What people read about a fault (REQ-06).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultWords {
    /// what happened, what is safe, what to do now
    pub staff: Text,
    /// the same for a technician
    pub technician: Text,
    /// probable cause and steps, from the guide of its maker
    pub advice: Vec<Text>,
}

/// One change of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceChange {
    /// when
    pub at: Timestamp,
    /// in words
    pub what: Text,
}

/// A step that may help a device, the gentlest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealingChoice {
    /// for asking: `reopen`, `reset`, `cycle_usb_port`, `cycle_relay`, `restart_service`, `reboot`
    pub step: String,
    /// its name
    pub name: Text,
    /// how often it was tried on this device
    pub tried: u32,
    /// how often it helped
    pub helped: u32,
    /// the site has what it needs
    pub available: bool,
}

/// One watched device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceItem {
    /// its name, unique on the box
    pub device: String,
    /// what it is
    pub kind: Text,
    /// for the lamp
    pub lamp: DeviceLamp,
    /// how it stands, in words
    pub state: Text,
    /// since when
    pub since: Timestamp,
    /// what is wrong
    pub fault: Option<FaultWords>,
    /// the last card or code it read well
    pub last_good_read: Option<Timestamp>,
    /// a reading is expected by then; without one it counts as a trouble of the device
    pub expected_by: Option<Timestamp>,
    /// a card was left in it since (REQ-13)
    pub card_left_since: Option<Timestamp>,
    /// failures by hour of the day, from midnight (REQ-07)
    pub failures_by_hour: [u32; 24],
    /// what the hours suggest
    pub suspicion: Option<Text>,
    /// what may be done
    pub steps: Vec<HealingChoice>,
    /// cards can be read in it on request
    pub reads_cards: bool,
    /// codes are scanned with it
    pub scans_codes: bool,
    /// newest first
    pub history: Vec<DeviceChange>,
}

/// A restart by the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRestart {
    /// of what
    pub what: Text,
    /// the line as it was written
    pub line: String,
    /// when it runs next
    pub next: Option<Timestamp>,
    /// why it waits, when it is due and does not run
    pub postponed: Option<Text>,
    /// when it ran last
    pub last_run: Option<Timestamp>,
}

/// Everything that is watched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DevicesView {
    /// devices in the order of the settings
    pub devices: Vec<DeviceItem>,
    /// restarts by the clock
    pub restarts: Vec<PlannedRestart>,
    /// whether everything is ready for the next opening (REQ-16), in words; none when no hours are set
    pub ready_light: Option<(DeviceLamp, Text)>,
}

/// A card to be read on request.
#[derive(Clone, PartialEq, Eq)]
pub struct CardQuestion {
    /// which reader
    pub device: String,
    /// 14 digits made from the card face (照合番号B), for name, address, birth date and sex; without them only the certificate is read
    pub surface_code: Option<String>,
    /// somebody agreed to use the last try that is left
    pub last_try_confirmed: bool,
    /// somebody is being checked in: find out whether the card was here before, where the site has switched that on
    pub recognise: bool,
}

impl std::fmt::Debug for CardQuestion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CardQuestion({})", self.device)
    }
}

/// What a card said.
#[derive(Clone, PartialEq, Eq)]
pub struct CardSaid {
    /// what kind of token: card or phone, in words
    pub token: Text,
    /// last day of the certificate
    pub certificate_expiry: Option<Date>,
    /// a certificate of a practice or test card: never to be believed
    pub is_test: bool,
    /// the person on the card, when 照合番号B was given and right
    pub person: Option<PersonFace>,
    /// tries left for 照合番号B
    pub tries_left: Option<u8>,
    /// what could not be read, and why
    pub remarks: Vec<Text>,
    /// by this the card can be recognised and remembered, when that was asked for, is switched on, and the card counts
    pub reading: Option<CardReadingId>,
}

impl std::fmt::Debug for CardSaid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardSaid(…)")
    }
}

/// A code that was scanned and waits for somebody to act on it. Kept in memory only, and not for long.
#[derive(Clone, PartialEq, Eq)]
pub struct ScannedItem {
    /// which scan
    pub scan: String,
    /// when
    pub at: Timestamp,
    /// by which scanner
    pub device: String,
    /// what kind of code it is, in words
    pub kind: Text,
    /// the person as printed
    pub person: PersonFace,
    /// the insurance as printed; never evidence
    pub coverage: Coverage,
    /// the clinic's own patient number, when the code was one
    pub patient_number: Option<String>,
    /// day of issue of a prescription
    pub issued_on: Option<Date>,
    /// last day it may be used, as stated or by the rule
    pub usable_until: Option<Date>,
    /// 公費 as printed, in printed order; staff compare them with the certificate
    pub public_payers: Vec<PublicPayer>,
    /// the visit that one of our own slips belongs to
    pub visit: Option<VisitId>,
    /// 引換番号 of an electronic prescription
    pub exchange_number: Option<String>,
    /// what staff should know or check
    pub notices: Vec<Text>,
    /// why nothing can be started from it, and what to do
    pub refusal: Option<Text>,
}

impl std::fmt::Debug for ScannedItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ScannedItem({})", self.scan)
    }
}

/// The devices of this box.
pub trait Devices: Send + Sync {
    /// Everything that is watched.
    fn view(&self) -> DevicesView;
    /// Tells when something is new; the number counts up.
    fn changes(&self) -> watch::Receiver<u64>;
    /// Codes that wait for somebody, newest first.
    fn scans(&self) -> Vec<ScannedItem>;
    /// Puts a scanned code away: it was used, or it was not wanted.
    fn put_away(&self, scan: &str);
    /// Restarts a device by a step of its list ("restart now"). The error says why not.
    fn restart(&self, device: &str, step: &str) -> Pending<'_, Result<(), Text>>;
    /// What patients read about the readers that are watched; empty when there are none.
    fn guides(&self) -> Vec<super::ReaderGuide> {
        Vec::new()
    }
    /// Reads the card in a reader now. The error is what to say and do.
    fn read_card(&self, question: CardQuestion) -> Pending<'_, Result<CardSaid, Text>>;
}
