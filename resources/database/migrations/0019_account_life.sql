-- The life of an account: an own password instead of a given one, a change that ends every session, and what an Admin does
-- with the accounts of others. Whatever is refused here is answered and not raised, because the refusal has to be committed.
SET ROLE lamplight_owner;

-- The third data key of a person: it seals what they typed and did not save. Sealed under the HKDF `drafts` key of their
-- password, and one a person, so that every workstation of this database opens the same drafts.
ALTER TABLE private.sealed_key DROP CONSTRAINT sealed_key_purpose_check,
  ADD CONSTRAINT sealed_key_purpose_check CHECK (purpose IN ('fields', 'personal', 'drafts'));
CREATE UNIQUE INDEX one_drafts_key ON private.sealed_key (staff_id) WHERE purpose = 'drafts';

-- Keeps a drafts key for who has none yet, and answers the one that is kept: of two workstations that come at the same moment
-- one comes second, and takes the other's.
CREATE FUNCTION api.keep_drafts_key(token text, key_id text, sealed bytea) RETURNS TABLE (kept_id text, kept bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(keep_drafts_key.token);
BEGIN
  IF length(keep_drafts_key.sealed) IS NULL OR length(keep_drafts_key.sealed) NOT BETWEEN 32 AND 400
     OR keep_drafts_key.key_id IS NULL OR length(keep_drafts_key.key_id) NOT BETWEEN 1 AND 40 THEN
    RAISE EXCEPTION 'no such key' USING ERRCODE = '22023';
  END IF;
  INSERT INTO private.sealed_key (staff_id, purpose, key_id, sealed)
    VALUES (opened.staff_id, 'drafts', keep_drafts_key.key_id, keep_drafts_key.sealed) ON CONFLICT DO NOTHING;
  RETURN QUERY SELECT k.key_id, k.sealed FROM private.sealed_key k WHERE k.staff_id = opened.staff_id AND k.purpose = 'drafts';
END $$;
-- NULL: before this was kept.
ALTER TABLE private.credential ADD COLUMN changed_at timestamptz,
  -- Somebody else gave this password: the first thing its person does is to choose another.
  ADD COLUMN must_change boolean NOT NULL DEFAULT false;

-- The Argon2id parameters that new passwords get. No secret: login_parameters tells them with every name.
CREATE FUNCTION api.hashing_parameters() RETURNS TABLE (memory_kib int, iterations int, parallelism int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.memory_kib, i.iterations, i.parallelism FROM private.installation i
$$;

-- Text in which every session setting writes a moment alike.
CREATE FUNCTION private.moment(p_at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$ SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

-- What a password becomes: {salt, verifier} in base64, the parameters, and each data key sealed under it. A weaker derivation
-- than the installation's is not taken.
CREATE FUNCTION private.store_credential(p_staff text, p_credential jsonb, p_must_change boolean) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  memory int := (p_credential ->> 'memory_kib')::int;
  passes int := (p_credential ->> 'iterations')::int;
  lanes int := (p_credential ->> 'parallelism')::int;
BEGIN
  IF NOT coalesce((SELECT memory >= i.memory_kib AND passes >= i.iterations FROM private.installation i), false) THEN
    RAISE EXCEPTION 'weaker than the installation asks' USING ERRCODE = '22023';
  END IF;
  INSERT INTO private.credential AS c (staff_id, salt, memory_kib, iterations, parallelism, verifier, changed_at, must_change)
    VALUES (p_staff, decode(p_credential ->> 'salt', 'base64'), memory, passes, lanes, decode(p_credential ->> 'verifier', 'base64'),
      clock_timestamp(), p_must_change)
    ON CONFLICT ON CONSTRAINT credential_pkey DO UPDATE SET salt = excluded.salt, memory_kib = excluded.memory_kib, iterations = excluded.iterations,
      parallelism = excluded.parallelism, verifier = excluded.verifier, changed_at = excluded.changed_at, must_change = excluded.must_change;
END $$;

-- A person changes their own password, with every data key of theirs sealed anew, in one transaction: 'changed', 'failed' or
-- 'locked'. Every session ends; only where the sign-in itself asked for the change, this one goes on.
CREATE FUNCTION api.change_password(token text, attempt uuid, credential jsonb, keys jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.any_session_of(change_password.token); verdict text; person hospital.staff; next_step text;
BEGIN
  IF opened.restricted = 'enrolment' THEN
    RAISE EXCEPTION 'session invalid or expired' USING ERRCODE = '28000';
  END IF;
  verdict := private.reauthenticate(opened, change_password.attempt);
  IF verdict <> 'granted' THEN
    PERFORM private.audit_own(opened, 'PASSWORD_CHANGED', verdict, '{}');
    RETURN verdict;
  END IF;
  -- Exactly the keys that are kept: one that stayed under the old password would be lost with it.
  UPDATE private.sealed_key k SET sealed = decode(g.sealed, 'base64')
    FROM jsonb_to_recordset(change_password.keys) AS g (purpose text, key_id text, sealed text)
   WHERE k.staff_id = opened.staff_id AND k.purpose = g.purpose AND k.key_id = g.key_id;
  IF jsonb_array_length(change_password.keys) IS DISTINCT FROM (SELECT count(*) FROM private.sealed_key k WHERE k.staff_id = opened.staff_id)
     OR EXISTS (SELECT FROM private.sealed_key k WHERE k.staff_id = opened.staff_id AND NOT EXISTS (
       SELECT FROM jsonb_to_recordset(change_password.keys) AS g (purpose text, key_id text, sealed text)
        WHERE g.purpose = k.purpose AND g.key_id = k.key_id AND length(decode(g.sealed, 'base64')) BETWEEN 32 AND 400)) THEN
    RAISE EXCEPTION 'other keys than these are kept' USING ERRCODE = '55000';
  END IF;
  PERFORM private.store_credential(opened.staff_id, change_password.credential, false);
  PERFORM private.audit_own(opened, 'PASSWORD_CHANGED', 'granted', jsonb_strip_nulls(jsonb_build_object('demanded', nullif(opened.restricted IS NOT NULL, false))));
  IF opened.restricted IS NULL THEN
    PERFORM private.end_sessions(opened.staff_id, NULL, NULL, 'password changed', opened);
  ELSE
    SELECT * INTO person FROM hospital.staff m WHERE m.id = opened.staff_id;
    IF (private.sign_in_rule_of(person.role)).second_factor = 'required' AND NOT private.has_second_factor(person.id) THEN
      next_step := 'enrolment';
    END IF;
    PERFORM private.end_sessions(opened.staff_id, NULL, opened.id, 'password changed', opened);
    UPDATE private.session s SET restricted = next_step WHERE s.id = opened.id;
  END IF;
  RETURN 'changed';
END $$;

-- What a restricted session still has to do; NULL for one whose sign-in is finished.
CREATE FUNCTION api.sign_in_restriction(token text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.any_session_of(sign_in_restriction.token);
BEGIN
  RETURN opened.restricted;
END $$;

-- Whoever changes a password seals these anew, also where the change is what finishes the sign-in.
CREATE OR REPLACE FUNCTION api.sealed_keys(token text) RETURNS TABLE (purpose text, key_id text, sealed bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.any_session_of(sealed_keys.token);
BEGIN
  IF opened.restricted = 'enrolment' THEN
    RAISE EXCEPTION 'session invalid or expired' USING ERRCODE = '28000';
  END IF;
  RETURN QUERY SELECT k.purpose, k.key_id, k.sealed FROM private.sealed_key k WHERE k.staff_id = opened.staff_id;
END $$;

CREATE FUNCTION private.open_sessions(p_staff text, p_current uuid) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'workstation', s.workstation, 'startedAt', private.moment(s.started_at),
      'lastSeenAt', private.moment(s.last_seen), 'current', s.id IS NOT DISTINCT FROM p_current,
      'state', CASE WHEN s.token_hash IS NULL OR s.last_seen <= clock_timestamp() - make_interval(secs => s.idle_seconds) THEN 'locked' ELSE 'open' END)
    ORDER BY s.started_at DESC), '[]')
    FROM private.session s WHERE s.staff_id = p_staff AND s.ended_at IS NULL AND s.expires_at > clock_timestamp()
$$;

-- Since when a person has a badge. A later migration knows badges.
CREATE FUNCTION private.badge_since(p_staff text) RETURNS timestamptz LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$ SELECT NULL::timestamptz $$;

-- The own account, for its person.
CREATE FUNCTION api.own_account(token text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(own_account.token); rule private.sign_in_rule;
BEGIN
  rule := private.sign_in_rule_of((SELECT m.role FROM hospital.staff m WHERE m.id = opened.staff_id));
  RETURN jsonb_build_object(
    'passwordChangedAt', private.moment((SELECT c.changed_at FROM private.credential c WHERE c.staff_id = opened.staff_id)),
    'secondFactor', jsonb_build_object(
      'since', private.moment((SELECT f.confirmed_at FROM private.totp_factor f WHERE f.staff_id = opened.staff_id)),
      'required', rule.second_factor = 'required',
      'recoveryCodesLeft', (SELECT count(*) FROM private.recovery_code r WHERE r.staff_id = opened.staff_id AND r.used_at IS NULL)),
    'badge', jsonb_build_object('since', private.moment(private.badge_since(opened.staff_id)), 'allowed', rule.badge <> 'off'),
    'sessions', private.open_sessions(opened.staff_id, opened.id));
END $$;

-- Ends another session of one's own. False where there is no such session.
CREATE FUNCTION api.end_own_session(token text, session uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(end_own_session.token);
BEGIN
  IF end_own_session.session IS NULL OR end_own_session.session = opened.id THEN
    RETURN false;
  END IF;
  PERFORM FROM hospital.staff m WHERE m.id = opened.staff_id FOR NO KEY UPDATE;
  RETURN private.end_sessions(opened.staff_id, end_own_session.session, NULL, 'the person', opened) = 1;
END $$;

-- Whether a session's person may do what a permission names. A refusal is written down.
CREATE FUNCTION private.may_act(p_session private.session, p_permission text, p_act text, p_of text) RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE person hospital.staff;
BEGIN
  SELECT * INTO person FROM hospital.staff m WHERE m.id = (p_session).staff_id;
  IF private.reach_of(person.role, p_permission) = 'all' THEN
    RETURN true;
  END IF;
  PERFORM private.append_audit((p_session).id, (p_session).id, person.id, person.role, 'ACCESS_DENIED', p_act, 'RBAC_DENIED', '{}',
    (p_session).workstation, jsonb_strip_nulls(jsonb_build_object('of', left(p_of, 40))));
  RETURN false;
END $$;

CREATE FUNCTION private.audit_account(p_session private.session, p_action text, p_outcome text, p_of text, p_detail jsonb) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  SELECT private.audit_own(p_session, p_action, p_outcome, jsonb_strip_nulls(jsonb_build_object('of', left(p_of, 40)) || p_detail))
$$;

-- Who looked at whose account: a look is written down before it is answered, like a refusal.
CREATE FUNCTION private.audit_look(p_session private.session, p_act text, p_of text) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  SELECT private.append_audit((p_session).id, (p_session).id, (p_session).staff_id,
    (SELECT m.role FROM hospital.staff m WHERE m.id = (p_session).staff_id), 'ACCESS_GRANTED', p_act, 'granted', '{}', (p_session).workstation,
    jsonb_strip_nulls(jsonb_build_object('of', p_of)))
$$;

-- Everybody on the staff list, with what an Admin has to know of their accounts: {outcome, people}.
CREATE FUNCTION api.people(token text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(people.token);
BEGIN
  IF NOT private.may_act(opened, 'people.manage', 'list_people', NULL) THEN
    RETURN jsonb_build_object('outcome', 'RBAC_DENIED');
  END IF;
  PERFORM private.audit_look(opened, 'list_people', NULL);
  RETURN jsonb_build_object('outcome', 'granted', 'people', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'staffId', m.id, 'username', m.username, 'name', m.name, 'role', m.role, 'department', m.department,
      'disabledAt', private.moment(m.disabled_at),
      'lockedUntil', private.moment((SELECT n.locked_until FROM private.sign_in_counter n WHERE n.username = m.username AND n.locked_until > clock_timestamp())),
      'secondFactor', private.has_second_factor(m.id),
      'hasPassword', EXISTS (SELECT FROM private.credential c WHERE c.staff_id = m.id),
      'mustChangePassword', coalesce((SELECT c.must_change FROM private.credential c WHERE c.staff_id = m.id), false),
      'openSessions', (SELECT count(*) FROM private.session s WHERE s.staff_id = m.id AND s.ended_at IS NULL AND s.expires_at > clock_timestamp()),
      'lastSignInAt', private.moment((SELECT max(s.started_at) FROM private.session s WHERE s.staff_id = m.id)))
    ORDER BY m.name, m.id), '[]') FROM hospital.staff m));
END $$;

CREATE FUNCTION api.person_sessions(token text, staff text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(person_sessions.token);
BEGIN
  IF NOT private.may_act(opened, 'people.manage', 'list_sessions', person_sessions.staff) THEN
    RETURN jsonb_build_object('outcome', 'RBAC_DENIED');
  ELSIF NOT EXISTS (SELECT FROM hospital.staff m WHERE m.id = person_sessions.staff) THEN
    PERFORM private.append_audit(opened.id, opened.id, opened.staff_id, (SELECT m.role FROM hospital.staff m WHERE m.id = opened.staff_id),
      'ACCESS_DENIED', 'list_sessions', 'PERSON_NOT_FOUND', '{}', opened.workstation, jsonb_strip_nulls(jsonb_build_object('of', left(person_sessions.staff, 40))));
    RETURN jsonb_build_object('outcome', 'PERSON_NOT_FOUND');
  END IF;
  PERFORM private.audit_look(opened, 'list_sessions', person_sessions.staff);
  RETURN jsonb_build_object('outcome', 'granted', 'sessions', private.open_sessions(person_sessions.staff, opened.id));
END $$;

-- One session of a person, or all: {outcome, ended}. Workstations hear of it with their next pulse.
CREATE FUNCTION api.end_sessions(token text, staff text, session uuid, reason text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(end_sessions.token);
BEGIN
  IF NOT private.may_act(opened, 'people.manage', 'end_sessions', end_sessions.staff) THEN
    RETURN jsonb_build_object('outcome', 'RBAC_DENIED');
  END IF;
  PERFORM FROM hospital.staff m WHERE m.id = end_sessions.staff FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM private.audit_account(opened, 'SESSION_REVOKED', 'PERSON_NOT_FOUND', end_sessions.staff, '{}');
    RETURN jsonb_build_object('outcome', 'PERSON_NOT_FOUND');
  END IF;
  RETURN jsonb_build_object('outcome', 'granted', 'ended',
    private.end_sessions(end_sessions.staff, end_sessions.session, NULL, 'administrator', opened, end_sessions.reason));
END $$;

-- Shuts an account and ends what it has open: 'granted', 'PERSON_NOT_FOUND', 'OWN_ACCOUNT' or 'LAST_ADMIN'. The caller has
-- asked whether the session's person may.
CREATE FUNCTION private.disable_person(p_session private.session, p_staff text, p_reason text) RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE person hospital.staff; verdict text;
BEGIN
  -- All Admins at once, in order: two who disable each other at the same moment must not leave nobody.
  PERFORM FROM hospital.staff m WHERE m.id = p_staff OR m.role = 'Admin' ORDER BY m.id FOR NO KEY UPDATE;
  SELECT * INTO person FROM hospital.staff m WHERE m.id = p_staff;
  verdict := CASE
    WHEN person.id IS NULL THEN 'PERSON_NOT_FOUND'
    WHEN person.id = (p_session).staff_id THEN 'OWN_ACCOUNT'
    -- An Admin of the staff list to whom nobody gave a password cannot sign in, and is no Admin who stays.
    WHEN person.role = 'Admin' AND NOT EXISTS (SELECT FROM hospital.staff o JOIN private.credential c ON c.staff_id = o.id
      WHERE o.role = 'Admin' AND o.disabled_at IS NULL AND o.id <> p_staff) THEN 'LAST_ADMIN'
    ELSE 'granted' END;
  IF verdict = 'granted' THEN
    UPDATE hospital.staff m SET disabled_at = clock_timestamp() WHERE m.id = p_staff AND m.disabled_at IS NULL;
    PERFORM private.end_sessions(p_staff, NULL, NULL, 'administrator', p_session, p_reason);
  END IF;
  PERFORM private.audit_account(p_session, 'ACCOUNT_CHANGED', verdict, p_staff, jsonb_build_object('change', 'disabled', 'reason', left(p_reason, 200)));
  RETURN verdict;
END $$;

CREATE FUNCTION api.disable_person(token text, staff text, reason text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(disable_person.token);
BEGIN
  IF NOT private.may_act(opened, 'people.manage', 'disable_person', disable_person.staff) THEN
    RETURN 'RBAC_DENIED';
  END IF;
  RETURN private.disable_person(opened, disable_person.staff, disable_person.reason);
END $$;

CREATE FUNCTION api.enable_person(token text, staff text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(enable_person.token); verdict text := 'granted';
BEGIN
  IF NOT private.may_act(opened, 'people.manage', 'enable_person', enable_person.staff) THEN
    RETURN 'RBAC_DENIED';
  END IF;
  UPDATE hospital.staff m SET disabled_at = NULL WHERE m.id = enable_person.staff;
  IF NOT FOUND THEN
    verdict := 'PERSON_NOT_FOUND';
  END IF;
  PERFORM private.audit_account(opened, 'ACCOUNT_CHANGED', verdict, enable_person.staff, jsonb_build_object('change', 'enabled'));
  RETURN verdict;
END $$;

-- The data keys of an account whose password an Admin gives: a new personal key, and every field key that the Admin holds
-- where the role may see some identity data, and none where it may not.
CREATE FUNCTION private.store_given_keys(p_session private.session, p_staff text, p_role text, p_keys jsonb) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  sees boolean := private.reach_of(p_role, 'identity.read') IS NOT NULL OR private.reach_of(p_role, 'insurance.read') IS NOT NULL;
  given text[] := ARRAY(SELECT g ->> 'key_id' FROM jsonb_array_elements(p_keys) g WHERE g ->> 'purpose' = 'fields' ORDER BY 1);
  wanted text[] := ARRAY(SELECT k.key_id FROM private.sealed_key k WHERE k.staff_id = (p_session).staff_id AND k.purpose = 'fields' AND sees ORDER BY 1);
BEGIN
  IF given IS DISTINCT FROM wanted OR (sees AND wanted = '{}')
     OR (SELECT count(*) FROM jsonb_array_elements(p_keys) g WHERE g ->> 'purpose' = 'personal') <> 1
     OR EXISTS (SELECT FROM jsonb_array_elements(p_keys) g WHERE coalesce(g ->> 'purpose', '') NOT IN ('personal', 'fields')
       OR length(decode(g ->> 'sealed', 'base64')) NOT BETWEEN 32 AND 400) THEN
    RAISE EXCEPTION 'these are not the keys of such an account' USING ERRCODE = '55000';
  END IF;
  DELETE FROM private.sealed_key k WHERE k.staff_id = p_staff;
  INSERT INTO private.sealed_key (staff_id, purpose, key_id, sealed)
    SELECT p_staff, g ->> 'purpose', g ->> 'key_id', decode(g ->> 'sealed', 'base64') FROM jsonb_array_elements(p_keys) g;
END $$;

-- A new member of staff with a password that they must change: 'granted', 'USERNAME_TAKEN', 'STAFF_ID_TAKEN' or
-- 'INVALID_INPUT'. Asked again with the same credential it is the same account. Ids of staff are in the audit for ever, so
-- none is given a second time.
CREATE FUNCTION api.add_person(token text, person jsonb, credential jsonb, keys jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  opened private.session := private.session_of(add_person.token);
  new_id text := add_person.person ->> 'staffId';
  new_username text := lower(add_person.person ->> 'username');
  new_role text := add_person.person ->> 'role';
  verdict text;
BEGIN
  IF NOT private.may_act(opened, 'people.manage', 'add_person', new_id) THEN
    RETURN 'RBAC_DENIED';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('add a person', 0));
  IF EXISTS (SELECT FROM hospital.staff m JOIN private.credential c ON c.staff_id = m.id
      WHERE m.id = new_id AND m.username = new_username AND c.verifier = decode(add_person.credential ->> 'verifier', 'base64')) THEN
    RETURN 'granted';
  END IF;
  verdict := CASE
    WHEN coalesce(new_id !~ '^[A-Za-z0-9-]{2,20}$' OR new_username !~ '^[a-z][a-z0-9._-]{1,39}$'
      OR length(trim(add_person.person ->> 'name')) NOT BETWEEN 1 AND 80 OR length(trim(add_person.person ->> 'department')) NOT BETWEEN 1 AND 80
      OR NOT EXISTS (SELECT FROM private.role_permission r WHERE r.role = new_role), true) THEN 'INVALID_INPUT'
    WHEN EXISTS (SELECT FROM hospital.staff m WHERE m.username = new_username) THEN 'USERNAME_TAKEN'
    WHEN EXISTS (SELECT FROM hospital.staff m WHERE upper(m.id) = upper(new_id)) OR EXISTS (SELECT FROM private.audit_entry e WHERE e.staff_id = new_id) THEN 'STAFF_ID_TAKEN'
    ELSE 'granted' END;
  IF verdict = 'granted' THEN
    INSERT INTO hospital.staff (id, username, name, role, department)
      VALUES (new_id, new_username, trim(add_person.person ->> 'name'), new_role, trim(add_person.person ->> 'department'));
    PERFORM private.store_given_keys(opened, new_id, new_role, add_person.keys);
    PERFORM private.store_credential(new_id, add_person.credential, true);
  END IF;
  PERFORM private.audit_account(opened, 'STAFF_ADDED', verdict, new_id, jsonb_build_object('role', left(new_role, 40)));
  RETURN verdict;
END $$;

-- A password that is lost, or was never given: a temporary one takes its place, with new data keys, because nobody can open
-- the old ones. What the old personal and drafts keys sealed stays sealed for ever. 'granted', 'PERSON_NOT_FOUND' or
-- 'OWN_ACCOUNT'.
CREATE FUNCTION api.reset_password(token text, staff text, reason text, credential jsonb, keys jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  opened private.session := private.session_of(reset_password.token);
  person hospital.staff;
  had_password boolean := EXISTS (SELECT FROM private.credential c WHERE c.staff_id = reset_password.staff);
  verdict text;
BEGIN
  IF NOT private.may_act(opened, 'people.manage', 'reset_password', reset_password.staff) THEN
    RETURN 'RBAC_DENIED';
  END IF;
  SELECT * INTO person FROM hospital.staff m WHERE m.id = reset_password.staff FOR NO KEY UPDATE;
  verdict := CASE WHEN person.id IS NULL THEN 'PERSON_NOT_FOUND' WHEN person.id = opened.staff_id THEN 'OWN_ACCOUNT' ELSE 'granted' END;
  IF verdict = 'granted' THEN
    -- Before the installation's chain, which the end of a session may take: a sign-in that begins now takes them in this order.
    DELETE FROM private.sign_in_counter c WHERE c.username = person.username;
    PERFORM private.end_sessions(person.id, NULL, NULL, 'administrator', opened, reset_password.reason);
    PERFORM private.store_given_keys(opened, person.id, person.role, reset_password.keys);
    PERFORM private.store_credential(person.id, reset_password.credential, true);
  END IF;
  PERFORM private.audit_account(opened, 'ACCOUNT_CHANGED', verdict, reset_password.staff,
    jsonb_build_object('change', CASE WHEN verdict <> 'granted' OR had_password THEN 'password reset' ELSE 'first password' END,
      'reason', left(reset_password.reason, 200)));
  RETURN verdict;
END $$;

CREATE FUNCTION api.reset_second_factor(token text, staff text, reason text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(reset_second_factor.token); verdict text := 'granted';
BEGIN
  IF NOT private.may_act(opened, 'people.manage', 'reset_second_factor', reset_second_factor.staff) THEN
    RETURN 'RBAC_DENIED';
  END IF;
  PERFORM FROM hospital.staff m WHERE m.id = reset_second_factor.staff FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    verdict := 'PERSON_NOT_FOUND';
  ELSIF reset_second_factor.staff = opened.staff_id THEN
    verdict := 'OWN_ACCOUNT';
  ELSE
    PERFORM private.end_sessions(reset_second_factor.staff, NULL, NULL, 'administrator', opened, reset_second_factor.reason);
    PERFORM private.forget_second_factor(reset_second_factor.staff);
  END IF;
  PERFORM private.audit_account(opened, 'SECOND_FACTOR_CHANGED', verdict, reset_second_factor.staff,
    jsonb_build_object('step', 'reset', 'reason', left(reset_second_factor.reason, 200)));
  RETURN verdict;
END $$;

CREATE FUNCTION api.sign_in_rules(token text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(sign_in_rules.token);
BEGIN
  IF NOT private.may_act(opened, 'people.manage', 'list_sign_in_rules', NULL) THEN
    RETURN jsonb_build_object('outcome', 'RBAC_DENIED');
  END IF;
  RETURN jsonb_build_object('outcome', 'granted', 'rules', (SELECT jsonb_agg(jsonb_build_object('role', (r).role,
      'secondFactor', (r).second_factor, 'badge', (r).badge) ORDER BY (r).role)
    FROM (SELECT private.sign_in_rule_of(known.role) AS r FROM (SELECT DISTINCT p.role FROM private.role_permission p) AS known) AS rules));
END $$;

CREATE FUNCTION api.change_sign_in_rule(token text, rule jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  opened private.session := private.session_of(change_sign_in_rule.token);
  wanted_role text := change_sign_in_rule.rule ->> 'role';
  verdict text := 'granted';
BEGIN
  IF NOT private.may_act(opened, 'people.manage', 'change_sign_in_rule', NULL) THEN
    RETURN 'RBAC_DENIED';
  ELSIF coalesce(NOT EXISTS (SELECT FROM private.role_permission p WHERE p.role = wanted_role)
      OR change_sign_in_rule.rule ->> 'secondFactor' NOT IN ('optional', 'required')
      OR change_sign_in_rule.rule ->> 'badge' NOT IN ('off', 'with-password', 'with-code'), true) THEN
    verdict := 'INVALID_INPUT';
  ELSE
    INSERT INTO private.sign_in_rule AS r (role, second_factor, badge)
      VALUES (wanted_role, change_sign_in_rule.rule ->> 'secondFactor', change_sign_in_rule.rule ->> 'badge')
      ON CONFLICT (role) DO UPDATE SET second_factor = excluded.second_factor, badge = excluded.badge;
  END IF;
  PERFORM private.audit_own(opened, 'SIGN_IN_RULES_CHANGED', verdict, jsonb_build_object('role', left(wanted_role, 40),
    'secondFactor', left(change_sign_in_rule.rule ->> 'secondFactor', 20), 'badge', left(change_sign_in_rule.rule ->> 'badge', 20)));
  RETURN verdict;
END $$;

GRANT EXECUTE ON FUNCTION api.keep_drafts_key(text, text, bytea), api.hashing_parameters(), api.change_password(text, uuid, jsonb, jsonb),
  api.sign_in_restriction(text), api.own_account(text), api.end_own_session(text, uuid), api.people(text), api.person_sessions(text, text),
  api.end_sessions(text, text, uuid, text), api.disable_person(text, text, text), api.enable_person(text, text),
  api.add_person(text, jsonb, jsonb, jsonb), api.reset_password(text, text, text, jsonb, jsonb), api.reset_second_factor(text, text, text),
  api.sign_in_rules(text), api.change_sign_in_rule(text, jsonb) TO lamplight_app;
RESET ROLE;
