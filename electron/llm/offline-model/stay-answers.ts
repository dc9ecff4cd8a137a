import { age, count, day, link, plain, when } from "./say";
import { called, failed, type PatientAnswer } from "./scene";

/** Who the patient is, as every list shows them. */
export const overviewAnswer: PatientAnswer = (patient, ask, { desk, now }) => {
  const found = desk.look("get_patient_overview", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const { name, gender, birth_year: born, ward, bed } = found.value;
  const birth = born === null ? "birth year not recorded" : `born ${born}`;
  const years =
    born !== null && /how old|\bage\b/u.test(ask.words)
      ? `, so ${now.getFullYear() - born - 1} or ${now.getFullYear() - born} years old`
      : "";
  let place = "";
  if (ward !== undefined || bed !== undefined)
    place = ward ? `, ward ${plain(ward)}, ${bed ? `bed ${plain(bed)}` : "no bed"}` : ", not admitted";
  return `**${link(plain(name), patient.id)}** (${patient.id}): ${gender}, ${birth}${years}${place}.`;
};

export const admissionsAnswer: PatientAnswer = (patient, _ask, { desk, now }) => {
  const found = desk.look("get_admissions", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const { admissions, encounters } = found.value;
  if (admissions.length === 0 && encounters.length === 0) return `${called(patient)}: no admissions recorded.`;
  const lines = admissions.slice(0, 5).map((one) => {
    const start = link(
      `admitted ${when(one.admitted_at, now)}, ${age(one.admitted_at, now)}`,
      patient.id,
      "admissions",
      one.id,
    );
    const end = one.discharged_at ? `discharged ${when(one.discharged_at, now)}` : "**still here**";
    const attending = one.attending ? `, attending ${plain(one.attending)}` : "";
    return `- ${plain(one.ward)}${one.bed ? ` bed ${plain(one.bed)}` : ""}: ${start}, ${end}, ${one.reason ? plain(one.reason) : "reason not recorded"}${attending}`;
  });
  if (encounters.length > 0) {
    const shown = encounters
      .slice(0, 3)
      .map(
        (one) =>
          `${link(plain(one.display), patient.id, "admissions", one.id)} (${one.started_at ? when(one.started_at, now) : "date not recorded"})`,
      );
    lines.push(`- ${count(encounters.length, "encounter")}, newest: ${shown.join(", ")}`);
  }
  return [`${called(patient)}, ${count(admissions.length, "admission")}:`, "", ...lines].join("\n");
};

export const appointmentsAnswer: PatientAnswer = (patient, ask, { desk, now }) => {
  const found = desk.look("get_appointments", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const all = found.value.appointments;
  const past = /\bpast|previous|last\b/u.test(ask.words);
  const upcoming = all
    .filter((one) => new Date(one.starts_at) >= now && one.status !== "cancelled")
    .toSorted((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at));
  const gone = all
    .filter((one) => !upcoming.includes(one))
    .toSorted((one, other) => Date.parse(other.starts_at) - Date.parse(one.starts_at));
  const who = called(patient);
  if (all.length === 0) return `${who}: no appointments recorded.`;
  const lines = (past ? gone : upcoming).slice(0, 6).map((one) => {
    const at = link(`${when(one.starts_at, now)}, ${age(one.starts_at, now)}`, patient.id, "appointments", one.id);
    const staff = one.staff_name ? ` with ${plain(one.staff_name)}` : "";
    return `- ${at}: ${plain(one.department)}${staff}, ${one.minutes} min, ${one.reason ? plain(one.reason) : "reason not recorded"}, ${one.status}`;
  });
  const rest = past ? upcoming.length : gone.length;
  const kind = past ? "past or cancelled" : "upcoming";
  const head = lines.length > 0 ? `${who}, ${kind} appointments:` : `${who}: no ${kind} appointments.`;
  const more =
    rest > 0
      ? `${count(rest, past ? "upcoming one" : "past or cancelled one")} on ${link("Appointments", patient.id, "appointments")}.`
      : "";
  return [head, ...(lines.length > 0 ? ["", ...lines, ""] : []), more].join("\n").trim();
};

export const plansAnswer: PatientAnswer = (patient, _ask, { desk, now }) => {
  const found = desk.look("get_treatment_plans", { patient_id: patient.id });
  if (!found) return undefined;
  if (!found.ok) return failed(patient, found);
  const { plans } = found.value;
  if (plans.length === 0) return `${called(patient)}: no treatment plan recorded.`;
  const lines = plans
    .slice(0, 4)
    .flatMap((plan) => [
      `- ${link(plain(plan.title), patient.id, "treatment", plan.id)}, ${plan.status}, ${plan.author ? plain(plan.author) : "author not recorded"}, written ${when(plan.written_at, now)}`,
      `  - Goal: ${plain(plan.goal)}`,
      ...plan.steps.map((step) => `  - ${plain(step)}`),
      `  - Follow-up: ${plan.follow_up_on ? day(plan.follow_up_on) : "not recorded"}`,
    ]);
  return [`${called(patient)}, ${count(plans.length, "treatment plan")}:`, "", ...lines].join("\n");
};
