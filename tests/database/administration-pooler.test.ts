import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { admin, ownerUrl } from "../support/admin-desk";
import { canRun, startCentralServer } from "../support/central-server";

const pgbouncer = "/usr/sbin/pgbouncer";
describe.runIf(canRun(15) && existsSync(pgbouncer))("a connection pooler", () => {
  test.each(["transaction", "session"])(
    "in %s mode is noticed and refused, and the server behind it is not",
    async (mode) => {
      const server = await startCentralServer(15);
      const place = mkdtempSync(join(tmpdir(), "lamplight-pooler-"));
      chmodSync(place, 0o777);
      const file = join(place, "pgbouncer.ini");
      writeFileSync(
        file,
        `[databases]\n* = host=${server.socket} port=5432 user=postgres\n[pgbouncer]\nlisten_addr=\nunix_socket_dir=${place}\nlisten_port=6432\nauth_type=any\npool_mode=${mode}\n`,
      );
      chmodSync(file, 0o644);
      const account =
        process.getuid?.() === 0
          ? {
              uid: Number(execFileSync("id", ["-u", "postgres"], { encoding: "utf8" })),
              gid: Number(execFileSync("id", ["-g", "postgres"], { encoding: "utf8" })),
            }
          : {};
      const pooler = spawn(pgbouncer, [file], { ...account, stdio: "ignore" });
      try {
        for (let tries = 0; !existsSync(join(place, ".s.PGSQL.6432")) && tries < 600; tries += 1)
          await new Promise((resolve) => setTimeout(resolve, 50));
        const base = { port: 6432, user: "postgres", password: "", database: "postgres" };
        const through = await admin(["schema", "--check"], { LAMPLIGHT_OWNER_URL: ownerUrl({ ...base, host: place }) });
        expect(through).toMatchObject({ code: 1, out: "", error: expect.stringContaining("connection pooler") });
        const direct = { ...base, host: server.socket, port: 5432 };
        expect(await admin(["schema", "--check"], { LAMPLIGHT_OWNER_URL: ownerUrl(direct) })).toMatchObject({
          error: "The database was never prepared.",
        });
      } finally {
        pooler.kill("SIGINT");
        await server.stop();
        rmSync(place, { recursive: true, force: true });
      }
    },
  );
});
