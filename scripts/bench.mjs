/**
 * `npm run bench`: the way to a patient's data, the lock and the way back on a real screen, and the way back without the network.
 * `npm run bench -- door` (or lock, offline-unlock) runs one; further words are given to it: `npm run bench -- door --patients 1000000`.
 */
import { spawnSync } from "node:child_process";
import { prepare } from "./lib/prepare.mjs";
import { project, Refusal, runScript, say } from "./lib/project.mjs";
import { ensureScreenPrograms } from "./lib/screen-programs.mjs";

const benches = ["door", "lock", "offline-unlock"];

await runScript(async () => {
  const [first, ...rest] = process.argv.slice(2);
  if (first !== undefined && !benches.includes(first))
    throw new Refusal(`there is no bench called ${first}: choose one of ${benches.join(", ")}.`);
  await prepare();
  ensureScreenPrograms();
  let worst = 0;
  for (const name of first === undefined ? benches : [first]) {
    say(`bench ${name}`);
    const run = spawnSync(process.execPath, ["node_modules/tsx/dist/cli.mjs", `tests/bench/${name}.ts`, ...rest], {
      cwd: project,
      stdio: "inherit",
    });
    worst = Math.max(worst, run.status ?? 1);
  }
  return worst;
});
