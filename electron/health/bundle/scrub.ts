import { failureCodes, failures } from "../../../shared/failure";
import type { ConfigurationItem } from "../../../shared/workstation/configuration";
import type { HealthReport } from "../../../shared/workstation/health";
import { itemNames } from "../../configuration/items";
import type { Handle } from "./handles";
import { withheld } from "./log-lines";

const plainWords =
  /^(?:yes|no|on|off|set|not set|system|light|dark|normal|large|larger|largest|small|a database of this machine's own|the authorities that come with Lamplight|the built-in assistant)$/iu;
const plainFigure = /^\d{1,6}(?:\.\d{1,3})?(?: (?:seconds|minutes|hours|days|pixels|MB|GB|%)(?: without input)?)?$/u;
const address = /^[a-z][a-z0-9+.-]{0,20}:\/\//iu;

/**
 * A value of the configuration as it may leave the workstation: figures and known words as they are, of an address the kind
 * alone, every other text as a handle. Two workstations' values are the same or not; that is seen on each screen.
 */
export function configurationValue(value: string, handle: Handle): string {
  if (plainWords.test(value) || plainFigure.test(value)) return value;
  const scheme = address.exec(value)?.[0];
  if (scheme && /^(?:https?|postgres(?:ql)?):\/\/$/iu.test(scheme))
    return `${scheme.toLowerCase()}${handle("address", value)}`;
  return handle("text", value);
}

export function scrubConfiguration(items: readonly ConfigurationItem[], handle: Handle) {
  return items.map(({ name, value, source, locked }) => ({
    name: (itemNames as readonly string[]).includes(name) ? name : handle("item", name),
    value: configurationValue(value, handle),
    source,
    locked,
  }));
}

const figureName = /^[a-z][a-z0-9_]{0,60}$/u;
const figureText =
  /^(?:embedded|central|off|idle|checking|current|downloading|ready|refused|failed|installed|\d{4}|\d{4}_[a-z_]{1,60}\.sql|\d{1,3}\.\d{1,3}(?:\.\d{1,3})?(?:-[a-z]{1,5}\.\d{1,3})?)$/u;
const isFigureText = (text: string) => figureText.test(text) || (failureCodes as readonly string[]).includes(text);

/** Our sentences name no machine and no file; a word that looks like one came from elsewhere. */
const foreign = /\S*(?:[@/\\]|[a-z0-9-]\.[a-z]|\d\.\d+\.\d+\.\d|[0-9a-f]:[0-9a-f:])\S*/giu;
function sentence(message: string, code: unknown): string {
  // Of a refusal only its standard wording: a more exact one may name the server.
  const known = failureCodes.find((one) => one === code);
  return known ? failures[known] : message.replace(foreign, (word) => withheld(word));
}

/** The report was made of our own sentences and figures; what does not look like them is withheld all the same. */
export function scrubReport(report: HealthReport) {
  return {
    takenAt: report.takenAt,
    version: version(report.version),
    state: report.state,
    checks: report.checks.map(({ name, state, message, figures }) => ({
      name,
      state,
      message: sentence(message, figures["code"]),
      figures: Object.fromEntries(
        Object.entries(figures)
          .filter(([figure]) => figureName.test(figure))
          .map(([figure, value]) => [
            figure,
            typeof value === "string" && !isFigureText(value) ? withheld(value) : value,
          ]),
      ),
    })),
  };
}

const figures = /^\d{1,3}(?:\.\d{1,5}){1,4}(?:[-+~](?:[a-z]{1,10}\d{0,4}|\d{1,4}))*(?:\.\d{1,3})?$/iu;
const networkAddress = /^(?:\d{1,3}\.){3}\d{1,3}$/u;

/** Versions are figures with dots and perhaps short words behind them, e.g. `6.12.0-21-amd64`. */
export function version(text: string): string {
  const known = /^(?:linux|win32|darwin|x64|arm64|deb|AppImage|nsis|dmg|unpackaged|packaged)$/u.test(text);
  // Of four parts Chromium's have one above 255.
  const isAddress = networkAddress.test(text) && text.split(".").every((part) => Number(part) < 256);
  return known || (figures.test(text) && !isAddress) ? text : withheld(text);
}

/** What may be named in versions.json. */
export const versionNames = ["lamplight", "electron", "chrome", "node", "v8", "openssl", "platform", "arch", "system"];

/**
 * The last net: what this workstation knows to be a name or a secret is replaced wherever it still stands, in plain text, in
 * JSON's escapes and in Base64.
 */
export function hide(text: string, hidden: readonly string[], handle: Handle): string {
  let scrubbed = text;
  for (const word of hidden) {
    if (word.length < 3) continue;
    const forms = [word, JSON.stringify(word).slice(1, -1), Buffer.from(word).toString("base64").replace(/=+$/u, "")];
    for (const form of forms) scrubbed = scrubbed.replaceAll(form, handle("name", word));
  }
  return scrubbed;
}
