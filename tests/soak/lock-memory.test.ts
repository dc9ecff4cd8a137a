import { randomBytes, randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { expect as onPage } from "@playwright/test";
import { expect, test } from "vitest";
import { appProcesses } from "../support/app-processes";
import { startJourney } from "../support/journey";
import { databaseOf } from "../support/journey-database";
import { clusterOf } from "../support/machine";
import { filesUnder, sumOf, tracesInFiles, tracesInMemory } from "../support/traces";
import { ask, banner, bridgeCall, openArea, openTab, settled } from "../support/ward-page";

const PATIENTS = 20;
const MARKERS = 10;
/** They begin alike, so that memory can be searched for all of them at once. */
const marker = () => `Zqxvkw${randomBytes(6).toString("hex")}`;

test("200 markers in what 20 charts show are in no page's memory three seconds after the lock, and in no file", {
  timeout: 600_000,
}, async () => {
  const began = Date.now();
  const journey = await startJourney();
  await (await journey.page()).getByRole("group", { name: "Demo accounts" }).waitFor();
  const database = await databaseOf(journey.home);
  try {
    const page = await journey.signInAs("Doctor");
    // All of them are hers: each is assigned to her.
    const { rows } = await database.owner(
      "SELECT patient_number AS number, id FROM hospital.patient ORDER BY patient_number",
    );
    const chosen = rows.slice(0, PATIENTS);
    const charts: { number: string; family: string }[] = [];
    const markers: string[] = [];
    for (const row of chosen) {
      const own = Array.from({ length: MARKERS }, marker);
      markers.push(...own);
      const [family, substance, plan, ...notes] = own as [string, string, string, ...string[]];
      charts.push({ number: String(row["number"]), family });
      await database.owner(
        "INSERT INTO hospital.assignment (patient_id, staff_id, valid_from, reason) SELECT $1, id, now() - interval '1 hour', 'consultation' FROM hospital.staff WHERE username = 'demo_doctor' ON CONFLICT DO NOTHING",
        [row["id"]],
      );
      await database.owner("UPDATE hospital.patient SET family_name = $2 WHERE id = $1", [row["id"], family]);
      await database.owner(
        "INSERT INTO hospital.allergy VALUES (gen_random_uuid(), $1, $2, 'rash', 'mild', 'active')",
        [row["id"], substance],
      );
      await database.owner(
        "INSERT INTO hospital.treatment_plan VALUES (gen_random_uuid(), $1, $2, 'Room air', '{}', 'active', NULL, 'STF001', now())",
        [row["id"], plan],
      );
      for (const note of notes)
        await database.owner(
          "INSERT INTO hospital.medical_record VALUES ($1, $2, 'nursing-note', 'Night', $3, 'STF002', now())",
          [randomUUID(), row["id"], `She slept ${note} well`],
        );
    }
    expect(markers).toHaveLength(200);

    const identity: string[] = [];
    for (const { number, family } of charts) {
      await openArea(page, "Patients");
      await page.getByRole("searchbox", { name: "Find patient" }).fill(number);
      await page.getByRole("table", { name: "Patients found" }).getByRole("link").first().click();
      await onPage(banner(page)).toContainText(family, { ignoreCase: true });
      for (const tab of ["Records", "Treatment"]) {
        await openTab(page, tab);
        await settled(page);
      }
      const revealed = await bridgeCall(page, "identity.reveal", {
        patient_id: number,
        field: "ssn",
        reason: "Checking identity with the patient",
      });
      if (revealed.ok && revealed.value.value) identity.push(revealed.value.value);
    }
    expect(identity.length).toBeGreaterThan(5);
    const secrets = [...markers, ...identity];
    await page.keyboard.press("Control+j");
    await ask(page, `Get medical records for ${charts[0]?.number}`);
    await page.getByRole("textbox", { name: "Message" }).fill(`unsent ${markers[9]}`);

    const main = journey.app.process().pid as number;
    const pagesOf = () => appProcesses(main).filter(({ type }) => type !== "browser" && type !== "zygote");
    const [renderer] = await journey.rendererPids();
    const before = tracesInMemory(renderer as number, secrets);
    // Where we may not look at another process there is nothing to show.
    if (before === null) throw new Error("another process's memory cannot be read here");
    expect([...before.values()].filter((count) => count > 0).length).toBeGreaterThan(100);

    const locked = await journey.lock();
    await pause(3000);
    for (const { pid, type } of pagesOf()) {
      const left = tracesInMemory(pid, secrets) ?? new Map<string, number>();
      expect({ type, left: sumOf(left) }).toEqual({ type, left: 0 });
    }
    expect(pagesOf().map(({ type }) => type)).toContain("renderer");
    const shown = `${await locked.locator("body").innerText()} ${await locked.title()}`;
    for (const one of markers) expect(shown).not.toContain(one);

    const cluster = clusterOf(journey.home);
    const files = [...filesUnder(journey.home, [cluster]), ...filesUnder(tmpdir(), [journey.home, cluster], began)];
    expect(files.length).toBeGreaterThan(3);
    expect(tracesInFiles(files, secrets)).toEqual([]);

    const kept = tracesInMemory(main, secrets) ?? new Map<string, number>();
    process.stdout.write(
      `after the lock: 0 copies in ${pagesOf().length} pages and helpers, 0 in ${files.length} files; the main process keeps ${sumOf(kept)} copies of ${[...kept.values()].filter((count) => count > 0).length} of ${secrets.length} markers (the page had ${sumOf(before)})\n`,
    );
  } finally {
    await database.close();
    await journey.close();
  }
});
