/** The graph check: who may import whom. Fails too when it looked at nothing, which its engine calls a success. */
import { existsSync } from "node:fs";
import { cruiseProject } from "./lib/cruise.mjs";
import { inProject, runScript } from "./lib/project.mjs";

await runScript(async () => {
  const rooms = ["shared", "electron", "renderer"].filter((room) => existsSync(inProject(room)));
  const { modules, violations } = await cruiseProject(rooms);
  for (const { rule, from, to } of violations) process.stdout.write(`${rule.name}: ${from} -> ${to}\n`);
  process.stdout.write(`${modules.length} modules, ${violations.length} breaches\n`);
  return modules.length === 0 || violations.length > 0 ? 1 : 0;
});
