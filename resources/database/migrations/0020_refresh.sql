-- oldest app: 0020
-- A token lives fifteen minutes and is followed by another for as long as its person stays, twelve hours at the most. What
-- asks for the next one is a refresh token that works once; one that comes a second time was stolen, by whoever comes second
-- or by whoever came first. An app that cannot ask would be thrown out after fifteen minutes, so none before this one works.
SET ROLE lamplight_owner;

ALTER TABLE private.session
  -- NULL beside a token: one that was given before tokens had an end of their own; the session's other limits bind it.
  ADD COLUMN token_expires_at timestamptz,
  -- The token before this one, for requests that were on their way when it was replaced.
  ADD COLUMN previous_token_hash bytea,
  ADD COLUMN previous_until timestamptz,
  -- The token that was worth something when somebody else ended the session: its holder may be told why.
  ADD COLUMN ended_token_hash bytea;
CREATE UNIQUE INDEX session_by_previous_token ON private.session (previous_token_hash) WHERE previous_token_hash IS NOT NULL;
CREATE INDEX session_by_ended_token ON private.session (ended_token_hash) WHERE ended_token_hash IS NOT NULL;

-- Every refresh token of a session that was ever given, so that an old one is known when it comes again. The family is the session.
CREATE TABLE private.refresh_token (
  hash bytea PRIMARY KEY CHECK (length(hash) = 32),
  session_id uuid NOT NULL REFERENCES private.session ON DELETE CASCADE,
  issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  replaced_at timestamptz,
  -- What took its place. The same request again, after an answer that was lost, is known by these.
  next_token_hash bytea,
  next_refresh_hash bytea,
  -- A lock makes it worthless; one that comes after it was late, not stolen.
  withdrawn_at timestamptz
);
CREATE INDEX refresh_token_of_session ON private.refresh_token (session_id);
CREATE INDEX refresh_token_by_age ON private.refresh_token (issued_at);
ALTER TABLE private.refresh_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE private.refresh_token FORCE ROW LEVEL SECURITY;
CREATE POLICY functions_of_the_owner ON private.refresh_token TO lamplight_owner USING (true) WITH CHECK (true);

CREATE OR REPLACE FUNCTION private.any_session_of(p_token text) RETURNS private.session LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE found_session private.session; hash bytea := sha256(convert_to(p_token, 'UTF8')); moment timestamptz := clock_timestamp();
BEGIN
  SELECT s.* INTO found_session FROM private.session s JOIN hospital.staff m ON m.id = s.staff_id
   WHERE s.token_hash = hash AND s.ended_at IS NULL AND m.disabled_at IS NULL AND s.expires_at > moment
     AND s.last_seen > moment - make_interval(secs => s.idle_seconds) AND (s.token_expires_at IS NULL OR s.token_expires_at > moment);
  IF NOT FOUND THEN
    SELECT s.* INTO found_session FROM private.session s JOIN hospital.staff m ON m.id = s.staff_id
     WHERE s.previous_token_hash = hash AND s.previous_until > moment AND s.token_hash IS NOT NULL AND s.ended_at IS NULL
       AND m.disabled_at IS NULL AND s.expires_at > moment AND s.last_seen > moment - make_interval(secs => s.idle_seconds);
  END IF;
  IF found_session.id IS NULL THEN
    RAISE EXCEPTION 'session invalid or expired' USING ERRCODE = '28000';
  END IF;
  RETURN found_session;
END $$;

-- As before, and a request that was opened with the token of before goes on for as long as that token may be used.
CREATE OR REPLACE FUNCTION private.current_request() RETURNS private.request LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  part text[] := string_to_array(current_setting('lamplight.context', true), '|');
  uuid_form text := '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
  hash bytea;
  before bytea;
  opened private.request;
