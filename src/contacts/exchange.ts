// One request over the wire and what came back, or why nothing did: with a limit on the time for the whole of it, however
// steadily the answer drips.

import type { Dispatcher } from 'undici';
import { reasonOf } from './reason.ts';

export type Exchange =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly header: (name: string) => string | null;
      /** null when it broke off or was too long. */
      readonly body: string | null;
    }
  | { readonly kind: 'no_reply'; readonly written: boolean; readonly reason: string };

export interface WireRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/**
 * Sends one request. Resolves with the reply, or with why there is none; `written`: it had left, so that it may have
 * been carried out. `timeoutMs` is for everything from the connection to the last byte of the answer. Never rejects.
 */
export function exchange(dispatcher: Dispatcher, request: WireRequest, timeoutMs: number): Promise<Exchange> {
  return new Promise((resolve) => {
    const listener = new Listener(timeoutMs, resolve);
    try {
      dispatcher.dispatch({ ...request, headers: { ...request.headers } }, listener);
    } catch (error) {
      listener.onResponseError(null, error);
    }
  });
}

/**
 * Follows one exchange. Unlike `request` of undici it learns when the request is written, which decides whether a
 * write without an answer may have been carried out.
 */
class Listener implements Dispatcher.DispatchHandler {
  readonly #resolve: (exchange: Exchange) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | null = null;
  #written = false;
  #isOver = false;
  #status: number | null = null;
  #headers: Readonly<Record<string, string | string[] | undefined>> = {};

  constructor(timeoutMs: number, resolve: (exchange: Exchange) => void) {
    this.#resolve = resolve;
    this.#timer = setTimeout(() => {
      this.#fail(`no whole answer within ${timeoutMs / 1000} s`);
      this.#controller?.abort(new Error('timeout'));
    }, timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Too late: the time was up before there was a connection. Nothing is written then.
    if (this.#isOver) controller.abort(new Error('timeout'));
    else this.#written = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#end(Buffer.concat(this.#chunks).toString('utf8'));
  }

  onResponseError(_controller: unknown, error: unknown): void {
    this.#fail(reasonOf(error));
  }

  /** The status alone says much; only without one is there no reply. */
  #fail(reason: string): void {
    if (this.#status !== null) this.#end(null);
    else this.#settle({ kind: 'no_reply', written: this.#written, reason });
  }

  #end(body: string | null): void {
    const header = (name: string) => {
      const value = this.#headers[name];
      return (Array.isArray(value) ? value[0] : value) ?? null;
    };
    this.#settle({ kind: 'reply', status: this.#status ?? 0, header, body });
  }

  #settle(exchange: Exchange): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#resolve(exchange);
  }
}
