import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { app } from "electron";
import { Refusal } from "../shared/failure";
import { worksOffline } from "../shared/offline/works-offline";
import type { LockReason } from "../shared/session/session-state";
import { createAssistant } from "./assistant/assistant";
import { createInstructions } from "./assistant/instructions";
import { systemClock as clock } from "./clock";
import { composeAccessTokens, composeAccount } from "./compose-account";
import { composeAudit } from "./compose-audit";
import { composeDrafts } from "./compose-drafts";
import { composeLock } from "./compose-lock";
import { composeOffline } from "./compose-offline";
import { composeWindows } from "./compose-windows";
import { composeWorkstation } from "./compose-workstation";
import type { Configuration } from "./configuration/configuration";
import { trustSystemAuthorities } from "./configuration/system-authorities";
import { readDemoAccounts } from "./demo-hospital/accounts";
import { loadDemoHospital } from "./demo-hospital/load-demo-hospital";
import { createImporter } from "./fhir/importer";
import { Hospital } from "./hospital/hospital";
import { createHandlers } from "./ipc/handlers";
import { tokenBucket } from "./ipc/limits";
import { routeCommands } from "./ipc/router";
import { chooseModel } from "./llm/choose-model";
import type { Log } from "./logging/log";
import { connectMcpTools } from "./mcp/mcp-tool-client";
import { createChatRecords } from "./records/chats";
import { importPatient } from "./records/registration";
import { createActivity } from "./session/activity";
import { warningAfter } from "./session/idle-watch";
import { eachOf } from "./session/lock-order";
import { addressOfThisMachine } from "./session/machine-address";
import { Session } from "./session/session";
import { createDoor } from "./tools/execute-tool";
import { tidyBeforeQuit, watchMachine } from "./window/machine";
import { openKeyStore } from "./window/secret-store";

const resources = (...parts: string[]) => join(app.getAppPath(), "resources", ...parts);

export interface Beginning {
  /** Folder of all local state. */
  readonly home: string;
  readonly configuration: Configuration;
  readonly log: Log;
  /** Standing warnings in words. */
  readonly notices: readonly string[];
}

