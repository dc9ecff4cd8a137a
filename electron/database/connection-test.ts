import type { Socket } from "node:net";
import { type ConnectionStepName, type ConnectionTest, connectionSteps } from "../../shared/workstation/connection";
import { type CentralDatabase, staysOnThisMachine } from "../config";
import { type Host, hostsOf } from "./connection-settings";
import { judgeCertificate } from "./connection-test/certificate";
import { signIn } from "./connection-test/login";
import { type Answer, findAddress, reach } from "./connection-test/reach";
import { type ExpectedSchema, judgeSchema } from "./connection-test/schema";
import { type Finding, failed, named, passed } from "./connection-test/step";

export type { ExpectedSchema } from "./connection-test/schema";

/** The test of an address that cannot even be read; `message` says why. */
export function unusableAddress(message: string): ConnectionTest {
  return report({ address: failed(message) });
}

/**
 * Tries a connection from the outside in and says step by step what is right and what is not. Takes seconds; changes
 * nothing on the server. Nothing secret leaves before the certificate is found good, and no message repeats a secret or a
 * driver's own text. Where the connection names several servers, every one is looked at and the first that can be
 * reached and takes writes decides.
 */
export async function testConnection(central: CentralDatabase, expected: ExpectedSchema): Promise<ConnectionTest> {
  const servers = hostsOf(central);

  const addresses = await Promise.all(servers.map(async (server) => ({ server, finding: await findAddress(server) })));
  const address = anyOf(addresses);
  const known = addresses.filter(({ finding }) => finding.good).map(({ server }) => server);
  if (!address.good) return report({ address });

  const reached = await Promise.all(known.map(async (server) => ({ server, ...(await reach(server)) })));
  try {
    const reachable = anyOf(reached);
    if (!reachable.good) return report({ address, reach: reachable });
    const open = reached.filter(
      (one): one is typeof one & { socket: Socket; answer: Answer } => one.socket !== undefined,
    );

    const certificates = await Promise.all(
      open.map(async ({ server, socket, answer }) => ({
        server,
        finding:
          central.ssl && !server.host.startsWith("/")
            ? await judgeCertificate(server, central.ssl, socket, answer)
            : passed(
                staysOnThisMachine(server.host)
                  ? "The connection stays on this machine: no certificate is needed."
                  : "No certificate was asked for.",
              ),
      })),
    );
    // One server with a bad certificate is one too many: after a failover it would be the only one.
    const certificate = allOf(certificates);
    const soFar = { address, reach: reachable, certificate };
    if (!certificate.good) return report(soFar);

    let last: { login: Finding; schema?: Finding } = { login: failed("No server was asked.") };
    for (const { server } of open) {
      let standby = false;
      last = await signIn(central, server, async (ask) => {
        const judged = await judgeSchema(ask, expected).catch(() =>
          failed(`${named(server)} did not answer what Lamplight asked it. Its log has the reason.`),
        );
        standby = "standby" in judged;
        return judged;
      });
      if (!standby) break;
    }
    return report({ ...soFar, ...last });
  } finally {
    for (const { socket } of reached) socket?.destroy();
  }
}

interface Looked {
  readonly server: Host;
  readonly finding: Finding;
}

/** Good with the first good one; the others are said all the same. */
function anyOf(all: readonly Looked[]): Finding {
  return { good: all.some(({ finding }) => finding.good), message: together(all) };
}
function allOf(all: readonly Looked[]): Finding {
  const bad = all.filter(({ finding }) => !finding.good);
  return { good: bad.length === 0, message: together(bad.length > 0 ? bad : all) };
}
const together = (all: readonly Looked[]): string => [...new Set(all.map(({ finding }) => finding.message))].join(" ");

function report(found: Partial<Record<ConnectionStepName, Finding>>): ConnectionTest {
  return {
    steps: connectionSteps.map((step) => {
      const finding = found[step];
      if (!finding) return { step, state: "not-checked", message: "Not checked." };
      return { step, state: finding.good ? "passed" : "failed", message: finding.message };
    }),
  };
}
