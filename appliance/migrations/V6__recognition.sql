-- Recognising a returning card: who erased the tokens, and when. The tokens themselves are facts of the patients and stand in patient_key
-- as 't:' and the token.
CREATE TABLE recognition_erasure (
    id       INTEGER PRIMARY KEY,
    at_ms    INTEGER NOT NULL,
    author   TEXT    NOT NULL,
    patients INTEGER NOT NULL
) STRICT;
