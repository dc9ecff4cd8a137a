import { useEffect, useState } from "react";
import { Button } from "../design/Button";
import { Notice } from "../design/Notice";
import type { Conversation } from "./conversation";

/** Why the last question has no whole answer, beside the question, with the way to try again. */
export function TurnFailure({
  conversation,
  onRetry,
}: {
  readonly conversation: Conversation;
  readonly onRetry: () => void;
}) {
  const failure = conversation.turn?.failure ?? null;
  const wait = useCountdown(failure?.retryAfterSeconds ?? null);
  const retry = (
    <Button onPress={onRetry} isDisabled={wait > 0}>
      {wait > 0 ? `Retry in ${wait} s` : "Retry"}
    </Button>
  );
  if (failure && failure.code !== "STOPPED")
    return (
      <Notice kind="warning" live title="no answer" actions={retry}>
        {failure.message}
        {failure.reference ? ` Reference ${failure.reference}` : ""}
      </Notice>
    );
  const unanswered = conversation.messages.at(-1)?.author === "person";
  // A broken answer says so itself; what is missing is the way to try again.
  if (!unanswered) return <div>{retry}</div>;
  return (
    <Notice kind="info" actions={retry}>
      {failure ? "Stopped before anything was answered." : "This question has no answer."}
    </Notice>
  );
}

/** Whole seconds left, down to nought. */
function useCountdown(seconds: number | null): number {
  const [left, setLeft] = useState(Math.ceil(seconds ?? 0));
  useEffect(() => setLeft(Math.ceil(seconds ?? 0)), [seconds]);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return left;
}
