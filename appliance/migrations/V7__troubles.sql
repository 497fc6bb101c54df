-- Read model: the troubles each visit met, in the survey's categories; rebuilt from the record with the same result. The month is that
-- of the visit, as YYYY-MM.
CREATE TABLE visit_trouble (
    visit   TEXT NOT NULL,
    trouble TEXT NOT NULL,
    month   TEXT NOT NULL,
    PRIMARY KEY (visit, trouble)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_trouble_of_month ON visit_trouble (trouble, month);

-- Reader connection and recognition errors that the readers themselves told of, by month. Devices are no documents: this is the only
-- place that knows.
CREATE TABLE reader_trouble (
    month TEXT    PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was counted before there were months belongs to the month in which counting began.
INSERT INTO reader_trouble (month, count)
    SELECT strftime('%Y-%m', since_ms / 1000, 'unixepoch', '+9 hours'), count FROM device_trouble WHERE category = 'reader';
DROP TABLE device_trouble;
