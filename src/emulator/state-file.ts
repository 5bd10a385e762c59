// Keeps the contacts in one JSON file across restarts. Written soon after a change, never half, and never so often
// that the writing slows the answers down.

import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { epochMs } from './clock.ts';
import type { Contact } from './directory.ts';
import { EmulatorError } from './emulator-error.ts';
import { isRecord } from './exchange.ts';
import { merged } from './validate.ts';

const SOONEST_MS = 100;
/** A write that took one unit of time is followed by so many units without one. */
const REST_FACTOR = 20;

export class StateFile {
  readonly #path: string;
  readonly #contacts: () => readonly Contact[];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();
  #dirty = false;
  #closed = false;
  #restMs = SOONEST_MS;

  constructor(path: string, contacts: () => readonly Contact[]) {
    this.#path = path;
    this.#contacts = contacts;
  }

  /** The contacts of the last time; none when there is no file yet. Throws EmulatorError when it cannot be read. */
  async read(): Promise<Contact[]> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (cause) {
      if (isRecord(cause) && cause.code === 'ENOENT') return [];
      throw new EmulatorError(`Cannot read the emulator's state file ${this.#path}.`, {
        hint: 'Check that it is a file and may be read.',
        cause,
      });
    }
    return parseState(text, this.#path);
  }

  /** Notes a change; it is on disk a moment later. A failed write is tried again with the next change and by close. */
  changed = (): void => {
    if (this.#closed) return;
    this.#dirty = true;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.flush().catch(() => {
        this.#dirty = true;
      });
    }, this.#restMs).unref();
  };

  /** Everything so far is on disk when this resolves. Throws EmulatorError when it cannot be written. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const write = this.#writing.then(() => (this.#dirty ? this.#write() : undefined));
    this.#writing = write.catch(() => {});
    await write;
  }

  /** As flush; what changes afterwards, by a request that was still waiting, is not saved. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
  }

  async #write(): Promise<void> {
    this.#dirty = false;
    const startedMs = epochMs();
    const lines = this.#contacts().map((contact) => JSON.stringify(contact));
    const temporary = `${this.#path}.tmp`;
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      const file = await open(temporary, 'w', 0o600);
      try {
        await file.writeFile(`{"version":1,"contacts":[\n${lines.join(',\n')}\n]}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path);
    } catch (cause) {
      this.#dirty = true;
      throw new EmulatorError(`Cannot write the emulator's state file ${this.#path}.`, {
        hint: 'Check that its directory may be written and has room.',
        cause,
      });
    }
    this.#restMs = Math.max(SOONEST_MS, (epochMs() - startedMs) * REST_FACTOR);
  }
}

function parseState(text: string, path: string): Contact[] {
  try {
    const state: unknown = JSON.parse(text);
    if (isRecord(state) && state.version === 1 && Array.isArray(state.contacts)) {
      return (state.contacts as Contact[]).map((contact) => ({
        ...contact,
        attributes: merged({}, contact.attributes),
      }));
    }
  } catch {
    // Said below: whatever is wrong with it, it is not a file of ours.
  }
  throw new EmulatorError(`The emulator's state file ${path} was not written by this emulator, or is damaged.`, {
    hint: 'Name another file, or delete it to start without contacts.',
  });
}
