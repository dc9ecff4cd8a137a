import { say } from "../../scripts/lib/command-line";

/** One line a check, `ok` or `FAIL` with the reason; what stands below is the sum. */
export class Report {
  passed = 0;
  failed = 0;

  constructor(private readonly tell: (line: string) => void = say) {}

  heading(words: string): void {
    this.tell(`\n${words}`);
  }

  note(words: string): void {
    this.tell(`      ${words}`);
  }

  /** Runs one check. What it answers stands behind its name; what it throws is its failure. */
  async check(name: string, act: () => Promise<string | void> | string | void): Promise<boolean> {
    const began = performance.now();
    try {
      const found = await act();
      this.passed += 1;
      this.tell(`ok    ${name}${found ? `: ${found}` : ""} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
      return true;
    } catch (error) {
      this.failed += 1;
      this.tell(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  /** A part whose steps need each other: after the first that fails the rest is one failure, named, not a silence. */
  async part(words: string, act: (step: Step) => Promise<void>): Promise<boolean> {
    this.heading(words);
    const step: Step = async (name, check) => {
      if (!(await this.check(name, check))) throw new Abandoned();
    };
    try {
      await act(step);
      return true;
    } catch (error) {
      if (error instanceof Abandoned) this.note("the rest of this part was not tried");
      else await this.check(words, () => Promise.reject(error));
      return false;
    }
  }

  sum(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }
}

class Abandoned extends Error {}

export type Step = (name: string, check: () => Promise<string | void> | string | void) => Promise<void>;
