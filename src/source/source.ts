// Where files arrive, whatever the protocol. Each source is opened for one run and closed after it.

/** One entry of the source directory: a regular file, by name only. */
export interface Listing {
  readonly name: string;
  readonly size: number;
  /** Milliseconds since the epoch, as the source tells it. */
  readonly modifiedAtMs: number;
}

/**
 * Throws `UnreachableError` (exit 8) when the source cannot be reached or refuses us, `FeedError` when the
 * directory or a file of it is not what it should be. Names never leave the directory.
 */
export interface Source {
  /** For messages: `sftp://user@host:22/outbound` or the folder's path; never a secret. */
  readonly description: string;
  /** Regular files only. */
  list(): Promise<Listing[]>;
  /** Names of the directories inside, for messages: a directory where a file is expected is a common mistake. */
  listDirectories(): Promise<string[]>;
  /** Copies the file's bytes to a local path that does not exist yet; the size is checked by the caller. */
  download(name: string, toPath: string, onProgress?: (bytes: number) => void): Promise<void>;
  /** Moves it into `archiveDirectory` (relative to the source directory, created when missing), never over a file there. */
  archive(name: string, archiveDirectory: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Ends whatever is under way, quickly. Never throws; may be called again. */
  close(): Promise<void>;
}
