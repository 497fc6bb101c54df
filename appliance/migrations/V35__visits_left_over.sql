-- Visits that may name a patient who was taken away here: kept as such visits and such patients come, so that nobody has to look for
-- them among all visits, nor among all the patients who went in the course of years. Whoever reads asks again whether it is so.
CREATE TABLE visit_left_over (
    visit TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO visit_left_over (visit)
    SELECT v.visit FROM patient_gone g CROSS JOIN visit_row v ON v.patient = g.patient;

CREATE TRIGGER visit_of_nobody AFTER INSERT ON visit_row
    WHEN EXISTS (SELECT 1 FROM patient_gone g WHERE g.patient = NEW.patient) BEGIN
    INSERT OR IGNORE INTO visit_left_over (visit) VALUES (NEW.visit);
END;
CREATE TRIGGER visit_gone_as_well AFTER DELETE ON visit_row BEGIN
    DELETE FROM visit_left_over WHERE visit = OLD.visit;
END;
CREATE TRIGGER patient_gone_before AFTER INSERT ON patient_gone BEGIN
    INSERT OR IGNORE INTO visit_left_over (visit) SELECT v.visit FROM visit_row v WHERE v.patient = NEW.patient;
END;
