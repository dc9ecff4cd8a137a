import { say } from "../../scripts/lib/command-line";
import { startJourney } from "../support/journey";
import { administration } from "./administration";
import { emergency } from "./emergency";
import { firstStart } from "./first-start";
import { secondFactor } from "./second-factor";
import { shift } from "./shift";
import { watching } from "./watching";
import { withoutNetwork } from "./without-network";

say("Driving the main job in the real app; screens go to docs/screens:");
for (const [options, parts] of [
  [{ empty: true }, [firstStart]],
  [{}, [shift, emergency, watching, administration, secondFactor]],
] as const) {
  const journey = await startJourney(options);
  try {
    for (const part of parts) await part(journey);
  } finally {
    await journey.close();
  }
}
await withoutNetwork();
