//! A case: everything the rules may know about one visit at one moment.

mod form;

use crate::coverage::Coverage;
use crate::date::{Date, Timestamp};
use crate::decision::Acceptance;
use crate::declaration::Declaration;
use crate::eligibility::{AskedBy, OnlineAnswer, PersonFace};
use crate::evidence::EvidenceKind;
use crate::link::{CouldNotAsk, Links};
use crate::lookup::Lookup;
use crate::written::{Unreadable, Value, Written};
use crate::{codes, record};

codes! {
    /// Kind of site.
    pub enum SiteKind {
        /// 医科診療所
        Clinic = "clinic",
        /// 歯科診療所
        Dental = "dental",
        /// 病院
        Hospital = "hospital",
        /// 薬局
        Pharmacy = "pharmacy",
    }
}

codes! {
    /// Where in or around the site the patient is received.
    pub enum Flow {
        /// 窓口
        Window = "window",
        /// 発熱外来
        FeverClinic = "fever_clinic",
        /// 病棟
        Ward = "ward",
        /// ドライブスルー
        DriveThrough = "drive_through",
        /// 訪問診療
        HomeVisit = "home_visit",
        /// 車内
        Car = "car",
        /// 施設の巡回
        Facility = "facility",
    }
}

record! {
    /// What the site has. Defaults: a clinic with a face reader and nothing more.
    pub struct Site {
        /// kind of site
        pub kind: SiteKind,
        /// no face reader at all: a supported configuration (REQ-51)
        pub without_reader: bool,
        /// an external reader for phones
        pub phone_reader: bool,
        /// a registered device with the マイナ資格確認アプリ
        pub home_consent_app: bool,
        /// マイナ在宅受付Web is in use
        pub home_consent_web: bool,
        /// one of the exempt sites that may use 資格確認限定型 (checkin-rules §3.2)
        pub limited_check_exempt: bool,
        /// the ministry has opened the disaster function for this region now
        pub disaster_mode_open: bool,
    }
}

impl Site {
    /// A site of a kind with a face reader and nothing more.
    pub const fn of(kind: SiteKind) -> Site {
        Site {
            kind,
            without_reader: false,
            phone_reader: false,
            home_consent_app: false,
            home_consent_web: false,
            limited_check_exempt: false,
            disaster_mode_open: false,
        }
    }
}

codes! {
    /// Who came with, or instead of, the patient.
    pub enum Companion {
        /// a parent brings a child
        Parent = "parent",
        /// nursery or kindergarten staff bring a child
        NurseryStaff = "nursery_staff",
        /// a teacher on a school trip
        Teacher = "teacher",
        /// a relative or helper beside the patient
        Helper = "helper",
        /// somebody comes instead of the patient (代理)
        Proxy = "proxy",
    }
}

codes! {
    /// How a way of identifying went wrong.
    pub enum AttemptOutcome {
        /// did not work this time
        Failed = "failed",
        /// locked after repeated errors
        Locked = "locked",
        /// the patient does not know it
        Forgotten = "forgotten",
        /// the card itself cannot be read: chip, dirt, damage
        Unreadable = "unreadable",
        /// the photo on the card is not the patient: stop (checkin-rules §3.1, §7.4)
        OtherPerson = "other_person",
    }
}

record! {
    /// Something that was tried and did not work.
    pub struct Attempt {
        /// what was tried
        pub kind: EvidenceKind,
        /// how it went wrong
        pub outcome: AttemptOutcome,
    }
}

/// A paper, screen, card or word presented at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Presented {
    /// what it is
    pub kind: EvidenceKind,
    /// what it says; empty when nothing was written down yet
    pub coverage: Coverage,
    /// a copy rather than the original
    pub is_copy: bool,
    /// for school trips and nurseries: which paper this is a copy of
    pub copy_of: Option<EvidenceKind>,
}

impl Presented {
    /// Something presented of which nothing was written down.
    pub fn bare(kind: EvidenceKind) -> Presented {
        Presented { kind, coverage: Coverage::EMPTY, is_copy: false, copy_of: None }
    }
}

impl Written for Presented {
    fn write(&self) -> Value {
        Value::map()
            .with("kind", self.kind.write())
            .with("is_copy", self.is_copy.write())
            .with("copy_of", self.copy_of.write())
            .with("coverage", self.coverage.write())
    }

    /// Reads the full form, or the bare code of the evidence kind.
    fn read(value: &Value) -> Result<Self, Unreadable> {
        if value.as_text().is_some() {
            return EvidenceKind::read(value).map(Presented::bare);
        }
        Ok(Presented {
            kind: value.field("kind")?,
            is_copy: value.field("is_copy")?,
            copy_of: value.field("copy_of")?,
            coverage: value.field::<Option<Coverage>>("coverage")?.unwrap_or(Coverage::EMPTY),
        })
    }
}

