-- Read model: cards that were found at the site; rebuilt from the record with the same result.
CREATE TABLE found_card (
    card    TEXT    PRIMARY KEY,
    is_open INTEGER NOT NULL,
    day     TEXT    NOT NULL,
    owner   TEXT,
    content TEXT    NOT NULL                      -- how it stands, written form as JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX found_card_open ON found_card (card) WHERE is_open = 1;
CREATE INDEX found_card_owner ON found_card (owner) WHERE owner IS NOT NULL;
