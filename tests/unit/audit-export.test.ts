import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { csvField, csvHead, csvLine } from "../../electron/audit/csv";
import type { ExportRow } from "../../electron/audit/export-row";
import { auditEvent, fhirLine, ownSystems } from "../../electron/audit/fhir-audit-event";
import { exportLineSchema, jsonLine } from "../../electron/audit/json-lines";
import { auditActions } from "../../shared/audit/actions";

/** One entry with what breaks formats: separators, quotes, line ends, formulas, and signs outside the first plane. */
const nasty: ExportRow = {
  chain: "0b9c2a52-44d5-4f3a-9a0e-9d9cf0f2f001",
  sequence: 7,
  at: "2026-04-05T09:05:00.123456Z",
  transaction: "18446744073709551615",
  session: "0b9c2a52-44d5-4f3a-9a0e-9d9cf0f2f001",
  staff_id: "STF002",
  staff_name: '=HYPERLINK("http://example")',
  role: "Nurse",
  action: "PHI_ACCESS",
  tool: "get_patient_phi",
  outcome: "granted",
  patient_ids: ["11111111-1111-4111-8111-111111111111"],
  patient_numbers: ["FCE57"],
  workstation: '"5A", by the\r\nwindow 🩺',
  address: "=10.0.0.7",
  app_version: "0.3.0",
  detail: '{"via": "person", "reason": "@SUM(1,2) \\"quoted\\"\\n-second line"}',
  previous_hash: "",
  hash: "ab".repeat(32),
  hashed: "[]",
};
const texts = [
  "",
  " ",
  "a",
  "'",
  "''",
  "'a",
  "=1",
  "+1",
  "-1",
  "@a",
  "\ta",
  "\ra",
  "\na",
  '"',
  '""',
  "a,b",
  "a\r\nb",
  "＝1",
  "ünïcödé 🩺",
  " padded ",
];

describe("as CSV", () => {
  const records = (text: string): Record<string, string>[] => parse(text, { columns: true, bom: true });
  /** Taking the one apostrophe away, as a program that reads the file does. */
  const bare = (field: string) => (field.startsWith("'") ? field.slice(1) : field);

  test("every text comes back, and none begins a formula", () => {
    for (const text of texts) {
      const [row] = parse(`${csvField(text)},end\r\n`) as string[][];
      expect(row?.[1], JSON.stringify(text)).toBe("end");
      expect(bare(row?.[0] ?? ""), JSON.stringify(text)).toBe(text);
      expect(row?.[0] ?? "", JSON.stringify(text)).not.toMatch(/^[=+\-@\t\r\n＋－＝＠]/u);
    }
  });

  test("an entry comes back datum by datum", () => {
    const [record] = records(csvHead + csvLine(nasty));
    expect(record).toBeDefined();
    expect(Object.fromEntries(Object.entries(record ?? {}).map(([name, value]) => [name, bare(value)]))).toEqual({
      at: nasty.at,
      action: nasty.action,
      outcome: nasty.outcome,
      staff_id: nasty.staff_id,
      staff_name: nasty.staff_name,
      role: nasty.role,
      patients: "FCE57",
      tool: nasty.tool,
      workstation: nasty.workstation,
      address: nasty.address,
      app_version: nasty.app_version,
      session: nasty.session,
      detail: nasty.detail,
      chain: nasty.chain,
      sequence: "7",
      previous_hash: "",
      hash: nasty.hash,
    });
  });

  test("lines end as RFC 4180 says", () => {
    expect(csvHead.endsWith("\r\n") && csvLine(nasty).endsWith("\r\n")).toBe(true);
  });
});

describe("as JSON Lines", () => {
  test("an entry is one line and comes back with everything that was hashed", () => {
    const text = jsonLine(nasty);
    expect(text.indexOf("\n")).toBe(text.length - 1);
    const { address: _address, app_version: _version, ...hashed } = nasty;
    expect(exportLineSchema.parse(JSON.parse(text))).toEqual({ ...hashed, detail: JSON.parse(nasty.detail) });
  });
});

