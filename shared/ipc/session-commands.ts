import { z } from "zod";
import { roleSchema } from "../access/roles";
import { lockViewSchema, placeSchema, sessionViewSchema } from "../session/session-state";
import { command } from "./define";

const nothing = z.strictObject({});
const password = z.string().min(1).max(256);

export const sessionCommands = {
  "session.signIn": command(
    "none",
    z.strictObject({ username: z.string().trim().min(1).max(80), password }),
    sessionViewSchema,
  ),
  /** The demo hospital's accounts; empty in any other hospital. */
  "session.demoAccounts": command(
    "none",
    nothing,
    z.strictObject({ accounts: z.array(z.strictObject({ role: roleSchema, name: z.string() })) }),
  ),
  "session.signInDemo": command("none", z.strictObject({ role: roleSchema }), sessionViewSchema),
  "session.current": command("active", nothing, sessionViewSchema),
  "session.remember": command("active", placeSchema, nothing),
  "session.stay": command("active", nothing, nothing),
  "session.lock": command("active", nothing, nothing),
  "session.signOut": command("active", nothing, nothing),
  "session.lockView": command("locked", nothing, lockViewSchema),
  "session.unlock": command("locked", z.strictObject({ password }), nothing),
  "session.switchUser": command("locked", nothing, nothing),
} as const;
