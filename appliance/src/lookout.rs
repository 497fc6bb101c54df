//! The lookout: from what was seen of every link to its state, said to the desk when it changes (REQ-23).

use crate::desk::{Input, RunningDesk};
use crate::store::JournalRow;
use domain::Timestamp;
use domain::link::{Link, LinkState, LinkStatus, Links};
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;
use tokio::net::TcpStream;

/// How patient the lookout is.
#[derive(Clone, Copy, Debug)]
pub struct LookoutSettings {
    /// a request that nobody picks up for so long means that the terminal is down, milliseconds
    pub deaf_after_ms: u64,
    /// time between two probes of the line
    pub probe_every: Duration,
    /// longest time one probe may take
    pub probe_limit: Duration,
}

impl Default for LookoutSettings {
    fn default() -> LookoutSettings {
        LookoutSettings {
            deaf_after_ms: 30_000,
            probe_every: Duration::from_secs(60),
            probe_limit: Duration::from_secs(5),
        }
    }
}

/// What was last seen of each link. `None` = nothing yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signals {
    /// the terminal's door could be looked at
    pub door_open: Option<bool>,
    /// age of the oldest request of ours that nobody picked up, milliseconds
    pub oldest_unpicked_ms: Option<u64>,
    /// the line probe
    pub line_open: Option<bool>,
    /// the last request came back with an answer (true), or as failed or not at all (false)
    pub service_answers: Option<bool>,
    /// when the last answer came
    pub answered_at: Option<Timestamp>,
    /// the reader works
    pub reader_works: Option<bool>,
    /// what the technician reads about the terminal's door
    pub door_detail: Option<String>,
}

/// So many questions in a row without an answer mean that the national service does not answer; one may be lost.
const MOST_SILENT: usize = 2;

impl Signals {
    /// Takes in which questions have been out for too long although terminal and line seemed to work.
    pub fn note_silence(&mut self, silent: &[Timestamp]) {
        let since_answered = silent.iter().filter(|asked_at| self.answered_at.is_none_or(|at| at < **asked_at)).count();
        if since_answered >= MOST_SILENT {
            self.service_answers = Some(false);
        }
    }
}

/// Judges every link from the signals. Pure.
pub fn judge(signals: &Signals, settings: &LookoutSettings) -> Vec<(Link, LinkStatus, Option<String>)> {
    let deaf = signals.oldest_unpicked_ms.filter(|age| *age >= settings.deaf_after_ms);
    let terminal = match (signals.door_open, deaf) {
        (None, _) => (LinkStatus::Unknown, None),
        (Some(false), _) => (LinkStatus::Down, signals.door_detail.clone()),
        (Some(true), Some(_)) => (LinkStatus::Down, Some("requests are not picked up".to_owned())),
        (Some(true), None) => (LinkStatus::Up, None),
    };
    let service = match (signals.service_answers, signals.line_open) {
        // A request that failed while the line was cut says nothing of the service behind it.
        (Some(false), Some(false)) => (LinkStatus::Unknown, None),
        (Some(false), _) => (LinkStatus::Down, Some("requests end abnormally or stay without an answer".to_owned())),
        (answers, _) => (status_of(answers), None),
    };
    vec![
        (Link::Reader, status_of(signals.reader_works), None),
        (Link::Terminal, terminal.0, terminal.1),
        (Link::Line, status_of(signals.line_open), None),
        (Link::NationalService, service.0, service.1),
    ]
}

fn status_of(works: Option<bool>) -> LinkStatus {
    match works {
        None => LinkStatus::Unknown,
        Some(true) => LinkStatus::Up,
        Some(false) => LinkStatus::Down,
    }
}

/// Watches the links for one desk.
pub struct Lookout {
    desk: RunningDesk,
    settings: LookoutSettings,
    signals: Mutex<Signals>,
}

impl Lookout {
    /// A lookout that has seen nothing yet.
    pub fn new(desk: RunningDesk, settings: LookoutSettings) -> Lookout {
        Lookout { desk, settings, signals: Mutex::new(Signals::default()) }
    }

