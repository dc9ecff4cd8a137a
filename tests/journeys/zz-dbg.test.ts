import { test } from "@playwright/test";
import { startJourney } from "../support/journey";
test("dbg", async () => {
  const t0 = Date.now(); const log = (...a: unknown[]) => console.log(Date.now() - t0, ...a);
  const j = await startJourney({ env: { LAMPLIGHT_IDLE_SECONDS: "10" } });
  const page = await j.signInAs("Nurse"); log("in");
  page.on("console", (m) => log(m.text())); page.on("close", () => log("close"));
  await page.evaluate((t0) => { const w = window as any; let last = ""; w.ward.on("session.warning", (p: any) => console.log("W", Date.now() - t0, JSON.stringify(p)));
    setInterval(() => { const d = document.querySelector("[role=alertdialog]"); const s = d ? "dialog " + (d as HTMLElement).innerText.length + " " + document.activeElement?.textContent : "none"; if (s !== last) { last = s; console.log("D", Date.now() - t0, s); } }, 20); }, t0);
  await new Promise((r) => setTimeout(r, 11000));
  await j.close();
});
