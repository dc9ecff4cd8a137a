import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findProgram } from "../../scripts/lib/system.mjs";
import { debOf } from "../../scripts/packaging/fpm.mjs";

const project = join(import.meta.dirname, "..", "..");
const scripts = join(project, "packaging", "linux");
const work = mkdtempSync(join(tmpdir(), "lamplight-deb-test-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** As electron-builder 26 calls fpm for a .deb. */
const words = (app: string, file: string) =>
  [
    ["-s", "dir", "--force", "-t", "deb", "-d", "libgtk-3-0 | libgtk-3-0t64", "-d", "libnss3"],
    ["--deb-recommends", "xdg-utils", "--deb-compression", "gz", "--architecture", "amd64"],
    ["--after-install", join(scripts, "postinst"), "--after-remove", join(scripts, "postrm")],
    ["--description", "TEST BUILD. Workstation\n A hospital-ward workstation.", "--version", "0.2.0~test"],
    ["--package", file, "--name", "lamplight", "--maintainer", "The Lamplight authors <authors@lamplight.invalid>"],
    ["--vendor", "The Lamplight authors", "--url", "https://lamplight.invalid/", "--category", "misc"],
    ["--deb-priority", "optional", "--license", "Apache-2.0"],
    ["--before-install", join(scripts, "preinst"), "--before-remove", join(scripts, "prerm")],
    [`${app}/=/opt/Lamplight`, `${join(scripts, "lamplight")}=/usr/bin/lamplight`],
  ].flat();

test("fpm's arguments are understood, and what is not understood is refused", () => {
  const deb = debOf(words("/some/app", "/some/file.deb"));
  expect(deb).toMatchObject({ name: "lamplight", version: "0.2.0~test", architecture: "amd64", homepage: "" });
  expect(deb.depends).toEqual(["libgtk-3-0 | libgtk-3-0t64", "libnss3"]);
  expect(deb.files[0]).toEqual({ from: "/some/app/", to: "/opt/Lamplight" });
  expect(() => debOf([...words("/a", "/b"), "--config-files", "/etc/x"])).toThrow("--config-files");
  expect(() => debOf(["-s", "dir", "-t", "rpm", ...words("/a", "/b").slice(5)])).toThrow(/\.deb/);
  expect(() => debOf(["-s", "dir", "-t", "deb"])).toThrow("--description is missing");
});

describe.skipIf(!findProgram("dpkg-deb"))("a .deb (skipped where dpkg-deb is missing)", () => {
  const app = join(work, "app");
  mkdirSync(join(app, "lib"), { recursive: true });
  writeFileSync(join(app, "lamplight"), "#!/bin/sh\n", { mode: 0o700 });
  writeFileSync(join(app, "data.bin"), "data", { mode: 0o600 });
  writeFileSync(join(app, "lib", "a.so.1"), "library");
  symlinkSync("a.so.1", join(app, "lib", "a.so"));
  chmodSync(app, 0o700);
  const file = join(work, "lamplight_0.2.0-test_amd64.deb");
  const made = spawnSync(process.execPath, [join(project, "scripts", "packaging", "fpm.mjs"), ...words(app, file)], {
    encoding: "utf8",
  });

  test("is built, with the fields that were asked for", () => {
    expect(made.status, made.stderr).toBe(0);
    const fields = spawnSync("dpkg-deb", ["-f", file], { encoding: "utf8" }).stdout;
    expect(fields).toContain("Package: lamplight\n");
    expect(fields).toContain("Version: 0.2.0~test\n");
    expect(fields).toContain("Architecture: amd64\n");
    expect(fields).toContain("Depends: libgtk-3-0 | libgtk-3-0t64, libnss3\n");
    expect(fields).toContain("Description: TEST BUILD. Workstation\n A hospital-ward workstation.");
    expect(fields).not.toContain("Homepage");
  });

  test("its files belong to root, with modes of their own, links kept", () => {
    const listing = spawnSync("dpkg-deb", ["-c", file], { encoding: "utf8" }).stdout;
    expect(listing).toMatch(/^drwxr-xr-x root\/root .* \.\/opt\/Lamplight\/$/m);
    expect(listing).toMatch(/^-rwxr-xr-x root\/root .* \.\/opt\/Lamplight\/lamplight$/m);
    expect(listing).toMatch(/^-rw-r--r-- root\/root .* \.\/opt\/Lamplight\/data\.bin$/m);
    expect(listing).toMatch(/^lrwxrwxrwx root\/root .* \.\/opt\/Lamplight\/lib\/a\.so -> a\.so\.1$/m);
    expect(listing).toMatch(/^-rwxr-xr-x root\/root .* \.\/usr\/bin\/lamplight$/m);
    expect(listing).not.toMatch(/ \.\/etc\//);
  });

  test("carries the four maintainer scripts and no question", () => {
    const control = join(work, "control");
    spawnSync("dpkg-deb", ["-e", file, control]);
    for (const name of ["preinst", "postinst", "prerm", "postrm"]) {
      const text = readFileSync(join(control, name), "utf8");
      expect(text).toBe(readFileSync(join(scripts, name), "utf8"));
      expect(text).not.toMatch(/debconf|\bread -p/);
    }
  });
});

describe("maintainer scripts", () => {
  const names = ["preinst", "postinst", "prerm", "postrm", "lamplight", "lamplight-admin"];
  test.each(names)("%s is good shell", (name) => {
    const checked = spawnSync("sh", ["-n", join(scripts, name)], { encoding: "utf8" });
    expect(checked.stderr).toBe("");
    expect(checked.status).toBe(0);
    // electron-builder replaces what looks so.
    expect(readFileSync(join(scripts, name), "utf8")).not.toMatch(/\$\{[a-zA-Z]+\}/);
  });

  test.skipIf(!findProgram("shellcheck"))("pass shellcheck (skipped where it is missing)", () => {
    const { status, stdout } = spawnSync(
      "shellcheck",
      names.map((name) => join(scripts, name)),
      { encoding: "utf8" },
    );
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });

  const before = (managed: string) =>
    spawnSync("sh", [join(scripts, "preinst"), "install"], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], LAMPLIGHT_MANAGED: managed },
    });
  const managedFile = (text: string) => {
    const file = join(work, "managed.json");
    writeFileSync(file, text);
    return file;
  };

  test.each([
    ["nothing", ""],
    ["an object", managedFile('{"lock":{"idleSeconds":300}}')],
    ["the example", join(project, "packaging", "managed.example.json")],
  ])("preinst goes on with %s", (_what, file) => {
    expect(before(file)).toMatchObject({ status: 0, stderr: "" });
  });

  test.each(['{"a":1,}', "[1]", "{'a':1}", '{"a":01}', '{"a":"\\x"}', '{"a":1} x', ""])(
    "preinst refuses a managed configuration like %s",
    (text) => {
      const { status, stderr } = before(managedFile(text));
      expect(status).toBe(1);
      expect(stderr).toMatch(/is not a JSON object\. Nothing was installed\.\n$/);
    },
  );

  test("preinst refuses what is not there, or not named from the root", () => {
    expect(before("/nowhere/managed.json").stderr).toContain("where there is no file");
    expect(before("managed.json").stderr).toContain("not an absolute path");
  });
});
