SET ROLE lamplight_owner;

-- A workstation writes the bytes, so they may be anything: what is no text, or too short to name a key, is a row that no key
-- opens. It must not make every count of such rows fail, nor pass for a row of the current key.
CREATE OR REPLACE FUNCTION private.sealed_key_id(sealed bytea) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN sealed IS NULL THEN NULL
    WHEN length(sealed) > 2 THEN encode(substr(sealed, 3, get_byte(sealed, 1)), 'escape') ELSE '' END
$$;
RESET ROLE;
