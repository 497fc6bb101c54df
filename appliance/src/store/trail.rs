//! The trail: who looked at or changed what. Only ever added to; each line's hash covers the line and the hash before it, so that a line
//! that was changed, taken out or put in shows.

use super::{Reading, Stored, Writing};
use domain::Timestamp;
use domain::apart::MergeId;
use domain::fact::{Author, PatientId, VisitId};
use rusqlite::{OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use sync::seal::BoxId;
use web::port::{TrailLine, TrailQuestion};

/// A line to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailEntry {
    /// what, as a stable code
    pub what: &'static str,
    /// who
    pub author: String,
    /// at which counter
    pub counter: String,
    /// about which patient, an opaque id
    pub patient: Option<String>,
    /// about which visit
    pub visit: Option<String>,
    /// more, never personal
    pub detail: String,
}

/// How the chain stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chain {
    /// every line follows from the one before
    Whole {
        /// lines
        lines: u64,
        /// hash of the last line, to be noted elsewhere
        head: String,
        /// the head asked about is one of these lines
        holds: bool,
    },
    /// the first line that does not follow
    Broken {
        /// its number
        seq: u64,
        /// what is wrong with it
        why: &'static str,
    },
}

/// Two records that somebody at another box made one.
#[derive(Clone, Copy, Debug)]
pub struct MergedElsewhere<'a> {
    /// who
    pub by: &'a Author,
    /// which act
    pub merge: &'a MergeId,
    /// the patient that goes on
    pub patient: Option<&'a PatientId>,
    /// the visit that goes on
    pub visit: Option<&'a VisitId>,
}

/// The code of lines about what was merged at another box.
const MERGED_ELSEWHERE: &str = "merged-elsewhere";
/// Lines a question is answered with.
const MOST_LINES: usize = 200;
/// Lines looked at for one answer.
const MOST_LOOKED_AT: usize = 20_000;
/// Lines that get their keys at a time.
const KEYED_TOGETHER: u32 = 1_000;

const LINE: &str = "SELECT t.seq, t.at_ms, t.what, t.author, coalesce(s.name, a.name), t.counter, coalesce(t.patient, v.patient), t.visit, \
     t.detail FROM trail t LEFT JOIN staff s ON s.author = t.author LEFT JOIN visit_row v ON v.visit = t.visit \
     LEFT JOIN api_token a ON a.author = t.author";

impl Writing<'_> {
    /// Adds a line.
    pub fn keep_trail(&self, entry: &TrailEntry, now: Timestamp) -> Stored<()> {
        let before: Option<(i64, [u8; 32])> = self
            .transaction
            .prepare_cached("SELECT seq, hash FROM trail ORDER BY seq DESC LIMIT 1")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (seq, before) = before.map_or((1, [0; 32]), |(seq, hash)| (seq + 1, hash));
        let TrailEntry { what, author, counter, patient, visit, detail } = entry;
        let (author, counter, detail) = (author.as_str(), counter.as_str(), detail.as_str());
        let texts = [Some(*what), Some(author), Some(counter), patient.as_deref(), visit.as_deref(), Some(detail)];
        let hash = link(&before, seq, now.as_ms(), texts);
        self.transaction
            .prepare_cached(
                "INSERT INTO trail (seq, at_ms, what, author, counter, patient, visit, detail, hash) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![seq, now.as_ms(), what, author, counter, patient, visit, detail, hash])?;
        Ok(())
    }

    /// Adds a line about two records that somebody at another box made one; nothing when it stands here, or was done here.
    pub fn keep_merged_elsewhere(&self, merged: &MergedElsewhere<'_>, now: Timestamp) -> Stored<()> {
        let known = "SELECT 1 FROM staff WHERE author = ?1 UNION SELECT 1 FROM api_token WHERE author = ?1 \
                     UNION SELECT 1 FROM trail WHERE what = ?2 AND detail = ?3";
        let (author, merge) = (merged.by.as_str(), merged.merge.as_str());
        if self.transaction.prepare_cached(known)?.exists([author, MERGED_ELSEWHERE, merge])? {
            return Ok(());
        }
        let counters = self.reading().counters().unwrap_or_default();
        let of_box = counters.staff(author).and_then(|named| BoxId::from_hex(&named.of_box));
        let membership = self.vault.membership();
        let counter = of_box.and_then(|id| membership.member(id)).map(|member| member.name.clone());
        self.keep_trail(
            &TrailEntry {
                what: MERGED_ELSEWHERE,
                author: author.to_owned(),
                counter: counter.unwrap_or_default(),
                patient: merged.patient.map(ToString::to_string),
                visit: merged.visit.map(ToString::to_string),
                detail: merge.to_owned(),
            },
            now,
        )
    }

    /// Gives lines the keys they are found by; the oldest without first.
    pub fn key_trail(&self) -> Stored<()> {
        let from = self.reading().keyed()?;
        let lines =
            self.reading().lines(&format!("{LINE} WHERE t.seq > ?1 ORDER BY t.seq LIMIT {KEYED_TOGETHER}"), from)?;
        let Some(last) = lines.last().map(|line| line.seq) else { return Ok(()) };
        let mut insert =
            self.transaction.prepare_cached("INSERT OR IGNORE INTO trail_key (key, seq) VALUES (?1, ?2)")?;
        for line in &lines {
            for key in keys(line) {
                insert.execute(params![key, number(line.seq)])?;
            }
        }
        self.transaction.prepare_cached("UPDATE trail_keyed SET seq = ?1")?.execute([number(last)])?;
        Ok(())
    }
}

