import { withheld } from "./log-lines";

/**
 * What the embedded PostgreSQL writes about itself, in whole sentences with nothing but figures in the gaps. A sentence with
 * a name in it (a user, a database, a constraint, a file) is cut before the name or not listed.
 */
const sentences: readonly RegExp[] = [
  /^starting PostgreSQL \d{1,2}(?:\.\d{1,2})?/u,
  /^listening on (?:IPv4|IPv6|Unix)/u,
  /^database system (?:is ready to accept connections|is shut down|was shut down|was interrupted|is starting up|is shutting down|was not properly shut down)/u,
  /^automatic recovery in progress/u,
  /^(?:redo|invalid record length|redo done|consistent recovery state reached|end-of-recovery checkpoint)/u,
  /^checkpoint (?:starting|complete)/u,
  /^restartpoint (?:starting|complete)/u,
  /^checkpoints are occurring too frequently/u,
  /^received (?:fast|smart|immediate) shutdown request/u,
  /^(?:aborting any active transactions|shutting down|terminating any other active server processes|all server processes terminated; reinitializing)/u,
  /^terminating connection (?:due to|because)/u,
  /^background worker/u,
  /^(?:password authentication failed|no pg_hba\.conf entry|remaining connection slots are reserved|sorry, too many clients already|the database system is (?:starting up|shutting down|in recovery mode))/u,
  /^(?:could not extend file|could not write to file|could not fsync file|No space left on device|out of memory|out of shared memory|deadlock detected)/u,
  /^(?:connection to client lost|could not receive data from client|could not send data to client|unexpected EOF on client connection|unexpected EOF within message length word)/u,
  /^(?:canceling statement due to|canceling autovacuum task)/u,
  /^server process$/u,
];

/** One line of the server's log, with the prefix that we give it (`%m [%p] `), as it may leave the workstation. */
export function serverLine(line: string): string {
  const found =
    /^(?<head>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} (?:UTC|GMT) \[\d{1,8}\] (?:LOG|WARNING|ERROR|FATAL|PANIC|NOTICE|HINT|DETAIL)): {1,4}(?<text>.*)$/su.exec(
      line,
    );
  if (!found?.groups) return withheld(line);
  const { head = "", text = "" } = found.groups;
  for (const sentence of sentences) {
    const known = sentence.exec(text)?.[0];
    if (known === undefined) continue;
    const rest = text.slice(known.length);
    return `${head}: ${known}${rest === "" ? "" : ` ${withheld(rest)}`}`;
  }
  return `${head}: ${withheld(text)}`;
}
