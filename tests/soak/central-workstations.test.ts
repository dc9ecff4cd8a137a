import { afterAll, beforeAll, expect, test } from "vitest";
import { createChatRecords } from "../../electron/records/chats";
import { addCrowd } from "../support/central/crowd";
import { type HospitalServer, startHospitalServer } from "../support/central/hospital-server";
import type { PgBouncer } from "../support/central/pgbouncer";
import { describeCentral } from "../support/central/unless";
import { messageOf, startWorkstation } from "../support/central/workstation";
import { demoPassword } from "../support/demo-password";
import { accountOf, type SignedIn } from "../support/hospital";

const WORKSTATIONS = 32;
const SECONDS = Number(process.env.LAMPLIGHT_SOAK_SECONDS ?? 120);

/** Milliseconds that each kind of step took. */
class Stopwatch {
  readonly #taken = new Map<string, number[]>();
  async time<T>(step: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const answer = await work();
    const list = this.#taken.get(step) ?? [];
    list.push(performance.now() - began);
    this.#taken.set(step, list);
    return answer;
  }
  get steps(): number {
    return [...this.#taken.values()].reduce((sum, list) => sum + list.length, 0);
  }
  lines(): string[] {
    return [...this.#taken].map(([step, list]) => {
      const sorted = [...list].sort((a, b) => a - b);
      const at = (share: number) =>
        (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
      return `${step}: ${list.length} times, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
    });
  }
}

describeCentral("32 workstations for two minutes on one central server", () => {
  let server: HospitalServer;
  let bouncer: PgBouncer;
  beforeAll(async () => {
    server = await startHospitalServer({ settings: { fsync: "on" } });
    // Ten connections to PostgreSQL for all of them: transactions of different people follow each other on each.
    bouncer = await server.bouncer({ default_pool_size: "10", reserve_pool_size: "0", max_client_conn: "400" });
  });
  afterAll(async () => {
    await bouncer?.stop();
    await server?.dispose();
  });

  test("no row of another's request, no context that outlives its transaction, no failure", async () => {
    const watch = new Stopwatch();
    const failures: string[] = [];
    let strange = 0;
    let leaked = 0;
    let denied = 0;
    const { rows } = await server.asSuperuser((query) =>
      query("SELECT p.patient_number, p.family_name FROM hospital.patient p"),
    );
    const familyOf = new Map(rows.map((row) => [String(row["patient_number"]), String(row["family_name"])]));
    const numbers = [...familyOf.keys()];
    const workstations = Array.from({ length: WORKSTATIONS }, () => startWorkstation(server.workstation(bouncer.port)));
    await Promise.all(workstations.map((one) => one.until("ready", 30_000)));
    const usernames = await server.asSuperuser((query) => addCrowd(query, WORKSTATIONS));
    const until = performance.now() + SECONDS * 1000;
    const began = performance.now();

    await Promise.all(
      workstations.map(async (workstation, index) => {
        const username = usernames[index] as string;
        const { database } = workstation.hospital;
        let person: SignedIn | undefined;
        const fail = (step: string, what: unknown) => void failures.push(`${step}: ${JSON.stringify(what)}`);
        try {
          person = await watch.time("sign in", () => workstation.signIn(username));
          const me = person.session.person().staffId;
          const chats = createChatRecords(database, person.session);
          let chat = await chats.create("soak");
          for (let round = index; performance.now() < until; round += 1) {
            const list = await watch.time("ward list", () => (person as SignedIn).call("list_ward"));
            if (!list.ok && list.failure.code !== "RBAC_DENIED") fail("ward list", list.failure);

            const patient_id = numbers[(round * 7) % numbers.length] as string;
            const chart = await watch.time("chart", () =>
              (person as SignedIn).call("get_patient_overview", { patient_id }),
            );
            if (chart.ok) {
              const shown = chart.value as { patient_id: string; family_name?: string };
              if (shown.patient_id !== patient_id) strange += 1;
              if (
                shown.family_name !== undefined &&
                shown.family_name.toUpperCase() !== familyOf.get(patient_id)?.toUpperCase()
              )
                strange += 1;
            } else if (["RBAC_DENIED", "PATIENT_NOT_FOUND"].includes(chart.failure.code)) denied += 1;
            else fail("chart", chart.failure);

            const message = messageOf(`note ${index} ${round}`);
            await watch.time("write", () => chats.append(chat.id, message));
            if (round % 5 === 0) {
              const { messages } = await watch.time("own chat", () => chats.open(chat.id));
              if (messages.some(({ text }) => !text.startsWith(`note ${index} `))) strange += 1;
              if (!messages.some(({ id }) => id === message.id)) fail("own chat", "an acknowledged message is missing");
              chat = await chats.create("soak");
            }
            // Without a request nothing is to be seen, whoever used this connection before.
            const seen = await watch.time("no request", () =>
              database.statement(
                "SELECT guard.has_request() AS open, (SELECT count(*) FROM api.patient_overview)::int + (SELECT count(*) FROM api.chats)::int AS rows",
              ),
            );
            if (seen[0]?.["open"] !== false || seen[0]?.["rows"] !== 0) leaked += 1;
            const [whoami] = await watch.time("who am I", () =>
              database.statement("SELECT * FROM api.whoami($1)", [(person as SignedIn).session.databaseToken()]),
            );
            if (whoami?.["staff_id"] !== me && whoami?.["username"] !== username) strange += 1;
            if (round % 10 === 0) {
              const { session } = person;
              session.lock("person");
              const locked = await person.call("list_ward").catch((error: unknown) => error);
              if ((locked as { ok?: boolean }).ok === true) leaked += 1;
              await watch.time("unlock", () => session.unlock(demoPassword));
            }
          }
          await person.session.signOut();
        } catch (error) {
          fail(
            `workstation ${index}`,
            error instanceof Error
              ? `${error.name} ${error.message} ${JSON.stringify((error as { failure?: object }).failure ?? {})}`
              : error,
          );
        }
      }),
    );
    const seconds = (performance.now() - began) / 1000;
    await Promise.all(workstations.map((one) => one.stop()));
    process.stdout.write(
      [
        `${WORKSTATIONS} workstations, ${seconds.toFixed(0)} s, PgBouncer with 10 connections: ${watch.steps} steps, ${(watch.steps / seconds).toFixed(0)} a second,`,
        `${strange} cross-identity rows, ${leaked} leaked contexts, ${failures.length} failures, ${denied} refused by right`,
        ...watch.lines(),
        "",
      ].join("\n"),
    );
    expect(failures).toEqual([]);
    expect({ strange, leaked }).toEqual({ strange: 0, leaked: 0 });
    expect(denied).toBeGreaterThan(10);
    expect(watch.steps).toBeGreaterThan(SECONDS * 20);
    const auditor = startWorkstation(server.workstation(bouncer.port));
    await auditor.until("ready");
    const verdict = await (await auditor.signIn(accountOf("Auditor"))).call(
      "verify_audit_chain",
      {},
      { via: "person" },
    );
    expect(verdict.ok && verdict.value).toMatchObject({ intact: true });
    await auditor.stop();
  });
});
