import { z } from "zod";

const whole = z.number().int().nonnegative();
/** Sums and sequence values pass 2^53: they travel as the text that PostgreSQL writes. */
const decimal = z.string().regex(/^-?\d{1,60}$/u);

/** What a backup is of. Sealed in the first record. */
export const manifestSchema = z.strictObject({
  format: z.literal(1),
  /** The version of Lamplight that wrote it. */
  program: z.string(),
  startedAt: z.string(),
  installation: z.string(),
  demo: z.boolean(),
  /** PostgreSQL's version, for whoever has to look closer. */
  server: z.string(),
  migrations: z.array(z.strictObject({ name: z.string(), checksum: z.string() })).min(1),
  leftOut: z.array(z.strictObject({ table: z.string(), reason: z.string() })),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** One table. `fingerprint` is the sum of a 64-bit hash of every row, the same in any order. */
export const sectionSchema = z.strictObject({
  id: z.string(),
  schema: z.string(),
  table: z.string(),
  columns: z.array(z.string()).min(1),
  rows: whole,
  fingerprint: decimal,
});
export type Section = z.infer<typeof sectionSchema>;

export const sequenceSchema = z.strictObject({
  schema: z.string(),
  name: z.string(),
  value: decimal,
  called: z.boolean(),
});
export type SequenceState = z.infer<typeof sequenceSchema>;

/** The last record: without it, or with anything else than it says before it, the file is no backup. */
export const endSchema = z.strictObject({
  snapshotAt: z.string(),
  sections: z.array(sectionSchema.extend({ chunks: whole, bytes: whole })),
  sequences: z.array(sequenceSchema),
  /** SHA-256 of every byte before this record, hexadecimal. */
  sha256: z.string(),
});
export type End = z.infer<typeof endSchema>;
export type FinishedSection = End["sections"][number];

export const nameOf = (section: { readonly schema: string; readonly table: string }) =>
  `${section.schema}.${section.table}`;

/** How far a backup or a restore is. */
export interface Progress {
  readonly phase: "counting" | "writing" | "checking" | "preparing" | "loading" | "comparing";
  readonly done: number;
  readonly of: number;
  readonly unit: "tables" | "rows" | "bytes";
  /** Bytes of COPY text moved so far, where rows are counted. */
  readonly bytes?: number;
  readonly table?: string;
}
export type OnProgress = (progress: Progress) => void;
