-- Tablets for patients, of this box only. The token is kept as its hash.
CREATE TABLE tablet (
    id           TEXT    PRIMARY KEY,
    name         TEXT    NOT NULL,
    token_hash   BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    paired_at_ms INTEGER NOT NULL,
    called_at_ms INTEGER
) STRICT, WITHOUT ROWID;

-- Declarations on tablets and half-finished ones: one for a visit, and one on a tablet. The answers go away with the visit.
CREATE TABLE tablet_form (
    visit         TEXT    PRIMARY KEY,
    form_no       TEXT    NOT NULL,
    tablet        TEXT    UNIQUE,
    tongue        TEXT    NOT NULL,
    step          TEXT    NOT NULL,
    answers       TEXT    NOT NULL,
    author        TEXT    NOT NULL,
    handed_at_ms  INTEGER NOT NULL,
    changed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
