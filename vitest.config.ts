import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { noteVariable, whyNotHere } from "./scripts/lib/test-servers.mjs";

/**
 * One project a folder; each answers to `--project NAME`. Everything here runs in plain Node. A test that takes some ten
 * seconds on a quiet machine may take minutes on a busy one: its time limit only ends what would never end.
 */
function folder(name: string, options: { timeout?: number; alone?: boolean } = {}) {
  const timeout = options.timeout ?? 10_000;
  return {
    extends: true as const,
    test: {
      name,
      include: [`tests/${name}/**/*.test.{ts,tsx}`],
      testTimeout: timeout,
      hookTimeout: Math.max(timeout * 3, 60_000),
      // What is waited for comes when it comes: the second that is usual here is missed by a busy machine.
      expect: { poll: { timeout: Math.min(timeout / 2, 60_000) } },
      ...(options.alone ? { fileParallelism: false } : {}),
    },
  };
}

/** The proofs of tests/database that must hold on a hospital's own server too, through PgBouncer in transaction mode. */
const proofs = [
  "matrix",
  "matrix-sql",
  "audience",
  "not-found",
  "attacks-*",
  "privileges",
  "audit",
  "audit-chain",
  "refused-acts",
  "break-glass*",
  "interrupted",
  "vital-signs-record",
  "outbox",
  "refusals",
  "second-factor",
  "passwords",
  "refresh",
  "revocation",
  "people",
].map((name) => `tests/database/${name}.test.ts`);

function central() {
  const { extends: base, test } = folder("central", { timeout: 240_000 });
  // Where the servers are missing, tests/central says so by tests that are skipped with the reason.
  if (whyNotHere() !== null) return { extends: base, test };
  return {
    extends: base,
    test: {
      ...test,
      include: [...test.include, ...proofs],
      globalSetup: "tests/support/central/shared-server.ts",
      env: { [noteVariable]: join(tmpdir(), `lamplight-central-${process.pid}.json`) },
    },
  };
}

export default defineConfig({
  test: {
    environment: "node",
    pool: "forks",
    maxWorkers: 2,
    // A secret of the machine that runs the tests must not change what they test, nor reach a model.
    env: { TZ: "Europe/London", OPENAI_API_KEY: "", DATABASE_URL: "" },
    projects: [
      folder("unit", { timeout: 120_000 }),
      folder("contract", { timeout: 120_000 }),
      folder("launcher", { timeout: 300_000 }),
      folder("package", { timeout: 300_000 }),
      folder("assistant", { timeout: 120_000 }),
      folder("database", { timeout: 180_000 }),
      central(),
      folder("soak", { timeout: 600_000, alone: true }),
    ],
  },
});
