-- One schema for both databases: SQLite takes BYTEA and BIGINT as names of its own kinds. Instants are milliseconds since 1970.
-- Nothing here opens a record; there is no table a key could be put in.

-- the hub itself: one row
CREATE TABLE hub (
    seed BYTEA NOT NULL,            -- what its identity is made from
    history TEXT NOT NULL           -- which course of which database this is; another one begins new terms
);

CREATE TABLE facility (
    id BYTEA NOT NULL PRIMARY KEY,
    enrolled_at BIGINT NOT NULL,
    last BIGINT NOT NULL,           -- last sequence number ever given
    stored BIGINT NOT NULL,         -- bytes of its records
    forgotten BIGINT NOT NULL,      -- names in `forgotten`, so that most appends need not look
    quota_stored BIGINT NOT NULL,   -- bytes
    quota_day BIGINT NOT NULL,      -- bytes moved in one day
    quota_connections BIGINT NOT NULL
);

CREATE TABLE term (
    facility BYTEA NOT NULL REFERENCES facility (id),
    first BIGINT NOT NULL,
    term BYTEA NOT NULL,
    PRIMARY KEY (facility, first)
);

CREATE TABLE record (
    facility BYTEA NOT NULL REFERENCES facility (id),
    sequence BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    document BYTEA NOT NULL,
    seal_key BYTEA NOT NULL,        -- the name of the key, never the key
    unchecked BIGINT NOT NULL,      -- 1: its signer was not known when it came
    size BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (facility, sequence),
    UNIQUE (facility, hash)
);
CREATE INDEX record_document ON record (facility, document);
CREATE INDEX record_key ON record (facility, seal_key);
CREATE INDEX record_unchecked ON record (facility, sequence) WHERE unchecked = 1;

-- documents (16 bytes) and keys (8 bytes) that are not to come back
CREATE TABLE forgotten (
    facility BYTEA NOT NULL REFERENCES facility (id),
    name BYTEA NOT NULL,
    PRIMARY KEY (facility, name)
);

CREATE TABLE peer (
    facility BYTEA NOT NULL REFERENCES facility (id),
    id BYTEA NOT NULL,
    place BYTEA NOT NULL,           -- how far its log was read
    have_after BIGINT NOT NULL,
    have_next BIGINT NOT NULL,
    acknowledged BYTEA NOT NULL,
    PRIMARY KEY (facility, id)
);

CREATE TABLE statement (
    facility BYTEA NOT NULL REFERENCES facility (id),
    hash BYTEA NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (facility, hash)
);

CREATE TABLE day_use (
    facility BYTEA NOT NULL REFERENCES facility (id),
    day BIGINT NOT NULL,            -- number of the day, Japan
    bytes BIGINT NOT NULL,
    PRIMARY KEY (facility, day)
);

CREATE TABLE contact (
    facility BYTEA NOT NULL REFERENCES facility (id),
    box BYTEA NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (facility, box)
);

CREATE TABLE heartbeat (
    facility BYTEA NOT NULL REFERENCES facility (id),
    box BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    figures TEXT NOT NULL,
    PRIMARY KEY (facility, box)
);

CREATE TABLE admin (
    name TEXT NOT NULL PRIMARY KEY,
    password_hash TEXT NOT NULL
);

CREATE TABLE admin_session (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    admin TEXT NOT NULL,
    ends_at BIGINT NOT NULL
);
