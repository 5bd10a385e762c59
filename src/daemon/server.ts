// The daemon's small HTTP server: alive, ready, and the numbers. Read-only, and without anything personal or secret.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from '../errors.ts';
import type { Readiness } from './health.ts';
import type { Metrics } from './metrics.ts';

export interface ServerOptions {
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
  readonly readiness: () => Readiness;
  readonly metrics: Pick<Metrics, 'contentType' | 'text'>;
}

export interface DaemonServer {
  /** The port that it listens on. */
  readonly port: number;
  stop(): Promise<void>;
}

/** Whoever connects to us without end must not use up the files that a sync needs; probes come one at a time. */
const MOST_CONNECTIONS = 50;
/** Nor keep others out for long by saying nothing. */
const LIMITS = { headersTimeout: 5000, requestTimeout: 10_000, connectionsCheckingInterval: 1000 };

/**
 * Serves `/healthz`, `/readyz` and `/metrics` (specification §12); everything else is 404.
 * Throws `UsageError` when it cannot listen where the configuration says.
 */
export async function startServer(options: ServerOptions): Promise<DaemonServer> {
  const [{ Hono }, { createAdaptorServer }] = await Promise.all([import('hono'), import('@hono/node-server')]);
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.header('Cache-Control', 'no-store');
  });
  app.get('/healthz', (context) => context.text('ok'));
  app.get('/readyz', (context) => {
    const { ready, reasons } = options.readiness();
    return context.json({ ready, reasons }, ready ? 200 : 503);
  });
  app.get('/metrics', async (context) =>
    context.body(await options.metrics.text(), 200, { 'Content-Type': options.metrics.contentType }),
  );
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: LIMITS }) as Server;
  server.maxConnections = MOST_CONNECTIONS;
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => close(server),
  };
}

function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    // Once it listens, an 'error' is of a single connection that could not be accepted: no reason to end the process.
    server.on('error', (cause) => reject(cannotListen(cause, host, port)));
    server.listen(port, host, resolve);
  });
}

function cannotListen(cause: NodeJS.ErrnoException, host: string, port: number): UsageError {
  const cannot = `Cannot serve health and metrics on ${host}:${port}`;
  switch (cause.code) {
    case 'EADDRINUSE':
      return new UsageError(`${cannot}: another program uses this port.`, {
        hint: 'Set server.port to a free port, or server to null to serve nothing.',
        cause,
      });
    case 'EACCES':
      return new UsageError(`${cannot}: this user may not open that port.`, {
        hint: 'Set server.port to 1024 or above.',
        cause,
      });
    default:
      return new UsageError(`${cannot}: ${cause.code ?? cause.message}.`, {
        hint: 'Set server.host to an address of this machine: 127.0.0.1, or 0.0.0.0 in a container.',
        cause,
      });
  }
}

// Answers take no time, so whatever is still open is an idle keep-alive that would only hold up the exit.
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
