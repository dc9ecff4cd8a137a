import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inWords, processesWatched, readActs, watched } from "../support/network-watch";
import type { Account } from "./account";
import type { Desktop } from "./desktop";
import { leah, lock, michael, openPatient, provedBy, signIn, unlock } from "./main-job";
import {
  applicationFolder,
  installedVersion,
  lastLines,
  leftOvers,
  mustGo,
  packageName,
  program,
  runAsRoot,
  versionOf,
} from "./package";
import { type Entry, entries, rows, waitForEntry } from "./record";
import type { Report } from "./report";
import { until } from "./until";

const aptInstall = (deb: string, ...options: string[]) => [
  "apt-get",
  "install",
  "-y",
  "--allow-downgrades",
  ...options,
  deb,
];

/** Debian's own version of the app's, e.g. `0.2.0~test` for `0.2.0-test`. */
const ofApp = (version: string) => version.replace("~", "-");

export async function install(report: Report, deb: string, folder: string): Promise<boolean> {
  return report.part(`Install ${deb}, watched`, async (step) => {
    await step("the libraries that it needs are there or fetched first (unwatched, apt's own business)", () => {
      const needed = runAsRoot(aptInstall(deb, "--download-only"));
      mustGo(needed);
    });
    const record = join(folder, "install.calls");
    await step("apt-get install ./lamplight_*.deb", () => {
      mustGo(runAsRoot([...watched(record), ...aptInstall(deb)]));
      if (installedVersion() !== versionOf(deb)) throw new Error(`dpkg says ${String(installedVersion())}`);
      return `${versionOf(deb)} in ${applicationFolder}`;
    });
    await step("the installation opened no connection", () => {
      const acts = readActs(record);
      if (acts.length > 0) throw new Error(acts.map(inWords).join("; "));
      return `${processesWatched(record)} processes watched`;
    });
    await step("nothing runs that nobody started, and the command is there", () => {
      const running = leftOvers().filter((line) => line.startsWith("process"));
      if (running.length > 0) throw new Error(running.join("; "));
      if (!existsSync(program)) throw new Error(`${program} is missing`);
    });
  });
}

/** Over the running app of the first run, which is signed in. */
export async function upgrade(report: Report, desktop: Desktop, deb: string): Promise<boolean> {
  return report.part(`Upgrade to ${versionOf(deb)} over the running ${String(installedVersion())}`, async (step) => {
    const trial = desktop.trial(step);
    const main = desktop.app
      .processes()
      .find(({ command }) => /\/lamplight$|\/lamplight (?!.*--type=)/u.test(command))?.pid;
    await step("apt-get install over it", () => {
      mustGo(runAsRoot(aptInstall(deb)));
      if (installedVersion() !== versionOf(deb)) throw new Error(`dpkg says ${String(installedVersion())}`);
    });
    await step("the running app is still the same process", () => {
      if (!desktop.app.runs()) throw new Error("it ended");
      if (main !== undefined && !desktop.app.processes().some(({ pid }) => pid === main))
        throw new Error("it was replaced");
      return `process ${String(main)}`;
    });
    await lock(trial, michael);
    await unlock(trial, /Patient No/u);
    await openPatient(trial, michael);
    await step("the running app still answers a question", async () =>
      provedBy(desktop.app, { action: "LLM_TOOL_CALL" }, async () => {
        await desktop.screen.click("Ask about");
        desktop.screen.type("What are the vital signs of 6VCB8?");
        desktop.screen.press("Return");
      }),
    );
    await step("it ends when its window is closed, with its database", () => desktop.end());
  });
}

/** The first start after an upgrade; `before` is the audit trail as it was at the end of the older version. */
export async function afterUpgrade(report: Report, desktop: Desktop, deb: string, before: Entry[]): Promise<boolean> {
  return report.part(`The next start is ${versionOf(deb)}`, async (step) => {
    await step("the next start is the new version, with everything kept", async () => {
      desktop.start();
      await desktop.screen.waitFor(/Username[\s\S]*Demo accounts/u, 120_000);
      const started = desktop.startedVersion();
      if (started !== ofApp(versionOf(deb))) throw new Error(`the log says ${String(started)}`);
      const after = await entries(desktop.home);
      if (after.length < before.length) throw new Error(`${after.length} audit entries of ${before.length}`);
      for (const [at, entry] of before.entries())
        if (after[at]?.at.getTime() !== entry.at.getTime() || after[at]?.action !== entry.action)
          throw new Error(`audit entry ${at} is another one`);
      const [counted] = await rows(
        desktop.home,
        "SELECT (SELECT count(*) FROM hospital.patient) AS patients, (SELECT count(*) FROM hospital.chat) AS chats",
      );
      if (Number(counted?.["patients"]) !== 50) throw new Error(`${String(counted?.["patients"])} patients`);
      if (Number(counted?.["chats"]) === 0) throw new Error("the conversation is gone");
      desktop.screen.picture(join(desktop.folder, "after-upgrade.png"));
      return `${String(started)}, ${before.length} audit entries, 50 patients, ${String(counted?.["chats"])} conversations`;
    });
    await signIn(desktop.trial(step));
    // The chart of before is there again; another one is a read of its own.
    await openPatient(desktop.trial(step), leah);
    await step("ends", () => desktop.end());
  });
}

