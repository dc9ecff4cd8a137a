SET ROLE lamplight_owner;

-- What a workstation needs to derive the proof. An unknown name gets a salt of its own that never changes, and the
-- parameters of everybody else, so that asking tells nobody which accounts exist.
CREATE FUNCTION api.login_parameters(username text)
RETURNS TABLE (salt bytea, memory_kib int, iterations int, parallelism int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(c.salt, substr(decode(private.authentication_code('salt|' || lower(login_parameters.username)), 'hex'), 1, 16)),
         coalesce(c.memory_kib, i.memory_kib), coalesce(c.iterations, i.iterations), coalesce(c.parallelism, i.parallelism)
    FROM private.installation i
    LEFT JOIN hospital.staff s ON s.username = lower(login_parameters.username)
    LEFT JOIN private.credential c ON c.staff_id = s.id
$$;

-- First transaction: the attempt is committed as a failed one before anybody learns whether it was right.
CREATE FUNCTION api.begin_sign_in(username text, proof bytea, workstation text DEFAULT '', address text DEFAULT '', app_version text DEFAULT '')
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked text := lower(left(begin_sign_in.username, 80));
  known text;
  counter private.sign_in_counter;
  was_locked boolean := false;
  attempt uuid;
BEGIN
  -- What nobody can use any more is swept here, off every hot path.
  DELETE FROM private.announcement a WHERE a.expires_at < clock_timestamp() - interval '1 day';
  DELETE FROM private.sign_in_counter c WHERE c.last_at < clock_timestamp() - interval '1 day' 
     AND (c.locked_until IS NULL OR c.locked_until < clock_timestamp());
  SELECT id INTO known FROM hospital.staff s WHERE s.username = asked AND s.disabled_at IS NULL;
  INSERT INTO private.sign_in_counter AS c VALUES (asked, 0, NULL, clock_timestamp())
    ON CONFLICT ON CONSTRAINT sign_in_counter_pkey DO UPDATE SET last_at = clock_timestamp();
  SELECT * INTO counter FROM private.sign_in_counter c WHERE c.username = asked FOR UPDATE;
  IF counter.locked_until > clock_timestamp() THEN
    was_locked := true;
  ELSE
    -- From the fifth failure on, each locks for twice as long as the one before: 1 minute up to 1 hour.
    UPDATE private.sign_in_counter c SET failed_attempts = counter.failed_attempts + 1,
      locked_until = CASE WHEN counter.failed_attempts + 1 >= 5
        THEN clock_timestamp() + least(interval '1 hour', interval '1 minute' * power(2, least(counter.failed_attempts - 4, 10))) END
     WHERE c.username = asked;
  END IF;
  INSERT INTO private.sign_in_attempt (staff_id, username, proof_hash, locked, workstation, address, app_version)
    VALUES (known, asked, sha256(begin_sign_in.proof), was_locked, left(begin_sign_in.workstation, 80), left(begin_sign_in.address, 80), left(begin_sign_in.app_version, 40))
    RETURNING id INTO attempt;
  PERFORM private.append_audit('00000000-0000-0000-0000-000000000000', NULL, known, NULL, 'LOGIN_ATTEMPT', NULL,
    CASE WHEN was_locked THEN 'locked' ELSE 'counted' END, '{}', left(begin_sign_in.workstation, 80),
    jsonb_build_object('attempt', attempt, 'address', left(begin_sign_in.address, 80), 'version', left(begin_sign_in.app_version, 40)));
  RETURN attempt;
END $$;

-- What has served its purpose goes, some of it with every sign-in, so that neither table grows for ever. The audit has it all.
CREATE FUNCTION private.tidy() RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM private.announcement WHERE id IN (SELECT a.id FROM private.announcement a
    WHERE a.expires_at < clock_timestamp() - interval '1 hour' LIMIT 2000 FOR UPDATE SKIP LOCKED);
  DELETE FROM private.sign_in_attempt WHERE id IN (SELECT a.id FROM private.sign_in_attempt a
    WHERE a.at < clock_timestamp() - interval '1 day' LIMIT 2000 FOR UPDATE SKIP LOCKED);
$$;

-- Second transaction: judges only that attempt. `code` is the second factor's, none is required yet. `renews` is the
-- locked session of the same person that unlocking continues; it takes no second of the three sessions.
CREATE FUNCTION api.finish_sign_in(attempt uuid, code text DEFAULT NULL, renews uuid DEFAULT NULL)
RETURNS TABLE (outcome text, token text, session_id uuid, staff_id text, username text, name text, role text, department text, started_at timestamptz, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  tried private.sign_in_attempt;
  person hospital.staff;
  expected bytea;
  made private.session;
  secret text := encode(private.random_key(), 'hex');
  renewed boolean := false;
  installation_chain uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
  UPDATE private.sign_in_attempt a SET judged_at = clock_timestamp()
   WHERE a.id = finish_sign_in.attempt AND a.judged_at IS NULL AND a.at > clock_timestamp() - interval '2 minutes'
     AND a.xid <> pg_current_xact_id() RETURNING * INTO tried;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such sign-in attempt' USING ERRCODE = '28000';
  END IF;
  -- Locked, so that two sign-ins of one person at the same moment count each other's session.
  SELECT * INTO person FROM hospital.staff s WHERE s.id = tried.staff_id AND s.disabled_at IS NULL FOR NO KEY UPDATE;
  SELECT c.verifier INTO expected FROM private.credential c WHERE c.staff_id = tried.staff_id;
  IF tried.locked OR person.id IS NULL OR expected IS DISTINCT FROM tried.proof_hash THEN
    outcome := CASE WHEN tried.locked THEN 'locked' ELSE 'failed' END;
    PERFORM private.append_audit(installation_chain, NULL, person.id, NULL, 'LOGIN_FAILED', NULL, outcome, '{}', tried.workstation,
      jsonb_build_object('attempt', tried.id, 'address', tried.address));
    RETURN NEXT;
    RETURN;
  END IF;
  DELETE FROM private.sign_in_counter c WHERE c.username = tried.username;
  -- Chain before session, in the order of everything else that takes both: else an unlock and a read that was still on its
  -- way could wait for each other.
  PERFORM FROM private.audit_chain h WHERE h.id = finish_sign_in.renews FOR NO KEY UPDATE;
  UPDATE private.session s SET token_hash = sha256(convert_to(secret, 'UTF8')), last_seen = clock_timestamp()
   WHERE s.id = finish_sign_in.renews AND s.staff_id = person.id AND s.ended_at IS NULL AND s.expires_at > clock_timestamp()
   RETURNING * INTO made;
  renewed := FOUND;
  IF NOT renewed THEN
    INSERT INTO private.session (token_hash, staff_id, workstation, address, app_version, expires_at)
      VALUES (sha256(convert_to(secret, 'UTF8')), person.id, tried.workstation, tried.address, tried.app_version, clock_timestamp() + interval '12 hours')
      RETURNING * INTO made;
    INSERT INTO private.audit_chain (id) VALUES (made.id);
    -- At most three sessions a person: the oldest ends.
    UPDATE private.session s SET ended_at = clock_timestamp(), ended_because = 'replaced by a newer session', token_hash = NULL
     WHERE s.id IN (SELECT o.id FROM private.session o WHERE o.staff_id = person.id AND o.ended_at IS NULL
                     AND o.expires_at > clock_timestamp() ORDER BY o.started_at DESC OFFSET 3);
  END IF;
  -- Told to both chains: the installation's knows every session that ever began, so a chain cannot vanish unnoticed.
  PERFORM private.append_audit(installation_chain, made.id, person.id, person.role, CASE WHEN renewed THEN 'UNLOCK' ELSE 'LOGIN' END, NULL,
    'granted', '{}', tried.workstation, jsonb_build_object('attempt', tried.id, 'address', tried.address, 'version', tried.app_version));
  PERFORM private.append_audit(made.id, made.id, person.id, person.role, CASE WHEN renewed THEN 'UNLOCK' ELSE 'LOGIN' END, NULL,
    'granted', '{}', tried.workstation, jsonb_build_object('address', tried.address, 'version', tried.app_version));
  PERFORM private.tidy();
  outcome := 'granted';
  token := secret;
  session_id := made.id; staff_id := person.id; username := person.username; name := person.name; role := person.role;
  department := person.department; started_at := made.started_at; expires_at := made.expires_at;
  RETURN NEXT;
END $$;

CREATE FUNCTION api.heartbeat(token text) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(heartbeat.token);
BEGIN
  UPDATE private.session SET last_seen = clock_timestamp() WHERE id = opened.id AND last_seen < clock_timestamp() - interval '5 seconds';
  RETURN opened.expires_at;
END $$;

CREATE FUNCTION private.leave(p_token text, p_action text, p_reason text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE left_session private.session; hash bytea := sha256(convert_to(p_token, 'UTF8')); asked uuid;
BEGIN
  -- Also a session that idled out here may still say that it locks or leaves; it opens nothing by that.
  SELECT id INTO asked FROM private.session WHERE token_hash = hash AND ended_at IS NULL;
  -- The chain before the session, like everybody else; then only the very token that leaves: a lock that comes late must
  -- not close what its person has unlocked meanwhile.
  PERFORM FROM private.audit_chain WHERE id = asked FOR NO KEY UPDATE;
  UPDATE private.session SET token_hash = NULL, ended_at = CASE WHEN p_action = 'LOGOUT' THEN clock_timestamp() END,
    ended_because = CASE WHEN p_action = 'LOGOUT' THEN left(p_reason, 40) END
   WHERE id = asked AND token_hash = hash AND ended_at IS NULL RETURNING * INTO left_session;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  PERFORM private.append_audit(left_session.id, left_session.id, left_session.staff_id,
    (SELECT role FROM hospital.staff WHERE id = left_session.staff_id), p_action, NULL, 'granted', '{}', left_session.workstation,
    jsonb_build_object('reason', left(p_reason, 40)));
END $$;

-- Locking makes the token worthless; the session waits for its person's password.
CREATE FUNCTION api.lock_session(token text, reason text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT private.leave(lock_session.token, 'LOCK', lock_session.reason) $$;
CREATE FUNCTION api.sign_out(token text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT private.leave(sign_out.token, 'LOGOUT', 'person') $$;

CREATE FUNCTION api.whoami(token text)
RETURNS TABLE (staff_id text, username text, name text, role text, department text, started_at timestamptz, expires_at timestamptz,
  shift_ward text, shift_ward_name text, shift_ends_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(whoami.token);
BEGIN
  RETURN QUERY SELECT m.id, m.username, m.name, m.role, m.department, opened.started_at, opened.expires_at, w.code, w.name, s.ends_at
    FROM hospital.staff m
    LEFT JOIN LATERAL (SELECT * FROM hospital.shift h WHERE h.staff_id = m.id AND h.starts_at <= now() + interval '30 minutes'
      AND h.ends_at >= now() - interval '30 minutes' ORDER BY h.starts_at LIMIT 1) s ON true
    LEFT JOIN hospital.ward w ON w.code = s.ward_code
   WHERE m.id = opened.staff_id;
END $$;

CREATE FUNCTION api.sealed_keys(token text) RETURNS TABLE (purpose text, key_id text, sealed bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(sealed_keys.token);
BEGIN
  RETURN QUERY SELECT k.purpose, k.key_id, k.sealed FROM private.sealed_key k WHERE k.staff_id = opened.staff_id;
END $$;

-- What a page may know before anybody signs in.
CREATE FUNCTION api.installation_status() RETURNS TABLE (loaded boolean, demo boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT loaded_at IS NOT NULL, demo FROM private.installation
$$;
CREATE FUNCTION api.demo_accounts() RETURNS TABLE (username text, name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.username, s.name, s.role FROM hospital.staff s, private.installation i
   WHERE i.demo AND s.username = 'demo_' || lower(s.role) AND s.disabled_at IS NULL
$$;
RESET ROLE;
