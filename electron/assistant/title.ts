import { isToolName, tools } from "../../shared/tools/registry";

/** The title of a chat until its first question gives it one. */
export const untitled = "New chat";

const longest = 48;

/** `Medical Records: FCE57`, from a tool call that found a patient; undefined for a tool without one. */
export function titleFromCall(toolName: string, args: Readonly<Record<string, unknown>>): string | undefined {
  const patient = args.patient_id;
  if (!isToolName(toolName) || typeof patient !== "string") return undefined;
  const words = tools[toolName].title.replace(/(?<=\s|^)\p{Ll}/gu, (letter) => letter.toUpperCase());
  return `${words}: ${patient.trim().toUpperCase()}`;
}

/** The first words of a question, whole words only. */
export function titleFromWords(question: string): string {
  const line = question.replace(/\s+/gu, " ").trim();
  if (line.length <= longest) return line === "" ? untitled : line;
  const cut = line.slice(0, longest);
  const lastSpace = cut.lastIndexOf(" ");
  return `${lastSpace > 20 ? cut.slice(0, lastSpace) : cut}…`;
}
