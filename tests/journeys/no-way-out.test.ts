import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { type Journey, startJourney } from "../support/journey";
import { bridgeCall, openFromWard } from "../support/ward-page";

let journey: Journey;
/** Somebody outside who would like to hear of a patient, by TCP and by UDP on the same port. */
let outside: Server;
let datagrams: Socket;
let heard: string[];
let address: string;

test.beforeAll(async () => {
  heard = [];
  outside = createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.writeHead(200, { "access-control-allow-origin": "*" }).end("gotcha");
  });
  outside.on("connection", () => heard.push("connection"));
  // The port that TCP was given may be somebody else's by UDP: then both try the next.
  for (let bound = false; !bound; ) {
    await new Promise<void>((ready) => outside.listen(0, "127.0.0.1", ready));
    const { port } = outside.address() as AddressInfo;
    datagrams = createSocket("udp4", () => heard.push("datagram"));
    bound = await new Promise<boolean>((resolve) => {
      datagrams.once("error", () => resolve(false));
      datagrams.bind(port, "127.0.0.1", () => resolve(true));
    });
    address = `http://127.0.0.1:${port}`;
    if (!bound) await new Promise((closed) => outside.close(closed));
  }
  journey = await startJourney();
  await journey.signInAs("Nurse");
  await openFromWard(await journey.page(), "ARNOLD, Leah");
});
test.afterAll(async () => {
  await journey.close();
  datagrams.close();
  outside.closeAllConnections();
  await new Promise((closed) => outside.close(closed));
});

test("nothing that a page can try reaches another host", async () => {
  const page = await journey.page();
  heard.length = 0;
  const before = page.url();
  const tried = await page.evaluate(async (to) => {
    const outcome: Record<string, string> = {};
    const attempt = async (name: string, act: () => unknown) => {
      try {
        outcome[name] = String(await act());
      } catch (error) {
        outcome[name] = `failed: ${(error as Error).name}`;
      }
    };
    const loads = (element: HTMLElement) =>
      new Promise<string>((resolve) => {
        element.addEventListener("load", () => resolve("loaded"));
        element.addEventListener("error", () => resolve("failed: error"));
        setTimeout(() => resolve("failed: nothing came"), 1500);
        document.head.append(element);
      });
    const make = (tag: string, properties: object) => Object.assign(document.createElement(tag), properties);
    await attempt("fetch", async () => (await fetch(`${to}/fetch`)).status);
    await attempt("own fetch", async () => (await fetch("app://lamplight/index.html")).status);
    await attempt(
      "xhr",
      () =>
        new Promise((resolve, reject) => {
          const request = new XMLHttpRequest();
          request.onload = () => resolve(request.status);
          request.onerror = () => reject(new TypeError("no"));
          request.open("GET", `${to}/xhr`);
          request.send();
        }),
    );
    await attempt("beacon", () => (navigator.sendBeacon(`${to}/beacon`, "x") ? "queued" : "failed: refused"));
    await attempt(
      "websocket",
      () =>
        new Promise((resolve, reject) => {
          const socket = new WebSocket(to.replace("http", "ws"));
          socket.onopen = () => resolve("open");
          socket.onerror = () => reject(new TypeError("no"));
        }),
    );
    await attempt(
      "event source",
      () =>
        new Promise((resolve, reject) => {
          const source = new EventSource(`${to}/events`);
          source.onopen = () => resolve("open");
          source.onerror = () => {
            source.close();
            reject(new TypeError("no"));
          };
        }),
    );
    await attempt("image", () => loads(make("img", { src: `${to}/image.png` })));
    await attempt("style sheet", () => loads(make("link", { rel: "stylesheet", href: `${to}/style.css` })));
    await attempt("prefetch", () => loads(make("link", { rel: "prefetch", href: `${to}/prefetch` })));
    await attempt("frame", () => loads(make("iframe", { src: `${to}/frame` })));
    await attempt("video", () => loads(make("video", { src: `${to}/video.mp4` })));
    await attempt("form", () => {
      const form = make("form", { action: `${to}/form`, method: "post" }) as HTMLFormElement;
      document.body.append(form);
      form.submit();
      return "failed: sent nowhere";
    });
    await attempt("worker", () => new Worker(`${to}/worker.js`));
    await attempt("window", () => (window.open(`${to}/window`) === null ? "failed: no window" : "open"));
    return outcome;
  }, address);
  for (const [name, outcome] of Object.entries(tried)) {
    // A beacon that was taken and a frame that loaded an error page say nothing of what left; what was heard outside does.
    if (name !== "beacon" && name !== "frame") expect(outcome, name).toMatch(/^failed/u);
  }
  await page.evaluate((to) => {
    location.href = `${to}/navigate`;
  }, address);
  await page.waitForTimeout(500);
  expect(heard).toEqual([]);
  // Whoever listens would have heard: what is sent now comes behind everything that was sent before.
  await fetch(`${address}/control`);
  expect(heard).toEqual(["connection", "GET /control"]);
  expect(page.url()).toBe(before);
  expect(journey.app.windows().filter((window) => !window.isClosed())).toHaveLength(1);
});

test("a call from browser to browser sends nothing either, whether by a server or straight to an address it is given", async () => {
  const page = await journey.page();
  heard.length = 0;
  await page.evaluate(async (host) => {
    const port = host.split(":")[1];
    const [one, other] = [{ urls: [`stun:${host}`] }, { urls: [`turn:${host}`], username: "a", credential: "b" }].map(
      (server) => new RTCPeerConnection({ iceServers: [server] }),
    ) as [RTCPeerConnection, RTCPeerConnection];
    one.createDataChannel("FCE57");
    const offer = await one.createOffer();
    await one.setLocalDescription(offer);
    await other.setRemoteDescription(offer);
    const answer = await other.createAnswer();
    await other.setLocalDescription(answer);
    await one.setRemoteDescription(answer);
    for (const [protocol, kind] of [
      ["udp", ""],
      ["tcp", " tcptype passive"],
    ])
      await one.addIceCandidate({
        sdpMid: "0",
        candidate: `candidate:1 1 ${protocol} 2113937151 127.0.0.1 ${port} typ host${kind}`,
      });
    await new Promise((resolve) => setTimeout(resolve, 2500));
  }, address.slice(7));
  expect(heard).toEqual([]);
});

test("the test of a connection, which may name any host, is refused while somebody works here", async () => {
  const page = await journey.page();
  heard.length = 0;
  const url = `postgresql://ARNOLD@127.0.0.1:${new URL(address).port}/lamplight`;
  const choice = { url, password: "", certificateAuthority: null };
  for (const name of ["connection.test", "connection.choose"] as const)
    expect(await bridgeCall(page, name, choice)).toMatchObject({ ok: false, failure: { code: "CONNECTION_REFUSED" } });
  expect(heard).toEqual([]);
});
