-- Patients that were taken away here: only their ids, which are random and lead to nobody. Whoever was received elsewhere meanwhile has a
-- visit that still names one of them. Not part of the read model: the record no longer says it.
CREATE TABLE patient_gone (
    patient TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO patient_gone (patient)
    SELECT DISTINCT v.patient FROM visit_row v WHERE v.patient IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM patient_row p WHERE p.patient = v.patient)
        -- a patient who was made one with another goes on there
        AND NOT EXISTS (SELECT 1 FROM merged_away m WHERE m.document = 'patient:' || v.patient);
