/**
 * Who may import whom. The compiler's projects build the big walls (shared, electron, renderer); these are the
 * smaller ones. tests/contract/architecture.test.ts plants a breach of every rule and expects it to be caught.
 */

/** The rooms of electron/ and the rooms each may call. Everything not listed is closed; only main.ts sees them all. */
const rooms = {
  // The assistant is one more MCP client: it calls tools through the same protocol as an outside one, in memory.
  assistant: ["tools", "mcp", "llm", "redaction", "deidentification", "session"],
  audit: ["database"],
  // What fixes the audit outside the database: heads, signed, in files of the hospital's choice.
  anchors: ["database", "audit", "configuration"],
  // What the owner of the database does: schema, accounts, wards, keys, retention.
  administration: ["database", "session", "sealing", "demo-hospital", "audit"],
  // Reads badges and asks the database whose they are.
  badge: ["database"],
  backup: ["database", "audit", "sealing", "session"],
  // The programs for a terminal: composition roots of their own, like main.ts.
  "command-line": [
    "anchors",
    "database",
    "records",
    "audit",
    "sealing",
    "session",
    "tools",
    "mcp",
    "fhir",
    "hospital",
    "demo-hospital",
    "administration",
    "backup",
    "health",
    "updates",
    "configuration",
  ],
  compliance: ["database", "records", "audit"],
  database: ["sealing"],
  "demo-hospital": ["database", "records", "session", "sealing", "audit", "fhir"],
  deidentification: ["redaction"],
  // Unsent text of a person, sealed under their own key in the database and on the disk.
  drafts: ["database", "sealing"],
  // Emergency access: announced, proved, opened, ended.
  emergency: ["database", "session"],
  // The managed file, the environment and what a person chose on this workstation, in that order.
  configuration: ["database"],
  fhir: ["records", "sealing"],
  health: ["database", "configuration"],
  // Opens the database and everything that is made from it: the first half of main.ts's work, testable in plain Node.
  hospital: [
    "database",
    "records",
    "session",
    "sealing",
    "tools",
    "audit",
    "assistant",
    "llm",
    "mcp",
    "fhir",
    "demo-hospital",
    "configuration",
  ],
  ipc: [
    "session",
    "audit",
    "badge",
    "drafts",
    "emergency",
    "offline",
    "assistant",
    "tools",
    "mcp",
    "records",
    "database",
    "hospital",
    "configuration",
    "health",
    "updates",
  ],
  llm: [],
  logging: [],
  mcp: ["tools", "session"],
  messaging: ["database", "records", "audit"],
  // Work while the network is away: who may, the ward's copy, and what waits to be sent.
  offline: ["database", "records", "sealing", "session"],
  records: ["database", "sealing"],
  redaction: [],
  sealing: [],
  session: ["records", "database", "audit", "sealing"],
  updates: ["configuration"],
  tools: ["records", "database", "redaction", "audit", "sealing"],
  window: [],
};

/** Handed in wherever they are needed. */
const everywhere = ["clock", "config", "polyfills"]
  .map((file) => `^electron/${file}\\.ts$`)
  .concat("^electron/logging/");

/** Packages with one home, so that what they can do has one way in. */
const homes = {
  pg: "^electron/database/",
  jose: "^electron/(session/token\\.ts$|updates/)",
  openai: "^electron/llm/",
  "@modelcontextprotocol/sdk": "^electron/mcp/",
  "@node-rs/argon2": "^electron/session/",
  "pg-copy-streams": "^electron/database/",
  commander: "^electron/command-line/",
};

/** Resolved, or by its bare name where it is not installed. */
const packageNamed = (name) => `(^|/)node_modules/${name}/|^${name}$${name === "electron" ? "" : `|^${name}/`}`;

