-- Read model: what each visit adds to the figures of the site, as one line of text without any name or number; rebuilt from the record
-- with the same result. It stands in the row of the visit, so that a check-in touches no other page for it.
ALTER TABLE visit_row ADD COLUMN tally TEXT;

-- How many visits of a week were counted in what, so that figures cost nothing however many visits there are.
CREATE TABLE tally_count (
    week  TEXT    NOT NULL,                       -- its Monday
    what  TEXT    NOT NULL,
    which TEXT    NOT NULL,
    part  TEXT    NOT NULL,                       -- '' all of them, 'c…' of a counter, 'h…' of an hour
    count INTEGER NOT NULL,
    PRIMARY KEY (week, what, which, part)
) STRICT, WITHOUT ROWID;

-- Troubles that the readers themselves told of, by reader and hour. Devices are no documents: this is the only place that knows.
CREATE TABLE reader_trouble_of (
    week   TEXT    NOT NULL,
    device TEXT    NOT NULL,
    hour   INTEGER NOT NULL,
    count  INTEGER NOT NULL,
    PRIMARY KEY (week, device, hour)
) STRICT, WITHOUT ROWID;
