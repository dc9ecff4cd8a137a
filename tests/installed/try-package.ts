/** The trial of the installed app. Started by `npm run try:package`, which has looked at the machine before. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { say } from "../../scripts/lib/command-line";
import { type Account, makeUser, removeUser } from "./account";
import { Desktop } from "./desktop";
import { afterUpgrade, install, managed, purge, upgrade } from "./installing";
import { installedVersion, packageName, runAsRoot } from "./package";
import { entries } from "./record";
import { Report } from "./report";
import { firstRun, noNetwork, twoUsers } from "./using";

const [deb, older, output] = process.argv.slice(2) as [string, string, string];
rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });

const report = new Report();
const users: Account[] = [];
const desktops: Desktop[] = [];
async function person(name: string): Promise<Desktop> {
  const account = makeUser(`lamplight-trial-${name}`);
  users.push(account);
  const desktop = await Desktop.open(account, join(output, name));
  desktops.push(desktop);
  return desktop;
}

try {
  const first = await person("first");
  const ready = (await install(report, older || deb, output)) && (await firstRun(report, first));
  if (ready) {
    if (older) {
      const before = await entries(first.home);
      await upgrade(report, first, deb);
      first.app.kill();
      await afterUpgrade(report, first, deb, before);
    } else await report.check("ends", () => first.end());
    first.app.kill();
    await managed(report, first, deb, output);
    // What IT decided must not reach into the other
    rmSync("/etc/lamplight", { recursive: true, force: true });
    first.app.kill();
    const second = await person("second");
    await twoUsers(report, first, second);
    for (const desktop of desktops) desktop.app.kill();
    await noNetwork(report, await person("third"));
    for (const desktop of desktops) desktop.app.kill();
    await purge(
      report,
      first,
      users.filter(({ name }) => name !== first.account.name),
    );
  }
} catch (error) {
  await report.check("the trial itself", () => Promise.reject(error));
} finally {
  for (const desktop of desktops) await desktop.close(report);
  if (installedVersion() !== null) runAsRoot(["apt-get", "purge", "-y", packageName]);
  for (const user of users) removeUser(user);
}
say(`\nScreens and records are in ${output}.`);
say(report.sum());
process.exit(report.failed > 0 ? 1 : 0);
