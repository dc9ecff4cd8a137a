-- oldest app: 0012
-- Which versions of the app may work with this database. While a rollout lasts the database is migrated first and the
-- workstations follow, so several versions work side by side. A migration that versions before it cannot work with says so
-- in its first lines, `-- oldest app: NNNN`; the runner keeps that in migrations.applied.
SET ROLE lamplight_owner;
-- The newest migration that a version which declares this tool was built with: a tool that a newer version gave up stays
-- announceable for as long as a version that declares it may work here, and no longer.
ALTER TABLE private.tool ADD COLUMN declared_by text;

CREATE FUNCTION api.schema_state() RETURNS TABLE (version text, oldest_app text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT max(a.name), max(a.oldest_app) FROM migrations.applied a
$$;
GRANT EXECUTE ON FUNCTION api.schema_state() TO lamplight_app;
RESET ROLE;
