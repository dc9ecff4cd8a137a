import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A virtual screen whose pixels lie in a file: what is on it can be read in a fraction of a millisecond. */
export interface Framebuffer {
  readonly display: string;
  /** Every `step`th row of a region, as it is on the screen now. Four bytes a pixel. */
  read(region: Region, step?: number): Buffer;
  close(): void;
}

const width = 1366;
const height = 768;

export async function openFramebuffer(): Promise<Framebuffer> {
  const folder = mkdtempSync(join(tmpdir(), "lamplight-screen-"));
  const args = [
    "-displayfd",
    "3",
    "-screen",
    "0",
    `${width}x${height}x24`,
    "-s",
    "0",
    "-br",
    "-nolisten",
    "tcp",
    "-fbdir",
    folder,
  ];
  const server: ChildProcess = spawn("Xvfb", args, { stdio: ["ignore", "ignore", "ignore", "pipe"], cwd: "/" });
  const number = await new Promise<string>((resolve, reject) => {
    let said = "";
    server.stdio[3]?.on("data", (part: Buffer) => {
      said += String(part);
      if (said.includes("\n")) resolve(said.trim());
    });
    server.on("error", reject);
    server.on("exit", () => reject(new Error("Xvfb ended at once.")));
  });
  const file = openSync(join(folder, "Xvfb_screen0"), "r");
  // XWD: the header's size, then, in words, its colours of twelve bytes each, then the pixels.
  const head = Buffer.alloc(100);
  readSync(file, head, 0, 100, 0);
  const word = (at: number) => head.readUInt32BE(at * 4);
  const pixels = word(0) + word(19) * 12;
  const line = word(12);
  return {
    display: `:${number}`,
    read: (region, step = 1) => {
      const rows = Math.ceil(region.height / step);
      const found = Buffer.alloc(rows * region.width * 4);
      for (let row = 0; row < rows; row += 1)
        readSync(
          file,
          found,
          row * region.width * 4,
          region.width * 4,
          pixels + (region.y + row * step) * line + region.x * 4,
        );
      return found;
    },
    close: () => {
      closeSync(file);
      server.kill("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const colourAt = (pixels: Buffer, at: number) => pixels.readUInt32LE(at) & 0xff_ff_ff;

/** Where a picture has ink: every pixel that is not of its commonest colour. Offsets in bytes. */
export function inkOf(pixels: Buffer): number[] {
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += 4)
    counts.set(colourAt(pixels, at), (counts.get(colourAt(pixels, at)) ?? 0) + 1);
  const [paper] = [...counts].reduce((most, one) => (one[1] > most[1] ? one : most), [-1, 0] as [number, number]);
  return Array.from({ length: pixels.length / 4 }, (_, pixel) => pixel * 4).filter(
    (at) => colourAt(pixels, at) !== paper,
  );
}

/** The share of a picture's ink that is still there in a later one, 0 to 1. */
export function inkLeft(before: Buffer, ink: readonly number[], later: Buffer): number {
  let left = 0;
  for (const at of ink) if (colourAt(before, at) === colourAt(later, at)) left += 1;
  return ink.length === 0 ? 0 : left / ink.length;
}
