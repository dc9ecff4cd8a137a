import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type ActingPerson, actAsPerson } from "../electron/command-line/act-as-person";
import { importBundle } from "../electron/fhir/import-bundle";
import type { SealingKey } from "../electron/sealing/seal";
import type { ImportReport } from "../shared/ipc/administration-commands";
import { complain, configOrExit, homeFolder, inWords, migrationsFolder, passwordOf, say } from "./lib/command-line";
import { table } from "./lib/table";

/**
 * Imports FHIR R4 Bundles as one person, through the same door as the app. Ends with 0 when every file was taken, 1 when
 * one was refused or failed, 2 when the command could not be understood.
 */
const usage = "Usage: npm run import:fhir -- --user NAME FILE…";

function argumentsOrExit(): { user: string; files: string[] } {
  try {
    const { values, positionals } = parseArgs({ options: { user: { type: "string" } }, allowPositionals: true });
    if (values.user !== undefined && positionals.length > 0) return { user: values.user, files: positionals };
  } catch {
    // An unknown option: the usage says what there is.
  }
  complain(usage);
  process.exit(2);
}

/** What a terminal may show: counts and the number given here, never a name. */
function printReport(report: ImportReport): void {
  if (report.refused !== null) return complain(`${report.file}: refused, nothing was imported. ${report.refused}`);
  say(`${report.file}: patient ${report.patient?.patient_id ?? "unknown"}`);
  const rows = Object.entries(report.stored).map(([type, counts]) => [
    type,
    counts.inFile,
    counts.new,
    counts.unchanged,
  ]);
  say(table(["Type", "In file", "New", "Unchanged"], rows));
  if (report.notStored.length === 0) return;
  say(
    table(
      ["Not stored", "Count", "Reason"],
      report.notStored.map((one) => [one.type, one.count, one.reason]),
    ),
  );
}

async function importFile(person: ActingPerson, fieldKey: SealingKey, file: string): Promise<boolean> {
  const fileName = basename(file);
  try {
    // npm moves to the project folder; what the person typed is meant from where they stood.
    const text = await readFile(resolve(process.env["INIT_CWD"] ?? ".", file));
    const onProgress = ({ phase, of }: { phase: string; of: number }) => {
      if (process.stderr.isTTY && phase !== "done")
        process.stderr.write(`\r\u001b[K${fileName}: ${phase}${of > 1 ? ` ${of}` : ""}`);
    };
    const report = await importBundle({ text, fileName, fieldKey, store: person.importPatient, onProgress });
    if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    printReport(report);
    return report.refused === null;
  } catch (error) {
    const unreadable =
      error instanceof Error && "code" in error && ["ENOENT", "EACCES", "EISDIR", "EPERM"].includes(String(error.code));
    complain(`${fileName}: not imported. ${unreadable ? "The file cannot be read." : inWords(error)}`);
    return false;
  }
}

async function run(): Promise<number> {
  const { user, files } = argumentsOrExit();
  const config = configOrExit();
  const person = await actAsPerson({
    config,
    home: homeFolder(process.env),
    migrations: migrationsFolder,
    username: user,
    password: await passwordOf(user),
    code: process.env["LAMPLIGHT_CODE"],
    appVersion: process.env["npm_package_version"] ?? "command line",
  });
  try {
    if (person.fieldKey === undefined) {
      complain("This person's role may not import patients.");
      return 1;
    }
    let refused = 0;
    for (const file of files) if (!(await importFile(person, person.fieldKey, file))) refused += 1;
    return refused === 0 ? 0 : 1;
  } finally {
    await person.close();
  }
}

process.exitCode = await run().catch((error: unknown) => {
  complain(inWords(error));
  return 1;
});
