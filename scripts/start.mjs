/** `npm start`: brings a fresh clone to a running app. */
import { runApp } from "./lib/launch.mjs";
import { prepare } from "./lib/prepare.mjs";
import { runScript } from "./lib/project.mjs";

await runScript(async () => runApp(await prepare(), process.argv.slice(2)));
