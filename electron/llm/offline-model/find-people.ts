import type { Overview } from "../../../shared/clinical/chart";
import { type ChatSoFar, linkedPatients } from "./chat-so-far";
import type { Desk } from "./desk";
import { link, plain } from "./say";
import type { Subject } from "./subjects";
import type { Understanding } from "./understand";
import { distance, fold } from "./words";

/** A patient that a question is about, with the name where this turn learnt it. */
export interface Patient {
  readonly id: string;
  readonly name: string | undefined;
}

export type People =
  | { readonly kind: "known"; readonly patients: readonly Patient[]; readonly notes: readonly string[] }
  /** More than one fits: the choices as lines. */
  | { readonly kind: "unclear"; readonly why: string; readonly choices: readonly string[] }
  | { readonly kind: "nobody"; readonly why: string }
  | { readonly kind: "unnamed" }
  | { readonly kind: "looking" };

/** Finds out who is meant: by number, name, bed, an answer to a question back, or what was spoken of before. */
export function findPeople(asked: Understanding, chat: ChatSoFar, openChart: string | undefined, desk: Desk): People {
  const patients: Patient[] = [];
  const unknown: string[] = [];
  let looking = false;
  for (const subject of asked.subjects) {
    // Beside "she" or "the patient" an unknown word is no name, and not worth a search.
    if (subject.kind === "name" && !subject.certain && asked.refersBack) continue;
    const found = lookUp(subject, desk);
    if (found.kind === "looking") looking = true;
    else if (found.kind === "known") patients.push(...found.patients);
    else if (found.kind === "unclear") return found;
    // A name that nobody bears must never fall back to another patient.
    else if (found.kind === "nobody") unknown.push(found.why);
  }
  if (looking) return { kind: "looking" };
  if (patients.length > 0) return { kind: "known", patients: distinct(patients), notes: unknown };
  if (unknown.length > 0) return { kind: "nobody", why: unknown.join("\n") };
  return fromContext(asked, chat, openChart);
}

function fromContext(asked: Understanding, chat: ChatSoFar, openChart: string | undefined): People {
  const known = (ids: readonly string[]): People => ({
    kind: "known",
    patients: ids.map((id) => ({ id, name: undefined })),
    notes: [],
  });
  if (asked.openChart && openChart) return known([openChart]);
  const spoken = chat.lastPatients;
  if (asked.all && spoken.length > 1) return known(spoken);
  const candidates = [...new Set([...spoken, ...(openChart ? [openChart] : [])])];
  if (candidates.length === 0) return { kind: "unnamed" };
  if (chat.lostThread && asked.refersBack)
    return {
      kind: "unclear",
      why: "I found nobody of the last name, so I do not know whom you mean.",
      choices: candidates.map((id) => link(id, id)),
    };
  if (candidates.length === 1) return known(candidates);
  return {
    kind: "unclear",
    why:
      openChart && !spoken.includes(openChart)
        ? "The chart that is open is not the one this chat spoke of last."
        : "This chat spoke of more than one patient.",
    choices: candidates.map((id) => `${link(id, id)}${id === openChart ? ", whose chart is open" : ""}`),
  };
}

function lookUp(subject: Subject, desk: Desk): People {
  if (subject.kind === "number")
    return { kind: "known", patients: [{ id: subject.number, name: undefined }], notes: [] };
  return subject.kind === "bed" ? byBed(subject.bed, desk) : byName(subject, desk);
}

function byBed(bed: string, desk: Desk): People {
  const ward = desk.look("list_ward", {});
  if (!ward) return { kind: "looking" };
  if (!ward.ok) return { kind: "nobody", why: ward.message };
  const wanted = bedKey(bed);
  const rows = ward.value.patients.filter((row) => {
    const key = bedKey(row.bed ?? "");
    return key === wanted || key.split("-").at(-1) === wanted;
  });
  return choose(
    rows,
    `Nobody in bed ${plain(bed)} on your wards or lists.`,
    `More than one bed is called ${plain(bed)}.`,
  );
}

const bedKey = (bed: string) =>
  fold(bed)
    .replace(/\b0+(?=\d)/gu, "")
    .replace(/\s+/gu, "");

