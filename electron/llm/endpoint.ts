import type { ModelView } from "../../shared/assistant/turn";

export interface Endpoint {
  readonly url: string;
  readonly mode: ModelView["mode"];
  readonly audience: "local-model" | "remote-model";
}

/**
 * Where a model is reached and so how far what it is told travels. Plain HTTP is for this machine alone.
 * Throws one line that names the variable and not its value.
 */
export function readEndpoint(baseUrl: string): Endpoint {
  const url = parse(baseUrl);
  const host = url.hostname.replace(/^\[|\]$/gu, "").toLowerCase();
  if (url.username || url.password) throw new Error("OPENAI_BASE_URL must not hold a name or password.");
  if (isLoopback(host)) return { url: trimmed(url), mode: "this-machine", audience: "local-model" };
  if (url.protocol !== "https:") throw new Error("OPENAI_BASE_URL must be https, except on this machine.");
  return { url: trimmed(url), mode: isOnPremises(host) ? "on-premises" : "outside", audience: "remote-model" };
}

function parse(baseUrl: string): URL {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    throw new Error("OPENAI_BASE_URL is not an address.");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") throw new Error("OPENAI_BASE_URL must be http or https.");
  return url;
}

/** The SDK appends its paths to the base with a slash of its own. */
function trimmed(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/u, "")}`;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/u.test(host);
}

const privateAddresses = [
  /^10\./u,
  /^192\.168\./u,
  /^172\.(?:1[6-9]|2\d|3[01])\./u,
  /^169\.254\./u,
  /^f[cd][0-9a-f]{2}:/u,
  /^fe[89ab][0-9a-f]:/u,
];
const privateHosts = /(?:^[^.:]+|\.(?:local|internal|intranet|lan|home\.arpa))$/u;

function isOnPremises(host: string): boolean {
  const isAddress = host.includes(":") || /^\d+\.\d+\.\d+\.\d+$/u.test(host);
  return isAddress ? privateAddresses.some((range) => range.test(host)) : privateHosts.test(host);
}
