import { setTimeout as pause } from "node:timers/promises";
import { expect, type Page, test } from "@playwright/test";
import { typeLikeAReader } from "../support/badge-reader";
import { type Journey, startJourney } from "../support/journey";
import { databaseOf, type JourneyDatabase } from "../support/journey-database";
import { banner, bridgeCall, chartTab, demoPassword, openFromWard, openTab } from "../support/ward-page";

test.describe.configure({ mode: "serial" });

const badge = "0045A2B7";
const secret = "5a".repeat(20);
let journey: Journey;
let database: JourneyDatabase | undefined;
test.beforeAll(async () => {
  journey = await startJourney({ env: { LAMPLIGHT_BADGE_PREFIX: ";" } });
  // The database is there when the sign-in page is.
  await (await journey.page()).getByRole("group", { name: "Demo accounts" }).waitFor();
  database = await databaseOf(journey.home);
});
test.afterAll(async () => {
  await database?.close();
  await journey.close();
});

const sessionsOfTheNurse = async () =>
  (
    await (database as JourneyDatabase).owner(
      "SELECT s.id FROM private.session s JOIN hospital.staff m ON m.id = s.staff_id WHERE m.username = 'demo_nurse' AND s.ended_at IS NULL ORDER BY s.started_at",
    )
  ).rows.map((row) => row["id"]);

/** Asks for a badge and holds it to the reader, as often as it takes: before the app waits for one, what a reader types is typing. */
async function addBadge(page: Page, password: string) {
  let done = false;
  const answer = bridgeCall(page, "account.addBadge", { password }).finally(() => {
    done = true;
  });
  do {
    await Promise.race([answer, pause(1000)]);
    if (!done) await typeLikeAReader(journey.app, `;${badge}`);
  } while (!done);
  return answer;
}

test("Ctrl+Shift+L leads straight to the next person's sign-in; the first comes back to her own session and place", async () => {
  let page = await journey.signInAs("Nurse");
  await openFromWard(page, "ARNOLD, Leah");
  await openTab(page, "Vitals");
  const before = await sessionsOfTheNurse();
  expect(before).toHaveLength(1);

  page = await journey.afterReplacement(() => page.keyboard.press("Control+Shift+L"));
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  for (const word of ["ARNOLD", "FCE57"]) expect(await page.locator("body").innerText()).not.toContain(word);
  page = await journey.signInAs("Reception");
  // The front desk finds every patient in its own ward list, but nothing of the chart that was open.
  expect(await page.locator("body").innerText()).not.toContain("Patient No. FCE57");

  page = await journey.lock();
  const view = await bridgeCall(page, "session.lockView", {});
  expect(view).toMatchObject({ ok: true, value: { person: { role: "Reception" }, waiting: [{ role: "Nurse" }] } });
  const nurse = view.ok ? view.value.waiting[0]?.staffId : undefined;
  const lockPage = page;
  page = await journey.afterReplacement(() => bridgeCall(lockPage, "session.switchUser", { staffId: nurse as string }));
  expect(await bridgeCall(page, "session.arrival", {})).toMatchObject({
    ok: true,
    value: { username: "demo_nurse", waiting: [{ role: "Nurse" }, { role: "Reception" }] },
  });

  await page.getByRole("textbox", { name: "Username" }).fill("demo_nurse");
  await page.getByRole("textbox", { name: "Password" }).fill(demoPassword);
  const pressed = performance.now();
  await page.keyboard.press("Enter");
  await expect(banner(page)).toContainText("Patient No. FCE57");
  await expect(chartTab(page, "Vitals")).toHaveAttribute("aria-selected", "true");
  const took = performance.now() - pressed;
  test
    .info()
    .annotations.push({ type: "milliseconds from the password to the own last screen", description: took.toFixed(0) });
  // The same session goes on: it took no second of the three.
  expect(await sessionsOfTheNurse()).toEqual(before);
});

