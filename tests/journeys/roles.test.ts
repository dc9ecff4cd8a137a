import { expect, type Page, test } from "@playwright/test";
import type { Role } from "../../shared/access/roles";
import { type Journey, startJourney } from "../support/journey";
import {
  ask,
  banner,
  bridgeCall,
  chartTabNames,
  demoPassword,
  middle,
  openArea,
  openBySearch,
  openFromWard,
  openTab,
  settled,
} from "../support/ward-page";

interface Sight {
  readonly role: Role;
  readonly name: string;
  readonly areas: readonly string[];
  /** What the banner shows of Leah Arnold, and what it must not. */
  readonly banner: readonly string[];
  readonly notInBanner: readonly string[];
  /** Tabs that are closed to the role, with what it says. */
  readonly closed: Readonly<Record<string, string>>;
}

const now = new Date();
/** Of the machine's own calendar, as on its screens. */
const years = now.getFullYear() - 1985 - (now < new Date(now.getFullYear(), 6, 14) ? 1 : 0);
const birthDate = `Born 14-Jul-1985 (${years}y)`;
const allergy = "Penicillin: Widespread hives and swelling of the lips (severe)";
const noAllergies = "Allergies not shown to your role";
const everywhere = ["Assistant", "Shifts", "Audit"];
const clinical = {
  Vitals: "vital signs and early warning scores",
  Medications: "medications",
  Records: "notes, diagnoses",
  Treatment: "treatment plans",
};

const sights: readonly Sight[] = [
  {
    role: "Admin",
    name: "Monica Reyes",
    areas: ["Ward", "Patients", ...everywhere, "Compliance", "Administration", "Settings"],
    banner: [birthDate, "Ward 5A, bed", noAllergies],
    notInBanner: ["Penicillin"],
    closed: clinical,
  },
  {
    role: "Doctor",
    name: "Dr. Craig Hawkins",
    areas: ["Ward", "Patients", ...everywhere, "Settings"],
    banner: [birthDate, "Ward 5A, bed", allergy],
    notInBanner: [noAllergies],
    closed: {},
  },
  {
    role: "Nurse",
    name: "Sarah Johnson",
    areas: ["Ward", "Patients", ...everywhere, "Settings"],
    banner: [birthDate, "Ward 5A, bed", allergy],
    notInBanner: [noAllergies],
    closed: {},
  },
  {
    role: "Billing",
    name: "Daniel Osborne",
    areas: ["Patients", ...everywhere, "Settings"],
    banner: ["Born 1985", noAllergies],
    notInBanner: ["14-Jul", "Ward", "Penicillin"],
    closed: { ...clinical, Appointments: "appointments", Admissions: "admissions and encounters" },
  },
  {
    role: "Reception",
    name: "Amy Fletcher",
    areas: ["Ward", "Patients", ...everywhere, "Settings"],
    banner: ["Born 1985", "Ward 5A, bed", noAllergies],
    notInBanner: ["14-Jul", "Penicillin"],
    closed: { ...clinical, Admissions: "admissions and encounters", Identity: "the identity page" },
  },
  {
    role: "Auditor",
    name: "Ruth Adeyemi",
    areas: ["Ward", "Patients", ...everywhere, "Compliance", "Settings"],
    banner: [birthDate, "Ward 5A, bed", allergy],
    notInBanner: [noAllergies],
    closed: {},
  },
];

let journey: Journey;
test.beforeAll(async () => {
  journey = await startJourney();
});
test.afterAll(() => journey.close());

for (const sight of sights) {
  test(`${sight.role}: one press signs in, and the screens show what the role may see and say what it may not`, async () => {
    const page = await journey.signInAs(sight.role);
    await expect(page.getByRole("banner")).toContainText(sight.name);
    await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link")).toHaveText([...sight.areas]);

    if (sight.areas.includes("Ward")) await openFromWard(page, "ARNOLD, Leah");
    else await openBySearch(page, "FCE57", "ARNOLD, Leah");
    for (const words of ["ARNOLD, Leah (Mrs)", "Gender Female", "Patient No. FCE57", ...sight.banner])
      await expect(banner(page)).toContainText(words);
    for (const words of sight.notInBanner) await expect(banner(page)).not.toContainText(words);

    for (const tab of chartTabNames) {
      const panel = await openTab(page, tab);
      const closed = sight.closed[tab] ?? (tab === "Diagnoses" ? sight.closed["Records"] : undefined);
      if (closed) await expect(panel).toContainText(`Your role (${sight.role}) may not see ${closed}`);
      else {
        await settled(page);
        await expect(panel).toHaveText(/\S/u);
        // The overview gathers from the other tabs, and says itself which of them are closed.
        if (tab !== "Overview") await expect(panel).not.toContainText("may not see");
      }
    }
    await journey.signOut();
  });
}

