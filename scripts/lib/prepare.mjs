import { ensureBuilt } from "./build.mjs";
import { ensureDatabaseLinks, ensureDependencies } from "./dependencies.mjs";
import { ensureRuntime } from "./runtime.mjs";
import { ensureSystemLibraries } from "./system.mjs";

/**
 * Everything a fresh clone needs before the app can start; does nothing where nothing is missing.
 * @param {{ quiet?: boolean, build?: boolean }} [options]
 */
export async function prepare({ quiet = false, build = true } = {}) {
  ensureDependencies();
  ensureDatabaseLinks();
  const runtime = await ensureRuntime({ quiet });
  ensureSystemLibraries(runtime);
  if (build) ensureBuilt();
  return runtime;
}
