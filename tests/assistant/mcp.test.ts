import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { expect, test } from "vitest";
import { consoleTools, createMcpServer } from "../../electron/mcp/create-mcp-server";
import { connectMcpTools } from "../../electron/mcp/mcp-tool-client";
import { type Role, roles } from "../../shared/access/roles";
import type { Audience } from "../../shared/clinical/sensitivity";
import { Refusal } from "../../shared/failure";
import { offeredToolNames, toolsFor } from "../../shared/tools/registry";
import { createMemoryDoor } from "../support/memory-door";

function connect(role: Role, audience: Audience = "client") {
  const door = createMemoryDoor(role);
  const options = { door, accessToken: () => "the token", role: () => role, audience, via: "client" as const };
  return { door, options, client: connectMcpTools(options) };
}

/** The SDK's own client, with nothing of ours between: it also validates results against the output schemas. */
async function official(role: Role, audience: Audience = "client") {
  const { options, door } = connect(role, audience);
  const [near, far] = InMemoryTransport.createLinkedPair();
  await createMcpServer(options).connect(far);
  const client = new Client({ name: "a client of somebody else", version: "1" });
  await client.connect(near);
  return { client, door };
}

test.each(roles)("%s is offered exactly the tools of the table", async (role) => {
  const { client } = await official(role);
  const { tools } = await client.listTools();
  expect(tools.map((tool) => tool.name).toSorted()).toEqual(toolsFor(role).toSorted());
  for (const tool of tools) {
    expect(tool.annotations?.readOnlyHint).toBe(true);
    expect(tool.title).toBeTruthy();
    expect(tool.inputSchema.type).toBe("object");
    expect(tool.outputSchema?.type).toBe("object");
  }
});

test("every tool's result passes the official client's validation, as text and as structure", async () => {
  const { client } = await official("Auditor");
  await client.listTools();
  for (const name of toolsFor("Auditor")) {
    const args =
      name === "find_patients"
        ? { query: "arnold" }
        : name.startsWith("get_patient") ||
            [
              "get_medical_records",
              "get_vital_signs",
              "get_medications",
              "get_allergies",
              "get_treatment_plans",
              "get_appointments",
              "get_admissions",
            ].includes(name)
          ? { patient_id: "fce57" }
          : {};
    const result = await client.callTool({ name, arguments: args });
    expect(result.isError, name).toBeFalsy();
    const [first] = result.content as { type: string; text: string }[];
    expect(JSON.parse(first?.text ?? "")).toEqual(result.structuredContent);
  }
});

test("a tool that the role lacks is refused by the door, which names role and permission", async () => {
  const { client, door } = await official("Reception");
  const result = await client.callTool({ name: "get_medical_records", arguments: { patient_id: "FCE57" } });
  expect(result.isError).toBe(true);
  expect(result.structuredContent).toBeUndefined();
  const [first] = result.content as { text: string }[];
  const said = JSON.parse(first?.text ?? "");
  expect(Object.keys(said)).toEqual(["code", "message"]);
  expect(said.code).toBe("RBAC_DENIED");
  expect(said.message).toContain("Reception");
  expect(said.message).toContain("records.read");
  expect(door.calls).toMatchObject([
    { name: "get_medical_records", caller: { accessToken: "the token", via: "client", audience: "client" } },
  ]);
});

test("a patient off the care team and one who does not exist are told apart by nothing but the number", async () => {
  const { client } = connect("Nurse");
  const tools = await client;
  const off = await tools.callRaw("get_patient_overview", { patient_id: "9ZZ9Z" });
  const absent = await tools.callRaw("get_patient_overview", { patient_id: "0AA0A" });
  const inert = (exchange: typeof off) =>
    JSON.stringify(exchange.response)
      .replaceAll("9ZZ9Z", "X")
      .replaceAll("0AA0A", "X")
      .replace(/"id":\d+/u, "");
  expect(inert(off)).toBe(inert(absent));
  expect(inert(off)).toContain("PATIENT_NOT_FOUND");
});

test("an unknown name reaches the door and is refused there", async () => {
  const { client, door } = await official("Nurse");
  const result = await client.callTool({ name: "drop_tables", arguments: {} });
  expect(result.isError).toBe(true);
  expect(JSON.stringify(result.content)).toContain("UNKNOWN_TOOL");
  expect(door.calls.map((call) => call.name)).toEqual(["drop_tables"]);
});

test("the audience is fixed by the server: a client cannot ask for another", async () => {
  const { client, door } = await official("Doctor", "remote-model");
  const result = await client.callTool({
    name: "get_patient_phi",
    arguments: { patient_id: "FCE57" },
    _meta: { audience: "client" },
  });
  expect(result.structuredContent).toMatchObject({
    ssn: "[REDACTED]",
    address: "[REDACTED]",
    phone: "[REDACTED]",
    email: "[REDACTED]",
    emergency_contact: "[REDACTED]",
    insurance_number: "[REDACTED]",
  });
  expect(door.calls[0]?.caller.audience).toBe("remote-model");
  const plain = await official("Doctor", "client");
  expect(
    (await plain.client.callTool({ name: "get_patient_phi", arguments: { patient_id: "FCE57" } })).structuredContent,
  ).toMatchObject({ ssn: "900-11-2233" });
});

test("without a session every call is refused and the door is not even asked", async () => {
  const { options, door } = connect("Nurse");
  const tools = await connectMcpTools({
    ...options,
    accessToken: () => {
      throw new Refusal("LOCKED");
    },
  });
  expect(await tools.call("list_ward", {})).toMatchObject({ ok: false, failure: { code: "LOCKED" } });
  expect(door.calls).toEqual([]);
});

test("our client parses what it gets: a value of another shape is a failure, not data", async () => {
  const { options, door } = connect("Nurse");
  const tools = await connectMcpTools({
    ...options,
    door: { ...door, executeNamed: async () => ({ ok: true, value: { patient_id: "FCE57", secret: 1 } as never }) },
  });
  expect(await tools.call("get_allergies", { patient_id: "FCE57" })).toMatchObject({
    ok: false,
    failure: { code: "UNEXPECTED" },
  });
});

test("a stopped call is not waited for", async () => {
  const { options, door } = connect("Nurse");
  door.before = () => new Promise(() => undefined);
  const tools = await connectMcpTools(options);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  await expect(tools.call("list_ward", {}, controller.signal)).rejects.toThrow(new Refusal("STOPPED"));
});

test("the console sees request and response as they crossed, and hears of refusals in the same way", async () => {
  const { client } = connect("Nurse");
  const tools = await client;
  const [one, other] = await Promise.all([
    tools.callRaw("get_allergies", { patient_id: "FCE57" }),
    tools.callRaw("get_shifts", {}),
  ]);
  expect(one.request).toMatchObject({
    jsonrpc: "2.0",
    method: "tools/call",
    params: { name: "get_allergies", arguments: { patient_id: "FCE57" } },
  });
  expect(one.response).toMatchObject({
    jsonrpc: "2.0",
    id: (one.request as { id: number }).id,
    result: { structuredContent: { patient_id: "FCE57" } },
  });
  expect(JSON.stringify(other.response)).toContain("RBAC_DENIED");
  expect((other.request as { id: number }).id).not.toBe((one.request as { id: number }).id);
});

test("the console lists every offered tool and says which the role has", () => {
  const listed = consoleTools("Reception");
  expect(listed.map((tool) => tool.name)).toEqual(offeredToolNames);
  expect(listed.filter((tool) => tool.allowed).map((tool) => tool.name)).toEqual(toolsFor("Reception"));
});
