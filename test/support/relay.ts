// A relay in front of a real server: it can stop passing anything on in the middle of a conversation, as a network does that
// drops packets, and it can refuse connections for a while.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

export interface Relay {
  readonly port: number;
  connectionCount(): number;
  /** From now on nothing is passed on, and nobody is told. */
  stall(): void;
  /** The same once the server has sent so many bytes. */
  stallAfter(bytes: number): void;
  isStalled(): boolean;
  /** From now on what the server sends arrives in drops, so many bytes every so often. */
  drip(bytes: number, everyMs: number): void;
  /** Cuts every connection, and lets nobody connect. */
  refuse(): Promise<void>;
  /** Lets everybody connect again, at the same port. */
  accept(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1 until the test ends. */
export async function startRelay(toPort: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let connectionCount = 0;
  let leftBytes = Number.POSITIVE_INFINITY;
  let dropBytes = 0;
  let everyMs = 0;
  const dripOn = async (from: Socket, to: Socket, bytes: Buffer): Promise<void> => {
    from.pause();
    for (let at = 0; at < bytes.length; at += dropBytes) {
      await delay(everyMs);
      to.write(bytes.subarray(at, at + dropBytes));
    }
    from.resume();
  };
  const pass = (from: Socket, to: Socket, cost: number): void => {
    sockets.add(from);
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    from.on('data', (bytes: Buffer) => {
      if (dropBytes > 0 && cost > 0) void dripOn(from, to, bytes);
      else if (leftBytes > 0) to.write(bytes);
      leftBytes -= bytes.length * cost;
    });
  };
  const server = createServer({ noDelay: true }, (socket) => {
    connectionCount += 1;
    const upstream = connect(toPort, '127.0.0.1');
    pass(socket, upstream, 0);
    pass(upstream, socket, 1);
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const refuse = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  onTestFinished(refuse);
  return {
    port,
    connectionCount: () => connectionCount,
    stall: () => {
      leftBytes = 0;
    },
    stallAfter: (bytes) => {
      leftBytes = bytes;
    },
    isStalled: () => leftBytes <= 0,
    drip(bytes, pauseMs) {
      dropBytes = bytes;
      everyMs = pauseMs;
    },
    refuse,
    accept: () => listen(port),
  };
}
