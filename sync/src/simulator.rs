//! A terminal to practise on: a simulated 資格確認端末 with its 連携アプリケーション, the national service behind it,
//! and the line between.
//!
//! It is an ordinary program ([`SimTerminal`]) over the same folders and the same HTTPS mailbox as the real thing, with
//! a seeded, wholly invented [`Population`] and [`Faults`] as knobs while it runs. It shares no parsing, printing or
//! checking code with [`crate::terminal`], so that the two can prove each other wrong.
//!
//! What public sources leave open about the official interface is a setting here ([`AnswerShape`]) or an obviously
//! invented text (`X-SYNTHETIC-…`): error codes, the content of `.err`, reception numbers. Requests for drug, checkup and
//! clinical information (`YZK…`, `TKK…`, `CIP…`) and every other family are rejected with `.err`: this terminal
//! practises eligibility only.

mod age;
mod answers;
mod card;
mod clock;
mod control;
mod device;
mod dice;
mod encoding;
mod faults;
mod fold;
mod folder;
mod https;
mod json;
mod line;
mod mailbox;
mod node;
mod numbers;
mod person;
mod population;
mod requests;
mod serve;
mod service;
mod terminal;
mod xml;

pub use answers::AnswerShape;
pub use card::{CardMethod, CardReading, CardRefusal};
pub use clock::SimClock;
pub use device::Statistics;
pub use encoding::SimEncoding;
pub use faults::{FaultKind, FaultPatch, FaultRule, FaultScope, FaultSettings, FaultTrigger, Faults};
pub use folder::SimFolders;
pub use https::SimHttps;
pub use person::{
    Card, CardFace, CertificateWindow, Consents, Coverage, DocumentKind, Eligibility, Expectation, Feature,
    HeldDocument, LimitCertificate, MedicalTicket, National, Outcome, Person, PhoneKind, PinState, Scheme, Sex, Truth,
    Validity,
};
pub use population::Population;
pub use terminal::{SimConfig, SimTerminal, StartFailure};
