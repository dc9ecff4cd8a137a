import { useEffect, useState } from "react";
import type { Failure } from "../../shared/failure";
import type { LockView } from "../../shared/session/session-state";
import { call, failureOf } from "../bridge/call";

/** Milliseconds between two looks: the network and who waits here change while the page is open, and nothing is pushed to it. */
const EVERY = 3000;

/** Who locked and what the page may say; null until the first answer. A later answer that fails leaves the last one. */
export function useLockView(): { readonly view: LockView | null; readonly failure: Failure | null } {
  const [view, setView] = useState<LockView | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    let gone = false;
    const look = async () => {
      try {
        const next = await call("session.lockView", {});
        if (gone) return;
        setView(next);
        setFailure(null);
      } catch (error) {
        if (!gone) setFailure(failureOf(error));
      }
    };
    void look();
    const timer = setInterval(() => void look(), EVERY);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, []);
  return { view, failure };
}
