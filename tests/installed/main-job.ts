import { join } from "node:path";
import { demoPassword } from "../support/demo-password";
import { entries, rows, type Wanted, waitForEntry } from "./record";
import type { Step } from "./report";
import { type Process, type RunningApp, statusOf } from "./running-app";
import type { Screen } from "./screen";
import { until } from "./until";

/** The app under trial, the screen it is on, and the folder for pictures of it. */
export interface Trial {
  readonly app: RunningApp;
  readonly screen: Screen;
  readonly pictures: string;
  readonly step: Step;
}

/** Somebody of the demo hospital, invented. A number is read from a picture: some signs are taken for others. */
export const leah = { number: "FCE57", read: "FCE[5S]7", sought: "arnold", words: /FCE[5S]7|ARNOLD|Leah|Penicillin/iu };
export const michael = { number: "6VCB8", read: "[6G]VC[B8][B8]&?", sought: "chen", words: /[6G]VCB8|CHEN|Michael/iu };

const picture = ({ screen, pictures }: Trial, name: string) => screen.picture(join(pictures, `${name}.png`));

/** Does something on the screen and waits until the audit trail tells of it. */
export async function provedBy(app: RunningApp, wanted: Wanted, act: () => unknown): Promise<string> {
  const before = (await entries(app.home)).length;
  await act();
  const { action, tool, staffId } = await waitForEntry(app.home, before, wanted);
  return `audit: ${[action, tool, staffId && `by ${staffId}`].filter(Boolean).join(" ")}`;
}

export function renderers(app: RunningApp): Process[] {
  return app.processes().filter(({ command }) => command.includes("--type=renderer"));
}

export async function loadDemoHospital(trial: Trial): Promise<void> {
  const { screen, app, step } = trial;
  await step("first start offers the demo hospital", async () => {
    await screen.waitFor(/demo hospital/iu, 120_000);
    picture(trial, "first-start");
  });
  await step("loading the demo hospital leads to sign-in", async () => {
    await screen.click("Load demo hospital");
    await screen.waitFor(/Username[\s\S]*Demo accounts/u, 120_000);
    const [{ patients, accounts } = {}] = await rows(
      app.home,
      `SELECT (SELECT count(*) FROM hospital.patient) AS patients, (SELECT count(*) FROM private.credential) AS accounts`,
    );
    if (Number(patients) !== 50) throw new Error(`there are ${String(patients)} patients, not 50`);
    picture(trial, "sign-in");
    return `${String(patients)} patients, ${String(accounts)} accounts in its database`;
  });
}

export async function signIn(trial: Trial, username = "demo_nurse", password: string = demoPassword): Promise<void> {
  const { screen, app, step } = trial;
  await step(`${username} signs in with name and password`, async () => {
    await screen.waitFor(/Username/u, 60_000);
    const proof = await provedBy(app, { action: "LOGIN", outcome: "granted" }, () => {
      screen.type(username);
      screen.press("Tab");
      screen.type(password);
      screen.press("Return");
    });
    // The ward list at first, and whatever was open last ever after.
    await screen.waitFor(/Sign out/iu);
    return proof;
  });
}

/** By one press on a demo account, for which the package holds no password. */
export async function pressNurse({ screen, app, step }: Trial): Promise<void> {
  await step("one press on the demo account Nurse signs in", async () => {
    await screen.waitFor(/One press signs in/iu, 60_000);
    const proof = await provedBy(app, { action: "LOGIN", outcome: "granted" }, () => screen.click("Nurse"));
    await screen.waitFor(/Sign out/iu);
    return proof;
  });
}

/** Any patient, by the palette, as Ctrl+K offers it. */
export async function openPatient(trial: Trial, who: typeof leah): Promise<void> {
  const { screen, app, step } = trial;
  await step(`opens the chart of ${who.number} with Ctrl+K`, async () => {
    screen.press("ctrl+k");
    await screen.waitFor(/Go to/u);
    const proof = await provedBy(app, { action: "ACCESS_GRANTED", tool: "get_patient_overview" }, async () => {
      screen.type(who.sought);
      await screen.waitFor(new RegExp(`Patient[^\\n]*${who.read}|${who.read}, bed`, "u"));
      screen.press("Return");
    });
    await screen.waitFor(new RegExp(`Patient No\\W{1,3}${who.read}`, "u"));
    return proof;
  });
}

