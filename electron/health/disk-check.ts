import { statfs } from "node:fs/promises";
import { bad, type Finding, good, warning } from "./finding";

const GIGABYTE = 1e9;
const WARNING_BYTES = 2 * GIGABYTE;
const WARNING_SHARE = 0.1;
const BAD_BYTES = 0.5 * GIGABYTE;

interface Space {
  readonly free: number;
  readonly total: number;
}

/** What an ordinary account may still write; what only root may fill does not count. */
async function spaceAt(folder: string): Promise<Space> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { free: bavail * bsize, total: blocks * bsize };
}

const isBad = ({ free }: Space) => free < BAD_BYTES;
const isShort = ({ free, total }: Space) => free < WARNING_BYTES || free < total * WARNING_SHARE;

export function judgeDisk(home: Space, cluster: Space | null): Finding {
  const figures = {
    home_free_bytes: home.free,
    home_total_bytes: home.total,
    ...(cluster ? { database_free_bytes: cluster.free, database_total_bytes: cluster.total } : {}),
  };
  const spaces = cluster ? [home, cluster] : [home];
  const least = Math.min(...spaces.map(({ free }) => free));
  const words = `${(least / GIGABYTE).toFixed(1)} GB are free`;
  if (spaces.some(isBad)) return bad(`Only ${words}: saving will soon fail. Make room now.`, figures);
  if (spaces.some(isShort)) return warning(`${words}. Make room soon.`, figures);
  return good(`${words}.`, figures);
}

/** The disks of the home folder and, where the database is on this machine, of its files. */
export async function checkDisk(home: string, cluster: string | null): Promise<Finding> {
  return judgeDisk(await spaceAt(home), cluster === null ? null : await spaceAt(cluster));
}
