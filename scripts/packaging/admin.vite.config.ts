import { builtinModules } from "node:module";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const project = resolve(import.meta.dirname, "..", "..");

/** electron-store asks Electron for folders, which we always give ourselves; the package of that name would fetch a runtime. */
function withoutElectron(): Plugin {
  return {
    name: "lamplight:without-electron",
    enforce: "pre",
    resolveId: (name) => (name === "electron" ? "\0no-electron" : null),
    load: (id) => (id === "\0no-electron" ? "export default {};" : null),
  };
}

/** `lamplight-admin` as one CommonJS file for the Node that its package carries; native code lies beside it. */
export default defineConfig({
  root: project,
  publicDir: false,
  plugins: [withoutElectron()],
  logLevel: "warn",
  ssr: { noExternal: true },
  build: {
    ssr: resolve(project, "scripts/admin-packaged.ts"),
    outDir: resolve(project, "out/admin"),
    emptyOutDir: true,
    target: "node20",
    sourcemap: false,
    minify: false,
    rolldownOptions: {
      external: ["@node-rs/argon2", "pg-native", ...builtinModules, ...builtinModules.map((name) => `node:${name}`)],
      output: { format: "cjs", entryFileNames: "lamplight-admin.cjs", codeSplitting: false },
    },
  },
});
