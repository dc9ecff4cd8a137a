import { prepareSchema } from "../electron/administration/schema";
import {
  hasWorkstationsLogin,
  newLoginPassword,
  renewWorkstationsLogin,
} from "../electron/administration/workstations-login";
import { systemClock } from "../electron/clock";
import { type Office, openOffice } from "../electron/command-line/admin/office";
import { whatWasApplied } from "../electron/command-line/admin/schema-command";
import { systemTerminal } from "../electron/command-line/admin/terminal";
import { WORKSTATION_LOGIN } from "../electron/database/workstation-login";
import { demoLoadedWords } from "../electron/demo-hospital/accounts";
import { loadDemoHospital } from "../electron/demo-hospital/load-demo-hospital";
import { complain, demoFolder, inWords, migrationsFolder, say } from "./lib/command-line";

/**
 * Creates or migrates the schema of a central server and the workstation's login, as the owner named by LAMPLIGHT_OWNER_URL.
 * The login's password is LAMPLIGHT_PASSWORD, or a new one that is printed once. LAMPLIGHT_DEMO=1 loads the demo hospital.
 * In one go what `lamplight-admin schema`, `login` and `demo load` do one by one.
 */
const hashing = { memoryKib: 65_536, iterations: 3, parallelism: 1 };

async function prepare({ owner }: Office): Promise<void> {
  // A login that is there already keeps its password unless one is given: every workstation of the hospital uses it.
  const given = process.env["LAMPLIGHT_PASSWORD"];
  const fresh = given || ((await hasWorkstationsLogin(owner)) ? undefined : newLoginPassword());
  say(whatWasApplied(await prepareSchema(owner, migrationsFolder)));
  if (fresh) await renewWorkstationsLogin(owner, fresh);
  say(`The workstation's login is ${WORKSTATION_LOGIN}.`);
  if (!given && fresh) say(`Its new password, shown this once: ${fresh}`);
  if (process.env["LAMPLIGHT_DEMO"] === "1") {
    const { loaded } = await loadDemoHospital({ owner, clock: systemClock, folder: demoFolder, hashing });
    say(loaded ? await demoLoadedWords(demoFolder) : "A hospital is there already; the demo was not loaded.");
  }
}

if (!process.env["LAMPLIGHT_OWNER_URL"]) {
  complain("Set LAMPLIGHT_OWNER_URL to the owner's connection, postgresql://owner:password@host:5432/database.");
  process.exitCode = 2;
} else {
  try {
    const office = await openOffice(
      {
        terminal: systemTerminal(),
        environment: process.env,
        migrations: migrationsFolder,
        demoFolder,
        version: process.env["npm_package_version"] ?? "unpackaged",
      },
      {},
    );
    await prepare(office).finally(() => office.close());
  } catch (error) {
    complain(inWords(error));
    process.exitCode = 1;
  }
}
