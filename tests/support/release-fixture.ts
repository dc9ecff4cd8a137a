import { readdirSync, readFileSync } from "node:fs";

/** What a released version's backup holds, told by that version itself. Everything in it is invented. */
export interface ReleaseFixture {
  readonly version: string;
  readonly passphrase: string;
  readonly migrations: readonly { readonly name: string; readonly sha256: string }[];
  readonly chat: {
    readonly username: string;
    readonly id: string;
    readonly title: string;
    readonly messages: readonly string[];
  };
  readonly identity: { readonly patient: string; readonly ssn: string; readonly dateOfBirth: string }[];
}

const folder = "tests/fixtures/releases";

/** One for each released schema. */
export function releaseFixtures(): { fixture: ReleaseFixture; backup: string }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({
      fixture: JSON.parse(readFileSync(`${folder}/${name}`, "utf8")) as ReleaseFixture,
      backup: `${folder}/${name.replace(/\.json$/u, ".backup")}`,
    }));
}
