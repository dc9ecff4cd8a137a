import { v7 as uuidv7 } from "uuid";
import { systemClock } from "../../electron/clock";
import type { Database } from "../../electron/database/pool";
import { Offline } from "../../electron/offline/offline";
import { Refusal } from "../../shared/failure";
import { demoPassword } from "../support/demo-password";

/**
 * Works without the database on a workstation's home folder: unlocks with the nurse's password and saves one set after the other
 * until it is killed. Arguments: home folder, milliseconds between two sets, patient numbers.
 */
const [home = "", pause = "0", ...patients] = process.argv.slice(2);
const away = async () => {
  throw new Refusal("DATABASE_UNAVAILABLE");
};
const database: Database = {
  statement: away,
  request: away,
  onConnectionChange: () => undefined,
  close: async () => undefined,
};
const offline = await Offline.open({
  home,
  database,
  clock: systemClock,
  store: undefined,
  log: {
    info: () => undefined,
    unexpected: (where, error) => (process.stderr.write(`${where} ${String(error)}\n`), ""),
  },
  unreachable: () => true,
  readSnapshot: async () => undefined,
  lastShift: () => null,
  onChange: () => undefined,
  onBack: async () => undefined,
  onOver: () => undefined,
});
offline.start();
const entry = await offline.port().unlock("demo_nurse", demoPassword);
await entry.begin();
for (let count = 0; ; count += 1) {
  const id = uuidv7();
  await offline.save({
    id,
    patient: patients[count % patients.length] as string,
    recordedAt: new Date().toISOString(),
    set: {
      respiratory_rate: 12 + (count % 10),
      oxygen_saturation: 97,
      spo2_scale: 1,
      on_oxygen: false,
      systolic: 128,
      diastolic: 74,
      pulse: 60 + (count % 40),
      consciousness: "A",
      temperature: 36.8,
    },
  });
  process.stdout.write(`saved ${id}\n`);
  await new Promise((resolve) => setTimeout(resolve, Number(pause)));
}
