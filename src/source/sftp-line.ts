// A line to an SFTP server on which questions are asked one at a time: every question has a limit, a broken
// line is noticed, and the next question dials again.

import { OperatorError } from '../errors.ts';
import type { SftpClient } from './sftp.ts';
import type { Connection } from './sftp-connect.ts';
import { brokenOff, failedRequest, silent } from './sftp-trouble.ts';

/** `stillAlive` is called whenever something came in, so that a long transfer is no long silence. */
export type Question<Answer> = (client: SftpClient, stillAlive: () => void) => Promise<Answer>;

export interface Line {
  /** Throws `UnreachableError` when the line breaks or stays silent, `FeedError` when the server says no. */
  ask<Answer>(operation: string, question: Question<Answer>): Promise<Answer>;
  /** Cuts the line: whatever is under way ends, and the next question dials again. */
  cut(): void;
  /** Ends the line for good. Never throws. */
  close(): Promise<void>;
}

export interface LineRequest {
  readonly description: string;
  readonly dial: () => Promise<Connection>;
  readonly idleTimeoutMs: number;
}

/** How long a server is given to say goodbye. */
const GOODBYE_MS = 500;

/** Dials at once, so that trouble with the server shows before anything is asked. */
export async function openLine({ description, dial, idleTimeoutMs }: LineRequest): Promise<Line> {
  let connection: Connection | null = await dial();
  let asking = 0;
  let closed = false;
  const cut = (): void => {
    connection?.socket.destroy();
    connection = null;
  };
  const connected = async (): Promise<Connection> => {
    if (connection === null || connection.socket.destroyed) connection = await dial();
    return connection;
  };
  return {
    async ask(operation, question) {
      if (closed) throw brokenOff(operation, new Error('the source was closed'));
      asking += 1;
      try {
        const { client, lost, socket } = await connected();
        const patience = startPatience(idleTimeoutMs, socket, () =>
          socket.destroy(silent(description, operation, idleTimeoutMs)),
        );
        try {
          return await Promise.race([question(client, patience.renew), lost]);
        } catch (error) {
          if (patience.isOver()) throw silent(description, operation, idleTimeoutMs);
          throw error instanceof OperatorError ? error : failedRequest(operation, error, socket.destroyed);
        } finally {
          patience.end();
        }
      } finally {
        asking -= 1;
      }
    },
    cut,
    async close() {
      closed = true;
      if (connection === null || connection.socket.destroyed) return;
      if (asking === 0) await sayGoodbye(connection);
      cut();
    },
  };
}

interface Patience {
  renew(): void;
  isOver(): boolean;
  end(): void;
}

/**
 * A slow network may need longer for one block than we wait, so bytes on the line count as life; answers to our keep-alive
 * are bytes too, so a few of them do not.
 */
const SIGN_OF_LIFE_BYTES = 1024;

function startPatience(limitMs: number, socket: Connection['socket'], onOver: () => void): Patience {
  let over = false;
  let bytesSeen = socket.bytesRead;
  const timer = setTimeout(() => {
    if (socket.bytesRead - bytesSeen >= SIGN_OF_LIFE_BYTES) {
      bytesSeen = socket.bytesRead;
      timer.refresh();
      return;
    }
    over = true;
    onOver();
  }, limitMs);
  return { renew: () => void timer.refresh(), isOver: () => over, end: () => clearTimeout(timer) };
}

async function sayGoodbye({ client, lost }: Connection): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GOODBYE_MS);
  });
  client.end().catch(() => undefined);
  await Promise.race([lost.catch(() => undefined), enough]);
  clearTimeout(timer);
}
