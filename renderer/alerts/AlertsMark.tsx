import { BellRing } from "lucide-react";
import type { Place } from "../../shared/session/session-state";
import { Button } from "../design/Button";
import { usePulse } from "../session/use-pulse";
import { waitingWords } from "./alert-words";

/** In the top bar, only while something waits for who may judge it: how much, and the way there. */
export function AlertsMark({ go }: { readonly go: (place: Place) => void }) {
  const words = waitingWords(usePulse());
  if (words === null) return null;
  return (
    <Button onPress={() => go({ area: "compliance" })}>
      <BellRing aria-hidden size={16} /> {words}
    </Button>
  );
}
