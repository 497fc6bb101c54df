//! Links, causes and the outage journal on the wire.

use super::code::{CauseCode, LinkCode, LinkStatusCode};
use super::time::Instant;
use crate::port::{JournalEntry, LinkReport};
use domain::link::{LinkState, Links, WhyNotBetter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The state of one link and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LinkState)]
pub struct LinkStateShown {
    /// what is known
    pub status: LinkStatusCode,
    /// since when it is so; absent when it was so before anybody looked
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Instant>,
    /// the cause that was found, when it is not the link itself (a power cut, for instance)
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<CauseCode>,
}

impl From<&LinkState> for LinkStateShown {
    fn from(state: &LinkState) -> LinkStateShown {
        LinkStateShown {
            status: LinkStatusCode(state.status),
            since: state.since.map(Instant::of),
            cause: state.cause.map(CauseCode),
        }
    }
}

/// All links as seen at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Links)]
pub struct LinksShown {
    /// 顔認証付きカードリーダー
    pub reader: LinkStateShown,
    /// 資格確認端末
    pub terminal: LinkStateShown,
    /// 回線
    pub line: LinkStateShown,
    /// 全国システム
    pub national_service: LinkStateShown,
}

impl From<&Links> for LinksShown {
    fn from(links: &Links) -> LinksShown {
        LinksShown {
            reader: (&links.reader).into(),
            terminal: (&links.terminal).into(),
            line: (&links.line).into(),
            national_service: (&links.national_service).into(),
        }
    }
}

/// Why a better way was not available, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = WhyNotBetter)]
pub struct WhyShown {
    /// the class of the cause
    pub cause: CauseCode,
    /// since when; absent for causes that belong to this patient only
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Instant>,
}

impl From<&WhyNotBetter> for WhyShown {
    fn from(why: &WhyNotBetter) -> WhyShown {
        WhyShown { cause: CauseCode(why.cause), since: why.since.map(Instant::of) }
    }
}

/// All links, the last probe, and what lies unpicked at the terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LinkReport)]
pub struct LinkReportShown {
    /// states
    pub links: LinksShown,
    /// when the line was last probed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probed_at: Option<Instant>,
    /// requests lying unpicked at the terminal
    pub unpicked_requests: u32,
    /// age of the oldest of them, milliseconds
    pub oldest_unpicked_ms: u64,
    /// the clock of the box shows an impossible time: check the date of every visit
    pub clock_impossible: bool,
}

impl From<&LinkReport> for LinkReportShown {
    fn from(report: &LinkReport) -> LinkReportShown {
        LinkReportShown {
            links: (&report.links).into(),
            probed_at: report.probed_at.map(Instant::of),
            unpicked_requests: report.unpicked.0,
            oldest_unpicked_ms: report.unpicked.1,
            clock_impossible: report.clock_impossible,
        }
    }
}

/// One line of the outage journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = JournalEntry)]
pub struct JournalEntryShown {
    /// which link
    pub link: LinkCode,
    /// what it became
    pub status: LinkStatusCode,
    /// the cause, when found
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<CauseCode>,
    /// from when
    pub from: Instant,
    /// until when; absent = still so
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// for the technician; never personal data
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl From<&JournalEntry> for JournalEntryShown {
    fn from(entry: &JournalEntry) -> JournalEntryShown {
        JournalEntryShown {
            link: LinkCode(entry.link),
            status: LinkStatusCode(entry.status),
            cause: entry.cause.map(CauseCode),
            from: Instant::of(entry.from),
            until: entry.until.map(Instant::of),
            detail: entry.detail.clone(),
        }
    }
}

/// What the links did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Journal {
    /// newest first
    pub entries: Vec<JournalEntryShown>,
}
