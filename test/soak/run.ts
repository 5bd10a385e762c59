// One run of the program in the installation of the soak, with its trouble or without, and what can be said of it from
// outside: how it ended, its report, the requests that arrived.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import type { RunningEmulator } from '../../src/emulator/emulator.ts';
import type { Report } from '../../src/report/shape.ts';
import { withOpenGuards } from '../support/guards.ts';
import type { Ended, Running } from '../support/program.ts';
import { everydayConfiguration, type LoggedRequest, type Trial } from '../support/trial.ts';
import type { ApiTrouble } from './api-troubles.ts';
import { Violation } from './differences.ts';
import type { Ending, Trouble } from './troubles.ts';

export interface Installation {
  readonly trial: Trial;
  /** An empty Workshop, to which nobody may write. */
  readonly elsewhere: RunningEmulator;
}

export interface Done extends Ended {
  /** For people: the exit code, or the signal that ended it. */
  readonly end: string;
  /** null when it did not come to write one. */
  readonly report: Report | null;
  /** Those that arrived at our Workshop, oldest first. */
  readonly requests: readonly LoggedRequest[];
  /** How many of them met the trouble of this run. */
  readonly struck: number;
}

/** The emulator remembers so many. */
const MOST_REQUESTS = 100_000;
/** For what a killed program had sent already. */
const LAST_REQUESTS_MS = 120;

const REFUSAL = { status: 422, body: { error: { email: ['is not deliverable'] } } };
const CALM = {
  requests_per_second: null,
  quota: null,
  quota_headers: 'none',
  retry_after: 'seconds',
  latency_ms: 0,
  lookup_lag_ms: 0,
  sync_source: 'api',
};

export interface Circumstances {
  readonly refused: readonly string[];
  readonly guards: 'open' | 'default';
  readonly trouble: Trouble | null;
}

/** Brings the circumstances about, runs the program to its end, and calms everything again. */
export async function runIn(installation: Installation, circumstances: Circumstances): Promise<Done> {
  const { trial } = installation;
  const { trouble, refused } = circumstances;
  await setScene(installation, circumstances);
  const requestsBefore = await requestCount(trial);
  const newestBefore = newestReport(trial);
  const ended = await endedBy(trial, trouble?.ending ?? null);
  await rest(LAST_REQUESTS_MS);
  await trial.control('DELETE', 'faults');
  await trial.control('POST', 'settings', CALM);
  const newest = newestReport(trial);
  const requests = await requestsSince(trial, requestsBefore);
  return {
    ...ended,
    end: String(ended.code ?? ended.signal),
    report: newest === undefined || newest === newestBefore ? null : JSON.parse(readFileSync(newest, 'utf8')),
    requests,
    struck: requests.filter((request) => isStruck(request, refused)).length,
  };
}

export async function requestCount(trial: Trial): Promise<number> {
  return ((await trial.control('GET', 'requests?limit=0')) as { total: number }).total;
}

async function requestsSince(trial: Trial, before: number): Promise<LoggedRequest[]> {
  const count = (await requestCount(trial)) - before;
  if (count > MOST_REQUESTS) throw new Violation(`one run sent ${count} requests`);
  const { requests } = (await trial.control('GET', `requests?limit=${count}`)) as { requests: LoggedRequest[] };
  return requests;
}

/** By a fault rule, or by a limit of the settings; those whom Workshop refuses anyhow aside. */
function isStruck(request: LoggedRequest & { readonly fault?: number | null }, refused: readonly string[]): boolean {
  const { fault, status, external_id } = request;
  const isRefusal = status === 422 && external_id !== null && refused.includes(external_id);
  return status === 429 || (typeof fault === 'number' && !isRefusal);
}

async function setScene({ trial, elsewhere }: Installation, circumstances: Circumstances): Promise<void> {
  const { refused, guards, trouble } = circumstances;
  const api = trouble?.api ?? null;
  const url = api?.elsewhere === 'configured' ? elsewhere.url : trial.emulator.url;
  const everyday = everydayConfiguration({ ...trial, url })
    .replace('phone: US }', 'phone: US, blank: clear }')
    .replace('requests_per_second: 500', `requests_per_second: 1000\n  attempts: ${trouble === null ? 3 : 2}`)
    // Nobody is in a hurry where nothing is to go wrong, whatever else this machine has to do.
    .replace('timeout: 5s', `timeout: ${trouble === null ? 20 : 1}s`)
    .concat('reports: { keep: 30m }\n');
  trial.configure(guards === 'open' ? withOpenGuards(everyday) : everyday);
  const refusals = ['POST', 'PATCH', 'DELETE'].flatMap((method) =>
    refused.map((external_id) => ({ ...REFUSAL, method, external_id })),
  );
  await trial.faults([...refusals, ...faultsOf(api, elsewhere)]);
  await trial.control('POST', 'settings', { ...CALM, ...api?.settings });
}

function faultsOf(api: ApiTrouble | null, elsewhere: RunningEmulator): readonly object[] {
  if (api?.elsewhere !== 'redirected') return api?.faults ?? [];
  return (api.faults ?? []).map((rule) => ({ ...rule, headers: { location: `${elsewhere.url}/v1/contacts` } }));
}

async function endedBy(trial: Trial, ending: Ending | null): Promise<Ended> {
  switch (ending?.kind) {
    case undefined:
      return await trial.run('--once');
    case 'strike':
      return await trial.startStruck(ending.strike, '--once').ended;
    case 'time': {
      const running = trial.start('--once');
      const timer = setTimeout(() => running.kill(ending.signal), ending.afterMs);
      const ended = await running.ended;
      clearTimeout(timer);
      return ended;
    }
    case 'request':
      return await endedAtRequest(trial.emulator.port, trial.start('--once'), ending);
  }
}

/** The emulator lives in this process, so its requests can be watched as they arrive. */
async function endedAtRequest(port: number, running: Running, ending: Ending & { kind: 'request' }): Promise<Ended> {
  const channel = ending.when === 'start' ? 'http.server.request.start' : 'http.server.response.finish';
  let count = 0;
  const seen = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    if (request.socket.localPort !== port || !request.url?.startsWith('/api/')) return;
    count += 1;
    if (count === ending.nth) running.kill(ending.signal);
  };
  subscribe(channel, seen);
  const ended = await running.ended;
  unsubscribe(channel, seen);
  return ended;
}

/** Reports appear whole: a directory that is still being written has another name. */
function newestReport(trial: Trial): string | undefined {
  const reports = join(trial.state, 'reports');
  if (!existsSync(reports)) return undefined;
  const newest = readdirSync(reports)
    .filter((name) => !name.endsWith('.tmp'))
    .sort()
    .at(-1);
  return newest === undefined ? undefined : join(reports, newest, 'report.json');
}
