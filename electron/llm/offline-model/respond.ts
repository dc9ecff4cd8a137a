import type { ModelRequest, ModelToolCall } from "../model";
import { allergiesAnswer } from "./allergies-answer";
import { askBack, type ChatSoFar, readChat } from "./chat-so-far";
import { createDesk } from "./desk";
import { chosenByPlace, findPeople, type Patient, type People } from "./find-people";
import { identityAnswer } from "./identity-answer";
import { dueAnswer, medicationsAnswer } from "./medicines-answers";
import * as plain from "./plain-answers";
import * as records from "./records-answers";
import { plain as inert, link } from "./say";
import type { PatientAnswer, Scene } from "./scene";
import { myShiftsAnswer, shiftsAnswer } from "./shift-answers";
import { admissionsAnswer, appointmentsAnswer, overviewAnswer, plansAnswer } from "./stay-answers";
import { adviceAnswer, summaryAnswer } from "./summary-answers";
import { type PatientTopic, patientTopics, type Topic } from "./topics";
import { type Ask, type Understanding, understand } from "./understand";
import { laboratoryAnswer, measureAnswer, scoreAnswer, vitalsAnswer } from "./vitals-answers";
import * as ward from "./ward-answers";

/** What the offline assistant does next: look things up, or answer. */
export type Response =
  | { readonly kind: "calls"; readonly calls: readonly ModelToolCall[] }
  | { readonly kind: "answer"; readonly text: string };

/** The same limit as the turn's, so that a question that is too wide is told so instead of being cut off. */
const mostLookUps = 8;

const patientAnswers: Readonly<Record<PatientTopic, PatientAnswer>> = {
  overview: overviewAnswer,
  summary: summaryAnswer,
  records: records.recordsAnswer,
  notes: records.notesAnswer,
  diagnoses: records.diagnosesAnswer,
  procedures: records.proceduresAnswer,
  immunizations: records.immunizationsAnswer,
  vitals: vitalsAnswer,
  measure: measureAnswer,
  laboratory: laboratoryAnswer,
  score: scoreAnswer,
  medications: medicationsAnswer,
  due: dueAnswer,
  allergies: allergiesAnswer,
  plans: plansAnswer,
  appointments: appointmentsAnswer,
  admissions: admissionsAnswer,
  identity: identityAnswer,
  advice: adviceAnswer,
};

/** More than this is no question to a look-up, and reading it would hold up the whole window. */
const longestQuestion = 1500;

/** Decides from the chat alone what to do next. Pure: the same chat at the same time gives the same response. */
export function respond(request: ModelRequest, now: Date): Response {
  const chat = readChat(request.messages);
  const desk = createDesk(chat.turn);
  const scene: Scene = { now, role: request.role, desk };
  if (chat.question.length > longestQuestion) return answering(plain.tooLong, chat);
  const asked = complete(understand(chat.question, now), chat, now);
  const text = write(asked, chat, request.patientId, scene);
  const made = chat.turn.filter((message) => message.author === "tool").length;
  const calls = desk.missing;
  if (calls.length > 0 && made + calls.length <= mostLookUps) return { kind: "calls", calls };
  const answer =
    calls.length > 0
      ? `That needs more than ${mostLookUps} look-ups at once. Ask about fewer patients or fewer things.`
      : (text ?? plain.notUnderstood(request.role));
  return answering(answer, chat);
}

function answering(answer: string, chat: ChatSoFar): Response {
  return { kind: "answer", text: chat.lastAnswer === undefined ? `${plain.whatIAm}\n\n${answer}` : answer };
}

/** Fills in what a short follow-up leaves out: "FCE57" after a question back, "and Michael?", "why?". */
function complete(asked: Understanding, chat: ChatSoFar, now: Date): Understanding {
  if (chat.previous.length === 0) return asked;
  // "and Michael?" may itself follow "and Leah?": what was asked is further back.
  const earlier = chat.previous.slice(0, 6).map((said) => understand(said.slice(0, longestQuestion), now));
  const before = earlier.find((one) => one.asks.length > 0) ?? asked;
  const wasAskedBack = chat.lastAnswer?.endsWith(askBack) === true;
  if (wasAskedBack) {
    const chosen = chosenByPlace(asked.words, chat.lastAnswer ?? "");
    if (chosen !== undefined) return { ...asked, asks: before.asks, subjects: [{ kind: "number", number: chosen }] };
    if (onlyNames(asked)) return { ...asked, asks: before.asks };
  }
  if (asked.asks.length === 0 && asked.subjects.length > 0 && asked.continues) return { ...asked, asks: before.asks };
  if (/^(?:but )?why\b/u.test(asked.words) && asked.asks.length === 0) {
    const scored = before.asks.some((ask) => ["score", "sickest", "ward", "vitals"].includes(ask.topic));
    return scored ? understand("why is the news2 score so", now) : asked;
  }
  return asked;
}

function onlyNames(asked: Understanding): boolean {
  return asked.asks.every((ask) => ask.topic === "overview") && (asked.subjects.length > 0 || asked.openChart);
}

