//! The fixed words of the pages, in both languages side by side. A word that lacks a language does not compile.

mod apart;
mod backups;
mod check_in;
mod claims;
mod counters;
mod declaration;
mod devices;
mod disaster;
mod drill;
mod first_start;
mod forgetting;
mod frame;
mod inside;
mod lists;
mod lost_cards;
mod passkeys;
mod people;
mod prints;
mod recognition;
mod round;
mod sign_in;
mod slip;
mod statistics;
mod sync;
mod tablets;
mod updates;
mod visit;

pub use apart::ApartWords;
pub use backups::BackupWords;
pub use check_in::CheckInWords;
pub use claims::{ClaimWords, EvidenceWords, InsurerWords};
pub use counters::{ArrivalWords, CounterWords, LineWords, OriginWords};
pub use declaration::DeclarationWords;
pub use devices::{CardWords, DeviceWords, ReportWords, ScanWords, TroubleWords};
pub use disaster::DisasterWords;
pub use drill::DrillWords;
pub use first_start::FirstStartWords;
pub use forgetting::ForgettingWords;
pub use frame::FrameWords;
pub use inside::{DoctorWords, LedgerWords, SupportWords};
pub use lists::{BoardWords, FollowUpWords, LinkWords, PatientWords, PracticeWords, QueueWords, RuleWords, ShelfWords};
pub use lost_cards::LostCardWords;
pub use passkeys::PasskeyWords;
pub use people::PeopleWords;
pub use prints::PrintWords;
pub use recognition::RecognitionWords;
pub use round::RoundWords;
pub use sign_in::SignInWords;
pub use slip::SlipWords;
pub use statistics::StatisticsWords;
pub use sync::SyncWords;
pub use tablets::TabletStaffWords;
pub use updates::UpdateWords;
pub use visit::VisitWords;

/// Declares a table of words.
macro_rules! words {
    ($(#[$meta:meta])* pub struct $name:ident { $( $field:ident: $ja:literal, $en:literal; )* }) => {
        $(#[$meta])*
        pub struct $name { $( pub $field: &'static str, )* }

        impl $name {
            const JA: $name = $name { $( $field: $ja, )* };
            const EN: $name = $name { $( $field: $en, )* };

            /// The table in a language.
            pub fn of(lang: crate::lang::Lang) -> &'static $name {
                lang.pick(&$name::JA, &$name::EN)
            }
        }
    };
}
use words;
