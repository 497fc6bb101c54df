-- The record is the log of the feed: sealed, signed records in the order this box learned them, its own and those of other boxes. Nothing
-- that was sealed stands here in the clear. The name is the document's tag (16 bytes) and the first 8 bytes of the record's hash: its one
-- index finds the records of a document and tells whether a record is known. Every further index would cost a check-in another page.
-- Standing: 0 signer unknown yet, 1 counts, 2 signed by a hub, 3 signed by a revoked box, 4 does not open, 9 removed.
DROP TABLE record;
CREATE TABLE record (
    seq      INTEGER PRIMARY KEY,
    name     BLOB    NOT NULL CHECK (length(name) = 24),
    standing INTEGER NOT NULL,
    sealed   BLOB    NOT NULL
) STRICT;
CREATE INDEX record_by_name ON record (name);
CREATE INDEX record_unchecked ON record (seq) WHERE standing = 0;

-- The runs of this log, each with the first number that it wrote.
CREATE TABLE feed_term (
    first INTEGER PRIMARY KEY,
    term  BLOB    NOT NULL CHECK (length(term) = 16)
) STRICT;

-- What is known of each peer's log, and what it has of ours.
CREATE TABLE feed_peer (
    peer         BLOB    PRIMARY KEY CHECK (length(peer) = 16),
    cursor       BLOB    NOT NULL DEFAULT x'',
    have_after   INTEGER NOT NULL DEFAULT 0,
    have_next    INTEGER NOT NULL DEFAULT 0,
    acknowledged BLOB    NOT NULL DEFAULT x''
) STRICT, WITHOUT ROWID;

-- Bytes used with each peer on a day, as caller and as host.
CREATE TABLE feed_use (
    peer   BLOB    NOT NULL,
    side   TEXT    NOT NULL,
    day    TEXT    NOT NULL,
    bytes  INTEGER NOT NULL,
    PRIMARY KEY (peer, side)
) STRICT, WITHOUT ROWID;

-- Documents (tags) and keys that were to be forgotten, and are not taken in again.
CREATE TABLE feed_forgotten (
    name BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Records whose key has not come yet.
CREATE TABLE feed_waiting (
    key BLOB    NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (key, seq)
) STRICT, WITHOUT ROWID;

-- Which key was granted to which member.
CREATE TABLE key_granted (
    member BLOB NOT NULL,
    key    BLOB NOT NULL,
    PRIMARY KEY (member, key)
) STRICT, WITHOUT ROWID;

-- Questions that other boxes ask: shown here, and taken over should their owner be gone.
CREATE TABLE job_elsewhere (
    question TEXT PRIMARY KEY,
    owner    BLOB NOT NULL CHECK (length(owner) = 16),
    visit    TEXT NOT NULL,
    purpose  TEXT NOT NULL,
    content  TEXT NOT NULL,
    asked_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
