import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";
import type { Plugin } from "vite";

/**
 * Main and preload are one CommonJS file each: everything is bundled except what cannot be (the module the runtime
 * gives, and native code). The targets are those of the oldest runtime that the app supports.
 */
const oldestNode = "node18.15";
const oldestChromium = "chrome114";

const project = import.meta.dirname;
const native = ["@node-rs/argon2", "pg-native"];

/** Source maps would ship the source and, in the renderer, its paths: none in a release. */
const sourcemap = process.env.LAMPLIGHT_SOURCEMAP === "1";

/**
 * React Aria adds a <style> element at run time, which our `style-src 'self'` refuses with an error for every window.
 * The one rule in it stands in our own style sheet instead, so the call that adds it is compiled away.
 */
function withoutInjectedStyles(): Plugin {
  return {
    name: "lamplight:without-injected-styles",
    transform(code, id) {
      if (!id.includes("react-aria") || !/createElement\(['"]style['"]\)/.test(code)) return null;
      return { code: code.replace(/createElement\(['"]style['"]\)/g, 'createElement("template")'), map: null };
    },
  };
}

export default defineConfig({
  main: {
    build: {
      outDir: "out/main",
      target: oldestNode,
      sourcemap,
      externalizeDeps: false,
      lib: { entry: resolve(project, "electron/main.ts"), formats: ["cjs"] },
      rolldownOptions: {
        external: native,
        output: { entryFileNames: "main.cjs", chunkFileNames: "[name]-[hash].cjs" },
      },
    },
  },
  preload: {
    build: {
      outDir: "out/preload",
      target: oldestNode,
      sourcemap,
      minify: true,
      externalizeDeps: false,
      lib: { entry: resolve(project, "electron/preload.ts"), formats: ["cjs"] },
      rolldownOptions: { output: { entryFileNames: "preload.cjs" } },
    },
  },
  renderer: {
    root: resolve(project, "renderer"),
    // Built pages are served by our own protocol from the root of the folder.
    base: "./",
    plugins: [react(), withoutInjectedStyles()],
    build: {
      outDir: resolve(project, "out/renderer"),
      emptyOutDir: true,
      target: oldestChromium,
      sourcemap,
      minify: true,
      // Read from the disk, not over a network.
      chunkSizeWarningLimit: 2000,
      // No data: URLs, no inline polyfill: the pages run under script-src 'self' and style-src 'self'.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: {
          index: resolve(project, "renderer/index.html"),
          lock: resolve(project, "renderer/lock.html"),
        },
      },
    },
  },
});
