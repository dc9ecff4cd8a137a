import { inOwnersTransaction, type Owner } from "./owner";

export interface AuditVerdict {
  readonly chains: number;
  readonly entries: number;
  /** The first 50 places where an entry, a chain or its end is not what it was when it was written. */
  readonly faults: readonly string[];
}

/** Computes every hash of every chain again. */
export async function verifyWholeAudit(owner: Owner): Promise<AuditVerdict> {
  return inOwnersTransaction(owner, async (query) => {
    const { rows } = await query("SELECT * FROM private.verify_audit()");
    return {
      chains: Number(rows[0]?.["chains"]),
      entries: Number(rows[0]?.["entries"]),
      faults: rows[0]?.["faults"] as string[],
    };
  });
}
