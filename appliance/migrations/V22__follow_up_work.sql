-- Who does a follow-up, how long it may wait and why, and the money of a refund or collection. `due` is the later of the day it is due
-- and the day it waits for.
ALTER TABLE follow_up_row ADD COLUMN assigned TEXT;
ALTER TABLE follow_up_row ADD COLUMN snoozed_until TEXT;
ALTER TABLE follow_up_row ADD COLUMN snoozed_why TEXT;
ALTER TABLE follow_up_row ADD COLUMN yen INTEGER;
ALTER TABLE follow_up_row ADD COLUMN insurer TEXT;

-- Whom to phone, as the clinic imported it; kept on this box.
CREATE TABLE insurer_directory (
    insurer_number TEXT PRIMARY KEY,
    name           TEXT NOT NULL,
    phone          TEXT NOT NULL
) STRICT, WITHOUT ROWID;
