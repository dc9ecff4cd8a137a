-- Sign in: begun and counted in one transaction, judged in the next.
SELECT api.begin_sign_in('demo_nurse', :'proof') AS attempt \gset
SELECT outcome, token FROM api.finish_sign_in(:'attempt') \gset
\echo sign-in :outcome

-- Without an open request there is nothing to see.
SELECT count(*) AS rows FROM api.vital_signs \gset
\echo without a request :rows rows

-- Announce, then open and read, at most 30 seconds later.
SELECT announcement, outcome FROM api.announce(:'token', 'get_vital_signs', '{"patient": "FCE57"}') \gset
\echo vital signs of FCE57 :outcome
BEGIN READ ONLY;
SELECT api.open_request(:'token', :'announcement') AS opened \gset
SELECT count(*) > 0 AS seen, count(DISTINCT patient_id) AS patients FROM api.vital_signs \gset
\echo rows seen :seen of :patients patient
SELECT count(*) AS rows FROM api.medications \gset
\echo medicines under this announcement :rows rows
COMMIT;

-- A field that a nurse may not see is NULL. What other roles see is ciphertext that PostgreSQL cannot open.
SELECT announcement FROM api.announce(:'token', 'get_patient_phi', '{"patient": "FCE57"}') \gset
BEGIN READ ONLY;
SELECT api.open_request(:'token', :'announcement') AS opened \gset
SELECT date_of_birth, ssn IS NULL AS hidden FROM api.patient_identity \gset
\echo born :date_of_birth, number hidden :hidden
COMMIT;

-- Off the care team, or nobody: the same answer. Denied by role: the same answer whoever the patient is.
SELECT outcome FROM api.announce(:'token', 'get_allergies', '{"patient": "NOBODY"}') \gset
\echo a patient who does not exist :outcome
SELECT outcome FROM api.announce(:'token', 'get_audit_trail') \gset
\echo the whole audit :outcome

-- Her own entries are hers to read; they include this reading.
SELECT announcement FROM api.announce(:'token', 'get_my_access_history') \gset
BEGIN READ ONLY;
SELECT api.open_request(:'token', :'announcement') AS opened \gset
SELECT count(DISTINCT staff_id) AS people, max(tool) FILTER (WHERE action = 'PHI_ACCESS') AS phi FROM api.audit_trail \gset
\echo in her history :people person, identity data by :phi
COMMIT;

SELECT api.sign_out(:'token') AS done \gset
\echo signed out
