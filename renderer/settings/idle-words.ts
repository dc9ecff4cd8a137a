/** `15 minutes`, `1 minute`, `45 seconds`; what is no whole number of minutes is told in seconds. */
export function spanWords(seconds: number): string {
  if (seconds >= 60 && seconds % 60 === 0) return seconds === 60 ? "1 minute" : `${seconds / 60} minutes`;
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
}