describe("as FHIR R4 AuditEvent", () => {
  const installation = "22222222-2222-4222-8222-222222222222";
  type Json = Record<string, never> & { [name: string]: Json };

  test("an entry comes back from its own line", () => {
    const event = JSON.parse(fhirLine(nasty, installation)) as Json;
    const place = (event["entity"] as unknown as Json[]).at(-1) as Json;
    const detail = Object.fromEntries(
      (place["detail"] as unknown as { type: string; valueString: string }[]).map(({ type, valueString }) => [
        type,
        valueString,
      ]),
    );
    const [agent] = event["agent"] as unknown as {
      who: { identifier: { value: string }; display: string };
      role: { text: string }[];
      network: { address: string };
    }[];
    expect({
      at: event["recorded"],
      outcome: event["outcomeDesc"],
      staff_id: agent?.who.identifier.value,
      staff_name: agent?.who.display,
      role: agent?.role[0]?.text,
      workstation: agent?.network.address,
      ...detail,
    }).toEqual({
      at: nasty.at,
      outcome: nasty.outcome,
      staff_id: nasty.staff_id,
      staff_name: nasty.staff_name,
      role: nasty.role,
      workstation: nasty.workstation,
      tool: nasty.tool,
      session: nasty.session,
      address: nasty.address,
      app_version: nasty.app_version,
      detail: nasty.detail,
      chain: nasty.chain,
      sequence: "7",
      hash: nasty.hash,
    });
    const codes = event["subtype"] as unknown as { system: string; code: string }[];
    expect(codes.find(({ system }) => system === ownSystems.action)?.code).toBe("PHI_ACCESS");
    expect(JSON.stringify(event["entity"])).toContain('"value":"FCE57"');
  });

  /** What R4 (4.0.1) asks of the resource: https://hl7.org/fhir/R4/auditevent.html */
  test.each(auditActions)("%s has what the profile requires, out of its closed lists", (action) => {
    for (const nobody of [false, true]) {
      const row = {
        ...nasty,
        action,
        ...(nobody
          ? {
              staff_id: null,
              staff_name: null,
              role: null,
              workstation: null,
              address: null,
              app_version: null,
              tool: null,
              session: null,
              patient_ids: [],
              patient_numbers: [],
            }
          : {}),
      };
      const event = auditEvent(row, installation) as unknown as Json;
      expect(event["resourceType"]).toBe("AuditEvent");
      expect(event["id"]).toMatch(/^[A-Za-z0-9\-.]{1,64}$/u);
      const type = event["type"] as unknown as { system: string; code: string; display: string };
      expect(type.system).toBe("http://dicom.nema.org/resources/ontology/DCM");
      expect(type.code).toMatch(/^1101(?:0[0-9]|1[0-4])$/u);
      expect(event["action"]).toMatch(/^[CRUDE]$/u);
      expect(event["outcome"]).toMatch(/^(?:0|4|8|12)$/u);
      expect(event["recorded"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/u);
      const agents = event["agent"] as unknown as { requestor: boolean; who: { display: string } }[];
      expect(agents).toHaveLength(1);
      expect(agents[0]?.requestor).toBe(true);
      expect(agents[0]?.who.display).toBeTruthy();
      expect((event["source"] as unknown as Json)["observer"]).toBeTruthy();
      for (const entity of event["entity"] as unknown as {
        what: unknown;
        name?: unknown;
        query?: unknown;
        detail?: { type: string; valueString: string }[];
      }[]) {
        expect(entity.what).toBeTruthy();
        expect(entity.name !== undefined && entity.query !== undefined).toBe(false);
        for (const one of entity.detail ?? []) expect(one.type.length * one.valueString.length).toBeGreaterThan(0);
      }
      // FHIR knows no empty value and no null.
      expect(JSON.stringify(event)).not.toMatch(/:null|:""|:\[\]|:\{\}/u);
    }
  });

  test("a refusal is a minor failure, and emergency access says so", () => {
    expect(auditEvent({ ...nasty, action: "ACCESS_DENIED", outcome: "RBAC_DENIED" }, installation)).toMatchObject({
      outcome: "4",
    });
    expect(auditEvent({ ...nasty, action: "BREAK_GLASS_OPENED" }, installation)).toMatchObject({
      subtype: expect.arrayContaining([expect.objectContaining({ code: "110127" })]),
      purposeOfEvent: [{ coding: [{ code: "BTG" }] }],
    });
  });
});