test("a badge is added with the password, stands for the name, and reaches no field", async () => {
  let page = await journey.page();
  expect(await addBadge(page, "not hers")).toMatchObject({ ok: false, failure: { code: "SIGN_IN_FAILED" } });
  expect(await addBadge(page, demoPassword)).toEqual({ ok: true, value: {} });
  expect(await bridgeCall(page, "account.view", {})).toMatchObject({
    ok: true,
    value: { badge: { since: expect.any(String), allowed: true } },
  });

  page = await journey.lock();
  const password = page.getByRole("textbox", { name: "Password" });
  await expect(password).toBeFocused();
  await typeLikeAReader(journey.app, `;${badge}`);
  await expect
    .poll(() => bridgeCall(page, "session.arrival", {}))
    .toMatchObject({
      ok: true,
      value: { username: "demo_nurse", read: { outcome: "holder", rule: "with-password", codeIsEnough: false } },
    });
  await expect(password).toHaveValue("");
  // Nobody's badge, and what is no badge at all.
  await typeLikeAReader(journey.app, ";99999999");
  await expect
    .poll(() => bridgeCall(page, "session.arrival", {}))
    .toMatchObject({ ok: true, value: { read: { outcome: "unknown" } } });
  await expect(password).toHaveValue("");
  await typeLikeAReader(journey.app, ";hand-typed", 90);
  await expect(page.getByText("Username or password is wrong.")).toBeVisible();
  await expect(password).toHaveValue(";hand-typed");
  // A badge does not open it without the password.
  expect(await bridgeCall(page, "session.unlockByBadge", { code: "000000" })).toMatchObject({ ok: false });
  await journey.unlock();
});

test("badge and code reopen the own session where the rule says so, sealed until the password is typed", async () => {
  await (database as JourneyDatabase).owner(
    "INSERT INTO private.sign_in_rule (role, badge) VALUES ('Nurse', 'with-code') ON CONFLICT (role) DO UPDATE SET badge = 'with-code'",
  );
  await (database as JourneyDatabase).owner(
    "INSERT INTO private.totp_factor (staff_id, secret, last_step) SELECT id, decode($1, 'hex'), 0 FROM hospital.staff WHERE username = 'demo_nurse'",
    [secret],
  );
  const code = async () =>
    String(
      (
        await (database as JourneyDatabase).owner(
          "SELECT private.one_time_code(decode($1, 'hex'), floor(extract(epoch FROM clock_timestamp()) / 30)::bigint) AS code",
          [secret],
        )
      ).rows[0]?.["code"],
    );
  const before = await sessionsOfTheNurse();
  let page = await journey.lock();
  await typeLikeAReader(journey.app, `;${badge}`);
  await expect
    .poll(() => bridgeCall(page, "session.arrival", {}))
    .toMatchObject({ ok: true, value: { read: { codeIsEnough: true } } });
  expect(await bridgeCall(page, "session.unlockByBadge", { code: "000000" })).toMatchObject({
    ok: false,
    failure: { code: "CODE_WRONG" },
  });
  const typed = await code();
  const lockPage = page;
  page = await journey.afterReplacement(() => bridgeCall(lockPage, "session.unlockByBadge", { code: typed }));
  await expect(banner(page)).toContainText("Patient No. FCE57");
  expect(await sessionsOfTheNurse()).toEqual(before);
  expect(await bridgeCall(page, "session.current", {})).toMatchObject({ ok: true, value: { sealed: true } });
  expect(await bridgeCall(page, "chats.create", {})).toMatchObject({
    ok: false,
    failure: { code: "BADGE_NOT_ENOUGH" },
  });
  expect(await bridgeCall(page, "drafts.list", {})).toMatchObject({ ok: true, value: { drafts: [], kept: false } });

  expect(await bridgeCall(page, "session.unseal", { password: "not hers" })).toMatchObject({
    ok: false,
    failure: { code: "SIGN_IN_FAILED" },
  });
  expect(await bridgeCall(page, "session.unseal", { password: demoPassword })).toEqual({ ok: true, value: {} });
  const current = await bridgeCall(page, "session.current", {});
  expect(current).toMatchObject({ ok: true, value: { person: { role: "Nurse" } } });
  expect(current.ok && current.value.sealed).not.toBe(true);
  expect(await bridgeCall(page, "chats.create", {})).toMatchObject({ ok: true });
  expect(await bridgeCall(page, "drafts.list", {})).toMatchObject({ ok: true, value: { kept: true } });
});

test("on somebody else's lock page a badge leads to its bearer's sign-in, and with a code into her waiting session", async () => {
  let page = await journey.switchTo("Billing");
  page = await journey.lock();
  page = await journey.afterReplacement(() => typeLikeAReader(journey.app, `;${badge}`));
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  expect(await bridgeCall(page, "session.arrival", {})).toMatchObject({
    ok: true,
    value: { username: "demo_nurse", read: { outcome: "holder", codeIsEnough: true } },
  });
});
