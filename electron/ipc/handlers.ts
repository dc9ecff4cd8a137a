import { dialog } from "electron";
import { may } from "../../shared/access/role-permissions";
import { Refusal } from "../../shared/failure";
import type { ImportReport } from "../../shared/ipc/administration-commands";
import type { AppStatus, Settings } from "../../shared/ipc/app-commands";
import type { Assistant } from "../assistant/assistant";
import type { BadgeDesk } from "../badge/badge-desk";
import type { Database } from "../database/pool";
import type { createLastPlace } from "../drafts/last-place";
import type { DraftVault } from "../drafts/vault";
import { consoleTools } from "../mcp/create-mcp-server";
import type { McpToolClient } from "../mcp/mcp-tool-client";
import type { Offline } from "../offline/offline";
import { admitPatient, auditRefusedAct, freeBeds } from "../records/registration";
import type { Secret, Workstation } from "../session/attempt";
import type { OwnAccount } from "../session/own-account";
import type { createPulse } from "../session/pulse";
import type { Session } from "../session/session";
import type { Door } from "../tools/door";
import { atMost, createAccountHandlers, PATIENCE_WITH_LEAVING } from "./account-handlers";
import { createAlertHandlers } from "./alert-handlers";
import { type AuditRooms, createAuditHandlers } from "./audit-handlers";
import { createBreakGlassHandlers } from "./break-glass-handlers";
import { createDraftHandlers } from "./draft-handlers";
import { createLockHandlers } from "./lock-handlers";
import { createOfflineHandlers, keepInOutbox } from "./offline-handlers";
import type { Handlers } from "./router";
import { createSignInHandlers } from "./sign-in-handlers";
import { createVitalSignsHandlers } from "./vital-signs-handlers";
import { createWorkstationHandlers, type WorkstationRooms } from "./workstation-handlers";

export interface HandlerRooms {
  readonly session: Session;
  readonly door: Door;
  readonly assistant: Assistant;
  readonly database: Database;
  readonly settings: { read(): Settings; change(change: Partial<Settings>): Settings };
  readonly status: () => AppStatus;
  readonly idle: { idleSeconds: number; warningSeconds: number };
  readonly loadDemo: () => Promise<void>;
  /** What one press on a demo account stands for. */
  readonly demoSecret: Secret;
  readonly monotonic: () => number;
  readonly consoleClient: () => Promise<McpToolClient>;
  readonly importFiles: (paths: readonly string[]) => Promise<ImportReport[]>;
  readonly stopImport: () => void;
  /** What happens to the windows when the session changes; each returns when the page may go on. */
  readonly onSignedIn: () => void;
  readonly onSignedOut: () => void;
  readonly onUnlocked: () => void;
  readonly onUnsealed: () => void;
  readonly onSwitchUser: () => void;
  readonly lockAndSwitch: () => void;
  readonly badges: BadgeDesk;
  /** This workstation, as sign-ins name it. */
  readonly here: Workstation;
  readonly lock: () => void;
  readonly drafts: { readonly vault: DraftVault; readonly lastPlace: ReturnType<typeof createLastPlace> };
  readonly audit: Pick<AuditRooms, "exporter">;
  readonly account: OwnAccount;
  readonly pulse: Pick<ReturnType<typeof createPulse>, "last" | "endRead">;
  readonly workstation: Omit<WorkstationRooms, "session">;
  readonly offline: Offline;
}

const nothing = {};

