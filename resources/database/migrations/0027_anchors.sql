-- Anchors of the audit outside the database. PostgreSQL gives the heads of the chains and takes down that an anchor was
-- written; what an anchor says is signed and kept elsewhere, where whoever can rewrite this database cannot reach.
SET ROLE lamplight_owner;

-- Who writes the next anchor, and when the last one was written.
CREATE TABLE private.anchoring (
  is_only_row boolean PRIMARY KEY DEFAULT true CHECK (is_only_row),
  lease uuid,
  leased_until timestamptz,
  holder text,
  last_at timestamptz,
  last_number bigint,
  last_key text
);
INSERT INTO private.anchoring DEFAULT VALUES;
ALTER TABLE private.anchoring ENABLE ROW LEVEL SECURITY;
ALTER TABLE private.anchoring FORCE ROW LEVEL SECURITY;
CREATE POLICY functions_of_the_owner ON private.anchoring TO lamplight_owner USING (true) WITH CHECK (true);

-- The heads in order of their ids: all of them, or of the chains that grew since a moment. Ids, numbers and hashes alone.
CREATE FUNCTION private.audit_heads(p_since timestamptz, p_after uuid, p_most int) RETURNS TABLE (id uuid, sequence bigint, hash bytea)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF p_since IS NULL THEN
    RETURN QUERY SELECT h.id, h.sequence, h.hash FROM private.audit_chain h
      WHERE h.sequence > 0 AND (p_after IS NULL OR h.id > p_after) ORDER BY h.id LIMIT p_most;
  ELSE
    RETURN QUERY SELECT h.id, h.sequence, h.hash FROM private.audit_chain h
      WHERE h.id IN (SELECT e.chain_id FROM private.audit_entry e WHERE e.at >= p_since) AND h.sequence > 0
        AND (p_after IS NULL OR h.id > p_after) ORDER BY h.id LIMIT p_most;
  END IF;
END $$;

-- Which of these points of anchors the audit no longer agrees with, and how far each such chain reaches now.
CREATE FUNCTION private.compare_audit_points(p_chains uuid[], p_sequences bigint[], p_hashes bytea[])
RETURNS TABLE (chain_id uuid, sequence bigint, found text, reaches bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.chain, p.sequence,
         CASE WHEN e.hash IS NOT NULL THEN 'other' WHEN EXISTS (SELECT FROM private.audit_entry o WHERE o.chain_id = p.chain) THEN 'entry-gone'
              ELSE 'chain-gone' END,
         coalesce((SELECT max(o.sequence) FROM private.audit_entry o WHERE o.chain_id = p.chain), 0)
    FROM unnest(p_chains, p_sequences, p_hashes) AS p (chain, sequence, hash)
    LEFT JOIN private.audit_entry e ON e.chain_id = p.chain AND e.sequence = p.sequence
   WHERE e.hash IS DISTINCT FROM p.hash
$$;

CREATE FUNCTION private.note_anchor(p_workstation text, p_number bigint, p_root text, p_statement text, p_key text, p_chains bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM private.append_audit('00000000-0000-0000-0000-000000000000', NULL, NULL, NULL, 'AUDIT_ANCHORED', NULL, 'granted', '{}',
    left(p_workstation, 80), jsonb_build_object('number', p_number, 'root', left(p_root, 64), 'statement', left(p_statement, 64),
      'key', left(p_key, 40), 'chains', p_chains));
  UPDATE private.anchoring SET lease = NULL, leased_until = NULL, holder = left(p_workstation, 80), last_at = clock_timestamp(),
    last_number = p_number, last_key = left(p_key, 40);
END $$;

-- One workstation at a time, and no more often than asked for, once a minute at the most: who anchored last goes on, another
-- takes over when that one is a third of the time late. The heads are given under such a lease alone.
CREATE FUNCTION api.claim_anchoring(workstation text, seconds int)
RETURNS TABLE (lease uuid, installation uuid, last_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE wait interval := make_interval(secs => least(greatest(claim_anchoring.seconds, 60), 86400));
BEGIN
  UPDATE private.anchoring a SET lease = gen_random_uuid(), leased_until = clock_timestamp() + interval '5 minutes'
   WHERE (a.leased_until IS NULL OR a.leased_until < clock_timestamp())
     AND (a.last_at IS NULL OR a.last_at < clock_timestamp() -
          CASE WHEN a.holder IS NOT DISTINCT FROM left(claim_anchoring.workstation, 80) THEN wait ELSE wait * 4 / 3 END)
     AND EXISTS (SELECT FROM private.installation i WHERE i.loaded_at IS NOT NULL)
  RETURNING a.lease INTO lease;
  installation := (SELECT i.id FROM private.installation i);
  last_at := (SELECT a.last_at FROM private.anchoring a);
  RETURN NEXT;
END $$;

CREATE FUNCTION private.refuse_other_lease(p_lease uuid) RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_lease IS NULL OR NOT EXISTS (SELECT FROM private.anchoring a WHERE a.lease = p_lease AND a.leased_until > clock_timestamp()) THEN
    RAISE EXCEPTION 'no such lease' USING ERRCODE = '42501';
  END IF;
END $$;

CREATE FUNCTION api.audit_heads(lease uuid, since timestamptz, after uuid) RETURNS TABLE (id uuid, sequence bigint, hash bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM private.refuse_other_lease(audit_heads.lease);
  RETURN QUERY SELECT h.id, h.sequence, h.hash FROM private.audit_heads(audit_heads.since, audit_heads.after, 5000) h;
END $$;

CREATE FUNCTION api.record_anchor(lease uuid, workstation text, number bigint, root text, statement text, key_id text, chains bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- The chain's row before the lease's, like everybody else who appends.
  PERFORM FROM private.audit_chain h WHERE h.id = '00000000-0000-0000-0000-000000000000' FOR NO KEY UPDATE;
  PERFORM private.refuse_other_lease(record_anchor.lease);
  PERFORM private.note_anchor(record_anchor.workstation, record_anchor.number, record_anchor.root, record_anchor.statement,
    record_anchor.key_id, record_anchor.chains);
END $$;

-- When the last anchor was written, by which key: for the health page. No name of anything.
CREATE FUNCTION api.anchoring_state() RETURNS TABLE (installation uuid, loaded boolean, last_at timestamptz, last_number bigint, last_key text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.id, i.loaded_at IS NOT NULL, a.last_at, a.last_number, a.last_key FROM private.installation i, private.anchoring a
$$;

CREATE FUNCTION api.compare_audit_points(chains uuid[], sequences bigint[], hashes bytea[])
RETURNS TABLE (chain_id uuid, sequence bigint, found text, reaches bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT guard.may_read_all('audit.read') THEN
    RAISE EXCEPTION 'not announced for the audit' USING ERRCODE = '42501';
  END IF;
  RETURN QUERY SELECT c.chain_id, c.sequence, c.found, c.reaches
    FROM private.compare_audit_points(compare_audit_points.chains, compare_audit_points.sequences, compare_audit_points.hashes) c;
END $$;

GRANT EXECUTE ON FUNCTION api.claim_anchoring(text, int), api.audit_heads(uuid, timestamptz, uuid),
  api.record_anchor(uuid, text, bigint, text, text, text, bigint), api.anchoring_state(),
  api.compare_audit_points(uuid[], bigint[], bytea[]) TO lamplight_app;
RESET ROLE;
