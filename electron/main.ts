import "./polyfills";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { app, dialog } from "electron";
import { compose } from "./compose";
import { BadEnvironment } from "./config";
import { createConfiguration } from "./configuration/configuration";
import { troubleWithHome } from "./configuration/home-folder";
import { createLog } from "./logging/log";
import { declareScheme } from "./window/protocol";
import { openKeyStore } from "./window/secret-store";

const home = resolve(process.env["LAMPLIGHT_HOME"] || app.getPath("userData"));
const asRoot = process.getuid?.() === 0;

/** Before there is a log or a window: one line where whoever started it looks. */
function refuseToStart(reason: string, beginning = "Lamplight does not start"): void {
  process.stderr.write(`${beginning}: ${reason}\n`);
  // Started from an icon: nobody reads what a program without a terminal writes.
  if (app.isPackaged && !process.stderr.isTTY)
    void app.whenReady().then(() => {
      dialog.showErrorBox(beginning, reason);
      app.exit(1);
    });
  else app.exit(1);
}

const debugging = ["remote-debugging-port", "remote-debugging-pipe", "inspect", "inspect-brk"];

/** A build of the development runtime says so on every screen; the packager writes it into package.json. */
function isTestBuild(): boolean {
  const about = JSON.parse(readFileSync(join(app.getAppPath(), "package.json"), "utf8")) as { testBuild?: unknown };
  return about.testBuild === true;
}

function start(): void {
  // Before Chromium tries: it would take a folder that it cannot write for one that is in use.
  const trouble = troubleWithHome(home);
  if (app.isPackaged && debugging.some((name) => app.commandLine.hasSwitch(name)))
    return refuseToStart("it was asked to open a debugging port.");
  if (trouble !== undefined) return refuseToStart(trouble);
  app.setPath("userData", home);
  if (!app.requestSingleInstanceLock()) return refuseToStart("it is already running with this home folder.");
  try {
    const configuration = createConfiguration({
      environment: process.env,
      packaged: app.isPackaged,
      home,
      secretBox: openKeyStore,
    });
    // Heard by now, each where it has a say. PostgreSQL's driver would read them once more for every connection.
    for (const name of Object.keys(process.env)) if (/^PG[A-Z]/u.test(name)) delete process.env[name];
    open(configuration);
  } catch (error) {
    const told = error instanceof BadEnvironment;
    refuseToStart(told ? error.message : "its configuration is unreadable.", "Lamplight cannot start");
  }
}

function open(configuration: ReturnType<typeof createConfiguration>): void {
  declareScheme();
  // Under uid 0 the sandbox makes every child process die; the scripts start the app as an ordinary user where they can.
  if (!asRoot) app.enableSandbox();
  app.commandLine.appendSwitch("webrtc-ip-handling-policy", "disable_non_proxied_udp");
  app.commandLine.appendSwitch("disable-http-cache");
  // An upgrade replaces the running program; Chromium checks its path before every new window's process, and would end.
  if (app.isPackaged && process.platform === "linux")
    app.commandLine.appendSwitch("browser-subprocess-path", process.execPath);
  // Chromium finds no host: before any session can be told not to, it would fetch a dictionary from its maker.
  app.commandLine.appendSwitch("host-resolver-rules", "MAP * ~NOTFOUND");
  // Date fields put the day first, like every date in the app.
  app.commandLine.appendSwitch("lang", "en-GB");
  void app.whenReady().then(async () => {
    const log = createLog(join(home, "logs", "lamplight.log"));
    process.on("unhandledRejection", (error) => log.unexpected("unhandled", error));
    // Electron would show the error's text, which may hold what PostgreSQL or a page put into it.
    process.on("uncaughtException", (error) => log.unexpected("uncaught", error));
    if (configuration.ignoredVariables.length > 0)
      log.warn(`not heard, because the managed file decides: ${configuration.ignoredVariables.join(", ")}`);
    const notices = [
      ...(asRoot ? ["Started as root: Chromium's sandbox is off. For tests only."] : []),
      ...(isTestBuild() ? ["Test build. Not for real patients."] : []),
      ...(Number.parseInt(process.versions.electron, 10) < 40
        ? [`Development runtime: Electron ${process.versions.electron} is out of support. Not for real patients.`]
        : []),
      ...configuration.notices,
    ];
    // A half-built app has no window that could say so.
    await compose({ home, configuration, log, notices }).catch((error: unknown) =>
      refuseToStart(
        error instanceof BadEnvironment
          ? error.message
          : `something in it is broken. ${home} has a log, reference ${log.unexpected("start", error)}.`,
      ),
    );
  });
}

start();
