// Where the state lives matters: SQLite's locks cannot be trusted on a network file system, and a container's
// own file system is gone with the container.

import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseError } from '../errors.ts';

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
    return `state_directory ${stateDirectory} is on a network file system (${network}), whose locks cannot be trusted: put it on a local disk or volume`;
  }
  const inContainer = existsSync('/.dockerenv') || existsSync('/run/.containerenv');
  if (inContainer && statSync(existing).dev === statSync('/').dev) {
    return `state_directory ${stateDirectory} is not on a volume, so what is remembered is lost with this container: mount a volume there`;
  }
  return null;
}

/** Throws `DatabaseError` when something else is in the place of the state directory, or on the way to it. */
export function requireDirectory(stateDirectory: string): void {
  const existing = nearestExisting(stateDirectory);
  if (statSync(existing).isDirectory()) return;
  throw new DatabaseError(
    `The state directory ${stateDirectory} cannot be used: ${existing} is a file, not a directory.`,
    {
      hint: 'Set state_directory to a directory, or to a path where one can be made.',
    },
  );
}

/** Throws `DatabaseError` when this user may not write the state directory, or may not make it. Changes nothing. */
export function requireWritable(stateDirectory: string): void {
  const existing = nearestExisting(stateDirectory);
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch (error) {
    const isReadOnly = error instanceof Error && 'code' in error && error.code === 'EROFS';
    const why = isReadOnly ? `${existing} is mounted read-only` : `this user may not write in ${existing}`;
    throw new DatabaseError(`The state directory ${stateDirectory} cannot be used: ${why}.`, {
      hint: isReadOnly
        ? 'Mount it for writing (in a container without `:ro`; a disk that turned read-only has errors), or set state_directory to another place.'
        : 'Give the user that runs workshop-sync the permission, or set state_directory to another place.',
      cause: error,
    });
  }
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}