module.exports = {
  forbidden: [
    {
      name: "no-circle",
      comment: "Two modules that import each other are one module in two files.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "shared-stands-alone",
      comment: "shared/ is the vocabulary: it imports nothing of ours.",
      severity: "error",
      from: { path: "^shared/" },
      to: { path: "^(electron|renderer|tests|scripts)/" },
    },
    {
      name: "shared-needs-only-zod",
      comment: "zod is the only package of shared/, and no Node module is.",
      severity: "error",
      from: { path: "^shared/" },
      to: {
        dependencyTypesNot: ["local", "type-only"],
        pathNot: ["^shared/", packageNamed("zod"), "^(electron|renderer|tests|scripts)/"],
      },
    },
    {
      name: "renderer-not-electron",
      comment: "The renderer reaches the main process by window.ward alone.",
      severity: "error",
      from: { path: "^renderer/" },
      to: { path: "^(electron|tests|scripts|resources)/" },
    },
    {
      name: "renderer-no-node",
      comment: "The renderer is a page: no Node modules.",
      severity: "error",
      from: { path: "^renderer/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "renderer-no-authority",
      comment: "Packages that hold authority live in the main process.",
      severity: "error",
      from: { path: "^renderer/" },
      to: {
        path: [...Object.keys(homes), "electron", "electron-store", "electron-log"].map(packageNamed).join("|"),
      },
    },
    {
      name: "electron-not-renderer",
      comment: "The main process never loads the view's code.",
      severity: "error",
      from: { path: "^electron/" },
      to: { path: "^(renderer|tests|scripts)/" },
    },
    {
      name: "electron-module-at-home",
      comment:
        "The module electron is used in main.ts, preload.ts, window/, ipc/ and idle-watch; other rooms are plain Node.",
      severity: "error",
      from: {
        path: "^(electron|shared)/",
        pathNot:
          "^electron/(main|compose|compose-[a-z]+|preload)\\.ts$|^electron/(window|ipc)/|^electron/session/idle-watch\\.ts$",
      },
      to: { path: packageNamed("electron") },
    },
    {
      name: "nobody-imports-main",
      comment: "main.ts and what it composes build the rooms; no room knows them, nor the preload.",
      severity: "error",
      from: { pathNot: "^electron/(main|compose)\\.ts$" },
      to: { path: "^electron/(main|compose|compose-[a-z]+|preload)\\.ts$" },
    },
    {
      name: "preload-is-small",
      comment: "The preload imports the module electron and types, nothing else.",
      severity: "error",
      from: { path: "^electron/preload\\.ts$" },
      to: { pathNot: [packageNamed("electron"), "^shared/ipc/"] },
    },
    ...Object.entries(rooms).map(([room, others]) => ({
      name: `room-${room}`,
      comment: `electron/${room} may import ${others.length > 0 ? others.join(", ") : "no other room"}.`,
      severity: "error",
      from: { path: `^electron/${room}/` },
      to: {
        path: "^electron/",
        pathNot: [`^electron/${room}/`, ...others.map((other) => `^electron/${other}/`), ...everywhere],
      },
    })),
    {
      name: "rooms-are-listed",
      comment: "A new room in electron/ is listed above with the rooms it may call.",
      severity: "error",
      from: { path: "^electron/[^/]+/", pathNot: Object.keys(rooms).map((room) => `^electron/${room}/`) },
      to: { path: "^electron/" },
    },
    ...Object.entries(homes).map(([name, home]) => ({
      name: `home-of-${name.replace(/[^a-z0-9]+/g, "-").replace(/^-/, "")}`,
      comment: `${name} is used only in its home (${home}).`,
      severity: "error",
      from: { path: "^(electron|shared)/", pathNot: home },
      to: { path: packageNamed(name) },
    })),
    {
      name: "declared-packages",
      comment: "Every package that ships is in package.json's dependencies.",
      severity: "error",
      from: { path: "^(electron|shared|renderer)/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "resolvable",
      comment: "An import that leads nowhere.",
      severity: "error",
      from: { path: "^(electron|shared|renderer)/" },
      to: { couldNotResolve: true, pathNot: ["^virtual:", "\\?(raw|url)$"] },
    },
  ],
  options: {
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(out|release|node_modules/\\.cache)/" },
    moduleSystems: ["es6", "cjs"],
    tsPreCompilationDeps: false,
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".mts", ".mjs", ".js", ".cjs", ".json", ".css"],
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
