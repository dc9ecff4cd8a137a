import type { Medication } from "../../../shared/clinical/chart";
import { age, count, day, link, plain, series, timeOf, when } from "./say";
import { called, failed, type PatientAnswer } from "./scene";
import { fold } from "./words";

/** The medicines, or the one that is asked for by name. */
export const medicationsAnswer: PatientAnswer = (patient, ask, { desk }) => {
  const found = desk.look("get_medications", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const all = found.value.medications;
  const who = called(patient);
  if (ask.named.length > 0) {
    const active = all.filter((medicine) => medicine.status === "active").map((medicine) => medicine.generic);
    const others =
      active.length > 0 ? `Active medicines: ${plain(series(active))}.` : "No active medicines are recorded.";
    const lines = ask.named.flatMap((named) => {
      const wanted = fold(named).split(" ")[0] ?? "";
      const matching = all.filter((medicine) => fold(`${medicine.generic} ${medicine.brand ?? ""}`).includes(wanted));
      return matching.length > 0
        ? matching.map((one) => line(one, patient.id))
        : [`- ${plain(named)}: no medicine of that name is recorded`];
    });
    return [
      `${who}, ${plain(series(ask.named))}:`,
      "",
      ...lines,
      "",
      `${others} See ${link("Medications", patient.id, "medications")}.`,
    ].join("\n");
  }
  if (all.length === 0) return `${who}: no medicines recorded.`;
  const active = all.filter((medicine) => medicine.status === "active");
  const others = all.filter((medicine) => medicine.status !== "active");
  const lines = [
    `${who}, ${count(active.length, "active medicine")}:`,
    "",
    ...active.map((one) => line(one, patient.id)),
  ];
  if (others.length > 0) {
    const wantsAll = /\b(?:all|stopped|past|previous|history|old)\b/u.test(ask.words);
    const shown = wantsAll ? others : others.filter((medicine) => medicine.status === "on-hold");
    lines.push(...shown.map((one) => line(one, patient.id)));
    const hidden = others.length - shown.length;
    if (hidden > 0)
      lines.push(`- ${count(hidden, "other")}, no longer active, on ${link("Medications", patient.id, "medications")}`);
  }
  return lines.join("\n");
};

/** What is due next for one patient, by the times of the prescriptions. */
export const dueAnswer: PatientAnswer = (patient, _ask, { desk, now }) => {
  const found = desk.look("get_medications", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const active = found.value.medications.filter((medicine) => medicine.status === "active");
  const due = active
    .flatMap((medicine) => {
      const at = nextDue(medicine.due_times, now);
      return at ? [{ medicine, at }] : [];
    })
    .toSorted((one, other) => one.at.getTime() - other.at.getTime());
  const who = called(patient);
  const lines = due.map(({ medicine, at }) => {
    const iso = at.toISOString();
    return `- ${when(iso, now)} (${age(iso, now)}): ${link(`**${plain(medicine.generic)}** ${plain(medicine.dose ?? "dose not recorded")}`, patient.id, "medications", medicine.id)}${medicine.route ? `, ${plain(medicine.route)}` : ""}`;
  });
  const asNeeded = active.filter((medicine) => medicine.as_needed).map((medicine) => medicine.generic);
  const untimed = active
    .filter((medicine) => !medicine.as_needed && medicine.due_times.length === 0)
    .map((medicine) => medicine.generic);
  if (asNeeded.length > 0) lines.push(`- as needed: ${plain(series(asNeeded))}`);
  if (untimed.length > 0) lines.push(`- no times recorded: ${plain(series(untimed))}`);
  if (lines.length === 0) return `${who}: no active medicines recorded, so nothing is due.`;
  return [`${who}, due next by the prescribed times (what was given is not recorded here):`, "", ...lines].join("\n");
};

/** One medicine as the screens print it. Nothing is cut, and what is missing is said. */
function line(medicine: Medication, patientId: string): string {
  const parts = [
    `**${plain(medicine.generic)}**`,
    medicine.brand && plain(medicine.brand.toUpperCase()),
    medicine.form && plain(medicine.form),
    medicine.dose === null ? "dose not recorded" : `DOSE **${plain(medicine.dose)}**`,
    medicine.route && plain(medicine.route),
    medicine.frequency === null
      ? medicine.as_needed
        ? "as needed"
        : "frequency not recorded"
      : plain(medicine.frequency),
  ].filter((part) => part !== null && part !== "");
  const times = medicine.due_times.length > 0 ? ` (${medicine.due_times.join(", ")})` : "";
  const since = medicine.started_on ? `since ${day(medicine.started_on)}` : "start not recorded";
  const end = medicine.stopped_on ? `, stopped ${day(medicine.stopped_on)}` : "";
  const status = medicine.status === "active" ? "" : `, ${medicine.status}`;
  return `- ${parts.join(" – ")}${times}, ${link(`${since}${end}`, patientId, "medications", medicine.id)}${status}`;
}

function nextDue(times: readonly string[], now: Date): Date | undefined {
  const candidates = times.flatMap((time) => {
    const [hour = 0, minute = 0] = time.split(":").map(Number);
    return [0, 1].map((later) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + later, hour, minute));
  });
  // A dose of this very minute is still to be given.
  const current = timeOf(now);
  return candidates
    .filter((moment) => moment > now || (timeOf(moment) === current && moment.getDate() === now.getDate()))
    .toSorted((one, other) => one.getTime() - other.getTime())[0];
}
