import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { app } from "electron";
import { Refusal } from "../shared/failure";
import type { LockReason } from "../shared/session/session-state";
import { createAssistant } from "./assistant/assistant";
import { createInstructions } from "./assistant/instructions";
import { systemClock as clock } from "./clock";
import { composeWorkstation } from "./compose-workstation";
import type { Configuration } from "./configuration/configuration";
import { trustSystemAuthorities } from "./configuration/system-authorities";
import { readDemoAccounts } from "./demo-hospital/accounts";
import { loadDemoHospital } from "./demo-hospital/load-demo-hospital";
import { createImporter } from "./fhir/importer";
import { Hospital } from "./hospital/hospital";
import { createEventChannel } from "./ipc/event-channel";
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
import { addressOfThisMachine } from "./session/machine-address";
import { Session } from "./session/session";
import { createAccessTokens } from "./session/token";
import { createDoor } from "./tools/execute-tool";
import { createClipboardGuard } from "./window/clipboard-guard";
import { tidyBeforeQuit, watchMachine } from "./window/machine";
import { openPartition } from "./window/partition";
import { servePages } from "./window/protocol";
import { pagesPath, preloadPath, Windows } from "./window/windows";

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

  const session = new Session({
    database: hospital.database,
    clock,
    tokens: await createAccessTokens(clock),
    workstation: { name: hostname(), address: addressOfThisMachine(), appVersion: app.getVersion() },
    onClosed: () => {
      channel.silence();
      importer.stop();
      void assistant.stopAll();
      copied.clear();
    },
    onExpired: () => lock("expired"),
  });
  const door = createDoor({ session, database: hospital.database, clock, logUnexpected: log.unexpected });
  const role = () => session.person().role;
  const toolsAs = (audience: "person" | typeof model.audience, via: "assistant" | "client") =>
    connectMcpTools({ door, accessToken: () => session.accessToken(), role, audience, via });
  const assistant = createAssistant({
    chats: createChatRecords(hospital.database, session),
    model,
    tools: () => toolsAs(model.audience, "assistant"),
    role,
    instructions: createInstructions(readFileSync(resources("assistant", "instructions.md"), "utf8")),
    now: clock.now,
    monotonic,
    newId: randomUUID,
    announce: (event) => session.kind === "active" && channel.turn(event),
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
  const partition = await openPartition();
  servePages(partition, pagesPath(app.getAppPath()));
  const copied = createClipboardGuard();
  const windows = new Windows({
    partition,
    preload: preloadPath(app.getAppPath()),
    icon: resources("icons", "linux", "256x256.png"),
    onInput: () => {
      activity.input();
      workstation.input();
    },
    onLockKey: () => lock("person"),
    onFocus: (focused) => (focused ? copied.focused() : copied.blurred()),
    onCrash: () => showPage(),
  });
  // Asked when the page is shown, not when it was decided: a lock in between wins.
  const showPage = () => void windows.show(session.kind === "locked" ? "lock.html" : "index.html");
  const channel = createEventChannel(() => {
    const { page } = windows;
    return page && { send: (name, ...values) => page.send(name, ...values) };
  });

  function lock(reason: LockReason): void {
    if (session.kind !== "active") return;
    try {
      session.lock(reason);
    } finally {
      activity.stop();
      showPage();
    }
  }
  // The answer to the page that asked leaves before its window does.
  const afterAnswer = (work: () => void) => void setTimeout(work, 20);

  routeCommands({
    isOurs: (event) => windows.isOurs(event),
    mayPass: tokenBucket({ rate: 60, burst: 240, monotonic }),
    requireSession: async (need) => {
      if (need === "none") return;
      if (need === "locked") return void session.lockView();
      await session.verify(await session.accessToken());
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
      demoPassword: async () => (await readDemoAccounts(resources("demo-hospital"))).password,
      monotonic,
      consoleClient: () => toolsAs("person", "client"),
      importFiles: (paths) => importer.run(paths),
      stopImport: () => importer.stop(),
      onSignedIn: () => {
        activity.start();
        copied.focused();
      },
      onSignedOut: () => {
        activity.stop();
        afterAnswer(() => (workstation.restartIfInstalled() ? undefined : showPage()));
      },
      onUnlocked: () => {
        activity.start();
        copied.focused();
        afterAnswer(showPage);
      },
      onSwitchUser: () => afterAnswer(showPage),
      lock: () => afterAnswer(() => lock("person")),
      workstation: workstation.rooms,
    }),
  });
  hospital.database.onConnectionChange((connected) => channel.announce("database.connection", { connected }));

  workstation.start();
  watchMachine(lock);
  app.on("second-instance", () => windows.focus());
  app.on("window-all-closed", () => app.quit());
  tidyBeforeQuit(async () => {
    activity.stop();
    workstation.stop();
    await Promise.race([session.signOut(), new Promise((resolve) => setTimeout(resolve, 1500))]);
    await hospital.stop();
  });

  log.info(`started ${app.getVersion()} on Electron ${process.versions.electron}`);
  void windows.show("index.html");
  await hospital.start();
}
