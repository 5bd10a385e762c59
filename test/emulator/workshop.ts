// A running emulator with short ways to talk to it over real HTTP, and the builder of a contact body.

import { Pool } from 'undici';
import { type EmulatorOptions, startEmulator } from '../../src/emulator/emulator.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  readonly json: unknown;
}

export interface Asked {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';

export interface Workshop {
  readonly url: string;
  readonly port: number;
  /** A request to the API: the path starts at /v1. A string body is sent as it stands. */
  api(method: Method, path: string, asked?: Asked): Promise<Reply>;
  /** A request to a control endpoint, which must succeed; gives its JSON. */
  control(method: Method, path: string, body?: unknown): Promise<unknown>;
  /** As control, for answers that are refusals. */
  controlReply(method: Method, path: string, body?: unknown): Promise<Reply>;
  close(): Promise<void>;
}

export async function openWorkshop(options: EmulatorOptions = {}): Promise<Workshop> {
  const emulator = await startEmulator(options);
  const pool = new Pool(new URL(emulator.url).origin, { connections: 32 });
  const send = async (method: Method, path: string, asked: Asked): Promise<Reply> => {
    const body = asked.body === undefined || typeof asked.body === 'string' ? asked.body : JSON.stringify(asked.body);
    const reply = await pool.request({ method, path, headers: asked.headers ?? {}, body: body ?? null });
    const text = await reply.body.text();
    return { status: reply.statusCode, headers: reply.headers, text, json: parsed(text) };
  };
  const controlReply: Workshop['controlReply'] = (method, path, body) =>
    send(method, `/_emulator/${path}`, body === undefined ? {} : { body });
  return {
    url: emulator.url,
    port: emulator.port,
    api: (method, path, asked = {}) =>
      send(method, `/api${path}`, {
        ...asked,
        headers: {
          authorization: `Bearer ${emulator.apiKey}`,
          ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...asked.headers,
        },
      }),
    control: async (method, path, body) => {
      const reply = await controlReply(method, path, body);
      if (reply.status !== 200) throw new Error(`${method} /_emulator/${path}: ${reply.status} ${reply.text}`);
      return reply.json;
    },
    controlReply,
    close: async () => {
      await pool.destroy();
      await emulator.close();
    },
  };
}

/** The body of a POST that the API accepts. */
export function person(externalId: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    external_id: externalId,
    first_name: 'Ada',
    last_name: 'Lovelace',
    email: `${encodeURIComponent(externalId).replaceAll('%', '')}@example.com`.toLowerCase(),
    ...more,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
