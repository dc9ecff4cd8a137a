SET ROLE lamplight_owner;

-- Titles and messages are sealed under the person's own key before they come here.
CREATE TABLE hospital.chat (
  id uuid PRIMARY KEY,
  staff_id text NOT NULL REFERENCES hospital.staff,
  title bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX chat_of_staff ON hospital.chat (staff_id, updated_at DESC);
CREATE TABLE hospital.chat_message (
  id uuid NOT NULL,
  chat_id uuid NOT NULL REFERENCES hospital.chat ON DELETE CASCADE,
  position bigint GENERATED ALWAYS AS IDENTITY,
  content bytea NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (chat_id, id)
);
CREATE TABLE hospital.token_usage (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  staff_id text NOT NULL REFERENCES hospital.staff,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  model text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('this-machine', 'on-premises', 'outside')),
  prompt_tokens int NOT NULL CHECK (prompt_tokens >= 0),
  completion_tokens int NOT NULL CHECK (completion_tokens >= 0)
);
CREATE INDEX token_usage_of_staff ON hospital.token_usage (staff_id, at);

DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['chat', 'chat_message', 'token_usage'] LOOP
    EXECUTE format('ALTER TABLE hospital.%I ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE hospital.%I FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY functions_of_the_owner ON hospital.%I TO lamplight_owner USING (true) WITH CHECK (true)', relation);
  END LOOP;
END $$;
CREATE POLICY own ON hospital.chat FOR SELECT TO lamplight_reader USING (staff_id = (SELECT guard.own_staff_id('assistant.use')));
CREATE POLICY own ON hospital.chat_message FOR SELECT TO lamplight_reader
  USING (chat_id IN (SELECT c.id FROM hospital.chat c WHERE c.staff_id = (SELECT guard.own_staff_id('assistant.use'))));
GRANT SELECT ON hospital.chat, hospital.chat_message TO lamplight_reader;

CREATE FUNCTION private.own_chat(p_session private.session, p_chat uuid) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM hospital.chat WHERE id = p_chat AND staff_id = p_session.staff_id FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such chat' USING ERRCODE = 'P0002';
  END IF;
END $$;

CREATE FUNCTION private.audit_chat_change(p_session private.session, p_change text) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
  SELECT private.append_audit(p_session.id, p_session.id, p_session.staff_id, (SELECT role FROM hospital.staff WHERE id = p_session.staff_id),
    'CHAT_CHANGED', NULL, 'granted', '{}', p_session.workstation, jsonb_build_object('change', p_change))
$$;

CREATE FUNCTION api.save_chat(token text, chat uuid, title bytea) RETURNS TABLE (created_at timestamptz, updated_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(save_chat.token);
BEGIN
  INSERT INTO hospital.chat AS c (id, staff_id, title) VALUES (save_chat.chat, opened.staff_id, save_chat.title)
    ON CONFLICT ON CONSTRAINT chat_pkey DO UPDATE SET title = excluded.title, updated_at = clock_timestamp() WHERE c.staff_id = opened.staff_id;
  PERFORM private.own_chat(opened, save_chat.chat);
  PERFORM private.audit_chat_change(opened, 'saved');
  RETURN QUERY SELECT c.created_at, c.updated_at FROM hospital.chat c WHERE c.id = save_chat.chat;
END $$;

-- Apart from save_chat, so that a title which comes late does not bring a deleted chat back.
CREATE FUNCTION api.rename_chat(token text, chat uuid, title bytea) RETURNS TABLE (created_at timestamptz, updated_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE opened private.session := private.session_of(rename_chat.token);
BEGIN
  PERFORM private.own_chat(opened, rename_chat.chat);
  PERFORM private.audit_chat_change(opened, 'renamed');
  RETURN QUERY UPDATE hospital.chat c SET title = rename_chat.title, updated_at = clock_timestamp()
    WHERE c.id = rename_chat.chat RETURNING c.created_at, c.updated_at;
END $$;

CREATE FUNCTION api.delete_chat(token text, chat uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(delete_chat.token);
BEGIN
  PERFORM private.own_chat(opened, delete_chat.chat);
  DELETE FROM hospital.chat WHERE id = delete_chat.chat;
  PERFORM private.audit_chat_change(opened, 'deleted');
END $$;

CREATE FUNCTION api.append_message(token text, chat uuid, message uuid, content bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(append_message.token);
BEGIN
  PERFORM private.own_chat(opened, append_message.chat);
  INSERT INTO hospital.chat_message (id, chat_id, content) VALUES (append_message.message, append_message.chat, append_message.content)
    ON CONFLICT ON CONSTRAINT chat_message_pkey DO UPDATE SET content = excluded.content;
  UPDATE hospital.chat SET updated_at = clock_timestamp() WHERE id = append_message.chat;
END $$;

-- The shape of a model call: which model, where, how large, how it ended. Never content.
CREATE FUNCTION api.record_model_call(token text, detail jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(record_model_call.token);
BEGIN
  PERFORM private.append_audit(opened.id, opened.id, opened.staff_id, (SELECT role FROM hospital.staff WHERE id = opened.staff_id),
    'LLM_CALL', NULL, left(record_model_call.detail ->> 'outcome', 40), '{}', opened.workstation,
    jsonb_build_object('model', left(record_model_call.detail ->> 'model', 80), 'mode', left(record_model_call.detail ->> 'mode', 20),
      'toolCalls', (record_model_call.detail ->> 'toolCalls')::int));
END $$;

CREATE FUNCTION api.record_usage(token text, model text, mode text, prompt_tokens int, completion_tokens int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened private.session := private.session_of(record_usage.token);
BEGIN
  INSERT INTO hospital.token_usage (staff_id, model, mode, prompt_tokens, completion_tokens)
    VALUES (opened.staff_id, left(record_usage.model, 80), record_usage.mode, record_usage.prompt_tokens, record_usage.completion_tokens);
END $$;
RESET ROLE;

SET ROLE lamplight_reader;
CREATE VIEW api.chats WITH (security_barrier) AS SELECT id, title, created_at, updated_at FROM hospital.chat;
CREATE VIEW api.chat_messages WITH (security_barrier) AS SELECT chat_id, id, position, content, at FROM hospital.chat_message;
RESET ROLE;
