import type { Clock } from "../clock";
import type { Query } from "../database/pool";
import { bad, type Finding, good, warning } from "./finding";

export interface Measured {
  /** The server's clock minus ours, in milliseconds, taken to be exact within half the round trip. */
  readonly offset: number;
  /** The shortest of the round trips, in milliseconds. */
  readonly roundTrip: number;
}

const SAMPLES = 5;
/** One-time codes change every 30 s (RFC 6238); sessions and audit entries carry the server's time, screens ours. */
const WARNING = 2000;
const BAD = 30_000;

/** Asks the server's clock a few times and believes the shortest round trip, as NTP does (RFC 5905, clock filter). */
export async function measureServer(statement: Query, clock: Clock): Promise<Measured> {
  let best: Measured | undefined;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const wall = clock.now().getTime();
    const sent = clock.monotonic();
    const [row] = await statement("SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS at");
    const roundTrip = clock.monotonic() - sent;
    // The middle by the clock that nobody sets: a wall clock that jumps meanwhile does not spoil it.
    const offset = Number(row?.["at"]) - (wall + roundTrip / 2);
    if (!best || roundTrip < best.roundTrip) best = { offset, roundTrip };
  }
  return best as Measured;
}

export function checkClock({ offset, roundTrip }: Measured, kind: "embedded" | "central"): Finding {
  const figures = {
    offset_milliseconds: Math.round(offset),
    uncertainty_milliseconds: Math.ceil(roundTrip / 2),
    warning_above_milliseconds: WARNING,
    bad_above_milliseconds: BAD,
  };
  const amount = Math.abs(offset);
  const words = `This workstation's clock is ${(amount / 1000).toFixed(1)} s ${offset > 0 ? "behind" : "ahead of"} the database's.`;
  if (amount > BAD)
    return bad(`${words} One-time codes will be refused and times on screen are wrong. Set the clock.`, figures);
  if (amount > WARNING) return warning(`${words} Let both follow the same time server.`, figures);
  return good(
    kind === "embedded"
      ? "The database runs on this machine and agrees with its clock."
      : "This workstation and the database agree on the time.",
    figures,
  );
}
