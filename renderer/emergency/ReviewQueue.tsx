import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { EmergencyReview } from "../../shared/emergency/break-glass";
import { toolQuery } from "../bridge/ward-query";
import { Button } from "../design/Button";
import { EmptyState } from "../design/EmptyState";
import { Panel } from "../design/Panel";
import { QueryView } from "../design/QueryView";
import { usePulse } from "../session/use-pulse";
import { ReviewCard } from "./ReviewCard";
import styles from "./ReviewQueue.module.css";
import { VerdictDialog } from "./VerdictDialog";

type Shown = "waiting" | "judged";

/** Every try at emergency access, until an Auditor has said what it was. */
export function ReviewQueue() {
  const client = useQueryClient();
  const [shown, setShown] = useState<Shown>("waiting");
  const [judged, setJudged] = useState<EmergencyReview | null>(null);
  // Each reading is an entry of the audit: it happens when the page opens, on request, and when the count has changed.
  const reviews = useQuery({
    ...toolQuery("get_emergency_reviews", { state: shown }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const again = () => void client.invalidateQueries({ queryKey: ["tool", "get_emergency_reviews"] });
  const { reviews: waiting } = usePulse();
  const before = useRef(waiting);
  useEffect(() => {
    if (before.current !== waiting) void client.invalidateQueries({ queryKey: ["tool", "get_emergency_reviews"] });
    before.current = waiting;
  }, [waiting, client]);
  return (
    <Panel
      title="Emergency access"
      aside={
        <Button isDisabled={reviews.isFetching} onPress={again}>
          Look again
        </Button>
      }
    >
      <fieldset className={styles.choice}>
        <legend className="visually-hidden">Which emergency access</legend>
        <label>
          <input type="radio" name="reviews-shown" checked={shown === "waiting"} onChange={() => setShown("waiting")} />{" "}
          Waiting for a verdict
        </label>
        <label>
          <input type="radio" name="reviews-shown" checked={shown === "judged"} onChange={() => setShown("judged")} />{" "}
          With a verdict
        </label>
      </fieldset>
      <QueryView
        query={reviews}
        label="Reading the emergency access"
        isEmpty={(data) => data.reviews.length === 0}
        empty={
          <EmptyState title={shown === "waiting" ? "Nothing waits for a verdict" : "No verdict has been given yet"}>
            Each time a chart was asked for in an emergency it is listed here, also when nothing was opened.
          </EmptyState>
        }
      >
        {(data) => (
          <>
            <ul className={styles.list} aria-label="Emergency access">
              {data.reviews.map((review) => (
                <ReviewCard key={review.id} review={review} onJudge={setJudged} />
              ))}
            </ul>
            {data.truncated ? <p>The list ends here; there are more. Judge some to see them.</p> : null}
          </>
        )}
      </QueryView>
      {judged ? (
        <VerdictDialog
          review={judged}
          onClose={() => setJudged(null)}
          onJudged={() => {
            setJudged(null);
            void client.invalidateQueries({ queryKey: ["tool", "get_alerts"] });
            again();
          }}
        />
      ) : null}
    </Panel>
  );
}
