import { proveIdentity, type Workstation } from "../../electron/session/credentials";
import { Refusal } from "../../shared/failure";
import { demoPassword } from "./demo-password";
import { connectDirectly, signInDirectly } from "./direct";
import { median, shuffled, type Telling } from "./existence-timing";
import type { TestHospital } from "./hospital";
import { enrol } from "./second-factor";

interface Try {
  readonly username: string;
  readonly password: string;
}

/** Sign-ins of which none succeeds. What comes back, and when, must not tell one kind from another. */
export type Tries = Readonly<Record<string, readonly Try[]>>;

const workstation: Workstation = { name: "night desk", address: "127.0.0.1", appVersion: "0.0.0" };
const WRONG = "a green door behind the mill";

/** Disables one account, gives another a second factor, and adds somebody of the staff list to whom nobody gave a password. */
export async function setTries(hospital: TestHospital): Promise<Tries> {
  const direct = await connectDirectly(hospital);
  try {
    await enrol(direct, await signInDirectly(direct, "demo_doctor"), "demo_doctor");
  } finally {
    await direct.end();
  }
  await hospital.owner("UPDATE hospital.staff SET disabled_at = now() WHERE username = 'demo_billing'");
  await hospital.owner(
    "INSERT INTO hospital.staff (id, username, name, role, department) VALUES ('BARE-1', 'demo_bare', 'Bare Person', 'Nurse', 'Medicine')",
  );
  const wrong = (username: string): Try => ({ username, password: WRONG });
  return {
    nobody: ["demo_nobody", "demo_invented", "s.johnson", "zz"].map(wrong),
    "wrong password": ["demo_nurse", "demo_reception", "demo_auditor", "demo_admin"].map(wrong),
    "wrong password, has a second factor": [wrong("demo_doctor")],
    "disabled, right password": [{ username: "demo_billing", password: demoPassword }],
    "disabled, wrong password": [wrong("demo_billing")],
    "never had a password": [wrong("demo_bare")],
  };
}

/** Every word of a refusal, with the name that was typed taken out. */
async function answerTo(hospital: TestHospital, { username, password }: Try): Promise<string> {
  try {
    await proveIdentity(hospital.database, workstation, { username, password });
  } catch (error) {
    if (error instanceof Refusal) return JSON.stringify(error.failure).replaceAll(username, "<asked>");
    throw error;
  }
  throw new Error(`${username} signed in; the test wanted a refusal.`);
}

/** Signs in `calls` times of each kind, in a random order, as the app does it, and tells what the refusals tell. */
export async function whatRefusalsTell(hospital: TestHospital, tries: Tries, calls: number): Promise<Telling> {
  // Not the lockout is looked at, which is the same for every name, but what is before it.
  const unlocked = () => hospital.owner("DELETE FROM private.sign_in_counter");
  for (const one of Object.values(tries).flat()) {
    await unlocked();
    await answerTo(hospital, one);
  }
  const answers = new Set<string>();
  const times = Object.fromEntries(Object.keys(tries).map((kind) => [kind, [] as number[]]));
  for (const [turn, kind] of shuffled(Object.keys(tries), calls).entries()) {
    const among = tries[kind] as readonly Try[];
    await unlocked();
    const from = performance.now();
    const answer = await answerTo(hospital, among[turn % among.length] as Try);
    times[kind]?.push(performance.now() - from);
    answers.add(answer);
  }
  const medians = Object.fromEntries(Object.entries(times).map(([kind, values]) => [kind, median(values)]));
  const values = Object.values(medians);
  return { answers: [...answers], medians, apart: Math.max(...values) - Math.min(...values) };
}
