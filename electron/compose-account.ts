import { join } from "node:path";
import type { Clock } from "./clock";
import { openSealedFile } from "./configuration/sealed-file";
import type { SecretBox } from "./configuration/secret-box";
import type { Database } from "./database/pool";
import type { Log } from "./logging/log";
import type { Workstation } from "./session/attempt";
import { createOwnAccount } from "./session/own-account";
import { createPulse } from "./session/pulse";
import type { Session } from "./session/session";
import { openSigningKeys } from "./session/signing-keys";
import { createAccessTokens } from "./session/token";

/** Access tokens signed by this installation's own keys. */
export function composeAccessTokens(home: string, box: () => SecretBox | undefined, clock: Clock, log: Log) {
  const file = openSealedFile(join(home, "signing-keys.json"), "keys that sign access tokens", box);
  log.info(file.described());
  return createAccessTokens(clock, openSigningKeys(clock, file));
}

export interface AccountOptions {
  readonly session: Session;
  readonly database: Database;
  readonly workstation: Workstation;
  readonly clock: Clock;
  readonly log: Log;
  /** The pulse has changed. */
  readonly announce: () => void;
}

/** The own account, and the pulse of its session. */
export function composeAccount({ session, database, workstation, clock, log, announce }: AccountOptions) {
  const pulse = createPulse({ session, database, clock, onChange: announce });
  pulse.start((error) => log.unexpected("session.pulse", error));
  return { account: createOwnAccount({ session, database, workstation }), pulse };
}
