SET ROLE lamplight_owner;

-- What people typed and neither saved nor sent: bytes that only their own drafts key opens. `key` is a keyed hash of what the
-- draft is for, so that not even a patient number can be guessed from it. A draft that was saved stays as a row without bytes
-- until it expires, so that an older copy of another workstation does not bring it back.
CREATE TABLE private.draft (
  staff_id text NOT NULL REFERENCES hospital.staff,
  key text NOT NULL CHECK (key ~ '^[0-9a-f]{64}$'),
  sealed bytea CHECK (length(sealed) BETWEEN 32 AND 131072),
  -- A hybrid clock of the workstations (microseconds, never less than a revision that was seen): the higher one is the later one.
  revision bigint NOT NULL CHECK (revision > 0),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (staff_id, key)
);
CREATE INDEX draft_by_expiry ON private.draft (expires_at);
ALTER TABLE private.draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE private.draft FORCE ROW LEVEL SECURITY;
CREATE POLICY functions_of_the_owner ON private.draft TO lamplight_owner USING (true) WITH CHECK (true);

-- Until half an hour after the shift that is on; without one for twelve hours. Never less than half an hour: who stays longer
-- than the shift still types.
CREATE FUNCTION private.drafts_kept_until(p_staff text) RETURNS timestamptz LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT greatest(clock_timestamp() + interval '30 minutes', coalesce(
    (SELECT max(s.ends_at) + interval '30 minutes' FROM hospital.shift s WHERE s.staff_id = p_staff
      AND s.starts_at <= clock_timestamp() + interval '30 minutes' AND s.ends_at >= clock_timestamp() - interval '30 minutes'),
    clock_timestamp() + interval '12 hours'))
$$;

