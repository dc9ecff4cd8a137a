SET ROLE lamplight_owner;

-- Two keys instead of one. The invented salts of unknown names must stay the same for ever, or asking twice would tell which
-- names exist; the key that signs contexts can then be changed at any time. The first salt key is today's key, so that no
-- invented salt changes by this file either.
ALTER TABLE private.installation
  ADD COLUMN salt_inner_pad bytea, ADD COLUMN salt_outer_pad bytea,
  ADD COLUMN context_key_id text NOT NULL DEFAULT substr(gen_random_uuid()::text, 1, 8),
  -- NULL: as old as the installation.
  ADD COLUMN context_key_created_at timestamptz;
UPDATE private.installation SET salt_inner_pad = inner_pad, salt_outer_pad = outer_pad;
ALTER TABLE private.installation
  ALTER COLUMN salt_inner_pad SET NOT NULL, ALTER COLUMN salt_outer_pad SET NOT NULL,
  ADD CONSTRAINT salt_pads CHECK (length(salt_inner_pad) = 64 AND length(salt_outer_pad) = 64);

CREATE FUNCTION private.invented_salt(p_username text) RETURNS bytea LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT substr(sha256(i.salt_outer_pad || sha256(i.salt_inner_pad || convert_to('salt|' || lower(p_username), 'UTF8'))), 1, 16)
    FROM private.installation i
$$;

CREATE OR REPLACE FUNCTION api.login_parameters(username text)
RETURNS TABLE (salt bytea, memory_kib int, iterations int, parallelism int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(c.salt, private.invented_salt(login_parameters.username)),
         coalesce(c.memory_kib, i.memory_kib), coalesce(c.iterations, i.iterations), coalesce(c.parallelism, i.parallelism)
    FROM private.installation i
    LEFT JOIN hospital.staff s ON s.username = lower(login_parameters.username)
    LEFT JOIN private.credential c ON c.staff_id = s.id
$$;

-- A new key for the signatures of contexts. Requests that are open read nothing from here on and are asked again.
CREATE FUNCTION private.rotate_context_key() RETURNS text LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp AS $$
  UPDATE private.installation SET
    (inner_pad, outer_pad) = (SELECT private.xor_with(padded, 54), private.xor_with(padded, 92)
      FROM (SELECT private.random_key() || decode(repeat('00', 32), 'hex') AS padded) AS secret),
    context_key_id = substr(gen_random_uuid()::text, 1, 8), context_key_created_at = clock_timestamp()
  RETURNING context_key_id
$$;

-- NULL: before this was kept.
ALTER TABLE private.sealed_key ADD COLUMN created_at timestamptz;
ALTER TABLE private.sealed_key ALTER COLUMN created_at SET DEFAULT clock_timestamp();

-- A field key sealed under the one before it: whoever holds the old one opens the new one, until all hold it themselves.
CREATE TABLE private.key_link (
  key_id text PRIMARY KEY,
  sealed_under text NOT NULL UNIQUE CHECK (sealed_under <> key_id),
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- Keys that nobody is given any more: what is sealed with one of them would be lost, so it is not taken.
CREATE TABLE private.retired_key (
  key_id text PRIMARY KEY,
  retired_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['key_link', 'retired_key'] LOOP
    EXECUTE format('ALTER TABLE private.%I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE private.%I FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY functions_of_the_owner ON private.%I TO lamplight_owner USING (true) WITH CHECK (true)', relation);
  END LOOP;
END $$;

-- The id of the key that a sealed field was made with: version, length of the id, id (electron/sealing/seal.ts).
CREATE FUNCTION private.sealed_key_id(sealed bytea) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN length(sealed) > 2 THEN convert_from(substr(sealed, 3, get_byte(sealed, 1)), 'UTF8') END
$$;

CREATE FUNCTION private.refuse_retired_key() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE written jsonb := to_jsonb(NEW); field text;
BEGIN
  FOREACH field IN ARRAY TG_ARGV LOOP
    IF EXISTS (SELECT FROM private.retired_key r WHERE r.key_id = private.sealed_key_id((written ->> field)::bytea)) THEN
      RAISE EXCEPTION 'sealed with a key that was retired' USING ERRCODE = '55000';
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
CREATE TRIGGER living_key BEFORE INSERT OR UPDATE ON hospital.patient_identity FOR EACH ROW
  EXECUTE FUNCTION private.refuse_retired_key('ssn', 'address', 'phone', 'email', 'emergency_contact');
CREATE TRIGGER living_key BEFORE INSERT OR UPDATE ON hospital.patient_insurance FOR EACH ROW
  EXECUTE FUNCTION private.refuse_retired_key('number');

-- The links, for whoever holds a field key: to anybody else they are closed, and so would be what they open.
CREATE FUNCTION api.key_links(token text) RETURNS TABLE (key_id text, sealed_under text, sealed bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(key_links.token);
BEGIN
  RETURN QUERY SELECT l.key_id, l.sealed_under, l.sealed FROM private.key_link l
    WHERE EXISTS (SELECT FROM private.sealed_key k WHERE k.staff_id = opened.staff_id AND k.purpose = 'fields');
END $$;

-- A person keeps the new field key, sealed under their own account key. Only while its link is there, and only who holds the
-- key that the link is under.
CREATE FUNCTION api.keep_sealed_key(token text, purpose text, key_id text, sealed bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(keep_sealed_key.token);
BEGIN
  IF keep_sealed_key.purpose IS DISTINCT FROM 'fields' OR length(keep_sealed_key.sealed) NOT BETWEEN 32 AND 400 THEN
    RAISE EXCEPTION 'no such key' USING ERRCODE = '22023';
  END IF;
  PERFORM FROM private.key_link l JOIN private.sealed_key k ON k.key_id = l.sealed_under AND k.purpose = 'fields'
    WHERE l.key_id = keep_sealed_key.key_id AND k.staff_id = opened.staff_id FOR SHARE OF l;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this key is not offered' USING ERRCODE = '42501';
  END IF;
  INSERT INTO private.sealed_key AS k (staff_id, purpose, key_id, sealed)
    VALUES (opened.staff_id, 'fields', keep_sealed_key.key_id, keep_sealed_key.sealed)
    ON CONFLICT ON CONSTRAINT sealed_key_pkey DO UPDATE SET sealed = excluded.sealed, created_at = clock_timestamp();
  PERFORM private.append_audit(opened.id, opened.id, opened.staff_id, (SELECT s.role FROM hospital.staff s WHERE s.id = opened.staff_id),
    'KEYS_ROTATED', NULL, 'granted', '{}', opened.workstation, jsonb_build_object('key', 'fields', 'step', 'kept', 'id', left(keep_sealed_key.key_id, 40)));
END $$;
GRANT EXECUTE ON FUNCTION api.key_links(text), api.keep_sealed_key(text, text, text, bytea) TO lamplight_app;
RESET ROLE;
