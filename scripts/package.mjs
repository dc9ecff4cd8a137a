/**
 * `npm run package`: installers into release/. On Linux x64 the workstation's .deb and the one with IT's command line
 * (`lamplight-admin`). Says what it builds and what it cannot. Opens no connection once the runtime is there.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { build, Platform } from "electron-builder";
import { ensureBuilt } from "./lib/build.mjs";
import { prepare } from "./lib/prepare.mjs";
import { inProject, Refusal, runScript, say } from "./lib/project.mjs";
import { buildAdminDeb } from "./packaging/admin-package.mjs";
import { writeGenerated } from "./packaging/generated.mjs";
import { readOptions, usage } from "./packaging/options.mjs";
import { printSizes } from "./packaging/sizes.mjs";
import { targetsOf } from "./packaging/targets.mjs";

const manifest = JSON.parse(readFileSync(inProject("package.json"), "utf8"));

/** Installers of earlier runs: two versions side by side would both be given to `apt-get install ./lamplight_*.deb`. @param {string} folder */
function emptyOutput(folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (/^lamplight.*\.(deb|rpm|AppImage|exe|dmg|yml|yaml|blockmap)$|-unpacked$|^builder-/.test(name)) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}

/**
 * @param {import("./packaging/options.mjs").PackageOptions} options
 * @param {import("./lib/runtime.mjs").Runtime} runtime
 * @param {string[]} targets
 */
async function runBuilder(options, runtime, targets) {
  process.env.CUSTOM_FPM_PATH = inProject("scripts", "packaging", "fpm.mjs");
  const mark = options.testBuild ? "TEST BUILD, not for real patients. " : "";
  await build({
    projectDir: inProject(),
    targets: Platform.current().createTarget(targets),
    publish: "never",
    config: {
      electronDist: runtime.folder,
      electronVersion: runtime.version,
      // The newest fuse, for Electron 29 and later; flipping one that is not there fails. Our pages never come from file://.
      ...(Number.parseInt(runtime.version, 10) >= 29
        ? { electronFuses: { grantFileProtocolExtraPrivileges: false } }
        : {}),
      afterPack: ({ appOutDir }) => rmSync(join(appOutDir, "resources", "default_app.asar"), { force: true }),
      directories: { output: options.output },
      extraMetadata: {
        version: options.version,
        // Read by main.ts: the app says it on every screen.
        ...(options.testBuild ? { testBuild: true } : {}),
        homepage: "https://lamplight.invalid/",
        desktopName: "lamplight.desktop",
      },
      // Real releases are made small; a test build need not wait for it.
      ...(options.testBuild ? { deb: { compression: "gz" } } : {}),
      linux: { description: `${mark}${manifest.description}`, synopsis: `${mark}Hospital-ward workstation` },
    },
  });
}

await runScript(async () => {
  const options = readOptions(process.argv.slice(2), manifest.version);
  if (!options) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  // electron-builder.yml names files from here.
  process.chdir(inProject());
  const runtime = await prepare({ build: false });
  if (!runtime.supported && !options.testBuild) {
    throw new Refusal(
      `Electron ${runtime.version} is a development runtime and out of support: no release is made from it. ` +
        "Set ELECTRON_MIRROR to fetch the release runtime, or make a marked test build with --test-build.",
    );
  }
  ensureBuilt();
  emptyOutput(options.output);
  const chosen = [];
  for (const target of targetsOf()) {
    if (options.dirOnly) continue;
    say(`${target.name}: ${target.builds ? "builds" : "not built here:"} ${target.why}.`);
    if (target.builds) chosen.push(target.name);
  }
  if (options.dirOnly) say("builds the unpacked folder only.");
  else if (chosen.length === 0)
    throw new Refusal("this machine can build none of the installers; --dir makes the folder.");
  if (options.testBuild) say(`this is a TEST BUILD (${options.version}): not for real patients.`);
  writeGenerated({ version: options.version, electron: runtime });
  await runBuilder(options, runtime, options.dirOnly ? ["dir"] : chosen);
  rmSync(join(options.output, "builder-debug.yml"), { force: true });
  const unpacked = readdirSync(options.output).find((name) => name.endsWith("-unpacked"));
  if (!unpacked) throw new Refusal("electron-builder made no folder.");
  printSizes(join(options.output, unpacked));
  if (!options.dirOnly && chosen.includes("deb")) buildAdminDeb(options);
  for (const name of readdirSync(options.output)) {
    const path = join(options.output, name);
    if (/\.(deb|rpm|AppImage|exe|dmg)$/.test(name)) say(`made ${path} (${Math.round(statSync(path).size / 1e6)} MB)`);
  }
  return 0;
});
