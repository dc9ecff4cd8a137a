import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { ConnectionTest } from "../../shared/workstation/connection";
import { call } from "../bridge/call";
import { type ConnectionDraft, choiceOf } from "./connection-draft";
import { failedStep } from "./connection-words";

/** What the last test found, and of which draft: a test of something else proves nothing about what is typed now. */
export interface DraftTest {
  readonly draft: ConnectionDraft;
  readonly found: ConnectionTest;
}

interface Asked {
  readonly draft: ConnectionDraft;
  readonly join: boolean;
}

/**
 * Tests a connection, and joins it when no step of the test failed. `onJoined` is called even when the form is gone by
 * then: the app says that it starts the database as soon as the choice is kept.
 */
export function useConnection(onJoined: () => void) {
  const [test, setTest] = useState<DraftTest | null>(null);
  const run = useMutation({
    mutationFn: async ({ draft, join }: Asked): Promise<{ joined: boolean }> => {
      const found = await call("connection.test", choiceOf(draft));
      setTest({ draft, found });
      if (!join || failedStep(found) !== null) return { joined: false };
      await call("connection.choose", choiceOf(draft));
      onJoined();
      return { joined: true };
    },
  });
  return { test, run };
}
