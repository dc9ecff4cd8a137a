/** `npm run build`: main, preload and renderer into out/, whether or not a source changed. */
import { ensureBuilt } from "./lib/build.mjs";
import { ensureDependencies } from "./lib/dependencies.mjs";
import { runScript } from "./lib/project.mjs";

await runScript(async () => {
  ensureDependencies();
  ensureBuilt({ force: true });
});
