import { chmod, mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import semver from "semver";
import { z } from "zod";

const versionSchema = z.string().refine((text) => semver.valid(text) === text);

/** What outlives the app: the newest version ever offered, so that an older feed is noticed, and the last look. */
const memorySchema = z.object({
  highest: versionSchema.nullable().catch(null),
  checkedAt: z.iso.datetime().nullable().catch(null),
});
export type UpdateMemory = z.infer<typeof memorySchema>;

const fileOf = (folder: string) => join(folder, "state.json");

/** A missing or damaged file is an empty memory: then this version itself is the one that nothing may go below. */
export async function readMemory(folder: string): Promise<UpdateMemory> {
  try {
    return memorySchema.parse(JSON.parse(await readFile(fileOf(folder), "utf8")));
  } catch {
    return { highest: null, checkedAt: null };
  }
}

export async function writeMemory(folder: string, memory: UpdateMemory): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (process.platform !== "win32") await chmod(folder, 0o700);
  const passing = `${fileOf(folder)}.${process.pid}`;
  const handle = await open(passing, "w", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(memory)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(passing, fileOf(folder));
}

export function higher(one: string | null, other: string): string {
  return one !== null && semver.gt(one, other) ? one : other;
}
