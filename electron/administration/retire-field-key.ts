import { alone, holdersOf, holdersWithout, openRotation } from "./key-links";
import { inOwnersTransaction, type Owner, recordAct } from "./owner";
import { AdministrationRefused } from "./refused";
import { countOthers } from "./reseal";

export interface Retirement {
  readonly retired: string;
  readonly current: string;
  /** User names of those who hold no field key any more. */
  readonly without: readonly string[];
  readonly sessionsEnded: number;
}

/**
 * Ends a rotation: the link and every sealed copy of the old key go, and PostgreSQL takes nothing more that is sealed with
 * it. Refused while a row is sealed with it, and while somebody has not got the new key yet; `force` takes it from them.
 */
export async function retireFieldKey(owner: Owner, options: { readonly force: boolean }): Promise<Retirement> {
  return alone(owner, () =>
    inOwnersTransaction(owner, async (query) => {
      const rotation = await openRotation(query);
      if (!rotation) throw new AdministrationRefused("There is no old field key to retire.");
      // Nobody seals another row with the old key between the count and the end.
      await query("LOCK TABLE hospital.patient_identity, hospital.patient_insurance IN SHARE ROW EXCLUSIVE MODE");
      const others = await countOthers(query, rotation.to);
      if (others > 0)
        throw new AdministrationRefused(
          `${others} rows are still sealed with another key. Run \`lamplight-admin keys rotate fields\` again first.`,
        );
      const without = await holdersWithout(query, rotation);
      if ((await holdersOf(query, rotation.to)).length === 0)
        throw new AdministrationRefused(
          "Nobody has the new field key yet: everybody would lose it for ever. Let its holders sign in first.",
        );
      if (without.length > 0 && !options.force)
        throw new AdministrationRefused(
          `${without.length} people have not signed in since the rotation and would lose the field key: ${listed(without)}. ` +
            "Wait for them; with --force they need an administrator to give them the key again.",
        );
      await query("DELETE FROM private.sealed_key WHERE purpose = 'fields' AND key_id = $1", [rotation.from]);
      await query("DELETE FROM private.key_link WHERE key_id = $1", [rotation.to]);
      await query("INSERT INTO private.retired_key (key_id) VALUES ($1)", [rotation.from]);
      const { rows } = await query(
        `UPDATE private.session s SET token_hash = NULL, ended_at = clock_timestamp(), ended_because = 'the field key was retired'
          WHERE s.ended_at IS NULL AND s.expires_at > clock_timestamp()
            AND (s.started_at < $1 OR s.staff_id IN (SELECT m.id FROM hospital.staff m WHERE m.username = ANY ($2))) RETURNING 1`,
        [rotation.begunAt, without],
      );
      const sessionsEnded = rows.length;
      await recordAct(query, "KEYS_ROTATED", {
        key: "fields",
        step: "retired",
        from: rotation.from,
        to: rotation.to,
        without: without.length,
        sessionsEnded,
      });
      return { retired: rotation.from, current: rotation.to, without, sessionsEnded };
    }),
  );
}

export function listed(names: readonly string[]): string {
  return names.slice(0, 20).join(", ") + (names.length > 20 ? ` and ${names.length - 20} more` : "");
}
