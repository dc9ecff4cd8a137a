import { describe } from "vitest";
import { whyNotHere } from "../../../scripts/lib/test-servers.mjs";

const reason = whyNotHere();

/** Tests on a hospital's own server; where the machine has none they are skipped and say why. */
export function describeCentral(name: string, tests: () => void, alsoWhyNot: string | null = null): void {
  const why = reason ?? alsoWhyNot;
  if (why === null) describe(name, tests);
  else describe.skip(`${name} (not here: ${why})`, tests);
}
