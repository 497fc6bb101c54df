-- Keys to be destroyed as soon as this transaction is durable: never before, or what was sealed anew would be lost with it.
CREATE TABLE key_doomed (
    key BLOB PRIMARY KEY CHECK (length(key) = 8)
) STRICT, WITHOUT ROWID;

-- What was forgotten, when, and by whose will. Nothing here says whose record it was.
CREATE TABLE forgotten_note (
    id        INTEGER PRIMARY KEY,
    at_ms     INTEGER NOT NULL,
    cause     TEXT    NOT NULL CHECK (cause IN ('retention', 'patient', 'other_box')),
    kind      TEXT,                                       -- of retention: visit or patient
    month     TEXT,                                       -- of retention: the first day of the month
    records   INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    author    TEXT,                                       -- of a patient: the account
    reason    TEXT,                                       -- of a patient: a code
    box       BLOB    NOT NULL CHECK (length(box) = 16)   -- which box asked for it
) STRICT;

-- The nightly look: on how many days in a row the calendar went on as calendars do.
CREATE TABLE forgetting_look (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    day    TEXT    NOT NULL,
    steady INTEGER NOT NULL
) STRICT;

-- When this run of the box began, and when it heard of a copy of itself that was running at the same time.
CREATE TABLE run_of_box (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    started_at_ms INTEGER NOT NULL,
    copy_seen_ms  INTEGER
) STRICT;