record! {
    /// What the site already knows of the patient from earlier visits.
    pub struct StoredPatient {
        /// the insurance on file
        pub coverage: Coverage,
        /// when it was last confirmed
        pub confirmed_on: Option<Date>,
        /// how it was last confirmed
        pub confirmed_how: Option<EvidenceKind>,
        /// when the card or certificate was last shown
        pub document_shown_on: Option<Date>,
        /// the patient was shown as 無効 without being so, first on this day (REQ-29)
        pub false_invalid_since: Option<Date>,
        /// when a subsidy certificate was last compared at a visit (REQ-41)
        pub subsidy_shown_on: Option<Date>,
        /// days on which the renewal slip of the certificate was handed out, oldest first (REQ-43)
        pub slips_given_on: Vec<Date>,
        /// the patient said on this day that the card is lost, and neither a card that reads nor a certificate has come since
        pub card_lost_on: Option<Date>,
    }
}

/// Everything the rules may know about one visit at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// the day of the visit; decides which rules are in force
    pub visit_date: Date,
    /// now, for consents that run out after hours; absent = the consents are fresh
    pub at: Option<Timestamp>,
    /// the site
    pub site: Site,
    /// where the patient is received
    pub flow: Flow,
    /// the person as the card face, a paper or the patient says
    pub person: PersonFace,
    /// what was presented
    pub presented: Vec<Presented>,
    /// what was tried and did not work
    pub attempts: Vec<Attempt>,
    /// who came with or instead of the patient
    pub companion: Option<Companion>,
    /// the links
    pub links: Links,
    /// `E`: expiry of the user certificate on the card
    pub certificate_expiry: Option<Date>,
    /// whether the card is registered for insurance use; absent = nobody knows
    pub card_registered: Option<bool>,
    /// the patient said that the card is lost
    pub card_lost: bool,
    /// the answer of the national service, if there is one
    pub online: Option<OnlineAnswer>,
    /// what the site has on file
    pub stored: Option<StoredPatient>,
    /// the patient said that nothing changed since the last visit
    pub unchanged_said: bool,
    /// the filled self-declaration
    pub declaration: Option<Declaration>,
    /// staff compared face and card and take the person in although the registered card cannot confirm (checkin-rules U8),
    /// or decided for a known patient without papers
    pub staff_accepts: bool,
    /// a question that could not be asked: it counts like the broken link behind it, whatever the lamps say
    pub could_not_ask: Option<CouldNotAsk>,
    /// what staff read on the official outage or disaster screen, when that is newer than `online`
    pub lookup: Option<Lookup>,
    /// an answer about another person came and was not kept
    pub answer_withheld: bool,
    /// how the withheld answer was asked for; absent = as for `online`
    pub withheld_asked_by: Option<AskedBy>,
    /// the check-in was already accepted on this evidence; a later answer confirms or corrects it, no rung is climbed again
    pub settled: Option<Acceptance>,
}

impl Case {
    /// A case of which only day and site are known.
    pub fn new(visit_date: Date, site: Site) -> Case {
        Case {
            visit_date,
            at: None,
            site,
            flow: Flow::Window,
            person: PersonFace::EMPTY,
            presented: Vec::new(),
            attempts: Vec::new(),
            companion: None,
            links: Links::ALL_UP,
            certificate_expiry: None,
            card_registered: None,
            card_lost: false,
            online: None,
            stored: None,
            unchanged_said: false,
            declaration: None,
            staff_accepts: false,
            could_not_ask: None,
            lookup: None,
            answer_withheld: false,
            withheld_asked_by: None,
            settled: None,
        }
    }

    /// Whether the physical card is at the desk.
    pub fn card_present(&self) -> bool {
        self.presented.iter().any(|p| p.kind.shows_card())
    }

    /// Whether a phone stands for the card.
    pub fn phone_present(&self) -> bool {
        self.presented.iter().any(|p| p.kind.is_phone())
    }

    /// What was presented of one kind.
    pub fn presented(&self, kind: EvidenceKind) -> Option<&Presented> {
        self.presented.iter().find(|p| p.kind == kind)
    }

    /// How trying a kind went wrong, if it did.
    pub fn attempt(&self, kind: EvidenceKind) -> Option<AttemptOutcome> {
        self.attempts.iter().rev().find(|a| a.kind == kind).map(|a| a.outcome)
    }
}
