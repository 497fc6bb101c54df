-- updates of the program: what was published, for whom, and how it went; the bundles themselves are files

CREATE TABLE bundle (
    hash BYTEA NOT NULL PRIMARY KEY,
    version TEXT NOT NULL,
    arch TEXT NOT NULL,
    record_schema BIGINT NOT NULL,  -- the newest migration of a box's record that it knows
    size BIGINT NOT NULL,
    channel TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    ring BIGINT NOT NULL,           -- boxes of lower rings get it, and a share of this one
    share BIGINT NOT NULL,          -- percent of the boxes in its ring
    stop_after BIGINT NOT NULL,     -- boxes that return from it until it stops by itself
    stopped BIGINT NOT NULL         -- 0: goes on; 1: by an administrator; 2: by itself
);

-- what is wanted for a facility (box: no bytes) or one of its boxes
CREATE TABLE update_wish (
    facility BYTEA NOT NULL REFERENCES facility (id),
    box BYTEA NOT NULL,
    channel TEXT NOT NULL,
    ring BIGINT NOT NULL,
    hold BIGINT NOT NULL,           -- 1: nothing is offered
    pin TEXT NOT NULL,              -- only this version is offered; empty: any
    PRIMARY KEY (facility, box)
);

-- what boxes said when they asked
CREATE TABLE box_version (
    facility BYTEA NOT NULL REFERENCES facility (id),
    box BYTEA NOT NULL,
    asked_at BIGINT NOT NULL,
    running TEXT NOT NULL,
    slot TEXT NOT NULL,
    proven BIGINT NOT NULL,
    PRIMARY KEY (facility, box)
);

CREATE TABLE update_end (
    facility BYTEA NOT NULL REFERENCES facility (id),
    box BYTEA NOT NULL,
    version TEXT NOT NULL,
    outcome TEXT NOT NULL,
    ended_at BIGINT NOT NULL,
    PRIMARY KEY (facility, box, version)
);
