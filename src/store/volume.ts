// Where the state lives matters: SQLite's locks cannot be trusted on a network file system, and a container's
// own file system is gone with the container.

import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Numbers by which Linux names file systems that other machines serve (statfs(2)). */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
  [0x01021997, '9P'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
]);

/** What is dubious about the place of the state directory, as a sentence; null when nothing is. */
export function volumeWarning(stateDirectory: string): string | null {
  const existing = nearestExisting(stateDirectory);
  const network = NETWORK_FILE_SYSTEMS.get(statfsSync(existing).type >>> 0);
  if (network !== undefined) {
    return `state_directory ${stateDirectory} is on a network file system (${network}); its locks cannot be trusted. Put it on a local disk or volume.`;
  }
  const inContainer = existsSync('/.dockerenv') || existsSync('/run/.containerenv');
  if (inContainer && statSync(existing).dev === statSync('/').dev) {
    return `state_directory ${stateDirectory} is not on a volume; what is remembered is lost with this container. Mount a volume there.`;
  }
  return null;
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}
