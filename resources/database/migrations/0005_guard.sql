SET ROLE lamplight_owner;

-- The session that a token opens, or an exception. Idle is judged by this server's clock, whatever a workstation thinks.
CREATE FUNCTION private.session_of(p_token text) RETURNS private.session LANGUAGE plpgsql STABLE
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

-- The care team of this moment: placed on a ward of a shift (30 minutes either side), assigned, or with an appointment today.
-- The moment is the clock's, not now(): whoever kept a transaction open since the shift would stay on the team by that.
CREATE FUNCTION private.care_team_patients(p_staff text) RETURNS uuid[] LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  moment timestamptz := clock_timestamp();
  zone text := (SELECT i.time_zone FROM private.installation i);
BEGIN
  RETURN ARRAY(
    SELECT p.patient_id FROM hospital.placement p JOIN hospital.shift s ON s.ward_code = p.ward_code
     WHERE s.staff_id = p_staff AND s.starts_at <= moment + interval '30 minutes' AND s.ends_at >= moment - interval '30 minutes'
    UNION
    SELECT a.patient_id FROM hospital.assignment a
     WHERE a.staff_id = p_staff AND a.valid_from <= moment AND (a.valid_to IS NULL OR a.valid_to > moment)
    UNION
    SELECT v.patient_id FROM hospital.appointment v
     WHERE v.staff_id = p_staff AND (v.starts_at AT TIME ZONE zone)::date = (moment AT TIME ZONE zone)::date AND v.status <> 'cancelled');
END $$;

