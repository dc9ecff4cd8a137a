import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Manifest } from "../../electron/backup/contents";
import { type BackupKey, HEADER_BYTES } from "../../electron/backup/header";
import { readKeyFile } from "../../electron/backup/key-file";
import { beginPartial, keepSections, openPartial } from "../../electron/backup/partial-file";
import { BackupRefused } from "../../electron/backup/refused";
import { verifyBackup } from "../../electron/backup/verified-backup";
import { newKeyFile, passphrase, temporaryFolder } from "../support/backup";
import { cheapHashing } from "../support/hospital";

const folder = temporaryFolder();
afterAll(() => folder.remove());
let files = 0;
const newPath = () => join(folder.path, `file-${(files += 1)}`);

const manifest: Manifest = {
  format: 1,
  program: "0.0.0",
  startedAt: "2026-01-01T00:00:00Z",
  installation: "3b241101-e2bb-4255-8caf-4136c566a962",
  demo: false,
  server: "15.0",
  migrations: [{ name: "0001_first.sql", checksum: "00" }],
  leftOut: [],
};
const tables = {
  ward: ["5A\tFive A\n", "5B\tFive B\n"],
  patient: ["1\tArnold\n2\tBaker\n"],
  empty: [],
} as const;
const described = (table: string, rows: readonly string[]) => ({
  schema: "hospital",
  table,
  columns: ["code", "name"],
  rows: rows.length,
  fingerprint: "-12",
});
const read = (path: string, key: BackupKey) =>
  verifyBackup(path, key).then(async (backup) => {
    const text: Record<string, string> = {};
    for (const section of backup.end.sections) {
      text[section.table] = "";
      for await (const part of backup.text(section)) text[section.table] += part.toString("utf8");
    }
    await backup.close();
    return text;
  });

async function writeBackup(key: BackupKey, sections: Readonly<Record<string, readonly string[]>> = tables) {
  const path = newPath();
  const { file, writer } = await beginPartial(path, key, manifest, cheapHashing);
  const done = [];
  for (const [table, rows] of Object.entries(sections))
    done.push(await writer.section(described(table, rows), Readable.from(rows.map(Buffer.from)), () => undefined));
  const sequences = [{ schema: "hospital", name: "chat_position", value: "9007199254740993", called: true }];
  await writer.finish({ snapshotAt: manifest.startedAt, sections: done, sequences });
  await file.close();
  return path;
}

/** The records of a file with their heads, as an attacker without the key can cut it. */
function cut(bytes: Buffer): Buffer[] {
  const parts = [bytes.subarray(0, HEADER_BYTES)];
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return parts;
}

const key = newKeyFile();
let path: string;
let bytes: Buffer;
const refused = async (changed: Buffer, opener: BackupKey = key): Promise<boolean> => {
  const other = join(folder.path, "changed");
  writeFileSync(other, changed);
  return verifyBackup(other, opener).then(
    async (backup) => {
      await backup.close();
      return false;
    },
    (error: unknown) => {
      if (!(error instanceof BackupRefused)) throw error;
      return true;
    },
  );
};
beforeAll(async () => {
  path = await writeBackup(key);
  bytes = readFileSync(path);
});

test("what was written is read, with both kinds of key", async () => {
  const expected = { ward: "5A\tFive A\n5B\tFive B\n", patient: "1\tArnold\n2\tBaker\n", empty: "" };
  expect(await read(path, key)).toEqual(expected);
  expect(await read(await writeBackup(passphrase), passphrase)).toEqual(expected);
  expect(await refused(Buffer.from(bytes))).toBe(false);
});

test("nothing of it stands in the clear", () => {
  for (const word of ["Arnold", "hospital", "ward", "0001_first", "sections", manifest.installation])
    expect(bytes.includes(word), word).toBe(false);
});

test("one flipped bit is refused, at every byte of the file", async () => {
  const missed: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] as number) ^ (1 << (at % 8));
    if (!(await refused(changed))) missed.push(at);
  }
  expect(missed).toEqual([]);
});

