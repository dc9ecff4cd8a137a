import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newAnchorKey, openAnchorKey } from "../../electron/anchors/anchor-key";
import { Anchoring } from "../../electron/anchors/anchoring";
import { type AnchorsVerdict, checkAnchors } from "../../electron/anchors/check-anchors";
import { comparePoints, ownersPort } from "../../electron/anchors/port";
import { systemClock as clock } from "../../electron/clock";
import type { OwnerQuery } from "../../electron/database/pool";

/** A folder outside the database with anchors in it, written as IT's timer writes them. */
export interface AnchorPlace {
  readonly folder: string;
  readonly anchoring: Anchoring;
  readonly publicKey: string;
  /** The same folder and key over another database. */
  at(owner: OwnerQuery): Anchoring;
  check(query?: OwnerQuery): Promise<AnchorsVerdict>;
  remove(): void;
}

/** `owner` is a connection that no transaction is open on when it anchors. */
export function anchorPlace(owner: OwnerQuery): AnchorPlace {
  const folder = mkdtempSync(join(tmpdir(), "lamplight-anchors-"));
  const key = openAnchorKey(newAnchorKey());
  const name = `anchoring ${randomUUID().slice(0, 8)}`;
  const at = (query: OwnerQuery) =>
    new Anchoring({ folder, key, port: ownersPort((work) => work(query), name), clock });
  return {
    folder,
    anchoring: at(owner),
    at,
    publicKey: key.publicKey,
    check: async (query = owner) => {
      const { rows } = await query("SELECT id FROM private.installation");
      return checkAnchors({
        folder,
        installation: String(rows[0]?.["id"]),
        compare: comparePoints(async (text, values) => (await query(text, values)).rows, "private"),
        trusted: [key.publicKey],
      });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