/** One line a command where one line is enough; everything of weight lives in the rooms. */
export function createHandlers(rooms: HandlerRooms): Handlers {
  const { session, door, assistant, database } = rooms;
  const view = async () => rooms.drafts.lastPlace.restore(await session.view(rooms.idle, rooms.status().demo));
  const asPerson = async () =>
    ({ accessToken: await session.accessToken(), audience: "person", via: "person" }) as const;

  return {
    ...createAlertHandlers(session, database),
    ...createBreakGlassHandlers({ session, database, monotonic: rooms.monotonic, pulse: rooms.pulse }),
    ...createAccountHandlers({ session, database, account: rooms.account, onSignedOut: rooms.onSignedOut }),
    ...createSignInHandlers({ ...rooms, view }),
    ...createAuditHandlers({ session, database, exporter: rooms.audit.exporter }),
    ...createVitalSignsHandlers({
      session,
      database,
      keepForLater: keepInOutbox(rooms.offline),
      isAway: () => rooms.offline.isKnownAway,
      onStored: () => rooms.offline.wrote(),
    }),
    ...createOfflineHandlers(rooms.offline, session),
    ...createDraftHandlers(rooms.drafts.vault),
    ...createLockHandlers({
      ...rooms,
      workstation: rooms.here,
      isConnected: () => rooms.status().phase !== "unavailable",
      unlocksOffline: async (username) => (await rooms.offline.port().holds(username)) === "yes",
      view,
    }),
    ...createWorkstationHandlers({ session, ...rooms.workstation }),

    "app.status": async () => rooms.status(),
    "hospital.loadDemo": async () => rooms.loadDemo().then(() => nothing),
    "settings.read": async () => rooms.settings.read(),
    "settings.change": async (change) => rooms.settings.change(change as Partial<Settings>),

    "session.current": view,
    "session.pulse": async () => rooms.pulse.last(),
    "session.remember": async (place) => {
      session.remember(place);
      rooms.drafts.lastPlace.remember(place);
      return nothing;
    },
    // The press on the button was input that the main process saw; a call by itself proves nobody's presence.
    "session.stay": async () => nothing,
    "session.lock": async () => {
      rooms.lock();
      return nothing;
    },
    "session.signOut": async () => {
      // Whoever leaves begins anew; what they typed and did not send waits for them all the same.
      rooms.drafts.lastPlace.forget();
      const told = session.signOut();
      // Usually a few milliseconds.
      await atMost(PATIENCE_WITH_LEAVING, told);
      rooms.onSignedOut();
      return nothing;
    },
    "session.unlock": async ({ password, code }) => {
      await session.unlock(password, code);
      rooms.onUnlocked();
      return nothing;
    },

    "tool.call": async ({ name, arguments: input }) => {
      const outcome = await door.execute(name, input, await asPerson());
      if (!outcome.ok) throw Refusal.of(outcome.failure);
      return outcome.value;
    },
    "identity.reveal": async ({ patient_id, field, reason }) => {
      const { role } = session.person();
      const asked = `${field}: ${reason}`;
      if (!may(role, "identity.read")) {
        // No tool of this name: the door refuses it and writes the attempt down, whoever the patient is.
        await door.executeNamed("identity.reveal", {}, { ...(await asPerson()), reason: asked });
        throw new Refusal("RBAC_DENIED", `Your role (${role}) may not see this field.`);
      }
      const caller = { ...(await asPerson()), audience: "client", reason: asked } as const;
      const outcome = await door.execute("get_patient_phi", { patient_id }, caller);
      if (!outcome.ok) throw Refusal.of(outcome.failure);
      return { value: outcome.value[field] ?? null };
    },
    "console.tools": async () => ({
      tools: consoleTools(session.person().role).map((tool) => ({
        name: tool.name,
        title: tool.title ?? tool.name,
        description: tool.description ?? "",
        inputSchema: tool.inputSchema,
        allowed: tool.allowed,
      })),
    }),
    "console.call": async ({ tool, arguments: input }) => {
      const client = await rooms.consoleClient();
      const started = rooms.monotonic();
      try {
        const { request, response } = await client.callRaw(tool, input);
        return { request, response, milliseconds: rooms.monotonic() - started };
      } finally {
        await client.close();
      }
    },

    "chats.list": async () => ({ chats: await assistant.list() }),
    "chats.create": () => assistant.create(),
    "chats.open": ({ chatId }) => assistant.open(chatId),
    "chats.rename": ({ chatId, title }) => assistant.rename(chatId, title),
    "chats.delete": async ({ chatId }) => assistant.remove(chatId).then(() => nothing),
    "assistant.ask": (question) => assistant.ask(question),
    "assistant.retry": async ({ chatId }) => assistant.retry(chatId).then(() => nothing),
    "assistant.stop": async ({ chatId }) => assistant.stop(chatId).then(() => nothing),

    "import.chooseAndRun": async () => {
      const { role, staffId } = session.person();
      if (!may(role, "patients.import")) {
        await session.guarded(() => auditRefusedAct(database, session.databaseToken(), "import_patients"));
        throw new Refusal("RBAC_DENIED");
      }
      const chosen = await dialog.showOpenDialog({
        title: "Choose FHIR bundles",
        properties: ["openFile", "multiSelections"],
        filters: [{ name: "FHIR R4 bundles (JSON)", extensions: ["json"] }],
      });
      // The dialog outlives a lock: what one person chose is not imported as another.
      if (session.person().staffId !== staffId) throw new Refusal("NOT_SIGNED_IN");
      return { reports: chosen.canceled ? [] : await rooms.importFiles(chosen.filePaths) };
    },
    "import.stop": async () => {
      rooms.stopImport();
      return nothing;
    },
    "beds.free": async () => ({ beds: await session.guarded(() => freeBeds(database, session.databaseToken())) }),
    "patients.admit": async (admission) => {
      const { admittedAt } = await session.guarded(() => admitPatient(database, session.databaseToken(), admission));
      return { patient_id: admission.patient_id, ward: admission.ward, bed: admission.bed, admitted_at: admittedAt };
    },
  };
}