impl Reading<'_> {
    /// Lines of the trail, newest first.
    pub fn trail(&self, question: &TrailQuestion) -> Stored<Vec<TrailLine>> {
        let mut lines = self.lines_that_fit(question)?;
        for line in lines.iter_mut().filter(|line| line.what == MERGED_ELSEWHERE) {
            line.name = self.name_of_author(&Author::new(&line.author))?;
        }
        Ok(lines)
    }

    fn lines_that_fit(&self, question: &TrailQuestion) -> Stored<Vec<TrailLine>> {
        let before = question.before.map_or(i64::MAX, number);
        let key = match question {
            TrailQuestion { patient: Some(patient), .. } => patient_key(patient),
            TrailQuestion { day: Some(day), .. } => format!("d:{day}"),
            TrailQuestion { author: Some(author), .. } => format!("a:{author}"),
            _ => return self.lines(&format!("{LINE} WHERE t.seq < ?1 ORDER BY t.seq DESC LIMIT {MOST_LINES}"), before),
        };
        let mut found = self.not_yet_keyed(question, before)?;
        let mut keyed = self
            .connection
            .prepare_cached("SELECT seq FROM trail_key WHERE key = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3")?;
        let most = i64::try_from(MOST_LOOKED_AT).unwrap_or(i64::MAX);
        let seqs = keyed.query_map(params![key, before, most], |row| row.get::<_, i64>(0))?;
        let mut one = self.connection.prepare_cached(&format!("{LINE} WHERE t.seq = ?1"))?;
        for seq in seqs {
            if found.len() >= MOST_LINES {
                break;
            }
            let line = one.query_row([seq?], line)?;
            if fits(question, &line) {
                found.push(line);
            }
        }
        found.truncate(MOST_LINES);
        Ok(found)
    }

    fn not_yet_keyed(&self, question: &TrailQuestion, before: i64) -> Stored<Vec<TrailLine>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{LINE} WHERE t.seq > ?1 AND t.seq < ?2 ORDER BY t.seq DESC LIMIT {MOST_LOOKED_AT}"
        ))?;
        let lines = statement.query_map(params![self.keyed()?, before], line)?;
        let lines: Vec<TrailLine> = lines.collect::<Result<_, _>>()?;
        Ok(lines.into_iter().filter(|line| fits(question, line)).collect())
    }

    /// Follows the chain from its beginning. `head` is a hash somebody noted earlier.
    pub fn verify_trail(&self, head: Option<&str>) -> Stored<Chain> {
        let mut statement = self.connection.prepare(
            "SELECT seq, at_ms, what, author, counter, patient, visit, detail, hash FROM trail ORDER BY seq",
        )?;
        let mut rows = statement.query([])?;
        let (mut lines, mut before, mut holds) = (0i64, [0u8; 32], head.is_none());
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            if seq != lines + 1 {
                return Ok(broken(lines + 1, "missing"));
            }
            let text = |at: usize| row.get::<_, Option<String>>(at);
            let texts = [text(2)?, text(3)?, text(4)?, text(5)?, text(6)?, text(7)?];
            let [a, b, c, d, e, f] = &texts;
            let texts = [a.as_deref(), b.as_deref(), c.as_deref(), d.as_deref(), e.as_deref(), f.as_deref()];
            let expected = link(&before, seq, row.get(1)?, texts);
            if row.get::<_, [u8; 32]>(8)? != expected {
                return Ok(broken(seq, "changed"));
            }
            (lines, before) = (seq, expected);
            holds |= head.is_some_and(|head| head.eq_ignore_ascii_case(&hex(&expected)));
        }
        Ok(Chain::Whole { lines: lines.unsigned_abs(), head: hex(&before), holds })
    }

    /// Hands every line out, oldest first, with its hash.
    pub fn each_trail_line(
        &self,
        mut take: impl FnMut(TrailLine, String) -> std::io::Result<()>,
    ) -> Stored<std::io::Result<()>> {
        let mut statement =
            self.connection.prepare(&LINE.replace("t.detail FROM", "t.detail, t.hash FROM").replacen(
                "LEFT JOIN api_token a ON a.author = t.author",
                "LEFT JOIN api_token a ON a.author = t.author ORDER BY t.seq",
                1,
            ))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let Err(error) = take(line(row)?, hex(&row.get::<_, [u8; 32]>(9)?)) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }

    fn keyed(&self) -> Stored<i64> {
        Ok(self.connection.prepare_cached("SELECT seq FROM trail_keyed")?.query_row([], |row| row.get(0))?)
    }

    fn lines(&self, sql: &str, bound: i64) -> Stored<Vec<TrailLine>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let lines = statement.query_map([bound], line)?;
        Ok(lines.collect::<Result<_, _>>()?)
    }
}

