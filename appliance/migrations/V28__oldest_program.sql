-- The oldest program that still opens this record, by the newest migration it has to know. A migration that only adds leaves it alone;
-- one that takes something away, or changes what something means, raises it to its own number, and comes a release after the last
-- program that needed the old form. So a box that returns to its version before finds its record usable.
CREATE TABLE oldest_program (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    migration INTEGER NOT NULL
) STRICT;
INSERT INTO oldest_program (only_row, migration) VALUES (1, 28);
