-- What the box owes the outside. Written in the same transaction as the fact that caused it.
CREATE TABLE job (
    question      TEXT    PRIMARY KEY,
    purpose       TEXT    NOT NULL,
    stage         TEXT    NOT NULL,
    visit         TEXT,
    patient       TEXT,
    content       TEXT    NOT NULL,               -- keys of the question, written form as JSON
    created_at_ms INTEGER NOT NULL,
    due_at_ms     INTEGER NOT NULL,
    asked_at_ms   INTEGER,
    ended_at_ms   INTEGER,
    attempts      INTEGER NOT NULL DEFAULT 0,
    problem_ja    TEXT,
    problem_en    TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX job_of_stage ON job (stage, ended_at_ms);
CREATE INDEX job_of_visit ON job (visit);

-- Every request file that was ever meant to be handed over. The intent is durable before the file is published.
CREATE TABLE request (
    suffix     TEXT    PRIMARY KEY,
    identifier TEXT    NOT NULL,
    question   TEXT    NOT NULL,
    made_at_ms INTEGER NOT NULL,
    released   INTEGER NOT NULL DEFAULT 0         -- 1 once the file is known to be published
) STRICT, WITHOUT ROWID;
CREATE INDEX request_unreleased ON request (released) WHERE released = 0;

-- Files taken in, by name and content: the same file again changes nothing.
CREATE TABLE received (
    name   TEXT    NOT NULL,
    sha256 BLOB    NOT NULL CHECK (length(sha256) = 32),
    at_ms  INTEGER NOT NULL,
    PRIMARY KEY (name, sha256)
) STRICT, WITHOUT ROWID;

-- Answers nobody waited for: kept and shown.
CREATE TABLE shelf (
    answer     TEXT    PRIMARY KEY,
    at_ms      INTEGER NOT NULL,
    reason     TEXT    NOT NULL,
    file_name  TEXT    NOT NULL,
    content    TEXT,                              -- the answer, written form as JSON; absent when unreadable
    message_ja TEXT    NOT NULL,
    message_en TEXT    NOT NULL,
    ended_at_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX shelf_open ON shelf (ended_at_ms, at_ms);

-- What the links did.
CREATE TABLE journal (
    id      INTEGER PRIMARY KEY,
    link    TEXT    NOT NULL,
    status  TEXT    NOT NULL,
    cause   TEXT,
    from_ms INTEGER NOT NULL,
    detail  TEXT
) STRICT;
CREATE INDEX journal_of_link ON journal (link, from_ms);

-- Commands whose reply may be asked for again.
CREATE TABLE idempotency (
    key         TEXT    PRIMARY KEY,
    fingerprint BLOB    NOT NULL,
    reply       TEXT    NOT NULL,
    at_ms       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (at_ms);

CREATE TABLE staff (
    author        TEXT    PRIMARY KEY,
    name          TEXT    NOT NULL UNIQUE,
    password_hash TEXT    NOT NULL,
    created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    token_hash   BLOB    PRIMARY KEY,
    author       TEXT    NOT NULL,
    csrf         TEXT    NOT NULL,
    created_at_ms INTEGER NOT NULL,
    seen_at_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_token (
    token_hash    BLOB    PRIMARY KEY,
    author        TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
