-- How light or dark each person wants the pages: machine, light, dark.
ALTER TABLE staff ADD COLUMN look TEXT NOT NULL DEFAULT 'machine';
