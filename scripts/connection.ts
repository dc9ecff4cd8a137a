import { startEmbeddedDatabase } from "../electron/database/embedded-database";
import { complain, configOrExit, homeFolder, inWords, migrationsFolder, say } from "./lib/command-line";

/**
 * Prints the connection string of the workstation's login. The embedded server must be running (the app runs it); with
 * --start this command starts it itself and keeps it running until it is interrupted.
 */
function connectionString(login: {
  user: string;
  password: string;
  host: string;
  port: number;
  database: string;
}): string {
  const { user, password, host, port, database } = login;
  const account = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return host.startsWith("/")
    ? `postgresql://${account}@/${database}?host=${encodeURIComponent(host)}&port=${port}`
    : `postgresql://${account}@${host}:${port}/${database}`;
}

try {
  const { central } = configOrExit();
  if (central) {
    say(connectionString(central));
  } else {
    const embedded = await startEmbeddedDatabase({ home: homeFolder(process.env), migrations: migrationsFolder });
    say(connectionString(embedded.workstation));
    if (embedded.server.owned) {
      if (process.argv.includes("--start"))
        await new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
      else
        complain("The embedded database is not running; the app runs it. With --start this command keeps it running.");
    }
    await embedded.server.stop();
  }
} catch (error) {
  complain(inWords(error));
  process.exitCode = 1;
}
