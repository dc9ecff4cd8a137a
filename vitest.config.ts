import { defineConfig } from "vitest/config";

/** One project a folder; each answers to `--project NAME`. Everything here runs in plain Node. */
function folder(name: string, options: { timeout?: number; alone?: boolean } = {}) {
  const timeout = options.timeout ?? 10_000;
  return {
    extends: true as const,
    test: {
      name,
      include: [`tests/${name}/**/*.test.{ts,tsx}`],
      testTimeout: timeout,
      hookTimeout: Math.max(timeout, 60_000),
      ...(options.alone ? { fileParallelism: false } : {}),
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
      folder("unit", { timeout: 30_000 }),
      folder("contract", { timeout: 60_000 }),
      folder("launcher", { timeout: 120_000 }),
      folder("assistant", { timeout: 30_000 }),
      folder("database", { timeout: 60_000 }),
      folder("soak", { timeout: 600_000, alone: true }),
    ],
  },
});
