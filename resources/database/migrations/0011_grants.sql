-- What is not granted here or in a later migration, the workstation's login can neither call nor read.
DO $$
BEGIN
  EXECUTE format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', current_database());
  -- PostgreSQL lets everybody store large objects and end the connections of their own login, which all workstations share.
  -- Only a superuser can take that away; elsewhere it costs disk or an interrupted request, and shows nothing.
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    REVOKE EXECUTE ON FUNCTION pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea),
      pg_catalog.pg_terminate_backend(integer, bigint), pg_catalog.pg_cancel_backend(integer) FROM PUBLIC;
  END IF;
END $$;
SET ROLE lamplight_owner;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA api, guard, private FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA api TO lamplight_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA guard TO lamplight_app, lamplight_reader;
RESET ROLE;
SET ROLE lamplight_reader;
GRANT SELECT ON api.patient_overview, api.patient_identity, api.medical_records, api.diagnoses, api.procedures, api.immunizations,
  api.vital_signs, api.observations, api.medications, api.allergies, api.allergy_status, api.treatment_plans, api.appointments,
  api.admissions, api.encounters, api.wards, api.shifts, api.audit_trail, api.chats, api.chat_messages TO lamplight_app;
RESET ROLE;

-- Which migrations this database has, so that a workstation of another version can say so instead of failing oddly.
GRANT USAGE ON SCHEMA migrations TO lamplight_owner;
GRANT SELECT ON migrations.applied TO lamplight_owner;
SET ROLE lamplight_owner;
CREATE FUNCTION api.schema_version() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT max(name) FROM migrations.applied
$$;
GRANT EXECUTE ON FUNCTION api.schema_version() TO lamplight_app;
RESET ROLE;
