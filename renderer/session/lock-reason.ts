import type { LockReason } from "../../shared/session/session-state";

/** Why the workstation locked, in a sentence. */
export const lockReasons: Readonly<Record<LockReason, string>> = {
  idle: "Locked because nobody used it for a while.",
  person: "Locked by hand.",
  suspend: "Locked because the machine went to sleep.",
  "screen-lock": "Locked together with the machine's own screen lock.",
  expired: "Locked because the session ended on the server.",
  clock: "Locked because the machine's clock made a jump.",
};
