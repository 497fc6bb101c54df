//! Code tables: the codes of the domain with their meaning, as the description shows them.

mod arrival;
mod claim;
mod eligibility;
mod forgetting;
mod found;
mod rules;
mod site;
mod visit;

pub use arrival::{
    ConsentDeviceCode, ConsentEndCode, ConsentHeardCode, CounterKindCode, IdentityCheckedCode, ParkReasonCode,
    TicketStatusCode,
};
pub use claim::{ClaimWarningCode, NotClaimedCode, ReturnOutcomeCode, ReturnReasonCode};
pub use eligibility::{
    AskedByCode, ConsentTopicCode, EligibilityStatusCode, LossReasonCode, PersonalFamilyCode, SexCode,
};
pub use forgetting::ForgetReasonCode;
pub use found::{FoundPlaceCode, FoundThingCode, GivenToCode, HandedHowCode};
pub use rules::{
    ActionCode, CertificateWindowCode, ClaimBasisCode, ConfidenceCode, EvidenceKindCode, PayerBodyCode,
    PersonMatchCode, RatioBasisCode, RuleIdCode,
};
pub use site::{CauseCode, CompanionCode, FlowCode, LinkCode, LinkStatusCode, SiteKindCode};
pub use visit::{
    AttemptOutcomeCode, DisasterConsentCode, DocumentIssuedCode, FollowUpKindCode, InsuranceKindCode, LateOutcomeCode,
    MoneyWayCode, QuestionPurposeCode, SearchedByCode, SignerCode, VisitStatusCode,
};

use serde::de::{Expected, Unexpected};
use std::fmt;

/// What a code may be, for the note on a code that is not known.
struct OneOf(Vec<&'static str>);

impl Expected for OneOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", self.0.join(", "))
    }
}

/// The complaint about a code that is not in the table; the code itself is not repeated.
fn unknown<E: serde::de::Error>(known: Vec<&'static str>) -> E {
    E::invalid_value(Unexpected::Other("code"), &OneOf(known))
}

/// Declares the wire form of a code table of the domain. Every variant must be named, with its meaning.
macro_rules! code_table {
    ($(#[doc = $doc:literal])+ $wire:ident, $domain:path, $name:literal, { $( $variant:ident: $meaning:expr, )* }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $wire(pub $domain);

        impl $wire {
            /// What a code of the table means.
            pub fn meaning(self) -> String {
                type Table = $domain;
                match self.0 { $( Table::$variant => String::from($meaning), )* }
            }
        }

        impl serde::Serialize for $wire {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $wire {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                type Table = $domain;
                let code = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                let known = || Table::ALL.iter().map(|value| value.code()).collect();
                Table::from_code(&code).map($wire).ok_or_else(|| $crate::api::wire::code::unknown(known()))
            }
        }

        impl utoipa::PartialSchema for $wire {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                type Table = $domain;
                let lines = Table::ALL.iter().map(|value| format!("\n* `{}`: {}", value.code(), $wire(*value).meaning()));
                let description = [$($doc.trim()),+].join(" ") + "\n" + &lines.collect::<String>();
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some(Table::ALL.iter().map(|value| value.code())))
                    .description(Some(description))
                    .into()
            }
        }

        impl utoipa::ToSchema for $wire {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed($name)
            }
        }
    };
}
use code_table;
