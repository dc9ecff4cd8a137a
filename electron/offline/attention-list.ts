import { Refusal } from "../../shared/failure";
import type { LocalAttention } from "../../shared/offline/offline-state";
import { attentionWords } from "./attention-words";
import type { Outbox } from "./outbox";

/**
 * The sets that the database did not take and the files that cannot be read, for the person of this staff id. Of somebody
 * else's set they see no more than that it is there.
 */
export async function listAttention(outbox: Outbox, staffId: string | undefined): Promise<LocalAttention[]> {
  const entries: LocalAttention[] = [];
  for (const id of await outbox.attention()) {
    const read = await outbox.readAttention(id);
    if (!read) continue;
    const { found, refusal } = read;
    const entry = found.state === "readable" ? found.entry : undefined;
    const mine = entry !== undefined && entry.staff === staffId;
    entries.push({
      id,
      kind: entry ? "refused" : "unreadable",
      own: mine,
      canSettle: mine || !entry,
      reason: mine || !entry ? attentionWords(entry ? refusal?.reason : "unreadable") : null,
      patient: mine ? entry.patient : null,
      recordedAt: mine ? entry.recorded_at : null,
      enteredAt: mine ? entry.entered_at : null,
    });
  }
  for (const id of await outbox.underOtherKeys())
    entries.push({
      id,
      kind: "unreadable",
      own: false,
      // It waits for its key.
      canSettle: false,
      reason: attentionWords("other-key"),
      patient: null,
      recordedAt: null,
      enteredAt: null,
    });
  return entries;
}

/** The own entry, or a file that nobody can read, was dealt with. Refuses with RBAC_DENIED for somebody else's. */
export async function settleAttention(outbox: Outbox, staffId: string | undefined, id: string): Promise<void> {
  const entry = (await listAttention(outbox, staffId)).find((each) => each.id === id);
  if (!entry || !(await outbox.attention()).includes(id)) return;
  if (!entry.canSettle) throw new Refusal("RBAC_DENIED", "Only who entered this set can take it off the list.");
  await outbox.settle(id);
}
