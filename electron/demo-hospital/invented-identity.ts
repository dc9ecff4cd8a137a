import { type SealedIdentity, sealIdentity, sealInsurance } from "../sealing/identity-row";
import type { SealingKey } from "../sealing/seal";
import type { DemoPatient } from "./demo-data";
import { demoFraction } from "./demo-ids";

const streets = [
  "Alder Lane",
  "Birch Street",
  "Cedar Court",
  "Dogwood Drive",
  "Elm Terrace",
  "Fern Hill Road",
  "Grove Street",
  "Hazel Way",
];
const relatives = ["spouse", "daughter", "son", "sister", "brother", "neighbour"];
const firstNames = ["Alex", "Billie", "Charlie", "Dana", "Evan", "Frankie", "Georgie", "Hayden", "Indra", "Jules"];
const insurers = ["Harborview Health Plan", "Commonwealth Mutual", "Meridian Care", "Bluestone Insurance"];

function chosen<T>(list: readonly T[], ...name: (string | number)[]): T {
  return list[Math.floor(demoFraction(...name) * list.length)] as T;
}

function digits(count: number, ...name: (string | number)[]): string {
  return String(Math.floor(demoFraction(...name) * 10 ** count)).padStart(count, "0");
}

const plainLetters = (text: string) =>
  text
    .normalize("NFD")
    .replace(/[^A-Za-z]/gu, "")
    .toLowerCase();

/**
 * Identity data that nobody can have: Social Security numbers of area 900 to 999 are never issued, 555-0100 to 555-0199
 * are kept for fiction, and example.org belongs to nobody. `index` keeps numbers apart.
 */
export function inventedIdentity(
  key: SealingKey,
  patientId: string,
  patient: DemoPatient,
  index: number,
): { identity: SealedIdentity; insurance: { provider: string; number: string | null; number_index: string } } {
  const name = patient.number;
  const two = (value: number) => String(value).padStart(2, "0");
  const provider = chosen(insurers, name, "insurer");
  const initials = provider.replace(/[^A-Z]/gu, "");
  return {
    identity: sealIdentity(key, patientId, {
      date_of_birth: patient.born,
      ssn: `${900 + index}-${two(1 + (index % 99))}-${digits(4, name, "ssn")}`,
      address: `${1 + Math.floor(demoFraction(name, "house") * 240)} ${chosen(streets, name, "street")}, Lampton, Massachusetts 00${digits(3, name, "zip")}`,
      phone: `202-555-01${two(index)}`,
      email: `${plainLetters(patient.given)}.${plainLetters(patient.family)}@example.org`,
      emergency_contact: `${chosen(firstNames, name, "contact")} ${patient.family} (${chosen(relatives, name, "relative")}), 202-555-01${two(50 + index)}`,
    }),
    insurance: { provider, ...sealInsurance(key, patientId, `${initials}-${digits(9, name, "policy")}`) },
  };
}
