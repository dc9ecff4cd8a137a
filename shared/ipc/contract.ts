import type { z } from "zod";
import { accountCommands } from "./account-commands";
import { administrationCommands } from "./administration-commands";
import { alertCommands } from "./alert-commands";
import { appCommands } from "./app-commands";
import { assistantCommands } from "./assistant-commands";
import { auditCommands } from "./audit-commands";
import { breakGlassCommands } from "./break-glass-commands";
import { draftCommands } from "./draft-commands";
import { lockCommands } from "./lock-commands";
import { offlineCommands } from "./offline-commands";
import { sessionCommands } from "./session-commands";
import { toolCommands } from "./tool-commands";
import { vitalSignsCommands } from "./vital-signs-commands";
import { workstationCommands } from "./workstation-commands";

/** Every command of the bridge. The main process's handlers must be exactly these; the renderer can call nothing else. */
export const commands = {
  ...appCommands,
  ...sessionCommands,
  ...accountCommands,
  ...lockCommands,
  ...toolCommands,
  ...assistantCommands,
  ...draftCommands,
  ...alertCommands,
  ...auditCommands,
  ...breakGlassCommands,
  ...administrationCommands,
  ...vitalSignsCommands,
  ...workstationCommands,
  ...offlineCommands,
} as const;

export type CommandName = keyof typeof commands;
/** What a caller writes. */
export type CommandInput<N extends CommandName> = z.input<(typeof commands)[N]["input"]>;
/** What a handler receives, parsed. */
export type CommandArguments<N extends CommandName> = z.output<(typeof commands)[N]["input"]>;
export type CommandOutput<N extends CommandName> = z.output<(typeof commands)[N]["output"]>;

export function isCommandName(name: unknown): name is CommandName {
  return typeof name === "string" && Object.hasOwn(commands, name);
}
