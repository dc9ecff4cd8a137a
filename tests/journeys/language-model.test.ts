import { setTimeout as pause } from "node:timers/promises";
import { expect, type Page, test } from "@playwright/test";
import { type Journey, startJourney } from "../support/journey";
import { callsTools, type ModelServer, says, startModelServer } from "../support/model-server";
import { ask, banner, bridgeCall, conversation, openArea, openFromWard, openTab, send } from "../support/ward-page";

// The last one looks at what all of them sent.
test.describe.configure({ mode: "serial" });

const incomplete = "Incomplete: the answer was stopped or broke off";

let server: ModelServer;
let journey: Journey;
/** Everything that ever reached the server. */
const reached: string[] = [];

test.beforeAll(async () => {
  server = await startModelServer();
  journey = await startJourney({ env: { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: "sk-for-tests" } });
  await journey.signInAs("Doctor");
});
test.afterEach(() => {
  reached.push(...server.requests.map(({ body }) => JSON.stringify(body)));
});
test.afterAll(async () => {
  await journey.close();
  await server.close();
});

async function newChat(): Promise<Page> {
  const page = await journey.page();
  await openArea(page, "Assistant");
  await page.getByRole("button", { name: "New chat", exact: true }).click();
  await expect(conversation(page).getByRole("article")).toHaveCount(0);
  return page;
}

/** Whatever the model does, the chart beside it works. */
async function chartWorks(page: Page): Promise<void> {
  await openFromWard(page, "ARNOLD, Leah");
  await expect(banner(page)).toContainText("Penicillin");
  await expect(await openTab(page, "Medications")).toContainText("doxycycline");
}

async function saysNoAnswer(page: Page, words: string | RegExp): Promise<void> {
  await expect(conversation(page).getByText(words)).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop" })).toBeHidden();
  await chartWorks(page);
}

test("streams an answer, tells which model made it where, and asks with the role's tools alone", async () => {
  const page = await newChat();
  server.play(async (reply) => {
    for (const word of ["Leah ", "Arnold ", "is ", "better."]) {
      reply.text(word);
      await pause(60);
    }
    reply.finish();
    reply.usage(120, 8);
    reply.done();
  });
  const answer = await ask(page, "How is Leah?");
  await expect(answer).toContainText("Leah Arnold is better.");
  await expect(answer).toContainText("gpt-4o-mini, this machine.");
  const request = server.requests[0];
  expect(request?.headers.authorization).toBe("Bearer sk-for-tests");
  const offered = request?.body.tools?.map((tool) => tool.function.name) ?? [];
  expect(offered).toContain("get_medical_records");
  expect(offered).not.toContain("get_shifts");
  expect(offered).not.toContain("get_audit_trail");
});

test("calls several tools in one turn under the doctor's own rights and gives the results back in order", async () => {
  const page = await newChat();
  server.play(
    callsTools(
      { id: "a", name: "get_allergies", args: '{"patient_id":"FCE57"}' },
      { id: "b", name: "get_patient_phi", args: '{"patient_id":"FCE57"}' },
      { id: "c", name: "get_shifts", args: "{}" },
      { id: "d", name: "get_vital_signs", args: '{"patient_id":"S4LVN"}' },
    ),
    says("Penicillin: **no beta-lactam**. See [the allergies](chart:FCE57/overview)."),
  );
  const answer = await ask(page, "May she have amoxicillin?");
  await expect(answer).toContainText("Penicillin: no beta-lactam.");
  for (const [tool, verdict] of [
    ["get_allergies", "ok"],
    ["get_patient_phi", "ok"],
    ["get_shifts", "denied"],
    ["get_vital_signs", "not found"],
  ])
    await expect(answer.getByRole("group", { name: `Tool call ${tool}` })).toContainText(verdict as string);
  const results = server.requests[1]?.body.messages.filter((message) => message.role === "tool") ?? [];
  expect(results).toHaveLength(4);
  expect(results[0]?.content).toContain("Penicillin");
  expect(results[1]?.content).toContain("[REDACTED]");
  expect(results[2]?.content).toContain("RBAC_DENIED");
  expect(results[3]?.content).toContain("PATIENT_NOT_FOUND");
  await answer.getByRole("link", { name: "the allergies" }).click();
  await expect(banner(page)).toContainText("Patient No. FCE57");
});

test("text that looks like markup or an address stays text", async () => {
  const page = await newChat();
  server.play(
    says(
      '<img src="https://evil.example/x.png"> ![p](https://evil.example/y.png) [here](https://evil.example/z) `<script>`',
    ),
  );
  const answer = await ask(page, "Show me");
  await expect(answer).toContainText("evil.example");
  await expect(answer.locator("img, script, iframe")).toHaveCount(0);
  await expect(answer.getByRole("link")).toHaveCount(0);
});

