import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { inWords, processesWatched, readActs, watched } from "../support/network-watch";
import type { Desktop } from "./desktop";
import {
  leah,
  loadDemoHospital,
  lock,
  mainJob,
  michael,
  openPatient,
  pressNurse,
  sandboxIsOn,
  signIn,
  unlock,
} from "./main-job";
import { runAsRoot } from "./package";
import { entries } from "./record";
import type { Report } from "./report";
import { withoutNetwork } from "./without-network";

export async function firstRun(report: Report, desktop: Desktop): Promise<boolean> {
  return report.part(`First run and the main job as ${desktop.account.name}, an ordinary account`, async (step) => {
    desktop.start();
    const trial = desktop.trial(step);
    await loadDemoHospital(trial);
    await sandboxIsOn(trial);
    await signIn(trial);
    await mainJob(trial);
    await step("its data is this person's alone", () => {
      const mode = statSync(desktop.home).mode & 0o777;
      if ((mode & 0o077) !== 0) throw new Error(`${desktop.home} has mode ${mode.toString(8)}`);
      return `${desktop.home}, mode ${mode.toString(8)}`;
    });
    await step("its log holds no password and no patient", () => {
      const found = /DemoPass123|ARNOLD|FCE57|penicillin/iu.exec(desktop.log());
      if (found) throw new Error(`it says ${found[0]}`);
      if (desktop.log() === "") throw new Error("there is no log");
    });
  });
}

/** Two people on two screens at once; the second one's first run and use is watched. */
export async function twoUsers(report: Report, first: Desktop, second: Desktop): Promise<boolean> {
  return report.part("Two desktop users at once, the second one's network watched", async (step) => {
    const record = join(second.folder, "use.calls");
    first.start();
    await signIn(first.trial(step));
    const before = (await entries(first.home)).length;
    second.start([...watched(record).slice(0, -1), "-u", second.account.name, "--"]);
    const trial = second.trial(step);
    await loadDemoHospital(trial);
    await signIn(trial);
    await mainJob(trial);
    for (const round of [1, 2, 3]) {
      const who = round % 2 === 1 ? michael : leah;
      await openPatient(trial, who);
      await lock(trial, who);
      await unlock(trial, /Patient No/u);
    }
    await step("the first one's database knows nothing of the second one", async () => {
      const [since, mine] = [(await entries(first.home)).slice(before), await entries(second.home)];
      const locks = since.filter(({ action }) => action === "LOCK" || action === "HOSPITAL_LOADED");
      if (locks.length > 0)
        throw new Error(`the first one's trail grew by ${locks.map(({ action }) => action).join(", ")}`);
      const socket = (desktop: Desktop) => readFileSync(join(desktop.home, "embedded-server.json"), "utf8");
      if (socket(first) === socket(second)) throw new Error("they share a database");
      return `${before + since.length} and ${mine.length} audit entries, in two databases`;
    });
    await step("neither can read the other's folder", () => {
      for (const [reader, owner] of [
        [first, second],
        [second, first],
      ] as const) {
        const as = [
          "setpriv",
          `--reuid=${reader.account.uid}`,
          `--regid=${reader.account.gid}`,
          "--clear-groups",
          "--",
        ];
        if (runAsRoot([...as, "ls", owner.home]).went) throw new Error(`${reader.account.name} lists ${owner.home}`);
      }
    });
    await step("each is at their own place", async () => {
      await second.screen.waitFor(/Patient No/u);
      // The first one came back to the settings, which were open last.
      await first.screen.waitFor(/Who am ?I|Workstation locked/iu);
      first.screen.picture(join(first.folder, "beside-another.png"));
    });
    await step("the first one ends, the second one goes on", async () => {
      await first.end();
      if (!second.app.runs()) throw new Error("the second one ended too");
    });
    await lock(trial, michael);
    await unlock(trial, /Patient No/u);
    await step("the second one ends", () => second.end());
    await step("first run, demo hospital, main job and use opened no connection at all, and nothing listened", () => {
      const acts = readActs(record);
      if (acts.length > 0) throw new Error(acts.map(inWords).join("; "));
      const processes = processesWatched(record);
      if (processes < 15) throw new Error(`only ${processes} processes were watched`);
      return `${processes} processes watched`;
    });
  });
}

export async function noNetwork(report: Report, desktop: Desktop): Promise<boolean> {
  return report.part("No network at all, not even the machine's own address", async (step) => {
    const { uid, gid } = desktop.account;
    await step("there is a place without a network", () => {
      if (!withoutNetwork()) throw new Error("this system gives no network namespace");
    });
    const ordinary = ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--"];
    desktop.start([...(withoutNetwork() as string[]), ...ordinary]);
    const trial = desktop.trial(step);
    await loadDemoHospital(trial);
    await pressNurse(trial);
    await mainJob(trial);
    await step("ends", () => desktop.end());
  });
}
