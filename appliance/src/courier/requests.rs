//! The one translation from the clinic's questions into the terminal's requests. A row of the store always makes the same request
//! again, so that a hand-over can go on after a crash and an answer can be compared with what was asked.

use crate::desk::HandOver;
use crate::intake::OurRequest;
use crate::store::{About, JobContent, JobRow, Reading, RequestRow, Stored};
use domain::Timestamp;
use domain::fact::QuestionId;
use domain::text::Text;
use domain::visit::Search;
use sync::outbox::Parcel;
use sync::terminal::message::{self, BulkDownloadRequest, BulkRequest, SingleRequest};
use sync::terminal::{OutgoingRequest, Request, Suffix, SuffixMark};

/// Makes requests of one institution.
#[derive(Clone, Debug)]
pub struct RequestMaker {
    /// 医療機関コード, 10 digits
    pub institution_code: String,
    /// beginning of our suffixes
    pub mark: SuffixMark,
}

/// 36⁸ different suffixes fit behind the longest mark.
const SUFFIXES: u64 = 2_821_109_907_456;

impl RequestMaker {
    /// Names a parcel. `None` when there is no randomness to name it by.
    pub fn parcel(&self, parcel: Parcel, now: Timestamp) -> Option<HandOver> {
        match parcel {
            Parcel::One(question) => {
                let request = self.named(now, |_| About::Question(question.clone()))?;
                Some(HandOver { request, questions: vec![question] })
            }
            Parcel::Bundle(questions) => {
                let request = self.named(now, |suffix| About::Upload(suffix.to_owned()))?;
                Some(HandOver { request, questions })
            }
        }
    }

    /// Names a fetch of the answers to a bundle.
    pub fn fetch(&self, bundle: String, now: Timestamp) -> Option<HandOver> {
        Some(HandOver { request: self.named(now, |_| About::Fetch(bundle))?, questions: Vec::new() })
    }

    fn named(&self, made_at: Timestamp, about: impl FnOnce(&str) -> About) -> Option<RequestRow> {
        let mut random = [0u8; 12];
        getrandom::fill(&mut random).ok()?;
        let number = u64::from_be_bytes(random[..8].try_into().ok()?) % SUFFIXES;
        let suffix = Suffix::issue(&self.mark, number)?.as_str().to_owned();
        let tail: String = random[6..].iter().map(|byte| format!("{byte:02x}")).collect();
        let identifier = format!("{suffix}-{tail}");
        Some(RequestRow { about: about(&suffix), suffix, identifier, made_at, released: false })
    }

    /// The request a hand-over stands for, checked and ready; or, in words, why it cannot be sent.
    pub fn outgoing(&self, reading: Reading<'_>, hand_over: &HandOver) -> Stored<Result<OutgoingRequest, Text>> {
        let Some(ours) = self.make(reading, &hand_over.request, &hand_over.questions)? else {
            return Ok(Err(Text::new("照会に必要な番号が足りません。", "Numbers needed for the query are missing.")));
        };
        Ok(OutgoingRequest::new(&ours.suffix, &ours.request).map_err(|refusal| {
            let staff = refusal.staff();
            Text::new(staff.ja, staff.en)
        }))
    }

    /// The request behind a row of the store, to pair an arrival with it.
    pub fn of_row(&self, reading: Reading<'_>, row: &RequestRow) -> Stored<Option<OurRequest>> {
        let questions = questions_of(reading, &row.about)?;
        self.make(reading, row, &questions)
    }

    /// The hand-over behind a row of the store.
    pub fn hand_over_of(&self, reading: Reading<'_>, row: RequestRow) -> Stored<HandOver> {
        Ok(HandOver { questions: questions_of(reading, &row.about)?, request: row })
    }

