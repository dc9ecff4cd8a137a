-- What a workstation may tell of its database while nobody is signed in: figures alone, no name of a person, a patient, a
-- workstation or a machine.
-- pg_database_size asks for it. Nobody logs in as the owner, so it opens nothing.
DO $$
BEGIN
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO lamplight_owner', current_database());
END $$;
SET ROLE lamplight_owner;

CREATE FUNCTION private.key_figures() RETURNS jsonb LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  WITH known AS (
    SELECT k.key_id, k.created_at FROM private.sealed_key k WHERE k.purpose = 'fields'
    UNION ALL SELECT l.key_id, l.created_at FROM private.key_link l
  ), newest AS (
    -- The key that no other one replaces. Times older than their column are unknown and count as the oldest.
    SELECT k.key_id, min(k.created_at) AS since FROM known k
     WHERE NOT EXISTS (SELECT FROM private.key_link l WHERE l.sealed_under = k.key_id)
       AND NOT EXISTS (SELECT FROM private.retired_key r WHERE r.key_id = k.key_id)
     GROUP BY k.key_id ORDER BY since DESC NULLS LAST, k.key_id LIMIT 1
  ), holder AS (
    -- Who cannot sign in any more is waited for in vain.
    SELECT DISTINCT k.staff_id FROM private.sealed_key k JOIN hospital.staff s ON s.id = k.staff_id
     WHERE k.purpose = 'fields' AND s.disabled_at IS NULL
  )
  SELECT jsonb_build_object(
    'people', (SELECT count(DISTINCT k.staff_id) FROM private.sealed_key k),
    'field_keys', (SELECT count(DISTINCT k.key_id) FROM known k),
    'field_key_holders', (SELECT count(*) FROM holder),
    'links', (SELECT count(*) FROM private.key_link),
    'newest_since', (SELECT n.since FROM newest n),
    'without_newest', (SELECT count(*) FROM holder h CROSS JOIN newest n
      WHERE NOT EXISTS (SELECT FROM private.sealed_key k
        WHERE k.staff_id = h.staff_id AND k.purpose = 'fields' AND k.key_id = n.key_id)))
$$;

CREATE FUNCTION api.health() RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object(
    'server_version', split_part(current_setting('server_version'), ' ', 1),
    'in_recovery', pg_is_in_recovery(),
    -- The last stretch alone: behind a pooler this is the pooler's connection.
    'encrypted', (SELECT s.ssl FROM pg_stat_ssl s WHERE s.pid = pg_backend_pid()),
    'database_bytes', pg_database_size(current_database()),
    -- pg_stat_activity hides what kind the connections of other logins are; the statistics count them all.
    'connections', (SELECT sum(d.numbackends) FROM pg_stat_database d),
    'connections_allowed', current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
    'keys', private.key_figures())
$$;
GRANT EXECUTE ON FUNCTION api.health() TO lamplight_app;
RESET ROLE;
