-- What the box remembers of its devices over restarts. Nothing of any card, and nothing of any patient.

-- What helped how often, readings by hour, reboots tried: one JSON text for each device.
CREATE TABLE device_memory (
    device TEXT    PRIMARY KEY,
    memory TEXT    NOT NULL,
    at_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last lines of each device's history: faults, healing, recovery.
CREATE TABLE device_line (
    id     INTEGER PRIMARY KEY,
    device TEXT    NOT NULL,
    at_ms  INTEGER NOT NULL,
    ja     TEXT    NOT NULL,
    en     TEXT    NOT NULL
) STRICT;
CREATE INDEX device_line_of ON device_line (device, id);

-- The memory of the schedule, written before anything is restarted: a single row.
CREATE TABLE device_run (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    memory   TEXT    NOT NULL,
    at_ms    INTEGER NOT NULL
) STRICT;

-- Troubles in the categories of the national survey.
CREATE TABLE device_trouble (
    category TEXT    PRIMARY KEY,
    count    INTEGER NOT NULL,
    since_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
