import type { McpOutcome } from "../mcp/mcp-tool-client";

/**
 * A tool's outcome as text for a model. One that is too long loses the ends of its longest lists, which are the oldest
 * entries, and says so in the text itself: an answer must not take what was left out for what is not there.
 */
export function resultText(outcome: McpOutcome, limit: number | null): string {
  if (!outcome.ok) return JSON.stringify({ code: outcome.failure.code, message: outcome.failure.message });
  const whole = JSON.stringify(outcome.value);
  if (limit === null || whole.length <= limit) return whole;
  const shortened: Record<string, unknown> = { ...outcome.value };
  const lengths = new Map<string, number>();
  for (const [key, value] of Object.entries(shortened)) if (Array.isArray(value)) lengths.set(key, value.length);
  for (;;) {
    const longest = longestList(shortened);
    if (!longest)
      return JSON.stringify({ code: "UNEXPECTED", message: "The result is too long to be given to this model." });
    shortened[longest.key] = longest.list.slice(0, Math.floor(longest.list.length / 2));
    const leftOut = [...lengths].map(([key, total]) => leftOutLine(key, shortened[key] as unknown[], total));
    const text = JSON.stringify({ ...shortened, _left_out: leftOut.filter((line) => line !== "") });
    if (text.length <= limit) return text;
  }
}

function longestList(value: Readonly<Record<string, unknown>>): { key: string; list: unknown[] } | undefined {
  let longest: { key: string; list: unknown[]; size: number } | undefined;
  for (const [key, list] of Object.entries(value)) {
    if (!Array.isArray(list) || list.length === 0) continue;
    const size = JSON.stringify(list).length;
    if (!longest || size > longest.size) longest = { key, list, size };
  }
  return longest;
}

function leftOutLine(key: string, shown: readonly unknown[], total: number): string {
  return shown.length === total
    ? ""
    : `${key}: the first ${shown.length} of ${total} are shown; the rest was left out for length`;
}
