import { InvalidArgumentError } from "commander";
import { runRetention } from "../../administration/retention";
import {
  neverRemoved,
  type RetentionName,
  type RetentionRule,
  retentionRules,
} from "../../administration/retention-rules";
import { atTheDesk } from "./office";
import type { RegisterCommand } from "./register-command";

interface Options {
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly chatDays?: number;
  readonly usageDays?: number;
}

const ruleOf = (name: RetentionName): RetentionRule =>
  retentionRules.find((rule) => rule.name === name) as RetentionRule;

/** A typing error must not empty a table: each rule has a fewest number of days. */
function daysFor(name: RetentionName): (text: string) => number {
  const fewest = ruleOf(name).fewestDays ?? 1;
  return (text) => {
    const days = Number(text);
    if (!/^\d{1,5}$/u.test(text) || days < fewest)
      throw new InvalidArgumentError(`A whole number of days, ${fewest} or more.`);
    return days;
  };
}

function help(): string {
  const after = (days: number) =>
    days === 0
      ? "at once"
      : days < 1
        ? `after ${Math.round(days * 24)} hour`
        : `after ${days} ${days === 1 ? "day" : "days"}`;
  const lines = retentionRules.map(({ name, what, days, why }) => `  ${name}: ${what}; ${after(days)}. ${why}.`);
  return `\nWhat goes:\n${lines.join("\n")}\nWhat never goes:\n${neverRemoved.map((line) => `  ${line}.`).join("\n")}`;
}

export const registerRetention: RegisterCommand = (program, context) => {
  const { terminal } = context;
  program
    .command("retention")
    .description("removes what is kept no longer; to be run once a day")
    .option("--dry-run", "says what would go, and removes nothing")
    .option("--chat-days <days>", `days after which an untouched chat goes (${ruleOf("chats").days})`, daysFor("chats"))
    .option(
      "--usage-days <days>",
      `days after which token usage goes (${ruleOf("token usage").days})`,
      daysFor("token usage"),
    )
    .option("--json", "answers as JSON")
    .addHelpText("after", help())
    .action(async (options: Options) => {
      const dryRun = options.dryRun ?? false;
      const counts = await atTheDesk(program, context, ({ owner }) =>
        runRetention(owner, {
          dryRun,
          days: {
            ...(options.chatDays === undefined ? {} : { chats: options.chatDays }),
            ...(options.usageDays === undefined ? {} : { "token usage": options.usageDays }),
          },
          onProgress: (name, done) => terminal.progress(`${name}: ${done}`),
        }),
      );
      if (options.json) return terminal.say(JSON.stringify({ dryRun, rules: counts }));
      const parts = counts.map(({ name, rows }) => `${rows} ${name}`);
      terminal.say(`${dryRun ? "Would remove" : "Removed"}: ${parts.join(", ")}. The audit and all charts stay.`);
    });
};
