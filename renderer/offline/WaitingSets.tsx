import { useQuery } from "@tanstack/react-query";
import type { WaitingSet } from "../../shared/offline/offline-state";
import { Figures } from "../attention/RefusedFigures";
import { failureOf } from "../bridge/bridge-failure";
import { commandQuery } from "../bridge/ward-query";
import { ErrorState } from "../design/ErrorState";
import { formatMoment } from "../design/format";
import { Panel } from "../design/Panel";
import { waitingHereWords } from "./offline-words";
import styles from "./WaitingSets.module.css";

/** The own sets for this patient that wait on this workstation; nothing where none does. */
export function WaitingSets({ patientId }: { readonly patientId: string }) {
  const query = useWaitingSets(patientId);
  if (query.data === undefined)
    return query.isError ? (
      <ErrorState
        failure={failureOf(query.error)}
        title="the sets that wait here to be sent were not read"
        onRetry={() => void query.refetch()}
      />
    ) : null;
  const { sets } = query.data;
  if (sets.length === 0) return null;
  return (
    <Panel title="Not sent yet" aside={`${sets.length}`}>
      <p className={styles.said}>
        You entered this on this workstation. It is in no chart and in no score yet, and is sent by itself when the
        network is back.
      </p>
      <ul className={styles.sets}>
        {newestFirst(sets).map(({ id, recordedAt, enteredAt, set }) => (
          <li key={id}>
            <p className={styles.when}>
              Measured {formatMoment(recordedAt)}, entered {formatMoment(enteredAt)}
            </p>
            <Figures set={set} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** One sentence beside a score that does not know of them. */
export function WaitingSetsNote({ patientId }: { readonly patientId: string }) {
  const words = waitingHereWords(useWaitingSets(patientId).data?.sets.length ?? 0);
  return words === null ? null : <p>{words}</p>;
}

function useWaitingSets(patientId: string) {
  return useQuery({
    ...commandQuery("offline.waiting", { patient_id: patientId }),
    gcTime: 0,
    staleTime: 0,
    retry: false,
  });
}

function newestFirst(sets: readonly WaitingSet[]): readonly WaitingSet[] {
  return sets.toSorted(
    (one, other) => other.recordedAt.localeCompare(one.recordedAt) || other.enteredAt.localeCompare(one.enteredAt),
  );
}
