-- The record: every change of every document, in the order this box learned it. Nothing is ever changed or deleted here by a check-in.
CREATE TABLE record (
    seq            INTEGER PRIMARY KEY,
    document       TEXT    NOT NULL,              -- 'visit:…' or 'patient:…'
    change         BLOB    NOT NULL,
    hash           BLOB    NOT NULL CHECK (length(hash) = 32),
    recorded_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX record_of_document ON record (document, seq);

-- Documents that could not be read: shown to a person, never in the way of the others.
CREATE TABLE quarantine (
    document TEXT    PRIMARY KEY,
    why      TEXT    NOT NULL,
    at_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Read model: rebuilt from the record at any time with the same result.
CREATE TABLE visit_row (
    visit        TEXT    PRIMARY KEY,
    visit_date   TEXT    NOT NULL,
    opened_at_ms INTEGER NOT NULL,
    counter      TEXT,
    patient      TEXT,
    name         TEXT,
    name_kana    TEXT,
    birth_date   TEXT,
    status       TEXT    NOT NULL,
    evidence     TEXT,
    why_cause    TEXT,
    why_since_ms INTEGER,
    ratio_tenths INTEGER,
    follow_ups   INTEGER NOT NULL,
    waiting      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_of_day ON visit_row (visit_date, opened_at_ms);
CREATE INDEX visit_of_patient ON visit_row (patient, visit_date);

CREATE TABLE follow_up_row (
    visit     TEXT NOT NULL,
    kind      TEXT NOT NULL,
    due       TEXT NOT NULL,
    plan      TEXT NOT NULL,
    reason_ja TEXT NOT NULL,
    reason_en TEXT NOT NULL,
    PRIMARY KEY (visit, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE patient_row (
    patient        TEXT PRIMARY KEY,
    patient_number TEXT,
    name           TEXT,
    name_kana      TEXT,
    birth_date     TEXT,
    sex            TEXT,
    address        TEXT,
    insurer_name   TEXT,
    confirmed_on   TEXT,
    care_note      TEXT
) STRICT, WITHOUT ROWID;

-- What a patient is found by: 'k:' kana, 'n:' name, 'b:' birth date, 'p:' patient number, 'i:' insurer and number, 'm:' symbol and number.
CREATE TABLE patient_key (
    key     TEXT NOT NULL,
    patient TEXT NOT NULL,
    PRIMARY KEY (key, patient)
) STRICT, WITHOUT ROWID;
CREATE INDEX key_of_patient ON patient_key (patient);
