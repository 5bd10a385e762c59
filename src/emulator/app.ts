// The emulator's HTTP side: every request under /api is logged, limited, struck by faults and answered; the control
// endpoints are in control.ts. Loaded only when an emulator starts.

import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { epochMs, wait } from './clock.ts';
import { type Api, addressedExternalId, answerRequest } from './contacts-api.ts';
import { addControlRoutes } from './control.ts';
import { type Answer, type ApiRequest, failure, readPayload } from './exchange.ts';
import { readBody, sendAnswer, splitTarget } from './exchange-http.ts';
import type { FaultRule } from './fault-rule.ts';
import { commitOf, type Faults, faultyAnswer } from './faults.ts';
import { type Quota, quotaHeaders } from './quota.ts';
import type { RateLimit } from './rate-limit.ts';
import { loggedBody, type RequestLog } from './request-log.ts';
import { streamAnswer } from './stream.ts';

/** Everything one running emulator consists of. */
export interface Parts extends Api {
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly rateLimit: RateLimit;
  readonly quota: Quota;
}

export type EmulatorApp = Hono<{ Bindings: HttpBindings }>;

/** The routes of an emulator. */
export function buildApp(parts: Parts): EmulatorApp {
  const app: EmulatorApp = new Hono<{ Bindings: HttpBindings }>({
    getPath: (_, options) => splitTarget(options?.env?.incoming.url ?? '/').path,
  });
  app.all('/api/*', async ({ env }) => {
    await answerApi(parts, env);
    return RESPONSE_ALREADY_SENT;
  });
  addControlRoutes(app, parts);
  app.notFound((context) =>
    context.json({ error: 'Not found: the API is under /api/v1, control under /_emulator.' }, 404),
  );
  app.onError((error, context) => context.json({ error: `The emulator failed: ${error.message}` }, 500));
  return app;
}

async function answerApi(parts: Parts, { incoming, outgoing }: HttpBindings): Promise<void> {
  const target = incoming.url ?? '/';
  const method = incoming.method ?? 'GET';
  const at = epochMs();
  const entry = parts.log.received(at, method, target);
  const refusal = parts.quota.refusal(at) ?? parts.rateLimit.refusal(at);
  if (refusal === null) parts.quota.spend();
  const standing = parts.quota.standing();

  const text = await readBody(incoming).catch(() => null);
  const request = readRequest({ method, target, headers: incoming.headers, text: text ?? '' });
  entry.bodyText = loggedBody(text ?? '');
  entry.external_id = addressedExternalId(parts.directory, request);

  const fault = refusal === null ? parts.faults.strike(request, entry.external_id) : null;
  entry.fault = fault?.id ?? null;
  const carryOut = (): Answer =>
    text === null ? failure(413, 'The request body is too large.') : answerRequest(parts, request);
  const answer = fault === null ? (refusal ?? carryOut()) : await answerWithFault(fault.rule, carryOut);
  if (answer === null) {
    incoming.socket.destroy();
    return;
  }
  if (parts.settings.latency_ms > 0) await wait(parts.settings.latency_ms);
  entry.status = answer.status;
  const quota = quotaHeaders(parts.settings.quota_headers, standing, epochMs());
  const told: Answer = { ...answer, headers: { ...quota, ...answer.headers } };
  if (fault?.rule.stream === undefined) sendAnswer(outgoing, told);
  else await streamAnswer(outgoing, told, fault.rule.stream);
}

/** null: drop the connection. */
async function answerWithFault(rule: FaultRule, carryOut: () => Answer): Promise<Answer | null> {
  const commit = commitOf(rule);
  let real = commit === 'before the fault' ? carryOut() : null;
  if (rule.delay_ms !== undefined) await wait(rule.delay_ms);
  if (commit === 'after the wait') real = carryOut();
  return rule.drop === undefined ? faultyAnswer(rule, real) : null;
}

interface Received {
  readonly method: string;
  readonly target: string;
  readonly headers: ApiRequest['headers'];
  readonly text: string;
}

function readRequest({ method, target, headers, text }: Received): ApiRequest {
  const { path, query } = splitTarget(target);
  const payload = readPayload(text, String(headers['content-type'] ?? ''));
  return { method, target, path, query: new URLSearchParams(query), headers, payload };
}
