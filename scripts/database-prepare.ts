import { randomBytes } from "node:crypto";
import { systemClock } from "../electron/clock";
import { parseDatabaseUrl } from "../electron/config";
import { migrate } from "../electron/database/migrate";
import { connectOwner } from "../electron/database/pool";
import { WORKSTATION_LOGIN } from "../electron/database/workstation-login";
import { demoPassword } from "../electron/demo-hospital/accounts";
import { loadDemoHospital } from "../electron/demo-hospital/load-demo-hospital";
import { complain, demoFolder, inWords, migrationsFolder, say } from "./lib/command-line";

/**
 * Creates or migrates the schema of a central server and the workstation's login, as the owner named by LAMPLIGHT_OWNER_URL.
 * The login's password is LAMPLIGHT_PASSWORD, or a new one that is printed once. LAMPLIGHT_DEMO=1 loads the demo hospital.
 */
const hashing = { memoryKib: 65_536, iterations: 3, parallelism: 1 };

async function prepare(url: string): Promise<void> {
  const owner = parseDatabaseUrl("LAMPLIGHT_OWNER_URL", url);
  const connection = await connectOwner(owner);
  try {
    // A login that is there already keeps its password unless one is given: every workstation of the hospital uses it.
    const { rows } = await connection.query("SELECT FROM pg_roles WHERE rolname = $1", [WORKSTATION_LOGIN]);
    const given = process.env["LAMPLIGHT_PASSWORD"];
    const fresh = given ?? (rows.length > 0 ? undefined : randomBytes(24).toString("base64url"));
    const applied = await migrate(connection.query, {
      folder: migrationsFolder,
      hashing,
      ...(fresh ? { workstationPassword: fresh } : {}),
    });
    say(
      applied.length === 0
        ? "The schema was up to date."
        : `Applied ${applied.length} migrations, the last ${applied.at(-1)}.`,
    );
    say(`The workstation's login is ${WORKSTATION_LOGIN}.`);
    if (!given && fresh) say(`Its new password, shown this once: ${fresh}`);
    if (process.env["LAMPLIGHT_DEMO"] === "1") {
      const { loaded } = await loadDemoHospital({ owner: connection, clock: systemClock, folder: demoFolder, hashing });
      say(
        loaded
          ? `Loaded the demo hospital. Its accounts' public password is ${demoPassword}.`
          : "A hospital is there already; the demo was not loaded.",
      );
    }
  } finally {
    await connection.end();
  }
}

const url = process.env["LAMPLIGHT_OWNER_URL"];
if (!url) {
  complain("Set LAMPLIGHT_OWNER_URL to the owner's connection, postgresql://owner:password@host:5432/database.");
  process.exitCode = 2;
} else {
  await prepare(url).catch((error: unknown) => {
    complain(inWords(error));
    process.exitCode = 1;
  });
}
