import { readFileSync } from "node:fs";
import { join } from "node:path";

const file = join(import.meta.dirname, "..", "..", "resources", "demo-password.json");

/** The public password of the demo hospital's six accounts. */
export const demoPassword = (JSON.parse(readFileSync(file, "utf8")) as { password: string }).password;
