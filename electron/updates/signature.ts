import { createHash, createPublicKey } from "node:crypto";
import { CompactSign, compactVerify, decodeProtectedHeader, importPKCS8, importSPKI } from "jose";
import { type Release, releaseSchema } from "./release";
import { UpdateRefused } from "./trouble";

const ALGORITHM = "EdDSA";
const TYPE = "lamplight-update+jwt";

/** RFC 7638's thumbprint of an Ed25519 key (RFC 8037): names the key in the header of what it signed. */
export function keyId(publicKey: string): string {
  const { x } = createPublicKey(publicKey).export({ format: "jwk" });
  return createHash("sha256")
    .update(JSON.stringify({ crv: "Ed25519", kty: "OKP", x }))
    .digest("base64url");
}

const notOurs = () =>
  new UpdateRefused("The feed is not signed by the hospital's key for updates. Nothing is installed.");

/**
 * Reads a feed: a compact JWS (RFC 7515) by exactly this key and EdDSA. The header is believed in nothing: it must say what
 * we expect. Throws `UpdateRefused`.
 */
export async function verifyRelease(token: string, publicKey: string): Promise<Release> {
  let payload: Uint8Array;
  try {
    const header = decodeProtectedHeader(token);
    if (header.alg !== ALGORITHM || header.typ !== TYPE || header.kid !== keyId(publicKey)) throw notOurs();
    payload = (await compactVerify(token, await importSPKI(publicKey, ALGORITHM), { algorithms: [ALGORITHM] })).payload;
  } catch {
    throw notOurs();
  }
  try {
    return releaseSchema.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload)));
  } catch {
    throw new UpdateRefused("The feed is signed, but this version cannot read it. Nothing is installed.");
  }
}

/** Makes the content of a feed's file. `privateKey` is Ed25519, PKCS #8, PEM. */
export async function signRelease(release: Release, privateKey: string): Promise<string> {
  const publicKey = createPublicKey(privateKey).export({ format: "pem", type: "spki" }).toString();
  return new CompactSign(new TextEncoder().encode(JSON.stringify(releaseSchema.parse(release))))
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: keyId(publicKey) })
    .sign(await importPKCS8(privateKey, ALGORITHM));
}
