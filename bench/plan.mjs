// What planning costs at a million rows: a first run (a million creates) and a run with a thousand changes, the
// latter beside a bare csv-parse pass over the same file in the same process. `node bench/plan.mjs [rows] [runs]`.

import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeConfiguration } from './feed.mjs';
import { writeEmployees } from './generate.mjs';
import { inChild, median } from './measure.mjs';

const rows = Number(process.argv[2] ?? 1_000_000);
const runs = Number(process.argv[3] ?? 3);
const order = process.argv[4] ?? 'id';
const directory = mkdtempSync(join(tmpdir(), 'workshop-sync-bench-'));
const workshop = await startWorkshop();
try {
  mkdirSync(join(directory, 'feed'));
  const config = writeConfiguration(directory, 'feed', workshop.url);
  const file = join(directory, 'feed', 'employees.csv');
  await writeEmployees(file, { rows, order });
  const first = await inChild('plan-child.mjs', 'plan', config);
  show('first run, everybody is new', first);
  const confirmed = await inChild('plan-child.mjs', 'confirm', config);
  console.log(`  (made the snapshot: ${confirmed.settledCount} contacts, peak ${confirmed.peakMiB.toFixed(0)} MiB)`);
  const share = Math.round(rows / 1000);
  const changes = {
    updates: share - 2 * Math.round(share / 4),
    gone: Math.round(share / 4),
    new: Math.round(share / 4),
  };
  await writeEmployees(`${file}.tmp`, { rows, order, changes });
  renameSync(`${file}.tmp`, file);
  const ratios = [];
  for (let run = 0; run < runs; run += 1) {
    const changed = await inChild('plan-child.mjs', 'plan', config, file);
    show(`run with ${share} changes`, changed);
    ratios.push(changed.planSeconds / changed.bareSeconds);
  }
  console.log(
    `dry run / bare csv-parse: median ${median(ratios).toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}), limit 2.5`,
  );
} finally {
  workshop.close();
  rmSync(directory, { recursive: true, force: true });
}

/** A Workshop that has every contact: a plan asks it for one, to know whether it is still the same. */
async function startWorkshop() {
  const server = createServer((request, response) => {
    const id = decodeURIComponent(new URL(request.url, 'http://localhost').pathname.split('/').at(-1));
    const contact = {
      object: 'contact',
      id,
      external_id: id,
      first_name: 'A',
      last_name: 'B',
      email: `${id}@example.com`,
    };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ ...contact, data: [] }));
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${server.address().port}/api`, close: () => server.close() };
}

function show(title, { bareSeconds, planSeconds, peakMiB, people, phases, exit_code: exitCode }) {
  const bare = bareSeconds === null ? '' : `, bare csv-parse ${bareSeconds.toFixed(2)} s`;
  console.log(`${title}: ${planSeconds.toFixed(2)} s${bare}, peak ${peakMiB.toFixed(0)} MiB, exit ${exitCode}`);
  console.log(`  ${JSON.stringify(people)}`);
  console.log(`  ${phases.map(({ name, ms }) => `${name} ${(ms / 1000).toFixed(2)} s`).join(', ')}`);
}
