-- Every index costs a check-in one more encrypted page. Jobs that are not ended are few and are read whole; those that ended are many
-- and stand apart. The questions of a visit begin with its name, so that they are found by it.
CREATE TABLE job_ended (
    question      TEXT    PRIMARY KEY,
    purpose       TEXT    NOT NULL,
    stage         TEXT    NOT NULL,
    visit         TEXT,
    patient       TEXT,
    content       TEXT    NOT NULL,
    created_at_ms INTEGER NOT NULL,
    due_at_ms     INTEGER NOT NULL,
    asked_at_ms   INTEGER,
    ended_at_ms   INTEGER NOT NULL,
    attempts      INTEGER NOT NULL DEFAULT 0,
    problem_ja    TEXT,
    problem_en    TEXT,
    bundle        TEXT,
    alone         INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX job_ended_at ON job_ended (ended_at_ms);
CREATE INDEX job_ended_of_bundle ON job_ended (bundle) WHERE bundle IS NOT NULL;

INSERT INTO job_ended SELECT question, purpose, stage, visit, patient, content, created_at_ms, due_at_ms, asked_at_ms,
    coalesce(ended_at_ms, created_at_ms), attempts, problem_ja, problem_en, bundle, alone FROM job WHERE stage = 'done';
DELETE FROM job WHERE stage = 'done';

CREATE TABLE job_open (
    question      TEXT    NOT NULL UNIQUE,
    purpose       TEXT    NOT NULL,
    stage         TEXT    NOT NULL,
    visit         TEXT,
    patient       TEXT,
    content       TEXT    NOT NULL,
    created_at_ms INTEGER NOT NULL,
    due_at_ms     INTEGER NOT NULL,
    asked_at_ms   INTEGER,
    ended_at_ms   INTEGER,
    attempts      INTEGER NOT NULL DEFAULT 0,
    problem_ja    TEXT,
    problem_en    TEXT,
    bundle        TEXT,
    alone         INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO job_open SELECT * FROM job;
DROP TABLE job;
ALTER TABLE job_open RENAME TO job;
CREATE INDEX job_wedged ON job (stage) WHERE stage = 'wedged';
CREATE INDEX job_of_bundle ON job (bundle) WHERE bundle IS NOT NULL;

-- Keys are kept as the first half of their SHA-256: what people and programs call their commands may be long.
DROP TABLE idempotency;
CREATE TABLE idempotency (
    key         BLOB    PRIMARY KEY CHECK (length(key) = 16),
    fingerprint BLOB    NOT NULL,
    reply       TEXT    NOT NULL,
    at_ms       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The reasons of follow-ups are few texts said often: each is kept once, under the beginning of its SHA-256.
CREATE TABLE reason (
    reason INTEGER PRIMARY KEY,
    ja     TEXT NOT NULL,
    en     TEXT NOT NULL
) STRICT;
INSERT INTO reason (ja, en) SELECT DISTINCT reason_ja, reason_en FROM follow_up_row;
CREATE TABLE follow_up_short (
    visit  TEXT    NOT NULL,
    kind   TEXT    NOT NULL,
    due    TEXT    NOT NULL,
    plan   TEXT    NOT NULL,
    reason INTEGER NOT NULL REFERENCES reason (reason),
    PRIMARY KEY (visit, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO follow_up_short SELECT f.visit, f.kind, f.due, f.plan, r.reason FROM follow_up_row f
    JOIN reason r ON r.ja = f.reason_ja AND r.en = f.reason_en;
DROP TABLE follow_up_row;
ALTER TABLE follow_up_short RENAME TO follow_up_row;
