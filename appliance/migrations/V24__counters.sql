-- Where a visit is received, in more than the counter's name; and the family it came with. `flow` is empty at the window.
ALTER TABLE visit_row ADD COLUMN flow TEXT;
ALTER TABLE visit_row ADD COLUMN kind TEXT;
ALTER TABLE visit_row ADD COLUMN place TEXT;
ALTER TABLE visit_row ADD COLUMN family TEXT;

-- Read model: waiting numbers; rebuilt from the record with the same result.
CREATE TABLE waiting_number (
    ticket      TEXT    PRIMARY KEY,
    day         TEXT    NOT NULL,
    letter      TEXT    NOT NULL,
    number      INTEGER NOT NULL,
    taken_at_ms INTEGER NOT NULL,
    content     TEXT    NOT NULL                  -- how it stands, written form as JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX waiting_number_of_day ON waiting_number (day, letter, number);

-- The last number this box handed out, beside the read model: a number that was deleted is not handed out again.
CREATE TABLE last_number (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    day    TEXT    NOT NULL,
    letter TEXT    NOT NULL,
    number INTEGER NOT NULL
) STRICT;

-- Read model: consents given from afar; rebuilt from the record with the same result.
CREATE TABLE remote_consent (
    consent TEXT    PRIMARY KEY,
    is_open INTEGER NOT NULL,
    content TEXT    NOT NULL                      -- how it stands, written form as JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX remote_consent_open ON remote_consent (consent) WHERE is_open = 1;

-- Which of both led to a visit, to be deleted with it.
CREATE TABLE arrival_visit (
    document TEXT NOT NULL,
    visit    TEXT NOT NULL,
    PRIMARY KEY (visit, document)
) STRICT, WITHOUT ROWID;
