import type { CommandInput, CommandName, CommandOutput } from "../../shared/ipc/contract";
import type { Outcome } from "../../shared/ipc/outcome";
import { bridge } from "./bridge";
import { BridgeFailure } from "./bridge-failure";

export { failureOf } from "./bridge-failure";

/** Calls one command of the main process: answers its value, or throws a `BridgeFailure`. */
export async function call<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
  const outcome = await reach(name, input);
  if (!outcome.ok) throw new BridgeFailure(outcome.failure);
  return outcome.value;
}

async function reach<N extends CommandName>(name: N, input: CommandInput<N>): Promise<Outcome<CommandOutput<N>>> {
  try {
    return await bridge().call(name, input);
  } catch {
    // The bridge itself broke; an error's own message never reaches a screen.
    throw new BridgeFailure({
      code: "UNEXPECTED",
      message: "The app does not answer this screen. Close Lamplight and start it again; nothing you saved is lost.",
    });
  }
}
