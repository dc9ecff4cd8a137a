import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readDemoPassword } from "../electron/demo-hospital/accounts";
import { masterOfPassword } from "../electron/session/password-keys";
import { demoFolder } from "./lib/command-line";

/**
 * Writes `accounts.json` of the demo hospital anew: for each account a salt and what the public password derives to, so that an
 * installed app needs no password for its one-press accounts. Demo hospitals of before keep their own salts.
 */
const password = await readDemoPassword(demoFolder);
if (password === undefined) throw new Error("resources/demo-password.json is missing.");
const hashing = { memoryKib: 65_536, iterations: 3, parallelism: 1 };
const staff = [];
for (const id of ["STF001", "STF002", "STF003", "STF004", "STF005", "STF006"]) {
  const salt = randomBytes(16);
  const master = await masterOfPassword(password, { ...hashing, salt });
  staff.push({ id, salt: salt.toString("base64"), master: master.toString("base64") });
}
const about =
  "The six invented people of the demo hospital who can sign in, each with a salt and with what their public password derives to by Argon2id. It opens nothing but a database into which the demo hospital was loaded by an explicit choice, and which says DEMO on every screen. Written by npm run demo:accounts.";
writeFileSync(join(demoFolder, "accounts.json"), `${JSON.stringify({ about, hashing, staff }, null, 2)}\n`);
