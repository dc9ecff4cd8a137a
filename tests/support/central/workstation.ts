import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectionSettings } from "../../../electron/database/pool";
import { Hospital } from "../../../electron/hospital/hospital";
import { createChatRecords } from "../../../electron/records/chats";
import type { ChatMessage } from "../../../shared/assistant/turn";
import { Refusal } from "../../../shared/failure";
import { type SignedIn, signedIn, type TestHospital } from "../hospital";

/** The app's own rooms around a central database, as main.ts puts them together, without a window. */
export interface Workstation {
  readonly hospital: Hospital;
  /** All that the start page said so far, in order. */
  readonly said: string[];
  /** What went to the log. */
  readonly logged: string[];
  /** Resolves when the status is as wanted; rejects after `within` milliseconds with what it is instead. */
  until(phase: string, within?: number): Promise<void>;
  signIn(username: string): Promise<SignedIn>;
  stop(): Promise<void>;
}

export function startWorkstation(
  settings: ConnectionSettings | undefined,
  options: { readonly migrations?: string; readonly home?: string; readonly lookEvery?: number } = {},
): Workstation {
  const home = options.home ?? mkdtempSync(join(tmpdir(), "lamplight-home-"));
  const said: string[] = [];
  const logged: string[] = [];
  const hospital: Hospital = new Hospital({
    home,
    migrations: options.migrations ?? "resources/database/migrations",
    central: settings && { ...settings, ssl: settings.ssl },
    ...(options.lookEvery ? { lookEvery: options.lookEvery } : {}),
    loadDemoUnasked: false,
    loadDemo: async () => undefined,
    onStatus: () => {
      const line = [hospital.status.phase, hospital.status.message].filter(Boolean).join(": ");
      if (said.at(-1) !== line) said.push(line);
    },
    log: {
      info: (line) => void logged.push(line),
      unexpected: (where, error) => {
        logged.push(`${where} ${error instanceof Error ? error.name : ""}`);
        return "reference";
      },
    },
  });
  void hospital.start();
  return {
    hospital,
    said,
    logged,
    until: async (phase, within = 60_000) => {
      const end = performance.now() + within;
      while (hospital.status.phase !== phase) {
        if (performance.now() > end)
          throw new Error(`still ${hospital.status.phase} (${hospital.status.message}), not ${phase}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    signIn: (username) => signedIn({ database: hospital.database } as unknown as TestHospital, username),
    stop: async () => {
      await hospital.stop();
      if (!options.home) rmSync(home, { recursive: true, force: true });
    },
  };
}

export const messageOf = (text: string, id = randomUUID()): ChatMessage => ({
  id,
  author: "person",
  text,
  at: "2026-04-05T09:05:00.000Z",
  toolCalls: [],
  incomplete: false,
  model: null,
});

/** What a person does all day, kept in a book: what was acknowledged must be there afterwards, once. */
export interface Worker {
  /** Ids of messages whose saving was acknowledged. */
  readonly acknowledged: Set<string>;
  /** Ids that were sent at least once. */
  readonly sent: Set<string>;
  /** Codes of refusals, with their sentences. */
  readonly refusals: Map<string, string>;
  reads: number;
  /** Ends after the step it is in. */
  stop(): Promise<void>;
}

/**
 * Writes a message and reads a chart in turn until stopped. A write that failed is sent again with the same id, as the page
 * does when the person presses Retry; any failure other than a refusal in words ends it and is thrown by `stop`.
 */
export async function startWorker(workstation: Workstation, person: SignedIn, patient: string): Promise<Worker> {
  const chats = createChatRecords(workstation.hospital.database, person.session);
  const chat = await chats.create("work");
  let going = true;
  const worker = {
    acknowledged: new Set<string>(),
    sent: new Set<string>(),
    refusals: new Map<string, string>(),
    reads: 0,
  };
  const note = (refusal: { code: string; message: string }) => worker.refusals.set(refusal.code, refusal.message);
  async function write(): Promise<void> {
    const message = messageOf("a note");
    worker.sent.add(message.id);
    for (;;) {
      try {
        await chats.append(chat.id, message);
        worker.acknowledged.add(message.id);
        return;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        note(error.failure);
        if (!going) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
  async function read(): Promise<void> {
    const answer = await person.call("get_vital_signs", { patient_id: patient });
    if (!answer.ok) return void note(answer.failure);
    if ((answer.value as { patient_id: string }).patient_id !== patient) throw new Error("another patient's chart");
    worker.reads += 1;
  }
  const running = (async () => {
    while (going) {
      await write();
      await read();
    }
  })();
  running.catch(() => undefined);
  return Object.assign(worker, {
    stop: async () => {
      going = false;
      await running;
    },
  });
}
