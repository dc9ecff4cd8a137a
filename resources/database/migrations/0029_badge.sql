-- A badge beside the password: it stands for the username, or, where the role's rule says so and together with a one-time
-- code, opens the session again that a password began on this workstation. And a workstation that locks sooner than after
-- fifteen minutes has its sessions end here sooner as well.
SET ROLE lamplight_owner;

-- One badge a person. What the reader reads is kept as an HMAC under the installation's own key, the one that never changes:
-- the table lends nobody a badge, and a new key for contexts takes nobody's away.
CREATE TABLE private.badge (
  staff_id text NOT NULL REFERENCES hospital.staff,
  badge_hash bytea NOT NULL CHECK (length(badge_hash) = 32),
  since timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_at timestamptz
);
CREATE UNIQUE INDEX badge_of_staff ON private.badge (staff_id) WHERE revoked_at IS NULL;
CREATE UNIQUE INDEX badge_by_hash ON private.badge (badge_hash) WHERE revoked_at IS NULL;

-- What a reader read, committed and counted before anybody learns whose it is.
CREATE TABLE private.badge_read (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  badge_hash bytea NOT NULL,
  workstation text NOT NULL,
  -- Nobody bore it when it was read.
  stray boolean NOT NULL,
  limited boolean NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  judged_at timestamptz
);
CREATE INDEX stray_read_of_workstation ON private.badge_read (workstation, at) WHERE stray;
CREATE INDEX stray_read ON private.badge_read (at) WHERE stray;
CREATE INDEX badge_read_by_time ON private.badge_read (at);
DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['badge', 'badge_read'] LOOP
    EXECUTE format('ALTER TABLE private.%I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE private.%I FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY functions_of_the_owner ON private.%I TO lamplight_owner USING (true) WITH CHECK (true)', relation);
  END LOOP;
END $$;

CREATE FUNCTION private.badge_hash(p_badge bytea) RETURNS bytea LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_badge IS NULL OR length(p_badge) NOT BETWEEN 4 AND 64 THEN
    RAISE EXCEPTION 'no such badge' USING ERRCODE = '22023';
  END IF;
  RETURN (SELECT sha256(i.salt_outer_pad || sha256(i.salt_inner_pad || convert_to('badge|' || encode(p_badge, 'hex'), 'UTF8')))
    FROM private.installation i);
END $$;

-- Who bears a badge that counts: not revoked, its person not disabled, the role's rule not 'off'.
CREATE FUNCTION private.bearer_of(p_badge_hash bytea) RETURNS hospital.staff LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT m FROM private.badge b JOIN hospital.staff m ON m.id = b.staff_id
   WHERE b.badge_hash = p_badge_hash AND b.revoked_at IS NULL AND m.disabled_at IS NULL
     AND (private.sign_in_rule_of(m.role)).badge <> 'off'
$$;