-- Keeps one draft, unless a later one is kept already, or was shredded later. `base` is the revision that this text grew from
-- (0 for none): where the one that is kept is another, nothing is taken, so that two workstations of one person cannot
-- overwrite each other unseen. Answers what is kept now: the revision, until when, and whether it was taken. Background work:
-- the session is not kept awake by it.
CREATE FUNCTION api.keep_draft(token text, key text, sealed bytea, revision bigint, base bigint DEFAULT NULL)
RETURNS TABLE (kept_revision bigint, kept_until timestamptz, taken boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(keep_draft.token); until timestamptz;
BEGIN
  IF keep_draft.key IS NULL OR keep_draft.key !~ '^[0-9a-f]{64}$' OR keep_draft.sealed IS NULL
     OR length(keep_draft.sealed) NOT BETWEEN 32 AND 131072
     OR keep_draft.revision IS NULL OR keep_draft.revision NOT BETWEEN 1 AND 9007199254740991 THEN
    RAISE EXCEPTION 'no such draft' USING ERRCODE = '22023';
  END IF;
  -- Two workstations of one person count one after the other.
  PERFORM pg_advisory_xact_lock(hashtextextended('lamplight drafts ' || opened.staff_id, 0));
  IF NOT EXISTS (SELECT FROM private.draft d WHERE d.staff_id = opened.staff_id AND d.key = keep_draft.key)
     AND (SELECT count(*) FROM private.draft d WHERE d.staff_id = opened.staff_id AND d.expires_at > clock_timestamp()) >= 400 THEN
    RAISE EXCEPTION 'too many drafts' USING ERRCODE = '54000';
  END IF;
  until := private.drafts_kept_until(opened.staff_id);
  INSERT INTO private.draft AS d (staff_id, key, sealed, revision, expires_at)
    VALUES (opened.staff_id, keep_draft.key, keep_draft.sealed, keep_draft.revision, until)
    ON CONFLICT ON CONSTRAINT draft_pkey DO UPDATE
      SET sealed = excluded.sealed, revision = excluded.revision, expires_at = excluded.expires_at, updated_at = clock_timestamp()
      WHERE d.expires_at <= clock_timestamp() OR (d.revision < excluded.revision
        AND (d.sealed IS NULL OR keep_draft.base IS NULL OR d.revision = keep_draft.base));
  taken := FOUND;
  RETURN QUERY SELECT d.revision, d.expires_at, taken FROM private.draft d
    WHERE d.staff_id = opened.staff_id AND d.key = keep_draft.key;
END $$;

-- The own drafts, sealed as they came. Those that were shredded come without bytes: other copies of them are to go too.
-- Not announced: they are told to their own person alone, with a sign-in or an unlock that the audit has.
CREATE FUNCTION api.drafts(token text) RETURNS TABLE (key text, sealed bytea, revision bigint, updated_at timestamptz, expires_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(drafts.token);
BEGIN
  RETURN QUERY SELECT d.key, d.sealed, d.revision, d.updated_at, d.expires_at FROM private.draft d
    WHERE d.staff_id = opened.staff_id AND d.expires_at > clock_timestamp() ORDER BY d.updated_at DESC;
END $$;

-- Destroys own drafts up to a revision: what was typed later, elsewhere, stays. Also for a key that is not known yet, so that
-- a copy which comes late finds that it is too late. Answers how many had bytes; the audit is told that number and no more.
CREATE FUNCTION api.shred_drafts(token text, keys text[], revision bigint) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(shred_drafts.token); shredded int; until timestamptz;
BEGIN
  IF coalesce(cardinality(shred_drafts.keys), 0) NOT BETWEEN 1 AND 50 OR array_position(shred_drafts.keys, NULL) IS NOT NULL
     OR EXISTS (SELECT FROM unnest(shred_drafts.keys) k WHERE k !~ '^[0-9a-f]{64}$')
     OR shred_drafts.revision IS NULL OR shred_drafts.revision NOT BETWEEN 1 AND 9007199254740991 THEN
    RAISE EXCEPTION 'no such draft' USING ERRCODE = '22023';
  END IF;
  -- The audit's chain first, like everything else that takes it and another row.
  PERFORM FROM private.audit_chain h WHERE h.id = opened.id FOR NO KEY UPDATE;
  PERFORM pg_advisory_xact_lock(hashtextextended('lamplight drafts ' || opened.staff_id, 0));
  SELECT count(*) INTO shredded FROM private.draft d WHERE d.staff_id = opened.staff_id AND d.key = ANY (shred_drafts.keys)
    AND d.sealed IS NOT NULL AND d.revision <= shred_drafts.revision;
  until := private.drafts_kept_until(opened.staff_id);
  -- A full list takes no more rows, so that nobody fills the table with keys that stand for nothing.
  IF (SELECT count(*) FROM private.draft d WHERE d.staff_id = opened.staff_id) < 1000 THEN
    INSERT INTO private.draft AS d (staff_id, key, sealed, revision, expires_at)
      SELECT DISTINCT opened.staff_id, k, NULL::bytea, shred_drafts.revision, until FROM unnest(shred_drafts.keys) k
      ON CONFLICT ON CONSTRAINT draft_pkey DO UPDATE
        SET sealed = NULL, revision = excluded.revision, updated_at = clock_timestamp() WHERE d.revision <= excluded.revision;
  ELSE
    UPDATE private.draft d SET sealed = NULL, revision = shred_drafts.revision, updated_at = clock_timestamp()
     WHERE d.staff_id = opened.staff_id AND d.key = ANY (shred_drafts.keys) AND d.revision <= shred_drafts.revision;
  END IF;
  IF shredded > 0 THEN
    PERFORM private.append_audit(opened.id, opened.id, opened.staff_id, (SELECT m.role FROM hospital.staff m WHERE m.id = opened.staff_id),
      'DRAFTS_SHREDDED', NULL, 'granted', '{}', opened.workstation, jsonb_build_object('count', shredded, 'because', 'finished'));
  END IF;
  RETURN shredded;
END $$;

-- With every sign-in what nobody can use any more goes, and now also what people typed before their shift was over. As in
-- 0006; the new part is the drafts.
CREATE OR REPLACE FUNCTION private.tidy() RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE expired int;
BEGIN
  DELETE FROM private.announcement WHERE id IN (SELECT a.id FROM private.announcement a
    WHERE a.expires_at < clock_timestamp() - interval '1 hour' LIMIT 2000 FOR UPDATE SKIP LOCKED);
  DELETE FROM private.sign_in_attempt WHERE id IN (SELECT a.id FROM private.sign_in_attempt a
    WHERE a.at < clock_timestamp() - interval '1 day' LIMIT 2000 FOR UPDATE SKIP LOCKED);
  WITH gone AS (
    DELETE FROM private.draft d WHERE (d.staff_id, d.key) IN (SELECT e.staff_id, e.key FROM private.draft e
      WHERE e.expires_at <= clock_timestamp() LIMIT 2000 FOR UPDATE SKIP LOCKED) RETURNING d.sealed IS NOT NULL AS held
  ) SELECT count(*) FILTER (WHERE g.held) INTO expired FROM gone g;
  IF expired > 0 THEN
    PERFORM private.append_audit('00000000-0000-0000-0000-000000000000', NULL, NULL, NULL, 'DRAFTS_SHREDDED', NULL, 'granted', '{}', NULL,
      jsonb_build_object('count', expired, 'because', 'expired'));
  END IF;
END $$;
GRANT EXECUTE ON FUNCTION api.keep_draft(text, text, bytea, bigint, bigint), api.drafts(text), api.shred_drafts(text, text[], bigint) TO lamplight_app;
RESET ROLE;
