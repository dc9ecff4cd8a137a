import type { OwnerQuery } from "../database/pool";

const asSavepoint: Readonly<Record<string, string>> = {
  BEGIN: "SAVEPOINT step",
  COMMIT: "RELEASE SAVEPOINT step",
  ROLLBACK: "ROLLBACK TO SAVEPOINT step",
};

/** The same connection for work that has transactions of its own, as steps of the one that is open. */
export function withinTransaction(query: OwnerQuery): OwnerQuery {
  return (text, values) => query(asSavepoint[text] ?? text, values);
}
