import type { ElectronApplication } from "@playwright/test";

/**
 * A reader that types: keys through Chromium's input, as the system delivers them, since those of the test's driver pass the
 * main process by. One every `gap` milliseconds.
 */
export function typeLikeAReader(app: ElectronApplication, text: string, gap = 5): Promise<void> {
  return app.evaluate(
    async ({ BrowserWindow }, [typed, milliseconds]) => {
      for (const sign of [...Array.from(typed), "Enter"]) {
        const contents = BrowserWindow.getAllWindows().at(-1)?.webContents;
        const isEnter = sign === "Enter";
        const keyCode = isEnter ? "Return" : sign;
        contents?.sendInputEvent({ type: "keyDown", keyCode });
        contents?.sendInputEvent({ type: "char", keyCode: isEnter ? "\r" : sign });
        contents?.sendInputEvent({ type: "keyUp", keyCode });
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
      }
    },
    [text, gap] as const,
  );
}
