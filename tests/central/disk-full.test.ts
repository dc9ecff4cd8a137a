import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createChatRecords } from "../../electron/records/chats";
import { Refusal } from "../../shared/failure";
import { serverFolder } from "../support/central/account";
import { type HospitalServer, startHospitalServer } from "../support/central/hospital-server";
import { asServers } from "../support/central/postgres";
import { mountSmallDisk, type SmallDisk, whyNoSmallDisk } from "../support/central/small-disk";
import { describeCentral } from "../support/central/unless";
import { messageOf, startWorkstation, type Workstation } from "../support/central/workstation";
import type { SignedIn } from "../support/hospital";

/** Small segments, so that a small disk is full of log soon. */
const options = "--wal-segsize 1 -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync".split(" ");
const initdb = (data: string, wal: string) => void asServers("initdb", ["-D", data, "--waldir", wal, ...options]);

describeCentral(
  "a disk that is full while people write",
  () => {
    let disk: SmallDisk;
    let server: HospitalServer;
    let workstation: Workstation;
    let nurse: SignedIn;
    let chats: ReturnType<typeof createChatRecords>;
    let chatId: string;
    beforeEach(() => {
      disk = mountSmallDisk(120);
    });
    afterEach(async () => {
      await workstation?.stop();
      disk.free();
      await server?.dispose();
      disk.remove();
    });

    async function open(): Promise<void> {
      workstation = startWorkstation(server.workstation(server.postgres.port));
      await workstation.until("ready");
      nurse = await workstation.signIn("demo_nurse");
      chats = createChatRecords(workstation.hospital.database, nurse.session);
      chatId = (await chats.create("work")).id;
    }

    /** Long notes one after the other, until one is refused. Answers what was acknowledged, and the refusal. */
    async function writeUntilRefused() {
      const acknowledged: string[] = [];
      for (;;) {
        // Random, so that PostgreSQL cannot press it together.
        const message = messageOf(Buffer.from(crypto.getRandomValues(new Uint8Array(30_000))).toString("base64"));
        try {
          await chats.append(chatId, message);
          acknowledged.push(message.id);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          return {
            acknowledged,
            refusal: error.failure,
            retry: () => chats.append(chatId, message),
            refused: message.id,
          };
        }
        if (acknowledged.length > 3000) throw new Error("the disk does not become full");
      }
    }
    const stored = () =>
      server.asSuperuser(async (query) =>
        (await query("SELECT id FROM hospital.chat_message")).rows.map((row) => String(row["id"])),
      );

    test("of data: new entries are refused in words, reading goes on, and writing too as soon as there is room", async () => {
      const data = join(disk.folder, "data");
      const elsewhere = serverFolder("wal");
      server = await startHospitalServer({
        data,
        make: () => initdb(data, join(elsewhere, "wal")),
        settings: { fsync: "on", wal_level: "minimal", max_wal_senders: "0" },
      });
      await open();
      // What is read goes on being read: the announcement was made while there was room.
      const { database } = workstation.hospital;
      disk.fill();
      const { acknowledged, refusal, retry, refused } = await writeUntilRefused();
      expect(refusal).toMatchObject({ code: "DATABASE_UNAVAILABLE", message: expect.stringContaining("disk is full") });
      expect(await database.statement("SELECT * FROM api.whoami($1)", [nurse.session.databaseToken()])).toHaveLength(1);
      expect(workstation.hospital.status.phase).toBe("ready");
      expect(nurse.expired()).toBe(false);
      expect(await stored()).toEqual(expect.arrayContaining(acknowledged));
      expect(await stored()).not.toContain(refused);
      disk.free();
      await retry();
      expect((await stored()).filter((id) => id === refused)).toHaveLength(1);
      expect(await nurse.call("get_vital_signs", { patient_id: "FCE57" })).toMatchObject({ ok: true });
      await server.postgres.end("SIGINT");
      rmSync(elsewhere, { recursive: true, force: true });
    });

    test("of log: the server stops, which is told, and nothing acknowledged is missing when IT made room", async () => {
      const wal = join(disk.folder, "wal");
      server = await startHospitalServer({
        make: (data) => initdb(data, wal),
        settings: {
          fsync: "on",
          wal_level: "minimal",
          max_wal_senders: "0",
          max_wal_size: "100MB",
          wal_recycle: "off",
        },
      });
      await open();
      disk.fill();
      const { acknowledged, refusal, refused } = await writeUntilRefused();
      expect(refusal.code).toBe("DATABASE_UNAVAILABLE");
      await workstation.until("unavailable");
      expect(workstation.hospital.status.message).toMatch(
        /does not answer|starting or being stopped|ended the connection/u,
      );
      await expect.poll(() => server.postgres.running()).toBe(false);
      disk.free();
      await server.postgres.start();
      await workstation.until("ready");
      const there = await stored();
      expect(there).toEqual(expect.arrayContaining(acknowledged));
      // It was not acknowledged: it may be there or not, but not twice.
      expect(there.filter((id) => id === refused).length).toBeLessThan(2);
      expect(new Set(there).size).toBe(there.length);
      expect(await nurse.call("get_vital_signs", { patient_id: "FCE57" })).toMatchObject({ ok: true });
    });
  },
  whyNoSmallDisk(),
);
