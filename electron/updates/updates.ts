import { join } from "node:path";
import type { UpdateView } from "../../shared/workstation/updates";
import type { Clock } from "../clock";
import type { UpdatesConfiguration } from "./configuration";
import { download } from "./download";
import { type FeedLimits, type Fetch, readFeed, usualLimits } from "./feed";
import { judgeRelease } from "./judge";
import { higher, readMemory, type UpdateMemory, writeMemory } from "./memory";
import type { PackageKind } from "./release";
import { verifyRelease } from "./signature";
import { UpdateRefused, UpdateUnreachable } from "./trouble";

export interface UpdatesOptions {
  /** Null: off. Nothing is ever asked then. */
  readonly config: UpdatesConfiguration | null;
  /** The home folder; a package comes into its folder `updates`. */
  readonly home: string;
  readonly fetch: Fetch;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** How this installation was packaged; by the platform where nobody says. */
  readonly kind?: PackageKind;
  readonly version: string;
  readonly clock: Clock;
  readonly onChange: (view: UpdateView) => void;
  /** The newest migration of a central database, if it can be asked now. */
  readonly schema?: () => Promise<string | null>;
  readonly log?: { unexpected(where: string, error: unknown): string };
  readonly limits?: FeedLimits;
  /** Milliseconds. */
  readonly rhythm?: { readonly first: number; readonly every: number; readonly jitter: number };
}

export interface Updates {
  view(): UpdateView;
  /** Asks the feed now and brings a newer package; never throws. Off: opens no connection. */
  check(): Promise<UpdateView>;
  /** Reads when the feed was asked last, before this start. */
  remember(): Promise<void>;
  /** Asks five minutes from now and then every six hours, if updates are on. */
  start(): void;
  stop(): void;
  /** The files of this app were replaced: see `watchInstalled`. */
  installed(version: string): void;
  /** Where the verified package lies, once the state is `ready`. */
  readonly file: string | null;
}

const MINUTE = 60_000;
/** Jitter keeps five hundred workstations, started by the same shift, from asking at the same second. */
const usualRhythm = { first: 5 * MINUTE, every: 6 * 60 * MINUTE, jitter: 30 * MINUTE };

const kindOf: Partial<Record<NodeJS.Platform, PackageKind>> = { linux: "deb", win32: "nsis", darwin: "dmg" };

/** What IT does with a package that lies ready; this app, run by an ordinary user, never installs. */
function howToInstall(kind: PackageKind): string {
  return kind === "deb"
    ? "IT installs it with: sudo lamplight-admin update --install"
    : "IT installs it with its own tools.";
}

export function createUpdates(options: UpdatesOptions): Updates {
  const { config, version, clock, limits = usualLimits, rhythm = usualRhythm } = options;
  const kind = options.kind ?? kindOf[options.platform] ?? "AppImage";
  const folder = join(options.home, "updates");
  const stopped = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<UpdateView> | undefined;
  let memory: UpdateMemory | undefined;
  let file: string | null = null;
  let view: UpdateView = {
    state: config ? "idle" : "off",
    version,
    offered: null,
    message: config
      ? "The hospital's feed is asked for newer versions from time to time."
      : "Updates are off. IT installs new versions; no connection is opened for them.",
    feed: config ? config.feed.replace(/^\w+:\/\//u, "") : null,
    checkedAt: null,
  };

  function say(change: Partial<UpdateView>): UpdateView {
    view = { ...view, ...change };
    options.onChange(view);
    return view;
  }

  /** Once the app on the disk is another one, only a restart helps: no later look takes that from the screen. */
  const settle = (change: Partial<UpdateView>): UpdateView =>
    say(view.state === "installed" ? { checkedAt: change.checkedAt ?? view.checkedAt } : change);

  async function look(on: UpdatesConfiguration): Promise<UpdateView> {
    if (view.state !== "installed") say({ state: "checking", message: "Asking the hospital's feed." });
    let offered: string | null = null;
    try {
      memory ??= await readMemory(folder);
      const release = await verifyRelease(await readFeed(options.fetch, on.feed, limits, stopped.signal), on.publicKey);
      const checkedAt = clock.now().toISOString();
      offered = release.version;
      const wanted = judgeRelease(release, {
        version,
        highest: memory.highest,
        channel: on.channel,
        platform: options.platform,
        arch: options.arch,
        kind,
        now: clock.now(),
        schema: (await options.schema?.().catch(() => null)) ?? null,
      });
      // Kept before the package comes: a broken download must not make room for an older feed.
      memory = { highest: higher(memory.highest, release.version), checkedAt };
      await writeMemory(folder, memory);
      if (!wanted) {
        file = null;
        return settle({ state: "current", offered, checkedAt, message: `${version} is the newest version.` });
      }
      settle({ state: "downloading", offered, checkedAt, message: `Version ${offered} is being downloaded.` });
      file = await download(options.fetch, { feed: on.feed, file: wanted, folder }, limits, stopped.signal);
      return settle({
        state: "ready",
        offered,
        checkedAt,
        message: `Version ${offered} has been downloaded and verified. ${howToInstall(kind)}`,
      });
    } catch (error) {
      file = null;
      if (error instanceof UpdateRefused) return settle({ state: "refused", offered, message: error.message });
      if (error instanceof UpdateUnreachable)
        return settle({ state: "failed", offered, message: `${error.message} The next look comes by itself.` });
      const reference = options.log?.unexpected("updates", error);
      const found = reference ? ` The log has the reason (reference ${reference}).` : "";
      return settle({ state: "failed", offered, message: `The new version could not be kept here.${found}` });
    }
  }

  function plan(wait: number): void {
    timer = setTimeout(
      () => {
        void check().then(() => {
          if (!stopped.signal.aborted) plan(rhythm.every);
        });
      },
      wait + Math.random() * rhythm.jitter,
    );
    timer.unref();
  }

  function check(): Promise<UpdateView> {
    if (!config || stopped.signal.aborted) return Promise.resolve(view);
    running ??= look(config).finally(() => {
      running = undefined;
    });
    return running;
  }

  async function remember(): Promise<void> {
    if (!config) return;
    const { checkedAt } = await readMemory(folder);
    if (view.checkedAt === null) view = { ...view, checkedAt };
  }

  return {
    view: () => view,
    check,
    remember,
    start: () => {
      if (!config || timer || stopped.signal.aborted) return;
      void remember();
      plan(rhythm.first);
    },
    stop: () => {
      stopped.abort();
      clearTimeout(timer);
    },
    installed: (newer) =>
      void say({
        state: "installed",
        offered: newer,
        message: `Version ${newer} has been installed. It starts when you sign out.`,
      }),
    get file() {
      return file;
    },
  };
}