-- A badge becomes the person's own, by an attempt with their password; the one of before opens nothing any more. 'granted',
-- 'failed' or 'locked' like reauthenticate, 'off' where the role's rule wants no badges, 'taken' where somebody else bears it.
CREATE FUNCTION api.set_badge(token text, attempt uuid, badge bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(set_badge.token); hash bytea := private.badge_hash(set_badge.badge); verdict text;
BEGIN
  verdict := private.reauthenticate(opened, set_badge.attempt);
  IF verdict = 'granted' THEN
    IF (private.sign_in_rule_of((SELECT m.role FROM hospital.staff m WHERE m.id = opened.staff_id))).badge = 'off' THEN
      verdict := 'off';
    ELSE
      BEGIN
        UPDATE private.badge b SET revoked_at = clock_timestamp() WHERE b.staff_id = opened.staff_id AND b.revoked_at IS NULL;
        INSERT INTO private.badge (staff_id, badge_hash) VALUES (opened.staff_id, hash);
      EXCEPTION WHEN unique_violation THEN
        -- The badge of before is the person's own again.
        verdict := 'taken';
      END;
    END IF;
  END IF;
  PERFORM private.audit_own(opened, 'BADGE_CHANGED', verdict, jsonb_build_object('step', 'added'));
  RETURN verdict;
END $$;

-- Gives the own badge up; a lost one must be stoppable without more than the open session. 'removed' or 'none'.
CREATE FUNCTION api.remove_badge(token text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(remove_badge.token); verdict text;
BEGIN
  -- The chain before the badge, as set_badge takes them.
  PERFORM private.hold_chains(ARRAY[opened.id]);
  UPDATE private.badge b SET revoked_at = clock_timestamp() WHERE b.staff_id = opened.staff_id AND b.revoked_at IS NULL;
  verdict := CASE WHEN FOUND THEN 'removed' ELSE 'none' END;
  PERFORM private.audit_own(opened, 'BADGE_CHANGED', CASE verdict WHEN 'removed' THEN 'granted' ELSE verdict END, jsonb_build_object('step', 'removed'));
  RETURN verdict;
END $$;

-- What the own badge is and may do; no row of anybody else.
CREATE FUNCTION api.own_badge(token text) RETURNS TABLE (since timestamptz, rule text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(own_badge.token);
BEGIN
  RETURN QUERY SELECT b.since, (private.sign_in_rule_of(m.role)).badge FROM hospital.staff m
    LEFT JOIN private.badge b ON b.staff_id = m.id AND b.revoked_at IS NULL WHERE m.id = opened.staff_id;
END $$;

-- How many badges that nobody bears were read within ten minutes, at one workstation or at all; no more than 200 are counted.
CREATE FUNCTION private.stray_reads(p_workstation text) RETURNS bigint LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) FROM (SELECT FROM private.badge_read r WHERE r.stray AND r.at > clock_timestamp() - interval '10 minutes'
    AND (p_workstation IS NULL OR r.workstation = p_workstation) LIMIT 200) AS counted
$$;

-- First transaction of a look-up: committed and counted before the second tells anything, so that a ROLLBACK hides nothing.
-- After ten badges that nobody bears within ten minutes a workstation is told nothing for a while; after two hundred, nobody
-- is: a workstation says its name itself, so that many names may be one machine that tries numbers. Usernames can be typed.
CREATE FUNCTION api.begin_badge_read(badge bytea, workstation text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  asked text := left(begin_badge_read.workstation, 80);
  hash bytea := private.badge_hash(begin_badge_read.badge);
  person hospital.staff := private.bearer_of(hash);
  made private.badge_read;
BEGIN
  DELETE FROM private.badge_read r WHERE r.at < clock_timestamp() - interval '1 day';
  INSERT INTO private.badge_read (badge_hash, workstation, stray, limited)
    VALUES (hash, asked, person.id IS NULL, private.stray_reads(asked) >= 10 OR private.stray_reads(NULL) >= 200)
    RETURNING * INTO made;
  -- In the audit before anybody learns whose it is: the second transaction may be rolled back by who has read its answer.
  PERFORM private.append_audit('00000000-0000-0000-0000-000000000000', NULL, CASE WHEN NOT made.limited THEN person.id END, NULL,
    'LOGIN_ATTEMPT', NULL, CASE WHEN made.limited THEN 'badge limited' WHEN made.stray THEN 'badge unknown' ELSE 'badge known' END, '{}',
    asked, jsonb_build_object('badge', made.id));
  RETURN made.id;
END $$;

-- Second transaction: whose badge it is. A badge that is unknown, revoked, of a disabled person or of a role without badges
-- answers the same in every byte.
CREATE FUNCTION api.badge_holder(badge_read uuid)
RETURNS TABLE (outcome text, username text, name text, role text, rule text, second_factor boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE told private.badge_read; person hospital.staff;
BEGIN
  UPDATE private.badge_read r SET judged_at = clock_timestamp()
   WHERE r.id = badge_holder.badge_read AND r.judged_at IS NULL AND r.at > clock_timestamp() - interval '1 minute'
     AND r.xid <> pg_current_xact_id() RETURNING * INTO told;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such reading' USING ERRCODE = '28000';
  END IF;
  IF NOT told.limited THEN
    person := private.bearer_of(told.badge_hash);
  END IF;
  outcome := CASE WHEN told.limited THEN 'limited' WHEN person.id IS NULL THEN 'unknown' ELSE 'known' END;
  IF person.id IS NOT NULL THEN
    username := person.username; name := person.name; role := person.role;
    rule := (private.sign_in_rule_of(person.role)).badge;
    second_factor := private.has_second_factor(person.id);
  END IF;
  RETURN NEXT;
END $$;

-- First transaction of an opening by badge and code: counted as a failed attempt of its bearer, like a wrong password.
CREATE FUNCTION api.begin_badge_unlock(badge bytea, workstation text DEFAULT '', address text DEFAULT '', app_version text DEFAULT '')
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  hash bytea := private.badge_hash(begin_badge_unlock.badge);
  person hospital.staff := private.bearer_of(hash);
  asked text := coalesce(person.username, 'badge ' || left(encode(hash, 'hex'), 16));
  counter private.sign_in_counter;
  was_locked boolean := false;
  attempt uuid;
BEGIN
  INSERT INTO private.sign_in_counter AS c VALUES (asked, 0, NULL, clock_timestamp())
    ON CONFLICT ON CONSTRAINT sign_in_counter_pkey DO UPDATE SET last_at = clock_timestamp();
  SELECT * INTO counter FROM private.sign_in_counter c WHERE c.username = asked FOR UPDATE;
  IF counter.locked_until > clock_timestamp() THEN
    was_locked := true;
  ELSE
    UPDATE private.sign_in_counter c SET failed_attempts = counter.failed_attempts + 1,
      locked_until = CASE WHEN counter.failed_attempts + 1 >= 5
        THEN clock_timestamp() + least(interval '1 hour', interval '1 minute' * power(2, least(counter.failed_attempts - 4, 10))) END
     WHERE c.username = asked;
  END IF;
  -- The proof is the badge's HMAC: no password hashes to it, so that neither kind of attempt can be finished as the other.
  INSERT INTO private.sign_in_attempt (staff_id, username, proof_hash, locked, workstation, address, app_version)
    VALUES (person.id, asked, hash, was_locked, left(begin_badge_unlock.workstation, 80), left(begin_badge_unlock.address, 80), left(begin_badge_unlock.app_version, 40))
    RETURNING id INTO attempt;
  PERFORM private.append_audit('00000000-0000-0000-0000-000000000000', NULL, person.id, NULL, 'LOGIN_ATTEMPT', NULL,
    CASE WHEN was_locked THEN 'locked' ELSE 'counted' END, '{}', left(begin_badge_unlock.workstation, 80),
    jsonb_build_object('attempt', attempt, 'by', 'badge', 'address', left(begin_badge_unlock.address, 80)));
  RETURN attempt;
END $$;

-- Second transaction. A badge begins no session: it continues the one that its person locked on this very workstation, which
-- a password began at most twelve hours ago, and only with a fresh code of the authenticator (a recovery code is none).
CREATE FUNCTION api.finish_badge_unlock(attempt uuid, code text, renews uuid)
RETURNS TABLE (outcome text, token text, session_id uuid, staff_id text, username text, name text, role text, department text,
  started_at timestamptz, expires_at timestamptz, refresh text, token_expires_at timestamptz, second_factor boolean, restricted text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  tried private.sign_in_attempt := private.take_attempt(finish_badge_unlock.attempt);
  person hospital.staff;
  made private.session;
  step text;
  said jsonb;
BEGIN
  SELECT * INTO person FROM hospital.staff s WHERE s.id = tried.staff_id AND s.disabled_at IS NULL FOR NO KEY UPDATE;
  IF tried.locked THEN
    outcome := 'locked';
  ELSIF person.id IS NULL OR (private.bearer_of(tried.proof_hash)).id IS DISTINCT FROM person.id
     OR (private.sign_in_rule_of(person.role)).badge <> 'with-code' THEN
    step := 'badge';
  ELSIF coalesce(private.bare_code(finish_badge_unlock.code), '') !~ '^[0-9]{6}$'
     OR private.take_code(person.id, finish_badge_unlock.code) IS DISTINCT FROM 'totp' THEN
    step := 'code';
  ELSE
    -- Chain before session, in the order of everything else that takes both.
    PERFORM FROM private.audit_chain h WHERE h.id = finish_badge_unlock.renews FOR NO KEY UPDATE;
    SELECT s.* INTO made FROM private.session s
     WHERE s.id = finish_badge_unlock.renews AND s.staff_id = person.id AND s.ended_at IS NULL AND s.restricted IS NULL
       AND s.token_hash IS NULL AND s.workstation = tried.workstation
       AND s.expires_at > clock_timestamp() AND s.started_at > clock_timestamp() - interval '12 hours' FOR NO KEY UPDATE;
    step := CASE WHEN NOT FOUND THEN 'session' END;
  END IF;
  IF outcome IS NOT NULL OR step IS NOT NULL THEN
    outcome := coalesce(outcome, 'failed');
    PERFORM private.refuse_attempt(tried, tried.staff_id, outcome, step);
    RETURN NEXT;
    RETURN;
  END IF;
  DELETE FROM private.sign_in_counter c WHERE c.username = tried.username;
  token := encode(private.random_key(), 'hex');
  refresh := encode(private.random_key(), 'hex');
  made := private.give_tokens(made.id, finish_badge_unlock.token, finish_badge_unlock.refresh);
  said := jsonb_build_object('by', 'badge', 'address', tried.address, 'version', tried.app_version);
  PERFORM private.append_audit('00000000-0000-0000-0000-000000000000', made.id, person.id, person.role, 'UNLOCK', NULL, 'granted', '{}',
    tried.workstation, said || jsonb_build_object('attempt', tried.id));
  PERFORM private.append_audit(made.id, made.id, person.id, person.role, 'UNLOCK', NULL, 'granted', '{}', tried.workstation, said);
  outcome := 'granted';
  session_id := made.id; staff_id := person.id; username := person.username; name := person.name; role := person.role;
  department := person.department; started_at := made.started_at; expires_at := made.expires_at;
  token_expires_at := made.token_expires_at; second_factor := true; restricted := NULL;
  RETURN NEXT;
END $$;

-- The password, typed in a session that a badge opened: the workstation may open the person's own keys by it. 'granted',
-- 'failed' or 'locked'.
CREATE FUNCTION api.unseal_session(token text, attempt uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(unseal_session.token); verdict text;
BEGIN
  verdict := private.reauthenticate(opened, unseal_session.attempt);
  PERFORM private.audit_own(opened, 'UNLOCK', verdict, jsonb_build_object('step', 'unsealed'));
  RETURN verdict;
END $$;

-- As 0019 asked for it: since when a person has the badge that counts.
CREATE OR REPLACE FUNCTION private.badge_since(p_staff text) RETURNS timestamptz LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT b.since FROM private.badge b WHERE b.staff_id = p_staff AND b.revoked_at IS NULL
$$;

-- A workstation that locks sooner says so; longer than before it never gets.
CREATE FUNCTION api.shorten_idle(token text, seconds int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(shorten_idle.token);
BEGIN
  UPDATE private.session s SET idle_seconds = least(s.idle_seconds, greatest(3, shorten_idle.seconds)) WHERE s.id = opened.id;
END $$;

-- With a limit below fifteen minutes a heartbeat every five seconds would come too late.
CREATE OR REPLACE FUNCTION api.heartbeat(token text) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(heartbeat.token);
BEGIN
  UPDATE private.session SET last_seen = clock_timestamp()
   WHERE id = opened.id AND last_seen < clock_timestamp() - make_interval(secs => least(5, idle_seconds / 60.0));
  RETURN opened.expires_at;
END $$;

GRANT EXECUTE ON FUNCTION api.set_badge(text, uuid, bytea), api.remove_badge(text), api.own_badge(text),
  api.begin_badge_read(bytea, text), api.badge_holder(uuid), api.begin_badge_unlock(bytea, text, text, text),
  api.finish_badge_unlock(uuid, text, uuid), api.unseal_session(text, uuid), api.shorten_idle(text, int) TO lamplight_app;
RESET ROLE;
