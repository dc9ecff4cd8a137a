import { defineConfig } from "@playwright/test";

/** The journeys: the built app, real windows, one after another. */
export default defineConfig({
  testDir: "tests/journeys",
  testMatch: "**/*.test.ts",
  outputDir: "test-results",
  workers: 1,
  fullyParallel: false,
  // A journey drives a whole desktop, and a busy machine may starve one window of it. The second try is told in the sum.
  retries: 1,
  // Both end what hangs and say nothing of speed: an ordinary machine needs a small part of them, a starved one more.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  use: { trace: "off", screenshot: "off" },
});