test("one flipped bit in the header of a file with a passphrase is refused, without asking for more memory than ever used", async () => {
  const own = readFileSync(await writeBackup(passphrase));
  const most = process.memoryUsage().rss + 1_500_000_000;
  for (let at = 0; at < HEADER_BYTES; at += 1)
    for (const bit of [0, 7]) {
      const changed = Buffer.from(own);
      changed[at] = (changed[at] as number) ^ (1 << bit);
      expect(await refused(changed, passphrase), `byte ${at}`).toBe(true);
      expect(process.memoryUsage().rss).toBeLessThan(most);
    }
});

test("a file cut off anywhere is refused", async () => {
  for (let length = 0; length < bytes.length; length += length < HEADER_BYTES ? 7 : 3)
    expect(await refused(bytes.subarray(0, length)), `${length} bytes`).toBe(true);
});

test("appended bytes are refused, one or a whole record", async () => {
  expect(await refused(Buffer.concat([bytes, Buffer.from([0])]))).toBe(true);
  const last = cut(bytes).at(-1) as Buffer;
  expect(await refused(Buffer.concat([bytes, last]))).toBe(true);
  expect(await refused(Buffer.concat([bytes, bytes]))).toBe(true);
});

test("records that were exchanged, doubled or taken out are refused", async () => {
  const big = await writeBackup(key, {
    ...tables,
    notes: Array.from({ length: 5 }, () => `${"x".repeat(1_100_000)}\n`),
  });
  const parts = cut(readFileSync(big));
  expect(parts.length).toBeGreaterThan(12);
  expect(await refused(Buffer.concat(parts))).toBe(false);
  for (let one = 1; one < parts.length; one += 1) {
    expect(await refused(Buffer.concat(parts.toSpliced(one, 1))), `without ${one}`).toBe(true);
    expect(await refused(Buffer.concat(parts.toSpliced(one, 0, parts[one] as Buffer))), `twice ${one}`).toBe(true);
    for (let other = one + 1; other < parts.length; other += 1) {
      const swapped = [...parts];
      [swapped[one], swapped[other]] = [parts[other] as Buffer, parts[one] as Buffer];
      expect(await refused(Buffer.concat(swapped)), `${one} and ${other}`).toBe(true);
    }
  }
  // A whole section with its chunks, which would still open one by one.
  const starts = parts.flatMap((part, index) =>
    String.fromCharCode(part[0] as number) === "S" && index > 0 ? [index] : [],
  );
  const [first, second, third] = starts as [number, number, number];
  expect(await refused(Buffer.concat(parts.toSpliced(first, second - first)))).toBe(true);
  const turned = [
    ...parts.slice(0, first),
    ...parts.slice(second, third),
    ...parts.slice(first, second),
    ...parts.slice(third),
  ];
  expect(await refused(Buffer.concat(turned))).toBe(true);
});

test("records of another backup with the same key are refused", async () => {
  const here = cut(bytes);
  const there = cut(readFileSync(await writeBackup(key)));
  expect(there.length).toBe(here.length);
  for (const [index, part] of there.entries()) {
    const mixed = [...here];
    mixed[index] = part;
    expect(await refused(Buffer.concat(mixed)), `record ${index}`).toBe(true);
  }
});

