import { isAbsolute } from "node:path";
import { z } from "zod";
import { type Settings, settingsSchema } from "../../shared/ipc/app-commands";
import { badgePrefixPattern, idleLimits, parseEndpoint } from "../config";
import { connectionFrom } from "./connection-address";
import { describeAuthority, describeUpdateKey, isAuthority, isUpdateKey } from "./pem";

interface Item<T> {
  readonly title: string;
  /** Its messages go on after the item's name: "must be …". */
  readonly schema: z.ZodType<T>;
  /** What holds when nobody says anything; undefined: nothing does. */
  readonly default?: T;
  /** The environment variables that say the same. */
  readonly variables: readonly string[];
  /** Whether a person may choose it on the workstation. */
  readonly choosable: boolean;
  /** In the managed file, the name that gives a file to read instead of the value itself. */
  readonly file?: string;
  /** Whether the managed file may hold the value itself. */
  readonly onlyByFile?: true;
  readonly shown: (value: T | undefined) => string;
}
type ItemWithDefault<T> = Item<T> & { readonly default: T };
function item<T>(one: ItemWithDefault<T>): ItemWithDefault<T>;
function item<T>(one: Item<T>): Item<T>;
function item<T>(one: Item<T>): Item<T> {
  return one;
}

const asText = (otherwise: string) => (value: string | undefined) => value ?? otherwise;
const yesOrNo = (value: boolean | undefined) => (value ? "yes" : "no");
const setOrNot = (value: string | undefined) => (value ? "set" : "not set");
const truth = z.boolean("must be true or false");
const line = (most: number) =>
  z
    .string("must be a text")
    .regex(/^\S(?:[^\p{Cc}]*\S)?$/u, "must be one line without spaces around it")
    .max(most, `must have at most ${most} characters`);

/** What a parser of `config.ts` says about a value, without the name that every message begins with. */
function asParsed(parse: (named: string, text: string) => unknown) {
  const named = "It";
  return z.string("must be a text").superRefine((text, context) => {
    try {
      parse(named, text);
    } catch (error) {
      const message = (error as Error).message.slice(named.length).replace(/^ |\.$/gu, "");
      context.addIssue({ code: "custom", message });
    }
  });
}

function parseFeed(named: string, text: string): void {
  const url = parseEndpoint(named, text);
  if (url.search || url.hash) throw new Error(`${named} must be an address without ? and #.`);
}

const rangeOfIdle = `must be a whole number of seconds between ${idleLimits.least} and ${idleLimits.most}`;
const rangeOfAnchors = "must be a whole number of minutes between 1 and 1440";
const databaseVariables = ["DATABASE_URL", "PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD", "PGSSLMODE"];
const defaultLook: Settings = { appearance: "system", textSize: "normal", dockWidth: 420 };

