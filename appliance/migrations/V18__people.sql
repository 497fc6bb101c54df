-- Who works here, what for, and what proves who they are. The accounts there are were the first and only ones of their boxes.
ALTER TABLE staff ADD COLUMN role TEXT NOT NULL DEFAULT 'manager';
ALTER TABLE staff ADD COLUMN locked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN first_password INTEGER NOT NULL DEFAULT 0;  -- 1 until the person has chosen one
ALTER TABLE staff ADD COLUMN switch_hash TEXT;                           -- code for fast switching, argon2id
ALTER TABLE staff ADD COLUMN switch_failures INTEGER NOT NULL DEFAULT 0; -- wrong ones since the last sign-in by password
ALTER TABLE staff ADD COLUMN totp_secret BLOB;
ALTER TABLE staff ADD COLUMN totp_pending BLOB;                          -- shown, not yet confirmed by a code
ALTER TABLE staff ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;       -- the last step that was used
ALTER TABLE staff ADD COLUMN from_ms INTEGER;                            -- a vendor may sign in from …
ALTER TABLE staff ADD COLUMN until_ms INTEGER;                           -- … until

CREATE TABLE recovery_code (
    author TEXT NOT NULL,
    hash   BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (author, hash)
) STRICT, WITHOUT ROWID;

ALTER TABLE session ADD COLUMN counter TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN awaits_code INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN locked INTEGER NOT NULL DEFAULT 0;

CREATE TABLE people_policy (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    second_factor TEXT    NOT NULL,               -- roles that must have one, separated by blanks
    lock_minutes  INTEGER NOT NULL
) STRICT;
INSERT INTO people_policy (id, second_factor, lock_minutes) VALUES (1, 'manager vendor', 15);

-- The sealed envelope. Its code is random enough for a plain hash.
CREATE TABLE emergency (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    code_hash  BLOB    NOT NULL CHECK (length(code_hash) = 32),
    made_at_ms INTEGER NOT NULL,
    used_at_ms INTEGER,
    who        TEXT,
    reason     TEXT,
    counter    TEXT
) STRICT;
