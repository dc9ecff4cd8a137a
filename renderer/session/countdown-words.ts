/** Seconds at which a screen reader says how much is left; once a second would drown everything else. */
const marks = [30, 10] as const;

export function leftWords(seconds: number): string {
  return seconds === 1 ? "1 second left." : `${seconds} seconds left.`;
}

/**
 * What is said aloud with so many seconds left, of a warning that opened with `atFirst`. The opening dialog is read with its
 * own figure; from then on only the marks that come after it, each once, because the words change at no other time.
 */
export function spokenLeft(seconds: number, atFirst: number): string {
  const passed = marks.filter((mark) => mark < atFirst && seconds <= mark).at(-1);
  return passed === undefined || seconds <= 0 ? "" : leftWords(passed);
}
