import type { ElectronApplication } from "@playwright/test";

/** The clocks of the main process: one to move, and one to read from outside. */

/** Moves the wall clock that the main process reads by so many milliseconds from the machine's own; 0 sets it right again. */
export function setClockBy(app: ElectronApplication, milliseconds: number): Promise<void> {
  return app.evaluate((_electron, by) => {
    const world = globalThis as unknown as { Date: DateConstructor; RealDate?: DateConstructor };
    world.RealDate ??= world.Date;
    const { RealDate } = world;
    world.Date = class extends RealDate {
      constructor(...given: []) {
        super(...given);
        if (given.length === 0) this.setTime(RealDate.now() + by);
      }
      static override now() {
        return RealDate.now() + by;
      }
    } as DateConstructor;
  }, milliseconds);
}

/** Milliseconds of a clock that all processes of this machine share and nobody sets. */
export const monotonicNow = () => Number(process.hrtime.bigint()) / 1e6;

/**
 * Notes in the main process when it puts the next window in the place of this one: what its page and the test still have to do
 * then is no part of it. Answers how to read it, by the clock of `monotonicNow`, once that window is there.
 */
export async function noteNextWindow(app: ElectronApplication): Promise<() => Promise<number>> {
  await app.evaluate(({ app: electron }) => {
    electron.once("browser-window-created", () =>
      Object.assign(globalThis, { windowCameAt: Number(process.hrtime.bigint()) / 1e6 }),
    );
  });
  return () => app.evaluate(() => (globalThis as unknown as { windowCameAt: number }).windowCameAt);
}