function byName(subject: Subject & { kind: "name" }, desk: Desk): People {
  const [first = ""] = subject.words;
  const last = subject.words.at(-1) ?? first;
  if (last.length < 2) return { kind: "nobody", why: `${plain(subject.shown)} is too short to search for.` };
  const shown = plain(subject.shown);
  const absent = `No patient named ${shown} on your wards or lists.`;
  // Two words narrow a search; of three or more, the search would take the second for a given name.
  const query = subject.words.length === 2 ? `${last} ${first}` : subject.words.length > 2 ? first : last;
  const found = desk.look("find_patients", { query });
  if (!found) return { kind: "looking" };
  if (!found.ok) return { kind: "nobody", why: found.message };
  // A number of letters alone reads like a name until the search knows it as a number.
  const numbered = found.value.patients.filter(
    (patient) => subject.words.length === 1 && fold(patient.patient_id) === last,
  );
  if (numbered.length > 0) return choose(numbered, absent, absent);
  const named = found.value.patients.filter((patient) => subject.words.every((word) => bears(patient.name, word)));
  // "Mrs Arnold" beside a Mr Arnold is clear; a title that fits nobody is no reason to find nobody.
  const titled = named.filter(
    (patient) => subject.title !== undefined && nameParts(patient.name).includes(subject.title),
  );
  const fitting = titled.length > 0 ? titled : named;
  if (fitting.length > 0 || !subject.certain || last.length < 4)
    return choose(
      fitting,
      absent,
      `${found.value.truncated ? "Many patients" : "Several patients"} fit the name ${shown}.`,
    );
  // Nobody is called so: perhaps it is misspelt. A near name is offered, never taken.
  const near = desk.look("find_patients", { query: last.slice(0, 3) });
  if (!near) return { kind: "looking" };
  const alike = near.ok
    ? near.value.patients.filter((patient) => nameParts(patient.name).some((part) => distance(part, last, 2) <= 2))
    : [];
  if (alike.length === 0) return { kind: "nobody", why: absent };
  return { kind: "unclear", why: `${absent} Names that are spelt alike:`, choices: alike.slice(0, 8).map(choice) };
}

function choose(rows: readonly Overview[], absent: string, several: string): People {
  const [only] = rows;
  if (!only) return { kind: "nobody", why: absent };
  if (rows.length > 1) return { kind: "unclear", why: several, choices: rows.slice(0, 8).map(choice) };
  return { kind: "known", patients: [{ id: only.patient_id, name: only.name }], notes: [] };
}

/** A patient as one choice among several: enough to tell them apart, nothing clinical. */
function choice(patient: Overview): string {
  const born = patient.birth_year === null ? "birth year not recorded" : `born ${patient.birth_year}`;
  const bed = patient.bed ? `, ${patient.ward ? `${patient.ward} ` : ""}bed ${patient.bed}` : "";
  return `${link(plain(patient.name), patient.patient_id)}, ${patient.patient_id}, ${patient.gender}, ${born}${plain(bed)}`;
}

function nameParts(name: string): string[] {
  return fold(name)
    .split(/[^a-z0-9'-]+/u)
    .filter((part) => part !== "");
}

function bears(name: string, word: string): boolean {
  return nameParts(name).some((part) => part.startsWith(word));
}

/** Each patient once, with the name where any of the ways to them told it. */
function distinct(patients: readonly Patient[]): Patient[] {
  const found = new Map<string, Patient>();
  for (const patient of patients)
    found.set(patient.id, { ...patient, name: patient.name ?? found.get(patient.id)?.name });
  return [...found.values()];
}

/** The choice that an answer to a question back names by its place: "the second one", "2", "the open chart". */
export function chosenByPlace(words: string, lastAnswer: string): string | undefined {
  const choices = linkedPatients(lastAnswer);
  const places = [
    /^(?:the )?(?:first|1|1st)(?: one)?$/u,
    /^(?:the )?(?:second|2|2nd)(?: one)?$/u,
    /^(?:the )?(?:third|3|3rd)(?: one)?$/u,
    /^(?:the )?(?:fourth|4|4th)(?: one)?$/u,
  ];
  const place = places.findIndex((pattern) => pattern.test(words));
  if (place >= 0) return choices[place];
  return choices.length === 1 && /^(?:yes|yeah|yep|correct|right|that one|him|her)\b/u.test(words)
    ? choices[0]
    : undefined;
}
