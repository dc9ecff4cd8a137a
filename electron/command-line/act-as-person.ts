import { hostname } from "node:os";
import type { Config } from "../config";
import { startEmbeddedDatabase } from "../database/embedded-database";
import { openDatabase } from "../database/pool";
import { importPatient } from "../records/registration";
import type { SealingKey } from "../sealing/seal";
import { forgetCredentials, proveIdentity } from "../session/credentials";

/** Milliseconds after which the next token is taken; one lives 15 minutes. */
const RENEWAL = 10 * 60_000;

export interface ActingPerson {
  readonly token: () => string;
  readonly fieldKey: SealingKey | undefined;
  importPatient(bundle: object): Promise<{ patientNumber: string; created: Record<string, number> }>;
  /** Signs out and lets go of the database; the embedded server stops only if this process started it. */
  close(): Promise<void>;
}

export interface ActOptions {
  readonly config: Config;
  readonly home: string;
  readonly migrations: string;
  readonly username: string;
  readonly password: string;
  /** Of the second factor, where the person has one. */
  readonly code?: string | undefined;
  readonly appVersion: string;
}

/** Signs a command-line tool in as a person, with no more rights than that person has. Throws a `Refusal` like the app's sign-in. */
export async function actAsPerson(options: ActOptions): Promise<ActingPerson> {
  const embedded = options.config.central
    ? undefined
    : await startEmbeddedDatabase({ home: options.home, migrations: options.migrations });
  const database = openDatabase(options.config.central ?? (embedded as NonNullable<typeof embedded>).workstation, 2);
  const letGo = async () => {
    await database.close();
    await embedded?.server.stop();
  };
  try {
    const workstation = { name: hostname(), address: "command line", appVersion: options.appVersion };
    const credentials = await proveIdentity(database, workstation, options);
    const { tokens } = credentials;
    let renewed = performance.now();
    return {
      token: () => tokens.token,
      fieldKey: credentials.fieldKeys?.current,
      importPatient: async (bundle) => {
        if (performance.now() - renewed > RENEWAL) {
          await tokens.renew(database.statement);
          renewed = performance.now();
        }
        await database.statement("SELECT api.heartbeat($1)", [tokens.token]);
        return importPatient(database, tokens.token, bundle);
      },
      close: async () => {
        forgetCredentials(credentials);
        for (const token of tokens.all)
          await database.statement("SELECT api.sign_out($1)", [token]).catch(() => undefined);
        await letGo();
      },
    };
  } catch (error) {
    await letGo();
    throw error;
  }
}