BEGIN
  IF coalesce(array_length(part, 1), 0) <> 3 OR part[1] !~ uuid_form OR part[2] !~ uuid_form THEN
    RETURN NULL;
  END IF;
  SELECT s.token_hash, CASE WHEN s.previous_until > clock_timestamp() THEN s.previous_token_hash END,
      s.staff_id, m.role, s.id, t.name, t.discloses, a.patient_ids
    INTO hash, before, opened.staff_id, opened.role, opened.session_id, opened.tool, opened.discloses, opened.patient_ids
    FROM private.announcement a JOIN private.session s ON s.id = a.session_id
    JOIN hospital.staff m ON m.id = s.staff_id JOIN private.tool t ON t.name = a.tool
   WHERE a.id = part[1]::uuid AND s.id = part[2]::uuid AND a.expires_at > clock_timestamp() AND s.ended_at IS NULL
     AND s.restricted IS NULL AND s.token_hash IS NOT NULL AND m.disabled_at IS NULL AND s.expires_at > clock_timestamp()
     AND s.last_seen > clock_timestamp() - make_interval(secs => s.idle_seconds)
     AND (s.token_expires_at IS NULL OR s.token_expires_at > clock_timestamp());
  IF hash IS NULL OR (part[3] IS DISTINCT FROM private.context_code(part[1] || '|' || part[2], hash)
      AND (before IS NULL OR part[3] IS DISTINCT FROM private.context_code(part[1] || '|' || part[2], before))) THEN
    RETURN NULL;
  END IF;
  RETURN opened;
END $$;

-- Whatever makes a session's token worthless makes the one before it worthless too, and keeps no refresh token alive: here,
-- so that no function can forget it, also not one of an older or a later migration.
CREATE FUNCTION private.close_tokens() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.token_hash IS NULL OR NEW.ended_at IS NOT NULL THEN
    NEW.previous_token_hash := NULL;
    NEW.previous_until := NULL;
    NEW.token_expires_at := NULL;
    IF NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL THEN
      NEW.ended_token_hash := OLD.token_hash;
    END IF;
    UPDATE private.refresh_token r SET withdrawn_at = clock_timestamp()
     WHERE r.session_id = NEW.id AND r.replaced_at IS NULL AND r.withdrawn_at IS NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER close_tokens BEFORE UPDATE OF token_hash, ended_at ON private.session FOR EACH ROW EXECUTE FUNCTION private.close_tokens();

-- A token and a refresh token for a session that its person has just opened. The older ones open nothing from here on.
CREATE FUNCTION private.give_tokens(p_session uuid, p_token text, p_refresh text) RETURNS private.session LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE given private.session;
BEGIN
  UPDATE private.refresh_token r SET withdrawn_at = clock_timestamp()
   WHERE r.session_id = p_session AND r.replaced_at IS NULL AND r.withdrawn_at IS NULL;
  UPDATE private.session s SET token_hash = sha256(convert_to(p_token, 'UTF8')), last_seen = clock_timestamp(), previous_token_hash = NULL,
      previous_until = NULL, token_expires_at = least(s.expires_at, clock_timestamp() + interval '15 minutes')
   WHERE s.id = p_session RETURNING * INTO given;
  INSERT INTO private.refresh_token (hash, session_id) VALUES (sha256(convert_to(p_refresh, 'UTF8')), p_session);
  -- Those of sessions that are over, some with every sign-in: twelve hours is the longest that one lives.
  DELETE FROM private.refresh_token WHERE hash IN (SELECT r.hash FROM private.refresh_token r
    WHERE r.issued_at < clock_timestamp() - interval '1 day' LIMIT 500 FOR UPDATE SKIP LOCKED);
  RETURN given;
END $$;

