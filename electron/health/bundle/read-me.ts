/** The page that lies in every bundle, for whoever sends it and whoever receives it. */
export function readMe(written: {
  readonly takenAt: string;
  readonly version: string;
  readonly logs: readonly string[];
}): string {
  return `Lamplight diagnostic bundle
===========================

Written ${written.takenAt} by Lamplight ${written.version}. It is for the people who look after this workstation.

What is inside
  report.json         what the health page showed: database, schema, keys, clock, disk, model, updates
  configuration.json  what this workstation is told to do and who decided it; a secret reads "set" or "not set"
  versions.json       versions of Lamplight, of its runtime and of the operating system
${written.logs.map((name) => `  ${name.padEnd(19)} lines of a log, filtered`).join("\n") || "  (no log was found)"}

What is not inside
  Nothing of a patient. No name of a person, no user name, no password, no key, no certificate.
  No name or address of a machine: names are replaced by handles such as address-1a2b3c4d. On this workstation the same
  name always has the same handle, and nobody can turn a handle back without a key that stays here.

How the logs were filtered
  Only lines of shapes that Lamplight and PostgreSQL are known to write are let through, and of these only times, figures,
  known words and places in Lamplight's own program. Everything else is replaced by its length, as in
  "(42 characters withheld)". If a reference such as 3f9a1c20 was shown on a screen, look for it in the logs.

Read it before you send it: it is plain text throughout.
`;
}
