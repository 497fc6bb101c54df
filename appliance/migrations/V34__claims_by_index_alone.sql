-- The same rows as before, with the columns that choose them: what the month-end list counts and what it pages through is read from these
-- indexes alone, and the lines themselves, a kilobyte each, for the page that is shown.
DROP INDEX claim_needing;
DROP INDEX claim_revised;
DROP INDEX claim_after_freeze;
CREATE INDEX claim_needing ON claim_row (month, visit, needs) WHERE needs = 1;
CREATE INDEX claim_revised ON claim_row (month, change, revised) WHERE revised = 1;
CREATE INDEX claim_after_freeze ON claim_row (month, visit, since_freeze) WHERE since_freeze > 0;
