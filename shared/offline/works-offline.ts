/** The commands that need no database. Whatever else is asked for in an offline session is refused with OFFLINE, at once. */
const names: ReadonlySet<string> = new Set([
  "settings.change",
  "session.current",
  "session.remember",
  "session.stay",
  "session.pulse",
  "drafts.list",
  "drafts.keep",
  "drafts.shred",
  "session.lock",
  "session.lockAndSwitch",
  "session.signOut",
  "offline.ward",
  "offline.chart",
  "offline.waiting",
  "attention.local",
  "attention.settleLocal",
  "vitals.record",
  "configuration.view",
  "updates.view",
]);

export function worksOffline(command: string): boolean {
  return names.has(command);
}
