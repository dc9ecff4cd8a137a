import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "selfsigned";

/** A hospital's certificate authority and the certificates that it gives out, for one test run. */
export interface Authority {
  readonly file: string;
  readonly pem: string;
  /** Answers the files of a certificate for these names and addresses; `days` below zero: it expired that long ago. */
  certify(name: string, names: readonly string[], days?: number): Promise<Certificate>;
}

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
const elliptic = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

export async function createAuthority(folder: string, name = "ca"): Promise<Authority> {
  const file = join(folder, `${name}.crt`);
  const own = await generate([{ name: "commonName", value: `Test authority ${name}` }], {
    ...elliptic,
    notAfterDate: inDays(30),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  writeFileSync(file, own.cert);
  return {
    file,
    pem: readFileSync(file, "utf8"),
    certify: async (owner, names, days = 30) => {
      const made = await generate([{ name: "commonName", value: owner }], {
        ...elliptic,
        ca: { key: own.private, cert: own.cert },
        notBeforeDate: inDays(Math.min(-1, days - 1)),
        notAfterDate: inDays(days),
        extensions: [
          { name: "basicConstraints", cA: false },
          { name: "extKeyUsage", serverAuth: true },
          {
            name: "subjectAltName",
            altNames: names.map((one) => (/^[\d.]+$/u.test(one) ? { type: 7, ip: one } : { type: 2, value: one })),
          },
        ],
      });
      const files = { certificate: join(folder, `${owner}.crt`), key: join(folder, `${owner}.key`) };
      writeFileSync(files.certificate, made.cert);
      writeFileSync(files.key, made.private, { mode: 0o600 });
      return files;
    },
  };
}
