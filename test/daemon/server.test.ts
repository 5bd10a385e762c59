// The daemon's server over real HTTP.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Readiness } from '../../src/daemon/health.ts';
import { createMetrics, type MeasuredRun } from '../../src/daemon/metrics.ts';
import { type DaemonServer, startServer } from '../../src/daemon/server.ts';
import { UsageError } from '../../src/errors.ts';

const running: { stop(): Promise<void> }[] = [];
let readiness: Readiness = { ready: true, reasons: [] };

async function started() {
  const metrics = await createMetrics('1.2.3');
  const server = await startServer({ host: '127.0.0.1', port: 0, readiness: () => readiness, metrics });
  running.push(server);
  return { metrics, server, get: (path: string, init?: RequestInit) => fetch(url(server, path), init) };
}

const url = (server: DaemonServer, path: string): string => `http://127.0.0.1:${server.port}${path}`;

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  readiness = { ready: true, reasons: [] };
});

const NUMBERS: MeasuredRun['numbers'] = {
  people: { create: 2, update: 1, rekey: 0, delete: 3, unchanged: 90, kept: 1 },
  operations: [
    { kind: 'create', outcome: 'applied', count: 2 },
    { kind: 'update', outcome: 'refused', count: 1 },
    { kind: 'delete', outcome: 'held', count: 3 },
  ],
  api: { requests: 7, retries: 2, rate_limited: 1 },
  rejects: 4,
  contacts: 96,
};

describe('the server', () => {
  it('says that the process is alive', async () => {
    const { get } = await started();
    const answer = await get('/healthz');
    expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('says whether it is ready, and why not', async () => {
    const { get } = await started();
    const ready = await get('/readyz');
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, reasons: [] }]);
    readiness = { ready: false, reasons: ['stopping'] };
    const stopping = await get('/readyz');
    expect([stopping.status, await stopping.json()]).toEqual([503, readiness]);
  });

  it('answers nothing else', async () => {
    const { get } = await started();
    expect((await get('/../etc/passwd')).status).toBe(404);
    expect((await get('/metrics/x')).status).toBe(404);
    expect((await get('/healthz', { method: 'POST' })).status).toBe(404);
  });

  it('serves the numbers of the runs to Prometheus', async () => {
    const { get, metrics } = await started();
    metrics.record({ exitCode: 3, durationMs: 1500, good: true, numbers: NUMBERS }, 1_000_000);
    metrics.record({ exitCode: 3, durationMs: 2500, good: true, numbers: NUMBERS }, 2_000_000);
    metrics.record({ exitCode: 8, durationMs: 500, good: false, numbers: null }, 3_000_000);
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const lines = (await answer.text()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'workshop_sync_runs_total{exit_code="3"} 2',
        'workshop_sync_runs_total{exit_code="8"} 1',
        'workshop_sync_last_run_timestamp_seconds 3000',
        'workshop_sync_last_success_timestamp_seconds 2000',
        'workshop_sync_last_run_duration_seconds 0.5',
        'workshop_sync_operations_total{kind="create",outcome="applied"} 4',
        'workshop_sync_operations_total{kind="update",outcome="refused"} 2',
        'workshop_sync_held{kind="delete"} 3',
        'workshop_sync_people{decision="unchanged"} 90',
        'workshop_sync_contacts 96',
        'workshop_sync_rejects 4',
        'workshop_sync_api_requests_total 14',
        'workshop_sync_api_retries_total 4',
        'workshop_sync_api_rate_limited_total 2',
        `workshop_sync_build_info{version="1.2.3",node="${process.version}"} 1`,
      ]),
    );
    expect(lines.join('\n')).not.toContain('outcome="held"');
  });

  it('no longer shows as held what was approved', async () => {
    const { get, metrics } = await started();
    metrics.record({ exitCode: 3, durationMs: 1, good: true, numbers: NUMBERS }, 1);
    metrics.record({ exitCode: 0, durationMs: 1, good: true, numbers: { ...NUMBERS, operations: [] } }, 2);
    expect(await (await get('/metrics')).text()).not.toMatch(/^workshop_sync_held\{kind="delete"\} 3$/m);
  });

  it('lets nobody use up its connections, and answers again once they are gone', async () => {
    const { server, get } = await started();
    const clients = Array.from({ length: 200 }, () => connect(server.port, '127.0.0.1').on('error', () => undefined));
    const dropped = clients.map((client) => once(client, 'close'));
    let droppedCount = 0;
    for (const each of dropped) void each.then(() => (droppedCount += 1));
    await vi.waitFor(() => expect(droppedCount).toBeGreaterThanOrEqual(150));
    for (const client of clients) client.destroy();
    await Promise.all(dropped);
    await vi.waitFor(async () => expect((await get('/healthz')).status).toBe(200));
  });

  it('does not wait for ever for a client that says nothing', async () => {
    const { server } = await started();
    const client = connect(server.port, '127.0.0.1');
    await once(client, 'connect');
    client.resume();
    await once(client, 'close');
  });

  it('stops although a client is in the middle of a request', async () => {
    const { server, get } = await started();
    const client = connect(server.port, '127.0.0.1');
    await once(client, 'connect');
    client.write('GET /healthz HTTP/1.1\r\n');
    await (await get('/healthz')).text();
    const closed = once(client, 'close');
    await Promise.all([server.stop(), closed]);
    await expect(get('/healthz')).rejects.toThrow();
  });
});

describe('a server that cannot listen', () => {
  it('names the port that is in use and the key that changes it', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    running.push({ stop: () => new Promise((resolve) => other.close(() => resolve())) });
    const { port } = other.address() as AddressInfo;
    const refused = startServer({
      host: '127.0.0.1',
      port,
      readiness: () => readiness,
      metrics: await createMetrics('1.2.3'),
    });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toMatchObject({
      message: `Cannot serve health and metrics on 127.0.0.1:${port}: another program uses this port.`,
      hint: expect.stringContaining('server.port'),
      exitCode: 7,
    });
  });

  it('names server.host when the address is not of this machine', async () => {
    const refused = startServer({
      host: '192.0.2.1',
      port: 0,
      readiness: () => readiness,
      metrics: await createMetrics('1.2.3'),
    });
    await expect(refused).rejects.toMatchObject({ exitCode: 7, hint: expect.stringContaining('server.host') });
  });
});
