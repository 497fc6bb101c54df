-- The visits of facility rounds, newest first; other visits do not stand in it, so that it costs them no page.
CREATE INDEX visit_in_facility ON visit_row (visit_date, opened_at_ms) WHERE flow = 'facility';
