import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { inWords, networkActs, processesWatched, readActs, unwatchable, watched } from "../../support/network-watch";

const folder = mkdtempSync(join(tmpdir(), "lamplight-watch-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("addresses of both kinds are found, whatever stands around them", () => {
  const record = [
    '610<Chrome_ChildIOT> connect(21, {sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:4860:4860::8888", &sin6_addr), sin6_scope_id=0}, 28) = 0',
    '610<Chrome_ChildIOT> connect(21, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, 16 <unfinished ...>',
    '12 sendmsg(4, {msg_name={sa_family=AF_INET, sin_port=htons(514), sin_addr=inet_addr("10.0.0.7")}, msg_namelen=16, msg_iov=[], msg_iovlen=0}, 0) = 3',
    '7<a> connect(3, {sa_family=AF_UNIX, sun_path="/tmp/.X11-unix/X0"}, 110) = 0',
    '7<a> sendto(15, "x", 1, MSG_NOSIGNAL, NULL, 0) = 1',
    "7<a> +++ exited with 0 +++",
  ].join("\n");
  expect(networkActs(record).map(inWords)).toEqual([
    "Chrome_ChildIOT (610) connect [2001:4860:4860::8888]:53",
    "Chrome_ChildIOT (610) connect 127.0.0.1:9",
    "? (12) sendmsg 10.0.0.7:514",
  ]);
});

test("an address that cannot be read is reported, not passed over", () => {
  expect(networkActs("9<x> connect(3, {sa_family=AF_INET, 0x7ffd}, 16) = 0").map(inWords)).toEqual([
    "x (9) connect ?:0",
  ]);
});

const why = unwatchable();
test.skipIf(why !== null)(
  `a connection and a datagram of a program's program are seen${why ? ` (${why})` : ""}`,
  () => {
    const record = join(folder, "calls");
    const inner =
      'require("net").connect(9,"127.0.0.1").on("error",()=>{});' +
      'const s=require("dgram").createSocket("udp6");s.on("error",()=>{});s.send("x",9,"::1",()=>s.close());';
    const outer = `require("child_process").spawnSync(process.execPath,["-e",${JSON.stringify(inner)}])`;
    const [program, ...args] = watched(record) as [string, ...string[]];
    const ran = spawnSync(program, [...args, process.execPath, "-e", outer]);
    expect(ran.status).toBe(0);
    const seen = readActs(record).map(({ address, port }) => `${address} ${port}`);
    expect(seen).toContain("127.0.0.1 9");
    expect(seen).toContain("::1 9");
    expect(processesWatched(record)).toBeGreaterThan(1);
  },
);
