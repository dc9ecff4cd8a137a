import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import type {} from "../../renderer/bridge/bridge";
import { appProcesses } from "../support/app-processes";
import { startJourney } from "../support/journey";
import { databaseOf } from "../support/journey-database";
import { kill } from "../support/machine";
import { monotonicNow, noteNextWindow } from "../support/main-clock";
import { startModelServer } from "../support/model-server";
import { conversation, openArea, send } from "../support/ward-page";

/** Longer than a starved machine needs from the last key to the stop. */
const LIMIT = 15;
/** The database waits five seconds longer than a workstation with a short limit (electron/compose-lock.ts). */
const SERVER_LIMIT = LIMIT + 5;

test("stopped past the limit while everything is busy: refused by the database meanwhile, locked within two seconds of going on, and nothing answered in between", async () => {
  const model = await startModelServer();
  let sent = 0;
  model.play(async (reply) => {
    while (reply.open) {
      reply.text(`word ${sent++} `);
      await pause(50);
    }
  });
  /** The model was hung up on: no word more is taken from it. */
  const stands = async () => {
    const before = sent;
    await pause(500);
    return sent === before;
  };
  const journey = await startJourney({
    env: { LAMPLIGHT_IDLE_SECONDS: String(LIMIT), OPENAI_BASE_URL: model.url },
  });
  // The app has made its database ready when the sign-in page is there.
  await (await journey.page()).getByRole("group", { name: "Demo accounts" }).waitFor();
  const database = await databaseOf(journey.home);
  try {
    const page = await journey.signInAs("Nurse");
    await page.keyboard.press("Control+j");
    await send(page, "Tell me everything");
    await expect(conversation(page)).toContainText("word 3");

    // The page asks all the time, and what comes back is told to the test, outside the app.
    const answers: { at: number; name: string; ok: boolean }[] = [];
    await page.exposeFunction("tell", (name: string, ok: boolean, at: number) => answers.push({ at, name, ok }));
    await page.evaluate(() => {
      const { tell } = window as unknown as { tell: (name: string, ok: boolean, at: number) => void };
      setInterval(() => {
        document.body.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, key: "a" }));
        window.dispatchEvent(new MouseEvent("mousemove", { bubbles: true, clientX: Math.random() * 500 }));
        for (const [name, input] of [
          ["session.stay", {}],
          ["session.current", {}],
          ["tool.call", { name: "list_ward", arguments: {} }],
        ] as const)
          void window.ward
            .call(name as never, input as never)
            .then((answer) => tell(name, (answer as { ok: boolean }).ok, Date.now()));
      }, 200);
    });
    await expect.poll(() => answers.filter(({ ok }) => ok).length).toBeGreaterThan(6);

    const app = appProcesses(journey.app.process().pid as number).map(({ pid }) => pid);
    expect(app).toEqual(expect.arrayContaining(await journey.rendererPids()));
    const [found] = (
      await database.owner(
        "SELECT id, token_hash FROM private.session WHERE ended_at IS NULL AND token_hash IS NOT NULL",
      )
    ).rows;
    const windowCameAt = await noteNextWindow(journey.app);
    await page.keyboard.press("Shift");
    // The main process first: what it answered before is with the page, and has its time, when that is stopped too.
    const [main, ...others] = app;
    kill(main as number, "SIGSTOP");
    await pause(1000);
    for (const pid of others) kill(pid, "SIGSTOP");
    // The session's token is known to the app alone: another is put in its place, to ask with.
    const asked = "a token that this test knows";
    await database.owner("UPDATE private.session SET token_hash = sha256(convert_to($1, 'UTF8')) WHERE id = $2", [
      asked,
      found?.["id"],
    ]);
    expect(await database.refusal("SELECT FROM api.whoami($1)", [asked])).toBe("none");
    await pause((SERVER_LIMIT + 1) * 1000);
    expect(await database.refusal("SELECT FROM api.whoami($1)", [asked])).toBe("28000");
    expect(await database.refusal("SELECT FROM api.announce($1, 'list_ward')", [asked])).toBe("28000");
    await database.owner("UPDATE private.session SET token_hash = $1 WHERE id = $2", [
      found?.["token_hash"],
      found?.["id"],
    ]);

    const [goesOn, goesOnAt] = [monotonicNow(), Date.now()];
    for (const pid of app) kill(pid, "SIGCONT");
    const locked = await journey.afterReplacement(async () => undefined, [page]);
    await expect(locked.getByRole("dialog", { name: "Workstation locked" })).toBeVisible();
    const took = (await windowCameAt()) - goesOn;
    test
      .info()
      .annotations.push({ type: "milliseconds from SIGCONT to the lock window", description: took.toFixed(0) });
    expect(took).toBeLessThan(2000);
    expect(answers.some(({ at }) => at < goesOnAt)).toBe(true);
    expect(answers.filter(({ ok, at }) => ok && at >= goesOnAt)).toEqual([]);
    await expect.poll(stands, { timeout: 30_000 }).toBe(true);
    await expect(locked.getByText("Locked because nobody used it for a while.")).toBeVisible();

    const back = await journey.unlock();
    await openArea(back, "Ward");
    await expect(back.getByRole("table", { name: "Ward list" })).toBeVisible();
  } finally {
    await database.close();
    await journey.close();
    await model.close();
  }
});
