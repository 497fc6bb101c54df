-- Questions about the same day may travel as one bulk request.
ALTER TABLE job ADD COLUMN bundle TEXT;                  -- suffix of the upload it travels in, or last travelled in
ALTER TABLE job ADD COLUMN alone INTEGER NOT NULL DEFAULT 0;  -- 1: never again in a bundle, one with it failed
CREATE INDEX job_of_bundle ON job (bundle) WHERE bundle IS NOT NULL;

CREATE TABLE bundle (
    bundle           TEXT    PRIMARY KEY,                -- suffix of the upload
    stage            TEXT    NOT NULL,
    reception_number TEXT,
    at_ms            INTEGER NOT NULL,                   -- fetch not before, or fetching since
    fetches          INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX bundle_open ON bundle (stage) WHERE stage <> 'ended';

-- A request is about a question, or about a bundle: its upload, or a fetch of its answers.
CREATE TABLE request_about (
    suffix     TEXT    PRIMARY KEY,
    identifier TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('question', 'upload', 'fetch')),
    about      TEXT    NOT NULL,                         -- question, or suffix of the bundle's upload
    made_at_ms INTEGER NOT NULL,
    released   INTEGER NOT NULL DEFAULT 0                -- 1 once the file is known to be published
) STRICT, WITHOUT ROWID;
INSERT INTO request_about (suffix, identifier, kind, about, made_at_ms, released)
    SELECT suffix, identifier, 'question', question, made_at_ms, released FROM request;
DROP TABLE request;
ALTER TABLE request_about RENAME TO request;
CREATE INDEX request_unreleased ON request (released) WHERE released = 0;
