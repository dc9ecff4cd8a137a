import { type IpcMainInvokeEvent, ipcMain } from "electron";
import { failure, failures, Refusal } from "../../shared/failure";
import {
  type CommandArguments,
  type CommandName,
  type CommandOutput,
  commands,
  isCommandName,
} from "../../shared/ipc/contract";
import type { SessionNeed } from "../../shared/ipc/define";
import type { Outcome } from "../../shared/ipc/outcome";
import { withinLimits } from "./limits";

/** Exactly one handler a command; a missing or a surplus one does not compile. */
export type Handlers = {
  readonly [N in CommandName]: (input: CommandArguments<N>, sender: Electron.WebContents) => Promise<CommandOutput<N>>;
};

export interface RouterOptions {
  readonly handlers: Handlers;
  /** True for the live top frame of one of our own windows at our own origin, and for nothing else. */
  readonly isOurs: (event: IpcMainInvokeEvent) => boolean;
  /** Throws the failure where the session does not meet the need; checks the access token of an active one. */
  readonly requireSession: (need: SessionNeed, name: CommandName) => Promise<void>;
  readonly mayPass: () => boolean;
  readonly logUnexpected: (where: string, error: unknown) => string;
}

const CHANNEL = "ward.call";

/** Commands after which nobody is signed in, by their own doing. */
const ending: ReadonlySet<CommandName> = new Set([
  "session.lock",
  "session.lockAndSwitch",
  "session.signOut",
  "account.changePassword",
]);

/** sender -> rate -> name -> session -> parse -> handler -> session again -> parse -> outcome. Errors cross as codes alone. */
export function routeCommands(options: RouterOptions): void {
  async function answer(event: IpcMainInvokeEvent, name: unknown, input: unknown): Promise<unknown> {
    if (!options.isOurs(event)) throw new Refusal("INVALID_INPUT");
    if (!options.mayPass()) throw new Refusal("TOO_MANY_REQUESTS");
    if (!isCommandName(name)) throw new Refusal("INVALID_INPUT");
    const definition = commands[name];
    await options.requireSession(definition.session, name);
    if (!withinLimits(input)) throw new Refusal("INVALID_INPUT", "The request is too large.");
    const parsed = definition.input.safeParse(input);
    if (!parsed.success) {
      const words = parsed.error.issues
        .slice(0, 3)
        .map((issue) => `${issue.path.map(String).join(".")}: ${issue.message}`);
      throw new Refusal("INVALID_INPUT", words.join("; ").slice(0, 500));
    }
    const handler = options.handlers[name] as (input: unknown, sender: Electron.WebContents) => Promise<unknown>;
    const value = await handler(parsed.data, event.sender);
    // What was asked before a lock is not answered after it.
    if (definition.session === "active" && !ending.has(name)) await options.requireSession("active", name);
    return definition.output.parse(value);
  }

  ipcMain.handle(CHANNEL, async (event, name: unknown, input: unknown): Promise<Outcome<unknown>> => {
    try {
      return { ok: true, value: await answer(event, name, input) };
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, failure: error.failure };
      const where = isCommandName(name) ? name : "router";
      return {
        ok: false,
        failure: { ...failure("UNEXPECTED", failures.UNEXPECTED), reference: options.logUnexpected(where, error) },
      };
    }
  });
}
