import type { AppStatus } from "../../shared/ipc/app-commands";
import type { ConnectionStepName, ConnectionTest, ConnectionView } from "../../shared/workstation/connection";

type StepState = ConnectionTest["steps"][number]["state"];

/** What each step of a connection test is called, and what it will look at. */
export const stepWords: Readonly<Record<ConnectionStepName, { readonly title: string; readonly looksAt: string }>> = {
  address: { title: "Address", looksAt: "The address is written as PostgreSQL understands it." },
  reach: { title: "Server", looksAt: "A server answers at that name and port." },
  certificate: { title: "Certificate", looksAt: "The server proves that it is the hospital's own." },
  login: { title: "Login", looksAt: "The server knows this login and its password." },
  schema: { title: "Schema", looksAt: "The database is Lamplight's, and of a version that fits." },
};

export const stepStates: Readonly<Record<StepState, string>> = {
  passed: "Passed",
  failed: "Failed",
  "not-checked": "Not checked",
};

/** The title of the first step that failed, or null. */
export function failedStep(test: ConnectionTest): string | null {
  const failed = test.steps.find(({ state }) => state === "failed");
  return failed === undefined ? null : stepWords[failed.step].title;
}

/** The outcome of a test in one sentence. */
export function testWords(test: ConnectionTest): string {
  const failed = failedStep(test);
  if (failed !== null) return `The test failed at “${failed}”.`;
  const open = test.steps.filter(({ state }) => state === "not-checked").length;
  if (open > 0) return `Nothing failed, and ${open} of ${test.steps.length} steps could not be checked.`;
  return `All ${test.steps.length} steps passed.`;
}

/** Who decided which database this workstation uses. */
export const deciders: Readonly<Record<ConnectionView["source"], string>> = {
  managed: "IT, for all workstations (managed configuration)",
  environment: "IT, where Lamplight is started (environment)",
  chosen: "chosen on this workstation",
  default: "nobody yet: Lamplight's own default",
};

/** Where the database is, in words. */
export function databaseWords(database: AppStatus["database"]): string {
  return database === "embedded" ? "on this machine" : "the hospital's central one";
}
