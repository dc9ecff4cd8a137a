import type { ElectronApplication } from "@playwright/test";

/**
 * A reader that types: keys through Chromium's input, as the system delivers them, since those of the test's driver pass the
 * main process by. One every `gap` milliseconds; without a gap all within one turn of the main process, so that no other work of
 * the machine can come between two of them and make typing of a badge.
 */
export function typeLikeAReader(app: ElectronApplication, text: string, gap = 0): Promise<void> {
  return app.evaluate(
    async ({ BrowserWindow }, [typed, milliseconds]) => {
      for (const sign of [...Array.from(typed), "Enter"]) {
        const contents = BrowserWindow.getAllWindows().at(-1)?.webContents;
        const isEnter = sign === "Enter";
        const keyCode = isEnter ? "Return" : sign;
        contents?.sendInputEvent({ type: "keyDown", keyCode });
        contents?.sendInputEvent({ type: "char", keyCode: isEnter ? "\r" : sign });
        contents?.sendInputEvent({ type: "keyUp", keyCode });
        if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
      }
    },
    [text, gap] as const,
  );
}
