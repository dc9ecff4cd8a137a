import { extname, join, normalize, sep } from "node:path";

export const SCHEME = "app";
export const ORIGIN = `${SCHEME}://lamplight`;

/** A page may run its own scripts and styles and reach nothing, not even its own server: everything goes over the bridge. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-src 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "worker-src 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
};

/** The file of the built pages that a request names, or undefined for everything outside their folder. */
export function fileOf(root: string, requested: string): string | undefined {
  let url: URL;
  try {
    url = new URL(requested);
  } catch {
    return undefined;
  }
  if (`${url.protocol}//${url.host}` !== ORIGIN) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  if (path.includes("\0") || path.includes("\\")) return undefined;
  const file = normalize(join(root, path));
  return file.startsWith(root + sep) && contentTypeOf(file) ? file : undefined;
}

/** The type to serve a file as; undefined for what is not part of a page. */
export function contentTypeOf(file: string): string | undefined {
  return contentTypes[extname(file)];
}
