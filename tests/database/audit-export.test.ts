import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { keptAnchorKey } from "../../electron/anchors/kept-key";
import { exportAudit } from "../../electron/audit/export-audit";
import { exportManifestSchema, manifestName } from "../../electron/audit/export-manifest";
import type { AuditFilter } from "../../shared/audit/filter";
import type { ExportFormat } from "../../shared/ipc/audit-commands";
import { admin, ownerUrl } from "../support/admin-desk";
import { announce, connectDirectly, type Direct, read, signInDirectly } from "../support/direct";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";

/** The audit leaves as a file; what leaves is told, is what was written, and can be judged by anybody with nothing but files. */
let hospital: TestHospital;
let direct: Direct;
let auditor: SignedIn;
let folder: string;
let number = 0;
beforeAll(async () => {
  hospital = await startTestHospital();
  direct = await connectDirectly(hospital);
  auditor = await signedIn(hospital, accountOf("Auditor"));
  const nurse = await signedIn(hospital, accountOf("Nurse"));
  for (let round = 0; round < 5; round += 1) {
    await nurse.call("get_vital_signs", { patient_id: "FCE57" });
    await nurse.call("get_patient_overview", { patient_id: "NOBODY" });
    await nurse.call("list_ward", {});
  }
});
afterAll(async () => {
  await direct.end();
  await hospital.close();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lamplight-export-"));
  return () => rmSync(folder, { recursive: true, force: true });
});

