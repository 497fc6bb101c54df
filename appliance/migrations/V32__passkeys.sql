-- Passkeys of staff. What is kept of one is public: its secret never leaves the device.
CREATE TABLE passkey (
    id         BLOB    PRIMARY KEY,               -- as the device names it
    author     TEXT    NOT NULL,                  -- whose
    name       TEXT    NOT NULL,                  -- as its owner calls it
    place      TEXT    NOT NULL,                  -- name of the box it was made under
    public_key BLOB    NOT NULL,                  -- SubjectPublicKeyInfo
    counter    INTEGER NOT NULL,                  -- of its last use; 0 = the device does not count
    made_at_ms INTEGER NOT NULL,
    used_at_ms INTEGER,
    suspended  INTEGER NOT NULL DEFAULT 0         -- 1 = it counted backwards: there may be a copy
) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_of ON passkey (author);
