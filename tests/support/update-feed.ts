import { createHash, createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Release } from "../../electron/updates/release";
import { signRelease } from "../../electron/updates/signature";

export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

export function ed25519Pair(): KeyPair {
  const { privateKey } = generateKeyPairSync("ed25519");
  return {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString(),
  };
}

/** What a test puts at one path: bytes, or an answer of its own. */
type Answer = Buffer | string | RequestListener;

/** A real web server on this machine that keeps account of every request and every connection. */
export interface FeedServer {
  readonly feed: string;
  readonly origin: string;
  readonly asked: string[];
  connections: number;
  put(name: string, answer: Answer): void;
  stop(): Promise<void>;
}

export async function startFeedServer(tls?: { key: string; cert: string }): Promise<FeedServer> {
  const answers = new Map<string, Answer>();
  const listener: RequestListener = (request: IncomingMessage, response) => {
    served.asked.push(request.url ?? "");
    const answer = answers.get(request.url ?? "");
    if (answer === undefined) response.writeHead(404).end("no such file");
    else if (typeof answer === "function") answer(request, response);
    else response.writeHead(200, { "content-length": Buffer.byteLength(answer) }).end(answer);
  };
  const server: Server = tls ? createSecureServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `${tls ? "https" : "http"}://127.0.0.1:${port}`;
  const served: FeedServer = {
    origin,
    feed: `${origin}/ward/`,
    asked: [],
    connections: 0,
    put: (name, answer) => void answers.set(name.startsWith("/") ? name : `/ward/${name}`, answer),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  server.on("connection", () => {
    served.connections += 1;
  });
  return served;
}

export const packageBytes = (size = 200_000): Buffer => randomBytes(size);
export const sha512 = (bytes: Buffer): string => createHash("sha512").update(bytes).digest("hex");

/** A release of one Debian package, with what a test changes of it. */
export function releaseOf(
  bytes: Buffer,
  change: Partial<Release> = {},
  file: Partial<Release["files"][0]> = {},
): Release {
  return {
    version: "0.3.0",
    channel: "stable",
    released: "2030-01-01",
    expires: "2030-04-01T00:00:00.000Z",
    notes: "Clearer labels.",
    minimum_schema: "0012",
    newest_schema: "0015",
    files: [
      {
        platform: "linux",
        arch: "x64",
        kind: "deb",
        file: "lamplight_0.3.0_amd64.deb",
        size: bytes.length,
        sha512: sha512(bytes),
        ...file,
      },
    ],
    ...change,
  };
}

/** Puts a signed release and its package into the feed. */
export async function publish(server: FeedServer, key: KeyPair, release: Release, bytes: Buffer): Promise<void> {
  server.put("lamplight.json", await signRelease(release, key.privateKey));
  for (const { file } of release.files) server.put(file, bytes);
}
