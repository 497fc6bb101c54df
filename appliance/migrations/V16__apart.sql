-- Read model: matters about which counters wrote different things while they were apart. Most documents have none.
CREATE TABLE disagreement (
    document TEXT NOT NULL,
    matter   TEXT NOT NULL,
    PRIMARY KEY (document, matter)
) STRICT, WITHOUT ROWID;

-- Read model: records that go on in another one by a decision of staff.
CREATE TABLE merged_away (
    document     TEXT PRIMARY KEY,
    goes_on_in   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX merged_into ON merged_away (goes_on_in);

-- Read model: records that staff called different, each way round.
CREATE TABLE kept_apart (
    document TEXT NOT NULL,
    other    TEXT NOT NULL,
    PRIMARY KEY (document, other)
) STRICT, WITHOUT ROWID;

-- Read model: patients of the same kana and birth date, the smaller id first.
CREATE TABLE twin (
    one TEXT NOT NULL,
    two TEXT NOT NULL,
    PRIMARY KEY (one, two)
) STRICT, WITHOUT ROWID;
CREATE INDEX twin_of_two ON twin (two);

-- Records that were made one with another, of which something came from another box that may have to be carried over.
CREATE TABLE carry_due (
    document TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
