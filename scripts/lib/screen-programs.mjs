/** What uses the app from outside, as a person does: a screen, a desktop, keyboard and mouse, and eyes. */
import { isRoot, run, say } from "./project.mjs";
import { findProgram } from "./system.mjs";

/** Each program with the Debian package that brings it. */
const packages = {
  Xvfb: "xvfb",
  openbox: "openbox",
  xdotool: "xdotool",
  import: "imagemagick",
  tesseract: "tesseract-ocr",
  strace: "strace",
};

/** The packages that are not installed. */
export function missingScreenPackages() {
  return Object.entries(packages)
    .filter(([program]) => findProgram(program) === null)
    .map(([, name]) => name);
}

/** Installs them where that is possible; elsewhere the tests that need them are skipped and say why. */
export function ensureScreenPrograms() {
  const lacking = missingScreenPackages();
  if (lacking.length === 0 || process.platform !== "linux" || !isRoot || !findProgram("apt-get")) return;
  say(`installing what uses the app from outside: apt-get install ${lacking.join(" ")}`);
  const quiet = { stdio: /** @type {const} */ ("ignore"), env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  const install = () => run("apt-get", ["install", "-y", "--no-install-recommends", ...lacking], quiet) === 0;
  if (!install() && run("apt-get", ["update"], quiet) === 0) install();
}