/** Builds every room once, in order, and hands each what it may know. */
export async function compose({ home, configuration, log, notices }: Beginning): Promise<void> {
  trustSystemAuthorities();
  const monotonic = () => clock.monotonic();
  const { settings, idleSeconds } = configuration;
  const model = chooseModel({ openai: configuration.model, fetch: globalThis.fetch, now: clock.now, monotonic });

  const migrations = resources("database", "migrations");
  const hospital = new Hospital({
    home,
    migrations,
    central: configuration.central(),
    loadDemoUnasked: configuration.loadDemoUnasked,
    loadDemo: (owner) =>
      loadDemoHospital({
        owner,
        clock,
        folder: resources("demo-hospital"),
        hashing: { memoryKib: 65_536, iterations: 3, parallelism: 1 },
      }),
    onStatus: () => channel.announce("app.status", status()),
    log,
  });
  const status = () => ({ ...hospital.status, version: app.getVersion(), model: model.view, notices: [...notices] });

  /** Milliseconds of silence that may end a session out there; the last heartbeat may be a fifteenth of the limit old. */
  const unheard = (idleSeconds * 1000 * 14) / 15;
  const here = { name: hostname(), address: addressOfThisMachine(), appVersion: app.getVersion() };
  const session = new Session({
    database: hospital.database,
    clock,
    tokens: await composeAccessTokens(home, openKeyStore, clock, log),
    workstation: here,
    onClosed: () =>
      eachOf(
        [
          () => channel.silence(),
          () => importer.stop(),
          () => audit.exporter.stop(),
          () => void assistant.stopAll(),
          () => copied.clear(),
          () => locking.closed(),
          // Here, and not when the page has heard of it: by then the next person may be signed in.
          () => activity.stop(),
        ],
        log.unexpected,
      ),
    // The database ends a session that it does not hear from, also when it is the database that could not be heard.
    onExpired: (reason) => lock(reason === "expired" && offline.wasAwayFor(unheard) ? "network" : reason),
    // Sealed and on the disk before the lock goes on; what the database is still told has an end.
    lastWords: (token) => drafts.vault.seal(token),
    offline: () => offline.port(),
  });
  const drafts = composeDrafts({
    home,
    owner: session,
    database: hospital.database,
    clock,
    log,
    onChanged: () => session.kind === "active" && channel.announce("drafts.changed", {}),
  });
  const audit = composeAudit({
    home,
    configuration,
    hospital,
    session: () => session,
    clock,
    log,
    secretBox: openKeyStore,
    onProgress: (progress) => session.kind === "active" && channel.announce("audit.progress", progress),
  });
  const door = createDoor({
    session,
    database: hospital.database,
    clock,
    logUnexpected: log.unexpected,
    anchors: audit.anchors,
  });
  const offline = await composeOffline({
    home,
    hospital,
    clock,
    log,
    session: () => session,
    door: () => door,
    announce: (state) => channel.announce("offline.changed", state),
    onRenewed: () => drafts.vault.databaseIsBack(),
    lock,
  });
  const role = () => session.person().role;
  const toolsAs = (audience: "person" | typeof model.audience, via: "assistant" | "client") =>
    connectMcpTools({ door, accessToken: () => session.accessToken(), role, audience, via });
  const assistant = createAssistant({
    chats: createChatRecords(hospital.database, session),
    halves: drafts.halves,
    model,
    tools: () => toolsAs(model.audience, "assistant"),
    role,
    instructions: createInstructions(readFileSync(resources("assistant", "instructions.md"), "utf8")),
    now: clock.now,
    monotonic,
    newId: randomUUID,
    announce: (event) => session.kind === "active" && channel.turn(event),
  });
  const { account, pulse } = composeAccount({
    session,
    database: hospital.database,
    workstation: here,
    clock,
    log,
    announce: () => session.kind === "active" && channel.announce("session.pulse", {}),
  });
  const importer = createImporter({
    fieldKey: () => session.fieldKey(),
    store: (bundle) => session.guarded(() => importPatient(hospital.database, session.databaseToken(), bundle)),
    onProgress: (progress) => session.kind === "active" && channel.announce("import.progress", progress),
  });

  const workstation = composeWorkstation({
    home,
    migrations,
    configuration,
    hospital,
    clock,
    log,
    anchors: audit.health,
    outbox: () => offline.figures(),
    announce: (view) => channel.announce("updates.changed", view),
    isFree: () => session.isFree,
    hide: () => windows.hide(),
  });

  const activity = createActivity({
    clock,
    limitSeconds: idleSeconds,
    heartbeat: () => session.heartbeat(),
    onWarning: (secondsLeft) => channel.announce("session.warning", { secondsLeft }),
    onIdle: (reason) => lock(reason),
  });
  const { windows, copied, showPage, channel } = await composeWindows({
    session,
    activity,
    icon: resources("icons", "linux", "256x256.png"),
    onInput: () => {
      activity.input();
      workstation.input();
    },
    onOurKey: (key) => (key === "lock" ? lock("person") : void locking.switchUser()),
    takeKey: (input) => locking.takeKey(input),
  });

  const locking = composeLock({
    session,
    database: hospital.database,
    clock,
    log,
    workstation: here.name,
    badgePrefix: configuration.badgePrefix,
    idleSeconds,
    activity,
    channel,
    windows: () => windows,
    giveUp: () => app.exit(1),
  });
  function lock(reason: LockReason): void {
    void locking.lock(reason);
  }
  // The answer to the page that asked leaves before its window does.
  const afterAnswer = (work: () => void) => void setTimeout(work, 20);

  routeCommands({
    isOurs: (event) => windows.isOurs(event),
    mayPass: tokenBucket({ rate: 60, burst: 240, monotonic }),
    requireSession: async (need, name) => {
      // The clocks are asked before anything is answered: a process that was stopped may be past its limit.
      activity.look();
      if (windows.isCovered) throw new Refusal("LOCKED");
      if (need === "none") return;
      if (need === "locked") return void session.lockView();
      const { scope } = await session.verify(await session.accessToken());
      if (scope === "offline" && !worksOffline(name)) throw new Refusal("OFFLINE");
    },
    logUnexpected: log.unexpected,
    handlers: createHandlers({
      session,
      door,
      assistant,
      database: hospital.database,
      settings,
      status,
      idle: {
        idleSeconds,
        warningSeconds: idleSeconds - Math.round(warningAfter(idleSeconds)),
      },
      loadDemo: async () => {
        if (!configuration.demoAllowed) throw new Refusal("CONFIGURATION_LOCKED");
        await hospital.loadDemo();
      },
      demoSecret: async (salted) => (await readDemoAccounts(resources("demo-hospital"))).keysFor(salted),
      monotonic,
      consoleClient: () => toolsAs("person", "client"),
      importFiles: (paths) => importer.run(paths),
      stopImport: () => importer.stop(),
      onSignedIn: () => {
        drafts.vault.open();
        locking.opened();
        copied.focused();
      },
      onSignedOut: () => {
        void offline.left();
        afterAnswer(() => (workstation.restartIfInstalled() ? undefined : showPage()));
      },
      onUnlocked: () => {
        drafts.vault.open();
        locking.opened();
        copied.focused();
        afterAnswer(showPage);
      },
      onUnsealed: () => drafts.vault.open(),
      onSwitchUser: () => afterAnswer(showPage),
      lockAndSwitch: () => afterAnswer(() => void locking.switchUser()),
      badges: locking.badges,
      here,
      lock: () => afterAnswer(() => lock("person")),
      drafts,
      audit,
      account,
      pulse,
      workstation: workstation.rooms,
      offline,
    }),
  });
  hospital.database.onConnectionChange((connected) => channel.announce("database.connection", { connected }));

  workstation.start();
  offline.start();
  audit.start();
  watchMachine(lock);
  app.on("second-instance", () => windows.focus());
  app.on("window-all-closed", () => windows.isReplacing || app.quit());
  tidyBeforeQuit(async () => {
    activity.stop();
    pulse.stop();
    workstation.stop();
    offline.stop();
    audit.stop();
    await Promise.race([session.signOut(), new Promise((resolve) => setTimeout(resolve, 1500))]);
    await hospital.stop();
  });

  log.info(`started ${app.getVersion()} on Electron ${process.versions.electron}`);
  void windows.show("index.html");
  await hospital.start();
}
