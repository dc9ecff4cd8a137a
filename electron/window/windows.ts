import { join } from "node:path";
import { app, BrowserWindow, type IpcMainInvokeEvent, type Session, type WebContents } from "electron";
import { coverContent, EMPTY } from "./cover";
import { type OurKey, ourKey } from "./keys";
import { ORIGIN } from "./page-files";
import { isTrustedInput } from "./trusted-input";

type Page = "index.html" | "lock.html";

/** A piece of typing: text, or a key that writes none. */
type Stroke = { readonly kind: "text"; readonly text: string } | { readonly kind: "key"; readonly key: string };

/** Half a minute, for a machine that starves the page's process. */
const LOAD_ATTEMPTS = 20;

export interface WindowsOptions {
  readonly partition: Session;
  readonly preload: string;
  readonly icon: string | undefined;
  /** Trusted input reached one of our windows. */
  readonly onInput: () => void;
  readonly onOurKey: (key: OurKey) => void;
  /** Takes a key from the page, where it belongs to a badge that is being read. */
  readonly takeKey: (input: Electron.Input) => boolean;
  /** Our window got the keyboard, or lost it. */
  readonly onFocus: (focused: boolean) => void;
  readonly onCrash: () => void;
}

/** Chromium will not sandbox under uid 0; the start says so, and the scripts avoid it where they can. */
const sandboxed = process.getuid?.() !== 0;

interface Shape {
  readonly bounds: Electron.Rectangle;
  readonly isMaximized: boolean;
  readonly isFullScreen: boolean;
}

function shapeOf(window: BrowserWindow): Shape {
  return {
    bounds: window.getNormalBounds(),
    isMaximized: window.isMaximized(),
    isFullScreen: window.isFullScreen(),
  };
}

/** A process that is killed keeps no copy of what it showed; a closed one may linger. */
function destroy(window: BrowserWindow): void {
  try {
    if (!window.webContents.isCrashed()) window.webContents.forcefullyCrashRenderer();
  } finally {
    window.destroy();
  }
}

/** Our one window: the workspace, or the lock page in a process of its own. Changing between them destroys the other. */
export class Windows {
  #window: BrowserWindow | undefined;
  /** Of a window that was covered: hidden ones forget it. */
  #shape: Shape | undefined;
  #replacing = false;
  readonly #isTrusted = isTrustedInput();

  constructor(private readonly options: WindowsOptions) {}

  /** Types what was taken from the page for a badge and was none. */
  async type(stroke: Stroke): Promise<void> {
    const { page } = this;
    if (stroke.kind === "text") return page?.insertText(stroke.text);
    page?.sendInputEvent({ type: "keyDown", keyCode: stroke.key });
    // What submits a form is the sign that Enter writes, not the key.
    if (stroke.key === "Return") page?.sendInputEvent({ type: "char", keyCode: "\r" });
    page?.sendInputEvent({ type: "keyUp", keyCode: stroke.key });
  }

  get page(): WebContents | undefined {
    return this.#window && !this.#window.isDestroyed() ? this.#window.webContents : undefined;
  }

  /** True for the live top frame of our own window at our own origin. */
  isOurs(event: IpcMainInvokeEvent): boolean {
    const frame = event.senderFrame;
    return (
      event.sender === this.page &&
      frame !== null &&
      frame === event.sender.mainFrame &&
      frame.url.startsWith(`${ORIGIN}/`)
    );
  }

  /** Between two windows there may be none; the app goes on. */
  get isReplacing(): boolean {
    return this.#replacing;
  }

  /** The window still stands, and shows and hears nothing any more. */
  get isCovered(): boolean {
    return this.#shape !== undefined;
  }

  /** At once nothing of the page is on the screen; its window and process go with the next `show`. */
  cover(): void {
    if (!this.page || !this.#window || this.#shape) return;
    const window = this.#window;
    this.#shape = shapeOf(window);
    coverContent(window);
  }

  /** Shows a page in a new window and process; the old window and its process are gone before the page loads. */
  async show(page: Page): Promise<void> {
    const old = this.page ? this.#window : undefined;
    const shape = this.#shape ?? (old && shapeOf(old));
    this.#shape = undefined;
    this.#replacing = true;
    try {
      this.#window = this.#create(shape);
    } finally {
      // Whatever became of the new one: the old one is not shown any longer.
      if (old) destroy(old);
      this.#replacing = false;
    }
    await this.#load(this.#window, page);
  }

  /** A page that does not load would leave an empty window nobody can leave: it is tried again, a few times. */
  async #load(window: BrowserWindow, page: Page): Promise<void> {
    for (let attempt = 1; attempt <= LOAD_ATTEMPTS; attempt += 1) {
      if (window.isDestroyed() || window !== this.#window) return;
      try {
        return await window.loadURL(`${ORIGIN}/${page}`);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, Math.min(200 * attempt, 2000)));
      }
    }
  }

  focus(): void {
    if (this.#window?.isMinimized()) this.#window.restore();
    this.#window?.focus();
  }

  /** Nothing is shown and nothing heard any more: the app is about to end. */
  hide(): void {
    if (this.page) this.#window?.hide();
  }

  #create(before: Shape | undefined): BrowserWindow {
    const window = new BrowserWindow({
      ...(before?.bounds ?? { width: 1366, height: 768 }),
      minWidth: 900,
      minHeight: 600,
      title: "Lamplight",
      backgroundColor: EMPTY,
      autoHideMenuBar: true,
      ...(this.options.icon ? { icon: this.options.icon } : {}),
      webPreferences: {
        session: this.options.partition,
        preload: this.options.preload,
        sandbox: sandboxed,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webviewTag: false,
        webSecurity: true,
        spellcheck: false,
        devTools: !app.isPackaged,
        navigateOnDragDrop: false,
        safeDialogs: true,
        disableBlinkFeatures: "Auxclick",
      },
    });
    if (before?.isMaximized) window.maximize();
    if (before?.isFullScreen) window.setFullScreen(true);
    window.removeMenu();
    // The title is ours and constant: a window list shows no patient.
    window.on("page-title-updated", (event) => event.preventDefault());
    window.on("focus", () => this.options.onFocus(true));
    // The old window's comes after the new one has the keyboard.
    window.on("blur", () => this.#window === window && this.options.onFocus(false));
    this.#confine(window.webContents);
    window.webContents.on("render-process-gone", (_event, details) => {
      if (this.#window === window && details.reason !== "clean-exit") this.options.onCrash();
    });
    return window;
  }

  #confine(contents: WebContents): void {
    // The switch of the same name does not reach every page: set on each, so that no datagram leaves beside the dead proxy.
    contents.setWebRTCIPHandlingPolicy("disable_non_proxied_udp");
    contents.setWindowOpenHandler(() => ({ action: "deny" }));
    contents.on("will-navigate", (event) => event.preventDefault());
    contents.on("will-redirect", (event) => event.preventDefault());
    contents.on("will-attach-webview", (event) => event.preventDefault());
    contents.on("before-input-event", (event, input) => {
      const key = ourKey(input);
      if (key === undefined && !this.options.takeKey(input)) return;
      event.preventDefault();
      // Never within the key's own event: what it leads to destroys the window that the event is on its way to.
      if (key !== undefined) setImmediate(() => this.options.onOurKey(key));
    });
    contents.on("input-event", (_event, input) => {
      if (this.#isTrusted(input)) this.options.onInput();
    });
  }
}

export const preloadPath = (appFolder: string) => join(appFolder, "out", "preload", "preload.cjs");
export const pagesPath = (appFolder: string) => join(appFolder, "out", "renderer");
