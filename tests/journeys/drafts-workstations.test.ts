import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { whyNotHere } from "../../scripts/lib/test-servers.mjs";
import { type HospitalServer, startHospitalServer } from "../support/central/hospital-server";
import type { PgBouncer } from "../support/central/pgbouncer";
import { hardTexts } from "../support/hard-texts";
import { startJourney } from "../support/journey";
import { heldByMain, inTheDatabase } from "../support/kept-drafts";
import { expectState, message, stateOf, typeAndSelect } from "../support/typing";
import { bridgeCall, chartTab, openFromWard, openTab } from "../support/ward-page";

/** Two installations, each with its own home folder, on one central server through PgBouncer in transaction mode. */
const reason = whyNotHere();
test.skip(reason !== null, `not here: ${reason}`);

let server: HospitalServer;
let bouncer: PgBouncer;
let folder: string;
test.beforeAll(async () => {
  server = await startHospitalServer({ hashing: { memoryKib: 8192, iterations: 1, parallelism: 1 } });
  bouncer = await server.bouncer({ default_pool_size: "4", reserve_pool_size: "0" });
  folder = mkdtempSync(join(tmpdir(), "lamplight-ca-"));
  // The account that runs the app reads the authority there.
  chmodSync(folder, 0o755);
});
test.afterAll(async () => {
  await bouncer?.stop();
  await server?.dispose();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

function environment(): Record<string, string> {
  const authority = join(folder, "ca.crt");
  copyFileSync(server.authority.file, authority);
  const { host, port, user, password, database } = server.workstation(bouncer.port);
  const url = `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}?sslmode=verify-full`;
  return { DATABASE_URL: `${url}&sslrootcert=${encodeURIComponent(authority)}` };
}

const rows = (text: string) => server.asSuperuser(async (query) => (await query(text)).rows);

test("a nurse locks one workstation and goes on typing at another: same screen, same text, same caret; a colleague there finds nothing", async () => {
  const env = environment();
  const [first, second] = await Promise.all([startJourney({ empty: true, env }), startJourney({ empty: true, env })]);
  try {
    const bed = await first.signInAs("Nurse");
    await openFromWard(bed, "ARNOLD, Leah");
    await openTab(bed, "Medications");
    await bed.keyboard.press("Control+j");
    const text = ["accents", "emoji", "right to left", "quotes and braces"].map((name) => hardTexts[name]).join("\n");
    const before = await typeAndSelect(message(bed), text, 15, 6);
    await inTheDatabase(rows, await heldByMain(bed, before));
    await first.lock();

    const colleague = await second.signInAs("Doctor");
    await colleague.keyboard.press("Control+j");
    await expect(message(colleague)).toHaveValue("");
    expect(await bridgeCall(colleague, "drafts.list", {})).toMatchObject({ value: { drafts: [], sealed: 0 } });

    let office = await second.switchTo("Nurse");
    await expect(chartTab(office, "Medications")).toHaveAttribute("aria-selected", "true");
    await expectState(message(office), before);
    await expect(office.getByText("Your unsent text is back", { exact: false })).toBeVisible();

    // What is typed on there is what comes back at the bed.
    await message(office).focus();
    await office.keyboard.press("Control+End");
    await office.keyboard.type(" written in the office");
    await inTheDatabase(rows, await heldByMain(office, await stateOf(message(office))));
    await second.lock();
    const back = await first.unlock();
    await expect(message(back)).toHaveValue(`${before.text} written in the office`);

    // And what is emptied at one is gone at the other.
    const emptied = Date.now();
    await message(back).fill("");
    await expect.poll(() => bridgeCall(back, "drafts.list", {})).toMatchObject({ value: { drafts: [] } });
    await inTheDatabase(rows, emptied);
    await first.lock();
    office = await second.unlock();
    await expect(office.getByRole("navigation", { name: "Main" })).toBeVisible();
    await expect(message(office)).toHaveValue("");
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
});
