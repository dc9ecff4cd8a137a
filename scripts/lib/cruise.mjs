import { createRequire } from "node:module";
import { join } from "node:path";
import { cruise } from "dependency-cruiser";
import { project } from "./project.mjs";

/** @typedef {{ rule: { name: string }, from: string, to: string }} Breach */

/**
 * Follows every import of these folders and judges it by .dependency-cruiser.cjs.
 * @param {string[]} folders
 * @param {string} [base] another tree of the same shape, for the tests of the rules
 * @returns {Promise<{ modules: string[], violations: Breach[] }>}
 */
export async function cruiseProject(folders, base = project) {
  const { forbidden, options } = createRequire(import.meta.url)(join(project, ".dependency-cruiser.cjs"));
  const { output } = await cruise(
    folders,
    { ...options, baseDir: base, ruleSet: { forbidden }, validate: true, outputType: undefined },
    { ...options.enhancedResolveOptions, bustTheCache: true },
  );
  if (typeof output === "string") throw new Error("The graph check gave a text instead of a graph.");
  const modules = output.modules.map((module) => module.source).filter((source) => !source.includes("node_modules"));
  return {
    modules: modules.filter((source) => folders.some((folder) => source.startsWith(`${folder}/`))),
    violations: output.summary.violations.filter((found) => found.rule.severity === "error"),
  };
}
