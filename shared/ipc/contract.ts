import type { z } from "zod";
import { administrationCommands } from "./administration-commands";
import { appCommands } from "./app-commands";
import { assistantCommands } from "./assistant-commands";
import { sessionCommands } from "./session-commands";
import { toolCommands } from "./tool-commands";
import { workstationCommands } from "./workstation-commands";

/** Every command of the bridge. The main process's handlers must be exactly these; the renderer can call nothing else. */
export const commands = {
  ...appCommands,
  ...sessionCommands,
  ...toolCommands,
  ...assistantCommands,
  ...administrationCommands,
  ...workstationCommands,
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
