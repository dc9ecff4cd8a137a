import { readFile } from "node:fs/promises";
import { protocol, type Session } from "electron";
import { CONTENT_SECURITY_POLICY, contentTypeOf, fileOf, SCHEME } from "./page-files";

/** Before the app is ready: makes the scheme an origin of its own. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, codeCache: false } },
  ]);
}

/** Serves the built pages, with the policy on every answer. */
export function servePages(session: Session, root: string): void {
  session.protocol.handle(SCHEME, async (request) => {
    const file = request.method === "GET" ? fileOf(root, request.url) : undefined;
    if (!file) return new Response("", { status: 404 });
    try {
      const body = await readFile(file);
      return new Response(new Uint8Array(body), {
        headers: {
          "content-type": contentTypeOf(file) ?? "application/octet-stream",
          "content-security-policy": CONTENT_SECURITY_POLICY,
          "x-content-type-options": "nosniff",
          "cache-control": "no-store",
        },
      });
    } catch {
      return new Response("", { status: 404 });
    }
  });
}
