// Measures the pace as the receiver sees it: a bare server in a process of its own answers after 20 ms and notes when
// each request arrived. Prints the busiest rolling second against the limit, and the time against N / rate.
//
//   npm run build && node bench/rate.mjs [--runs 3] [--rates 5,50,200] [--load] [--dist ../dist]
//
// --load keeps every core busy meanwhile, so that timers fire late.

import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const COUNTS = { 5: 40, 50: 300, 200: 2000 };
const LATENCY_MS = 20;
const SPIN = 'for (;;) { Math.sqrt(Math.random()); }';

if (process.send !== undefined) receive();
else await measure();

function receive() {
  let arrivals = [];
  const server = createServer((request, response) => {
    arrivals.push(performance.now());
    request.resume();
    setTimeout(() => response.end('{"message":"ok"}'), LATENCY_MS);
  });
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  process.on('message', () => {
    process.send({ arrivals });
    arrivals = [];
  });
  process.on('disconnect', () => process.exit());
}

async function measure() {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '3' },
      rates: { type: 'string', default: '5,50,200' },
      load: { type: 'boolean', default: false },
      dist: { type: 'string', default: '../dist' },
    },
  });
  const server = fork(fileURLToPath(import.meta.url));
  const [{ port }] = await once(server, 'message');
  const spinners = values.load ? spin() : [];
  console.log('rate/s  requests  busiest second  time / (N / rate)');
  for (const rate of values.rates.split(',').map(Number)) {
    for (let run = 0; run < Number(values.runs); run += 1) {
      const { busiest, ratio, count } = await measureOnce({ server, port, rate, dist: values.dist });
      const verdict = busiest > rate || ratio > 1.05 ? '  <- outside' : '';
      console.log(
        `${String(rate).padEnd(8)}${String(count).padEnd(10)}${String(busiest).padEnd(16)}${ratio.toFixed(3)}${verdict}`,
      );
    }
  }
  for (const spinner of spinners) spinner.kill();
  server.disconnect();
}

async function measureOnce({ server, port, rate, dist }) {
  const { createPace } = await import(`${dist}/apply/pace.js`);
  const { openContacts } = await import(`${dist}/contacts/http.js`);
  const { steadyClock } = await import(`${dist}/clock.js`);
  const count = COUNTS[rate] ?? Math.ceil(rate * 8);
  const contacts = await openContacts({
    baseUrl: `http://127.0.0.1:${port}/api`,
    apiKey: 'key',
    version: '1.2',
    timeoutMs: 30_000,
    userAgent: 'bench',
  });
  const wait = async (delayMs, signal) => void (await delay(delayMs, undefined, { signal }));
  const pace = createPace({
    requestsPerSecond: rate,
    concurrency: Math.max(4, Math.ceil((rate * LATENCY_MS * 4) / 1000)),
    attempts: 5,
    clock: steadyClock,
    wait,
    random: Math.random,
  });
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: count }, (_, at) => pace.send(() => contacts.remove(`E${at}`))));
  const tookMs = performance.now() - startedMs;
  await contacts.close();
  server.send('arrivals');
  const [{ arrivals }] = await once(server, 'message');
  return { count, busiest: busiestSecond(arrivals), ratio: tookMs / ((count / rate) * 1000) };
}

function busiestSecond(arrivals) {
  let busiest = 0;
  for (let from = 0, to = 0; to < arrivals.length; to += 1) {
    while (arrivals[to] - arrivals[from] >= 1000) from += 1;
    busiest = Math.max(busiest, to - from + 1);
  }
  return busiest;
}

function spin() {
  return Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['-e', SPIN], { stdio: 'ignore' }),
  );
}