export async function managed(report: Report, desktop: Desktop, deb: string, folder: string): Promise<boolean> {
  return report.part("Silent installation with a managed configuration", async (step) => {
    const good = join(folder, "managed.json");
    const bad = join(folder, "bad.json");
    await step("a managed file that is no JSON stops the installation, and changes nothing", () => {
      writeFileSync(bad, "{ lock: }\n");
      const refused = runAsRoot(aptInstall(deb, "--reinstall"), { LAMPLIGHT_MANAGED: bad });
      if (refused.went) throw new Error("it was installed");
      if (!refused.said.includes(bad)) throw new Error(`it does not name the file: ${lastLines(refused.said)}`);
      if (existsSync("/etc/lamplight/managed.json")) throw new Error("a managed file is in place all the same");
      return /lamplight: .*/u.exec(refused.said)?.[0] ?? "";
    });
    await step("LAMPLIGHT_MANAGED=FILE apt-get install puts it in place, read-only for users, and asks nothing", () => {
      writeFileSync(good, `${JSON.stringify({ lock: { idleSeconds: 60 } }, null, 2)}\n`);
      mustGo(runAsRoot(aptInstall(deb, "--reinstall"), { LAMPLIGHT_MANAGED: good }));
      const { mode, uid } = statSync("/etc/lamplight/managed.json");
      if (uid !== 0 || (mode & 0o022) !== 0) throw new Error(`owner ${uid}, mode ${(mode & 0o777).toString(8)}`);
      if (readFileSync("/etc/lamplight/managed.json", "utf8") !== readFileSync(good, "utf8"))
        throw new Error("other content");
      return `mode ${(mode & 0o777).toString(8)}`;
    });
    desktop.start();
    await signIn(desktop.trial(step));
    await step("Settings says who decided, and does not let it be changed", async () => {
      desktop.screen.press("ctrl+k");
      await desktop.screen.waitFor(/Go to/u);
      desktop.screen.type("Settings");
      desktop.screen.press("Return");
      await desktop.screen.waitFor(/Who am ?I/iu);
      const read = await desktop.screen.scrollTo(/Set by IT/iu);
      desktop.screen.picture(join(desktop.folder, "managed-settings.png"));
      return /[^\n]*Set by IT[^\n]*/iu.exec(read)?.[0] ?? "";
    });
    await step("it locks after the managed limit of 60 seconds, with nobody's hand", async () => {
      const before = (await entries(desktop.home)).length;
      const began = performance.now();
      await waitForEntry(desktop.home, before, { action: "LOCK" }, 90_000);
      return `after ${((performance.now() - began) / 1000).toFixed(0)} s without input`;
    });
    await step("ends", () => desktop.end());
    await step("a bad value stops the start and is named", async () => {
      writeFileSync("/etc/lamplight/managed.json", `${JSON.stringify({ lock: { idleSeconds: 1 } })}\n`);
      const output = join(desktop.folder, "output.txt");
      const before = readFileSync(output, "utf8").length;
      const app = desktop.start();
      await desktop.screen.waitFor(/cannot start/iu);
      desktop.screen.picture(join(desktop.folder, "managed-refused.png"));
      desktop.screen.press("Return");
      await until("the app ends", () => !app.runs(), 10_000);
      const said = /^Lamplight cannot start: .*$/mu.exec(readFileSync(output, "utf8").slice(before))?.[0];
      if (!said || !/managed\.json: lock\.idleSeconds/u.test(said)) throw new Error(`it says: ${String(said)}`);
      return said;
    });
  });
}

/** With one person's app running. */
export async function purge(report: Report, desktop: Desktop, others: readonly Account[]): Promise<boolean> {
  return report.part("apt-get purge, with the app running", async (step) => {
    desktop.start();
    await desktop.screen.waitFor(/Username/u, 120_000);
    let said = "";
    await step("apt-get purge", () => {
      said = mustGo(runAsRoot(["apt-get", "purge", "-y", packageName]));
      if (installedVersion() !== null) throw new Error("it is still installed");
    });
    await step("no process and no file of it is left", async () => {
      await until(
        "nothing is left",
        () => leftOvers().length === 0,
        5_000,
        () => leftOvers().join("\n"),
      );
      const running = desktop.app.processes();
      if (running.length > 0) throw new Error(running.map(({ command }) => command.slice(0, 100)).join("; "));
    });
    await step("each person's data stays, where the package said", () => {
      for (const account of [desktop.account, ...others]) {
        const folder = join(account.home, ".config", "Lamplight");
        if (!said.includes(folder)) throw new Error(`it does not say ${folder}:\n      ${lastLines(said, 12)}`);
        if (!existsSync(join(folder, "postgres", "cluster", "PG_VERSION")))
          throw new Error(`${folder} holds no database`);
      }
      return said.match(/^lamplight: this person's data.*$/gmu)?.join("; ") ?? "";
    });
  });
}