-- The next token for a session. The workstation invents it, with the next refresh token, and sends the SHA-256 of both: asked
-- again with the same three after an answer that was lost, it is the same success. 'refreshed', or 'reused' where an old
-- refresh token came with other hashes: then every session of that person is over. Anything else opens nothing: 28000.
-- Refreshing is no sign of a person, and moves nothing that keeps a session awake.
CREATE FUNCTION api.refresh_session(refresh text, next_token_hash bytea, next_refresh_hash bytea)
RETURNS TABLE (outcome text, token_expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  asked bytea := sha256(convert_to(refresh_session.refresh, 'UTF8'));
  brought private.refresh_token;
  opened private.session;
  person hospital.staff;
  moment timestamptz;
BEGIN
  IF length(refresh_session.next_token_hash) IS DISTINCT FROM 32 OR length(refresh_session.next_refresh_hash) IS DISTINCT FROM 32
     OR refresh_session.next_token_hash = refresh_session.next_refresh_hash THEN
    RAISE EXCEPTION 'session invalid or expired' USING ERRCODE = '28000';
  END IF;
  -- The person first, then the chain, then the session, as everywhere: and one refresh of a person at a time.
  SELECT m.* INTO person FROM private.refresh_token r JOIN private.session s ON s.id = r.session_id JOIN hospital.staff m ON m.id = s.staff_id
   WHERE r.hash = asked FOR NO KEY UPDATE OF m;
  SELECT r.* INTO brought FROM private.refresh_token r WHERE r.hash = asked;
  SELECT s.* INTO opened FROM private.session s WHERE s.id = brought.session_id;
  moment := clock_timestamp();
  IF brought.replaced_at IS NOT NULL AND (brought.next_token_hash, brought.next_refresh_hash)
      IS DISTINCT FROM (refresh_session.next_token_hash, refresh_session.next_refresh_hash) THEN
    PERFORM private.hold_chains(ARRAY(SELECT s.id FROM private.session s WHERE s.staff_id = person.id AND s.ended_at IS NULL) || opened.id);
    PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, 'TOKEN_REUSE', NULL, 'denied', '{}', opened.workstation,
      jsonb_build_object('issued', private.moment(brought.issued_at), 'replaced', private.moment(brought.replaced_at)));
    PERFORM private.end_sessions(person.id, NULL, NULL, 'an old token was used again', NULL);
    PERFORM private.raise_alert('token-reuse', 'urgent', person.id, opened.id, opened.workstation, '{}', '{}');
    outcome := 'reused';
    RETURN NEXT;
    RETURN;
  END IF;
  IF brought.hash IS NULL OR brought.withdrawn_at IS NOT NULL OR opened.ended_at IS NOT NULL OR opened.token_hash IS NULL
     OR opened.restricted IS NOT NULL OR person.disabled_at IS NOT NULL OR opened.expires_at <= moment
     OR opened.last_seen <= moment - make_interval(secs => opened.idle_seconds)
     OR (brought.replaced_at IS NOT NULL AND opened.token_hash IS DISTINCT FROM refresh_session.next_token_hash) THEN
    RAISE EXCEPTION 'session invalid or expired' USING ERRCODE = '28000';
  END IF;
  IF brought.replaced_at IS NULL THEN
    -- Only the token that was read here: a lock in between wins.
    UPDATE private.session s SET token_hash = refresh_session.next_token_hash, previous_token_hash = s.token_hash,
        previous_until = moment + interval '30 seconds', token_expires_at = least(s.expires_at, moment + interval '15 minutes')
     WHERE s.id = opened.id AND s.token_hash = opened.token_hash AND s.ended_at IS NULL RETURNING s.* INTO opened;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'session invalid or expired' USING ERRCODE = '28000';
    END IF;
    UPDATE private.refresh_token r SET replaced_at = moment, next_token_hash = refresh_session.next_token_hash,
      next_refresh_hash = refresh_session.next_refresh_hash WHERE r.hash = asked;
    INSERT INTO private.refresh_token (hash, session_id) VALUES (refresh_session.next_refresh_hash, opened.id);
  END IF;
  outcome := 'refreshed';
  token_expires_at := opened.token_expires_at;
  RETURN NEXT;
END $$;