test("a doctor reveals the Social Security number with a reason, and the audit has both", async () => {
  const page = await journey.signInAs("Doctor");
  await openFromWard(page, "ARNOLD, Leah");
  const identity = await openTab(page, "Identity");
  expect(await identity.innerText()).not.toMatch(/\d{3}-\d\d-\d{4}/u);
  await identity.getByRole("button", { name: "Reveal Social Security number" }).click();
  const dialog = page.getByRole("dialog", { name: "Reveal" });
  await dialog.getByRole("combobox", { name: "Reason" }).selectOption({ label: "Checking identity with the patient" });
  await dialog.getByRole("button", { name: "Reveal", exact: true }).click();
  await expect(identity).toContainText(/\d{3}-\d\d-\d{4}/u);
  const number = /\d{3}-\d\d-\d{4}/u.exec(await identity.innerText())?.[0] as string;

  await openArea(page, "Audit");
  const row = page
    .getByRole("table", { name: "Audit trail" })
    .getByRole("row")
    .filter({ hasText: "Checking identity with the patient" });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("FCE57");
  await expect(page.getByRole("main")).not.toContainText(number);
  await journey.signOut();
});

test("a nurse has no button to reveal, and asking over the bridge is refused", async () => {
  const page = await journey.signInAs("Nurse");
  await openFromWard(page, "ARNOLD, Leah");
  const identity = await openTab(page, "Identity");
  await expect(identity).toContainText("14-Jul-1985");
  await expect(identity.getByRole("button", { name: /Reveal/u })).toHaveCount(0);
  const answer = await bridgeCall(page, "identity.reveal", {
    patient_id: "FCE57",
    field: "ssn",
    reason: "Checking identity with the patient",
  });
  expect(answer).toMatchObject({ ok: false, failure: { code: "RBAC_DENIED" } });
  await journey.signOut();
});

/** What is on the screen of a chart that was asked for by its number alone. */
async function screenOf(number: string): Promise<string> {
  const page = await journey.page();
  // The page tells where it is a moment after it arrived; ours must be the last word.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 400)));
  await bridgeCall(page, "session.remember", { area: "patient", patientId: number, tab: "records" });
  await journey.lock();
  const back = await journey.unlock();
  await expect(back.getByRole("heading", { name: "Chart not open" })).toBeVisible();
  return (await middle(back).innerText()).replaceAll(number, "NUMBER");
}

async function searchFor(page: Page, typed: string): Promise<string> {
  await openArea(page, "Patients");
  const search = page.getByRole("searchbox", { name: "Find patient" });
  // What was found before must not be taken for the answer to this.
  await search.fill("");
  await expect(page.getByText("Nobody found")).toHaveCount(0);
  await search.fill(typed);
  await expect(page.getByText("Nobody found")).toBeVisible();
  return middle(page).innerText();
}

test("a patient who is not the nurse's and one who does not exist are the same words on every screen", async () => {
  // S4LVN lies on 5B; nobody is Z9Z9Z.
  let page = await journey.signInAs("Nurse");
  const strange = await screenOf("S4LVN");
  expect(await screenOf("Z9Z9Z")).toBe(strange);
  expect(strange).toMatch(/^Chart not open\n.*No (?:such)?patient .*on your wards or lists\./u);
  page = await journey.page();
  expect(await searchFor(page, "S4LVN")).toBe(await searchFor(page, "Z9Z9Z"));
  await openArea(page, "Assistant");
  const answers: string[] = [];
  for (const number of ["S4LVN", "Z9Z9Z"]) {
    await page.getByRole("button", { name: "New chat", exact: true }).click();
    const answer = await ask(page, `Get medical records for ${number}`);
    answers.push((await answer.innerText()).replaceAll(number, "NUMBER").replaceAll(/\d+(?:\.\d)? m?s/gu, "TIME"));
  }
  expect(answers[1]).toBe(answers[0]);
  await journey.signOut();
});

test("signing in by name and password says in the same words that either is wrong, and locks after five", async () => {
  const page = await journey.page();
  const username = page.getByRole("textbox", { name: "Username" });
  const password = page.getByRole("textbox", { name: "Password" });
  const signIn = page.getByRole("button", { name: "Sign in" });
  const message = page.getByText("Username or password is wrong.");

  await username.fill("nobody_at_all");
  await password.fill("something");
  await signIn.click();
  await expect(message).toBeVisible();

  await username.fill("demo_doctor");
  await password.fill(demoPassword);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("banner")).toContainText("Dr. Craig Hawkins");
  const out = await journey.signOut();

  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await out.getByRole("textbox", { name: "Username" }).fill("demo_reception");
    await out.getByRole("textbox", { name: "Password" }).fill(`guess number ${attempt}`);
    await out.getByRole("button", { name: "Sign in" }).click();
    await expect(out.getByRole("button", { name: "Sign in" })).toBeEnabled();
    await expect(out.getByRole("status").filter({ hasText: "Username or password is wrong." })).toBeVisible();
  }
  await out.getByRole("textbox", { name: "Password" }).fill(demoPassword);
  await out.getByRole("button", { name: "Sign in" }).click();
  await expect(out.getByText(/^Warning:.*Too many wrong passwords/u)).toBeVisible();
});