    /// Takes in what was seen, and tells the desk what changed by it.
    pub async fn note(&self, change: impl FnOnce(&mut Signals)) {
        let judged = {
            let mut signals = self.signals.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            change(&mut signals);
            judge(&signals, &self.settings)
        };
        let rows = changes(&self.desk.link_report().links, judged, self.desk.clock().now());
        if rows.is_empty() {
            return;
        }
        if let Some(Err(error)) = self.desk.inbox().send(|reply| Input::Links(rows, reply)).await {
            tracing::error!(error = &error as &dyn std::error::Error, "a change of the links was not written down");
        }
    }

    /// Probes the line for ever.
    pub async fn probe_line(&self, address: SocketAddr) {
        loop {
            let open =
                matches!(tokio::time::timeout(self.settings.probe_limit, TcpStream::connect(address)).await, Ok(Ok(_)));
            let now = self.desk.clock().now();
            self.desk.note_probe(|report| report.probed_at = Some(now));
            self.note(|signals| signals.line_open = Some(open)).await;
            tokio::time::sleep(self.settings.probe_every).await;
        }
    }
}

/// What became different. A link nobody has heard of keeps its last known state.
fn changes(known: &Links, judged: Vec<(Link, LinkStatus, Option<String>)>, now: Timestamp) -> Vec<JournalRow> {
    judged
        .into_iter()
        .filter(|(link, status, _)| *status != LinkStatus::Unknown && *status != known.get(*link).status)
        .map(|(link, status, detail)| JournalRow {
            link,
            state: LinkState { status, since: Some(now), cause: None },
            detail,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(signals: &Signals, link: Link) -> LinkStatus {
        let judged = judge(signals, &LookoutSettings::default());
        judged.into_iter().find(|(judged, ..)| *judged == link).map_or(LinkStatus::Unknown, |(_, status, _)| status)
    }

    #[test]
    fn a_request_nobody_picks_up_means_a_deaf_terminal() {
        let mut signals = Signals { door_open: Some(true), ..Signals::default() };
        assert_eq!(status(&signals, Link::Terminal), LinkStatus::Up);
        signals.oldest_unpicked_ms = Some(29_999);
        assert_eq!(status(&signals, Link::Terminal), LinkStatus::Up);
        signals.oldest_unpicked_ms = Some(30_000);
        assert_eq!(status(&signals, Link::Terminal), LinkStatus::Down);
        signals = Signals { door_open: Some(false), ..Signals::default() };
        assert_eq!(status(&signals, Link::Terminal), LinkStatus::Down);
    }

    #[test]
    fn the_service_is_not_blamed_for_a_cut_line() {
        let mut signals = Signals { service_answers: Some(false), line_open: Some(false), ..Signals::default() };
        assert_eq!(status(&signals, Link::NationalService), LinkStatus::Unknown);
        signals.line_open = Some(true);
        assert_eq!(status(&signals, Link::NationalService), LinkStatus::Down);
        signals.service_answers = Some(true);
        assert_eq!(status(&signals, Link::NationalService), LinkStatus::Up);
    }

    #[test]
    fn one_lost_answer_is_no_outage_and_two_in_a_row_are() {
        let at = Timestamp::from_ms;
        let mut signals = Signals { line_open: Some(true), answered_at: Some(at(50)), ..Signals::default() };
        signals.note_silence(&[at(60)]);
        assert_eq!(status(&signals, Link::NationalService), LinkStatus::Unknown);
        signals.note_silence(&[at(40), at(60)]);
        assert_eq!(status(&signals, Link::NationalService), LinkStatus::Unknown, "an answer came in between");
        signals.note_silence(&[at(60), at(70)]);
        assert_eq!(status(&signals, Link::NationalService), LinkStatus::Down);
    }

    #[test]
    fn only_changes_are_told_and_silence_changes_nothing() {
        let known = Links { line: LinkState::down(None), ..Links::UNKNOWN };
        let now = Timestamp::from_ms(5);
        let rows = changes(
            &known,
            vec![
                (Link::Line, LinkStatus::Unknown, None),
                (Link::Terminal, LinkStatus::Up, None),
                (Link::Reader, LinkStatus::Unknown, None),
            ],
            now,
        );
        assert_eq!(rows.iter().map(|row| row.link).collect::<Vec<_>>(), [Link::Terminal]);
        assert_eq!(rows[0].state.since, Some(now));
    }
}
