import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { type Journey, startJourney } from "../support/journey";
import { bridgeCall, openFromWard } from "../support/ward-page";

let journey: Journey;

test.beforeAll(async () => {
  journey = await startJourney();
  await journey.signInAs("Nurse");
  await openFromWard(await journey.page(), "ARNOLD, Leah");
});
test.afterAll(() => journey.close());

function statusOf(pid: number): Record<string, string> {
  const lines = readFileSync(`/proc/${pid}/status`, "utf8").split("\n");
  return Object.fromEntries(lines.map((line) => line.split(":\t", 2) as [string, string]));
}

test("the page runs in Chromium's sandbox, as an ordinary account", async () => {
  test.skip(process.platform !== "linux", "the sandbox is looked at in /proc");
  test.skip(
    !journey.sandboxed,
    "as root, where no ordinary account can read this folder, the app runs without a sandbox and says so",
  );
  const [pid] = await journey.rendererPids();
  const status = statusOf(pid as number);
  expect(status["Seccomp"]?.trim()).toBe("2");
  // A process namespace of its own: from inside, no other process of the machine exists.
  expect(status["NSpid"]?.trim().split(/\s+/u).length).toBeGreaterThan(1);
  expect(status["Uid"]?.trim().split(/\s+/u)[0]).not.toBe("0");
});

test("the page is a page and nothing more: no Node, no Electron, one frozen bridge", async () => {
  const page = await journey.page();
  const found = await page.evaluate(() => ({
    node: ["require", "process", "module", "Buffer", "global", "electron", "ipcRenderer"].filter(
      (name) => name in window,
    ),
    bridge: Object.keys(window.ward).sort(),
    replaceable: (() => {
      try {
        (window as { ward: unknown }).ward = { call: () => "mine" };
        return !("on" in window.ward);
      } catch {
        return false;
      }
    })(),
  }));
  expect(found).toEqual({ node: [], bridge: ["call", "on"], replaceable: false });
  expect(page.url()).toBe("app://lamplight/index.html");
});

test("text cannot become a program: no eval, no inline script, no markup from text", async () => {
  const page = await journey.page();
  // What the driver evaluates itself is exempt from the page's policy; what a timer of the page runs is not.
  const ran = await page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const attempts: Record<string, () => unknown> = {
          eval: () => globalThis["eval"]("window.ran = true"),
          Function: () => new Function("window.ran = true")(),
          markup: () => {
            document.createElement("div").innerHTML = "<img src=x onerror='window.ran = true'>";
          },
          "inline script": () =>
            document.head.append(Object.assign(document.createElement("script"), { text: "window.ran = true" })),
          "script of text": () => {
            const script = document.createElement("script");
            script.append("window.ran = true");
            document.head.append(script);
          },
          "javascript address": () => {
            location.href = "javascript:window.ran = true";
          },
          "data script": () =>
            document.head.append(
              Object.assign(document.createElement("script"), { src: "data:text/javascript,window.ran=true" }),
            ),
        };
        const names = Object.keys(attempts);
        const succeeded: string[] = [];
        const next = () => {
          const name = names.shift();
          if (name === undefined) return resolve(succeeded);
          try {
            attempts[name]?.();
          } catch {
            // Refused at once.
          }
          setTimeout(() => {
            if (Object.hasOwn(window, "ran")) succeeded.push(name);
            Reflect.deleteProperty(window, "ran");
            next();
          }, 100);
        };
        setTimeout(next);
      }),
  );
  expect(ran).toEqual([]);
});

test("every permission and device is denied", async () => {
  const page = await journey.page();
  const answers = await page.evaluate(async () => {
    const ask = async (what: () => Promise<unknown>) =>
      what().then(
        (got) => (got === undefined ? "nothing" : typeof got === "string" ? got : JSON.stringify(got)),
        (error: Error) => error.name,
      );
    const { permissions, mediaDevices, clipboard } = navigator;
    return {
      states: await Promise.all(
        ["geolocation", "notifications", "camera", "microphone", "clipboard-read"].map(async (name) =>
          permissions.query({ name: name as PermissionName }).then(
            (status) => status.state,
            () => "denied",
          ),
        ),
      ),
      camera: mediaDevices ? await ask(() => mediaDevices.getUserMedia({ video: true })) : "nothing",
      clipboard: clipboard ? await ask(() => clipboard.readText()) : "nothing",
      notification: "Notification" in window ? await ask(() => Notification.requestPermission()) : "denied",
    };
  });
  expect(answers.states).toEqual(["denied", "denied", "denied", "denied", "denied"]);
  expect(answers.camera).toMatch(/Error|nothing/u);
  expect(answers.clipboard).toMatch(/Error|nothing/u);
  expect(answers.notification).toBe("denied");
});

test("only the top frame of our own window may call: a frame in it and a window of another origin are refused", async () => {
  const page = await journey.page();
  // A frame that a script puts into our page has no bridge; were it handed one, main would refuse its sender.
  const inFrame = await page.evaluate(async () => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const has = frame.contentWindow !== null && "ward" in frame.contentWindow;
    frame.remove();
    return has;
  });
  expect(inFrame).toBe(false);

  // A foreign page with our own preload, which no page of ours could open: main does not take it for ours.
  const answer = await journey.app.evaluate(async ({ app, BrowserWindow, session }, sandbox) => {
    const preload = `${app.getAppPath()}/out/preload/preload.cjs`;
    const stranger = new BrowserWindow({
      show: false,
      webPreferences: { preload, session: session.fromPartition("stranger"), sandbox },
    });
    try {
      await stranger.loadURL("data:text/html,<p>stranger</p>");
      return await stranger.webContents.executeJavaScript(`window.ward.call("app.status", {})`);
    } finally {
      stranger.destroy();
    }
  }, journey.sandboxed);
  expect(answer).toMatchObject({ ok: false, failure: { code: "INVALID_INPUT" } });
  expect(await bridgeCall(page, "app.status", {})).toMatchObject({ ok: true });
});

test("the app's own files are all that its address serves", async () => {
  const paths = [
    "../main/main.cjs",
    "%2e%2e/main/main.cjs",
    "..%2fmain%2fmain.cjs",
    "..%5c..%5cpackage.json",
    "/etc/passwd",
    "%00index.html",
    "index.html%00.css",
    ".built-from",
  ];
  const answers = await journey.app.evaluate(
    async ({ session }, tried) => {
      const partition = session.fromPartition("lamplight", { cache: false });
      const found: Record<string, number> = {};
      for (const path of tried) {
        try {
          found[path] = (
            await (partition as unknown as { fetch(url: string): Promise<Response> }).fetch(`app://lamplight/${path}`)
          ).status;
        } catch {
          found[path] = 404;
        }
      }
      return found;
    },
    [...paths, "index.html"],
  );
  expect(answers["index.html"]).toBe(200);
  for (const path of paths) expect({ path, status: answers[path] }).toEqual({ path, status: 404 });
});
