import { join } from "node:path";
import { readIfThere, removeDurably, writeDurably } from "./durable-file";

/** Wrong passwords after which offline access is deleted; the next sign-in with the network makes it anew. */
export const attemptLimit = 5;

/** Counts tries at one person's offline access. Each is on the disk before it is made: ending the app gives none back. */
export function openAttempts(folder: string) {
  const path = join(folder, "attempts");
  async function failed(): Promise<number> {
    const text = await readIfThere(path);
    if (text === undefined) return 0;
    const count = Number(text.toString("utf8"));
    // A counter that somebody damaged counts as used up.
    return Number.isSafeInteger(count) && count >= 0 ? count : attemptLimit;
  }
  return {
    failed,
    /** Counts one try as failed, before it is judged; answers how many there are now. */
    count: async (): Promise<number> => {
      const now = (await failed()) + 1;
      await writeDurably(path, String(now));
      return now;
    },
    /** The password was right. */
    clear: () => removeDurably(path),
  };
}
