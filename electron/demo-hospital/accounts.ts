import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const accountsSchema = z.strictObject({ about: z.string(), password: z.string(), staff: z.array(z.string()) });

export interface DemoAccounts {
  /** Public on purpose, and only ever set in the demo hospital, which says on every screen that it is one. */
  readonly password: string;
  /** The staff ids of the accounts that can sign in. */
  readonly staff: readonly string[];
}

/** Reads `accounts.json` of resources/demo-hospital: the program itself holds no password. */
export async function readDemoAccounts(folder: string): Promise<DemoAccounts> {
  return accountsSchema.parse(JSON.parse(await readFile(join(folder, "accounts.json"), "utf8")));
}