/// The hash of a line: over the one before and every part with its length, so that no part can be taken for another.
fn link(before: &[u8; 32], seq: i64, at_ms: i64, texts: [Option<&str>; 6]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(seq.to_be_bytes());
    hash.update(at_ms.to_be_bytes());
    for text in texts {
        let length = text.map_or(u64::MAX, |text| text.len() as u64);
        hash.update(length.to_be_bytes());
        hash.update(text.unwrap_or_default());
    }
    hash.finalize().into()
}

fn broken(seq: i64, why: &'static str) -> Chain {
    Chain::Broken { seq: seq.unsigned_abs(), why }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

fn patient_key(patient: &PatientId) -> String {
    format!("p:{patient}")
}

fn keys(line: &TrailLine) -> impl Iterator<Item = String> {
    let others = [format!("a:{}", line.author), format!("d:{}", line.at.date_in_japan())];
    line.patient.as_ref().map(patient_key).into_iter().chain(others)
}

fn fits(question: &TrailQuestion, line: &TrailLine) -> bool {
    question.patient.as_ref().is_none_or(|patient| line.patient.as_ref() == Some(patient))
        && question.author.as_ref().is_none_or(|author| *author == line.author)
        && question.day.is_none_or(|day| line.at.date_in_japan() == day)
}

fn line(row: &Row<'_>) -> rusqlite::Result<TrailLine> {
    Ok(TrailLine {
        seq: row.get::<_, i64>(0)?.unsigned_abs(),
        at: Timestamp::from_ms(row.get(1)?),
        what: row.get(2)?,
        author: row.get(3)?,
        name: row.get(4)?,
        counter: row.get(5)?,
        patient: row.get::<_, Option<String>>(6)?.map(PatientId::new),
        visit: row.get::<_, Option<String>>(7)?.map(VisitId::new),
        detail: row.get(8)?,
    })
}
