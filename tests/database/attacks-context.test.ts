import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { announce, connectDirectly, type Direct, dataViews, type RawSession, signInDirectly } from "../support/direct";
import { startTestHospital, type TestHospital } from "../support/hospital";
import { type Scene, setScene } from "../support/scene";

/** The context of a request is a setting that anybody may write: what is tried here is to write one that works. */
let hospital: TestHospital;
let scene: Scene;
let direct: Direct;
let nurse: RawSession;
let auditor: RawSession;

beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  direct = await connectDirectly(hospital);
  nurse = await signInDirectly(direct, "demo_nurse");
  auditor = await signInDirectly(direct, "demo_auditor");
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});

async function rowsSeen(client: Direct = direct): Promise<number> {
  let seen = 0;
  for (const view of dataViews) seen += (await client.rows(`SELECT * FROM api.${view}`)).length;
  return seen;
}

/** A context as PostgreSQL signed it, of a request that was opened and committed. */
async function signedContext(session: RawSession = nurse): Promise<string> {
  const { announcement } = await announce(direct, session.token, "get_vital_signs", { patient: scene.ours.number });
  await direct.rows("BEGIN READ ONLY");
  await direct.rows("SELECT api.open_request($1, $2)", [session.token, announcement]);
  const [row] = await direct.rows("SELECT current_setting('lamplight.context') AS context");
  expect(await rowsSeen()).toBeGreaterThan(5);
  await direct.rows("COMMIT");
  return String(row?.["context"]);
}

async function withContext(context: string, client: Direct = direct): Promise<number> {
  await client.rows("BEGIN READ ONLY");
  await client.rows("SELECT set_config('lamplight.context', $1, true)", [context]);
  const seen = await rowsSeen(client);
  await client.rows("COMMIT");
  return seen;
}

test("a context does not outlive its transaction", async () => {
  await signedContext();
  expect(
    (await direct.rows("SELECT current_setting('lamplight.context', true) AS context"))[0]?.["context"],
  ).toBeFalsy();
  expect(await rowsSeen()).toBe(0);
});

test("a signed context shows nothing in another transaction of the same connection", async () => {
  expect(await withContext(await signedContext())).toBe(0);
});

test("a signed context shows nothing on another connection", async () => {
  const context = await signedContext();
  const other = await connectDirectly(hospital);
  expect(await withContext(context, other)).toBe(0);
  await other.end();
});

test("a context that was set for the whole connection shows nothing", async () => {
  const context = await signedContext();
  await direct.rows("SELECT set_config('lamplight.context', $1, false)", [context]);
  expect(await rowsSeen()).toBe(0);
  await direct.rows("RESET ALL");
});

describe("inside the transaction that a context was signed for,", () => {
  const changes: Readonly<Record<string, (part: string[], other: string[]) => string>> = {
    "another announcement": ([, session, code], [announcement]) => `${announcement}|${session}|${code}`,
    "another session": ([announcement, , code], [, session]) => `${announcement}|${session}|${code}`,
    "another person's announcement and session": ([, , code], [announcement, session]) =>
      `${announcement}|${session}|${code}`,
    "a flipped digit in its signature": ([announcement, session, code]) =>
      `${announcement}|${session}|${(code ?? "").replace(/^./, (digit) => (digit === "0" ? "1" : "0"))}`,
    "no signature": ([announcement, session]) => `${announcement}|${session}|`,
    "a fourth part": (parts) => [...parts, "x"].join("|"),
    "a part too few": ([announcement, , code]) => `${announcement}|${code}`,
    "text that is no context": () => "admin|all|*",
    nothing: () => "",
  };

  test.each(Object.entries(changes))("%s in its place shows nothing", async (_, change) => {
    const others = (await signedContext(auditor)).split("|");
    const { announcement } = await announce(direct, nurse.token, "get_vital_signs", { patient: scene.ours.number });
    await direct.rows("BEGIN READ ONLY");
    await direct.rows("SELECT api.open_request($1, $2)", [nurse.token, announcement]);
    const [row] = await direct.rows("SELECT current_setting('lamplight.context') AS context");
    const genuine = String(row?.["context"]);
    await direct.rows("SELECT set_config('lamplight.context', $1, true)", [change(genuine.split("|"), others)]);
    expect(await rowsSeen()).toBe(0);
    // The genuine one still works here, so it was the change that did it.
    await direct.rows("SELECT set_config('lamplight.context', $1, true)", [genuine]);
    expect(await rowsSeen()).toBeGreaterThan(5);
    await direct.rows("COMMIT");
  });
});

test("a context names no patient that could be exchanged: what it stands for is kept where the login cannot write", async () => {
  const context = await signedContext();
  expect(context.split("|")).toHaveLength(3);
  for (const known of [scene.ours.id, scene.ours.number, nurse.staffId, nurse.token])
    expect(context).not.toContain(known);
  const { announcement } = await announce(direct, nurse.token, "get_vital_signs", { patient: scene.ours.number });
  expect(
    await direct.refusal("UPDATE private.announcement SET patient_ids = $2 WHERE id = $1", [
      announcement,
      [scene.theirs.id],
    ]),
  ).toBe("42501");
});

test("replaying a context in the same message of several transactions shows no more than it did", async () => {
  // Transactions of one message share their time stamp, so the signature holds; what it stands for is judged anew.
  const { announcement } = await announce(direct, nurse.token, "get_vital_signs", { patient: scene.ours.number });
  // Between its transactions the message waits for a lock, until the announcement is over by the clock.
  const lock = 5_150_101;
  await hospital.owner("SELECT pg_advisory_lock($1)", [lock]);
  const text = `BEGIN; SELECT api.open_request('${nurse.token}', '${announcement}');
    SELECT set_config('test.saved', current_setting('lamplight.context'), false); COMMIT;
    BEGIN; SELECT pg_advisory_xact_lock(${lock}); SELECT set_config('lamplight.context', current_setting('test.saved'), true); SELECT 1/count(*) FROM api.vital_signs; COMMIT`;
  const refused = direct.refusal(text);
  try {
    const waiting = async () =>
      (
        await hospital.owner(
          `SELECT a.query_start::text AS began FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND NOT l.granted AND l.objid = $1 AND a.datname = current_database()`,
          [lock],
        )
      ).rows;
    await expect.poll(waiting).toHaveLength(1);
    const [message] = await waiting();
    // Not yet for whoever asks the message, or a transaction of it, for its time.
    await hospital.owner(
      "UPDATE private.announcement SET expires_at = $2::timestamptz + interval '1 ms' WHERE id = $1",
      [announcement, message?.["began"]],
    );
  } finally {
    await hospital.owner("SELECT pg_advisory_unlock($1)", [lock]);
  }
  expect(await refused).toBe("22012");
});
