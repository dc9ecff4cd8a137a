import { isIP, type Socket } from "node:net";
import { connect, type PeerCertificate } from "node:tls";
import type { CentralDatabase } from "../../config";
import type { Host } from "../connection-settings";
import { type Answer, settled } from "./reach";
import { type Finding, failed, named, passed, quoted } from "./step";

/** Shakes hands over TLS on a socket that the server agreed to use so, and judges its certificate as the driver would. */
export async function judgeCertificate(
  server: Host,
  ssl: NonNullable<CentralDatabase["ssl"]>,
  socket: Socket,
  answer: Answer,
): Promise<Finding> {
  const name = named(server);
  if (answer === "no-tls")
    return failed(
      `${name} does not offer TLS. IT turns it on (ssl = on in postgresql.conf, client_tls_sslmode in PgBouncer) and gives it a certificate.`,
    );
  const secure = connect({
    socket,
    host: server.host,
    ...(isIP(server.host) === 0 ? { servername: server.host } : {}),
    ...(ssl.ca === undefined ? {} : { ca: ssl.ca }),
    // So that a bad certificate can be described; nothing is ever sent over this connection.
    rejectUnauthorized: false,
  });
  secure.on("error", () => undefined);
  try {
    await settled(secure, "secureConnect");
    const certificate = secure.getPeerCertificate();
    const trouble = secure.authorizationError as unknown;
    if (secure.authorized) return passed(`${described(certificate)}.`);
    const code = typeof trouble === "string" ? trouble : String((trouble as NodeJS.ErrnoException | null)?.code);
    return failed(explained(code, server.host, certificate, ssl.ca !== undefined));
  } catch {
    return failed(
      `${name} breaks off when TLS begins. Its certificate, key or TLS version is not usable; its log has the reason.`,
    );
  } finally {
    secure.destroy();
  }
}

const day = (moment: string): string => {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? "an unknown day" : date.toISOString().slice(0, 10);
};
/** A name such as `db.hospital.example (Hospital)`; several values of one kind come as a list. */
function nameOf(entity: PeerCertificate["subject"] | undefined): string {
  const text = (value: string | string[] | undefined) => quoted([value ?? []].flat().join(", "));
  const [common, organisation] = [text(entity?.CN), text(entity?.O)];
  if (!common) return organisation || "nobody named";
  return organisation && organisation !== common ? `${common} (${organisation})` : common;
}
function described(certificate: PeerCertificate): string {
  return `The certificate is for ${nameOf(certificate.subject)}, issued by ${nameOf(certificate.issuer)}, valid until ${day(certificate.valid_to)}`;
}

function explained(code: string, host: string, certificate: PeerCertificate, ownAuthority: boolean): string {
  const what = described(certificate);
  switch (code) {
    case "CERT_HAS_EXPIRED":
      return `${what}: it has expired, or the clock of this machine is wrong. IT gives the server a new one.`;
    case "CERT_NOT_YET_VALID":
      return `${what}: it is valid only from ${day(certificate.valid_from)} on. Check the clock of this machine.`;
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `${what}. It does not name ${host}, only ${quoted(certificate.subjectaltname ?? nameOf(certificate.subject)).replace(/(?:DNS|IP Address):/gu, "")}. Use the name that it names, or IT gives the server another.`;
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return `${what}. It vouches for itself: ${ownAuthority ? "it is not the authority that was given here" : "give it here as the authority, if IT says that it is the hospital's own"}.`;
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
      return `${what}. ${ownAuthority ? "The authority that was given here did not issue it" : "This machine does not know that issuer: give the hospital's certificate authority here"}.`;
    case "INVALID_CA":
    case "INVALID_PURPOSE":
      return `${what}. Its issuer may not issue certificates for servers. IT makes another.`;
    default:
      return `${what}. It cannot be trusted (${/^[A-Z_0-9]{2,60}$/u.test(code) ? code : "unknown reason"}).`;
  }
}
