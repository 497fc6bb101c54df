-- Records that a snapshot stands for, as the box says that signed it: whoever gets the snapshot can do without them. The records stay.
CREATE TABLE stands_for (
    facility BYTEA NOT NULL REFERENCES facility (id),
    document BYTEA NOT NULL,
    name BYTEA NOT NULL,            -- the beginning of the record's hash
    snapshot BIGINT NOT NULL,       -- the snapshot's sequence number
    PRIMARY KEY (facility, document, name, snapshot)
);
CREATE INDEX stands_for_snapshot ON stands_for (facility, snapshot);
