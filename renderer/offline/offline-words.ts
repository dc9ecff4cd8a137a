import type { OfflineState } from "../../shared/offline/offline-state";
import { formatTime } from "../design/format";

const sets = (count: number) => `${count} ${count === 1 ? "set" : "sets"} of vital signs`;

/** What is known while the network is away, in the order in which it matters; null while it is there. */
export function awayWords(state: OfflineState): string[] | null {
  if (state.awaySince === null && !state.session) return null;
  const waits = state.waiting === 1 ? "waits" : "wait";
  return [
    state.awaySince === null
      ? "The network is back; the database is being asked who you are."
      : `The network is away since ${formatTime(state.awaySince)}.`,
    state.wardAsOf === null
      ? "This workstation holds no copy of a ward for you."
      : state.session
        ? `You see the ward as of ${formatTime(state.wardAsOf)}.`
        : `A copy of the ward as of ${formatTime(state.wardAsOf)} can be read.`,
    state.waiting === 0
      ? "Vital signs that you save are kept here and sent when it is back."
      : `${sets(state.waiting)} ${waits} here to be sent.`,
    ...(state.session && state.until !== null ? [`You can work like this until ${formatTime(state.until)}.`] : []),
  ];
}

/** Beside a score of the ward's copy: what it does not know of. Null where it knows everything that was typed here. */
export function waitingHereWords(count: number): string | null {
  if (count === 0) return null;
  return `${count} ${count === 1 ? "set of yours waits" : "sets of yours wait"} here to be sent and ${count === 1 ? "is" : "are"} not in this score. See Vitals.`;
}

/** What was sent since the network came back, and what was not taken; null where there is nothing to tell. */
export function backWords(state: OfflineState): string | null {
  if (state.awaySince !== null || state.session || state.sent === null) return null;
  const sent = `Sent ${state.sent.count} ${state.sent.count === 1 ? "set" : "sets"} of vital signs at ${formatTime(state.sent.at)}.`;
  const waiting = state.waiting > 0 ? ` ${sets(state.waiting)} still wait here to be sent.` : "";
  return `The network is back. ${sent}${waiting}`;
}

export function attentionWords(count: number): string | null {
  if (count === 0) return null;
  return count === 1
    ? "1 set could not be sent and needs attention."
    : `${count} sets could not be sent and need attention.`;
}

/** Minutes after which what a copy says is old enough to be shown as old. */
export const STALE_AFTER = 15;
