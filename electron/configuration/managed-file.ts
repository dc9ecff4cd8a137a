import { isAbsolute } from "node:path";
import { BadConfiguration } from "./bad-configuration";
import { type ItemName, itemNames, items, partOf, type Values } from "./items";
import { parseManagedJson, RepeatedName } from "./managed-json";
import { type ProtectedFile, readProtectedFile, type Trust } from "./protected-file";

export interface Managed {
  readonly path: string;
  readonly values: Values;
  /** Where each value that is a secret was read, and whether every account can read it there. */
  readonly origins: ReadonlyMap<ItemName, { readonly path: string; readonly openToAll: boolean | undefined }>;
}

/** The place of the managed file. Fixed, so that no variable of a person's environment moves it away. */
export function managedFilePlace(platform: NodeJS.Platform): string {
  if (platform === "win32") return "C:\\ProgramData\\Lamplight\\managed.json";
  if (platform === "darwin") return "/Library/Application Support/Lamplight/managed.json";
  return "/etc/lamplight/managed.json";
}

type Named = ReadonlyMap<string, unknown>;

/** Undefined where there is no such file. Throws `BadConfiguration` with one line that names the file and the item. */
export function readManagedFile(path: string, trust: Trust): Managed | undefined {
  const file = readProtectedFile(path, trust);
  if (file === undefined) return undefined;
  const given = flat(path, parsed(path, file.text));
  const values = new Map<ItemName, unknown>();
  const origins = new Map<ItemName, { path: string; openToAll: boolean | undefined }>();
  const bad = (what: string) => new BadConfiguration(`${path}: ${what}.`);
  for (const [name, value] of given) {
    const itemName = itemNames.find((one) => one === name || items[one].file === name);
    if (itemName === undefined || (itemName === name && items[itemName].onlyByFile)) throw bad(unknown(name));
    if (values.has(itemName)) throw bad(`${itemName} and ${items[itemName].file} must not both be set`);
    const source = itemName === name ? { file, value, path } : fromFile(name, value);
    const checked = items[itemName].schema.safeParse(source.value);
    if (!checked.success) {
      const message = checked.error.issues[0]?.message ?? "is not usable";
      // "must be …" stands apart, "'s sslmode …" does not.
      const about = message.startsWith("'") ? `${name}${message}` : `${name} ${message}`;
      throw bad(itemName === name ? about : `${name} names ${source.path}, whose content ${message}`);
    }
    values.set(itemName, checked.data);
    origins.set(itemName, { path: source.path, openToAll: source.file.openToAll });
  }

  function fromFile(name: string, named: unknown): { file: ProtectedFile; value: string; path: string } {
    if (typeof named !== "string" || !isAbsolute(named)) throw bad(`${name} must be the whole path of a file`);
    const read = (() => {
      try {
        return readProtectedFile(named, trust);
      } catch (error) {
        throw error instanceof BadConfiguration ? bad(`${name}: ${error.message.replace(/\.$/u, "")}`) : error;
      }
    })();
    if (read === undefined) throw bad(`${name} names ${named}, which does not exist`);
    // Editors end a file with a line break that is no part of a password.
    return { file: read, value: read.text.replace(/\r?\n$/u, ""), path: named };
  }

  const managed = Object.fromEntries(values) as Values;
  const contradiction = contradictionIn(managed);
  if (contradiction) throw bad(contradiction);
  return { path, values: managed, origins };
}

function parsed(path: string, text: string): unknown {
  try {
    return parseManagedJson(text);
  } catch (error) {
    if (error instanceof RepeatedName)
      throw new BadConfiguration(`${path}: ${inQuotes(error.repeated)} stands there twice.`);
    throw new BadConfiguration(`${path} is not JSON${placeIn(text, error)}.`);
  }
}

/** Only the place: the parser's own words repeat the text, which may hold a password. */
function placeIn(text: string, error: unknown): string {
  const position = /at position (\d+)/u.exec(error instanceof Error ? error.message : "")?.[1];
  if (position === undefined) return "";
  return ` (line ${text.slice(0, Number(position)).split("\n").length})`;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `{"lock": {"idleSeconds": 300}}` as `lock.idleSeconds`. */
function flat(path: string, whole: unknown): Named {
  if (!isObject(whole)) throw new BadConfiguration(`${path} must hold one JSON object.`);
  const parts = new Set(itemNames.map(partOf));
  const found = new Map<string, unknown>();
  for (const [part, values] of Object.entries(whole)) {
    if (!parts.has(part)) throw new BadConfiguration(`${path}: ${unknown(part)}.`);
    if (!isObject(values)) throw new BadConfiguration(`${path}: ${part} must be an object.`);
    for (const [name, value] of Object.entries(values)) found.set(`${part}.${name}`, value);
  }
  return found;
}

const inQuotes = (name: string) => JSON.stringify(name.slice(0, 80));
const unknown = (name: string) => `${inQuotes(name)} is not a name that Lamplight knows`;

/** Values that are good alone and make no sense together. */
function contradictionIn(values: Values): string | undefined {
  if (values["database.password"] !== undefined && values["database.url"] === undefined)
    return "database.password belongs to an address: database.url must be set too";
  if (values["model.name"] !== undefined && !values["model.baseUrl"] && !values["model.apiKey"])
    return "model.name needs model.baseUrl or model.apiKeyFile";
  if (values["updates.enabled"] && !(values["updates.feed"] && values["updates.publicKey"]))
    return "updates.enabled needs updates.feed and updates.publicKey";
  return undefined;
}
