import { parseArgs } from "node:util";
import { startEmbeddedDatabase } from "../electron/database/embedded-database";
import { openDatabase } from "../electron/database/pool";
import { derivePasswordKeys, forgetKeys } from "../electron/session/password-keys";
import { complain, configOrExit, homeFolder, inWords, migrationsFolder, passwordOf, say } from "./lib/command-line";

/**
 * Prints the sign-in proof of a person as hex: Argon2id over the password with the parameters that the database names, then
 * HKDF with the label `auth`. For trying docs/database-api.md by hand; the proof is as secret as the password.
 */
const { values } = parseArgs({ options: { user: { type: "string" } } });
if (!values.user) {
  complain("Usage: npm run --silent proof -- --user NAME");
  process.exit(2);
}
try {
  const { central } = configOrExit();
  const embedded = central
    ? undefined
    : await startEmbeddedDatabase({ home: homeFolder(process.env), migrations: migrationsFolder });
  const database = openDatabase(central ?? (embedded as NonNullable<typeof embedded>).workstation, 1);
  const [row] = await database.statement("SELECT * FROM api.login_parameters($1)", [values.user]);
  const keys = await derivePasswordKeys(await passwordOf(values.user), {
    salt: row?.["salt"] as Buffer,
    memoryKib: Number(row?.["memory_kib"]),
    iterations: Number(row?.["iterations"]),
    parallelism: Number(row?.["parallelism"]),
  });
  say(keys.auth.toString("hex"));
  forgetKeys(keys);
  await database.close();
  await embedded?.server.stop();
} catch (error) {
  complain(inWords(error));
  process.exitCode = 1;
}
