import type { ToolCallView } from "../../shared/assistant/turn";
import type { Conversation } from "./conversation";

/** What became of a tool call, in words: the folded line and the spoken status say the same. */
export function verdictOf(call: ToolCallView): {
  readonly words: string;
  readonly kind: "running" | "good" | "refused" | "fault";
} {
  if (call.ok === null) return { words: "running", kind: "running" };
  if (call.ok) return { words: "ok", kind: "good" };
  switch (call.code) {
    case "RBAC_DENIED":
      return { words: "denied", kind: "refused" };
    case "PATIENT_NOT_FOUND":
      return { words: "not found", kind: "refused" };
    case "INVALID_INPUT":
      return { words: "not understood", kind: "fault" };
    case "UNKNOWN_TOOL":
      return { words: "no such tool", kind: "fault" };
    case "STOPPED":
      return { words: "stopped", kind: "refused" };
    default:
      return { words: "failed", kind: "fault" };
  }
}

/**
 * The one line that a screen reader hears while an answer is made: what is being looked up, what came of it and how
 * the answer ended. Never the chunks themselves, which would talk over everything else.
 */
export function spokenStatus(conversation: Conversation): string {
  const turn = conversation.turn;
  if (turn && turn.phase !== "failed") {
    const call = turn.toolCalls.at(-1);
    if (turn.phase === "catching-up") return "The assistant is answering.";
    if (!call) return turn.text === "" ? "Question sent." : "The assistant is answering.";
    if (call.ok === null) return `Looking up: ${call.toolName}.`;
    return `${call.toolName}: ${verdictOf(call).words}.`;
  }
  if (turn?.failure?.code === "STOPPED") return "Stopped.";
  if (turn?.phase === "failed") return "The answer failed.";
  if (conversation.ended === "complete") return "The answer is complete.";
  if (conversation.ended === "incomplete") return "The answer is incomplete.";
  return "";
}

/** A tool call's time as it is printed: `8 ms`, `1.4 s`. */
export function durationWords(milliseconds: number | null): string {
  if (milliseconds === null) return "";
  return milliseconds < 1000 ? `${Math.max(1, Math.round(milliseconds))} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
