-- Roles belong to the whole server, so they may exist already when a second database is prepared on it.
-- lamplight_owner owns every object and every SECURITY DEFINER function; it is no superuser and nobody logs in as it.
-- lamplight_reader owns the views of schema api: row policies are written for it, so a view can never show more than they do.
-- lamplight_app is the workstation's login: it may execute functions of api and read its views, and owns nothing.
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['lamplight_owner', 'lamplight_reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', wanted);
    END IF;
    EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
  END LOOP;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lamplight_app') THEN
    CREATE ROLE lamplight_app LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
  END IF;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO lamplight_app', current_database());
END $$;
-- Without TEMPORARY nobody can shadow a table by a temporary one; without CREATE on public nobody can plant a function.
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- hospital: the data. private: secrets, sessions, audit and their functions. guard: what policies and views call.
-- api: all that the workstation's login finds.
CREATE SCHEMA hospital AUTHORIZATION lamplight_owner;
CREATE SCHEMA private AUTHORIZATION lamplight_owner;
CREATE SCHEMA guard AUTHORIZATION lamplight_owner;
CREATE SCHEMA api AUTHORIZATION lamplight_owner;
GRANT USAGE ON SCHEMA hospital, guard, api TO lamplight_reader;
GRANT USAGE ON SCHEMA guard, api TO lamplight_app;
-- The views of api are made by the owner and then handed to the reader.
GRANT CREATE ON SCHEMA api TO lamplight_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE lamplight_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