CREATE FUNCTION private.reach_of(p_role text, p_permission text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT reach FROM private.role_permission WHERE role = p_role AND permission = p_permission
$$;

-- The patients that a search finds within a reach: beginning of family or given name, or of the patient number.
CREATE FUNCTION private.search_patients(p_query text, p_within uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE words text[]; first text COLLATE "C"; second text COLLATE "C"; above text COLLATE "C" := chr(1114109); found uuid[];
BEGIN
  words := regexp_split_to_array(trim(regexp_replace(lower(left(p_query, 60)), '[,\s]+', ' ', 'g')), ' ');
  first := words[1];
  second := coalesce(words[2], '');
  IF length(first) < 1 OR length(first || second) < 2 THEN
    RETURN '{}';
  END IF;
  SELECT coalesce(array_agg(id), '{}') INTO found FROM (
    SELECT id FROM (
      (SELECT id, search_family, search_given FROM hospital.patient
        WHERE search_family >= first AND search_family < first || above AND starts_with(search_given, second)
          AND deleted_at IS NULL AND (p_within IS NULL OR id = ANY (p_within)) ORDER BY search_family, search_given LIMIT 51)
      UNION
      (SELECT id, search_family, search_given FROM hospital.patient
        WHERE search_given >= first AND search_given < first || above AND starts_with(search_family, second)
          AND deleted_at IS NULL AND (p_within IS NULL OR id = ANY (p_within)) ORDER BY search_given, search_family LIMIT 51)
      UNION
      (SELECT id, search_family, search_given FROM hospital.patient
        WHERE patient_number = upper(first) COLLATE "default" AND deleted_at IS NULL AND (p_within IS NULL OR id = ANY (p_within)))
    ) AS hits ORDER BY search_family, search_given LIMIT 51
  ) AS page;
  RETURN found;
END $$;

-- tx 1 of every disclosure: decides, writes the audit entry, and remembers which patients it is about. The outcome of a
-- patient who does not exist and of one off the care team is the same in every byte.
CREATE FUNCTION api.announce(token text, action text, scope jsonb DEFAULT '{}') RETURNS TABLE (announcement uuid, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  opened private.session := private.session_of(announce.token);
  person hospital.staff;
  wanted private.tool;
  reach text;
  team uuid[];
  patients uuid[] := '{}';
  verdict text;
  entry_action text;
  detail jsonb := jsonb_strip_nulls(jsonb_build_object(
    'via', left(announce.scope ->> 'via', 20), 'reason', left(announce.scope ->> 'reason', 200), 'field', left(announce.scope ->> 'field', 40)));
BEGIN
  SELECT * INTO person FROM hospital.staff m WHERE m.id = opened.staff_id;
  SELECT * INTO wanted FROM private.tool t WHERE t.name = announce.action;
  IF wanted.name IS NULL THEN
    verdict := 'UNKNOWN_TOOL';
    detail := detail || jsonb_build_object('asked', left(announce.action, 80));
  ELSE
    reach := private.reach_of(person.role, wanted.permission);
    IF reach IS NULL THEN
      verdict := 'RBAC_DENIED';
    ELSIF announce.scope ->> 'invalid' = 'true' THEN
      -- The caller's own parser refused the arguments: nothing is looked up, and the attempt is in the audit.
      verdict := 'INVALID_INPUT';
    END IF;
  END IF;
  IF verdict IS NULL THEN
    IF reach = 'care-team' THEN
      team := private.care_team_patients(person.id);
    END IF;
    CASE wanted.scope
    WHEN 'patient' THEN
      detail := detail || jsonb_build_object('patient', left(announce.scope ->> 'patient', 12));
      SELECT array_agg(p.id) INTO patients FROM hospital.patient p
       WHERE p.patient_number = announce.scope ->> 'patient' AND p.deleted_at IS NULL;
      patients := coalesce(patients, '{}');
      IF patients = '{}' OR (team IS NOT NULL AND NOT patients <@ team) THEN
        verdict := 'PATIENT_NOT_FOUND';
      END IF;
    WHEN 'ward' THEN
      detail := detail || jsonb_strip_nulls(jsonb_build_object('ward', left(announce.scope ->> 'ward', 40)));
      SELECT coalesce(array_agg(listed.id), '{}') INTO patients FROM (
        SELECT p.id FROM hospital.patient p LEFT JOIN hospital.placement b ON b.patient_id = p.id
         WHERE p.deleted_at IS NULL AND (team IS NULL OR p.id = ANY (team))
           AND (team IS NOT NULL OR b.patient_id IS NOT NULL)
           AND (announce.scope ->> 'ward' IS NULL OR b.ward_code = announce.scope ->> 'ward')
         ORDER BY b.ward_code, b.bed_code LIMIT 500) AS listed;
    WHEN 'search' THEN
      detail := detail || jsonb_build_object('letters', length(announce.scope ->> 'query'));
      patients := private.search_patients(announce.scope ->> 'query', team);
    ELSE
      NULL;
    END CASE;
  END IF;
  IF verdict IS NULL THEN
    entry_action := CASE
      WHEN wanted.audit <> 'ACCESS' THEN wanted.audit
      WHEN announce.scope ->> 'via' = 'assistant' THEN 'LLM_TOOL_CALL'
      WHEN announce.scope ->> 'via' = 'client' THEN 'TOOL_CALL'
      ELSE 'ACCESS_GRANTED' END;
    PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, entry_action, wanted.name, 'granted',
      patients, opened.workstation, detail);
    INSERT INTO private.announcement (session_id, tool, patient_ids, expires_at)
      VALUES (opened.id, wanted.name, patients, clock_timestamp() + interval '30 seconds') RETURNING id INTO announcement;
    outcome := 'granted';
  ELSE
    PERFORM private.append_audit(opened.id, opened.id, person.id, person.role, 'ACCESS_DENIED', wanted.name, verdict,
      patients, opened.workstation, detail);
    outcome := verdict;
  END IF;
  RETURN NEXT;
END $$;

-- The signature of a context: of this connection, this transaction and the token that opened it.
CREATE FUNCTION private.context_code(p_message text, p_token_hash bytea) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT private.authentication_code(p_message || '|' || pg_backend_pid() || '|' || extract(epoch from transaction_timestamp()) || '|' || encode(p_token_hash, 'hex'))
$$;

-- tx 2: binds this transaction, and nothing else, to one announcement that an earlier transaction committed.
CREATE FUNCTION api.open_request(token text, announcement uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(open_request.token); said private.announcement; message text;
BEGIN
  SELECT a.* INTO said FROM private.announcement a
   WHERE a.id = open_request.announcement AND a.session_id = opened.id AND a.expires_at > clock_timestamp()
     AND a.xid IS DISTINCT FROM pg_current_xact_id_if_assigned();
  IF NOT FOUND THEN
    RAISE EXCEPTION 'access not announced in a committed transaction' USING ERRCODE = '28000';
  END IF;
  message := said.id || '|' || opened.id;
  PERFORM set_config('lamplight.context', message || '|' || private.context_code(message, opened.token_hash), true);
END $$;

-- What the signed context of this transaction stands for, or NULL: forged, moved, expired and revoked all read as nothing,
-- and so does one whose session was locked since, even if it is unlocked by now.
CREATE TYPE private.request AS (staff_id text, role text, session_id uuid, tool text, discloses text[], patient_ids uuid[]);
CREATE FUNCTION private.current_request() RETURNS private.request LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  part text[] := string_to_array(current_setting('lamplight.context', true), '|');
  uuid_form text := '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
  hash bytea;
  opened private.request;
BEGIN
  IF coalesce(array_length(part, 1), 0) <> 3 OR part[1] !~ uuid_form OR part[2] !~ uuid_form THEN
    RETURN NULL;
  END IF;
  SELECT s.token_hash, s.staff_id, m.role, s.id, t.name, t.discloses, a.patient_ids
    INTO hash, opened.staff_id, opened.role, opened.session_id, opened.tool, opened.discloses, opened.patient_ids
    FROM private.announcement a JOIN private.session s ON s.id = a.session_id
    JOIN hospital.staff m ON m.id = s.staff_id JOIN private.tool t ON t.name = a.tool
   WHERE a.id = part[1]::uuid AND s.id = part[2]::uuid AND a.expires_at > clock_timestamp() AND s.ended_at IS NULL
     AND s.token_hash IS NOT NULL AND m.disabled_at IS NULL AND s.expires_at > clock_timestamp()
     AND s.last_seen > clock_timestamp() - interval '15 minutes';
  IF hash IS NULL OR part[3] IS DISTINCT FROM private.context_code(part[1] || '|' || part[2], hash) THEN
    RETURN NULL;
  END IF;
  RETURN opened;
END $$;

-- The patients of this request for whom a permission holds now: announced, disclosed by the announced tool, within reach.
CREATE FUNCTION guard.readable(permission text) RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.request := private.current_request(); reach text;
BEGIN
  IF opened.staff_id IS NULL OR NOT readable.permission = ANY (opened.discloses) THEN
    RETURN '{}';
  END IF;
  reach := private.reach_of(opened.role, readable.permission);
  IF reach = 'all' THEN
    RETURN opened.patient_ids;
  ELSIF reach = 'care-team' THEN
    RETURN ARRAY(SELECT unnest(opened.patient_ids) INTERSECT SELECT unnest(private.care_team_patients(opened.staff_id)));
  END IF;
  RETURN '{}';
END $$;

-- The signed-in person where the announced tool discloses their own data under this permission, else NULL.
CREATE FUNCTION guard.own_staff_id(permission text) RETURNS text LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.request := private.current_request();
BEGIN
  IF opened.staff_id IS NOT NULL AND own_staff_id.permission = ANY (opened.discloses)
     AND private.reach_of(opened.role, own_staff_id.permission) IS NOT NULL THEN
    RETURN opened.staff_id;
  END IF;
  RETURN NULL;
END $$;

-- Whether this request may read what belongs to the whole hospital under a permission.
CREATE FUNCTION guard.may_read_all(permission text) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.request := private.current_request();
BEGIN
  RETURN opened.staff_id IS NOT NULL AND may_read_all.permission = ANY (opened.discloses)
     AND private.reach_of(opened.role, may_read_all.permission) IS NOT DISTINCT FROM 'all';
END $$;
RESET ROLE;
