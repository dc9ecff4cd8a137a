import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type PackageKind, packageNameSchema, type ReleaseFile } from "./release";
import { UpdateRefused } from "./trouble";

const kinds: Readonly<Record<string, { readonly kind: PackageKind; readonly platform: ReleaseFile["platform"] }>> = {
  deb: { kind: "deb", platform: "linux" },
  AppImage: { kind: "AppImage", platform: "linux" },
  exe: { kind: "nsis", platform: "win32" },
  dmg: { kind: "dmg", platform: "darwin" },
};
const processors: Readonly<Record<string, ReleaseFile["arch"]>> = {
  amd64: "x64",
  x64: "x64",
  x86_64: "x64",
  arm64: "arm64",
  aarch64: "arm64",
};

async function sha512Of(file: string): Promise<string> {
  const hash = createHash("sha512");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/**
 * The packages of a folder as a release names them; other files are left alone. Throws `UpdateRefused` with the name of a
 * package that cannot be one of this version, of which two would serve the same machines, or where there is none.
 */
export async function readReleaseFolder(folder: string, version: string): Promise<ReleaseFile[]> {
  const files: ReleaseFile[] = [];
  for (const name of (await readdir(folder)).sort((a, b) => (a < b ? -1 : 1))) {
    const ending = kinds[name.slice(name.lastIndexOf(".") + 1)];
    if (!ending) continue;
    if (!packageNameSchema.safeParse(name).success)
      throw new UpdateRefused(
        `A package's name may hold letters, figures and . _ + ~ - alone: ${JSON.stringify(name)}.`,
      );
    // Debian writes 1.0.0~beta.1 for 1.0.0-beta.1, which there comes before 1.0.0.
    const stem = name.slice(0, name.lastIndexOf("."));
    const around = ` ${stem.replaceAll("~", "-").replaceAll("_", " ")} `;
    if (!around.includes(` ${version} `) && !around.includes(`-${version}-`) && !around.includes(`-${version} `))
      throw new UpdateRefused(`${name} does not name version ${version}.`);
    const arch = Object.entries(processors).find(([word]) => new RegExp(`(?:^|[_.-])${word}$`, "u").test(stem))?.[1];
    if (!arch) throw new UpdateRefused(`${name} does not end with a processor such as amd64 or arm64.`);
    if (files.some((other) => other.kind === ending.kind && other.arch === arch))
      throw new UpdateRefused(`${name} is a second ${ending.kind} for ${arch}.`);
    const path = join(folder, name);
    files.push({ ...ending, arch, file: name, size: (await stat(path)).size, sha512: await sha512Of(path) });
  }
  if (files.length === 0) throw new UpdateRefused("The folder holds no package (.deb, .AppImage, .exe or .dmg).");
  return files;
}
