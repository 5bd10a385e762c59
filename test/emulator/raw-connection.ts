// One request over a bare socket: what arrives byte by byte, also of an answer that no HTTP client would ever finish.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawConnection {
  readonly socket: Socket;
  /** The start of what has arrived so far. */
  text(): string;
  byteCount(): number;
  readonly closed: Promise<unknown>;
}

const KEPT_BYTES = 65_536;

/** Sends a request; `body` goes along as JSON. */
export async function sendRaw(port: number, requestLine: string, body?: unknown): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  let text = '';
  let byteCount = 0;
  socket.on('data', (chunk: Buffer) => {
    byteCount += chunk.length;
    if (text.length < KEPT_BYTES) text += chunk.toString('latin1');
  });
  await once(socket, 'connect');
  const payload = body === undefined ? '' : JSON.stringify(body);
  socket.write(
    `${requestLine} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer emulator-key\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(payload)}\r\n\r\n${payload}`,
  );
  return { socket, text: () => text, byteCount: () => byteCount, closed };
}