    fn make(&self, reading: Reading<'_>, row: &RequestRow, questions: &[QuestionId]) -> Stored<Option<OurRequest>> {
        let mut searches = Vec::with_capacity(questions.len());
        for question in questions {
            searches.extend(reading.job(question)?.and_then(search_in));
        }
        let people = match &row.about {
            About::Fetch(bundle) => people_of(reading.jobs_of_bundle(bundle)?),
            About::Question(_) | About::Upload(_) => Vec::new(),
        };
        let request = match &row.about {
            About::Question(_) => self.single(searches, &row.identifier),
            About::Upload(_) => self.bulk(searches, &row.identifier),
            About::Fetch(bundle) => reading.bundle(bundle)?.and_then(|bundle| self.download(bundle.reception_number?)),
        };
        Ok(request.zip(Suffix::parse(&row.suffix)).map(|(request, suffix)| OurRequest { suffix, request, people }))
    }

    fn single(&self, searches: Vec<(QuestionId, Search)>, file_identifier: &str) -> Option<Request> {
        let (_, search) = searches.into_iter().next()?;
        Some(Request::Single(SingleRequest {
            confirmation_date: search.confirm_for,
            institution_code: self.institution_code.clone(),
            file_identifier: file_identifier.to_owned(),
            search: person(&search, None)?,
        }))
    }

    /// One day and everybody asked about; each carries the id of its question.
    fn bulk(&self, searches: Vec<(QuestionId, Search)>, file_identifier: &str) -> Option<Request> {
        let confirmation_date = searches.first()?.1.confirm_for;
        let people = searches.iter().filter_map(|(question, search)| person(search, Some(question))).collect();
        Some(Request::Bulk(BulkRequest {
            confirmation_date,
            institution_code: self.institution_code.clone(),
            file_identifier: file_identifier.to_owned(),
            searches: people,
        }))
    }

    fn download(&self, reception_number: String) -> Option<Request> {
        let institution_code = self.institution_code.clone();
        Some(Request::BulkDownload(BulkDownloadRequest { institution_code, reception_number }))
    }

    /// Whether this question can be sent at all. One that cannot must not keep the others of a bundle from going.
    pub fn can_be_sent(&self, reading: Reading<'_>, question: &QuestionId) -> Stored<Result<(), Text>> {
        let about = About::Question(question.clone());
        let Some(request) = self.named(Timestamp::from_ms(0), |_| about) else { return Ok(Ok(())) };
        let alone = HandOver { request, questions: vec![question.clone()] };
        Ok(self.outgoing(reading, &alone)?.map(|_| ()))
    }
}

fn questions_of(reading: Reading<'_>, about: &About) -> Stored<Vec<QuestionId>> {
    Ok(match about {
        About::Question(question) => vec![question.clone()],
        About::Upload(bundle) => reading.jobs_of_bundle(bundle)?.into_iter().map(|row| row.job.question).collect(),
        About::Fetch(_) => Vec::new(),
    })
}

fn search_in(row: JobRow) -> Option<(QuestionId, Search)> {
    match row.content {
        JobContent::Query(search) => Some((row.job.question, search)),
        _ => None,
    }
}

fn people_of(rows: Vec<JobRow>) -> Vec<message::Search> {
    let searches = rows.into_iter().filter_map(search_in);
    searches.filter_map(|(question, search)| person(&search, Some(&question))).collect()
}

fn person(search: &Search, question: Option<&QuestionId>) -> Option<message::Search> {
    let coverage = &search.coverage;
    Some(message::Search {
        insurer_number: coverage.insurer_number.as_ref()?.as_str().to_owned(),
        symbol: coverage.insured_symbol.as_ref().map(|symbol| symbol.as_str().to_owned()),
        number: coverage.insured_number.as_ref()?.as_str().to_owned(),
        branch_number: coverage.branch_number.as_ref().map(|branch| branch.as_str().to_owned()),
        birth_date: search.birth_date,
        // A query by number asks nobody for consent, so limit data are not requested; a reading of the card brings them.
        limit_consent: Some(false),
        identifier: question.map(|question| question.as_str().to_owned()),
    })
}
