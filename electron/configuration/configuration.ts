import type { Settings } from "../../shared/ipc/app-commands";
import type { ConfigurationItem } from "../../shared/workstation/configuration";
import type { ConnectionChoice, ConnectionTest, ConnectionView } from "../../shared/workstation/connection";
import { type CentralDatabase, type Config, defaultModel, readConfig } from "../config";
import type { ExpectedSchema } from "../database/connection-test";
import { BadConfiguration } from "./bad-configuration";
import { openConnection } from "./connection";
import { type ItemName, itemNames, items, partOf, type Values } from "./items";
import { openLook } from "./look";
import { type Managed, managedFilePlace, readManagedFile } from "./managed-file";
import type { SecretBox } from "./secret-box";

type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigurationOptions {
  readonly environment: Environment;
  /** Whether this is the installed app: there the environment decides less, and managed files must be root's. */
  readonly packaged: boolean;
  /** The absolute folder of all local state; it exists (`troubleWithHome`). */
  readonly home: string;
  readonly platform?: NodeJS.Platform;
  /** Asked when a secret is needed, which must be after the app is ready. Undefined: no real key store here. */
  readonly secretBox: () => SecretBox | undefined;
  /** Where the managed file is; default: the platform's place, in unpackaged runs `LAMPLIGHT_MANAGED` first. */
  readonly managedFile?: string;
}

/** Where updates come from; fits `readUpdatesConfiguration`. */
export interface UpdatesItems {
  readonly enabled: boolean;
  readonly feed: string | undefined;
  /** Ed25519, PEM. */
  readonly publicKey: string | undefined;
  readonly channel: string;
}

/** What this workstation is told to do, by whom, and what a person may choose. */
export interface Configuration {
  readonly idleSeconds: number;
  /** What the badge reader sends first; undefined: there is no reader. */
  readonly badgePrefix: string | undefined;
  readonly model: Config["openai"];
  readonly updates: UpdatesItems;
  /** Where anchors of the audit are written, and every how many minutes; no folder: the default of the database's kind. */
  readonly anchors: { readonly folder: string | undefined; readonly minutes: number };
  /** Whether the demo hospital may be loaded here. */
  readonly demoAllowed: boolean;
  /** Whether it is loaded without asking (`LAMPLIGHT_DEMO=1`, where it is allowed). */
  readonly loadDemoUnasked: boolean;
  /** The managed file that holds; undefined where there is none. */
  readonly managedFile: string | undefined;
  /** Variables that are set and have no say here, for the log: names alone. */
  readonly ignoredVariables: readonly string[];
  /** What went wrong with a file of chosen values, in words; for the status that everybody sees. */
  readonly notices: readonly string[];
  /** The central database with its password; undefined: the database of this machine. Throws `BadConfiguration`. */
  central(): CentralDatabase | undefined;
  connectionView(): ConnectionView;
  items(): ConfigurationItem[];
  /** Tests a connection as a person typed it, with the kept password where none was typed. Changes nothing. */
  test(choice: ConnectionChoice, expected: ExpectedSchema): Promise<ConnectionTest>;
  /** Keeps a choice. Throws `Refusal` CONFIGURATION_LOCKED, or CONNECTION_REFUSED with what is wrong. */
  choose(choice: ConnectionChoice): void;
  /** Back to the database of this machine; the password is deleted. Throws `Refusal` CONFIGURATION_LOCKED. */
  forget(): void;
  readonly settings: {
    read(): Settings;
    /** Throws `Refusal` CONFIGURATION_LOCKED for an item that the managed file sets. */
    change(change: Partial<Settings>): Settings;
  };
}

/**
 * Reads the managed file, the environment and what was chosen here, in the order in which they decide. Throws
 * `BadEnvironment` or its kind `BadConfiguration` with one line that names the file or variable and the item.
 */
