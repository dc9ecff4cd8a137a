SET ROLE lamplight_owner;

-- The judgement of the whole audit, for an announced request of a person and for the owner's own command alike.
CREATE FUNCTION private.verify_audit() RETURNS TABLE (chains bigint, entries bigint, faults text[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH linked AS (
    SELECT e AS entry, e.chain_id, e.sequence, e.hash, e.previous_hash,
      lag(e.hash, 1, '\x'::bytea) OVER chain AS expected_previous,
      lag(e.sequence, 1, 0::bigint) OVER chain AS sequence_before,
      lead(e.sequence) OVER chain AS sequence_after
    FROM private.audit_entry e WINDOW chain AS (PARTITION BY e.chain_id ORDER BY e.sequence)
  ), found AS (
    SELECT format('chain %s, entry %s: the content does not match its hash', chain_id, sequence) AS fault
      FROM linked WHERE hash IS DISTINCT FROM private.audit_hash(entry)
    UNION ALL
    SELECT format('chain %s, entry %s: it does not continue the entry before it', chain_id, sequence)
      FROM linked WHERE previous_hash IS DISTINCT FROM expected_previous OR sequence <> sequence_before + 1
    UNION ALL
    SELECT format('chain %s: its end does not match its head (%s entries expected)', h.id, h.sequence)
      FROM private.audit_chain h LEFT JOIN linked l ON l.chain_id = h.id AND l.sequence_after IS NULL
     WHERE h.sequence IS DISTINCT FROM coalesce(l.sequence, 0) OR h.hash IS DISTINCT FROM coalesce(l.hash, '\x')
    UNION ALL
    SELECT format('chain %s: it has entries but no head', l.chain_id)
      FROM linked l LEFT JOIN private.audit_chain h ON h.id = l.chain_id WHERE h.id IS NULL AND l.sequence_after IS NULL
    UNION ALL
    SELECT format('chain %s: the installation knows this session, its chain is gone', e.session_id)
      FROM private.audit_entry e LEFT JOIN private.audit_chain h ON h.id = e.session_id
     WHERE e.chain_id = '00000000-0000-0000-0000-000000000000' AND e.action = 'LOGIN' AND e.session_id IS NOT NULL AND h.id IS NULL
    UNION ALL
    -- The other way round: without it the installation's chain itself could vanish, or a whole invented session appear.
    SELECT format('chain %s: the installation knows no sign-in that began it', h.id)
      FROM private.audit_chain h WHERE h.id <> '00000000-0000-0000-0000-000000000000' AND NOT EXISTS (
        SELECT FROM private.audit_entry e WHERE e.chain_id = '00000000-0000-0000-0000-000000000000' AND e.action = 'LOGIN' AND e.session_id = h.id)
    UNION ALL
    SELECT format('chain %s: it began with a sign-in and is empty', h.id)
      FROM private.audit_chain h WHERE h.id <> '00000000-0000-0000-0000-000000000000' AND h.sequence = 0
    UNION ALL
    SELECT 'the chain of the installation is gone'
     WHERE NOT EXISTS (SELECT FROM private.audit_chain h WHERE h.id = '00000000-0000-0000-0000-000000000000')
  )
  SELECT (SELECT count(*) FROM private.audit_chain), (SELECT count(*) FROM private.audit_entry),
         ARRAY(SELECT fault FROM found LIMIT 50)
$$;

CREATE OR REPLACE FUNCTION api.verify_audit() RETURNS TABLE (chains bigint, entries bigint, faults text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT guard.may_read_all('audit.read') THEN
    RAISE EXCEPTION 'not announced for the audit' USING ERRCODE = '42501';
  END IF;
  RETURN QUERY SELECT v.chains, v.entries, v.faults FROM private.verify_audit() v;
END $$;

-- What a retention run looks for, so that it does not read whole tables for the few rows that are due.
CREATE INDEX chat_by_age ON hospital.chat (updated_at);
CREATE INDEX token_usage_by_age ON hospital.token_usage (at);
CREATE INDEX sign_in_attempt_by_age ON private.sign_in_attempt (at);
CREATE INDEX session_to_close ON private.session (expires_at) WHERE ended_at IS NULL OR token_hash IS NOT NULL;
RESET ROLE;
