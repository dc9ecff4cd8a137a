import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { issueOutboxKey, replayObservation } from "../../electron/records/outbox";
import { openLine } from "../support/cuttable-line";
import { signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { ownedByTheApp, startJourney } from "../support/journey";
import { authenticated, ordinarySet, payloadOf } from "../support/outbox";
import { bridgeCall, openArea, openFromWard, openTab } from "../support/ward-page";
import { enterSet } from "./observations";
import { picture } from "./picture";

/** A hospital's database over a line that is cut and mended: the ward's copy, a set that waits, and one that was refused. */
export async function withoutNetwork(): Promise<void> {
  const hospital = await startTestHospital();
  const line = await openLine(hospital.workstation, { tcp: true });
  const home = mkdtempSync(join(tmpdir(), "lamplight-demo-"));
  ownedByTheApp(home);
  const { user, password, database } = hospital.workstation;
  const url = `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${line.port}/${database}`;
  const journey = await startJourney({ home, env: { DATABASE_URL: url } });
  try {
    let page = await journey.signInAs("Nurse");
    await openArea(page, "Ward");
    await expect.poll(() => wardIsCopied(page), { timeout: 30_000 }).toBe(true);
    await line.cut();
    await expect(notice(page)).toBeVisible({ timeout: 20_000 });
    await journey.lock();
    page = await journey.unlock();
    await expect(page.getByRole("table", { name: "Ward list" })).toContainText("as of");
    await picture(page, "offline-ward");
    await openFromWard(page, "ARNOLD, Leah");
    await openTab(page, "Vitals");
    await enterSet(page);
    await page.getByRole("button", { name: "Save observations" }).click();
    await expect(page.getByText("Saved on this workstation, not yet sent").first()).toBeVisible();
    await picture(page, "offline-vitals");

    await refuseOne(hospital);
    await line.mend();
    await expect(page.getByRole("status").filter({ hasText: "Sent 1 set of vital signs" })).toBeVisible({
      timeout: 30_000,
    });
    await page.getByRole("button", { name: "Needs attention: 1" }).click({ timeout: 90_000 });
    await expect(page.getByRole("article", { name: /^Refused entry of/u })).toBeVisible();
    await picture(page, "attention");
  } finally {
    await journey.close();
    await line.close();
    await hospital.close();
    rmSync(home, { recursive: true, force: true });
  }
}

const notice = (page: Page) => page.getByRole("status").filter({ hasText: "working without the network" });

async function wardIsCopied(page: Page): Promise<boolean> {
  const state = await bridgeCall(page, "offline.state", {});
  return state.ok && state.value.wardAsOf !== null;
}

/** A set that a doctor's workstation sent after the session had been closed too long: it waits for somebody to judge it. */
async function refuseOne(hospital: TestHospital): Promise<void> {
  const doctor = (await signedIn(hospital, "demo_doctor")).session;
  const key = await issueOutboxKey(hospital.database, doctor.databaseToken());
  const recorded_at = new Date(Date.now() - 15 * 60_000).toISOString();
  const payload = payloadOf(key, "FCE57", { recorded_at, set: { ...ordinarySet, pulse: 97 } });
  const answer = await replayObservation(hospital.database, authenticated(key, payload));
  if (answer.outcome !== "refused") throw new Error(`The set was ${answer.outcome}, not refused.`);
}
