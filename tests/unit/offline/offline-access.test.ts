import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { OfflineAccess } from "../../../electron/offline/offline-access";
import { sealBlob } from "../../../electron/offline/offline-blob";
import { openSteadyClock } from "../../../electron/offline/steady-clock";
import { openAttempts } from "../../../electron/offline/unlock-attempts";
import type { KeyStore } from "../../../electron/offline/workstation-key";
import { derivePasswordKeys } from "../../../electron/session/password-keys";
import { handClock } from "../session/hand-clock";
import { cheap, newContent, newHead, temporaryFolder } from "./scene";

const hour = 3_600_000;
const password = "right horse battery";
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => "opened",
    (error: Error & { failure?: { code?: string } }) => error.failure?.code ?? String(error),
  );

async function scene(options: { store?: KeyStore } = {}) {
  const folder = temporaryFolder();
  const wall = handClock();
  const clock = await openSteadyClock(folder, wall);
  const workstation = randomUUID();
  const deleted: string[] = [];
  const access = new OfflineAccess({
    folder: join(folder, "people"),
    workstation,
    clock,
    store: options.store,
    onDeleted: async (_username, why) => void deleted.push(why),
  });
  const salt = randomBytes(16);
  const keys = await derivePasswordKeys(password, { salt, ...cheap });
  const content = newContent();
  const grant = (username = "demo_nurse", end = clock.now() + 12 * hour) =>
    access.keep(username, keys.offline, newHead(end, workstation, salt), content);
  await grant();
  return { folder, wall, clock, access, content, deleted, grant, salt, keys, workstation };
}

test("the right password opens it, whatever the case of the name; nobody else's name does", async () => {
  const { access, content } = await scene();
  const opened = await access.open(" Demo_Nurse ", password);
  expect(opened.content).toEqual(content);
  expect(opened.keys.offline.every((byte) => byte === 0)).toBe(true);
  expect(opened.keys.auth.some((byte) => byte !== 0)).toBe(true);
  expect(await failureOf(access.open("demo_doctor", password))).toBe("OFFLINE_UNAVAILABLE");
});

test("five wrong passwords delete it with everything in its folder; four and a right one do not", async () => {
  const { access, deleted, folder } = await scene();
  writeFileSync(join(access.folderOf("demo_nurse"), "ward"), "the ward's copy");
  for (let time = 1; time <= 4; time += 1)
    expect(await failureOf(access.open("demo_nurse", "wrong"))).toBe("SIGN_IN_FAILED");
  expect((await access.open("demo_nurse", password)).wrongBefore).toBe(4);
  for (let time = 1; time <= 4; time += 1)
    expect(await failureOf(access.open("demo_nurse", "wrong"))).toBe("SIGN_IN_FAILED");
  expect(await failureOf(access.open("demo_nurse", "wrong"))).toBe("OFFLINE_UNAVAILABLE");
  expect(deleted).toEqual(["wrong-passwords"]);
  expect(existsSync(access.folderOf("demo_nurse"))).toBe(false);
  expect(await failureOf(access.open("demo_nurse", password))).toBe("OFFLINE_UNAVAILABLE");
  expect(readdirSync(join(folder, "people"))).toEqual([]);
});

test("tries at the same moment are counted one by one", async () => {
  const { access } = await scene();
  const answers = await Promise.all(Array.from({ length: 8 }, () => failureOf(access.open("demo_nurse", "wrong"))));
  expect(answers.filter((code) => code === "SIGN_IN_FAILED")).toHaveLength(4);
  expect(existsSync(access.folderOf("demo_nurse"))).toBe(false);
});

test("the try is on the disk before it is judged: ending the app gives none back", async () => {
  const { access } = await scene();
  const attempts = openAttempts(access.folderOf("demo_nurse"));
  // The app was killed after it had counted, five times over.
  for (let time = 1; time <= 5; time += 1) await attempts.count();
  expect(await failureOf(access.open("demo_nurse", password))).toBe("OFFLINE_UNAVAILABLE");
  expect(existsSync(access.folderOf("demo_nurse"))).toBe(false);
});

test("a counter that somebody damaged counts as used up", async () => {
  const { access } = await scene();
  writeFileSync(join(access.folderOf("demo_nurse"), "attempts"), "-3 or so");
  expect(await failureOf(access.open("demo_nurse", password))).toBe("OFFLINE_UNAVAILABLE");
});

test("after twelve hours it opens nothing and is gone, also when the clock is set back", async () => {
  const { access, wall, deleted } = await scene();
  wall.pass(12 * hour - 1000);
  expect(await access.holds("demo_nurse")).toBe("yes");
  wall.setWall(wall.now().getTime() - 6 * hour);
  expect(await access.holds("demo_nurse")).toBe("yes");
  wall.pass(2000, { wall: false });
  expect(await access.holds("demo_nurse")).toBe("expired");
  expect(await access.anybody()).toBe(false);
  expect(await failureOf(access.open("demo_nurse", password))).toBe("OFFLINE_EXPIRED");
  expect(deleted).toEqual(["expired"]);
  expect(existsSync(access.folderOf("demo_nurse"))).toBe(false);
});

test("a blob of another installation opens nothing here and is swept", async () => {
  const { access, keys, salt, clock } = await scene();
  const foreign = sealBlob(keys.offline, newHead(clock.now() + hour, randomUUID(), salt), newContent());
  writeFileSync(join(access.folderOf("demo_nurse"), "access"), foreign);
  expect(await failureOf(access.open("demo_nurse", password))).toBe("OFFLINE_EXPIRED");
});

test("a real key store wraps it: the file alone shows neither person nor salt", async () => {
  const store: KeyStore = {
    seal: (text) => Buffer.from([7, ...Buffer.from(text, "utf8").map((byte) => byte ^ 0x5a)]),
    open: (sealed) => Buffer.from(sealed.subarray(1).map((byte) => byte ^ 0x5a)).toString("utf8"),
  };
  const { access, content, salt } = await scene({ store });
  const file = readFileSync(join(access.folderOf("demo_nurse"), "access"));
  expect(file.includes(content.person.staffId)).toBe(false);
  expect(file.includes(salt.toString("base64"))).toBe(false);
  expect((await access.open("demo_nurse", password)).content).toEqual(content);
});
