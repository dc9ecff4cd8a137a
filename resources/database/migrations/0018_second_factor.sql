-- The second factor: time-based one-time codes (RFC 6238) that PostgreSQL itself judges, recovery codes for who lost the
-- device, and the rules by which a role must have one. What a workstation claims about a code counts for nothing.
SET ROLE lamplight_owner;

-- SHA-1 (FIPS 180-4, 6.1). Every authenticator app computes its codes with HMAC-SHA-1, many with nothing else, and core
-- PostgreSQL has none. Its broken collision resistance is of no use against an HMAC; nothing but codes is made with it.
CREATE FUNCTION private.sha1(message bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  word CONSTANT bigint := 4294967295;
  padded CONSTANT bytea := message || '\x80'::bytea || decode(repeat('00', (119 - length(message) % 64) % 64), 'hex')
    || int8send(length(message)::bigint * 8);
  h0 bigint := 1732584193; h1 bigint := 4023233417; h2 bigint := 2562383102; h3 bigint := 271733878; h4 bigint := 3285377520;
  a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; k bigint; t bigint;
  w bigint[];
  position int;
BEGIN
  FOR block IN 0 .. length(padded) / 64 - 1 LOOP
    FOR i IN 0 .. 15 LOOP
      position := block * 64 + i * 4;
      w[i] := (get_byte(padded, position)::bigint << 24) | (get_byte(padded, position + 1) << 16)
        | (get_byte(padded, position + 2) << 8) | get_byte(padded, position + 3);
    END LOOP;
    FOR i IN 16 .. 79 LOOP
      t := w[i - 3] # w[i - 8] # w[i - 14] # w[i - 16];
      w[i] := ((t << 1) | (t >> 31)) & word;
    END LOOP;
    a := h0; b := h1; c := h2; d := h3; e := h4;
    FOR i IN 0 .. 79 LOOP
      IF i < 20 THEN
        f := (b & c) | ((b # word) & d); k := 1518500249;
      ELSIF i < 40 THEN
        f := b # c # d; k := 1859775393;
      ELSIF i < 60 THEN
        f := (b & c) | (b & d) | (c & d); k := 2400959708;
      ELSE
        f := b # c # d; k := 3395469782;
      END IF;
      t := ((((a << 5) | (a >> 27)) & word) + f + e + k + w[i]) & word;
      e := d; d := c; c := ((b << 30) | (b >> 2)) & word; b := a; a := t;
    END LOOP;
    h0 := (h0 + a) & word; h1 := (h1 + b) & word; h2 := (h2 + c) & word; h3 := (h3 + d) & word; h4 := (h4 + e) & word;
  END LOOP;
  RETURN substr(int8send(h0), 5) || substr(int8send(h1), 5) || substr(int8send(h2), 5) || substr(int8send(h3), 5) || substr(int8send(h4), 5);
END $$;

-- RFC 2104 over SHA-1, whose block has 64 bytes.
CREATE FUNCTION private.hmac_sha1(key bytea, message bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp AS $$
DECLARE short bytea := CASE WHEN length(key) > 64 THEN private.sha1(key) ELSE key END; padded bytea;
BEGIN
  padded := short || decode(repeat('00', 64 - length(short)), 'hex');
  RETURN private.sha1(private.xor_with(padded, 92) || private.sha1(private.xor_with(padded, 54) || message));
END $$;

-- The six digits of one time step (RFC 4226, 5.3).
CREATE FUNCTION private.one_time_code(secret bytea, step bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp AS $$
DECLARE digest bytea := private.hmac_sha1(secret, int8send(step)); first int := get_byte(digest, 19) & 15;
BEGIN
  RETURN lpad(((((get_byte(digest, first) & 127)::bigint << 24) | (get_byte(digest, first + 1) << 16)
    | (get_byte(digest, first + 2) << 8) | get_byte(digest, first + 3)) % 1000000)::text, 6, '0');
END $$;

-- A confirmed second factor. PostgreSQL has to know the secret to judge a code; no function gives it out after enrolment.
CREATE TABLE private.totp_factor (
  staff_id text PRIMARY KEY REFERENCES hospital.staff,
  secret bytea NOT NULL CHECK (length(secret) = 20),
  confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The step of the last code that was taken: it only grows, so no code is taken twice, nor one older than it.
  last_step bigint NOT NULL
);
-- Shown to its person and not yet confirmed by a code from it. The factor of before, if there is one, holds until then.
CREATE TABLE private.totp_enrolment (
  staff_id text PRIMARY KEY REFERENCES hospital.staff,
  session_id uuid NOT NULL REFERENCES private.session,
  secret bytea NOT NULL CHECK (length(secret) = 20),
  started_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- The workstation invents the codes, at least 80 random bits each, and sends nothing but these hashes.
CREATE TABLE private.recovery_code (
  staff_id text NOT NULL REFERENCES hospital.staff,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  used_at timestamptz,
  PRIMARY KEY (staff_id, hash)
);
-- A role without a row has the defaults.
CREATE TABLE private.sign_in_rule (
  role text PRIMARY KEY,
  second_factor text NOT NULL DEFAULT 'optional' CHECK (second_factor IN ('optional', 'required')),
  badge text NOT NULL DEFAULT 'with-password' CHECK (badge IN ('off', 'with-password', 'with-code'))
);
DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['totp_factor', 'totp_enrolment', 'recovery_code', 'sign_in_rule'] LOOP
    EXECUTE format('ALTER TABLE private.%I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE private.%I FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY functions_of_the_owner ON private.%I TO lamplight_owner USING (true) WITH CHECK (true)', relation);
  END LOOP;
END $$;

-- `restricted`: the sign-in is not finished, because its person must choose a password of their own, or set up the second
-- factor that their role demands. `second_factor`: this session was opened with a code. `idle_seconds`: seconds of quiet after
-- which this server takes a session for left alone, fifteen minutes at the most.
ALTER TABLE private.session
  ADD COLUMN idle_seconds int NOT NULL DEFAULT 900 CHECK (idle_seconds BETWEEN 3 AND 900),
  ADD COLUMN restricted text CHECK (restricted IN ('password-change', 'enrolment')),
  ADD COLUMN second_factor boolean NOT NULL DEFAULT false;

CREATE FUNCTION private.sign_in_rule_of(p_role text) RETURNS private.sign_in_rule LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT ROW(p_role, coalesce(r.second_factor, 'optional'), coalesce(r.badge, 'with-password'))::private.sign_in_rule
    FROM (SELECT) AS always LEFT JOIN private.sign_in_rule r ON r.role = p_role
$$;

CREATE FUNCTION private.has_second_factor(p_staff text) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$ SELECT EXISTS (SELECT FROM private.totp_factor f WHERE f.staff_id = p_staff) $$;

-- The step that a code belongs to, of this one and its two neighbours (RFC 6238, 5.2), newer than `p_after`; else NULL.
CREATE FUNCTION private.step_of_code(p_secret bytea, p_code text, p_after bigint) RETURNS bigint LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE now_step bigint := floor(extract(epoch FROM clock_timestamp()) / 30); fits bigint;
BEGIN
  FOR step IN now_step - 1 .. now_step + 1 LOOP
    IF private.one_time_code(p_secret, step) = p_code AND step > p_after AND fits IS NULL THEN
      fits := step;
    END IF;
  END LOOP;
  RETURN fits;
END $$;

-- What a person typed, without the spaces and dashes that make it readable.
CREATE FUNCTION private.bare_code(p_code text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$ SELECT upper(regexp_replace(left(p_code, 60), '[\s-]', '', 'g')) $$;

-- Takes a code, once: 'totp' or 'recovery', NULL where it is none. The conditions stand in the writing statement, so that of
-- two that come with one code at the same moment one is refused.
CREATE FUNCTION private.take_code(p_staff text, p_code text) RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE bare text := private.bare_code(p_code); factor private.totp_factor; step bigint;
BEGIN
  SELECT * INTO factor FROM private.totp_factor f WHERE f.staff_id = p_staff FOR NO KEY UPDATE;
  IF factor.staff_id IS NULL OR bare IS NULL THEN
    RETURN NULL;
  END IF;
  IF bare ~ '^[0-9]{6}$' THEN
    step := private.step_of_code(factor.secret, bare, factor.last_step);
    UPDATE private.totp_factor f SET last_step = step WHERE f.staff_id = p_staff AND f.last_step < step;
    RETURN CASE WHEN FOUND THEN 'totp' END;
  END IF;
  UPDATE private.recovery_code r SET used_at = clock_timestamp()
   WHERE r.staff_id = p_staff AND r.hash = sha256(convert_to(bare, 'UTF8')) AND r.used_at IS NULL;
  RETURN CASE WHEN FOUND THEN 'recovery' END;
END $$;

-- Holds the ends of several chains, always in the same order, so that two who end each other's sessions do not wait for ever.
CREATE FUNCTION private.hold_chains(p_chains uuid[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM private.audit_chain h WHERE h.id = ANY (p_chains) ORDER BY h.id FOR NO KEY UPDATE;
END $$;

-- Ends open sessions of a person: one, or without `p_session` all but `p_except`. Each end is in the chain of the session that
-- ends. `p_actor` is the session of who does it; without one it is a rule. The caller holds the person's row.
CREATE FUNCTION private.end_sessions(p_staff text, p_session uuid, p_except uuid, p_because text, p_actor private.session, p_reason text DEFAULT NULL)
RETURNS int LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE victim private.session; victims uuid[]; ended int := 0; who hospital.staff;
BEGIN
  victims := ARRAY(SELECT s.id FROM private.session s WHERE s.staff_id = p_staff AND s.ended_at IS NULL
    AND s.expires_at > clock_timestamp() AND (p_session IS NULL OR s.id = p_session) AND s.id IS DISTINCT FROM p_except);
  PERFORM private.hold_chains(victims || (p_actor).id);
  SELECT * INTO who FROM hospital.staff m WHERE m.id = coalesce((p_actor).staff_id, p_staff);
  FOR victim IN
    UPDATE private.session s SET ended_at = clock_timestamp(), ended_because = p_because, token_hash = NULL
     WHERE s.id = ANY (victims) AND s.ended_at IS NULL RETURNING *
  LOOP
    ended := ended + 1;
    PERFORM private.append_audit(victim.id, victim.id, who.id, who.role, 'SESSION_REVOKED', NULL, 'granted', '{}',
      coalesce((p_actor).workstation, victim.workstation),
      jsonb_strip_nulls(jsonb_build_object('of', p_staff, 'because', p_because, 'reason', left(p_reason, 200))));
  END LOOP;
  RETURN ended;
END $$;

-- An attempt is judged once, but whoever holds the workstation's login could have it judged, roll that back, and have it judged
-- again with another code. Sequences stand outside transactions: what an attempt is worth is counted by one of them, and
-- every further attempt is counted, and in the end locked, by begin_sign_in. Attempts share sequences, by their random ids and
-- not by names, so that nobody chooses whose; a few steps are left for others who sign in at the same moment.
DO $$
BEGIN
  FOR slot IN 0 .. 255 LOOP
    EXECUTE format('CREATE SEQUENCE private.guesses_%s', slot);
  END LOOP;
END $$;
ALTER TABLE private.sign_in_attempt ADD COLUMN first_guess bigint;

CREATE FUNCTION private.guesses_of(p_attempt uuid) RETURNS regclass LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$ SELECT ('private.guesses_' || get_byte(uuid_send(p_attempt), 0))::regclass $$;

CREATE FUNCTION private.note_first_guess() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.first_guess := nextval(private.guesses_of(NEW.id));
  RETURN NEW;
END $$;
CREATE TRIGGER first_guess BEFORE INSERT ON private.sign_in_attempt FOR EACH ROW EXECUTE FUNCTION private.note_first_guess();

-- An attempt that begin_sign_in committed, taken once and within two minutes.
CREATE FUNCTION private.take_attempt(p_attempt uuid) RETURNS private.sign_in_attempt LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE tried private.sign_in_attempt;
BEGIN
  SELECT a.* INTO tried FROM private.sign_in_attempt a WHERE a.id = p_attempt;
  -- A guess that is rolled back is counted all the same: a sequence goes back for nobody. What an attempt is worth no more
  -- counts nothing more, so that it takes no step from the others.
  IF tried.id IS NULL OR pg_sequence_last_value(private.guesses_of(tried.id)) - tried.first_guess >= 4
     OR nextval(private.guesses_of(tried.id)) - tried.first_guess > 4 THEN
    RAISE EXCEPTION 'no such sign-in attempt' USING ERRCODE = '28000';
  END IF;
  UPDATE private.sign_in_attempt a SET judged_at = clock_timestamp()
   WHERE a.id = p_attempt AND a.judged_at IS NULL AND a.at > clock_timestamp() - interval '2 minutes'
     AND a.xid <> pg_current_xact_id() RETURNING * INTO tried;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such sign-in attempt' USING ERRCODE = '28000';
  END IF;
  RETURN tried;
END $$;

-- Writes a refused attempt down. The fifth failure ends whatever that person has open: somebody may be at it with the
-- password of one of their sessions in hand. A name that nobody bears has no sessions; its answer is the same.
CREATE FUNCTION private.refuse_attempt(p_tried private.sign_in_attempt, p_staff text, p_outcome text, p_step text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_outcome = 'failed' AND (SELECT c.failed_attempts FROM private.sign_in_counter c WHERE c.username = (p_tried).username) >= 5 THEN
    PERFORM private.end_sessions(p_staff, NULL, NULL, 'failed sign-ins', NULL);
  END IF;
  PERFORM private.append_audit('00000000-0000-0000-0000-000000000000', NULL, p_staff, NULL, 'LOGIN_FAILED', NULL, p_outcome, '{}',
    (p_tried).workstation, jsonb_strip_nulls(jsonb_build_object('attempt', (p_tried).id, 'address', (p_tried).address, 'step', p_step)));
END $$;

-- The person of a session proves again who they are, by an attempt that is counted like a sign-in: 'granted', 'failed' or
-- 'locked'. With `p_with_code` who has a second factor brings a code as well. Answers instead of raising: what was refused
-- has to be committed.
CREATE FUNCTION private.reauthenticate(p_session private.session, p_attempt uuid, p_code text DEFAULT NULL, p_with_code boolean DEFAULT false)
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE tried private.sign_in_attempt := private.take_attempt(p_attempt); expected bytea; taken text;
BEGIN
  -- In the order of everything that holds several: the person, the chains of sessions, the sessions, the installation's chain.
  PERFORM FROM hospital.staff m WHERE m.id = (p_session).staff_id FOR NO KEY UPDATE;
  PERFORM private.hold_chains(ARRAY[(p_session).id]);
  SELECT c.verifier INTO expected FROM private.credential c WHERE c.staff_id = (p_session).staff_id;
  IF tried.locked OR tried.staff_id IS DISTINCT FROM (p_session).staff_id OR expected IS DISTINCT FROM tried.proof_hash THEN
    PERFORM private.refuse_attempt(tried, tried.staff_id, CASE WHEN tried.locked THEN 'locked' ELSE 'failed' END, 'again');
    RETURN CASE WHEN tried.locked THEN 'locked' ELSE 'failed' END;
  END IF;
  IF p_with_code AND private.has_second_factor((p_session).staff_id) THEN
    taken := private.take_code((p_session).staff_id, p_code);
    IF taken IS NULL THEN
      PERFORM private.refuse_attempt(tried, tried.staff_id, 'failed', 'code');
      RETURN 'failed';
    END IF;
    PERFORM private.audit_recovery(p_session, taken);
  END IF;
  DELETE FROM private.sign_in_counter c WHERE c.username = tried.username;
  RETURN 'granted';
END $$;

CREATE FUNCTION private.audit_recovery(p_session private.session, p_taken text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_taken = 'recovery' THEN
    PERFORM private.append_audit((p_session).id, (p_session).id, (p_session).staff_id,
      (SELECT m.role FROM hospital.staff m WHERE m.id = (p_session).staff_id), 'RECOVERY_CODE_USED', NULL, 'granted', '{}', (p_session).workstation,
      jsonb_build_object('left', (SELECT count(*) FROM private.recovery_code r WHERE r.staff_id = (p_session).staff_id AND r.used_at IS NULL)));
  END IF;
END $$;

-- In the own session's chain, whatever became of it.
CREATE FUNCTION private.audit_own(p_session private.session, p_action text, p_outcome text, p_detail jsonb) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  SELECT private.append_audit((p_session).id, (p_session).id, (p_session).staff_id,
    (SELECT m.role FROM hospital.staff m WHERE m.id = (p_session).staff_id), p_action, NULL, p_outcome, '{}', (p_session).workstation, p_detail)
$$;

-- Begins an enrolment, or begins it anew: the secret is given out by this call alone. `outcome` like reauthenticate. Who has a
-- second factor brings a code of it: an unlock takes the password alone, which must not be enough to put another in its place.
CREATE FUNCTION api.start_second_factor(token text, attempt uuid, code text DEFAULT NULL) RETURNS TABLE (outcome text, secret bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.any_session_of(start_second_factor.token);
BEGIN
  outcome := private.reauthenticate(opened, start_second_factor.attempt, start_second_factor.code, true);
  IF outcome = 'granted' THEN
    secret := substr(private.random_key(), 1, 20);
    INSERT INTO private.totp_enrolment AS e (staff_id, session_id, secret) VALUES (opened.staff_id, opened.id, start_second_factor.secret)
      ON CONFLICT ON CONSTRAINT totp_enrolment_pkey DO UPDATE SET session_id = excluded.session_id, secret = excluded.secret, started_at = clock_timestamp();
  END IF;
  PERFORM private.audit_own(opened, 'SECOND_FACTOR_CHANGED', outcome, jsonb_build_object('step', 'started'));
  RETURN NEXT;
END $$;

-- The first code from a new authenticator makes it the second factor, with ten recovery codes of which only the SHA-256 comes
-- here. 'confirmed', or 'failed'. Ends the restriction of a session that was waiting for this alone.
CREATE FUNCTION api.confirm_second_factor(token text, code text, recovery_hashes bytea[]) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.any_session_of(confirm_second_factor.token); pending private.totp_enrolment; step bigint;
BEGIN
  PERFORM FROM hospital.staff m WHERE m.id = opened.staff_id FOR NO KEY UPDATE;
  SELECT * INTO pending FROM private.totp_enrolment e
   WHERE e.staff_id = opened.staff_id AND e.session_id = opened.id AND e.started_at > clock_timestamp() - interval '15 minutes';
  step := private.step_of_code(pending.secret, private.bare_code(confirm_second_factor.code), -1);
  IF step IS NULL THEN
    PERFORM private.audit_own(opened, 'SECOND_FACTOR_CHANGED', 'failed', jsonb_build_object('step', 'confirmed'));
    RETURN 'failed';
  END IF;
  PERFORM private.replace_recovery_codes(opened.staff_id, confirm_second_factor.recovery_hashes);
  INSERT INTO private.totp_factor AS f (staff_id, secret, last_step) VALUES (opened.staff_id, pending.secret, step)
    ON CONFLICT ON CONSTRAINT totp_factor_pkey DO UPDATE SET secret = excluded.secret, last_step = excluded.last_step, confirmed_at = clock_timestamp();
  DELETE FROM private.totp_enrolment e WHERE e.staff_id = opened.staff_id;
  PERFORM private.audit_own(opened, 'SECOND_FACTOR_CHANGED', 'granted', jsonb_build_object('step', 'confirmed'));
  UPDATE private.session s SET second_factor = true, restricted = nullif(s.restricted, 'enrolment') WHERE s.id = opened.id;
  RETURN 'confirmed';
END $$;

CREATE FUNCTION private.replace_recovery_codes(p_staff text, p_hashes bytea[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (SELECT count(DISTINCT h) FROM unnest(p_hashes) h WHERE length(h) = 32) IS DISTINCT FROM 10 OR cardinality(p_hashes) <> 10 THEN
    RAISE EXCEPTION 'ten recovery codes are wanted' USING ERRCODE = '22023';
  END IF;
  DELETE FROM private.recovery_code r WHERE r.staff_id = p_staff;
  INSERT INTO private.recovery_code (staff_id, hash) SELECT p_staff, h FROM unnest(p_hashes) h;
END $$;

-- Gives the second factor up, by password and a last code. 'removed', 'failed', 'locked', 'none', or 'required' where the
-- role's rule wants one.
CREATE FUNCTION api.remove_second_factor(token text, attempt uuid, code text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(remove_second_factor.token); verdict text;
BEGIN
  verdict := private.reauthenticate(opened, remove_second_factor.attempt, remove_second_factor.code, true);
  IF verdict = 'granted' THEN
    verdict := CASE
      WHEN NOT private.has_second_factor(opened.staff_id) THEN 'none'
      WHEN (private.sign_in_rule_of((SELECT m.role FROM hospital.staff m WHERE m.id = opened.staff_id))).second_factor = 'required' THEN 'required'
      ELSE 'removed' END;
  END IF;
  PERFORM private.audit_own(opened, 'SECOND_FACTOR_CHANGED', CASE verdict WHEN 'removed' THEN 'granted' ELSE verdict END, jsonb_build_object('step', 'removed'));
  IF verdict = 'removed' THEN
    PERFORM private.forget_second_factor(opened.staff_id);
  END IF;
  RETURN verdict;
END $$;

CREATE FUNCTION private.forget_second_factor(p_staff text) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM private.totp_factor WHERE staff_id = p_staff;
  DELETE FROM private.totp_enrolment WHERE staff_id = p_staff;
  DELETE FROM private.recovery_code WHERE staff_id = p_staff;
$$;

-- Ten new recovery codes; those of before open nothing any more. 'renewed', 'failed', 'locked' or 'none'.
CREATE FUNCTION api.renew_recovery_codes(token text, attempt uuid, code text, recovery_hashes bytea[]) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(renew_recovery_codes.token); verdict text;
BEGIN
  verdict := private.reauthenticate(opened, renew_recovery_codes.attempt, renew_recovery_codes.code, true);
  IF verdict = 'granted' THEN
    verdict := CASE WHEN private.has_second_factor(opened.staff_id) THEN 'renewed' ELSE 'none' END;
  END IF;
  PERFORM private.audit_own(opened, 'SECOND_FACTOR_CHANGED', CASE verdict WHEN 'renewed' THEN 'granted' ELSE verdict END, jsonb_build_object('step', 'recovery codes'));
  IF verdict = 'renewed' THEN
    PERFORM private.replace_recovery_codes(opened.staff_id, renew_recovery_codes.recovery_hashes);
  END IF;
  RETURN verdict;
END $$;

-- The session that a token opens, or an exception, also where its sign-in is not finished. For the few functions that finish
-- one, and for nobody else.
CREATE FUNCTION private.any_session_of(p_token text) RETURNS private.session LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE found_session private.session;
BEGIN
  SELECT s.* INTO found_session FROM private.session s JOIN hospital.staff m ON m.id = s.staff_id
   WHERE s.token_hash = sha256(convert_to(p_token, 'UTF8')) AND s.ended_at IS NULL AND m.disabled_at IS NULL
     AND s.expires_at > clock_timestamp() AND s.last_seen > clock_timestamp() - interval '15 minutes';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'session invalid or expired' USING ERRCODE = '28000';
  END IF;
  RETURN found_session;
END $$;

-- What every other function asks: a session whose sign-in is not finished is none.
CREATE OR REPLACE FUNCTION private.session_of(p_token text) RETURNS private.session LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE found_session private.session := private.any_session_of(p_token);
BEGIN
  IF found_session.restricted IS NOT NULL THEN
    RAISE EXCEPTION 'session invalid or expired' USING ERRCODE = '28000';
  END IF;
  RETURN found_session;
END $$;

GRANT EXECUTE ON FUNCTION api.start_second_factor(text, uuid, text), api.confirm_second_factor(text, text, bytea[]),
  api.remove_second_factor(text, uuid, text), api.renew_recovery_codes(text, uuid, text, bytea[]) TO lamplight_app;
RESET ROLE;
