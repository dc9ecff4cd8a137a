/** `npm run demo`: drives the main job in the real app and writes a screenshot of every screen to docs/screens. */
import { spawnSync } from "node:child_process";
import { ensureDisplay } from "./lib/display.mjs";
import { prepare } from "./lib/prepare.mjs";
import { project, runScript } from "./lib/project.mjs";

await runScript(async () => {
  await prepare();
  const display = await ensureDisplay(null);
  const run = spawnSync(process.execPath, ["node_modules/tsx/dist/cli.mjs", "tests/demo/main-job.ts"], {
    cwd: project,
    stdio: "inherit",
    env: { ...process.env, ...display.env },
  });
  display.stop();
  return run.status ?? 1;
});