describe("keys", () => {
  test("another key, another passphrase, or the other kind is refused by a line that says so", async () => {
    const own = await writeBackup(passphrase);
    await expect(verifyBackup(path, newKeyFile())).rejects.toThrow(/key file is the wrong one/u);
    await expect(verifyBackup(own, { kind: "passphrase", passphrase: "another, as long" })).rejects.toThrow(
      /passphrase is wrong/u,
    );
    await expect(verifyBackup(own, key)).rejects.toThrow(/made with a passphrase/u);
    await expect(verifyBackup(path, passphrase)).rejects.toThrow(/made with a key file/u);
    await expect(verifyBackup("package.json", key)).rejects.toThrow(/not a Lamplight backup/u);
    await expect(verifyBackup(folder.path, key)).rejects.toThrow(BackupRefused);
    await expect(verifyBackup(join(folder.path, "nowhere"), key)).rejects.toThrow(/There is no file/u);
  });

  test("a passphrase counts by its characters, however they were composed", async () => {
    const own = await writeBackup({ kind: "passphrase", passphrase: "Schlüsselwort Ångström" });
    expect(
      await read(own, { kind: "passphrase", passphrase: "Schlüsselwort Ångström".normalize("NFD") }),
    ).toMatchObject({
      empty: "",
    });
  });

  test("a key file is 32 bytes or their digits, and its owner's alone", async () => {
    const file = newPath();
    const secret = randomBytes(32);
    writeFileSync(file, secret, { mode: 0o600 });
    expect(await readKeyFile(file)).toEqual({ kind: "key-file", key: secret });
    writeFileSync(file, `${secret.toString("hex")}\n`);
    expect(await readKeyFile(file)).toEqual({ kind: "key-file", key: secret });
    for (const wrong of [
      randomBytes(31),
      randomBytes(33),
      Buffer.alloc(0),
      Buffer.from("g".repeat(64)),
      randomBytes(4000),
    ]) {
      writeFileSync(file, wrong);
      await expect(readKeyFile(file)).rejects.toThrow(/must hold 32 random bytes/u);
    }
    writeFileSync(file, secret);
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(file, mode);
      await expect(readKeyFile(file)).rejects.toThrow(/can be read by others/u);
    }
    await expect(readKeyFile(join(folder.path, "nowhere"))).rejects.toThrow(BackupRefused);
  });
});

describe("an interrupted file", () => {
  const sections = { ward: tables.ward, patient: tables.patient, staff: ["1\tx\n"] };

  test("cut off anywhere gives every section that is whole, and can be finished without the others", async () => {
    const whole = readFileSync(await writeBackup(key, sections));
    const seen = new Set<number>();
    for (let length = HEADER_BYTES; length < whole.length; length += 7) {
      const partial = join(folder.path, "partial");
      writeFileSync(partial, whole.subarray(0, length));
      const opened = await openPartial(partial, key, () => undefined);
      if (!opened) continue;
      seen.add(opened.sections.length);
      // The middle one has changed meanwhile: what comes after it moves down.
      const { writer, kept } = await keepSections(opened, ({ table }) => table !== "patient");
      const fresh = await writer.section(
        described("patient", ["9\tNew\n"]),
        Readable.from([Buffer.from("9\tNew\n")]),
        () => undefined,
      );
      await writer.finish({ snapshotAt: "later", sections: [...kept, fresh], sequences: [] });
      await opened.file.close();
      const text = await read(partial, key);
      expect(text["patient"]).toBe("9\tNew\n");
      expect(Object.keys(text).length).toBe(kept.length + 1);
      if (kept.length > 1) expect(text["staff"]).toBe("1\tx\n");
    }
    expect(seen).toEqual(new Set([0, 1, 2, 3]));
  });

  test("with another key it is refused and left as it is; without a first record it is begun again", async () => {
    const whole = readFileSync(await writeBackup(key, sections));
    const partial = newPath();
    writeFileSync(partial, whole);
    await expect(openPartial(partial, newKeyFile(), () => undefined)).rejects.toThrow(/Delete it to begin again/u);
    expect(readFileSync(partial).equals(whole)).toBe(true);
    for (const length of [0, 5, HEADER_BYTES, HEADER_BYTES + 20]) {
      writeFileSync(partial, whole.subarray(0, length));
      expect(await openPartial(partial, key, () => undefined)).toBeUndefined();
    }
    expect(await openPartial(newPath(), key, () => undefined)).toBeUndefined();
    await expect(openPartial(folder.path, key, () => undefined)).rejects.toThrow(/is no file/u);
  });
});
