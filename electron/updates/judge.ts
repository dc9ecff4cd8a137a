import semver from "semver";
import type { PackageKind, Release, ReleaseFile } from "./release";
import { UpdateRefused } from "./trouble";

const DAY = 86_400_000;

export interface Standing {
  /** The version that asks. */
  readonly version: string;
  /** The newest version that any signed feed ever offered here. */
  readonly highest: string | null;
  readonly channel: string;
  readonly platform: string;
  readonly arch: string;
  readonly kind: PackageKind;
  readonly now: Date;
  /** The name of the database's newest migration; null where it is this machine's own and follows the app. */
  readonly schema: string | null;
}

/**
 * What a signed release is to this workstation: the file to take, or null when it is this very version. Throws
 * `UpdateRefused` with a sentence that says why it must not be installed.
 */
export function judgeRelease(release: Release, standing: Standing): ReleaseFile | null {
  const { version, highest, now } = standing;
  if (release.channel !== standing.channel)
    throw new UpdateRefused(
      `The feed is of the channel ${release.channel}, this workstation follows ${standing.channel}: nothing is installed.`,
    );
  if (Date.parse(release.expires) <= now.getTime())
    throw new UpdateRefused(
      "The feed has expired. Whoever keeps it has stopped renewing it, or somebody holds an old copy before us: nothing is installed.",
    );
  if (Date.parse(release.released) > now.getTime() + DAY)
    throw new UpdateRefused(
      "The feed's release lies in the future. Check this workstation's clock: nothing is installed.",
    );
  if (semver.lt(release.version, version))
    throw new UpdateRefused(`The feed offers ${release.version}, this is ${version}: nothing is installed.`);
  if (highest !== null && semver.lt(release.version, highest))
    throw new UpdateRefused(
      `The feed offers ${release.version}, but has offered ${highest} before: an older feed was put in place, nothing is installed.`,
    );
  // Of versions that differ only in build metadata neither is newer.
  if (semver.eq(release.version, version)) return null;
  if (standing.schema !== null && standing.schema.slice(0, 4) < release.minimum_schema)
    throw new UpdateRefused(
      `Version ${release.version} needs the database's schema ${release.minimum_schema} or newer. IT migrates the database first: nothing is installed.`,
    );
  const file = release.files.find(
    ({ platform, arch, kind }) => platform === standing.platform && arch === standing.arch && kind === standing.kind,
  );
  if (!file)
    throw new UpdateRefused(
      `The feed offers ${release.version}, but no ${standing.kind} for ${standing.platform} ${standing.arch}: nothing is installed.`,
    );
  return file;
}
