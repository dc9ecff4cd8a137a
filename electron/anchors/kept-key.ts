import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { SecretBox } from "../configuration/secret-box";
import { openSecrets } from "../configuration/secrets";
import { type AnchorKey, newAnchorKey, openAnchorKey } from "./anchor-key";

const NAME = "anchors of the audit";

/**
 * The signing key of this installation of the app, made at the first use. It lies beside, and like, the password of the
 * database's login: sealed by the system's key store where there is one, else in a file that this account alone may read.
 */
export function keptAnchorKey(home: string, box: () => SecretBox | undefined): AnchorKey {
  const folder = join(home, "anchoring");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secrets = openSecrets(folder, box);
  const known = secrets.read(NAME);
  if (known !== undefined) return openAnchorKey(known);
  const pem = newAnchorKey();
  secrets.keep(NAME, pem);
  return openAnchorKey(pem);
}

/** The same for a program without the key store: undefined where there is no key yet, or one that only the app can open. */
export function keyOfTheApp(home: string): AnchorKey | undefined {
  const known = openSecrets(join(home, "anchoring"), () => undefined).read(NAME);
  return known === undefined ? undefined : openAnchorKey(known);
}
