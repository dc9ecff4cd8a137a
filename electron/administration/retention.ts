import { inOwnersTransaction, type Owner, recordAct } from "./owner";
import { type RetentionName, type RetentionRule, retentionRules } from "./retention-rules";

/** Rows in one transaction: short enough that nobody at work waits for it. */
const BATCH = 1000;

export interface RetentionOptions {
  readonly dryRun: boolean;
  /** Other days than a rule's own; the command checks them against the rule's fewest. */
  readonly days?: Partial<Record<RetentionName, number>>;
  readonly onProgress?: (name: RetentionName, done: number) => void;
}

export interface RetentionCount {
  readonly name: RetentionName;
  readonly days: number;
  /** Rows removed, or that would be. */
  readonly rows: number;
}

async function batches(owner: Owner, rule: RetentionRule, age: string, tell: (rows: number) => void): Promise<number> {
  // The rows that somebody holds at this moment are left for the next run.
  const due = `SELECT ctid FROM ${rule.table} WHERE ${rule.due} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
  const text = rule.instead
    ? `UPDATE ${rule.table} SET ${rule.instead} WHERE ctid = ANY (ARRAY(${due})) RETURNING 1`
    : `DELETE FROM ${rule.table} WHERE ctid = ANY (ARRAY(${due})) RETURNING 1`;
  for (let done = 0; ; ) {
    const gone = await inOwnersTransaction(owner, async (query) => {
      const { rows } = await query(`WITH gone AS (${text}) SELECT count(*) AS n FROM gone`, [age]);
      return Number(rows[0]?.["n"]);
    });
    done += gone;
    tell(done);
    if (gone < BATCH) return done;
  }
}

/** Removes what the rules say is due, rule by rule and in batches; a run that was interrupted is simply run again. */
export async function runRetention(owner: Owner, options: RetentionOptions): Promise<RetentionCount[]> {
  const counts: RetentionCount[] = [];
  const daysOf = (rule: RetentionRule & { readonly name: RetentionName }) => options.days?.[rule.name] ?? rule.days;
  const days = Object.fromEntries(retentionRules.map((rule) => [rule.name, Math.round(daysOf(rule) * 100) / 100]));
  // Before a row goes, and committed: what an interrupted run removed is in the audit too.
  if (!options.dryRun)
    await inOwnersTransaction(owner, (query) => recordAct(query, "RETENTION", { step: "begun", days }));
  for (const rule of retentionRules) {
    const days = daysOf(rule);
    const age = `${Math.round(days * 86_400)} seconds`;
    const rows = options.dryRun
      ? await inOwnersTransaction(owner, async (query) => {
          const { rows: found } = await query(`SELECT count(*) AS n FROM ${rule.table} WHERE ${rule.due}`, [age]);
          return Number(found[0]?.["n"]);
        })
      : await batches(owner, rule, age, (done) => options.onProgress?.(rule.name, done));
    counts.push({ name: rule.name, days, rows });
  }
  if (!options.dryRun)
    await inOwnersTransaction(owner, (query) =>
      recordAct(query, "RETENTION", {
        step: "finished",
        removed: Object.fromEntries(counts.map(({ name, rows }) => [name, rows])),
        days,
      }),
    );
  return counts;
}
