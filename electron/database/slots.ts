import { Refusal } from "../../shared/failure";

/** So many at once, the others in the order they came; who waits longer than `patience` milliseconds is refused. */
export function createSlots(size: number, patience: number): { take(): Promise<() => void> } {
  let free = size;
  const waiting: (() => void)[] = [];
  function giveBack(): void {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }
  const once = () => {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      giveBack();
    };
  };
  return {
    async take() {
      if (free > 0) {
        free -= 1;
        return once();
      }
      await new Promise<void>((resolve, reject) => {
        const turn = () => {
          clearTimeout(late);
          resolve();
        };
        const late = setTimeout(() => {
          waiting.splice(waiting.indexOf(turn), 1);
          reject(new Refusal("DATABASE_UNAVAILABLE", "The database is too slow at the moment. Try again."));
        }, patience);
        waiting.push(turn);
      });
      return once();
    },
  };
}
