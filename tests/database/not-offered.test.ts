import { afterAll, beforeAll, expect, test } from "vitest";
import { connectMcpTools } from "../../electron/mcp/mcp-tool-client";
import { roles } from "../../shared/access/roles";
import { accountOf, type SignedIn, signedIn, startTestHospital, type TestHospital } from "../support/hospital";
import { screenOnly } from "../support/product-table";

let hospital: TestHospital;
let auditor: SignedIn;
beforeAll(async () => {
  hospital = await startTestHospital();
  auditor = await signedIn(hospital, accountOf("Auditor"));
});
afterAll(() => hospital.close());

/** The newest refusal in the person's own trail. */
async function lastRefusal(person: SignedIn) {
  const outcome = await person.call("get_my_access_history", { outcome: "denied", limit: 1 });
  if (!outcome.ok) throw new Error(outcome.failure.code);
  return (outcome.value as { entries: { outcome: string; action: string; detail: string | null }[] }).entries[0];
}

test.each(["assistant", "client"] as const)("what only a screen asks for is no tool for the %s", async (via) => {
  for (const tool of screenOnly) {
    expect(await auditor.call(tool, {}, { via })).toMatchObject({ ok: false, failure: { code: "UNKNOWN_TOOL" } });
    const entry = await lastRefusal(auditor);
    expect(entry).toMatchObject({ action: "ACCESS_DENIED", outcome: "UNKNOWN_TOOL" });
    expect(entry?.detail).toContain(tool);
    expect(entry?.detail).toContain(via);
  }
});

test("over MCP it is no tool either, whoever asks", async () => {
  for (const role of roles) {
    const person = await signedIn(hospital, accountOf(role));
    const client = await connectMcpTools({
      door: person.door,
      accessToken: () => person.session.accessToken(),
      role: () => role,
      audience: "client",
      via: "client",
    });
    for (const tool of screenOnly)
      expect(await client.call(tool, {})).toMatchObject({ ok: false, failure: { code: "UNKNOWN_TOOL" } });
    await client.close();
    await person.session.signOut();
  }
});
