import { z } from "zod";
import { momentSchema, uuidSchema } from "../../shared/clinical/identifiers";
import { personSchema } from "../../shared/session/session-state";
import { open, seal } from "../sealing/seal";

/** The rules under which a blob is sealed; one of another version opens nothing. Agrees with `private.offline_policy()`. */
export const offlinePolicy = 1;

const key = z.base64().transform((text, context): Buffer => {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length === 32) return bytes;
  context.issues.push({ code: "custom", message: "not a key of 32 bytes", input: text });
  return z.NEVER;
});

/** What is not secret: how to derive the key, and what the blob is bound to. Every byte of it is authenticated. */
const headSchema = z.strictObject({
  v: z.literal(1),
  staffId: z.string(),
  workstation: uuidSchema,
  /** Unix time in milliseconds, by the database's clock. */
  notAfter: z.int(),
  policy: z.int(),
  hashing: z.strictObject({ salt: z.base64(), memoryKib: z.int(), iterations: z.int(), parallelism: z.int() }),
});
export type BlobHead = z.output<typeof headSchema>;

const contentSchema = z.strictObject({
  person: personSchema,
  sessionId: uuidSchema,
  startedAt: momentSchema,
  expiresAt: momentSchema,
  /** Opens the ward's copy on this workstation. */
  dataKey: z.strictObject({ id: z.string(), key }),
  /** Opens what the person typed and did not save. */
  draftsKey: z.strictObject({ id: z.string(), key }),
  /** Proves to the database that an entry of the outbox was made under this person's session; absent where it gave none. */
  outboxKey: z
    .strictObject({ id: uuidSchema, key, workstation: z.string(), issuedAt: momentSchema, notAfter: momentSchema })
    .nullable(),
  /** Proves what was done while the network was away. */
  usage: z.strictObject({ grant: uuidSchema, key }),
});
export type BlobContent = z.output<typeof contentSchema>;

const fileSchema = z.strictObject({ head: headSchema, sealed: z.base64() });
export type BlobFile = z.output<typeof fileSchema>;

const SEALING_KEY_ID = "offline";

const association = (head: BlobHead) =>
  JSON.stringify([
    "offline-blob",
    head.v,
    head.staffId,
    head.workstation,
    head.notAfter,
    head.policy,
    head.hashing.salt,
    head.hashing.memoryKib,
    head.hashing.iterations,
    head.hashing.parallelism,
  ]);

const encoded = (content: BlobContent) =>
  JSON.stringify(content, (_name, value: unknown) => {
    // A Buffer's own toJSON has already turned it into this form.
    const bytes = value as { type?: unknown; data?: unknown };
    return bytes?.type === "Buffer" && Array.isArray(bytes.data) ? Buffer.from(bytes.data).toString("base64") : value;
  });

/** Seals offline access under the `offline` key of the person's password (32 bytes). */
export function sealBlob(offlineKey: Buffer, head: BlobHead, content: BlobContent): string {
  if (offlineKey.every((byte) => byte === 0)) throw new Error("a key that was zeroed");
  const sealed = seal({ id: SEALING_KEY_ID, key: offlineKey }, encoded(content), association(head));
  return JSON.stringify({ head, sealed: sealed.toString("base64") } satisfies BlobFile);
}

/** Undefined for what is no blob at all. Says nothing of whether it opens. */
export function readBlob(text: string): BlobFile | undefined {
  try {
    const parsed = fileSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Opens a blob; undefined when the password was another one, or a single bit of it or of what it is bound to differs. */
export function openBlob(offlineKey: Buffer, file: BlobFile): BlobContent | undefined {
  try {
    const text = open(
      { id: SEALING_KEY_ID, key: offlineKey },
      Buffer.from(file.sealed, "base64"),
      association(file.head),
    );
    return contentSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function forgetContent(content: BlobContent): void {
  for (const bytes of [content.dataKey.key, content.draftsKey.key, content.outboxKey?.key, content.usage.key])
    bytes?.fill(0);
}
