import { afterAll, beforeAll, expect, test } from "vitest";
import { connectMcpTools } from "../../electron/mcp/mcp-tool-client";
import { type Audience, audiences, REDACTED } from "../../shared/clinical/sensitivity";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { type Scene, setScene } from "../support/scene";

let hospital: TestHospital;
let scene: Scene;
let auditor: SignedIn;
let full: Record<string, unknown>;

beforeAll(async () => {
  hospital = await startTestHospital();
  scene = await setScene(hospital);
  auditor = await signedIn(hospital, accountOf("Auditor"));
  full = await pageFor("client");
});
afterAll(() => hospital.close());

async function pageFor(audience: Audience): Promise<Record<string, unknown>> {
  const outcome = await auditor.call("get_patient_phi", { patient_id: scene.ours.number }, { audience });
  if (!outcome.ok) throw new Error(outcome.failure.code);
  return outcome.value as Record<string, unknown>;
}

/** Typed by hand: what each audience receives only as a mask, of somebody who may see everything. */
const masked: Readonly<Record<Audience, readonly string[]>> = {
  client: [],
  person: ["ssn", "address"],
  "local-model": ["ssn", "address"],
  "remote-model": ["ssn", "address", "phone", "email", "emergency_contact", "insurance_number"],
};

test("an outside client of the person gets the identity page in full", () => {
  expect(Object.keys(full)).toHaveLength(10);
  expect(Object.values(full)).not.toContain(REDACTED);
});

test.each(audiences)("%s gets the identity page with exactly its masks", async (audience) => {
  const expected = Object.fromEntries(
    Object.entries(full).map(([field, value]) => [field, masked[audience].includes(field) ? REDACTED : value]),
  );
  expect(await pageFor(audience)).toEqual(expected);
});

test("no masked value reaches a remote model in any field of any answer", async () => {
  const client = await connectMcpTools({
    door: auditor.door,
    accessToken: () => auditor.session.accessToken(),
    role: () => "Auditor",
    audience: "remote-model",
    via: "assistant",
  });
  const secrets = masked["remote-model"].map((field) => String(full[field]));
  const answers: string[] = [];
  for (const { name } of await client.listTools()) {
    const input =
      name.startsWith("get_") && !name.endsWith("shifts")
        ? { patient_id: scene.ours.number }
        : name === "find_patients"
          ? { query: scene.ours.number }
          : {};
    const { response } = await client.callRaw(name, input);
    answers.push(JSON.stringify(response));
  }
  await client.close();
  expect(answers.join()).toContain(REDACTED);
  for (const secret of secrets) for (const answer of answers) expect(answer).not.toContain(secret);
});

test("a request cannot widen the audience that its server was made for", async () => {
  const client = await connectMcpTools({
    door: auditor.door,
    accessToken: () => auditor.session.accessToken(),
    role: () => "Auditor",
    audience: "remote-model",
    via: "assistant",
  });
  for (const extra of [{ audience: "client" }, { via: "client" }, { _meta: { audience: "client" } }]) {
    const outcome = await client.call("get_patient_phi", { patient_id: scene.ours.number, ...extra });
    expect(outcome).toMatchObject({ ok: false, failure: { code: "INVALID_INPUT" } });
  }
  await client.close();
});
