/** A program for the tests that kill it: starts the embedded server, says so on its output, and stays. */
import { startEmbeddedServer } from "../../electron/database/embedded-server";

const [home] = process.argv.slice(2);
if (!home) throw new Error("which home folder?");
const server = await startEmbeddedServer({ home });
process.stdout.write(`${JSON.stringify({ owned: server.owned, socketFolder: server.socketFolder })}\n`);
process.stdin.resume();
