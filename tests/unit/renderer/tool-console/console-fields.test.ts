import { expect, test } from "vitest";
import { z } from "zod";
import { consoleArguments, consoleFields, responseWords } from "../../../../renderer/tool-console/console-fields";
import { toolNames, tools } from "../../../../shared/tools/registry";

const fieldsOf = (name: keyof typeof tools) => consoleFields(z.toJSONSchema(tools[name].input, { io: "input" }));

test("a patient number is a required text field with its words", () => {
  expect(fieldsOf("get_allergies")).toEqual([
    expect.objectContaining({
      name: "patient_id",
      kind: "text",
      required: true,
      description: "Patient number as on the wristband, e.g. FCE57",
    }),
  ]);
});

test("days, choices and numbers become their own kinds of field", () => {
  const kinds = Object.fromEntries(fieldsOf("get_audit_trail").map((field) => [field.name, field.kind]));
  expect(kinds).toMatchObject({
    action: "choice",
    outcome: "choice",
    from: "text",
    to: "text",
    offset: "number",
    limit: "number",
    staff_id: "text",
  });
  expect(fieldsOf("get_shifts").find((field) => field.name === "from")?.kind).toBe("day");
  expect(fieldsOf("get_audit_trail").find((field) => field.name === "outcome")?.options).toEqual(["granted", "denied"]);
});

test("what has a default is not required, in the input's schema and in the output's", () => {
  for (const io of ["input", "output"] as const) {
    const fields = consoleFields(z.toJSONSchema(tools.get_audit_trail.input, { io }));
    expect(fields.filter((field) => field.required)).toEqual([]);
  }
});

test("every tool has a form: no input is lost and none falls back to plain JSON", () => {
  for (const name of toolNames) {
    const fields = fieldsOf(name);
    expect(fields.map((field) => field.name)).toEqual(Object.keys(tools[name].input.shape));
    expect(fields.filter((field) => field.kind === "json")).toEqual([]);
  }
});

test("a schema of unknown shape gives fields of plain JSON, and no schema gives none", () => {
  expect(consoleFields({ properties: { odd: { anyOf: [] } } })).toMatchObject([{ name: "odd", kind: "json" }]);
  expect(consoleFields(null)).toEqual([]);
  expect(consoleFields({ type: "object" })).toEqual([]);
});

test("empty fields are left out, numbers and days are read, and what is unreadable goes as typed", () => {
  const fields = fieldsOf("get_audit_trail");
  expect(consoleArguments(fields, { staff_id: " ", from: "2026-04-05", limit: "20", offset: "many" })).toEqual({
    from: "2026-04-05",
    limit: 20,
    offset: "many",
  });
});

test("the outcome line names a denial by its code", () => {
  const denied = {
    jsonrpc: "2.0",
    id: 3,
    result: { isError: true, content: [{ type: "text", text: '{"code":"RBAC_DENIED"}' }] },
  };
  expect(responseWords(denied)).toBe("Refused: RBAC_DENIED");
  expect(responseWords({ result: { isError: true, structuredContent: { code: "PATIENT_NOT_FOUND" } } })).toBe(
    "Refused: PATIENT_NOT_FOUND",
  );
  expect(responseWords({ result: { content: [] } })).toBe("Answered");
  expect(responseWords({ error: { code: -32602, message: "bad" } })).toBe("Refused by the protocol: bad");
});
