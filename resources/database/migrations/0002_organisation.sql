SET ROLE lamplight_owner;

CREATE TABLE hospital.ward (
  code text PRIMARY KEY,
  name text NOT NULL,
  department text NOT NULL
);

CREATE TABLE hospital.bed (
  ward_code text NOT NULL REFERENCES hospital.ward,
  code text NOT NULL,
  PRIMARY KEY (ward_code, code)
);

CREATE TABLE hospital.staff (
  id text PRIMARY KEY,
  username text NOT NULL UNIQUE CHECK (username = lower(username)),
  name text NOT NULL,
  role text NOT NULL,
  department text NOT NULL,
  disabled_at timestamptz
);

CREATE TABLE hospital.shift (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  staff_id text NOT NULL REFERENCES hospital.staff,
  ward_code text NOT NULL REFERENCES hospital.ward,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at)
);
CREATE INDEX shift_of_staff ON hospital.shift (staff_id, starts_at);
CREATE INDEX shift_by_time ON hospital.shift (starts_at);

-- What the password proves, and what it opens. `verifier` is SHA-256 of the HKDF `auth` key, itself never stored.
CREATE TABLE private.credential (
  staff_id text PRIMARY KEY REFERENCES hospital.staff,
  salt bytea NOT NULL CHECK (length(salt) >= 16),
  memory_kib int NOT NULL CHECK (memory_kib BETWEEN 8 AND 1048576),
  iterations int NOT NULL CHECK (iterations BETWEEN 1 AND 20),
  parallelism int NOT NULL CHECK (parallelism BETWEEN 1 AND 8),
  verifier bytea NOT NULL CHECK (length(verifier) = 32)
);

-- Data keys sealed under a person's own HKDF `account-keys` key: `fields` opens identity data (held only by roles that may
-- see some of it), `personal` opens that person's chats. PostgreSQL stores them and can open none.
CREATE TABLE private.sealed_key (
  staff_id text NOT NULL REFERENCES hospital.staff,
  purpose text NOT NULL CHECK (purpose IN ('fields', 'personal')),
  key_id text NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (staff_id, purpose, key_id)
);

-- Filled from shared/access and shared/tools at each migration run; the policies read nothing else.
CREATE TABLE private.role_permission (
  role text NOT NULL,
  permission text NOT NULL,
  reach text NOT NULL CHECK (reach IN ('all', 'care-team', 'own')),
  PRIMARY KEY (role, permission)
);
CREATE TABLE private.tool (
  name text PRIMARY KEY,
  permission text NOT NULL,
  scope text NOT NULL CHECK (scope IN ('patient', 'ward', 'search', 'own', 'hospital', 'audit')),
  audit text NOT NULL CHECK (audit IN ('ACCESS', 'PHI_ACCESS', 'AUDIT_READ', 'CHAT_READ')),
  discloses text[] NOT NULL
);
CREATE TABLE private.audit_action (name text PRIMARY KEY);

-- One row: the installation's secrets and settings.
CREATE TABLE private.installation (
  is_only_row boolean PRIMARY KEY DEFAULT true CHECK (is_only_row),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- HMAC-SHA-256 pads (RFC 2104): the 32-byte key XORed with 0x36.. and 0x5c.., made when the row is made.
  inner_pad bytea NOT NULL CHECK (length(inner_pad) = 64),
  outer_pad bytea NOT NULL CHECK (length(outer_pad) = 64),
  demo boolean NOT NULL DEFAULT false,
  loaded_at timestamptz,
  -- Decides what "today" is. Never a session's own setting, which whoever is connected may change.
  time_zone text NOT NULL DEFAULT current_setting('TimeZone'),
  memory_kib int NOT NULL DEFAULT 65536,
  iterations int NOT NULL DEFAULT 3,
  parallelism int NOT NULL DEFAULT 1
);

CREATE FUNCTION private.xor_with(input bytea, with_byte int) RETURNS bytea LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE output bytea := input;
BEGIN
  FOR position IN 0 .. length(input) - 1 LOOP
    output := set_byte(output, position, get_byte(input, position) # with_byte);
  END LOOP;
  RETURN output;
END $$;

-- Four version-4 UUIDs: 488 random bits of the server's strong generator, no extension needed. Hashed to 32 bytes.
CREATE FUNCTION private.random_key() RETURNS bytea LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
$$;

INSERT INTO private.installation (inner_pad, outer_pad)
SELECT private.xor_with(padded, 54), private.xor_with(padded, 92)
FROM (SELECT private.random_key() || decode(repeat('00', 32), 'hex') AS padded) AS secret;

CREATE FUNCTION private.authentication_code(message text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(i.outer_pad || sha256(i.inner_pad || convert_to(message, 'UTF8'))), 'hex') FROM private.installation i
$$;
RESET ROLE;
