//! Request files that were meant to be handed over, and the bundles they carry.

use super::{Reading, StoreError, Stored, Writing};
use domain::Timestamp;
use domain::fact::QuestionId;
use rusqlite::{Row, params};
use sync::outbox::bundle::{Bundle, BundleStage};

/// What a request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// one question
    Question(QuestionId),
    /// the upload of a bundle, which has the suffix of this request
    Upload(String),
    /// a fetch of the answers to a bundle
    Fetch(String),
}

/// A request file that was meant to be handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// 12 characters of the file name
    pub suffix: String,
    /// 任意のファイル識別子
    pub identifier: String,
    /// what it is about
    pub about: About,
    /// when it was made
    pub made_at: Timestamp,
    /// known to be published
    pub released: bool,
}

impl About {
    fn columns(&self) -> (&'static str, &str) {
        match self {
            About::Question(question) => ("question", question.as_str()),
            About::Upload(bundle) => ("upload", bundle),
            About::Fetch(bundle) => ("fetch", bundle),
        }
    }

    fn from_columns(kind: &str, about: String) -> Option<About> {
        match kind {
            "question" => Some(About::Question(QuestionId::new(about))),
            "upload" => Some(About::Upload(about)),
            "fetch" => Some(About::Fetch(about)),
            _ => None,
        }
    }
}

const REQUEST: &str = "SELECT suffix, identifier, kind, about, made_at_ms, released FROM request";
const BUNDLE: &str = "SELECT bundle, stage, reception_number, at_ms, fetches FROM bundle";

impl Reading<'_> {
    /// The request file with this suffix.
    pub fn request(&self, suffix: &str) -> Stored<Option<RequestRow>> {
        let mut statement = self.connection.prepare_cached(&format!("{REQUEST} WHERE suffix = ?1"))?;
        let mut rows = statement.query([suffix])?;
        rows.next()?.map(request_of).transpose()
    }

    /// Request files whose publishing is not known: a crash lies between intent and publishing.
    pub fn unreleased_requests(&self) -> Stored<Vec<RequestRow>> {
        let sql = format!("{REQUEST} WHERE released = 0 ORDER BY made_at_ms");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut requests = Vec::new();
        while let Some(row) = rows.next()? {
            requests.push(request_of(row)?);
        }
        Ok(requests)
    }

    /// One bundle.
    pub fn bundle(&self, bundle: &str) -> Stored<Option<Bundle>> {
        let mut statement = self.connection.prepare_cached(&format!("{BUNDLE} WHERE bundle = ?1"))?;
        let mut rows = statement.query([bundle])?;
        rows.next()?.map(bundle_of).transpose()
    }

    /// Bundles that have not ended.
    pub fn open_bundles(&self) -> Stored<Vec<Bundle>> {
        let mut statement = self.connection.prepare_cached(&format!("{BUNDLE} WHERE stage <> 'ended'"))?;
        let mut rows = statement.query([])?;
        let mut bundles = Vec::new();
        while let Some(row) = rows.next()? {
            bundles.push(bundle_of(row)?);
        }
        Ok(bundles)
    }
}

impl Writing<'_> {
    /// Writes down the intent to hand a request over.
    pub fn keep_request(&self, request: &RequestRow) -> Stored<()> {
        let (kind, about) = request.about.columns();
        self.transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO request (suffix, identifier, kind, about, made_at_ms, released) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![request.suffix, request.identifier, kind, about, request.made_at.as_ms(), request.released])?;
        Ok(())
    }

    /// No request about this is on its way any more.
    pub fn settle_requests_about(&self, about: &About) -> Stored<()> {
        let (kind, about) = about.columns();
        self.transaction
            .prepare_cached("UPDATE request SET released = 1 WHERE released = 0 AND kind = ?1 AND about = ?2")?
            .execute([kind, about])?;
        Ok(())
    }

    /// Writes a bundle down, new or changed.
    pub fn keep_bundle(&self, bundle: &Bundle) -> Stored<()> {
        self.transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO bundle (bundle, stage, reception_number, at_ms, fetches) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                bundle.bundle,
                bundle.stage.code(),
                bundle.reception_number,
                bundle.at.as_ms(),
                bundle.fetches,
            ])?;
        Ok(())
    }
}

fn request_of(row: &Row<'_>) -> Stored<RequestRow> {
    let kind: String = row.get(2)?;
    Ok(RequestRow {
        suffix: row.get(0)?,
        identifier: row.get(1)?,
        about: About::from_columns(&kind, row.get(3)?).ok_or(StoreError::Unreadable(kind))?,
        made_at: Timestamp::from_ms(row.get(4)?),
        released: row.get(5)?,
    })
}

fn bundle_of(row: &Row<'_>) -> Stored<Bundle> {
    let stage: String = row.get(1)?;
    Ok(Bundle {
        bundle: row.get(0)?,
        stage: BundleStage::from_code(&stage).ok_or(StoreError::Unreadable(stage))?,
        reception_number: row.get(2)?,
        at: Timestamp::from_ms(row.get(3)?),
        fetches: row.get(4)?,
    })
}
