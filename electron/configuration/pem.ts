import { createHash, createPublicKey, X509Certificate } from "node:crypto";

/** Every certificate of a PEM text, in order; undefined where there is none or something else stands there as well. */
function certificatesOf(pem: string): X509Certificate[] | undefined {
  const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu;
  // Text between certificates is usual (who issued it); another kind of block, such as a private key, is a mistake.
  if (/-----BEGIN /u.test(pem.replace(block, ""))) return undefined;
  try {
    const certificates = (pem.match(block) ?? []).map((one) => new X509Certificate(one));
    return certificates.length > 0 ? certificates : undefined;
  } catch {
    return undefined;
  }
}

export const isAuthority = (pem: string): boolean => certificatesOf(pem) !== undefined;

/** Node writes one name a line; a person reads them in one. */
export const inOneLine = (distinguishedName: string): string => distinguishedName.trim().replace(/\s*\n\s*/gu, ", ");

/** A day as a person reads it, from the form that certificates use (`Jan  2 03:04:05 2030 GMT`). */
export function dayOf(certificateTime: string): string {
  const moment = new Date(certificateTime);
  return Number.isNaN(moment.getTime()) ? certificateTime : moment.toISOString().slice(0, 10);
}

export function describeAuthority(pem: string): string {
  return (certificatesOf(pem) ?? []).map((one) => `${inOneLine(one.subject)} (until ${dayOf(one.validTo)})`).join("; ");
}

export function isUpdateKey(pem: string): boolean {
  // A private key would be read, too: it has no business on a workstation.
  if (!pem.trim().startsWith("-----BEGIN PUBLIC KEY-----")) return false;
  try {
    return createPublicKey(pem).asymmetricKeyType === "ed25519";
  } catch {
    return false;
  }
}

/** The key's fingerprint, to be compared by eye. */
export function describeUpdateKey(pem: string): string {
  const key = createPublicKey(pem).export({ type: "spki", format: "der" });
  return `Ed25519, SHA-256 ${createHash("sha256").update(key).digest("hex").slice(0, 32)}`;
}
