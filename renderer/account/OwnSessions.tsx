import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { SessionSummary } from "../../shared/account/account";
import { call, failureOf } from "../bridge/call";
import { commandQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { ErrorState } from "../design/ErrorState";
import styles from "./AccountPanel.module.css";
import { SessionsTable } from "./SessionsTable";

/** Where I am signed in, and the way to end what I left behind. What was typed there is kept for me as a draft. */
export function OwnSessions({ sessions }: { readonly sessions: readonly SessionSummary[] }) {
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: (session: SessionSummary) => call("account.endSession", { sessionId: session.id }),
    onSettled: () => client.invalidateQueries({ queryKey: commandQuery("account.view", {}).queryKey }),
  });
  return (
    <section className={styles.ways} aria-label="Where I am signed in">
      <h3>Where I am signed in</h3>
      <SessionsTable
        label="Where I am signed in"
        sessions={sessions}
        empty="This page could not have been opened then. Press F5 to read it again."
        action={(session) =>
          session.current ? (
            "Sign out to end"
          ) : (
            <Button
              aria-label={`End session on ${session.workstation}`}
              isDisabled={end.isPending}
              onPress={() => end.mutate(session)}
            >
              End
            </Button>
          )
        }
      />
      <p role="status">
        {end.isSuccess
          ? `The session on ${end.variables.workstation} is over. That screen locks within 5 seconds.`
          : ""}
      </p>
      {end.isError ? <ErrorState failure={failureOf(end.error)} title="not ended" /> : null}
      <p>At most three at a time: a fourth sign-in ends the oldest.</p>
    </section>
  );
}
