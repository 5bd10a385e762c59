// What the emulator was asked, as it arrived. Bounded, and cheap enough not to disturb what it measures.

import { RollingSecond } from './rolling-second.ts';

const CAPACITY = 100_000;
const BODY_LIMIT_CHARACTERS = 4096;

/** One request as received. Headers are not kept: the key never ends up in a log. */
export interface LoggedRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  external_id: string | null;
  /** null while it is being answered, and for good when the connection was dropped. */
  status: number | null;
  /** The number of the fault rule that hit it. */
  fault: number | null;
  bodyText: string;
}

export class RequestLog {
  #entries: LoggedRequest[] = [];
  #total = 0;
  #busiestSecond = 0;
  #methods: Record<string, number> = {};
  #window = new RollingSecond();

  /** Notes an arrival; the caller fills in the rest as it becomes known. */
  received(at: number, method: string, path: string): LoggedRequest {
    const entry: LoggedRequest = { at, method, path, external_id: null, status: null, fault: null, bodyText: '' };
    this.#entries[this.#total % CAPACITY] = entry;
    this.#total++;
    this.#methods[method] = (this.#methods[method] ?? 0) + 1;
    this.#busiestSecond = Math.max(this.#busiestSecond, this.#window.record(at));
    return entry;
  }

  /** Everything since the last reset in numbers, and the newest `limit` requests, oldest first. */
  summary(limit: number): Record<string, unknown> {
    const kept = Math.min(limit, this.#entries.length);
    const requests = [];
    for (let index = this.#total - kept; index < this.#total; index++) {
      const entry = this.#entries[index % CAPACITY];
      if (entry !== undefined) requests.push(shown(entry));
    }
    return { total: this.#total, busiest_second: this.#busiestSecond, methods: { ...this.#methods }, requests };
  }

  clear(): void {
    this.#entries = [];
    this.#total = 0;
    this.#busiestSecond = 0;
    this.#methods = {};
    this.#window = new RollingSecond();
  }
}

/** Parsed only when somebody looks: text takes a fraction of the memory of the objects. */
function shown({ bodyText, ...entry }: LoggedRequest): Record<string, unknown> {
  return { ...entry, body: bodyText === '' ? null : readableBody(bodyText) };
}

function readableBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A body as the log keeps it. */
export function loggedBody(text: string): string {
  return text.length > BODY_LIMIT_CHARACTERS ? `${text.slice(0, BODY_LIMIT_CHARACTERS)}…` : text;
}
