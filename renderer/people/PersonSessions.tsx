import type { UseQueryResult } from "@tanstack/react-query";
import type { SessionSummary } from "../../shared/account/account";
import { SessionsTable } from "../account/SessionsTable";
import { Button } from "../design/Button";
import { QueryView } from "../design/QueryView";
import styles from "./PersonDialog.module.css";

export interface PersonSessionsProps {
  readonly sessions: UseQueryResult<{ sessions: SessionSummary[] }>;
  readonly onEnd: (session: SessionSummary) => void;
  readonly onEndAll: () => void;
}

/** Where the person is signed in; one session or all of them can be ended. */
export function PersonSessions({ sessions, onEnd, onEndAll }: PersonSessionsProps) {
  return (
    <section className={styles.sessions} aria-label="Sessions">
      <div className={styles.sessionsHead}>
        <h3>Sessions</h3>
        {sessions.data && sessions.data.sessions.length > 0 ? (
          <Button onPress={onEndAll}>End all sessions</Button>
        ) : null}
      </div>
      <QueryView query={sessions} label="Loading the sessions" rows={2}>
        {(data) => (
          <SessionsTable
            label="Sessions"
            sessions={data.sessions}
            empty="There is nothing to end."
            action={(session) => (
              <Button aria-label={`End session on ${session.workstation}`} onPress={() => onEnd(session)}>
                End
              </Button>
            )}
          />
        )}
      </QueryView>
    </section>
  );
}
