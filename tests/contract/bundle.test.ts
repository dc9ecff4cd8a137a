import { join, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { CONTENT_SECURITY_POLICY, contentTypeOf, fileOf } from "../../electron/window/page-files";

const root = join(sep, "app", "out", "renderer");

describe("the app's own address", () => {
  test.each([
    ["app://lamplight/index.html", "index.html"],
    ["app://lamplight/lock.html", "lock.html"],
    ["app://lamplight/assets/index-BwX.js?v=1#top", join("assets", "index-BwX.js")],
    ["app://lamplight/./assets/../index.html", "index.html"],
  ])("%s is a file of the pages", (url, file) => {
    expect(fileOf(root, url)).toBe(join(root, file));
  });

  test.each([
    "app://lamplight/",
    "app://lamplight/../main/main.cjs",
    "app://lamplight/%2e%2e/main/main.cjs",
    "app://lamplight/..%2fpreload%2fpreload.js",
    "app://lamplight/assets/..%2f..%2f..%2fpackage.js",
    "app://lamplight/%2e%2e%2f%2e%2e%2frenderer-other/index.html",
    "app://lamplight/..%5c..%5cindex.html",
    "app://lamplight/index.html%00.js",
    "app://lamplight//etc/passwd",
    "app://lamplight/%",
    "app://lamplight/index",
    "app://lamplight/.env",
    "app://lamplight/data.json",
    "app://other/index.html",
    "app://lamplight:8080/index.html",
    "https://lamplight/index.html",
    "file:///app/out/renderer/index.html",
    "not an address",
    "",
  ])("%j is nothing", (url) => {
    expect(fileOf(root, url)).toBeUndefined();
  });

  test("a folder whose name begins like ours is not ours", () => {
    expect(fileOf(root, "app://lamplight/..%2frenderer-old%2findex.html")).toBeUndefined();
  });

  test("what is served is of a known type", () => {
    expect(contentTypeOf("index.html")).toBe("text/html; charset=utf-8");
    expect(contentTypeOf("main.cjs")).toBeUndefined();
  });
});

test("the pages' policy is the one that was measured, word for word", () => {
  expect(CONTENT_SECURITY_POLICY).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'none'; form-action 'none'; base-uri 'none'; frame-src 'none'; object-src 'none'; frame-ancestors 'none'; worker-src 'none'; require-trusted-types-for 'script'",
  );
});
