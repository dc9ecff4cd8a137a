import { randomUUID } from "node:crypto";
import { dialog } from "electron";
import { may } from "../../shared/access/role-permissions";
import type { AuditFilter } from "../../shared/audit/filter";
import { Refusal } from "../../shared/failure";
import type { auditCommands, ExportFormat, ExportReport } from "../../shared/ipc/audit-commands";
import type { Database } from "../database/pool";
import type { Session } from "../session/session";
import type { Handlers } from "./router";

export interface AuditRooms {
  readonly session: Session;
  readonly database: Database;
  readonly exporter: {
    run(path: string, format: ExportFormat, filter: AuditFilter): Promise<ExportReport>;
    stop(): void;
  };
}

const forms: Readonly<Record<ExportFormat, { readonly name: string; readonly extension: string }>> = {
  csv: { name: "Comma-separated values", extension: "csv" },
  "json-lines": { name: "JSON Lines, with everything that was hashed", extension: "jsonl" },
  fhir: { name: "FHIR R4 AuditEvent, one a line", extension: "ndjson" },
};

/** Taking the audit out of the app. */
export function createAuditHandlers({
  session,
  database,
  exporter,
}: AuditRooms): Pick<Handlers, keyof typeof auditCommands> {
  let choosing = false;
  return {
    "audit.export": async ({ format, filter }) => {
      const { role, staffId } = session.person();
      if (!may(role, "audit.export")) {
        // PostgreSQL refuses it as well, and writes the attempt down.
        await session.guarded(() =>
          database.statement("SELECT outcome FROM api.begin_audit_export($1, $2, $3, $4)", [
            session.databaseToken(),
            randomUUID(),
            format,
            "",
          ]),
        );
        throw new Refusal("RBAC_DENIED", `Your role (${role}) may not take the audit out of the app.`);
      }
      if (choosing) throw new Refusal("TOO_MANY_REQUESTS");
      choosing = true;
      const { name, extension } = forms[format];
      const chosen = await dialog
        .showSaveDialog({
          title: "Export the audit",
          defaultPath: `audit.${extension}`,
          filters: [{ name, extensions: [extension] }],
        })
        .finally(() => {
          choosing = false;
        });
      // The dialog outlives a lock: what one person chose is not written as another.
      if (session.person().staffId !== staffId) throw new Refusal("NOT_SIGNED_IN");
      if (chosen.canceled || !chosen.filePath) return { outcome: "not-chosen" };
      return exporter.run(chosen.filePath, format, filter);
    },
    "audit.stopExport": async () => {
      exporter.stop();
      return {};
    },
  };
}
