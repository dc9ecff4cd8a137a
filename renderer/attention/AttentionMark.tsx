import { Inbox } from "lucide-react";
import type { Role } from "../../shared/access/roles";
import type { Place } from "../../shared/session/session-state";
import { Button } from "../design/Button";
import { waitingWords } from "./attention-words";
import { useAttention } from "./use-attention";

/** In the top bar, only while an entry waits for a decision of this person: how many, and the way there. */
export function AttentionMark({ role, go }: { readonly role: Role; readonly go: (place: Place) => void }) {
  const { refused, here } = useAttention(role);
  const words = waitingWords(refused, here);
  if (words === null) return null;
  return (
    <Button onPress={() => go({ area: "attention" })}>
      <Inbox aria-hidden size={16} /> {words}
    </Button>
  );
}