/** Locks by the key; the lock page shows nothing of a patient and runs in another process. */
export async function lock(trial: Trial, who: typeof leah): Promise<void> {
  const { screen, app, step } = trial;
  await step("Ctrl+L locks, and the lock page shows no patient", async () => {
    const before = renderers(app).map(({ pid }) => pid);
    const proof = await provedBy(app, { action: "LOCK" }, () => screen.press("ctrl+l"));
    const read = await screen.waitFor(/Workstation locked/u);
    picture(trial, "locked");
    if (who.words.test(read)) throw new Error(`the lock page shows ${who.words.exec(read)?.[0]}`);
    await until(
      "the page that showed the chart is gone from memory",
      () => !renderers(app).some(({ pid }) => before.includes(pid)),
      5_000,
    );
    return proof;
  });
}

export async function unlock(trial: Trial, words: RegExp): Promise<void> {
  const { screen, app, step } = trial;
  await step("the password unlocks and leads back to the same place", async () => {
    const proof = await provedBy(app, { action: "UNLOCK" }, () => {
      screen.type(demoPassword);
      screen.press("Return");
    });
    await screen.waitFor(words);
    picture(trial, "unlocked");
    return proof;
  });
}

/** The main job of a shift: ward, chart, vital signs, a question, away, back. Signed in before. */
export async function mainJob(trial: Trial): Promise<void> {
  const { screen, app, step } = trial;
  await step("the ward list is there, and says that it is a demo", async () => {
    await waitForEntry(app.home, 0, { action: "ACCESS_GRANTED", tool: "list_ward" });
    await screen.waitFor(/(?=[\s\S]*DEMO)(?=[\s\S]*FCE[5S]7)/iu);
    picture(trial, "ward");
  });
  const beforeChart = (await entries(app.home)).length;
  await openPatient(trial, leah);
  picture(trial, "chart");
  await step("opens the vital signs", async () => {
    await screen.click("Vitals");
    await screen.waitFor(/Respiratory rate[\s\S]*Oxygen saturation[\s\S]*Blood pressure/iu);
    picture(trial, "vitals");
    // The overview has read them already, so they come from there within half a minute.
    const { staffId } = await waitForEntry(app.home, beforeChart, {
      action: "ACCESS_GRANTED",
      tool: "get_vital_signs",
    });
    return `audit: ACCESS_GRANTED get_vital_signs by ${staffId}`;
  });
  await step("asks the assistant about this patient", async () => {
    screen.press("ctrl+j");
    await screen.waitFor(/Ask about/u);
    const proof = await provedBy(app, { action: "LLM_TOOL_CALL", tool: "get_medical_records" }, async () => {
      await screen.click("Ask about");
      screen.type("Get medical records for FCE57");
      screen.press("Return");
    });
    await screen.waitFor(/not a clinical decision/iu);
    picture(trial, "answer");
    return proof;
  });
  await lock(trial, leah);
  await unlock(
    trial,
    /(?=[\s\S]*Patient No\W{1,3}FCE[5S]7)(?=[\s\S]*not a clinical decision)(?=[\s\S]*Respiratory rate)/iu,
  );
}

/** The kernel's own word on the page's sandbox, of a process that nobody watches. */
export async function sandboxIsOn({ app, step }: Trial): Promise<void> {
  await step(
    "the page runs in Chromium's sandbox: Seccomp 2, a process namespace of its own, an ordinary account",
    () => {
      const pages = renderers(app);
      if (pages.length === 0) throw new Error("there is no page process");
      if (app.processes().some(({ command }) => command.includes("--no-sandbox")))
        throw new Error("--no-sandbox is set");
      const told = pages.map(({ pid }) => {
        const { Seccomp, NSpid, Uid, NoNewPrivs } = statusOf(pid);
        if (Seccomp?.trim() !== "2") throw new Error(`Seccomp is ${Seccomp}`);
        if ((NSpid ?? "").trim().split(/\s+/u).length < 2) throw new Error(`NSpid is ${NSpid}, not nested`);
        if (Uid?.trim().split(/\s+/u)[0] === "0") throw new Error("it runs as root");
        return `${pid}: Seccomp ${Seccomp}, NSpid ${NSpid?.trim().replaceAll(/\s+/gu, " > ")}, NoNewPrivs ${NoNewPrivs}`;
      });
      return told.join("; ");
    },
  );
}
