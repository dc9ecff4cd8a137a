import semver from "semver";
import { z } from "zod";

/** In every packaged kind there is one file for one platform and processor. */
export const packageKinds = ["deb", "AppImage", "nsis", "dmg"] as const;
export type PackageKind = (typeof packageKinds)[number];

/** The one file that a feed's address leads to; everything else is named in it. */
export const FEED_FILE = "lamplight.json";
/** Bytes; larger packages are refused unread. */
export const LARGEST_PACKAGE = 2_000_000_000;

/** One plain name: no folder, nothing hidden, nothing that climbs. */
export const packageNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+~-]{0,150}$/u);
const schemaNumber = z.string().regex(/^\d{4}$/u);

/** What a feed signs. Unknown members are refused: what a version does not know it cannot honour. */
export const releaseSchema = z.strictObject({
  /** Without build metadata, so that two releases never count as the same. */
  version: z
    .string()
    .max(60)
    .refine((text) => semver.valid(text) === text, "a semantic version"),
  channel: z.string().regex(/^[a-z]{1,20}$/u),
  released: z.iso.date(),
  /** A feed that is older than this is refused, so that nobody can hold a hospital at an old version unnoticed. */
  expires: z.iso.datetime(),
  notes: z.string().max(4000),
  /** Numbers of migrations: the oldest schema that the version works with, and the one that it brings. */
  minimum_schema: schemaNumber,
  newest_schema: schemaNumber,
  files: z
    .array(
      z.strictObject({
        platform: z.enum(["linux", "win32", "darwin"]),
        arch: z.enum(["x64", "arm64"]),
        kind: z.enum(packageKinds),
        file: packageNameSchema,
        size: z.number().int().positive().max(LARGEST_PACKAGE),
        /** Lower-case hexadecimal. */
        sha512: z.string().regex(/^[0-9a-f]{128}$/u),
      }),
    )
    .min(1)
    .max(40),
});
export type Release = z.infer<typeof releaseSchema>;
export type ReleaseFile = Release["files"][number];
