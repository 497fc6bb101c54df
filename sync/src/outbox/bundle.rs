//! Bundles: questions about the same day that travel as one bulk request (oqs-interface §4). An accepted upload is only a receipt;
//! the answers are fetched under its reception number, again and again until the service is done.

use super::{Job, Parcel, blocked_by};
use domain::fact::QuestionId;
use domain::link::Links;
use domain::visit::QuestionPurpose;
use domain::{Date, Timestamp, codes};
use std::collections::BTreeMap;

/// When questions travel together. The most persons a request may hold is not public, so both are a site's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bundling {
    /// from so many due questions about one day; 0 = never
    pub from: usize,
    /// at most so many in one request
    pub most: usize,
}

impl Bundling {
    /// Every question travels alone.
    pub const NEVER: Bundling = Bundling { from: 0, most: 0 };
}

impl Default for Bundling {
    fn default() -> Bundling {
        Bundling { from: 20, most: 100 }
    }
}

/// Makes parcels of due questions, keeping their order. A person at the desk never waits for a bundle.
pub(super) fn pack(due: &[&Job], bundling: Bundling) -> Vec<(QuestionPurpose, Parcel)> {
    let mut of_day: BTreeMap<Date, Vec<&Job>> = BTreeMap::new();
    for (day, job) in due.iter().filter_map(|job| Some((day_to_travel_on(job)?, *job))) {
        of_day.entry(day).or_default().push(job);
    }
    let mut bundles: BTreeMap<&QuestionId, Vec<QuestionId>> = BTreeMap::new();
    let mut taken: Vec<&QuestionId> = Vec::new();
    for jobs in of_day.values() {
        for chunk in jobs.chunks(bundling.most.max(1)).filter(|chunk| is_enough(chunk.len(), bundling)) {
            bundles.insert(&chunk[0].question, in_order_of_making(chunk));
            taken.extend(chunk.iter().map(|job| &job.question));
        }
    }
    let parcel = |job: &&Job| match bundles.get(&job.question) {
        Some(questions) => Some((job.purpose, Parcel::Bundle(questions.clone()))),
        None if taken.contains(&&job.question) => None,
        None => Some((job.purpose, Parcel::One(job.question.clone()))),
    };
    due.iter().filter_map(parcel).collect()
}

fn day_to_travel_on(job: &Job) -> Option<Date> {
    job.confirm_for.filter(|_| job.purpose != QuestionPurpose::Desk && !job.alone)
}

fn is_enough(count: usize, bundling: Bundling) -> bool {
    bundling.from > 0 && count >= bundling.from
}

/// The order in which the store lists the questions of a bundle, so that a request made again has the same bytes.
fn in_order_of_making(chunk: &[&Job]) -> Vec<QuestionId> {
    let mut jobs = chunk.to_vec();
    jobs.sort_by_key(|job| (job.created_at, job.question.clone()));
    jobs.into_iter().map(|job| job.question.clone()).collect()
}

codes! {
    /// How far a bundle has come.
    pub enum BundleStage {
        /// uploaded; no receipt yet
        Uploaded = "uploaded",
        /// received by the service under a number
        Received = "received",
        /// asked for its answers
        Fetching = "fetching",
        /// every question is answered, or goes its own way
        Ended = "ended",
    }
}

/// A bundle as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// suffix of the upload
    pub bundle: String,
    /// how far it has come
    pub stage: BundleStage,
    /// 受付番号 of the receipt
    pub reception_number: Option<String>,
    /// when its answers are to be fetched, or since when they are
    pub at: Timestamp,
    /// how often its answers were fetched
    pub fetches: u32,
}

/// Waits between upload and answers. Times in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchPace {
    /// from receipt to first fetch
    pub first_ms: i64,
    /// between the first fetches
    pub every_ms: i64,
    /// longest wait between fetches
    pub longest_ms: i64,
    /// a fetch without an answer for so long is made again: fetching twice does no harm
    pub overdue_after_ms: i64,
}

impl Default for FetchPace {
    /// As clients in the field do: 30 s, 10 s, later minutes (oqs-interface §4).
    fn default() -> FetchPace {
        FetchPace { first_ms: 30_000, every_ms: 10_000, longest_ms: 5 * 60_000, overdue_after_ms: 3 * 60_000 }
    }
}

impl FetchPace {
    /// How long to wait after a fetch found the service still working: three at the usual pace, then twice as long each time.
    pub fn wait_after_ms(&self, fetches: u32) -> i64 {
        self.every_ms.saturating_mul(1i64 << fetches.saturating_sub(3).min(20)).min(self.longest_ms)
    }

    fn due_at(&self, bundle: &Bundle) -> Option<Timestamp> {
        match bundle.stage {
            BundleStage::Received => Some(bundle.at),
            BundleStage::Fetching => {
                Some(bundle.at.plus_ms(self.overdue_after_ms.max(self.wait_after_ms(bundle.fetches))))
            }
            BundleStage::Uploaded | BundleStage::Ended => None,
        }
    }
}

/// Bundles to be fetched now, and when to look again.
pub fn to_fetch(
    bundles: &[Bundle],
    links: &Links,
    pace: FetchPace,
    now: Timestamp,
) -> (Vec<String>, Option<Timestamp>) {
    if blocked_by(links).is_some() {
        return (Vec::new(), None);
    }
    let due = bundles.iter().filter(|bundle| pace.due_at(bundle).is_some_and(|at| at <= now));
    let next = bundles.iter().filter_map(|bundle| pace.due_at(bundle)).filter(|at| *at > now).min();
    (due.map(|bundle| bundle.bundle.clone()).collect(), next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::link::{Link, LinkState};

    fn bundle(stage: BundleStage, at: i64) -> Bundle {
        Bundle { bundle: format!("{at}"), stage, reception_number: None, at: Timestamp::from_ms(at), fetches: 1 }
    }

    #[test]
    fn fetches_wait_their_time_and_a_silent_one_is_made_again() {
        let pace = FetchPace { first_ms: 5, every_ms: 10, longest_ms: 70, overdue_after_ms: 100 };
        let bundles = [
            bundle(BundleStage::Uploaded, 0),
            bundle(BundleStage::Received, 40),
            bundle(BundleStage::Fetching, 10),
            bundle(BundleStage::Ended, 1),
        ];
        let at = |ms| to_fetch(&bundles, &Links::ALL_UP, pace, Timestamp::from_ms(ms));
        assert_eq!(at(39), (vec![], Some(Timestamp::from_ms(40))));
        assert_eq!(at(40), (vec!["40".to_owned()], Some(Timestamp::from_ms(110))));
        assert_eq!(at(110).0, ["40", "10"]);
        let mut cut = Links::ALL_UP;
        *cut.get_mut(Link::Line) = LinkState::down(None);
        assert_eq!(to_fetch(&bundles, &cut, pace, Timestamp::from_ms(999)), (vec![], None));
        assert_eq!([1, 3, 4, 5, 6, 40].map(|n| pace.wait_after_ms(n)), [10, 10, 20, 40, 70, 70]);
    }
}
