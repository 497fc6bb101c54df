-- Who looked at or changed what. Rows are only ever added, at the end: one more page of a check-in's commit. Each row's hash covers
-- the row and the hash before it.
CREATE TABLE trail (
    seq     INTEGER PRIMARY KEY,
    at_ms   INTEGER NOT NULL,
    what    TEXT    NOT NULL,
    author  TEXT    NOT NULL,
    counter TEXT    NOT NULL,
    patient TEXT,                                 -- opaque id
    visit   TEXT,
    detail  TEXT    NOT NULL,
    hash    BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER trail_is_not_rewritten BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'the trail is only added to'); END;
CREATE TRIGGER trail_is_not_shortened BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'the trail is only added to'); END;

-- By what lines are found: 'p:' patient, 'a:' author, 'd:' day. Made later and many at once, so that no check-in pays for them; lines
-- after the last one that has its keys are looked through.
CREATE TABLE trail_key (
    key TEXT    NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (key, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE trail_keyed (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO trail_keyed (id, seq) VALUES (1, 0);
