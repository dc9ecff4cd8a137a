import type { AnchoredHead, AnchoredPoint } from "../../shared/audit/anchor";
import type { OwnerQuery, Query, Row } from "../database/pool";

/** What an anchor needs of the database: a turn to write one, the heads, and the entry that says it was written. */
export interface AnchoringPort {
  /** Undefined: it is not this one's turn, or there is no hospital yet. */
  begin(): Promise<AnchoringTurn | undefined>;
}

export interface AnchoringTurn {
  readonly installation: string;
  /** The heads of chains that grew since a moment; null: of all. Each is one that was committed. */
  heads(since: Date | null): Promise<AnchoredHead[]>;
  /** The database's clock. */
  now(): Promise<Date>;
  /** Takes the anchor down in the installation's chain, once it is safe on the disk. */
  record(anchor: { number: number; root: string; statement: string; key: string; chains: number }): Promise<void>;
}

const PAGE = 5000;

function headOf(row: Row): AnchoredHead {
  return [String(row["id"]), Number(row["sequence"]), (row["hash"] as Buffer).toString("hex")];
}

const databaseClock = ([row]: readonly Row[]) => new Date(String(row?.["now"]));

async function allPages(page: (after: string | null) => Promise<Row[]>): Promise<AnchoredHead[]> {
  const heads: AnchoredHead[] = [];
  for (let after: string | null = null; ; ) {
    const rows = await page(after);
    for (const row of rows) heads.push(headOf(row));
    if (rows.length < PAGE) return heads;
    after = String(rows.at(-1)?.["id"]);
  }
}

/** With the workstation's login, under a lease that one workstation holds at a time. */
export function workstationPort(statement: Query, workstation: string, everySeconds: number): AnchoringPort {
  return {
    begin: async () => {
      const [claimed] = await statement("SELECT lease, installation FROM api.claim_anchoring($1, $2)", [
        workstation,
        everySeconds,
      ]);
      const lease = claimed?.["lease"];
      if (typeof lease !== "string") return undefined;
      return {
        installation: String(claimed?.["installation"]),
        heads: (since) =>
          allPages((after) =>
            statement("SELECT * FROM api.audit_heads($1, $2, $3)", [lease, since?.toISOString() ?? null, after]),
          ),
        now: async () => databaseClock(await statement("SELECT clock_timestamp() AS now")),
        record: async ({ number, root, statement: hash, key, chains }) => {
          await statement("SELECT api.record_anchor($1, $2, $3, $4, $5, $6, $7)", [
            lease,
            workstation,
            number,
            root,
            hash,
            key,
            chains,
          ]);
        },
      };
    },
  };
}

/** As the owner of the database, who asks nobody for a turn. `asOwner` is one transaction with the owner's rights. */
export function ownersPort(
  asOwner: <T>(work: (query: OwnerQuery) => Promise<T>) => Promise<T>,
  workstation: string,
): AnchoringPort {
  return {
    begin: async () => {
      const [row] = await asOwner(
        async (query) => (await query("SELECT id, loaded_at IS NOT NULL AS loaded FROM private.installation")).rows,
      );
      if (row?.["loaded"] !== true) return undefined;
      return {
        installation: String(row["id"]),
        heads: (since) =>
          allPages((after) =>
            asOwner(
              async (query) =>
                (
                  await query("SELECT * FROM private.audit_heads($1, $2, $3)", [
                    since?.toISOString() ?? null,
                    after,
                    PAGE,
                  ])
                ).rows,
            ),
          ),
        now: () => asOwner(async (query) => databaseClock((await query("SELECT clock_timestamp() AS now")).rows)),
        record: async ({ number, root, statement, key, chains }) => {
          await asOwner((query) =>
            query("SELECT private.note_anchor($1, $2, $3, $4, $5, $6)", [
              workstation,
              number,
              root,
              statement,
              key,
              chains,
            ]),
          );
        },
      };
    },
  };
}

/** A point of an anchor that the audit does not agree with any more. */
export interface Disagreement {
  readonly chain: string;
  readonly sequence: number;
  readonly found: "other" | "entry-gone" | "chain-gone";
  /** The number of the chain's last entry now; 0 where it has none. */
  readonly reaches: number;
}

export type ComparePoints = (points: readonly AnchoredPoint[]) => Promise<Disagreement[]>;

/** Asks in pieces: `schema` is `api` within a person's request, `private` as the owner. */
export function comparePoints(
  query: (text: string, values: readonly unknown[]) => Promise<Row[]>,
  schema: "api" | "private",
): ComparePoints {
  return async (points) => {
    const found: Disagreement[] = [];
    for (let at = 0; at < points.length; at += PAGE) {
      const piece = points.slice(at, at + PAGE);
      const rows = await query(`SELECT * FROM ${schema}.compare_audit_points($1, $2, $3)`, [
        piece.map(({ chain }) => chain),
        piece.map(({ sequence }) => sequence),
        piece.map(({ hash }) => Buffer.from(hash, "hex")),
      ]);
      for (const row of rows)
        found.push({
          chain: String(row["chain_id"]),
          sequence: Number(row["sequence"]),
          found: row["found"] as Disagreement["found"],
          reaches: Number(row["reaches"]),
        });
    }
    return found;
  };
}
