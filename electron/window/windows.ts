import { join } from "node:path";
import { app, BrowserWindow, type IpcMainInvokeEvent, type Session, type WebContents } from "electron";
import { ORIGIN } from "./page-files";

type Page = "index.html" | "lock.html";

const LOAD_ATTEMPTS = 5;

export interface WindowsOptions {
  readonly partition: Session;
  readonly preload: string;
  readonly icon: string | undefined;
  /** Trusted input reached one of our windows. */
  readonly onInput: () => void;
  /** Ctrl+L. */
  readonly onLockKey: () => void;
  /** Our window got the keyboard, or lost it. */
  readonly onFocus: (focused: boolean) => void;
  readonly onCrash: () => void;
}

/** Chromium will not sandbox under uid 0; the start says so, and the scripts avoid it where they can. */
const sandboxed = process.getuid?.() !== 0;

/** Our one window: the workspace, or the lock page in a process of its own. Changing between them destroys the other. */
export class Windows {
  #window: BrowserWindow | undefined;
  #lastPointer = "";

  constructor(private readonly options: WindowsOptions) {}

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

  /** Shows a page in a new window and process; the old window and its process are gone before the page loads. */
  async show(page: Page): Promise<void> {
    const old = this.#window;
    const window = this.#create(old && !old.isDestroyed() ? old : undefined);
    this.#window = window;
    if (old && !old.isDestroyed()) {
      // A process that is killed keeps no copy of what it showed; a closed one may linger.
      if (!old.webContents.isCrashed()) old.webContents.forcefullyCrashRenderer();
      old.destroy();
    }
    await this.#load(window, page);
  }

  /** A page that does not load would leave an empty window nobody can leave: it is tried again, a few times. */
  async #load(window: BrowserWindow, page: Page): Promise<void> {
    for (let attempt = 1; attempt <= LOAD_ATTEMPTS; attempt += 1) {
      if (window.isDestroyed() || window !== this.#window) return;
      try {
        return await window.loadURL(`${ORIGIN}/${page}`);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 200 * attempt));
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

  #create(before: BrowserWindow | undefined): BrowserWindow {
    const window = new BrowserWindow({
      ...(before ? before.getNormalBounds() : { width: 1366, height: 768 }),
      minWidth: 900,
      minHeight: 600,
      title: "Lamplight",
      backgroundColor: "#f7f5f0",
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
    if (before?.isMaximized()) window.maximize();
    if (before?.isFullScreen()) window.setFullScreen(true);
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
      if (
        input.type !== "keyDown" ||
        !(input.control || input.meta) ||
        input.shift ||
        input.alt ||
        input.key.toLowerCase() !== "l"
      )
        return;
      event.preventDefault();
      this.options.onLockKey();
    });
    // Input that Chromium delivers to the page; what a script dispatches inside it never comes by here.
    contents.on("input-event", (_event, input) => {
      if (input.type === "mouseMove") {
        const pointer = input as Electron.MouseInputEvent;
        const place = `${pointer.globalX ?? pointer.x},${pointer.globalY ?? pointer.y}`;
        // A still pointer over moving content also sends moves.
        if (place === this.#lastPointer) return;
        this.#lastPointer = place;
      } else if (
        ![
          "mouseDown",
          "mouseUp",
          "mouseWheel",
          "rawKeyDown",
          "keyDown",
          "keyUp",
          "char",
          "touchStart",
          "touchMove",
        ].includes(input.type)
      )
        return;
      this.options.onInput();
    });
  }
}

export const preloadPath = (appFolder: string) => join(appFolder, "out", "preload", "preload.cjs");
export const pagesPath = (appFolder: string) => join(appFolder, "out", "renderer");
