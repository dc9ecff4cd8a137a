import "./polyfills";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { app } from "electron";
import type { LockReason } from "../shared/session/session-state";
import { createAssistant } from "./assistant/assistant";
import { createInstructions } from "./assistant/instructions";
import { systemClock as clock } from "./clock";
import { BadEnvironment, type Config, readConfig } from "./config";
import { demoPassword } from "./demo-hospital/accounts";
import { loadDemoHospital } from "./demo-hospital/load-demo-hospital";
import { createImporter } from "./fhir/importer";
import { Hospital } from "./hospital/hospital";
import { createEventChannel } from "./ipc/event-channel";
import { createHandlers } from "./ipc/handlers";
import { tokenBucket } from "./ipc/limits";
import { routeCommands } from "./ipc/router";
import { chooseModel } from "./llm/choose-model";
import { createLog, type Log } from "./logging/log";
import { connectMcpTools } from "./mcp/mcp-tool-client";
import { createChatRecords } from "./records/chats";
import { importPatient } from "./records/registration";
import { createActivity } from "./session/activity";
import { warningAfter } from "./session/idle-watch";
import { addressOfThisMachine } from "./session/machine-address";
import { Session } from "./session/session";
import { createAccessTokens } from "./session/token";
import { isUsableHome } from "./settings/home-folder";
import { openSettings } from "./settings/settings";
import { createDoor } from "./tools/execute-tool";
import { createClipboardGuard } from "./window/clipboard-guard";
import { tidyBeforeQuit, watchMachine } from "./window/machine";
import { openPartition } from "./window/partition";
import { declareScheme, servePages } from "./window/protocol";
import { pagesPath, preloadPath, Windows } from "./window/windows";

const resources = (...parts: string[]) => join(app.getAppPath(), "resources", ...parts);

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    // Before there is a log or a window: one line where whoever started it looks.
    process.stderr.write(
      `Lamplight cannot start: ${error instanceof BadEnvironment ? error.message : "its settings are unreadable."}\n`,
    );
    app.exit(1);
    throw error;
  }
}

const config = configOrExit();
const home = resolve(config.home ?? app.getPath("userData"));
const asRoot = process.getuid?.() === 0;

function refuseToStart(reason: string): void {
  process.stderr.write(`Lamplight does not start: ${reason}\n`);
  app.exit(1);
}

const debugging = ["remote-debugging-port", "remote-debugging-pipe", "inspect", "inspect-brk"];
if (app.isPackaged && debugging.some((name) => app.commandLine.hasSwitch(name)))
  refuseToStart("it was asked to open a debugging port.");
// Before Chromium tries: it would take a folder that it cannot write for one that is in use.
else if (!isUsableHome(home))
  refuseToStart(`its folder ${home} cannot be made or written. Choose another with LAMPLIGHT_HOME.`);
else {
  app.setPath("userData", home);
  if (app.requestSingleInstanceLock()) start();
  else refuseToStart("it is already running with this home folder.");
}

function start(): void {
  declareScheme();
  // Under uid 0 the sandbox makes every child process die; the scripts start the app as an ordinary user where they can.
  if (!asRoot) app.enableSandbox();
  app.commandLine.appendSwitch("webrtc-ip-handling-policy", "disable_non_proxied_udp");
  app.commandLine.appendSwitch("disable-http-cache");
  // Date fields put the day first, like every date in the app.
  app.commandLine.appendSwitch("lang", "en-GB");
  void app.whenReady().then(async () => {
    const log = createLog(join(home, "logs", "lamplight.log"));
    process.on("unhandledRejection", (error) => log.unexpected("unhandled", error));
    // Electron would show the error's text, which may hold what PostgreSQL or a page put into it.
    process.on("uncaughtException", (error) => log.unexpected("uncaught", error));
    // A half-built app has no window that could say so.
    await compose(log).catch((error: unknown) =>
      refuseToStart(`something in it is broken. ${home} has a log, reference ${log.unexpected("start", error)}.`),
    );
  });
}

/** Builds every room once, in order, and hands each what it may know. */
async function compose(log: Log): Promise<void> {
  const monotonic = () => clock.monotonic();
  const settings = openSettings(home);
  const model = chooseModel({ openai: config.openai, fetch: globalThis.fetch, now: clock.now, monotonic });
  const notices = [
    ...(asRoot ? ["Started as root: Chromium's sandbox is off. For tests only."] : []),
    ...(Number.parseInt(process.versions.electron, 10) < 40
      ? [`Development runtime: Electron ${process.versions.electron} is out of support. Not for real patients.`]
      : []),
  ];

  const hospital = new Hospital({
    home,
    migrations: resources("database", "migrations"),
    central: config.central,
    loadDemoUnasked: config.loadDemo,
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
  const status = () => ({ ...hospital.status, version: app.getVersion(), model: model.view, notices });

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

  const activity = createActivity({
    clock,
    limitSeconds: config.idleSeconds,
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
    icon: undefined,
    onInput: () => activity.input(),
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
        idleSeconds: config.idleSeconds,
        warningSeconds: config.idleSeconds - Math.round(warningAfter(config.idleSeconds)),
      },
      loadDemo: () => hospital.loadDemo(),
      demoPassword,
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
        afterAnswer(showPage);
      },
      onUnlocked: () => {
        activity.start();
        copied.focused();
        afterAnswer(showPage);
      },
      onSwitchUser: () => afterAnswer(showPage),
      lock: () => afterAnswer(() => lock("person")),
    }),
  });
  hospital.database.onConnectionChange((connected) => channel.announce("database.connection", { connected }));

  watchMachine(lock);
  app.on("second-instance", () => windows.focus());
  app.on("window-all-closed", () => app.quit());
  tidyBeforeQuit(async () => {
    activity.stop();
    await Promise.race([session.signOut(), new Promise((resolve) => setTimeout(resolve, 1500))]);
    await hospital.stop();
  });

  log.info(`started ${app.getVersion()} on Electron ${process.versions.electron}`);
  void windows.show("index.html");
  await hospital.start();
}
