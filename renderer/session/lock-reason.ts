import type { LockReason } from "../../shared/session/session-state";

/** Why the workstation locked, in a sentence. */
export const lockReasons: Readonly<Record<LockReason, string>> = {
  idle: "Locked because nobody used it for a while.",
  person: "Locked by hand.",
  suspend: "Locked because the machine went to sleep.",
  "screen-lock": "Locked together with the machine's own screen lock.",
  expired: "Locked because the session ended on the server.",
  network:
    "The network was away for longer than the database keeps a session that it does not hear from. Nothing is lost: your password brings you back to where you were, and what waited here is sent.",
  "offline-over":
    "The twelve hours for which you can work without the network are over. Nothing is lost: what you saved is kept here and sent by itself. You can unlock when the network is back.",
  clock: "Locked because the machine's clock made a jump.",
  refused:
    "The network is back, and the database no longer takes the password that opened this. Sign in again, or ask an administrator. What you saved here was handed over.",
  revoked: "Locked because an administrator ended this session, or the account changed.",
};
