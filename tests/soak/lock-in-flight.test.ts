import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import type {} from "../../renderer/bridge/bridge";
import { events } from "../../shared/ipc/events";
import { startTestHospital, type TestHospital } from "../support/hospital";
import { type Journey, startJourney } from "../support/journey";
import { openSlowLine, type SlowLine } from "../support/slow-line";
import { openFromWard } from "../support/ward-page";

const LOCKS = Number(process.env.LAMPLIGHT_SOAK_LOCKS ?? 200);
const marker = `Zq${randomBytes(8).toString("hex")}`;
let hospital: TestHospital;
let line: SlowLine;
let journey: Journey;

beforeAll(async () => {
  hospital = await startTestHospital();
  // What the nurse reads and nobody who comes after her may.
  await hospital.owner(
    "INSERT INTO hospital.medical_record SELECT gen_random_uuid(), id, 'nursing-note', $1, $1, 'STF002', now() FROM hospital.patient WHERE patient_number = 'FCE57'",
    [marker],
  );
  await hospital.owner(
    "INSERT INTO hospital.allergy SELECT gen_random_uuid(), id, $1, 'rash', 'mild', 'active' FROM hospital.patient WHERE patient_number = 'FCE57'",
    [marker],
  );
  const { server } = hospital.cluster;
  line = await openSlowLine({ socketFolder: server.socketFolder, port: server.port }, () => Math.random() * 25);
  const { user, password, database } = hospital.workstation;
  journey = await startJourney({
    empty: true,
    env: {
      DATABASE_URL: `postgresql://${user}:${encodeURIComponent(String(password))}@127.0.0.1:${line.port}/${database}`,
    },
  });
});
afterAll(async () => {
  await journey?.close();
  await line?.close();
  await hospital?.close();
});

/** Everything that is painted or pushed from now on is kept in the page, for as long as the page lives. */
const watch = (page: Page) =>
  page.evaluate(
    (names) => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      const note = () => seen.push(document.body.innerText);
      new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
      note();
      for (const name of names) window.ward.on(name, (payload) => seen.push(JSON.stringify([name, payload])));
    },
    Object.keys(events) as (keyof typeof events)[],
  );
const seenOn = (page: Page) => page.evaluate(() => (window as unknown as { seen: string[] }).seen.join("\n"));

test(`requests in flight over a slow line while locking, ${LOCKS} offsets: the next person is shown and told nothing of them`, {
  timeout: 3_600_000,
}, async () => {
  let asked = 0;
  let answered = 0;
  let refused = 0;
  for (let round = 0; round < LOCKS; round += 1) {
    const nurse = await journey.signInAs("Nurse");
    if (round === 0) await openFromWard(nurse, "ARNOLD, Leah");
    // Asked again and again, so that some are at every stage of their way when the lock comes.
    await nurse.evaluate(() => {
      const told = { asked: 0, answered: 0, refused: 0 };
      Object.assign(window, { told });
      const ask = async (name: string) => {
        for (;;) {
          told.asked += 1;
          const answer = await window.ward.call("tool.call", { name, arguments: { patient_id: "FCE57" } } as never);
          if ((answer as { ok: boolean }).ok) told.answered += 1;
          else {
            told.refused += 1;
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        }
      };
      for (const name of ["get_medical_records", "get_allergies", "get_vital_signs", "get_patient_phi"]) void ask(name);
    });
    await pause(Math.random() * 1200);
    const told = await nurse.evaluate(
      () => (window as unknown as { told: { asked: number; answered: number; refused: number } }).told,
    );
    asked += told.asked;
    answered += told.answered;
    refused += told.refused;

    const signIn = await journey.afterReplacement(() =>
      nurse.evaluate(() => window.ward.call("session.lockAndSwitch", {}).then(() => undefined)),
    );
    await watch(signIn);
    const billing = await journey.signInAs("Billing");
    expect(billing).toBe(signIn);
    await pause(150);
    const seen = await seenOn(billing);
    expect(seen).toContain("Daniel Osborne");
    expect({ round, seen: seen.includes(marker) }).toEqual({ round, seen: false });
    await journey.signOut();
  }
  // The requests were real ones.
  expect(asked - answered - refused).toBeGreaterThan(LOCKS);
  expect(answered).toBeGreaterThan(0);
  process.stdout.write(
    `${LOCKS} locks over ${asked - answered - refused} requests in flight, ${answered} answered and ${refused} refused before; none seen after\n`,
  );
});
