import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** Traces of one text in one byte a letter, in two, and as Base64 at each of its three alignments. */
export function formsOf(text: string): Buffer[] {
  const base64 = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString("base64");
    // The ends depend on what stands beside the text.
    return Buffer.from(whole.slice(shift === 0 ? 0 : shift + 1, Math.floor(((text.length + shift) * 8) / 6) - 1));
  });
  return [Buffer.from(text), Buffer.from(text, "utf16le"), ...base64];
}

/** What gzip packed, wherever it begins in a file. */
function unpacked(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  const head = Buffer.from([0x1f, 0x8b, 0x08]);
  for (let at = bytes.indexOf(head); at >= 0; at = bytes.indexOf(head, at + 1))
    try {
      parts.push(gunzipSync(bytes.subarray(at)));
    } catch {
      // No stream begins here.
    }
  return parts;
}

/** Every file under a folder that was changed since a moment (milliseconds since 1970). */
export function filesUnder(folder: string, leaveOut: readonly string[] = [], since = 0): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (leaveOut.some((one) => path === one || path.startsWith(`${one}/`))) return [];
      if (entry.isDirectory()) return filesUnder(path, leaveOut, since);
      return entry.isFile() && statSync(path).mtimeMs >= since ? [path] : [];
    });
  } catch {
    // Gone meanwhile, or not ours to read.
    return [];
  }
}

/** The files that hold a trace of any of these texts, in any form, also packed by gzip. */
export function tracesInFiles(files: readonly string[], texts: readonly string[]): string[] {
  const forms = texts.flatMap(formsOf);
  return files.filter((file) => {
    let bytes: Buffer;
    try {
      bytes = readFileSync(file);
    } catch {
      return false;
    }
    return [bytes, ...unpacked(bytes)].some((part) => forms.some((form) => part.includes(form)));
  });
}

const CHUNK = 4 * 1024 * 1024;

/** Texts by the letters that they begin with: memory is searched once for each beginning, not for each text. */
function byBeginning(texts: readonly string[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const text of texts) {
    const beginning = text.slice(0, 6);
    groups.set(beginning, (groups.get(beginning) ?? new Set()).add(text));
  }
  return groups;
}

/** How often each text stands in a process's memory, whatever may be read there. Null where we may not look. Linux only. */
export function tracesInMemory(pid: number, texts: readonly string[]): Map<string, number> | null {
  const groups = [...byBeginning(texts)].flatMap(([beginning, group]) =>
    (["latin1", "utf16le"] as const).map((encoding) => ({
      sought: Buffer.from(beginning, encoding),
      encoding,
      lengths: [...new Set([...group].map((text) => text.length))],
      group,
    })),
  );
  const longest = Math.max(...texts.map((text) => text.length)) * 2;
  const found = new Map(texts.map((text) => [text, 0]));
  let maps: string;
  let memory: number;
  try {
    maps = readFileSync(`/proc/${pid}/maps`, "utf8");
    memory = openSync(`/proc/${pid}/mem`, "r");
  } catch {
    return null;
  }
  try {
    const buffer = Buffer.alloc(CHUNK + longest);
    for (const line of maps.split("\n")) {
      const range = /^([0-9a-f]+)-([0-9a-f]+) r/u.exec(line);
      if (!range || line.endsWith("[vvar]") || line.endsWith("[vsyscall]")) continue;
      const end = Number.parseInt(range[2] as string, 16);
      for (let at = Number.parseInt(range[1] as string, 16); at < end; at += CHUNK) {
        let read = 0;
        try {
          // A little of the next piece, for a text on the border.
          read = readSync(memory, buffer, 0, Math.min(CHUNK + longest, end - at), at);
        } catch {
          // Reserved and never written.
          break;
        }
        const piece = buffer.subarray(0, read);
        for (const { sought, encoding, lengths, group } of groups)
          for (let hit = piece.indexOf(sought); hit >= 0 && hit < CHUNK; hit = piece.indexOf(sought, hit + 1))
            for (const length of lengths) {
              const text = piece.toString(encoding, hit, hit + length * (encoding === "utf16le" ? 2 : 1));
              if (group.has(text)) found.set(text, (found.get(text) ?? 0) + 1);
            }
      }
    }
    return found;
  } finally {
    closeSync(memory);
  }
}

export const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);
