-- Read model: what the month-end list shows of each visit; rebuilt from the record with the same result. `change` and `revised` alone are
-- this box's own: the number of the record that last changed what the claim carries, and whether that came after the check-in.
CREATE TABLE claim_row (
    month        TEXT    NOT NULL,                -- of the visit, YYYY-MM
    visit        TEXT    NOT NULL,
    class        TEXT    NOT NULL,                -- basis or 'none', whether it needs somebody, whether it is confirmed
    needs        INTEGER NOT NULL,
    since_freeze INTEGER NOT NULL,                -- 0 as frozen or not frozen, 1 changed, 2 added
    digest       TEXT    NOT NULL,                -- of what the claim carries
    change       INTEGER NOT NULL,
    revised      INTEGER NOT NULL,
    content      TEXT    NOT NULL,                -- the line, written form as JSON
    PRIMARY KEY (month, visit)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_needing ON claim_row (month, visit) WHERE needs = 1;
CREATE INDEX claim_revised ON claim_row (month, change) WHERE revised = 1;
CREATE INDEX claim_after_freeze ON claim_row (month, visit) WHERE since_freeze > 0;

-- How many of each class, so that totals cost nothing in a month of many visits.
CREATE TABLE claim_count (
    month TEXT    NOT NULL,
    class TEXT    NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (month, class)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER claim_counted AFTER INSERT ON claim_row BEGIN
    INSERT INTO claim_count (month, class, count) VALUES (NEW.month, NEW.class, 1)
        ON CONFLICT (month, class) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER claim_recounted AFTER UPDATE OF class ON claim_row WHEN OLD.class <> NEW.class BEGIN
    UPDATE claim_count SET count = count - 1 WHERE month = OLD.month AND class = OLD.class;
    INSERT INTO claim_count (month, class, count) VALUES (NEW.month, NEW.class, 1)
        ON CONFLICT (month, class) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER claim_discounted AFTER DELETE ON claim_row BEGIN
    UPDATE claim_count SET count = count - 1 WHERE month = OLD.month AND class = OLD.class;
END;

-- Read model: months that were frozen, opened again, or had claims come back.
CREATE TABLE claim_month (
    month   TEXT    PRIMARY KEY,
    frozen  INTEGER NOT NULL,
    events  TEXT    NOT NULL,                     -- written form as JSON
    returned TEXT   NOT NULL                      -- written form as JSON
) STRICT, WITHOUT ROWID;
CREATE TABLE claim_frozen (
    month  TEXT NOT NULL,
    visit  TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (month, visit)
) STRICT, WITHOUT ROWID;

-- Up to which record somebody has seen a month, on this box.
CREATE TABLE claim_look (
    author TEXT    NOT NULL,
    month  TEXT    NOT NULL,
    upto   INTEGER NOT NULL,
    at_ms  INTEGER NOT NULL,
    PRIMARY KEY (author, month)
) STRICT, WITHOUT ROWID;
