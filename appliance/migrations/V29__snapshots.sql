-- Records that a snapshot in this log stands for: this box has looked, and what they say is in it. They stay; a newcomer that holds the
-- snapshot does without them, and this box reads the snapshot in their place.
CREATE TABLE stood_for (
    record   INTEGER NOT NULL REFERENCES record (seq) ON DELETE CASCADE,
    snapshot INTEGER NOT NULL REFERENCES record (seq) ON DELETE CASCADE,
    PRIMARY KEY (record, snapshot)
) STRICT, WITHOUT ROWID;
CREATE INDEX stood_for_snapshot ON stood_for (snapshot);

-- How far the log reached on a night: what is older by some nights is quiet.
CREATE TABLE snapshot_night (
    day     TEXT    PRIMARY KEY,
    reached INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Up to where documents were looked at, by this box's place in the line of those that make their snapshots, and how many boxes had been
-- put out by then: one more, and everything is looked at again.
CREATE TABLE snapshot_looked (
    place   INTEGER PRIMARY KEY,
    reached INTEGER NOT NULL,
    put_out INTEGER NOT NULL
) STRICT;

-- The snapshots, to be told of to logs that are new to this one.
CREATE INDEX record_snapshot ON record (seq) WHERE substr(sealed, 61, 1) = x'02';

-- Orders to forget: looked through every night once a box has left.
CREATE INDEX record_forget ON record (seq) WHERE substr(sealed, 61, 1) = x'05';
