import type { ModelMessage } from "../model";

/** What of a chat bears on its last question. */
export interface ChatSoFar {
  readonly question: string;
  /** The person's questions before this one, newest first. */
  readonly previous: readonly string[];
  /** The assistant's last answer before this question; undefined in a new chat. */
  readonly lastAnswer: string | undefined;
  /** The patients of the newest earlier turn that spoke of any, in the order they were spoken of. */
  readonly lastPatients: readonly string[];
  /** The question before this one named somebody whom nobody fits: "her" may still mean that person. */
  readonly lostThread: boolean;
  /** The assistant's calls and their results since the question. */
  readonly turn: readonly ModelMessage[];
}

/** The last words of an answer that asks which patient is meant; how the next turn knows that it was asked. */
export const askBack = "Which patient do you mean? Answer with a name or a number.";

export function readChat(messages: readonly ModelMessage[]): ChatSoFar {
  const asked = messages.findLastIndex((message) => message.author === "person");
  const before = messages.slice(0, Math.max(asked, 0));
  const persons = before.flatMap((message) => (message.author === "person" ? [message.text] : []));
  const answers = before.flatMap((message) =>
    message.author === "assistant" && message.text !== "" ? [message.text] : [],
  );
  const question = messages[asked];
  return {
    question: question?.author === "person" ? question.text : "",
    previous: persons.toReversed(),
    lastAnswer: answers.at(-1),
    lastPatients: lastPatients(before),
    lostThread: lostThread(before),
    turn: messages.slice(asked + 1),
  };
}

function lastPatients(messages: readonly ModelMessage[]): string[] {
  const found: string[] = [];
  for (const message of messages.toReversed()) {
    if (message.author === "person" && found.length > 0) break;
    if (message.author !== "assistant") continue;
    const numbers = message.toolCalls.map((call) => call.arguments.patient_id).filter((id) => typeof id === "string");
    found.unshift(...numbers.map((id) => id.toUpperCase()));
    if (numbers.length === 0 && message.toolCalls.length === 0) found.unshift(...onlyLinked(message.text));
  }
  return [...new Set(found)];
}

function lostThread(messages: readonly ModelMessage[]): boolean {
  const asked = messages.findLastIndex((message) => message.author === "person");
  const turn = messages.slice(Math.max(asked, 0));
  const calls = turn.flatMap((message) => (message.author === "assistant" ? message.toolCalls : []));
  const searched = calls.some((call) => call.name === "find_patients");
  const found = turn.some((message) => message.author === "assistant" && linkedPatients(message.text).length > 0);
  return searched && !found && !calls.some((call) => call.arguments.patient_id !== undefined);
}

/** The patient of an answer from a list, when it spoke of a single one; an answer that asked back speaks of nobody yet. */
function onlyLinked(text: string): string[] {
  if (text.endsWith(askBack)) return [];
  const linked = new Set(linkedPatients(text));
  return linked.size === 1 ? [...linked] : [];
}

/** The patients that an answer links, in order, once each. */
export function linkedPatients(text: string): string[] {
  return [...new Set([...text.matchAll(/\(chart:([A-Z0-9]{3,12})[/)]/gu)].map((match) => match[1] ?? ""))];
}
