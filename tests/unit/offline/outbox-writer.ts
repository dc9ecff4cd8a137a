import { randomBytes } from "node:crypto";
import { Outbox } from "../../../electron/offline/outbox";
import { openWorkstationKey } from "../../../electron/offline/workstation-key";
import { newEntry, proofOf } from "./made-entries";

/**
 * A program of its own that saves entries until it is killed, and names each one that it has told to be saved: what stands on
 * its output was acknowledged. Arguments: home folder, how many at the most.
 */
const [home = "", most = "1000000"] = process.argv.slice(2);
const { key } = await openWorkstationKey(home, undefined);
const outbox = new Outbox(`${home}/outbox`, key);
await outbox.prepare();
process.stdout.write("ready\n");
const secret = randomBytes(32);
for (let count = 0; count < Number(most); count += 1) {
  const entry = newEntry();
  try {
    await outbox.add(entry.id, entry.staff, proofOf(entry, secret));
    process.stdout.write(`saved ${entry.id}\n`);
  } catch (error) {
    process.stdout.write(`refused ${(error as NodeJS.ErrnoException).code}\n`);
    break;
  }
}
