import type { ToolOutput } from "../../shared/tools/registry";
import { leah } from "./fictitious-leah";
import { at, type FictitiousPatient, idOf, medicine, noRecords, phi, set } from "./fictitious-patient";

export { type FictitiousPatient, idOf, wardNow } from "./fictitious-patient";

const michael: FictitiousPatient = {
  overview: {
    patient_id: "6VCB8",
    name: "CHEN, Michael (Mr)",
    gender: "male",
    birth_year: 1972,
    ward: "5A",
    bed: "5A-03",
  },
  phi: phi("6VCB8", "1972-01-30"),
  onCareTeam: true,
  records: noRecords,
  vitals: { vital_signs: [set(15, at(4, "18:00"), [16, 97, 128, 82, 72, null])], observations: [] },
  medications: [medicine(34, "warfarin", { dose: "3 mg", frequency: "once daily", due_times: ["18:00"] })],
  allergies: { allergy_status: "none-known", allergies: [] },
  plans: [],
  appointments: [],
  admissions: { admissions: [], encounters: [] },
};

const peter: FictitiousPatient = {
  ...michael,
  overview: {
    patient_id: "7KQ2M",
    name: "ARNOLD, Peter (Mr)",
    gender: "male",
    birth_year: 1950,
    ward: "5A",
    bed: "5A-02",
  },
  phi: phi("7KQ2M", "1950-11-02"),
  vitals: { vital_signs: [set(16, at(5, "07:00"), [16, 95, 132, 70, 92, 36.8])], observations: [] },
  medications: [],
  allergies: { allergy_status: "not-asked", allergies: [] },
};

/** On nobody's list here: for a nurse he is answered like a patient who does not exist. */
const stranger: FictitiousPatient = {
  ...michael,
  overview: {
    patient_id: "9ZZ9Z",
    name: "SMITH, John (Mr)",
    gender: "male",
    birth_year: 1960,
    ward: "7B",
    bed: "7B-02",
  },
  onCareTeam: false,
};

export const fictitiousPatients: readonly FictitiousPatient[] = [leah, michael, peter, stranger];

export const fictitiousShifts: ToolOutput<"get_my_shifts">["shifts"] = [
  {
    id: idOf(80),
    staff_id: "STF002",
    staff_name: "Sarah Johnson",
    role: "Nurse",
    department: "Internal Medicine",
    ward: "5A",
    starts_at: at(5, "06:00"),
    ends_at: at(5, "18:00"),
  },
  {
    id: idOf(81),
    staff_id: "STF002",
    staff_name: "Sarah Johnson",
    role: "Nurse",
    department: "Internal Medicine",
    ward: "5A",
    starts_at: at(7, "18:00"),
    ends_at: at(8, "06:00"),
  },
];
