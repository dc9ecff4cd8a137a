import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Account } from "./account";
import type { Trial } from "./main-job";
import { program } from "./package";
import type { Report, Step } from "./report";
import { processesOfAccount, type RunningApp, startApp } from "./running-app";
import { openScreen, type Screen } from "./screen";
import { until } from "./until";

/** One person at a screen of their own, who starts the installed app. */
export class Desktop {
  #app: RunningApp | undefined;

  private constructor(
    readonly account: Account,
    readonly screen: Screen,
    readonly folder: string,
  ) {}

  static async open(account: Account, folder: string): Promise<Desktop> {
    mkdirSync(folder, { recursive: true });
    return new Desktop(account, await openScreen(account), folder);
  }

  /** Where the installed app keeps this person's data: its default place, no variable names another. */
  get home(): string {
    return join(this.account.home, ".config", "Lamplight");
  }

  get app(): RunningApp {
    if (!this.#app) throw new Error("the app was not started on this desktop");
    return this.#app;
  }

  start(through?: readonly string[]): RunningApp {
    this.#app = startApp({
      ...(through ? { through } : {}),
      program,
      home: this.home,
      display: this.screen.display,
      account: this.account,
      output: join(this.folder, "output.txt"),
      processes: () => processesOfAccount(this.account),
    });
    return this.#app;
  }

  trial(step: Step): Trial {
    const { app } = this;
    const telling: Step = (name, check) =>
      step(name, async () => {
        try {
          return await check();
        } catch (error) {
          if (app.runs()) throw error;
          throw new Error(`the app has ended ${app.howItEnded()}; ${String(error)}`);
        }
      });
    return { app, screen: this.screen, pictures: this.folder, step: telling };
  }

  /** Closes the window, as a person does at the end of the day. */
  async end(): Promise<void> {
    await this.app.end(() => this.screen.press("alt+F4"));
  }

  log(): string {
    const file = join(this.home, "logs", "lamplight.log");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  /** The version that wrote the last start into the log. */
  startedVersion(): string | undefined {
    return [...this.log().matchAll(/started (\S+) on Electron/gu)].at(-1)?.[1];
  }

  async close(report: Report): Promise<void> {
    if (report.failed > 0) {
      this.screen.picture(join(this.folder, "last.png"));
      const logs = join(this.home, "logs");
      if (existsSync(logs)) cpSync(logs, join(this.folder, "logs"), { recursive: true });
    }
    this.#app?.kill();
    await until("nothing of this person runs", () => processesOfAccount(this.account).length === 0, 10_000).catch(
      () => undefined,
    );
    this.screen.close();
  }
}