export function createConfiguration(options: ConfigurationOptions): Configuration {
  const managed = findManagedFile(options);
  const values: Values = managed?.values ?? {};
  const { heard, ignored } = sift(options.environment, values, options.packaged);
  const config = readConfig(heard);
  const notices: string[] = [];
  const onUnusable = (notice: string) => void notices.push(notice);
  const look = openLook(options.home, values, onUnusable);
  const connection = openConnection({
    home: options.home,
    managed,
    environment: config.central,
    secretBox: options.secretBox,
    onUnusable,
  });

  const demoWanted = values["demo.allowed"] ?? items["demo.allowed"].default;
  // A workstation that IT has sent to the hospital's database never shows an invented hospital.
  const demoAllowed = demoWanted && connection.source() !== "managed" && connection.source() !== "environment";
  const model = modelOf(values) ?? config.openai;
  const updates: UpdatesItems = {
    enabled: values["updates.enabled"] ?? items["updates.enabled"].default,
    feed: values["updates.feed"],
    publicKey: values["updates.publicKey"],
    channel: values["updates.channel"] ?? items["updates.channel"].default,
  };

  /** What holds of an item that the managed file does not set, and who says so. */
  function otherwise(name: ItemName): { value: unknown; source: ConfigurationItem["source"] } {
    const fallback = { value: items[name].default, source: "default" } as const;
    const part = partOf(name);
    if (part === "database") {
      const source = connection.source();
      const view = connection.view(demoAllowed);
      const authority = name === "database.certificateAuthority" ? view.certificateAuthority : null;
      const value =
        { "database.url": view.url, "database.password": connection.hasPassword() ? "set" : null }[name as string] ??
        authority;
      if (value === null) return fallback;
      return { value, source: source === "managed" ? "chosen" : source };
    }
    if (part === "look") {
      const value = look.chosen()[name === "look.appearance" ? "appearance" : "textSize"];
      return value === undefined ? fallback : { value, source: "chosen" };
    }
    if (!items[name].variables.some((variable) => heard[variable])) return fallback;
    const said: Partial<Record<ItemName, unknown>> = {
      "lock.idleSeconds": config.idleSeconds,
      "badge.prefix": config.badgePrefix,
      "model.baseUrl": config.openai?.baseUrl,
      "model.name": config.openai?.model,
      "model.apiKey": heard["OPENAI_API_KEY"],
    };
    return { value: said[name], source: "environment" };
  }

  return {
    idleSeconds: values["lock.idleSeconds"] ?? config.idleSeconds,
    badgePrefix: values["badge.prefix"] ?? config.badgePrefix,
    model,
    updates,
    anchors: {
      folder: values["anchors.folder"],
      minutes: values["anchors.minutes"] ?? items["anchors.minutes"].default,
    },
    demoAllowed,
    loadDemoUnasked: config.loadDemo && demoAllowed,
    managedFile: managed?.path,
    ignoredVariables: ignored,
    notices,
    central: connection.central,
    connectionView: () => connection.view(demoAllowed),
    items: () =>
      itemNames.map((name) => {
        const managedHere = values[name] !== undefined;
        // Whom to believe at an address that IT gave is decided with it.
        const locked =
          managedHere || (name === "database.certificateAuthority" && values["database.url"] !== undefined);
        const { value, source } = managedHere ? { value: values[name], source: "managed" as const } : otherwise(name);
        const shown = items[name].shown as (value: unknown) => string;
        return { name, title: items[name].title, value: shown(value), source, locked };
      }),
    test: connection.test,
    choose: connection.choose,
    forget: connection.forget,
    settings: { read: look.read, change: look.change },
  };
}

function findManagedFile(options: ConfigurationOptions): Managed | undefined {
  const platform = options.platform ?? process.platform;
  const named = options.packaged ? undefined : options.environment["LAMPLIGHT_MANAGED"] || undefined;
  const path = options.managedFile ?? named ?? managedFilePlace(platform);
  const managed = readManagedFile(path, { rootOnly: options.packaged, platform });
  if (managed === undefined && named !== undefined && path === named)
    throw new BadConfiguration(`LAMPLIGHT_MANAGED names ${named}, which does not exist.`);
  return managed;
}

/**
 * The variables that have a say. A part that the managed file mentions is decided there as a whole, so that no password
 * of one source goes to an address of another; and the installed app takes no language model from the environment.
 */
function sift(environment: Environment, managed: Values, packaged: boolean) {
  const decided = new Set(Object.keys(managed).map(partOf));
  if (packaged) decided.add("model");
  const silenced = new Set<string>(
    itemNames.filter((name) => decided.has(partOf(name))).flatMap((name) => items[name].variables),
  );
  if (packaged) silenced.add("LAMPLIGHT_MANAGED");
  const ignored = [...silenced].filter((variable) => environment[variable]);
  const heard = Object.fromEntries(Object.entries(environment).filter(([variable]) => !silenced.has(variable)));
  return { heard, ignored };
}

/** Undefined: the managed file names no model. */
function modelOf(values: Values): Config["openai"] {
  const baseUrl = values["model.baseUrl"];
  const apiKey = values["model.apiKey"];
  if (baseUrl === undefined && apiKey === undefined) return undefined;
  return { apiKey: apiKey ?? "none", baseUrl, model: values["model.name"] ?? defaultModel };
}
