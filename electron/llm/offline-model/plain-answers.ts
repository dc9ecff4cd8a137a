import { type Permission, permissionNames, permissions } from "../../../shared/access/permissions";
import { may, reachOf } from "../../../shared/access/role-permissions";
import type { Role } from "../../../shared/access/roles";
import { type ToolName, tools, toolsFor } from "../../../shared/tools/registry";
import { dayOf, timeOf } from "./say";

/** What is said once, at the head of a new chat. */
export const whatIAm =
  "_I am a built-in assistant, not a language model: I look things up in the chart and answer from it._";

const reaches = {
  all: "Of all patients",
  "care-team": "Of patients on your wards and lists",
  own: "Of yourself",
} as const;
const unspoken: ReadonlySet<Permission> = new Set(["phi.read", "identity.masked", "assistant.use"]);

/** Words that name what somebody asks to see. */
const asked: readonly { readonly says: RegExp; readonly permission: Permission }[] = [
  { says: /address|phone|\bssn\b|social security|e-?mail|emergency|next of kin/u, permission: "identity.read" },
  { says: /insur/u, permission: "insurance.read" },
  { says: /birth|\bdob\b/u, permission: "birth-date.read" },
  { says: /records?\b|notes?\b|diagnos|procedure|vaccin|immuni/u, permission: "records.read" },
  { says: /vital|\bobs\b|observation|score|news2?\b|pressure|pulse|temperature/u, permission: "vital-signs.read" },
  { says: /medic(?:ine|ation)|\bmeds?\b|drugs?\b|prescri/u, permission: "medications.read" },
  { says: /allerg/u, permission: "allergies.read" },
  { says: /treatment|\bplans?\b/u, permission: "treatment-plans.read" },
  { says: /appointment/u, permission: "appointments.read" },
  { says: /admission|admitted|encounter/u, permission: "admissions.read" },
  { says: /schedule|department|rota|who is on duty/u, permission: "shifts.read" },
  { says: /audit/u, permission: "audit.read" },
  { says: /\bbeds?\b|\bward\b/u, permission: "placement.read" },
];

/** What a role may see and what not, from the very table that the door decides by; or about one thing, where one is named. */
export function permissionsAnswer(role: Role, words: string): string {
  const one = asked.filter(({ says }) => says.test(words)).map(({ permission }) => permission);
  if (one.length > 0) return one.map((permission) => aboutOne(role, permission)).join("\n\n");
  const granted = permissionNames.filter((name) => may(role, name) && !unspoken.has(name));
  const withheld = permissionNames.filter((name) => !may(role, name) && !unspoken.has(name));
  const lines = (["all", "care-team", "own"] as const).flatMap((reach) => {
    const names = granted.filter((name) => reachOf(role, name) === reach).map((name) => permissions[name]);
    return names.length > 0 ? [`- ${reaches[reach]}: ${names.join("; ")}`] : [];
  });
  return [
    `Your role (${role}) may see or do:`,
    "",
    ...lines,
    "",
    `It may not: ${withheld.map((name) => permissions[name]).join("; ")}.`,
    "",
    `${granted.some((name) => reachOf(role, name) === "care-team") ? `${onlyTheTeam} ` : ""}I have exactly your rights, no more. The whole table is “What I may see”.`,
  ].join("\n");
}

const onlyTheTeam = "A patient who is on none of your wards or lists is answered like one who does not exist.";

function aboutOne(role: Role, permission: Permission): string {
  const reach = reachOf(role, permission);
  const words = permissions[permission];
  if (reach === undefined) {
    const masked =
      permission === "identity.read" && may(role, "identity.masked") ? " You see that these fields exist, masked." : "";
    return `Your role (${role}) may not see ${words}: it lacks the permission ${permission}.${masked} That is the hospital's table of roles, the same for the screens and for me.`;
  }
  return `Your role (${role}) may see ${words}. ${reaches[reach]}.${reach === "care-team" ? ` ${onlyTheTeam}` : ""}`;
}

const examples: readonly { readonly tool: ToolName; readonly says: string }[] = [
  { tool: "list_ward", says: "“Who is on my ward?”, “Who is sickest?”, “What is due next?”" },
  { tool: "find_patients", says: "“Find Arnold”" },
  { tool: "get_patient_overview", says: "“Overview of FCE57”" },
  {
    tool: "get_vital_signs",
    says: "“Latest vitals of FCE57”, “Is her blood pressure going up?”, “Why is her NEWS2 so high?”",
  },
  { tool: "get_medications", says: "“What is she on?”, “Is she on metformin?”" },
  { tool: "get_allergies", says: "“Is she allergic to penicillin?”" },
  { tool: "get_medical_records", says: "“Get medical records for FCE57”, “Last nursing note”, “Her diagnoses”" },
  { tool: "get_treatment_plans", says: "“Her treatment plan”" },
  { tool: "get_appointments", says: "“Next appointment of FCE57”" },
  { tool: "get_admissions", says: "“When was she admitted?”" },
  { tool: "get_patient_phi", says: "“Insurance of FCE57”" },
  { tool: "get_my_shifts", says: "“When do I work next?”" },
  { tool: "get_shifts", says: "“Who is on duty?”" },
];

export function helpAnswer(role: Role): string {
  return [
    "I look things up with your rights and say where each fact stands in the chart. I cannot write, give advice, or see more than you. You can ask, for example:",
    "",
    ...exampleLines(role),
    "- “What may I see?”",
  ].join("\n");
}

export function notUnderstood(role: Role): string {
  return [
    "I did not understand that. I am not a language model and know only questions about the chart, such as:",
    "",
    ...exampleLines(role).slice(0, 6),
    "- “Help” for all of them",
  ].join("\n");
}

function exampleLines(role: Role): string[] {
  const offered = new Set<ToolName>(toolsFor(role));
  return examples
    .filter((example) => offered.has(example.tool))
    .map((example) => `- ${tools[example.tool].title}: ${example.says}`);
}

export const greetingAnswer =
  "Hello. Ask me about your ward or a patient, by name or number; “Help” shows what I understand.";
export const oneAtATime =
  "That stands in each patient's own chart, and I read one chart at a time: name a patient. For the whole ward I know who is there, the early warning scores, and the medicines due.";
export const tooLong = "That is longer than I can read. Ask in a sentence or two.";
export const thanksAnswer = "You are welcome.";
export const writeAnswer =
  "I cannot write to the chart, give, book, send or move anything; I only look things up. Open the patient's chart and do it there, so that it is recorded in your name.";
export const breakGlassAnswer =
  "I cannot break the glass: emergency access is never given through me, and this version has none yet.";
export const adviceRefusal =
  "I do not give advice on treatment or doses: that is for you and the doctor to decide. What the chart says:";
export const whichPatient = "Which patient?";

export function timeAnswer(now: Date): string {
  return `It is ${timeOf(now)} on ${dayOf(now)}.`;
}
