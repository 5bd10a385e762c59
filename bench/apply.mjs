// What applying costs: the built program against the emulator in a process of its own, with 20 ms latency, at
// several rates. The emulator counts, at its end, the most requests in any rolling second.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const CASES = [
  { perSecond: 200, operations: 2000, concurrency: 16 },
  { perSecond: 50, operations: 500, concurrency: 8 },
  { perSecond: 5, operations: 50, concurrency: 4 },
];

for (const each of CASES) await measure(each);

async function measure({ perSecond, operations, concurrency }) {
  const directory = mkdtempSync(join(tmpdir(), 'workshop-sync-bench-'));
  const emulator = spawn(process.execPath, [PROGRAM, 'emulator', '--port', '0', '--latency', '20', '--json']);
  try {
    const { url, api_key: apiKey } = JSON.parse(await firstLine(emulator.stdout));
    const config = writeFeed(directory, { url, apiKey, perSecond, operations, concurrency });
    const report = JSON.parse(await outputOf(['run', '--once', '--json', '--log-level', 'error', '--config', config]));
    const seconds = report.phases.find((phase) => phase.name === 'apply').ms / 1000;
    const log = await (await fetch(`${url.replace(/api$/, '_emulator')}/requests?limit=1`)).json();
    const ideal = operations / perSecond;
    console.log(
      `${operations} operations at ${perSecond}/s: ${seconds.toFixed(2)} s, ${(seconds / ideal).toFixed(3)} x ideal (limit 1.05); ` +
        `busiest rolling second ${log.busiest_second} (limit ${perSecond}); p50 ${report.api.p50_ms} ms, exit ${report.exit_code}`,
    );
  } finally {
    emulator.kill();
    rmSync(directory, { recursive: true, force: true });
  }
}

function writeFeed(directory, { url, apiKey, perSecond, operations, concurrency }) {
  mkdirSync(join(directory, 'out'));
  const rows = Array.from(
    { length: operations },
    (_, index) => `${index + 1},Ana,Ruiz,p${index + 1}@example.com,Sales`,
  );
  writeFileSync(join(directory, 'out', 'employees.csv'), `id,first,last,email,department\n${rows.join('\n')}\n`);
  const config = join(directory, 'bench.yaml');
  writeFileSync(
    config,
    `
workshop: { base_url: "${url}", api_key: "${apiKey}", requests_per_second: ${perSecond}, concurrency: ${concurrency} }
feeds:
  - name: employees
    source: { type: folder, directory: "${join(directory, 'out')}" }
    file: employees.csv
    kind: full
    missing: delete
    ready: { settle: 0s }
    contact: { external_id: id, first_name: first, last_name: last, email: email, attributes: { department: department } }
state_directory: "${join(directory, 'state')}"
server: null
`,
  );
  return config;
}

function outputOf(args) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  return textOf(child.stdout);
}

async function textOf(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}

async function firstLine(stream) {
  let text = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'));
  }
  throw new Error('the emulator did not start');
}