async function exported(format: ExportFormat, filter: AuditFilter = {}, person: SignedIn = auditor) {
  number += 1;
  const path = join(folder, `audit-${number}.out`);
  const report = await exportAudit({
    database: hospital.database,
    token: () => person.session.databaseToken(),
    staffId: person.session.person().staffId,
    format,
    filter,
    path,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  return { path, report };
}
const environment = () => ({ LAMPLIGHT_OWNER_URL: ownerUrl(hospital.cluster.owner) });
const judge = (path: string, ...more: string[]) => admin(["audit", "verify-export", path, ...more], {});
const countOf = async (condition = "true") =>
  Number(
    (await hospital.owner(`SELECT count(*)::int AS n FROM private.audit_entry e WHERE ${condition}`)).rows[0]?.["n"],
  );

describe("an export", () => {
  test("of everything has every entry, and its manifest says so", async () => {
    const { path, report } = await exported("json-lines");
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    const manifest = exportManifestSchema.parse(JSON.parse(readFileSync(manifestName(path), "utf8")));
    expect(report).toMatchObject({ outcome: "saved", entries: lines.length });
    expect(manifest).toMatchObject({ complete: true, entries: lines.length, exported_by: "STF006", filter: {} });
    expect(manifest.sha256).toBe(createHash("sha256").update(readFileSync(path)).digest("hex"));
    expect(lines.length).toBe(await countOf(`e.at <= '${manifest.exported_at}'`));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });

  test.each(["csv", "fhir"] as const)(
    "as %s has the entries of the filter and no other, in the order of time",
    async (format) => {
      const { path, report } = await exported(format, { staff_id: "STF002", patient_id: "FCE57", outcome: "granted" });
      const expected = (
        await hospital.owner(
          `SELECT chain_id || '.' || sequence AS place FROM private.audit_entry e JOIN hospital.patient p ON p.id = ANY (e.patient_ids)
          WHERE p.patient_number = 'FCE57' AND e.staff_id = 'STF002' AND e.action NOT IN ('ACCESS_DENIED', 'LOGIN_FAILED') ORDER BY e.at, e.chain_id, e.sequence`,
        )
      ).rows.map((row) => String(row["place"]));
      expect(expected.length).toBeGreaterThan(5);
      expect(report).toMatchObject({ entries: expected.length });
      const text = readFileSync(path, "utf8");
      const places =
        format === "csv"
          ? (parse(text, { columns: true, bom: true }) as Record<string, string>[]).map(
              ({ chain, sequence }) => `${chain}.${sequence}`,
            )
          : text
              .trimEnd()
              .split("\n")
              .map((line) => (JSON.parse(line) as { id: string }).id);
      expect(places).toEqual(expected);
      expect(exportManifestSchema.parse(JSON.parse(readFileSync(manifestName(path), "utf8"))).complete).toBe(false);
    },
  );

  test("is in the audit before its first row leaves, and at its end with its size and hash", async () => {
    const { report } = await exported("csv", { action: "LOGIN" });
    if (report.outcome !== "saved") throw new Error(report.outcome);
    const { rows } = await hospital.owner(
      "SELECT detail, staff_id, tool FROM private.audit_entry WHERE action = 'AUDIT_EXPORTED' ORDER BY at DESC LIMIT 2",
    );
    expect(rows).toMatchObject([
      { staff_id: "STF006", detail: { step: "finished", entries: report.entries, sha256: report.sha256 } },
      {
        staff_id: "STF006",
        tool: "export_audit",
        detail: { step: "begun", format: "csv", filter: '{"action":"LOGIN"}' },
      },
    ]);
    const [end, begin] = rows.map((row) => (row["detail"] as { export: string }).export);
    expect(begin).toBe(end);
  });

  test("that is stopped leaves no file and says so", async () => {
    const stopped = new AbortController();
    const path = join(folder, "stopped.csv");
    const report = await exportAudit({
      database: hospital.database,
      token: () => auditor.session.databaseToken(),
      staffId: "STF006",
      format: "csv",
      filter: {},
      path,
      signal: stopped.signal,
      onProgress: () => stopped.abort(),
    });
    expect(report).toEqual({ outcome: "stopped", entries: 0 });
    expect(readdirSync(folder)).toEqual([]);
    const { rows } = await hospital.owner(
      "SELECT detail FROM private.audit_entry WHERE action = 'AUDIT_EXPORTED' ORDER BY at DESC LIMIT 1",
    );
    expect(rows).toMatchObject([{ detail: { step: "stopped" } }]);
  });

  test("ends with the session that began it, and leaves no file", async () => {
    const leaving = await signedIn(hospital, accountOf("Auditor"));
    await expect(
      exportAudit({
        database: hospital.database,
        token: () => leaving.session.databaseToken(),
        staffId: "STF006",
        format: "csv",
        filter: {},
        path: join(folder, "locked.csv"),
        signal: new AbortController().signal,
        onProgress: () => void leaving.session.lock("idle"),
      }),
    ).rejects.toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(["Admin", "Doctor", "Nurse", "Billing", "Reception"] as const)(
    "is refused to a %s by PostgreSQL itself, and audited",
    async (role) => {
      const person = await signInDirectly(direct, accountOf(role));
      const before = await countOf("e.action = 'ACCESS_DENIED' AND e.tool = 'export_audit'");
      expect(
        await direct.rows(
          "SELECT outcome, announcement FROM api.begin_audit_export($1, gen_random_uuid(), 'csv', '')",
          [person.token],
        ),
      ).toEqual([{ outcome: "RBAC_DENIED", announcement: null }]);
      expect((await announce(direct, person.token, "export_audit")).outcome).toBe("RBAC_DENIED");
      expect(await countOf("e.action = 'ACCESS_DENIED' AND e.tool = 'export_audit'")).toBe(before + 2);
    },
  );

  test("shows the hashed text under its own announcement alone", async () => {
    const person = await signInDirectly(direct, accountOf("Auditor"));
    const trail = await announce(direct, person.token, "get_audit_trail");
    const seen = await read(
      direct,
      person.token,
      trail.announcement,
      "SELECT count(*)::int AS n, count(hashed)::int AS texts, count(hash)::int AS hashes FROM api.audit_trail",
    );
    expect(seen[0]?.["n"]).toBe(seen[0]?.["hashes"]);
    expect(seen[0]?.["texts"]).toBe(0);
    const own = await announce(direct, person.token, "get_my_access_history");
    expect(
      await read(
        direct,
        person.token,
        own.announcement,
        "SELECT count(hash)::int AS hashes, count(transaction)::int AS t FROM api.audit_trail",
      ),
    ).toEqual([{ hashes: 0, t: 0 }]);
  });
});

describe("the verifier that needs no database", () => {
  interface Line {
    chain: string;
    sequence: number;
    at: string;
    [name: string]: unknown;
  }
  let whole: string;
  let anchors: string;
  beforeEach(async () => {
    anchors = join(folder, "anchors");
    const made = await admin(
      ["audit", "anchor", "--key-file", join(folder, "key.pem"), "--anchors", anchors],
      environment(),
    );
    expect(made, made.error).toMatchObject({ code: 0 });
    whole = (await exported("json-lines")).path;
  });
  const lines = (path = whole) =>
    readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);

  test("finds nothing in what was written, with and without anchors, and says what it did not judge", async () => {
    expect(await judge(whole, "--anchors", anchors)).toMatchObject({ code: 0, error: "" });
    const alone = await judge(whole);
    expect(alone.code).toBe(0);
    expect(alone.out).toContain("it was not compared with anchors");
    const json = JSON.parse((await judge(whole, "--anchors", anchors, "--json")).out) as Record<string, number>;
    expect(json).toMatchObject({ faultCount: 0, complete: true, anchors: 1, gaps: 0, notInExport: 0 });
    expect(json["links"]).toBe(json["entries"]);
    // Every chain of the hospital was anchored, and every one of these entries is in the export.
    expect(json["anchored"]).toBeGreaterThan(2);
  });

  /** Writes a changed file; with `cunning` the manifest is made to fit it. */
  function changed(change: (all: Line[]) => Line[], cunning = true): string {
    const path = join(folder, "changed.jsonl");
    const text = change(lines())
      .map((line) => `${JSON.stringify(line)}\n`)
      .join("");
    writeFileSync(path, text);
    const manifest = JSON.parse(readFileSync(manifestName(whole), "utf8")) as Record<string, unknown>;
    const fits = { entries: text.split("\n").length - 1, sha256: createHash("sha256").update(text).digest("hex") };
    writeFileSync(manifestName(path), JSON.stringify({ ...manifest, ...(cunning ? fits : {}) }));
    return path;
  }
  /** Every hash computed anew, as somebody does who knows how. */
  const rehashed = (all: Line[]): Line[] => {
    const ends = new Map<string, { hash: string; sequence: number }>();
    return all.map((line) => {
      const end = ends.get(line.chain) ?? { hash: "", sequence: 0 };
      const sequence = end.sequence + 1;
      const said = JSON.parse(String(line["hashed"])) as unknown[];
      said[1] = sequence;
      const hashed = JSON.stringify(said);
      const hash = createHash("sha256").update(Buffer.from(end.hash, "hex")).update(hashed).digest("hex");
      ends.set(line.chain, { hash, sequence });
      return { ...line, sequence, previous_hash: end.hash, hash, hashed };
    });
  };
  /** The third entry of a session that went on for a while. */
  const inASession = (all: Line[]) => {
    const long = all.find((line) => !line.chain.startsWith("00000000") && line.sequence === 6)?.chain;
    return all.findIndex((line) => line.chain === long && line.sequence === 3);
  };

  test.each([
    [
      "a field that people read",
      (all: Line[]) => all.map((line, at) => (at === 5 ? { ...line, outcome: "RBAC_DENIED" } : line)),
      /the field outcome is not what was hashed/u,
    ],
    [
      "the moment by a microsecond",
      (all: Line[]) =>
        all.map((line, at) =>
          at === 5
            ? {
                ...line,
                at: line.at.replace(
                  /\d{6}Z$/u,
                  (digits) => `${String((Number.parseInt(digits, 10) + 1) % 1_000_000).padStart(6, "0")}Z`,
                ),
              }
            : line,
        ),
      /the field at is not what was hashed/u,
    ],
    [
      "the hashed text",
      (all: Line[]) =>
        all.map((line, at) =>
          at === 5
            ? { ...line, hashed: String(line["hashed"]).replace("granted", "refused").replace("counted", "refused") }
            : line,
        ),
      /the content does not match its hash/u,
    ],
    [
      "an entry taken out",
      (all: Line[]) => all.filter((_, at) => at !== inASession(all)),
      /the entries after 2 are missing/u,
    ],
    [
      "the first entry of a chain taken out",
      (all: Line[]) => all.filter((line, at) => at !== inASession(all) - 2 || line.sequence !== 1),
      /what came before it is missing/u,
    ],
    [
      "two entries exchanged",
      (all: Line[]) => {
        const at = inASession(all);
        return all.map((line, index) =>
          index === at ? (all[at + 1] as Line) : index === at + 1 ? (all[at] as Line) : line,
        );
      },
      /missing|stands behind/u,
    ],
    [
      "an entry of another chain put in",
      (all: Line[]) => [...all, { ...(all[3] as Line), chain: (all.at(-1) as Line).chain }],
      /the field chain is not what was hashed/u,
    ],
  ])("finds %s", async (_, change, words) => {
    const answer = await judge(changed(change));
    expect(answer).toMatchObject({ code: 1 });
    expect(answer.error).toMatch(words);
  });

  test("finds a file that is not the one of its manifest", async () => {
    const answer = await judge(changed((all) => all.slice(0, -1), false));
    expect(answer.error).toMatch(/SHA-256 is not that of its manifest/u);
    expect(answer.error).toMatch(/the manifest speaks of/u);
  });

  test.each([
    [
      "a chain written anew",
      (all: Line[]) =>
        rehashed(
          all.map((line, at) =>
            at === inASession(all)
              ? {
                  ...line,
                  action: "LOCK",
                  hashed: JSON.stringify(Object.assign(JSON.parse(String(line["hashed"])) as unknown[], { 7: "LOCK" })),
                }
              : line,
          ),
        ),
      /was rewritten after anchor 1/u,
    ],
    [
      "a tail cut off",
      (all: Line[]) => {
        const { chain } = all[inASession(all)] as Line;
        return rehashed(all.filter((line) => line.chain !== chain || line.sequence < 3));
      },
      /ends at entry 2; anchor 1 of .* knows entry/u,
    ],
    [
      "a session that is gone",
      (all: Line[]) => {
        const { chain } = all[inASession(all)] as Line;
        return rehashed(all.filter((line) => line.chain !== chain));
      },
      /it is gone; anchor 1/u,
    ],
    ["everything gone", () => [], /it is gone; anchor 1/u],
  ])("finds %s by the anchors, where the chain itself is whole", async (_, change, words) => {
    const path = changed(change);
    expect(await judge(path), "without anchors").toMatchObject({ code: 0 });
    const answer = await judge(path, "--anchors", anchors);
    expect(answer).toMatchObject({ code: 1 });
    expect(answer.error).toMatch(words);
  });

  test("believes no anchor that another key signed, and none of another installation", async () => {
    const stranger = join(folder, "stranger");
    await admin(["audit", "anchor", "--key-file", join(folder, "other.pem"), "--anchors", stranger], environment());
    const key = readdirSync(stranger).find((name) => name.endsWith(".pem")) ?? "";
    const answer = await judge(whole, "--anchors", anchors, "--public-key", join(stranger, key));
    expect(answer).toMatchObject({ code: 1 });
    expect(answer.error).toMatch(/whose public key is not known here/u);
  });

  test("judges a filtered export by what is in it, and says that it can say no more", async () => {
    const { path } = await exported("json-lines", { staff_id: "STF002" });
    const answer = await judge(path, "--anchors", anchors);
    expect(answer, answer.error).toMatchObject({ code: 0 });
    expect(answer.out).toContain("the export was filtered: entries that are not in it cannot be judged");
  });

  test("refuses in one line what it cannot judge", async () => {
    const csv = (await exported("csv")).path;
    expect((await judge(csv)).error).toMatch(/JSON Lines alone/u);
    expect((await judge(join(folder, "nothing"))).error).toMatch(/There is nothing at/u);
    const lonely = join(folder, "lonely.jsonl");
    copyFileSync(whole, lonely);
    expect((await judge(lonely)).out).toContain("there is no manifest beside it");
  });
});

describe("lamplight-admin audit", () => {
  test("anchors on a timer with a key of its own, and verifies against it", async () => {
    const key = join(folder, "key.pem");
    const place = join(folder, "anchors");
    const first = await admin(["audit", "anchor", "--key-file", key, "--anchors", place], environment());
    expect(first, first.error).toMatchObject({ code: 0 });
    expect(first.out).toMatch(/Made the key [0-9a-f]{16}[\s\S]+BEGIN PUBLIC KEY[\s\S]+Anchor 1 over \d+ chains/u);
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const second = await admin(["audit", "anchor", "--key-file", key, "--anchors", place], environment());
    expect(second.out).toMatch(/^Anchor 2 over/u);
    const publicKey = readdirSync(place).find((name) => name.endsWith(".pem")) ?? "";
    const verified = await admin(
      ["audit", "verify", "--anchors", place, "--public-key", join(place, publicKey)],
      environment(),
    );
    expect(verified, verified.error).toMatchObject({ code: 0 });
    expect(verified.out).toMatch(/The audit is whole[\s\S]+Agrees with 2 anchors/u);
    const { rows } = await hospital.owner(
      "SELECT detail FROM private.audit_entry WHERE action = 'AUDIT_ANCHORED' ORDER BY at DESC LIMIT 1",
    );
    expect(rows).toMatchObject([{ detail: { number: 2 } }]);
    expect(existsSync(join(place, "nothing"))).toBe(false);
  });

  test("begins the app's own anchors anew after a restore, with the app's own key", async () => {
    const { home } = hospital.cluster;
    const own = keptAnchorKey(home, () => undefined);
    try {
      const first = await admin(["--home", home, "audit", "anchor"], {});
      expect(first, first.error).toMatchObject({ code: 0 });
      const anew = await admin(
        ["--home", home, "audit", "anchor", "--restart", "restored the backup of last night"],
        {},
      );
      expect(anew.out).toMatch(/^Anchor 2 over/u);
      expect(readdirSync(join(home, "anchors")).some((name) => name.endsWith(`${own.id}.jsonl`))).toBe(true);
      const verified = await admin(["--home", home, "audit", "verify"], {});
      expect(verified, verified.error).toMatchObject({ code: 0 });
      expect(verified.out).toContain("began anew: restored the backup of last night");
    } finally {
      for (const name of ["anchors", "anchoring"]) rmSync(join(home, name), { recursive: true, force: true });
    }
  });

  test("says in one line what is missing, and takes an empty folder for no good news", async () => {
    const nothing = await admin(["audit", "verify", "--anchors", join(folder, "empty")], environment());
    expect(nothing.code).toBe(1);
    expect(nothing.error).toMatch(/none are kept here yet/u);
    expect((await admin(["audit", "anchor", "--anchors", folder], environment())).error).toMatch(
      /Name the signing key/u,
    );
    expect((await admin(["audit", "anchor", "--key-file", join(folder, "k")], environment())).error).toMatch(
      /Name the folder/u,
    );
    writeFileSync(join(folder, "open.pem"), "x", { mode: 0o644 });
    expect(
      (await admin(["audit", "anchor", "--key-file", join(folder, "open.pem"), "--anchors", folder], environment()))
        .error,
    ).toMatch(/chmod 600/u);
    writeFileSync(join(folder, "wrong.pem"), "x", { mode: 0o600 });
    expect(
      (await admin(["audit", "anchor", "--key-file", join(folder, "wrong.pem"), "--anchors", folder], environment()))
        .error,
    ).toMatch(/no Ed25519 private key/u);
    expect((await admin(["audit", "verify"], environment())).out).toMatch(/Not compared with anchors/u);
  });
});
