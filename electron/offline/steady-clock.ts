import { join } from "node:path";
import { z } from "zod";
import type { Clock } from "../clock";
import { readIfThere, writeDurably } from "./durable-file";

/**
 * A clock for time limits that nobody at the machine prolongs: never before the latest moment that it ever showed, and it
 * goes on by the machine's own clocks while the wall clock stands or is set back. Only the database's own time sets it.
 */
export interface SteadyClock {
  /** Milliseconds of Unix time. */
  now(): number;
  /** What the database said just now, in milliseconds of Unix time: the one clock that is believed. */
  believe(server: number): Promise<void>;
  /** Keeps the latest moment on the disk, for the next start. */
  keep(): Promise<void>;
}

const fileSchema = z.strictObject({ latest: z.number().int().nonnegative() });

export async function openSteadyClock(folder: string, clock: Clock): Promise<SteadyClock> {
  const path = join(folder, "latest-moment.json");
  const kept = (await readIfThere(path))?.toString("utf8") ?? "";
  let latest = clock.now().getTime();
  try {
    latest = Math.max(latest, fileSchema.parse(JSON.parse(kept)).latest);
  } catch {
    // None yet, or damaged: the wall clock alone. Every grant names its own end besides.
  }
  const marks = (moment: number) => ({ moment, monotonic: clock.monotonic(), uptime: clock.uptime() });
  let anchor = marks(latest);
  const now = () => {
    // The one stands still while the machine sleeps, the other goes on.
    const passed = Math.max(0, clock.monotonic() - anchor.monotonic, clock.uptime() - anchor.uptime);
    const counted = anchor.moment + passed;
    latest = Math.max(latest, counted, clock.now().getTime());
    return Math.floor(latest);
  };
  const keep = async () => writeDurably(path, `${JSON.stringify({ latest: now() })}\n`);
  return {
    now,
    keep,
    believe: async (server) => {
      anchor = marks(server);
      latest = server;
      await keep();
    },
  };
}