test("a text cut between the bytes of a letter arrives whole", async () => {
  const page = await newChat();
  server.play(async (reply) => {
    const bytes = Buffer.from(
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "39,1 °C – Müller 🩺 ärztlich" }, finish_reason: null }] })}\r\n\r\n`,
    );
    for (const byte of bytes) {
      reply.bytes(Buffer.of(byte));
      if (byte > 127) await pause(5);
    }
    reply.finish();
    reply.done();
  });
  await expect(await ask(page, "Temperature?")).toContainText("39,1 °C – Müller 🩺 ärztlich");
});

test("401: the key is named, not shown", async () => {
  const page = await newChat();
  server.play((reply) => reply.status(401, { error: { message: "Incorrect API key provided: sk-for-tests" } }));
  await send(page, "Hello");
  await saysNoAnswer(page, /refused the key\. Ask IT to check the key/u);
  expect(await page.locator("body").innerText()).not.toContain("sk-for-tests");
});

test("429: a short Retry-After is waited for, a long one is told with a countdown", async () => {
  const page = await newChat();
  server.play((reply) => reply.status(429, undefined, { "retry-after": "1" }), says("Now there is room."));
  await expect(await ask(page, "Hello")).toContainText("Now there is room.");
  expect((server.requests[1]?.at ?? 0) - (server.requests[0]?.at ?? 0)).toBeGreaterThan(900);
  server.play((reply) => reply.status(429, undefined, { "retry-after": "40" }));
  await send(page, "And now?");
  await expect(conversation(page).getByRole("button", { name: /^Retry in \d+ s$/u })).toBeDisabled();
  await saysNoAnswer(page, /language model is busy/u);
});

test("garbage bytes are called unreadable, and the next answer is a whole one", async () => {
  const page = await newChat();
  server.play(async (reply) => {
    reply.text("So far ");
    await pause(100);
    reply.bytes(Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0a, 0x0a]));
    reply.end();
  });
  await send(page, "Hello");
  await expect(conversation(page).getByText(/sent something unreadable/u)).toBeVisible();
  await expect(conversation(page).getByText(incomplete)).toBeVisible();
  server.play(says("Better now."));
  await conversation(page).getByRole("button", { name: "Retry" }).click();
  await expect(conversation(page).getByRole("article", { name: "Answer" })).toHaveText(/Better now\./u);
  await expect(conversation(page).getByText("So far")).toHaveCount(0);
});

test("Stop hangs up on the model, and leaves what came", async () => {
  const page = await newChat();
  let open = true;
  server.play(async (reply) => {
    while (reply.open) {
      reply.text("on and on ");
      await pause(20);
    }
    open = false;
  });
  await send(page, "Tell me everything");
  await expect(conversation(page)).toContainText("on and on");
  await page.getByRole("button", { name: "Stop" }).click();
  const began = performance.now();
  await expect.poll(() => open, { intervals: [20] }).toBe(false);
  const description = (performance.now() - began).toFixed(0);
  test.info().annotations.push({ type: "milliseconds from Stop until the model is hung up on", description });
  await expect(conversation(page).getByText(incomplete)).toBeVisible();
  await chartWorks(page);
});

test("500: tried again, then said plainly", async () => {
  const page = await newChat();
  server.play((reply) => reply.status(500), says("Second time lucky."));
  await expect(await ask(page, "Hello")).toContainText("Second time lucky.");
  server.play((reply) => reply.status(500));
  await send(page, "Again");
  await saysNoAnswer(page, /language model does not answer\. The chart works on without it/u);
});

test("a model that stalls in the middle is given up, what came is kept and marked, and meanwhile the chart works", async () => {
  const page = await newChat();
  server.play((reply) => reply.text("The beginning of "));
  await send(page, "Hello");
  await expect(conversation(page)).toContainText("The beginning of");
  await chartWorks(page);
  await openArea(page, "Assistant");
  await expect(conversation(page).getByText(/stopped in the middle of its answer/u)).toBeVisible();
  await expect(conversation(page)).toContainText("The beginning of");
  await expect(conversation(page).getByText(incomplete)).toBeVisible();
});

test("no Social Security number ever reached the model", async () => {
  const page = await journey.page();
  const answer = await bridgeCall(page, "identity.reveal", {
    patient_id: "FCE57",
    field: "ssn",
    reason: "Checking identity with the patient",
  });
  const ssn = answer.ok ? answer.value.value : null;
  expect(ssn).toMatch(/^\d{3}-\d\d-\d{4}$/u);
  expect(reached.length).toBeGreaterThan(12);
  for (const request of reached) {
    expect(request).not.toContain(ssn as string);
    expect(request).not.toContain((ssn as string).replaceAll("-", ""));
  }
});
