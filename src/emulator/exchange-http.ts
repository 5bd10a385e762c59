// Between HTTP and the plain requests and answers of the endpoints. It works on Node's own objects: the path must
// stay as it was sent (an id may hold %2F), GET and DELETE may carry a body, and a connection must be droppable.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './exchange.ts';

const LARGEST_BODY_BYTES = 1_048_576;

/** The body as text; null when it is larger than the API takes. The rest of such a body is read and forgotten. */
export function readBody(incoming: IncomingMessage, largestBytes = LARGEST_BODY_BYTES): Promise<string | null> {
  const { headers } = incoming;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return Promise.resolve('');
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= largestBytes) chunks.push(chunk);
    });
    incoming.once('end', () => resolve(sizeBytes > largestBytes ? null : Buffer.concat(chunks).toString('utf8')));
    incoming.once('error', reject);
  });
}

/** Path and query of a request target, as sent. */
export function splitTarget(target: string): { path: string; query: string } {
  const at = target.indexOf('?');
  return at < 0 ? { path: target, query: '' } : { path: target.slice(0, at), query: target.slice(at + 1) };
}

export function sendAnswer(outgoing: ServerResponse, answer: Answer): void {
  if (outgoing.destroyed || outgoing.headersSent) return;
  const { status, body } = answer;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const bodiless = isBodiless(status);
  const length = bodiless ? {} : { 'content-length': Buffer.byteLength(text) };
  outgoing.writeHead(status, { ...length, ...answerHeaders(answer) });
  outgoing.end(bodiless ? undefined : text);
}

/** Does an answer with this status end with its headers? */
export function isBodiless(status: number): boolean {
  return status === 204 || status === 304;
}

/** The headers of an answer, but for those that depend on how its body is sent. */
export function answerHeaders({ headers }: Answer): Record<string, string> {
  return { 'content-type': 'application/json; charset=utf-8', ...headers };
}
