// The SFTP side of the test server: a real directory, shown as `/`, with servers' bad habits on demand.

import {
  closeSync,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { join, posix } from 'node:path';
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';

export interface SftpFaults {
  /** The connection is cut after so many bytes were read; so many times. */
  dropAfterBytes: number | null;
  drops: number;
  /** Files end after so many bytes, whatever their size says. */
  endsAfterBytes: number | null;
  /** Stops answering for good when a second read is asked for before the first is answered. */
  hangsOnParallelReads: boolean;
  /** Never answers a read at all. */
  neverReads: boolean;
  deniesRename: boolean;
  deniesList: boolean;
  deniesMkdir: boolean;
  deniesRemove: boolean;
  /** Renames over whatever is there, as some servers do. */
  renamesOver: boolean;
  /** Long names without the type letter, as some servers write them. */
  bareLongNames: boolean;
  /** A name put into every listing, as a hostile server would. */
  plantedName: string | null;
}

export function noFaults(): SftpFaults {
  return {
    dropAfterBytes: null,
    drops: 1,
    endsAfterBytes: null,
    hangsOnParallelReads: false,
    neverReads: false,
    deniesRename: false,
    deniesList: false,
    deniesMkdir: false,
    deniesRemove: false,
    renamesOver: false,
    bareLongNames: false,
    plantedName: null,
  };
}

const { STATUS_CODE } = ssh2.utils.sftp;

/** Answers SFTP requests from the directory `root`; `drop` cuts the connection. */
export function serveDirectory(sftp: SFTPWrapper, root: string, faults: SftpFaults, drop: () => void): void {
  const handles = createHandles();
  const real = (path: string): string => join(root, posix.resolve('/', path));
  const answer = (request: number, body: () => void): void => {
    try {
      body();
    } catch (error) {
      sftp.status(request, statusOf(error));
    }
  };
  const attributes = (request: number, look: () => Stats): void =>
    answer(request, () => sftp.attrs(request, attributesOf(look())));

  sftp.on('REALPATH', (request, path) =>
    answer(request, () => {
      const filename = followLinks(root, posix.resolve('/', path));
      sftp.name(request, [{ filename, longname: filename, attrs: emptyAttributes() }]);
    }),
  );
  sftp.on('STAT', (request, path) => attributes(request, () => statSync(real(path))));
  sftp.on('LSTAT', (request, path) => attributes(request, () => lstatSync(real(path))));
  sftp.on('FSTAT', (request, handle) => attributes(request, () => fstatSync(handles.file(handle))));
  sftp.on('OPEN', (request, path) =>
    answer(request, () => sftp.handle(request, handles.open({ file: openSync(real(path), 'r') }))),
  );
  sftp.on('CLOSE', (request, handle) =>
    answer(request, () => {
      handles.close(handle);
      sftp.status(request, STATUS_CODE.OK);
    }),
  );
  sftp.on('OPENDIR', (request, path) =>
    answer(request, () => {
      if (faults.deniesList) throw denied();
      sftp.handle(request, handles.open({ entries: listEntries(real(path), faults) }));
    }),
  );
  sftp.on('READDIR', (request, handle) => {
    const entries = handles.takeEntries(handle);
    if (entries.length === 0) sftp.status(request, STATUS_CODE.EOF);
    else sftp.name(request, entries);
  });
  serveReads(sftp, handles, faults, drop);
  serveChanges(sftp, { real, answer, faults });
}

function serveReads(sftp: SFTPWrapper, handles: Handles, faults: SftpFaults, drop: () => void): void {
  let waiting = 0;
  let hanging = false;
  let sent = 0;
  sftp.on('READ', (request, handle, offset, length) => {
    hanging ||= faults.neverReads || (faults.hangsOnParallelReads && waiting > 0);
    waiting += 1;
    setImmediate(() => {
      waiting -= 1;
      if (hanging) return;
      if (faults.dropAfterBytes !== null && faults.drops > 0 && sent >= faults.dropAfterBytes) {
        faults.drops -= 1;
        hanging = true;
        drop();
        return;
      }
      const end = faults.endsAfterBytes ?? Number.MAX_SAFE_INTEGER;
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, end - offset, 32 * 1024)));
      const count = bytes.length === 0 ? 0 : readSync(handles.file(handle), bytes, 0, bytes.length, offset);
      sent += count;
      if (count === 0) sftp.status(request, STATUS_CODE.EOF);
      else sftp.data(request, bytes.subarray(0, count));
    });
  });
}

