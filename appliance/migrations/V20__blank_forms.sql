-- Numbers given out for blank declarations: a space of numbers per batch, each used once. The request is the key it was asked for under,
-- so that a reply that was lost gets the same numbers again.
CREATE TABLE form_batch (
    space     TEXT    PRIMARY KEY,
    request   TEXT    UNIQUE,
    forms     INTEGER NOT NULL CHECK (forms > 0),
    made_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
