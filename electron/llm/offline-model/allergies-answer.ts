import type { Allergy } from "../../../shared/clinical/chart";
import { day, link, plain, series } from "./say";
import { called, failed, type PatientAnswer } from "./scene";
import { fold } from "./words";

/** Substances that belong together, so that one recorded under its own name is found under its family's. */
const families: readonly { readonly name: string; readonly members: RegExp }[] = [
  { name: "penicillins", members: /cillin|co-?amoxiclav|augmentin|tazocin/u },
  { name: "cephalosporins", members: /\bcef|\bceph/u },
  { name: "macrolides", members: /thromycin/u },
  { name: "sulfonamides", members: /sulf(?:a\b|ametho|onamide|adiazine|asalazine)|trimoxazole|septrin/u },
  {
    name: "non-steroidal anti-inflammatory drugs",
    members: /\bnsaid|non-?steroidal|ibuprofen|naproxen|diclofenac|aspirin|acetylsalicylic|ketorolac|indometacin/u,
  },
  { name: "opioids", members: /opioid|opiate|morphine|codeine|oxycodone|tramadol|fentanyl|pethidine/u },
  { name: "ACE inhibitors", members: /ace inhibitor|[a-z]{3}pril\b/u },
  { name: "nuts", members: /\bnuts?\b|peanut|almond|hazelnut|cashew|walnut/u },
  { name: "seafood", members: /shellfish|seafood|prawn|shrimp|crab|lobster|\bfish\b/u },
  { name: "iodine and contrast media", members: /iodin|contrast/u },
];

/** What is recorded. It never concludes from what is not recorded that something is safe. */
export const allergiesAnswer: PatientAnswer = (patient, ask, { desk }) => {
  const found = desk.look("get_allergies", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const { allergy_status: status, allergies } = found.value;
  const who = called(patient);
  const tab = link("allergies", patient.id, "medications");
  if (status === "not-asked" && allergies.length === 0)
    return `${who}: **not asked**. Nobody has recorded whether there are ${tab}${ask.named.length > 0 ? `, so I cannot say anything about ${plain(series(ask.named, "or"))}` : ""}. Ask the patient.`;
  const list = allergies.map((allergy) => `- ${allergyLine(allergy, patient.id)}`);
  if (ask.named.length === 0) {
    if (list.length === 0) return `${who}: **no known allergies**, recorded as asked (${tab}).`;
    return [`${who}, recorded ${tab}:`, "", ...list].join("\n");
  }
  const verdicts = ask.named.map((named) => verdict(named, allergies, patient.id));
  const absent = verdicts.filter(({ found }) => !found).map(({ named }) => plain(named));
  const lines = [`${who}:`, "", ...verdicts.flatMap(({ lines: words }) => words)];
  if (absent.length > 0) {
    const said =
      status === "none-known"
        ? `The chart says **no known allergies** (${tab}).`
        : `What was ${link("recorded", patient.id, "medications")} stands below.`;
    lines.push(
      "",
      `${said} That is not proof that ${series(absent, "or")} is safe.`,
      ...(list.length > 0 ? ["", ...list] : []),
    );
  }
  return lines.join("\n");
};

/** What the chart says of one substance. */
function verdict(
  named: string,
  allergies: readonly Allergy[],
  patientId: string,
): { named: string; found: boolean; lines: string[] } {
  const matching = matches(allergies, named);
  if (matching.length === 0)
    return { named, found: false, lines: [`- ${plain(named)}: not among the recorded allergies`] };
  const active = matching.some(({ allergy }) => allergy.status === "active");
  const exact = matching.some(({ family }) => family === undefined);
  const head = !active
    ? "recorded, but marked as no longer active"
    : exact
      ? "**yes, recorded**"
      : "**yes, a related substance is recorded**";
  const lines = matching.map(
    ({ allergy, family }) => `  - ${allergyLine(allergy, patientId)}${family ? `; both belong to the ${family}` : ""}`,
  );
  return { named, found: true, lines: [`- ${plain(named)}: ${head}`, ...lines] };
}

export function allergyLine(allergy: Allergy, patientId: string): string {
  const reaction = allergy.reaction ? plain(allergy.reaction) : "reaction not recorded";
  const severity = allergy.severity ?? "severity not recorded";
  const status = allergy.status === "active" ? "" : `, ${allergy.status}`;
  const since = allergy.recorded_on ? `recorded ${day(allergy.recorded_on)}` : "date not recorded";
  return `${link(`**${plain(allergy.substance)}**`, patientId, "medications", allergy.id)}: ${reaction}, ${severity}, ${since}${status}`;
}

interface Match {
  readonly allergy: Allergy;
  /** The family that both substances belong to, where only that joins them. */
  readonly family: string | undefined;
}

function matches(allergies: readonly Allergy[], named: string): Match[] {
  const wanted = fold(named);
  const stem = wanted.replace(/s$/u, "");
  const family = families.find(({ members }) => members.test(wanted));
  return allergies.flatMap((allergy): Match[] => {
    const substance = fold(allergy.substance);
    if (substance.includes(stem) || wanted.includes(substance)) return [{ allergy, family: undefined }];
    return family?.members.test(substance) ? [{ allergy, family: family.name }] : [];
  });
}