interface Changes {
  readonly real: (path: string) => string;
  readonly answer: (request: number, body: () => void) => void;
  readonly faults: SftpFaults;
}

function serveChanges(sftp: SFTPWrapper, { real, answer, faults }: Changes): void {
  sftp.on('RENAME', (request, from, to) =>
    answer(request, () => {
      if (faults.deniesRename) throw denied();
      if (existsSync(real(to)) && !faults.renamesOver) throw new Error('the name is taken');
      renameSync(real(from), real(to));
      sftp.status(request, STATUS_CODE.OK);
    }),
  );
  sftp.on('MKDIR', (request, path) =>
    answer(request, () => {
      if (faults.deniesMkdir) throw denied();
      mkdirSync(real(path));
      sftp.status(request, STATUS_CODE.OK);
    }),
  );
  sftp.on('REMOVE', (request, path) =>
    answer(request, () => {
      if (faults.deniesRemove) throw denied();
      rmSync(real(path));
      sftp.status(request, STATUS_CODE.OK);
    }),
  );
}

interface Entry {
  readonly filename: string;
  readonly longname: string;
  readonly attrs: Attributes;
}

type Open = { file: number } | { entries: Entry[] };

type Handles = ReturnType<typeof createHandles>;

function createHandles() {
  const opened = new Map<number, Open>();
  let last = 0;
  const find = (handle: Buffer): Open => opened.get(handle.readUInt32BE(0)) ?? { entries: [] };
  return {
    open(what: Open): Buffer {
      last += 1;
      opened.set(last, what);
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(last, 0);
      return handle;
    },
    file(handle: Buffer): number {
      const found = find(handle);
      return 'file' in found ? found.file : -1;
    },
    takeEntries(handle: Buffer): Entry[] {
      const found = find(handle);
      return 'entries' in found ? found.entries.splice(0, 100) : [];
    },
    close(handle: Buffer): void {
      const found = find(handle);
      if ('file' in found) closeSync(found.file);
      opened.delete(handle.readUInt32BE(0));
    },
  };
}

function listEntries(directory: string, { bareLongNames, plantedName }: SftpFaults): Entry[] {
  const entries = readdirSync(directory).map((filename): Entry => {
    const facts = lstatSync(join(directory, filename));
    const type = facts.isDirectory() ? 'd' : facts.isSymbolicLink() ? 'l' : '-';
    const longname = bareLongNames ? filename : `${type}rw-r--r--    1 1000     1000     ${facts.size} ${filename}`;
    return { filename, longname, attrs: attributesOf(facts) };
  });
  if (plantedName === null) return entries;
  const attrs = { ...emptyAttributes(), size: 4 };
  return [...entries, { filename: plantedName, longname: '-rw-r--r--    1 1000     1000     4 x', attrs }];
}

function attributesOf({ mode, uid, gid, size, atimeMs, mtimeMs }: Stats): Attributes {
  return { mode, uid, gid, size, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) };
}

function emptyAttributes(): Attributes {
  return { mode: 0o100644, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };
}

/** Links are relative to the directory that is shown as `/`; one that leads out of it is given as it stands. */
function followLinks(root: string, path: string): string {
  const facts = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (facts === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  if (!facts.isSymbolicLink()) return path;
  return posix.resolve(posix.dirname(path), readlinkSync(join(root, path)));
}

function denied(): Error {
  return Object.assign(new Error('permission denied'), { code: 'EACCES' });
}

function statusOf(error: unknown): number {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return STATUS_CODE.NO_SUCH_FILE;
  return code === 'EACCES' ? STATUS_CODE.PERMISSION_DENIED : STATUS_CODE.FAILURE;
}
