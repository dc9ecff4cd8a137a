import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { inOwnersTransaction } from "../../administration/owner";
import { verifyWholeAudit } from "../../administration/verify-audit";
import type { AnchorKey } from "../../anchors/anchor-key";
import { AnchorConflict, Anchoring } from "../../anchors/anchoring";
import { type AnchorsVerdict, checkAnchors } from "../../anchors/check-anchors";
import { keyOfTheApp } from "../../anchors/kept-key";
import { comparePoints, ownersPort } from "../../anchors/port";
import { systemClock as clock } from "../../clock";
import { anchorKeyFile } from "./anchor-key-file";
import { pathOf } from "./backup-key";
import { type AdminContext, atTheDesk, type Office } from "./office";
import type { RegisterCommand } from "./register-command";
import { CommandRefused } from "./terminal";
import { judgeExport } from "./verify-export-command";

interface VerifyOptions {
  readonly json?: boolean;
  readonly anchors?: string;
  readonly publicKey?: string[];
}

/** The anchors of a machine's own database lie in its home folder; for a central one the folder has to be named. */
function folderOf(context: AdminContext, office: Office, given: string | undefined): string | undefined {
  if (given !== undefined) return pathOf(context, given);
  return office.home === undefined ? undefined : join(office.home, "anchors");
}

async function compareAnchors(
  office: Office,
  folder: string | undefined,
  publicKeys: readonly string[],
  named: boolean,
): Promise<AnchorsVerdict> {
  if (folder === undefined)
    return {
      state: "not-checked",
      message: "Not compared with anchors outside the database: name their folder with --anchors.",
      anchors: 0,
      last_at: null,
      faults: [],
      notices: [],
    };
  const verdict = await inOwnersTransaction(office.owner, async (query) => {
    const { rows } = await query(
      "SELECT i.id, a.last_number, a.last_key FROM private.installation i, private.anchoring a",
    );
    const noted = rows[0]?.["last_number"];
    return checkAnchors({
      folder,
      installation: String(rows[0]?.["id"]),
      compare: comparePoints(async (text, values) => (await query(text, values)).rows, "private"),
      trusted: publicKeys.map((path) => readFileSync(path, "utf8")),
      noted: { number: noted === null ? null : Number(noted), key: rows[0]?.["last_key"] as string | null },
      exclusive: office.kind === "embedded",
    });
  });
  // Whoever names a folder wants it compared; that there is nothing in it must not pass for good news.
  return named && verdict.state === "not-checked"
    ? { ...verdict, state: "differ", faults: [verdict.message] }
    : verdict;
}

function registerVerify(audit: Command, program: Command, context: AdminContext): void {
  const { terminal } = context;
  audit
    .command("verify")
    .description(
      "computes every hash of every chain again and compares with the anchors; ends with 1 if anything does not agree",
    )
    .option("--anchors <folder>", "where the anchors are; of a machine's own database the default is its home folder's")
    .option("--public-key <file...>", "public keys of the anchors that you noted elsewhere")
    .option("--json", "answers as JSON")
    .action(async (options: VerifyOptions) => {
      const { chain, anchors } = await atTheDesk(program, context, async (office) => ({
        chain: await verifyWholeAudit(office.owner),
        anchors: await compareAnchors(
          office,
          folderOf(context, office, options.anchors),
          (options.publicKey ?? []).map((path) => pathOf(context, path)),
          options.anchors !== undefined,
        ),
      }));
      const { chains, entries } = chain;
      const faults = [...chain.faults, ...anchors.faults];
      if (options.json) terminal.say(JSON.stringify({ ...chain, anchors }));
      else {
        for (const fault of faults) terminal.complain(fault);
        if (chain.faults.length === 0)
          terminal.say(`The audit is whole: ${entries} entries in ${chains} chains, no fault.`);
        terminal.say(anchors.message);
        for (const notice of anchors.notices) terminal.say(`Note: ${notice}.`);
      }
      if (faults.length > 0)
        throw new CommandRefused(
          `The audit was changed: ${faults.length}${chain.faults.length === 50 ? " or more" : ""} faults in ${entries} entries of ${chains} chains.`,
        );
    });
}