function write(asked: Understanding, chat: ChatSoFar, openChart: string | undefined, scene: Scene): string | undefined {
  const asks = asked.asks.length > 0 ? asked.asks : impliedAsks(asked);
  const sections: (string | undefined)[] = [];
  const ofPatients: Ask[] = [];
  for (const ask of asks) {
    if (isAboutPatients(ask, asked, chat, openChart)) ofPatients.push(ask);
    else sections.push(writeOther(ask, asked, scene));
  }
  if (ofPatients.length > 0) sections.push(writeAboutPatients(ofPatients, asked, chat, openChart, scene));
  if (sections.length === 0 || sections.some((section) => section === undefined)) return undefined;
  return [...new Set(sections)].join("\n\n");
}

/** A name or number alone asks who that is; unknown words without any question are no search. */
function impliedAsks(asked: Understanding): readonly Ask[] {
  const named = asked.subjects.some((subject) => subject.kind !== "name" || subject.certain);
  const short = asked.words.split(" ").length <= 3 && asked.subjects.length > 0 && !asked.refersBack;
  if (!named && !short) return [];
  return [
    { topic: "overview", measures: [], laboratory: [], trend: false, window: undefined, named: [], words: asked.words },
  ];
}

function isAboutPatients(ask: Ask, asked: Understanding, chat: ChatSoFar, openChart: string | undefined): boolean {
  if (!patientTopics.has(ask.topic)) return false;
  // "What is due next?" is a question about the ward unless somebody is named or clearly meant.
  if (ask.topic === "due") return asked.subjects.length > 0 || asked.refersBack || asked.openChart;
  if (ask.topic === "advice")
    return asked.subjects.length > 0 || chat.lastPatients.length > 0 || openChart !== undefined;
  return true;
}

function writeOther(ask: Ask, asked: Understanding, scene: Scene): string | undefined {
  const question = { ward: asked.ward, words: asked.words };
  const topic: Topic = ask.topic;
  switch (topic) {
    case "ward":
      return ward.wardAnswer(question, scene);
    case "sickest":
      return ward.sickestAnswer(question, scene);
    case "overdue":
      return ward.overdueAnswer(question, scene);
    case "due":
      return ward.wardDueAnswer(question, scene);
    case "my-shifts":
      return myShiftsAnswer(scene);
    case "shifts":
      return shiftsAnswer(asked.words, scene);
    case "find":
      return findAnswer(asked, scene);
    case "permissions":
      return plain.permissionsAnswer(scene.role, asked.words);
    case "help":
      return plain.helpAnswer(scene.role);
    case "greeting":
      return plain.greetingAnswer;
    case "thanks":
      return plain.thanksAnswer;
    case "write":
      return plain.writeAnswer;
    case "break-glass":
      return plain.breakGlassAnswer;
    case "time":
      return plain.timeAnswer(scene.now);
    case "everybody":
      return plain.oneAtATime;
    case "advice":
      return `${plain.adviceRefusal.split(":")[0]}. Name a patient, and I show what the chart says.`;
    default:
      return plain.notUnderstood(scene.role);
  }
}

function writeAboutPatients(
  asks: readonly Ask[],
  asked: Understanding,
  chat: ChatSoFar,
  openChart: string | undefined,
  scene: Scene,
): string | undefined {
  const people = findPeople(asked, chat, openChart, scene.desk);
  if (people.kind === "looking") return undefined;
  if (people.kind === "unclear") return question(people);
  if (people.kind === "unnamed")
    return `${plain.whichPatient} No chart is open and this chat has not spoken of anybody yet. ${askBack}`;
  if (people.kind === "nobody") return people.why;
  const blocks = people.patients.map((patient) => writeAboutOne(patient, asks, scene));
  if (blocks.some((block) => block === undefined)) return undefined;
  return [...people.notes, ...blocks].join("\n\n");
}

function writeAboutOne(patient: Patient, asks: readonly Ask[], scene: Scene): string | undefined {
  const sections = asks.map((ask) => patientAnswers[ask.topic as PatientTopic](patient, ask, scene));
  if (sections.some((section) => section === undefined)) return undefined;
  return [...new Set(sections)].join("\n\n");
}

function question(people: People & { kind: "unclear" }): string {
  return [people.why, "", ...people.choices.map((choice, place) => `${place + 1}. ${choice}`), "", askBack].join("\n");
}

function findAnswer(asked: Understanding, { desk }: Scene): string | undefined {
  const names = asked.subjects.flatMap((subject) =>
    subject.kind === "name" ? [subject.words.at(-1) ?? ""] : subject.kind === "number" ? [subject.number] : [],
  );
  if (names.length === 0) return "Whom shall I look for? Give me the beginning of a name, or a patient number.";
  const sections = names.map((name) => {
    const found = desk.look("find_patients", { query: name });
    if (!found) return undefined;
    if (!found.ok) return found.message;
    const { patients, truncated } = found.value;
    if (patients.length === 0) return `Nobody called “${inert(name)}” on your wards or lists.`;
    const lines = patients
      .slice(0, 12)
      .map(
        (one) =>
          `- ${link(inert(one.name), one.patient_id)}, ${one.patient_id}, ${one.gender}, ${one.birth_year === null ? "birth year not recorded" : `born ${one.birth_year}`}${one.bed ? `, bed ${inert(one.bed)}` : ""}`,
      );
    return [
      "Found:",
      "",
      ...lines,
      ...(truncated || patients.length > 12 ? ["- more exist; give me more letters"] : []),
    ].join("\n");
  });
  return sections.some((section) => section === undefined) ? undefined : sections.join("\n\n");
}
