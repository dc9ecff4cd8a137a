/*
 * Stands in for Electron's own default_app.asar in a runtime that comes without one: makes `electron .` behave as
 * usual. Reads the command line (`-r module`, flags, the app's folder), sets name, version and path, runs the app.
 */
const { existsSync, readFileSync, statSync } = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { app } = require("electron");

process.defaultApp = true;

/** @returns {{ modules: string[], file: string | undefined }} */
function commandLine() {
  const args = process.argv.slice(1);
  const modules = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i];
    if (arg === "-r" || arg === "--require") modules.push(args[++i]);
    else if (arg.startsWith("--require=")) modules.push(arg.slice("--require=".length));
    else if (!arg.startsWith("-")) return { modules, file: arg };
  }
  return { modules, file: undefined };
}

const { modules, file } = commandLine();
if (modules.length > 0) Module._preloadModules(modules);

if (!file) {
  process.stderr.write("Usage: electron [options] FOLDER\n");
  process.exit(1);
}
const given = path.resolve(file);
const folder = statSync(given).isDirectory() ? given : path.dirname(given);
const manifest = path.join(folder, "package.json");
if (existsSync(manifest)) {
  const { productName, name, version, desktopName } = JSON.parse(readFileSync(manifest, "utf8"));
  if (productName || name) app.setName(productName || name);
  if (version) app.setVersion(version);
  app.setDesktopName?.(desktopName || `${app.name}.desktop`);
}
app.setAppPath(folder);
Module._load(given, Module, true);