function keyFor(context: AdminContext, office: Office, file: string | undefined): AnchorKey {
  if (file === undefined) {
    const key = office.home === undefined ? undefined : keyOfTheApp(office.home);
    if (key) return key;
    throw new CommandRefused(
      office.home === undefined
        ? "Name the signing key with --key-file; it is made where there is none."
        : "The app on this machine has no key that can be opened without it. Name one with --key-file; to begin the app's own anchors anew, move their file out of the folder and keep it.",
    );
  }
  const { key, isNew } = anchorKeyFile(pathOf(context, file));
  if (isNew)
    context.terminal.say(`Made the key ${key.id} in ${file}. Note its public part elsewhere:\n${key.publicKey.trim()}`);
  return key;
}

function registerAnchor(audit: Command, program: Command, context: AdminContext): void {
  const { terminal } = context;
  audit
    .command("anchor")
    .description("writes a signed anchor of the audit outside the database; to be run on a timer")
    .option(
      "--key-file <file>",
      "the signing key; made, with mode 600, where there is none; of a machine's own database the default is the app's key",
    )
    .option(
      "--anchors <folder>",
      "where anchors are written; of a machine's own database the default is its home folder's",
    )
    .option("--restart <reason>", "begins anew after a backup was restored; every later verification tells of it")
    .action(async (options: { keyFile?: string; anchors?: string; restart?: string }) => {
      if (options.restart !== undefined && !/^.{3,200}$/u.test(options.restart.trim()))
        throw new CommandRefused("Say in 3 to 200 characters why the anchors begin anew.");
      const written = await atTheDesk(program, context, async (office) => {
        const folder = folderOf(context, office, options.anchors);
        if (folder === undefined)
          throw new CommandRefused(
            "Name the folder of the anchors with --anchors, outside the database's own machine.",
          );
        const key = keyFor(context, office, options.keyFile);
        const port = ownersPort((work) => inOwnersTransaction(office.owner, work), hostname());
        try {
          return await new Anchoring({ folder, key, port, clock }).write(
            options.restart === undefined ? {} : { restart: options.restart.trim() },
          );
        } catch (error) {
          if (error instanceof AnchorConflict)
            throw new CommandRefused(
              `${error.message} Run lamplight-admin audit verify; after a restored backup, begin anew with --restart.`,
            );
          throw error;
        }
      });
      if (!written) throw new CommandRefused("This database holds no hospital yet: there is nothing to anchor.");
      terminal.say(
        `Anchor ${written.number} over ${written.chains} chains, ${written.changed} of them changed. Root: ${written.root}`,
      );
    });
}

function registerVerifyExport(audit: Command, context: AdminContext): void {
  const { terminal } = context;
  audit
    .command("verify-export")
    .description("judges a JSON Lines export of the audit without any database; ends with 1 if anything does not agree")
    .argument("<file>", "the export; its manifest is looked for beside it")
    .option("--anchors <path>", "a folder of anchors, or one file of them")
    .option("--public-key <file...>", "public keys of the anchors that you noted elsewhere")
    .option("--json", "answers as JSON")
    .action(async (file: string, options: VerifyOptions) => {
      const judged = await judgeExport({
        file: pathOf(context, file),
        anchors: options.anchors === undefined ? undefined : pathOf(context, options.anchors),
        publicKeys: (options.publicKey ?? []).map((path) => pathOf(context, path)),
      });
      const { faults, faultCount, entries, chains, links, anchored, anchors } = judged;
      if (options.json) terminal.say(JSON.stringify(judged));
      else {
        for (const fault of faults) terminal.complain(fault);
        if (faultCount === 0) {
          terminal.say(
            `The export is what was written: ${entries} entries in ${chains} chains, ${links} links, no fault.`,
          );
          if (anchors > 0) terminal.say(`It agrees with ${anchors} anchors at ${anchored} of its entries.`);
        }
        for (const notice of judged.notices) terminal.say(`Note: ${notice}.`);
      }
      if (faultCount > 0)
        throw new CommandRefused(
          `The export was changed: ${faultCount} ${faultCount === 1 ? "fault" : "faults"} in ${entries} entries.`,
        );
    });
}

export const registerAudit: RegisterCommand = (program, context) => {
  const audit = program.command("audit").description("checks the audit and anchors it outside the database");
  registerVerify(audit, program, context);
  registerAnchor(audit, program, context);
  registerVerifyExport(audit, context);
};
