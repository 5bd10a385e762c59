// Answers that never end: what a stuck or hostile server does to a client that waits for the rest.

import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Answer } from './exchange.ts';
import { answerHeaders, isBodiless, sendAnswer } from './exchange-http.ts';

export const STREAMS = ['slow_headers', 'slow_body', 'endless'] as const;
export type Stream = (typeof STREAMS)[number];

const DRIP_MS = 100;
/** Few enough that no client's limit on the size of headers ends it within minutes. */
const HEAD_DRIP_CHARACTERS = 4;
/** White space, which JSON allows after a value: a client cannot know that nothing else will come. */
const CHUNK = Buffer.alloc(65_536, ' ');

/** Sends an answer that never ends; resolves once the connection is closed, by either side. */
export function streamAnswer(outgoing: ServerResponse, answer: Answer, stream: Stream): Promise<void> {
  // One that is closed already would never say so again, and its timer would run for ever.
  if (outgoing.destroyed || outgoing.headersSent) return Promise.resolve();
  const bodiless = outgoing.req.method === 'HEAD' || isBodiless(answer.status);
  if (stream !== 'slow_headers' && bodiless) {
    sendAnswer(outgoing, answer);
    return Promise.resolve();
  }
  const closed = new Promise<void>((resolve) => outgoing.once('close', resolve));
  if (stream === 'slow_headers') {
    dripHead(outgoing, answer);
    return closed;
  }
  outgoing.writeHead(answer.status, answerHeaders(answer));
  outgoing.flushHeaders();
  if (stream === 'slow_body') drip(outgoing, () => outgoing.write(' '));
  else pour(outgoing);
  return closed;
}

/** Past Node's own response, which can only send a head as a whole. After the true headers comes one without an end. */
function dripHead(outgoing: ServerResponse, answer: Answer): void {
  const { socket } = outgoing;
  const lines = Object.entries(answerHeaders(answer)).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${lines.join('')}x-filler: `;
  let sent = 0;
  drip(outgoing, () => {
    const piece = head.slice(sent, sent + HEAD_DRIP_CHARACTERS);
    sent += piece.length;
    if (socket?.writable) socket.write(piece.padEnd(HEAD_DRIP_CHARACTERS, '-'), 'latin1');
  });
}

function drip(outgoing: ServerResponse, send: () => void): void {
  const timer = setInterval(send, DRIP_MS).unref();
  outgoing.once('close', () => clearInterval(timer));
}

/** As fast as the client reads, and one chunk a turn, so that other requests are answered meanwhile. */
function pour(outgoing: ServerResponse): void {
  if (outgoing.destroyed) return;
  if (outgoing.write(CHUNK)) setImmediate(() => pour(outgoing));
  else outgoing.once('drain', () => pour(outgoing));
}