/** Everything that can be configured, once. The name is the place in the managed file's JSON. */
export const items = {
  "database.url": item<string>({
    title: "Database",
    schema: asParsed(connectionFrom),
    variables: databaseVariables,
    choosable: true,
    shown: asText("a database of this machine's own"),
  }),
  "database.certificateAuthority": item<string>({
    title: "Authority of the database's certificate",
    schema: z.string("must be a text").refine(isAuthority, "must be one or more certificates in PEM form"),
    variables: ["PGSSLROOTCERT"],
    choosable: true,
    file: "database.certificateAuthorityFile",
    shown: (pem) => (pem === undefined ? "the authorities that come with Lamplight" : describeAuthority(pem)),
  }),
  "database.password": item<string>({
    title: "Password of the database's login",
    schema: line(256),
    variables: databaseVariables,
    choosable: true,
    file: "database.passwordFile",
    shown: setOrNot,
  }),
  "model.baseUrl": item<string>({
    title: "Address of the language model",
    schema: asParsed(parseEndpoint),
    variables: ["OPENAI_BASE_URL"],
    choosable: false,
    shown: asText("not set"),
  }),
  "model.name": item<string>({
    title: "Language model",
    schema: line(200),
    variables: ["OPENAI_MODEL"],
    choosable: false,
    shown: asText("not set"),
  }),
  "model.apiKey": item<string>({
    title: "Key of the language model",
    schema: line(2000),
    variables: ["OPENAI_API_KEY"],
    choosable: false,
    file: "model.apiKeyFile",
    onlyByFile: true,
    shown: setOrNot,
  }),
  "lock.idleSeconds": item<number>({
    title: "Lock after",
    schema: z.int(rangeOfIdle).min(idleLimits.least, rangeOfIdle).max(idleLimits.most, rangeOfIdle),
    default: idleLimits.most,
    variables: ["LAMPLIGHT_IDLE_SECONDS"],
    choosable: false,
    shown: (seconds) => `${seconds} seconds without input`,
  }),
  "badge.prefix": item<string>({
    title: "Badge reader that types",
    schema: z.string("must be a text").regex(badgePrefixPattern, "must be one to eight signs of ASCII without spaces"),
    variables: ["LAMPLIGHT_BADGE_PREFIX"],
    choosable: false,
    shown: (prefix) => (prefix === undefined ? "none" : `sends ${prefix} first`),
  }),
  "demo.allowed": item<boolean>({
    title: "Demo hospital allowed",
    schema: truth,
    default: true,
    variables: [],
    choosable: false,
    shown: yesOrNo,
  }),
  "anchors.folder": item<string>({
    title: "Folder of the audit's anchors",
    schema: line(1000).refine(isAbsolute, "must be the whole path of a folder"),
    variables: [],
    choosable: false,
    shown: asText("the home folder where the database is this machine's own; else nothing is anchored here"),
  }),
  "anchors.minutes": item<number>({
    title: "Minutes between two anchors of the audit",
    schema: z.int(rangeOfAnchors).min(1, rangeOfAnchors).max(1440, rangeOfAnchors),
    default: 15,
    variables: [],
    choosable: false,
    shown: (minutes) => `${minutes} minutes`,
  }),
  "updates.enabled": item<boolean>({
    title: "Updates",
    schema: truth,
    default: false,
    variables: [],
    choosable: false,
    shown: (value) => (value ? "on" : "off"),
  }),
  "updates.feed": item<string>({
    title: "Address of the updates",
    schema: asParsed(parseFeed),
    variables: [],
    choosable: false,
    shown: asText("not set"),
  }),
  "updates.publicKey": item<string>({
    title: "Key that signs the updates",
    schema: z.string("must be a text").refine(isUpdateKey, "must be an Ed25519 public key in PEM form"),
    variables: [],
    choosable: false,
    shown: (pem) => (pem === undefined ? "not set" : describeUpdateKey(pem)),
  }),
  "updates.channel": item<string>({
    title: "Channel of the updates",
    schema: z.string("must be a text").regex(/^[a-z]{1,20}$/u, "must be one word in small letters, e.g. stable"),
    default: "stable",
    variables: [],
    choosable: false,
    shown: (value) => String(value),
  }),
  "look.appearance": item<Settings["appearance"]>({
    title: "Appearance",
    schema: z.enum(settingsSchema.shape.appearance.options, 'must be "system", "light" or "dark"'),
    default: defaultLook.appearance,
    variables: [],
    choosable: true,
    shown: (value) => String(value),
  }),
  "look.textSize": item<Settings["textSize"]>({
    title: "Size of the text",
    schema: z.enum(settingsSchema.shape.textSize.options, 'must be "normal" or "large"'),
    default: defaultLook.textSize,
    variables: [],
    choosable: true,
    shown: (value) => String(value),
  }),
} as const;

export type ItemName = keyof typeof items;
export const itemNames = Object.keys(items) as ItemName[];
/** The values of some items: all that one source says. */
export type Values = { readonly [N in ItemName]?: z.infer<(typeof items)[N]["schema"]> };
export { defaultLook };

/** The part that an item belongs to: `database` of `database.url`. Values of one part belong together. */
export const partOf = (name: string): string => name.slice(0, name.indexOf("."));