-- Why the session ended that a token opened until then: NULL for a token that was not the last of an ended session.
CREATE FUNCTION api.ending_of(last_token text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.ended_because FROM private.session s
   WHERE s.ended_token_hash = sha256(convert_to(ending_of.last_token, 'UTF8')) AND s.ended_at > clock_timestamp() - interval '1 day'
$$;

-- Emergency access, as the pulse tells of it. A later migration knows it.
CREATE FUNCTION private.pulse_break_glass(p_session private.session) RETURNS jsonb LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN '{"reviews": 0, "breakGlass": null}'::jsonb;
END $$;

-- What a workstation asks every other second about its own session. It keeps nothing awake and discloses nothing: an ended
-- session answers like every other function.
CREATE FUNCTION api.pulse(token text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(pulse.token);
BEGIN
  RETURN jsonb_build_object('alerts', CASE
      WHEN private.reach_of((SELECT m.role FROM hospital.staff m WHERE m.id = opened.staff_id), 'alerts.handle') IS NULL THEN 0
      ELSE (SELECT count(*) FROM private.alert a WHERE a.handled_at IS NULL) END)
    || private.pulse_break_glass(opened);
END $$;

-- Leaves with the token of now, or with the one before it while that may be used.
CREATE OR REPLACE FUNCTION private.leave(p_token text, p_action text, p_reason text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE left_session private.session; hash bytea := sha256(convert_to(p_token, 'UTF8')); asked uuid;
BEGIN
  -- Also a session that idled out here may still say that it locks or leaves; it opens nothing by that.
  SELECT s.id INTO asked FROM private.session s
   WHERE (s.token_hash = hash OR (s.previous_token_hash = hash AND s.previous_until > clock_timestamp())) AND s.ended_at IS NULL;
  -- The chain before the session, like everybody else; then only the very token that leaves: a lock that comes late must
  -- not close what its person has unlocked meanwhile.
  PERFORM FROM private.audit_chain WHERE id = asked FOR NO KEY UPDATE;
  UPDATE private.session s SET token_hash = NULL, ended_at = CASE WHEN p_action = 'LOGOUT' THEN clock_timestamp() END,
    ended_because = CASE WHEN p_action = 'LOGOUT' THEN left(p_reason, 40) END
   WHERE s.id = asked AND s.ended_at IS NULL
     AND (s.token_hash = hash OR (s.previous_token_hash = hash AND s.previous_until > clock_timestamp()))
   RETURNING * INTO left_session;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  PERFORM private.append_audit(left_session.id, left_session.id, left_session.staff_id,
    (SELECT role FROM hospital.staff WHERE id = left_session.staff_id), p_action, NULL, 'granted', '{}', left_session.workstation,
    jsonb_build_object('reason', left(p_reason, 40)));
END $$;

-- Sessions that a password or a code opened, and how: told to both chains. The installation's knows every session that ever
-- began, so a chain cannot vanish unnoticed.
CREATE FUNCTION private.audit_sign_in(p_session private.session, p_tried private.sign_in_attempt, p_action text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  role text := (SELECT m.role FROM hospital.staff m WHERE m.id = (p_session).staff_id);
  said jsonb := jsonb_strip_nulls(jsonb_build_object('address', (p_tried).address, 'version', (p_tried).app_version,
    'second_factor', nullif((p_session).second_factor, false), 'restricted', (p_session).restricted));
BEGIN
  PERFORM private.append_audit('00000000-0000-0000-0000-000000000000', (p_session).id, (p_session).staff_id, role, p_action, NULL, 'granted', '{}',
    (p_tried).workstation, said || jsonb_build_object('attempt', (p_tried).id));
  PERFORM private.append_audit((p_session).id, (p_session).id, (p_session).staff_id, role, p_action, NULL, 'granted', '{}', (p_tried).workstation, said);
END $$;

-- What a sign-in has still to do before it opens anything: an own password first, then the factor that the role's rule wants.
CREATE FUNCTION private.restriction_of(p_person hospital.staff) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN (SELECT c.must_change FROM private.credential c WHERE c.staff_id = (p_person).id) THEN 'password-change'
    WHEN (private.sign_in_rule_of((p_person).role)).second_factor = 'required' AND NOT private.has_second_factor((p_person).id) THEN 'enrolment' END
$$;

-- Second transaction: judges only that attempt. A person with a second factor needs its code, unless `renews` is the session
-- of theirs that they left at this very workstation, which takes no second of the three: 'granted', 'failed', 'locked', or
-- 'code_required' where the proof was right and no code came; the attempt then stays counted as a failed one.
DROP FUNCTION api.finish_sign_in(uuid, text, uuid);
CREATE FUNCTION api.finish_sign_in(attempt uuid, code text DEFAULT NULL, renews uuid DEFAULT NULL)
RETURNS TABLE (outcome text, token text, session_id uuid, staff_id text, username text, name text, role text, department text,
  started_at timestamptz, expires_at timestamptz, refresh text, token_expires_at timestamptz, second_factor boolean, restricted text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  tried private.sign_in_attempt := private.take_attempt(finish_sign_in.attempt);
  person hospital.staff;
  expected bytea;
  made private.session;
  taken text;
  renewed boolean := false;
BEGIN
  -- Locked, so that two sign-ins of one person at the same moment count each other's session.
  SELECT * INTO person FROM hospital.staff s WHERE s.id = tried.staff_id AND s.disabled_at IS NULL FOR NO KEY UPDATE;
  SELECT c.verifier INTO expected FROM private.credential c WHERE c.staff_id = tried.staff_id;
  IF tried.locked OR person.id IS NULL OR expected IS DISTINCT FROM tried.proof_hash THEN
    outcome := CASE WHEN tried.locked THEN 'locked' ELSE 'failed' END;
    PERFORM private.refuse_attempt(tried, person.id, outcome, NULL);
    RETURN NEXT;
    RETURN;
  END IF;
  -- Chain before session, in the order of everything else that takes both: else an unlock and a read that was still on its
  -- way could wait for each other.
  PERFORM FROM private.audit_chain h WHERE h.id = finish_sign_in.renews FOR NO KEY UPDATE;
  SELECT s.* INTO made FROM private.session s WHERE s.id = finish_sign_in.renews AND s.staff_id = person.id AND s.ended_at IS NULL
    AND s.workstation = tried.workstation AND s.restricted IS NULL AND s.expires_at > clock_timestamp() FOR NO KEY UPDATE;
  renewed := FOUND;
  IF NOT renewed AND private.has_second_factor(person.id) THEN
    IF finish_sign_in.code IS NULL THEN
      outcome := 'code_required';
      PERFORM private.refuse_attempt(tried, person.id, outcome, 'code');
      RETURN NEXT;
      RETURN;
    END IF;
    taken := private.take_code(person.id, finish_sign_in.code);
    IF taken IS NULL THEN
      outcome := 'failed';
      PERFORM private.refuse_attempt(tried, person.id, outcome, 'code');
      RETURN NEXT;
      RETURN;
    END IF;
  END IF;
  DELETE FROM private.sign_in_counter c WHERE c.username = tried.username;
  IF NOT renewed THEN
    INSERT INTO private.session (staff_id, workstation, address, app_version, expires_at, second_factor)
      VALUES (person.id, tried.workstation, tried.address, tried.app_version, clock_timestamp() + interval '12 hours', taken IS NOT NULL)
      RETURNING * INTO made;
    INSERT INTO private.audit_chain (id) VALUES (made.id);
    PERFORM private.end_surplus_sessions(person.id, made.id);
  END IF;
  UPDATE private.session s SET restricted = private.restriction_of(person) WHERE s.id = made.id;
  token := encode(private.random_key(), 'hex');
  refresh := encode(private.random_key(), 'hex');
  made := private.give_tokens(made.id, finish_sign_in.token, finish_sign_in.refresh);
  PERFORM private.audit_recovery(made, taken);
  PERFORM private.audit_sign_in(made, tried, CASE WHEN renewed THEN 'UNLOCK' ELSE 'LOGIN' END);
  PERFORM private.tidy();
  outcome := 'granted';
  session_id := made.id; staff_id := person.id; username := person.username; name := person.name; role := person.role;
  department := person.department; started_at := made.started_at; expires_at := made.expires_at;
  token_expires_at := made.token_expires_at; second_factor := made.second_factor; restricted := made.restricted;
  RETURN NEXT;
END $$;

-- At most three sessions a person: the oldest end.
CREATE FUNCTION private.end_surplus_sessions(p_staff text, p_newest uuid) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE surplus uuid[]; one uuid;
BEGIN
  surplus := ARRAY(SELECT s.id FROM private.session s WHERE s.staff_id = p_staff AND s.ended_at IS NULL AND s.expires_at > clock_timestamp()
    ORDER BY s.id = p_newest DESC, s.started_at DESC OFFSET 3);
  PERFORM private.hold_chains(surplus);
  FOREACH one IN ARRAY surplus LOOP
    PERFORM private.end_sessions(p_staff, one, NULL, 'replaced by a newer session', NULL);
  END LOOP;
END $$;

GRANT EXECUTE ON FUNCTION api.refresh_session(text, bytea, bytea), api.ending_of(text), api.pulse(text),
  api.finish_sign_in(uuid, text, uuid) TO lamplight_app;
RESET ROLE;
